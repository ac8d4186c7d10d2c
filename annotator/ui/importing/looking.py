"""The look into files before an import, in the background, where it can be told to stop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from msgspec import Struct

from annotator.core.errors import StoppedError
from annotator.core.mapping import ImportMapping
from annotator.formats.plain import fields_of
from annotator.session.surveying import Survey, SurveyedFile

_KEYED = ("json", "jsonl")
"""Formats whose records name their fields themselves."""


class Wanted(Struct, frozen=True):
    """What is to be looked at, and how."""

    project: Path
    paths: tuple[Path, ...]
    format: str
    mapping: ImportMapping | None = None


class Look:
    """One survey, to be run in another thread. Raises what the survey raises."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._stopped = Event()

    def stop(self) -> None:
        """Nobody waits for it any more: it ends at the next step."""
        self._stopped.set()

    def __call__(self, progress: Callable[[int, int], None]) -> Survey | None:
        """Look; to be called in the other thread. Gives None where it was stopped."""

        def step(done: int, total: int) -> None:
            if self._stopped.is_set():
                raise StoppedError
            progress(done, total)

        try:
            step(0, 0)
            return look(self._wanted, step)
        except StoppedError:
            return None


def look(wanted: Wanted, progress: Callable[[int, int], None] | None = None) -> Survey:
    """Survey files by the project as it is on disk. Raises what the survey raises."""
    from annotator.session.project import Project
    from annotator.session.surveying import survey

    with Project.open_to_read(wanted.project) as project:
        return survey(
            project,
            list(wanted.paths),
            format=wanted.format,
            mapping=wanted.mapping,
            progress=progress,
        )


def is_to_decide(survey: Survey) -> bool:
    """Whether there is anything that a person should see before these files are imported."""
    return bool(
        survey.labels
        or survey.relations
        or survey.attributes
        or survey.own
        or survey.widened
        or survey.copies
        or any(each.columns and not _is_clear(each) for each in survey.files)
    )


def _is_clear(file: SurveyedFile) -> bool:
    """Whether the records have an article's fields under the very names that we ask for, and no others."""
    known = fields_of(list(file.columns))
    return file.format in _KEYED and "text" in known and len(known) == len(file.columns)
