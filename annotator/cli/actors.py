"""Printing a project's actor records, and whose edit an import of them is."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.core.errors import UsageError
from annotator.core.ports import Repository
from annotator.core.registry import Registry
from annotator.core.text import counted, excerpt


def who(given: str | None) -> str:
    """The annotator whose edit it is: who was named, or who works in the window. Raises UsageError."""
    from annotator.runtime.settings import ANNOTATOR, Settings

    name = (given or Settings.load().get(ANNOTATOR)).strip()
    if not name:
        raise UsageError("it is not known who imports", cure="Give --annotator NAME")
    return name


def actor_lines(repository: Repository) -> Iterator[str]:
    """One line per identity, those with most mentions first: mentions, id, type, name and aliases."""
    registry = Registry(repository.actors())
    counts: dict[str, int] = {}
    for actor, count in repository.mention_counts().items():
        identity = registry.resolve(actor).id if actor in registry.records else actor
        counts[identity] = counts.get(identity, 0) + count
    records = sorted(registry.identities(), key=lambda each: -counts.get(each.id, 0))
    yield f"{counted(len(records), 'actor record')}, {counted(sum(counts.values()), 'mention')}"
    width = max((len(each.id) for each in records), default=0)
    for each in records:
        names = [alias.name for alias in registry.whole(each.id).aliases]
        also = f" (also {excerpt(', '.join(names), 60)})" if names else ""
        yield f"{counts.get(each.id, 0):>7,}  {each.id:<{width}}  {each.type:<12}  {excerpt(each.name, 60)}{also}"
