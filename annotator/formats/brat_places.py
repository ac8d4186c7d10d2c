"""Where the text-bound annotations of brat stand in their text, however their program counts."""

from __future__ import annotations

from typing import NamedTuple

from annotator.core.model import Fragments, normalise_fragments
from annotator.core.text import normalise
from annotator.formats.brat_names import LINE_BREAKS
from annotator.formats.offsets import Offsets, Unit


class Line(NamedTuple):
    """A line of a file with annotations."""

    number: int
    id: str
    data: str
    tail: str
    """Behind the second tab."""
    file: str = ""
    """The name of the file that it stands in, where that is not the one that is read."""

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"line {self.number} of “{self.file}”" if self.file else f"line {self.number}"


class Bound(NamedTuple):
    """A text-bound annotation as its line has it."""

    line: Line
    label: str
    ranges: list[tuple[int, int]]


def best_offsets(bounds: list[Bound], raw: str) -> Offsets:
    """The offsets by which the words in the file agree best with the text.

    They count code points of the text file; but there are programs that count in the text without
    its carriage returns, or in UTF-16 units.
    """
    offsets = Offsets(raw)
    wrong = _mismatches(bounds, offsets)
    if not wrong:
        return offsets
    others: list[tuple[str, Unit]] = []
    if normalise(raw) != raw:
        others.append((normalise(raw), Unit.CODE_POINTS))
    if max(raw) > "\uffff":
        others.extend((text, Unit.UTF16) for text in dict.fromkeys((raw, normalise(raw))))
    for text, unit in others:
        other = Offsets(text, unit)
        fewer = _mismatches(bounds, other)
        if fewer < wrong:
            offsets, wrong = other, fewer
    return offsets


def _mismatches(bounds: list[Bound], offsets: Offsets) -> int:
    return sum(
        (fragments := fragments_of(bound, offsets)) is None or not agrees(bound, fragments, offsets.text)
        for bound in bounds
    )


def fragments_of(bound: Bound, offsets: Offsets) -> Fragments | None:
    """What an annotation covers; None where that lies beyond the text or splits a character."""
    found = [offsets.fragment(start, end) for start, end in bound.ranges]
    return tuple(each for each in found if each is not None) if None not in found else None


def agrees(bound: Bound, fragments: Fragments, text: str) -> bool:
    """Whether the words that the line gives are those at its offsets, white space aside."""
    given = "".join(bound.line.tail.split())
    there = "".join("".join(text[start:end].split()) for start, end in fragments)
    if not given or given == there:
        return True
    # More may stand behind the words, parted from them by white space.
    is_there = " ".join(text[start:end] for start, end in fragments)
    return bound.line.tail.startswith(f"{is_there}\t") or bound.line.tail.startswith(f"{is_there} ")


def joined_lines(fragments: Fragments, text: str) -> Fragments:
    """The fragments, with those joined between which there is nothing but the end of a line.

    brat has to part a span at every line's end.
    """
    joined = [fragments[0]]
    for start, end in fragments[1:]:
        before = joined[-1][1]
        if not text[before:start].strip(LINE_BREAKS):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return normalise_fragments(tuple(joined))
