"""A parsed text as plain lists, in the parser's token indices: what every attribution rule looks at.

The lists are filled once; a rule that asked spaCy's tokens again and again would take most of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from annotator.nlp.convert import LINE_BREAKS

if TYPE_CHECKING:
    from spacy.tokens import Doc

VERBAL = frozenset({"VERB", "AUX"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_NO_WORDS = frozenset({"PUNCT", "SPACE"})

type Range = tuple[int, int]
"""First token and the one after the last."""


class Parse:
    """One text with its dependency parse. All lists have one item per token."""

    def __init__(self, doc: Doc) -> None:
        """``doc`` must have been tagged, parsed and lemmatised."""
        tokens = list(doc)
        self.size = len(tokens)
        self.texts = [token.text for token in tokens]
        self.lower = [text.lower() for text in self.texts]
        self.lemmas = [token.lemma_.lower() for token in tokens]
        self.pos = [token.pos_ for token in tokens]
        self.tags = [token.tag_ for token in tokens]
        self.deps = [token.dep_ for token in tokens]
        self.heads = [token.head.i for token in tokens]
        self.left = [token.left_edge.i for token in tokens]
        """First token of the subtree."""
        self.right = [token.right_edge.i for token in tokens]
        """Last token of the subtree."""
        self.entities = [token.ent_type_ for token in tokens]
        self.spaced = [bool(token.whitespace_) or token.is_space for token in tokens]
        """Whether whitespace follows."""
        self.children: list[list[int]] = [[] for _ in tokens]
        for token, head in enumerate(self.heads):
            if head != token:
                self.children[head].append(token)
        self.paragraphs: list[int] = []
        """Number of the paragraph; a whitespace token belongs to the one that it ends."""
        paragraph = 0
        for text in self.texts:
            self.paragraphs.append(paragraph)
            paragraph += not LINE_BREAKS.isdisjoint(text)
        self.sentences: list[Range] = [self._trimmed(s.start, s.end) for s in doc.sents]
        self._depths: dict[int, int] = {}
        self.sentence_of = [number for number, s in enumerate(doc.sents) for _ in range(s.start, s.end)]

    def _trimmed(self, start: int, end: int) -> Range:
        while start < end - 1 and self.pos[start] == "SPACE":
            start += 1
        return start, end

    def is_word(self, token: int) -> bool:
        """Whether it is neither punctuation nor whitespace."""
        return self.pos[token] not in _NO_WORDS

    def has_words(self, tokens: Iterable[int]) -> bool:
        """Whether any of them is a word."""
        return any(self.pos[token] not in _NO_WORDS for token in tokens)

    def subtree(self, token: int) -> range:
        """The tokens from the left to the right edge of a token's subtree."""
        return range(self.left[token], self.right[token] + 1)

    def child(self, token: int, *deps: str) -> int | None:
        """The first child with one of these dependencies."""
        return next((each for each in self.children[token] if self.deps[each] in deps), None)

    def has(self, token: int, *deps: str) -> bool:
        """Whether a token has a child with one of these dependencies."""
        return any(self.deps[each] in deps for each in self.children[token])

    def ancestors(self, token: int) -> Iterator[int]:
        """The heads above a token, nearest first."""
        while (head := self.heads[token]) != token:
            yield head
            token = head

    def depth(self, token: int) -> int:
        """How many heads are above a token."""
        path = []
        while token not in self._depths:
            path.append(token)
            head = self.heads[token]
            if head == token:
                self._depths[token] = 0
                path.pop()
            else:
                token = head
        depth = self._depths[token]
        for each in reversed(path):
            depth += 1
            self._depths[each] = depth
        return depth if path else self._depths[token]

    def before(self, token: int) -> int | None:
        """The nearest token before one that is not whitespace."""
        return next((each for each in range(token - 1, -1, -1) if self.pos[each] != "SPACE"), None)

    def after(self, token: int) -> int | None:
        """The nearest token after one that is not whitespace."""
        return next((each for each in range(token + 1, self.size) if self.pos[each] != "SPACE"), None)
