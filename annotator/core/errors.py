"""The errors that a person can cause or meet, each with what, where and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what it is, where it is, and what a person can do about it."""

    what: str
    where: str = ""
    cure: str = ""

    def __str__(self) -> str:
        """One line: ``where: what. cure.`` without the parts that are empty."""
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.cure:
            parts.append(self.cure)
        return " ".join(" ".join(part.split()).rstrip(".") + "." for part in parts)


class AnnotatorError(Exception):
    """Something expected went wrong; shown to the person as one clear line, never as a traceback."""

    def __init__(self, what: str, *, where: str = "", cure: str = "") -> None:
        self.problem = Problem(what, where, cure)
        super().__init__(str(self.problem))


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
