"""Problems that a file shows again and again, told once with how often."""

from __future__ import annotations

from annotator.formats.base import Intake

NAME_IT = "Say what it means in a mapping file (--map), or let it be added to the codebook (--extend)"
"""The cure for a name that the codebook does not know."""


class Told:
    """Reports to the intake of one file, and counts."""

    def __init__(self) -> None:
        self.total = 0
        """Reports of all files, repeated ones too."""
        self._intake: Intake | None = None

    def begin(self, intake: Intake) -> None:
        """Report to this intake from now on."""
        self._intake = intake

    def report(self, what: str, place: str, cure: str = "", noun: str = "") -> None:
        """Report something, as :meth:`Intake.report_once`. Raises TooManyProblemsError."""
        assert self._intake is not None
        self.total += 1
        self._intake.report_once(what, place, cure, noun)
