"""Problems that a file shows again and again, told once with how often."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.text import counted, quotes_shortened
from annotator.formats.base import Intake

NAME_IT = "Say what it means in a mapping file (--map), or let it be added to the codebook (--extend)"
"""The cure for a name that the codebook does not know."""


class Told:
    """Reports to the intake of one file; the same sentence comes up once, with its number.

    The problem is in the intake from its first time on, so that nothing depends on being closed.
    """

    def __init__(self) -> None:
        self.total = 0
        """Reports of all files, repeated ones too."""
        self._intake: Intake | None = None
        self._known: dict[str, tuple[int, int]] = {}
        """Sentence → its place in the intake's problems, how often."""

    def begin(self, intake: Intake) -> None:
        """Report to this intake from now on."""
        if intake is not self._intake:
            self._intake = intake
            self._known.clear()

    def report(self, what: str, place: str, cure: str = "", noun: str = "") -> None:
        """Report something. ``noun``: what has it, in the singular, if the number is worth telling.

        Raises TooManyProblemsError.
        """
        assert self._intake is not None
        what = quotes_shortened(what)
        self.total += 1
        problems = self._intake.problems
        if what in self._known:
            index, times = self._known[what]
            self._known[what] = index, times + 1
            said = f"{what} ({counted(times + 1, noun)})" if noun else f"{what} ({times + 1:,} times)"
            problems[index] = replace(problems[index], what=said)
            return
        self._known[what] = len(problems), 1
        self._intake.report(f"{what} ({counted(1, noun)})" if noun else what, place, cure)
