"""spaCy's tokens without a pipeline, quickly: for exports of articles that none has read.

spaCy's tokenizer remembers what it made of a word, but in a text that holds a special case (a contraction,
"U.S.") it stops remembering for the rest of it, which in news is nearly all of it. Showing it every new
word alone first makes it remember them all: its own tokens, at some four times its speed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from annotator.core.tokens import Tokens
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
    return _for_language(language_of(language) or ENGLISH).tokens(text)


@cache
def _for_language(language: str) -> FastTokenizer:
    from annotator.nlp.loading import blank

    return FastTokenizer(blank(language))


class FastTokenizer:
    """A spaCy tokenizer that is shown each new word alone."""

    def __init__(self, nlp: Language) -> None:
        from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]

        self._tokenizer = cast(Any, nlp.tokenizer)
        self._source = f"blank_{nlp.lang}"
        self._remembers = type(self._tokenizer) is Tokenizer
        self._words: set[str] = set()
        if self._remembers:
            self._tokenizer.max_cache_size = _MOST_WORDS

    def tokens(self, text: str) -> Tokens:
        """All tokens of a text of any length."""
        from annotator.nlp import convert

        if self._remembers and len(self._words) < _MOST_WORDS:
            fresh = set(text.split()) - self._words
            self._words |= fresh
            for word in fresh:
                self._tokenizer(word)
        starts, ends = convert.bounds(self._tokenizer(text))
        return convert.to_tokens(starts, ends, (), self._source)
