"""spaCy's tokens without a pipeline, quickly: for exports of articles that none has read.

spaCy cuts a text at whitespace and then looks at each stretch alone, so what it makes of a stretch can
be kept and used again. Only its special cases (emoticons, contractions) are then sought over the whole
text; a line in which words meet in a way that could concern them goes through spaCy itself. So the
result always is spaCy's, at some ten times its speed.
"""

from __future__ import annotations

import re
from array import array
from functools import cache
from itertools import accumulate, chain, pairwise
from operator import add
from typing import TYPE_CHECKING, Any

from annotator.core.tokens import Tokens
from annotator.nlp.pipelines import ENGLISH, language_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]

_STRETCH = re.compile(r"\S+ ?|\s+")
"""What spaCy looks at alone: a word with the space after it, or other whitespace."""
_LINE = re.compile(r"[^\n]*\n\s*|[^\n]+")
"""A line with all whitespace up to the next one: no token and no special case runs over its end."""
_MOST_STRETCHES = 400_000
"""How many different stretches are kept (some 100 MB) before starting anew."""

type Bounds = tuple[array[int], array[int]]
"""Starts and ends of tokens, in code points."""


def tokens_for(text: str, language: str | None) -> Tokens:
    """The tokens that the blank tokenizer of a language makes of a text, whitespace tokens included.

    Sentence starts are left out, as no export has them. The first call for a language loads its
    tokenizer; a language that spaCy does not know or cannot load gets the multi-language one.
    """
    return _for_language(language_of(language) or ENGLISH).tokens(text)


@cache
def _for_language(language: str) -> FastTokenizer:
    from annotator.nlp.loading import blank

    return FastTokenizer(blank(language))


class FastTokenizer:
    """A spaCy tokenizer that remembers what it made of each stretch of text."""

    def __init__(self, nlp: Language) -> None:
        from spacy.tokenizer import Tokenizer

        tokenizer: Any = nlp.tokenizer
        plain = type(tokenizer) is Tokenizer and all(len(rule.split()) < 2 for rule in tokenizer.rules)
        self._tokenizer = tokenizer
        self._known = _Known(tokenizer) if plain else None
        self._source = f"blank_{nlp.lang}"

    def tokens(self, text: str) -> Tokens:
        """All tokens of a text of any length."""
        found = self._quick(text)
        if found is None:
            found = array("I"), array("I")
            for line in _LINE.finditer(text):
                base = line.start()
                for column, part in zip(found, self._quick(line[0]) or self._by_spacy(line[0]), strict=True):
                    column.extend(base + offset for offset in part)
        return Tokens(*found, source=self._source)

    def _quick(self, text: str) -> Bounds | None:
        return self._known.bounds(text) if self._known is not None else None

    def _by_spacy(self, text: str) -> Bounds:
        doc = self._tokenizer(text)
        starts = array("I", (token.idx for token in doc))
        return starts, array("I", map(add, starts, map(len, doc)))


class _Known(dict[str, tuple[tuple[int, ...], tuple[int, ...]]]):
    """Of every stretch: how far each of its tokens is from the next one, and how long it is."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self._tokenizer = tokenizer
        self._pairs = _special_pairs(tokenizer)
        self._seconds = {second for _, second in self._pairs}
        self._wary: set[str] = set()
        """Stretches that start as a special case goes on."""

    def __missing__(self, stretch: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        doc = self._tokenizer(stretch)
        steps = tuple(after - before for before, after in pairwise([*(t.idx for t in doc), len(stretch)]))
        self[stretch] = found = steps, tuple(map(len, doc))
        if doc[0].text in self._seconds:
            self._wary.add(stretch)
        return found

    def bounds(self, text: str) -> Bounds | None:
        """Starts and ends of all tokens; None where only spaCy itself can tell."""
        stretches = _STRETCH.findall(text)
        if not stretches:
            return array("I"), array("I")
        if len(self) > _MOST_STRETCHES:
            self.clear()
            self._wary.clear()
        steps, lengths = zip(*map(self.__getitem__, stretches), strict=True)
        if not self._wary.isdisjoint(stretches) and self._may_be_special(stretches):
            return None
        starts = array("I", accumulate(chain.from_iterable(steps), initial=0))
        starts.pop()
        return starts, array("I", map(add, starts, chain.from_iterable(lengths)))

    def _may_be_special(self, stretches: list[str]) -> bool:
        """Whether a special case could run over two words, as the emoticon of “(see: )”.

        spaCy leaves those as they are, but then overlooks shorter cases that they overlap.
        """
        for before, after in pairwise(stretches):
            if after in self._wary:
                last = before.rstrip(" ")[-self[before][1][-1] :]
                first = after[: self[after][1][0]]
                if (last, first) in self._pairs:
                    return True
        return False


def _special_pairs(tokenizer: Tokenizer) -> frozenset[tuple[str, str]]:
    """Texts of neighbouring tokens in what spaCy takes for a special case, as it would cut it otherwise."""
    from spacy.tokenizer import Tokenizer

    plain = Tokenizer(
        tokenizer.vocab,
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        token_match=tokenizer.token_match,
        url_match=tokenizer.url_match,
    )
    cut = ([token.text for token in plain(rule)] for rule in tokenizer.rules)
    return frozenset(chain.from_iterable(map(pairwise, cut)))
