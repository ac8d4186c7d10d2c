"""What applying a draft would do, in sentences for the person who decides on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from annotator.core.carrying import words_of
from annotator.core.codebook import Codebook
from annotator.core.moves import Move, Part, Touched
from annotator.core.text import counted

_BEARERS = {
    Part.LABEL: "span",
    Part.ATTRIBUTE: "value",
    Part.CHOICE: "value",
    Part.CATEGORY: "claim",
    Part.RELATION: "drawn relation",
}
_NAMES = {
    Part.LABEL: ("label", "labels"),
    Part.ATTRIBUTE: ("attribute", "attributes"),
    Part.CHOICE: ("choice", "choices"),
    Part.CATEGORY: ("category", "categories"),
    Part.RELATION: ("relation type", "relation types"),
}


def bearers(part: Part, number: Touched) -> str:
    """What bears a word of the codebook, counted: “34 spans”, “1 claim and 3 suggestions”."""
    said = [counted(number.own, _BEARERS[part])] if number.own or not number.suggested else []
    if number.suggested:
        said.append(counted(number.suggested, "suggestion"))
    return " and ".join(said)


def parts(part: Part, number: int) -> str:
    """Parts of the codebook, counted: “1 category”, “2 categories”."""
    one, many = _NAMES[part]
    return f"{number:,} {one if number == 1 else many}"


def effect(
    before: Codebook,
    after: Codebook,
    moves: Sequence[Move],
    touched: Sequence[Touched],
    narrowed: tuple[int, int] = (0, 0),
) -> str:
    """“Renames 1 label on 34 spans, removes 1 category from 12 claims.”; empty where nothing changes.

    ``touched``: how many labels or values, and suggestions, each move touches, in the order of the moves;
    a category's with those below it. ``narrowed``: values that go since their labels can have them no more,
    and relations that stay against their type's new rule.
    """
    said = [*_moved(before, after, moves, touched), *_narrowed(*narrowed), *_others(before, after, moves)]
    said = [  # “removes 1 label, 2 categories”, not “removes 1 label, removes 2 categories”
        words.partition(" ")[2] if nth and words.split()[0] == said[nth - 1].split()[0] else words
        for nth, words in enumerate(said)
    ]
    text = ", ".join(said)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _moved(
    before: Codebook, after: Codebook, moves: Sequence[Move], touched: Sequence[Touched]
) -> Iterator[str]:
    old, new = words_of(before), words_of(after)
    became = {(each.part, each.old): each.new for each in moves}
    heirs = Counter((each.part, each.new) for each in moves)
    number: Counter[tuple[str, Part]] = Counter()
    total: defaultdict[tuple[str, Part], Touched] = defaultdict(Touched)
    gone = {each.old[0] for each in moves if each.part is Part.CATEGORY and each.new is None}
    for move, count in zip(moves, touched, strict=True):
        if move.new is None:
            verb = "clears" if move.old in new[move.part] else "removes"
        elif heirs[(move.part, move.new)] > 1 or (
            move.new in old[move.part] and (move.part, move.new) not in became
        ):
            verb = "merges"
        elif move.part is Part.CATEGORY:
            above = (_above(move.old),)
            goes_to = became.get((Part.CATEGORY, above), above)
            along = goes_to is not None and above[0] and goes_to[0] == _above(move.new)
            if along and goes_to != above and _last(move.old) == _last(move.new):
                continue  # with the one above it, where it is counted
            verb = "renames" if along or (not above[0] and not _above(move.new)) else "moves"
        else:
            verb = "renames"
        number[(verb, move.part)] += 1
        if move.part is not Part.CATEGORY or move.new is not None or not lies_below(move.old[0], gone):
            total[(verb, move.part)] += count
    verbs = list(dict.fromkeys(verb for verb, _ in number))
    for (verb, part), many in sorted(number.items(), key=lambda each: verbs.index(each[0][0])):
        joint = "from" if verb == "removes" else "on"
        where = f" {joint} {bearers(part, total[(verb, part)])}" if total[(verb, part)] else ""
        yield f"{verb} {parts(part, many)}{where}"


def _narrowed(values: int, relations: int) -> Iterator[str]:
    if values:
        yield f"clears {counted(values, 'value')} where the attribute does not belong any more"
    if relations:
        yield f"leaves {counted(relations, 'drawn relation')} that the new rules do not allow"


def _above(code: tuple[str, ...]) -> str:
    return code[0].rpartition("/")[0]


def _last(code: tuple[str, ...]) -> str:
    return code[0].rpartition("/")[2]


def lies_below(code: str, codes: Collection[str]) -> bool:
    """Whether a category lies below one of these, where its claims are counted too."""
    while "/" in code:
        code = code.rpartition("/")[0]
        if code in codes:
            return True
    return False


def _others(before: Codebook, after: Codebook, moves: Sequence[Move]) -> Iterator[str]:
    """What is added, and what is changed without a word that labels bear."""
    became = {(each.part, each.old): each.new for each in moves}
    changed: Counter[Part] = Counter()
    for part, olds, news in _rows(before, after):
        heirs = {became.get((part, words), words) for words in olds}
        added = [words for words in news if words not in heirs]
        if added:
            yield f"adds {parts(part, len(added))}"
        for words, row in olds.items():
            now = became.get((part, words), words)
            changed[part] += now is not None and (now == words) and now in news and news[now] != row
        kept = [words for words in olds if became.get((part, words), words) == words and words in news]
        if [each for each in news if each in set(kept)] != kept:
            yield f"reorders the {_NAMES[part][1]}"
    for part, number in changed.items():
        if number:
            yield f"changes {parts(part, number)}"
    if before.name != after.name:
        yield f"names the codebook “{after.name}”"


type _Words = dict[tuple[str, ...], Any]


def _rows(before: Codebook, after: Codebook) -> Iterator[tuple[Part, _Words, _Words]]:
    def rows(book: Codebook) -> dict[Part, _Words]:
        return {
            Part.LABEL: {(str(each.kind), each.name): each for each in book.labels},
            Part.ATTRIBUTE: {(each.name,): each for each in book.attributes},
            Part.CATEGORY: {(each.code,): each for each in book.categories},
            Part.RELATION: {(each.name,): each for each in book.relation_types},
        }

    old, new = rows(before), rows(after)
    for part in old:
        yield part, old[part], new[part]


def title_of(before: Codebook, after: Codebook, moves: Sequence[Move]) -> str:
    """What an edit of the codebook is called, e.g. “Change the label Person to Human”."""
    named = [each for each in moves if each.part is not Part.CHOICE] or list(moves)
    tops = [each for each in named if each.part is not Part.CATEGORY or _above(each.old) not in _codes(named)]
    if len(tops) == 1:
        move = tops[0]
        what = f"{_NAMES[move.part][0]} {move.old[-1]}"
        if move.new is None:
            return (
                f"Delete the {what}" if move.old not in words_of(after)[move.part] else f"Change the {what}"
            )
        return f"Change the {what} to {move.new[-1]}"
    return "Change the codebook"


def _codes(moves: Sequence[Move]) -> set[str]:
    return {each.old[0] for each in moves if each.part is Part.CATEGORY}
