"""How names of actors are compared: folded, and without what is said around a name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LIKE = str.maketrans(
    dict.fromkeys("’ʼ`´‘", "'")
    | dict.fromkeys("-‐‑–—,\xad", " ")
    | {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"}
)
"""What stands for letters and marks that NFKD leaves alone."""
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')$")
_TITLE = re.compile(
    r"(?:(?:former|ex|acting|deputy|vice|prime|first|foreign|defen[cs]e|finance|interior|then) )*"
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|president|minister|secretary general|"
    r"secretary of state|secretary|chancellor|premier|governor|senator|sen|rep|representative|congressman|"
    r"congresswoman|ambassador|judge|king|queen|prince|princess|sheikh|ayatollah|pope|bishop|archbishop|rabbi|"
    r"rev|reverend|gen|col|colonel|capt|lt|sgt|admiral|chairman|chairwoman|spokesman|spokeswoman|spokesperson|"
    r"mayor) "
)
"""A form of address or an office in front of a person's name, folded."""
_ARTICLES = frozenset(("the", "a", "an"))
_SENTENCE_END = re.compile(r"(?:[.!?:…][\"'”’»)]*\s*|[\"“‘«]\s*|\n\s*)\Z")
"""What stands in front of the first word of a sentence."""


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """A name without case, diacritics and hyphens' and dots' differences, its words one space apart.

    “Recep Tayyip Erdoğan” and “recep tayyip erdogan” are one, as are “al-Assad” and “Al Assad”, “U.S.”
    and “US”.
    """
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(each for each in text if not unicodedata.combining(each))
    text = text.translate(_LIKE)
    if "." in text:
        text = text.replace(".", "" if _is_short(text) else " ")
    return " ".join(text.split())


def _is_short(text: str) -> bool:
    """Whether the dots are an abbreviation's: “U.S.”, “U. N.”."""
    return all(len(part.strip()) <= 1 for part in text.split("."))


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """A folded name without a possessive “'s” and without an article in front: “The U.N.'s” is “un”."""
    folded = fold(text)
    if "'" in folded:
        folded = _POSSESSIVE.sub("", folded)
    first, _, rest = folded.partition(" ")
    return rest if rest and first in _ARTICLES else folded


def without_article(name: str, before: str = "") -> str:
    """A name without the article in front of it, otherwise as it is written.

    ``before`` is the text in front of the name: an article with a capital letter in the middle of a sentence
    belongs to the name (“The Hague”), at the beginning of one it need not.
    """
    first, _, rest = name.partition(" ")
    inside = not first.islower() and before.strip() and not _SENTENCE_END.search(before)
    return rest if rest and fold(first) in _ARTICLES and not inside else name


@lru_cache(maxsize=65_536)
def bare(text: str) -> str:
    """A name as :func:`plain`, without titles in front either: “President Biden's” is “biden”.

    What would be nothing but a title keeps it: “the president” is “president”.
    """
    rest = plain(text)
    while (title := _TITLE.match(rest)) is not None:
        rest = rest[title.end() :]
    return rest


def speaks(language: str | None, article: str | None) -> bool:
    """Whether a name of a language (ISO 639 code, None for any) is one in an article's language."""
    if not language or not article:
        return True
    return _base(language) == _base(article)


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].strip().casefold()
