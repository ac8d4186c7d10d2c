"""Who is who inside one article: mentions that surely mean the same actor.

Only safe rules: equal names; a surname that one full name in the article ends in; a role that one
named person was given ("President Obama … the president"); “he” or “she” where only one person has been
named since the paragraph before. Everything else is left to the annotator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.nlp.attribution.report import Mention

SAME_NAME = 0.96
SURNAME = 0.93
ROLE = 0.8
PRONOUN = 0.75
_PERSONAL = frozenset({"he", "she"})
_NO_SURNAMES = frozenset({"state", "group"})
"""What a lone name may not be taken for if it is to be a surname; recognisers often miss lone surnames."""
_HONORIFICS = frozenset(["mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "dr", "dr.", "sir", "lady", "lord"])


@dataclass(frozen=True, slots=True)
class Link:
    """A later mention and the earlier one that it means, by their places in the list."""

    later: int
    earlier: int
    confidence: float
    rule: str


def links(text: str, mentions: Sequence[Mention], persons: Sequence[tuple[int, int]]) -> Iterator[Link]:
    """For each mention, in the order of the text, the last earlier one that surely is the same actor.

    ``persons`` are the code point ranges of everything that the recogniser took for a person.
    """
    order = sorted(range(len(mentions)), key=lambda nth: mentions[nth].fragments)
    named = [nth for nth in order if mentions[nth].is_name and mentions[nth].name]
    for nth in order:
        mention = mentions[nth]
        start = mention.fragments[0][0]
        before = [each for each in named if mentions[each].fragments[0][0] < start]
        if mention.is_name and mention.name:
            found = _same_name(mentions, before, mention)
        elif mention.is_pronoun:
            found = _pronoun(text, mentions, before, mention, persons)
        else:
            found = _role(text, mentions, before, mention)
        if found is not None:
            yield Link(nth, *found)


def _same_name(
    mentions: Sequence[Mention], before: list[int], mention: Mention
) -> tuple[int, float, str] | None:
    name = _bare(mention.name)
    for each in reversed(before):
        if _bare(mentions[each].name) == name and mentions[each].type == mention.type:
            return each, SAME_NAME, "same name"
    if mention.type not in _NO_SURNAMES and " " not in name:
        full = {_bare(mentions[each].name) for each in before if mentions[each].type == "person"}
        longer = {each for each in full if each.split()[-1:] == [name] and " " in each}
        if len(longer) == 1:
            (owner,) = longer
            return next(e for e in reversed(before) if _bare(mentions[e].name) == owner), SURNAME, "surname"
    return None


def _bare(name: str) -> str:
    words = name.casefold().split()
    while words and words[0] in _HONORIFICS:
        words.pop(0)
    return " ".join(words)


def _pronoun(
    text: str,
    mentions: Sequence[Mention],
    before: list[int],
    mention: Mention,
    persons: Sequence[tuple[int, int]],
) -> tuple[int, float, str] | None:
    """“He” where every person named since the start of the paragraph before has the same surname."""
    if mention.head not in _PERSONAL:
        return None
    start = mention.fragments[0][0]
    since = _two_paragraphs_up(text, start)
    names = {_bare(text[a:b]) for a, b in persons if since <= a and b <= start}
    surnames = {name.split()[-1] for name in names if name}
    if len(surnames) != 1:
        return None
    (surname,) = surnames
    for each in reversed(before):
        if mentions[each].type == "person" and _bare(mentions[each].name).split()[-1:] == [surname]:
            return each, PRONOUN, "only person"
    return None


def _two_paragraphs_up(text: str, place: int) -> int:
    """Where the paragraph before that of a place starts."""
    here = text.rfind("\n", 0, place) + 1
    above = len(text[:here].rstrip())
    return text.rfind("\n", 0, above) + 1


def _role(
    text: str, mentions: Sequence[Mention], before: list[int], mention: Mention
) -> tuple[int, float, str] | None:
    """“The president” where one named person in the article was called “President …”."""
    words = " ".join(text[a:b] for a, b in mention.fragments).casefold().split()
    if len(words) != 2 or words[0] != "the":
        return None
    titled = [
        each
        for each in before
        if mentions[each].type == "person" and words[1] in _title(text, mentions[each])
    ]
    owners = {_bare(mentions[each].name).split()[-1] for each in titled}
    return (titled[-1], ROLE, "role") if len(owners) == 1 else None


def _title(text: str, mention: Mention) -> list[str]:
    """The words before the name in a mention."""
    whole = " ".join(text[a:b] for a, b in mention.fragments)
    return whole[: whole.find(mention.name)].casefold().split()
