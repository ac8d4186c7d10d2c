"""Quotations: which tokens stand between quotation marks, and which of these are somebody's speech."""

from __future__ import annotations

from msgspec import Struct

from annotator.nlp.attribution.parse import VERBAL, Parse

_OPENING = {
    mark: frozenset(closing)
    for mark, closing in {"“": ["”"], "«": ["»"], "„": ["“", "”"], "‘": ["’"], "``": ["''"]}.items()
}
_STRAIGHT = frozenset({'"', "''", "'"})
_SINGLE = frozenset({"‘", "'"})
_LONG_QUOTATION = 8
"""Tokens from which on a quotation is speech, whatever it is made of; a title or a scare quote is shorter."""
_SHORT_CLAUSE = 3
_LONGEST_UNCLOSED = 80
"""Tokens up to which a mark that is never closed still opens a quotation, which ends with its paragraph."""

_MOST_PARAGRAPHS = 2
"""Further paragraphs that one pair of marks may run over."""


class Quotation(Struct, frozen=True):
    """A stretch between quotation marks, the marks included: token indices of first and last."""

    first: int
    last: int
    is_speech: bool
    """It holds a clause or is long; else it is a term, a title or a scare quote."""

    def __contains__(self, token: object) -> bool:
        return isinstance(token, int) and self.first <= token <= self.last

    @property
    def tokens(self) -> range:
        """Every token, the marks included."""
        return range(self.first, self.last + 1)


class Quotations:
    """All quotations of a text in order; none lies within another."""

    def __init__(self, parse: Parse) -> None:
        self.all = [Quotation(first, last, _is_speech(parse, first, last)) for first, last in _pairs(parse)]
        self._at: list[Quotation | None] = [None] * parse.size
        for quotation in self.all:
            for token in quotation.tokens:
                self._at[token] = quotation

    def at(self, token: int) -> Quotation | None:
        """The quotation that a token is in (or a mark of)."""
        return self._at[token]

    def speech_at(self, token: int) -> Quotation | None:
        """The same, if it is speech."""
        quotation = self._at[token]
        return quotation if quotation is not None and quotation.is_speech else None


def _pairs(parse: Parse) -> list[tuple[int, int]]:
    """First and last token of every quotation. A mark inside another quotation is part of that.

    A quotation that its paragraph leaves open goes on over the next ones where the next mark closes it.
    Where the next paragraph starts with an opening mark again (the style of newspapers), it ends with its
    own; else its end was forgotten, and it counts only if it is short.
    """
    found: list[tuple[int, int]] = []
    singles = _closing_singles(parse)
    start: int | None = None
    closes: frozenset[str] = frozenset()
    paragraph = 0
    for token, text in enumerate(parse.texts):
        if start is not None and parse.paragraphs[token] != paragraph and parse.pos[token] != "SPACE":
            if _closed_later(parse, token, closes, singles):
                paragraph = parse.paragraphs[token]
            else:
                last = parse.before(token)
                assert last is not None
                goes_on = _opens(parse, token, singles) is not None
                if last > start and (goes_on or last - start < _LONGEST_UNCLOSED):
                    found.append((start, last))
                start = None
        if start is None:
            marks = _opens(parse, token, singles)
            if marks is not None:
                start, closes, paragraph = token, marks, parse.paragraphs[token]
        elif text in closes and _closes(parse, token):
            found.append((start, token))
            start = None
    if start is not None and parse.size - start < _LONGEST_UNCLOSED:
        last = parse.before(parse.size)
        if last is not None and last > start:
            found.append((start, last))
    return found


def _closed_later(parse: Parse, first: int, closes: frozenset[str], singles: list[int]) -> bool:
    """Whether the next mark, in the next paragraphs, closes what is open rather than opening anew."""
    for token in range(first, min(first + _LONGEST_UNCLOSED, parse.size)):
        text = parse.texts[token]
        if (
            text in closes
            and _closes(parse, token)
            and (text not in _STRAIGHT or not _opens_form(parse, token))
        ):
            return parse.paragraphs[token] - parse.paragraphs[first] < 2 * _MOST_PARAGRAPHS
        if _opens(parse, token, singles) is not None:
            return False
    return False


def _opens_form(parse: Parse, token: int) -> bool:
    """Whether a straight mark looks like an opening one: space before it, none behind."""
    return token == 0 or (parse.spaced[token - 1] and not parse.spaced[token])


def _opens(parse: Parse, token: int, singles: list[int]) -> frozenset[str] | None:
    """What closes a quotation that this token opens; None if it opens none."""
    text = parse.texts[token]
    if text not in _OPENING and text not in _STRAIGHT:
        return None
    before_is_open = token == 0 or parse.spaced[token - 1] or parse.texts[token - 1] in '([{—–-“"/'
    if text in _SINGLE and (
        not before_is_open or parse.spaced[token] or not _is_closed(parse, token, singles)
    ):
        return None  # an apostrophe
    if text in _OPENING:
        return _OPENING[text]
    if not before_is_open and parse.spaced[token]:
        return None
    return frozenset({text, "”"})


def _is_closed(parse: Parse, token: int, singles: list[int]) -> bool:
    """Whether a single mark has a partner, behind some words, in the paragraph."""
    behind = token + 2
    return (
        behind < parse.size and parse.paragraphs[behind] == parse.paragraphs[token] and singles[behind] >= 0
    )


def _closing_singles(parse: Parse) -> list[int]:
    """For each token, the next one in its paragraph, itself included, that closes single marks; -1: none."""
    following = [-1] * (parse.size + 1)
    for token in range(parse.size - 1, -1, -1):
        if parse.texts[token] in ("'", "’") and _closes(parse, token):
            following[token] = token
        elif token + 1 < parse.size and parse.paragraphs[token + 1] == parse.paragraphs[token]:
            following[token] = following[token + 1]
    return following


def _closes(parse: Parse, token: int) -> bool:
    """Whether a mark that could close does: no word follows it without a space."""
    if parse.texts[token] not in ("'", "’"):
        return True
    ends = parse.spaced[token] or token + 1 == parse.size or not parse.is_word(token + 1)
    return ends and parse.deps[token] not in ("case", "poss")


def _is_speech(parse: Parse, first: int, last: int) -> bool:
    inside = last - first - 1
    if inside >= _LONG_QUOTATION:
        return True
    return inside >= _SHORT_CLAUSE and any(parse.pos[token] in VERBAL for token in range(first + 1, last))
