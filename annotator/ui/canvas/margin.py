"""Lanes for the margins: relations as arcs on the right, claims as bars on the left.

Places are (paragraph, line) pairs, not pixels: a line that grows moves an arc's ends, but never to
another lane, so nothing has to be packed again while somebody labels. No Qt in here.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping

type Place = tuple[int, int]
"""A line: index of its paragraph, index in the paragraph."""


class Lanes:
    """Assigns each item, from one place to another, the innermost lane that is free there.

    Adding and removing keep all others where they are; :meth:`pack` starts afresh, short ones first.
    """

    def __init__(self) -> None:
        self.lane: dict[str, int] = {}
        self.span: dict[str, tuple[Place, Place]] = {}
        self._taken: list[list[tuple[Place, Place, str]]] = []
        """By lane, what lies there from top to bottom; no two overlap."""

    @property
    def count(self) -> int:
        """How many lanes there are."""
        return len(self._taken)

    def pack(self, items: Mapping[str, tuple[Place, Place]]) -> None:
        """Assign all items anew, those over few lines innermost."""
        self.lane, self.span, self._taken = {}, {}, []

        def reach(item: tuple[str, tuple[Place, Place]]) -> tuple[int, int, Place, str]:
            name, (low, high) = item
            return (high[0] - low[0], high[1] - low[1], low, name)

        for name, (low, high) in sorted(items.items(), key=reach):
            self.add(name, low, high)

    def add(self, name: str, low: Place, high: Place) -> None:
        """Give one more item the first lane that is free between two places (both included)."""
        self.discard(name)
        lane = next(
            (nth for nth, taken in enumerate(self._taken) if _is_free(taken, low, high)), len(self._taken)
        )
        if lane == len(self._taken):
            self._taken.append([])
        insort(self._taken[lane], (low, high, name))
        self.lane[name] = lane
        self.span[name] = (low, high)

    def discard(self, name: str) -> None:
        """Take an item away if it is there."""
        lane = self.lane.pop(name, None)
        if lane is not None:
            self.span.pop(name)
            self._taken[lane] = [each for each in self._taken[lane] if each[2] != name]


def _is_free(taken: list[tuple[Place, Place, str]], low: Place, high: Place) -> bool:
    """Whether nothing in a lane lies between two places, both included."""
    above = bisect_right(taken, high, key=lambda each: each[0]) - 1
    return above < 0 or taken[above][1] < low


class Ports:
    """Where on its line each relation starts and ends: several ends on one line are fanned out.

    ``moved`` gives, by (relation id, whether it is the head), how far the end is from its line's
    middle in pixels. Ends are ``step`` apart, less where they would need more than ``room``, in the
    order of their other ends, so that arcs do not cross at the line. Adding or removing a relation
    touches only its own two lines.
    """

    def __init__(self, step: float, room: float) -> None:
        self.moved: dict[tuple[str, bool], float] = {}
        self.ends: dict[str, tuple[Place, Place]] = {}
        """The lines of head and tail, by relation id."""
        self._step = step
        self._room = room
        self._lines: dict[Place, dict[tuple[str, bool], Place]] = {}

    def add(self, name: str, head: Place, tail: Place) -> None:
        """Give a relation its two ends, or move them."""
        if self.ends.get(name) == (head, tail):
            return
        self.discard(name)
        self.ends[name] = (head, tail)
        self._lines.setdefault(head, {})[name, True] = tail
        self._lines.setdefault(tail, {})[name, False] = head
        self._spread(head)
        self._spread(tail)

    def discard(self, name: str) -> None:
        """Take a relation away if it is there."""
        for is_head, line in zip((True, False), self.ends.pop(name, ()), strict=False):
            self._lines[line].pop((name, is_head))
            self.moved.pop((name, is_head), None)
            self._spread(line)

    def _spread(self, line: Place) -> None:
        here = sorted((other, *end) for end, other in self._lines[line].items())
        gap = min(self._step, self._room / max(1, len(here) - 1))
        for nth, (_, name, is_head) in enumerate(here):
            self.moved[name, is_head] = (nth - (len(here) - 1) / 2) * gap
