"""Where the words of one text stand in another one that nearly repeats it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise

from annotator.core.model import Fragment, Fragments

_WORD = re.compile(r"\w+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_MOST_CELLS = 400_000_000
"""Words of the one times words of the other up to which words are aligned, beyond it whole lines."""


class Alignment:
    """Maps ranges of ``source`` to ranges of ``target`` (code points, half-open) by equal words."""

    def __init__(self, source: str, target: str) -> None:
        from rapidfuzz.distance import LCSseq

        ours, theirs = list(_WORD.finditer(source)), list(_WORD.finditer(target))
        if len(ours) * len(theirs) > _MOST_CELLS:
            ours, theirs = list(_LINE.finditer(source)), list(_LINE.finditer(target))
        self._target = target
        self._source = source
        self._starts = [each.start() for each in ours]
        self._ends = [each.end() for each in ours]
        self._places = [each.span() for each in theirs]
        self._same: dict[int, int] = {}
        """Unit of the source → the equal one of the target."""
        if len(ours) * len(theirs) <= _MOST_CELLS:
            for step in LCSseq.opcodes([each[0] for each in ours], [each[0] for each in theirs]):
                if step.tag == "equal":
                    pairs = zip(
                        range(step.src_start, step.src_end),
                        range(step.dest_start, step.dest_end),
                        strict=True,
                    )
                    self._same.update(pairs)

    def fragments(self, fragments: Fragments) -> Fragments | None:
        """The same words in the target; None where they are not all there, one after the other."""
        found = [self._fragment(*each) for each in fragments]
        kept = tuple(each for each in found if each is not None)
        in_order = all(one[1] <= other[0] for one, other in pairwise(kept))
        return kept if len(kept) == len(fragments) and in_order else None

    def _fragment(self, start: int, end: int) -> Fragment | None:
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end) - 1
        if first > last:
            return None
        where = [self._same.get(nth) for nth in range(first, last + 1)]
        one = where[0]
        if one is None or where != list(range(one, one + len(where))):
            return None
        other = one + len(where) - 1
        # spaces at the span's edges do not come over; an edge within a word does
        begin = self._places[one][0] + max(0, start - self._starts[first])
        finish = self._places[other][1] - max(0, self._ends[last] - end)
        words = self._source[max(start, self._starts[first]) : min(end, self._ends[last])].split()
        return (begin, finish) if self._target[begin:finish].split() == words else None
