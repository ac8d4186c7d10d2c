"""Finding words, or what a regular expression describes, in the text of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.core.model import Fragment

if TYPE_CHECKING:
    import regex

SECONDS = 1.0
"""How long one article may take in the background before an expression counts as too slow."""
AT_ONCE = 0.3
"""The same while the window waits for it."""
MOST_CHARACTERS = 500
"""What is to be found is no longer: preparing the search takes seconds for a few thousand."""
_RECURSION = re.compile(r"\(\?(?:R|&|P>|[+-]?\d)")


class Wanted(Struct, frozen=True):
    """What to find and how.

    Words are found in any case unless ``match_case``; “ß” then equals “ss”. A space that was typed
    stands for any run of whitespace: no-break spaces and line breaks too. ``whole_words``: no letter,
    digit or underscore next to it. With ``expression`` the text is a regular expression, in which
    ``^`` and ``$`` mean a line's beginning and end.
    """

    text: str
    match_case: bool = False
    whole_words: bool = False
    expression: bool = False

    def compiled(self) -> Finder:
        """Ready to be used. Raises InputError for an expression with a mistake in it, or too long a text."""
        import regex

        if len(self.text) > MOST_CHARACTERS:
            raise InputError(
                f"what is to be found has {len(self.text):,} characters; it may have {MOST_CHARACTERS:,}",
                cure="Look for the beginning of it",
            )
        if self.expression and _RECURSION.search(self.text):
            raise InputError("the expression calls itself, which can fill the memory", cure="Write it out")
        words = regex.split(" +", self.text)
        pattern = self.text if self.expression else r"\s+".join(map(regex.escape, words))
        flags = regex.V1 | (regex.MULTILINE if self.expression else 0)
        if not self.match_case:
            flags |= regex.IGNORECASE | regex.FULLCASE
        compiled = self._compile(pattern, flags)
        if self.whole_words:
            compiled = self._compile(rf"(?<!\w)(?:{pattern})(?!\w)", flags)
        return Finder(self, compiled)

    def _compile(self, pattern: str, flags: int) -> regex.Pattern[str]:
        import regex

        try:
            # not kept by the module, which keeps hundreds, and each may be huge
            return regex.compile(pattern, flags, cache_pattern=False)
        except regex.error as error:
            position: int | None = getattr(error, "pos", None)
            place = None if position is None else max(1, min(len(self.text), position + 1))
            where = "" if place is None else f" at character {place}"
            what = getattr(error, "msg", str(error))
            raise InputError(f"the expression has a mistake{where}: {what}") from error
        except (ValueError, OverflowError, RecursionError, MemoryError) as error:
            raise InputError("the expression is too long or too deep") from error


class Finder(Struct, frozen=True):
    """Finds in one text after the other."""

    wanted: Wanted
    pattern: regex.Pattern[str]

    def ranges(self, text: str, seconds: float = SECONDS) -> Iterator[Fragment]:
        """The half-open code point ranges, in text order, none of them empty, none overlapping.

        Raises InputError where the expression takes longer than ``seconds`` for this text.
        """
        try:
            for match in self.pattern.finditer(text, timeout=seconds, concurrent=True):
                if match.start() < match.end():
                    yield match.span()
        except MemoryError as error:
            raise InputError("the expression needs too much memory", cure="Make it simpler") from error
        except TimeoutError as error:
            raise InputError(
                f"the expression takes longer than {seconds:g} s for one article and was stopped",
                cure="Make it simpler: a repetition within a repetition is usually why",
            ) from error
