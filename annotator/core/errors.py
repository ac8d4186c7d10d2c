"""The errors that a person can cause or meet, each with what, where and what to do."""

from __future__ import annotations

import re

from msgspec import Struct

LONGEST = 1_000
"""Characters of a sentence that are shown."""
_ACTED_ON = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, marks that turn the writing's direction round, halves of characters."""


class Place(Struct, frozen=True):
    """Where in a project something is, by ids and in words; empty where that says nothing."""

    article: str = ""
    span: str = ""
    relation: str = ""
    actor: str = ""
    annotator: str = ""
    """Whose label it is; empty for a suggestion and for what is everybody's."""
    title: str = ""
    """The article's."""
    words: str = ""
    """The beginning of what the span, or the relation's head, covers."""


NOWHERE = Place()


class Problem(Struct, frozen=True):
    """One thing that is wrong: what it is, where it is, and what a person can do about it."""

    what: str
    where: str = ""
    cure: str = ""
    rule: str = ""
    """A short name of the rule that is broken, for programs; ``docs/command-line.md`` lists them."""
    place: Place = NOWHERE

    def __str__(self) -> str:
        """One line: ``where: what. cure.`` without the parts that are empty.

        What it quotes of a file is shortened, and has nothing left that a terminal would act on.
        """
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.cure:
            parts.append(self.cure)
        return " ".join(one_line(part).rstrip(".") + "." for part in parts)


def one_line(text: str) -> str:
    """A text on one line, shortened, with nothing left that a terminal would act on."""
    line = _ACTED_ON.sub("\ufffd", " ".join(text[: 2 * LONGEST].split()))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


class AnnotatorError(Exception):
    """Something expected went wrong; shown to the person as one clear line, never as a traceback."""

    def __init__(self, what: str, *, where: str = "", cure: str = "") -> None:
        self.problem = Problem(what, where, cure)
        super().__init__(str(self.problem))


class StoppedError(Exception):
    """Raised out of a progress function: the person wants no more of the work. Nothing went wrong."""


class InputError(AnnotatorError):
    """A file or record that was given cannot be taken as it is."""


class ProjectError(AnnotatorError):
    """The project file cannot be opened, read or written."""


class StorageError(ProjectError):
    """The project file is whole, as far as is known, but cannot be reached or written to at the moment.

    What was to be written can be kept and written later.
    """


class RuleError(AnnotatorError):
    """The codebook or the article does not allow this label."""


class ModelError(AnnotatorError):
    """The spaCy pipeline that was asked for cannot be used."""


class UsageError(AnnotatorError):
    """The command line was used wrongly (exit code 2)."""
