"""Printing a project's actor records, and whose edit an import of them is."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from annotator.core.errors import UsageError
from annotator.core.ports import Repository
from annotator.core.registry import Registry
from annotator.core.text import counted, excerpt


def who(given: str | None) -> str:
    """The annotator whose edit it is: who was named, or who works in the window. Raises UsageError."""
    from annotator.runtime.settings import ANNOTATOR, Settings

    name = (given or Settings().get(ANNOTATOR)).strip()
    if not name:
        raise UsageError("it is not known who imports", cure="Give --annotator NAME")
    return name


def tell_unmentioned(repository: Repository, project: str) -> None:
    """Say on stderr how many records no label means: that is not wrong, but they may be left over."""
    registry = Registry(repository.actors())
    counts = registry.gathered(repository.mention_counts())
    unused = sum(each.id not in counts for each in registry.identities())
    if unused:
        what = "has no mention" if unused == 1 else "have no mention"
        print(
            f"{counted(unused, 'actor record')} {what}; annotator actors {project} lists them.",
            file=sys.stderr,
        )


def actor_lines(repository: Repository) -> Iterator[str]:
    """One line per identity, those with most mentions first: mentions, id, type, name and aliases."""
    registry = Registry(repository.actors())
    counts = registry.gathered(repository.mention_counts())
    records = sorted(registry.identities(), key=lambda each: -counts.get(each.id, 0))
    yield f"{counted(len(records), 'actor record')}, {counted(sum(counts.values()), 'mention')}"
    width = max((len(each.id) for each in records), default=0)
    for each in records:
        names = [alias.name for alias in registry.whole(each.id).aliases]
        also = f" (also {excerpt(', '.join(names), 60)})" if names else ""
        count, name = counts.get(each.id, 0), excerpt(each.name, 60)
        yield f"{count:>7,}  {each.id:<{width}}  {each.type:<12}  {name}{also}"
