"""spaCy's documents as core's tokens, with code point offsets into the whole article."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from annotator.core.model import Fragments
from annotator.core.tokens import Tokens
from annotator.nlp.lean import Doc

if TYPE_CHECKING:
    from collections.abc import Iterable

LINE_BREAKS = frozenset("\n\v\f\x85\u2028\u2029")
"""Characters that end a line: the stored text's own LF, and those that are shown as a line break."""

type Ints = NDArray[np.uint32]


def bounds(doc: Doc) -> tuple[Ints, Ints]:
    """Start and end of every token, whitespace ones included, as half-open code points."""
    table = doc.to_array(["IDX", "LENGTH"])
    starts = table[:, 0].astype(np.uint32)
    return starts, starts + table[:, 1].astype(np.uint32)


def after_line_breaks(doc: Doc) -> list[int]:
    """Indices of the tokens that follow a line break directly (further whitespace tokens skipped)."""
    spaces = np.flatnonzero(doc.to_array("IS_SPACE"))
    found: list[int] = []
    broken = False
    for place, index in enumerate(spaces.tolist()):
        broken = broken or not LINE_BREAKS.isdisjoint(doc[index].text)
        follows_space = place + 1 < len(spaces) and spaces[place + 1] == index + 1
        if broken and not follows_space:
            broken = False
            if index + 1 < len(doc):
                found.append(index + 1)
    return found


def sentence_starts(doc: Doc) -> list[int]:
    """Indices of the tokens that start a sentence, as the pipeline set them; the first is one of them.

    Where that is a whitespace token, the sentence starts with the next one that is not.
    """
    starts = np.flatnonzero(doc.to_array("SENT_START").astype(np.int64) == 1)
    words = np.flatnonzero(doc.to_array("IS_SPACE") == 0)
    places = np.searchsorted(words, starts)
    return sorted({0, *words[places[places < len(words)]].tolist()})


def kept_tokens(starts: Ints, ends: Ints, furniture: Fragments) -> Ints | None:
    """Indices of the tokens outside the furniture; None where that is all of them."""
    keep = np.ones(len(starts), dtype=bool)
    for begin, stop in furniture:
        keep &= (ends <= begin) | (starts >= stop)
    return None if keep.all() else np.flatnonzero(keep).astype(np.uint32)


def only(doc: Doc, kept: Ints) -> Doc:
    """A document of some of the tokens of another, for a pipeline that must not see the rest."""
    table = doc.to_array(["ORTH", "SPACY"])[kept]
    return Doc(doc.vocab, words=table[:, 0].tolist(), spaces=table[:, 1].astype(bool).tolist())


def fragments(seen: Ints, starts: Ints, ends: Ints, ranges: Iterable[tuple[int, int]]) -> Fragments:
    """Token ranges (of what the pipeline saw) as half-open code points; furniture between parts them.

    ``seen`` gives the index, in ``starts`` and ``ends``, of each token that the pipeline saw.
    """
    found: list[tuple[int, int]] = []
    for first, behind in ranges:
        indices = seen[first:behind]
        parts = np.split(indices, np.flatnonzero(np.diff(indices) != 1) + 1)
        found.extend((int(starts[part[0]]), int(ends[part[-1]])) for part in parts)
    return tuple(found)


def to_tokens(starts: Ints, ends: Ints, sentences: Iterable[int], source: str) -> Tokens:
    """Core's tokens from bounds and sorted offsets at which sentences start."""
    return Tokens(as_array(starts), as_array(ends), array("I", sentences), source)


def as_array(numbers: Ints) -> array[int]:
    """A numpy column as core keeps it."""
    column = array("I")
    column.frombytes(np.ascontiguousarray(numbers, dtype=np.uint32).tobytes())
    return column
