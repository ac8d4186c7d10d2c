"""Which actor record a span is likely to mean, by its words.

The rules, in order: a name or alias that the words are (but for case, diacritics, “'s”, articles and
titles in front); a person's last name where only one person has it; a name that is spelt nearly so. A name
that says its language is one only in articles of that language. Where several records fit, the one that
the article has been linked to latest is proposed, and none where it has been linked to none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from annotator.core.model import ActorRecord, Kind, Span
from annotator.core.name_index import Name
from annotator.core.names import bare, speaks
from annotator.core.page import Page
from annotator.core.registry import Match, Registry
from annotator.core.text import slice_of

NEAR_ENOUGH = 0.9
"""How near (0 to 1, as rapidfuzz's ratio) a name must be to be proposed: one letter of ten may differ."""
SHORTEST_NEAR = 7
"""Letters that the words must have for that: “Iran” is no misspelt “Iraq”."""
_CLEARLY = 0.02
"""By how much a name must be nearer than the next record's."""
_PRONOUNS = (
    "he she it they we you i him her them us me his hers its their theirs our ours my mine your yours who "
    "whom whose which that this these those one some others himself herself itself themselves"
)
"""They are nobody's name whatever an alias says."""


def propose(
    registry: Registry,
    words: str,
    language: str | None,
    recent: Sequence[str] = (),
    allowed: Callable[[ActorRecord, bool], bool] = lambda _record, _exact: True,
) -> Match | None:
    """The record that words in an article of a language (ISO 639 code, None: unknown) are likely to mean.

    ``recent``: ids of the records linked in the article, latest first. ``allowed``: whether a record may be
    proposed, given with whether the words are its name.
    """
    wanted = bare(words)
    if not wanted or wanted in _PRONOUNS.split():
        return None

    def fitting(names: Iterable[tuple[Name, float]], exact: bool) -> list[Match]:
        found: dict[str, Match] = {}
        for name, score in names:
            record = registry.resolve(name.actor)
            if record.id not in found and speaks(name.language, language) and allowed(record, exact):
                found[record.id] = Match(record, name.text, score, exact)
        return list(found.values())

    exact = fitting(((name, 1.0) for name in registry.index.equal(words)), True)
    if exact:
        return _one_of(registry, exact, recent)
    if " " not in wanted:
        people = ((name, 0.95) for name in registry.index.ending(wanted) if _is_person(registry, name))
        last = fitting(people, False)
        if last:
            return _one_of(registry, last, recent)
    if len(wanted) < SHORTEST_NEAR:
        return None
    near = fitting(registry.index.near(words, NEAR_ENOUGH), False)
    near = [each for each in near if each.score > near[0].score - _CLEARLY]
    return _one_of(registry, near, recent)


def _is_person(registry: Registry, name: Name) -> bool:
    return registry.resolve(name.actor).type == "person"


def _one_of(registry: Registry, matches: list[Match], recent: Sequence[str]) -> Match | None:
    """The only match, or the one linked latest."""
    if len(matches) < 2:
        return matches[0] if matches else None
    by_id = {each.record.id: each for each in matches}
    linked = (registry.resolve(each).id for each in recent if each in registry.records)
    return next((by_id[each] for each in linked if each in by_id), None)


def open_spans(page: Page) -> list[Span]:
    """The spans that a record can be proposed for: own actors without one, and suggested actors in sight."""
    own = [each for each in page.spans.values() if each.kind == Kind.ACTOR and each.actor is None]
    return [*own, *(each for each in page.open_suggestions() if each.kind == Kind.ACTOR)]


def words_of(page: Page, span: Span) -> str:
    """A span's words on one line."""
    return " ".join(slice_of(page.text, span.fragments).split())


def recent_in(page: Page, registry: Registry) -> list[str]:
    """Ids of the identities that own spans of a page mean, the one linked latest first."""
    linked = [each for each in page.spans.values() if each.actor in registry.records]
    linked.sort(key=lambda span: (span.updated, span.start), reverse=True)
    return list(dict.fromkeys(registry.resolve(each.actor or "").id for each in linked))
