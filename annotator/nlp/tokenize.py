"""spaCy's tokens without a pipeline, quickly: for exports of articles that none has read.

spaCy's tokenizer remembers what it made of a word, but in a text that holds a special case (a contraction,
"U.S.") it stops remembering for the rest of it, which in news is nearly all of it. Showing it every new word
alone first makes it remember them all: its own tokens, at some four times its speed.

There is one thing that spaCy looks for across the blanks: special cases in pieces. In ": ):U.S." it takes
":" and ")" for a smiley, and when it turns out that they are none it has overlooked the "):". Texts where
that may happen are left to spaCy as a whole.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from annotator.core.tokens import Indices, Tokens
from annotator.nlp.pipelines import ENGLISH, language_of

if TYPE_CHECKING:
    from spacy.language import Language

_MOST_WORDS = 300_000
"""How many different words are remembered (some 100 MB)."""


def tokens_for(text: str, language: str | None) -> Tokens:
    """The tokens that the blank tokenizer of a language makes of a text, whitespace tokens included.

    Sentence starts are left out, as no export has them. The first call for a language loads its
    tokenizer; a language that spaCy does not know or cannot load gets the multi-language one.
    """
    tokenizer = _for_language(language_of(language) or ENGLISH)
    return WordTokens(text, tokenizer) if tokenizer.remembers else tokenizer.tokens(text)


@cache
def _for_language(language: str) -> FastTokenizer:
    from annotator.nlp.loading import blank

    return FastTokenizer(blank(language))


class FastTokenizer:
    """A spaCy tokenizer that is shown each new word alone."""

    def __init__(self, nlp: Language) -> None:
        from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]

        self._tokenizer = cast(Any, nlp.tokenizer)
        self.source = f"blank_{nlp.lang}"
        self.remembers = type(self._tokenizer) is Tokenizer
        self._words: set[str] = set()
        self.ends = _Ends(self._tokenizer)
        self.counts = _Counts(self.ends, (self._tokenizer.rules or ()) if self.remembers else ())
        if self.remembers:
            self._tokenizer.max_cache_size = _MOST_WORDS
            # Shape, case and the like of every new word, for which nobody asks here.
            cast(Any, nlp.vocab).lex_attr_getters = {}

    def tokens(self, text: str) -> Tokens:
        """All tokens of a text of any length."""
        from annotator.nlp import convert

        if self.remembers and len(self._words) < _MOST_WORDS:
            fresh = set(text.split()) - self._words
            self._words |= fresh
            for word in fresh:
                self._tokenizer(word)
        starts, ends = convert.bounds(self._tokenizer(text))
        return convert.to_tokens(starts, ends, (), self.source)


class _Ends(dict[str, tuple[int, ...]]):
    """Where the tokens of a word end in it: a word is what stands between white space, and its tokens
    follow each other without a gap."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def __missing__(self, word: str) -> tuple[int, ...]:
        ends = tuple(token.idx + len(token) for token in self._tokenizer(word))
        if len(self) < _MOST_WORDS:
            self[word] = ends
        return ends


class _Counts(dict[str, int]):
    """How many tokens a word has; below zero where one of several is a smiley or other special sign."""

    def __init__(self, ends: _Ends, rules: Iterable[str]) -> None:
        from spacy.lang.tokenizer_exceptions import emoticons

        self._ends = ends
        self._signs = {
            rule for rule in rules if len(rule) > 1 and (rule in emoticons or not any(map(str.isalnum, rule)))
        }

    def __missing__(self, word: str) -> int:
        ends = self._ends[word]
        count = len(ends)
        if count > 1 and any(word[start:end] in self._signs for start, end in pairwise((0, *ends))):
            count = -count
        if len(self) < _MOST_WORDS:
            self[word] = count
        return count


def _may_join(words: list[str], nth: int) -> bool:
    """Whether spaCy may see a special sign across the white space around a word."""
    before, after = words[max(nth - 1, 0) : nth], words[nth + 1 : nth + 2]
    edges = [(word, word[-1]) for word in before] + [(word, word[0]) for word in after]
    return any(len(word) == 1 or not edge.isalpha() for word, edge in edges)


class _Words(NamedTuple):
    """The words of a text: each one, its start and end, how many tokens stand before it and up to its end."""

    words: list[str]
    starts: np.ndarray[Any, Any]
    ends: np.ndarray[Any, Any]
    before: np.ndarray[Any, Any]
    after: np.ndarray[Any, Any]


