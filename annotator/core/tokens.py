"""Token and sentence boundaries of one article.

The real ones are spaCy's and arrive from the worker or the project file; until then
:func:`rough_tokens` gives boundaries that agree with them for nearly all words, so that labelling
can start before spaCy has been loaded.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

ROUGH = "rough"

type Indices = list[int | None]


@cache
def _rough_token() -> re.Pattern[str]:
    """Made when it is first needed: looking through all marks takes longer than a page to paint."""
    # Accents, vowel signs and joiners stand within a word, but are no ``\w``.
    joined = "\u200c\u200d" + "".join(
        chr(code) for code in range(0x300, 0x2100) if unicodedata.category(chr(code)).startswith("M")
    )
    return re.compile(
        r"(?:[^\W\d_]\.){2,}"  # U.S.
        r"|\d+(?:[.,:]\d+)*\w*"  # 1,000.5 and 28th
        r"|[^\W\d_]+(?=n['’]t\b)|n['’]t\b"  # do|n't
        r"|['’](?:s|S|re|ve|ll|d|m)\b"  # US|'s
        rf"|\w[\w{joined}]*(?:['’](?!(?:s|S|re|ve|ll|d|m|t)\b)\w[\w{joined}]*)*"
        r"|\.\.+|[^\w\s]",
        re.UNICODE,
    )


_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+\s++(?=[\"'“‘«(\[]*[^\W\d_a-z])|\n+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one article, in order, as half-open code point offsets.

    ``starts`` and ``ends`` are equally long and hold every token that is not pure whitespace or
    whitespace if the tokenizer makes it a token (spaCy does for runs of line breaks).
    ``sentences`` holds the code point offset at which each sentence starts. ``source`` names the
    tokenizer: ``rough``, or the pipeline's name and version.
    """

    starts: array[int]
    ends: array[int]
    sentences: array[int] = field(default_factory=lambda: array("I"))
    source: str = ROUGH

    def __len__(self) -> int:
        return len(self.starts)

    @classmethod
    def of(
        cls, bounds: Iterable[tuple[int, int]], sentences: Iterable[int] = (), source: str = ROUGH
    ) -> Tokens:
        """Tokens from ``(start, end)`` pairs in text order."""
        pairs = list(bounds)
        return cls(
            array("I", (start for start, _ in pairs)),
            array("I", (end for _, end in pairs)),
            array("I", sentences),
            source,
        )

    def index_range(self, start: int, end: int) -> tuple[int, int] | None:
        """Inclusive token indices of ``[start, end)``; None where an edge is not a token's edge."""
        first = bisect_left(self.starts, start)
        last = bisect_left(self.ends, end)
        if first >= len(self.starts) or self.starts[first] != start:
            return None
        if last >= len(self.ends) or self.ends[last] != end or last < first:
            return None
        return first, last

    def index_ranges(self, starts: Sequence[int], ends: Sequence[int]) -> tuple[Indices, Indices]:
        """First and last tokens of many ranges, as :meth:`index_range` gives them for each; or both None."""
        nowhere = None, None
        found = [self.index_range(*each) or nowhere for each in zip(starts, ends, strict=True)]
        return [first for first, _ in found], [last for _, last in found]

    def snap(self, start: int, end: int, text: str) -> tuple[int, int] | None:
        """The smallest run of whole tokens, whitespace trimmed, that covers ``[start, end)``.

        An empty range gives the token at that place. None where there is no token to take.
        """
        if end <= start:
            end = start + 1
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end) - 1
        while first <= last and text[self.starts[first] : self.ends[first]].isspace():
            first += 1
        while last >= first and text[self.starts[last] : self.ends[last]].isspace():
            last -= 1
        if first > last:
            return None
        return self.starts[first], self.ends[last]

    def at(self, offset: int) -> int:
        """Index of the token that holds or follows the code point ``offset`` (clamped)."""
        return max(0, min(bisect_right(self.ends, offset), len(self.ends) - 1))

    def step(self, index: int, by: int, text: str) -> int:
        """The token ``by`` (±1) words away from token ``index``, skipping whitespace; clamped."""
        other = index + by
        while 0 <= other < len(self.starts):
            if not text[self.starts[other] : self.ends[other]].isspace():
                return other
            other += by
        return index

    def sentence_at(self, offset: int, text: str) -> tuple[int, int]:
        """The half-open range of the sentence around ``offset``, whitespace trimmed."""
        nth = bisect_right(self.sentences, offset)
        start = self.sentences[nth - 1] if nth else 0
        end = self.sentences[nth] if nth < len(self.sentences) else len(text)
        while end > start and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace():
            start += 1
        return start, end


def rough_tokens(text: str) -> Tokens:
    """Word boundaries by one regular expression: close to spaCy's, and there at once."""
    sentences = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    return Tokens.of((m.span() for m in _rough_token().finditer(text)), sentences)