_SPACES = np.array([chr(code).isspace() for code in range(0x3002)])
"""By code point; there is none beyond, nor is the last one here."""


class WordTokens(Tokens):
    """Tokens that are only made where somebody looks at them all.

    spaCy's tokenizer cuts a text at its white space, and then each word by itself; of the white space
    it makes a token of every run that is not just one blank, and of one that begins the text. So a
    token's number is known from how many tokens the words before it have.
    """

    __slots__ = ("__dict__",)
    _text: str
    _tokenizer: FastTokenizer

    def __init__(self, text: str, tokenizer: FastTokenizer) -> None:
        self.__dict__["_text"] = text
        self.__dict__["_tokenizer"] = tokenizer
        object.__setattr__(self, "sentences", array("I"))
        object.__setattr__(self, "source", tokenizer.source)

    @cached_property
    def _whole(self) -> Tokens:
        return self._tokenizer.tokens(self._text)

    @property
    def starts(self) -> array[int]:
        """As of any tokens."""
        return self._whole.starts

    @property
    def ends(self) -> array[int]:
        """As of any tokens."""
        return self._whole.ends

    @cached_property
    def _words(self) -> _Words | None:
        """None where spaCy has to see the text as a whole."""
        text = self._text
        words = text.split()
        if not words:
            return None
        counts = np.fromiter(map(self._tokenizer.counts.__getitem__, words), np.int64, len(words))
        if counts.min() < 0:
            if any(_may_join(words, nth) for nth in np.flatnonzero(counts < 0).tolist()):
                return None
            counts = np.abs(counts)
        codes = np.frombuffer(f" {text} ".encode("utf-32-le", "surrogatepass"), np.uint32)
        space = _SPACES.take(codes, mode="clip")
        edges = np.flatnonzero(space[1:] != space[:-1])
        starts, ends = edges[::2], edges[1::2]
        # white space is a token, but for one blank between two words
        spaces = np.empty(len(words), np.int64)
        spaces[0] = starts[0] > 0
        spaces[1:] = (starts[1:] - ends[:-1] > 1) | (codes[edges[1:-1:2] + 1] != 32)
        after = (counts + spaces).cumsum()
        return _Words(words, starts, ends, after - counts, after)

    def index_range(self, start: int, end: int) -> tuple[int, int] | None:
        """Inclusive token indices of ``[start, end)``; None where an edge is not a token's edge."""
        (first,), (last,) = self.index_ranges([start], [end])
        return None if first is None or last is None else (first, last)

    def index_ranges(self, starts: Sequence[int], ends: Sequence[int]) -> tuple[Indices, Indices]:
        """As of any tokens."""
        words = self._words
        if words is None:
            return self._whole.index_ranges(starts, ends)
        first_at, last_at = np.array(starts, np.int64), np.array(ends, np.int64)
        nth = words.starts.searchsorted(first_at, "right") - 1
        last = np.minimum(words.ends.searchsorted(last_at), len(words.words) - 1)
        low, high = words.before[nth], words.after[last] - 1
        firsts, lasts = low.tolist(), high.tolist()
        whole = (words.starts[nth] == first_at) & (words.ends[last] == last_at) & (low <= high)
        for each in np.flatnonzero(~whole).tolist():  # those that begin or end within a word
            found = self._within(words, starts[each], ends[each], max(int(nth[each]), 0), int(last[each]))
            firsts[each], lasts[each] = found or (None, None)
        return firsts, lasts

    def _within(self, found: _Words, start: int, end: int, nth: int, last: int) -> tuple[int, int] | None:
        """The same for a range whose edges lie in the words of these numbers, or in white space."""
        words, starts, ends, before, _ = found
        first_of, last_of = start - int(starts[nth]), end - int(starts[last])
        if first_of < 0 or end > ends[last] or start >= ends[nth] or last_of <= 0:
            return self._whole.index_range(start, end)  # an edge lies in white space
        inner = self._tokenizer.ends
        first = int(before[nth])
        if first_of:
            cuts = inner[words[nth]]
            if first_of not in cuts:
                return None
            first += cuts.index(first_of) + 1
        cuts = inner[words[last]]
        if last_of not in cuts:
            return None
        final = int(before[last]) + cuts.index(last_of)
        return (first, final) if first <= final else None
