"""The look into files before an import, in a thread of its own that can be told to stop."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import override

from PySide6.QtCore import QCoreApplication, QThread, Signal

from annotator.core.errors import AnnotatorError, InputError
from annotator.core.mapping import ImportMapping
from annotator.session.surveying import Survey

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked at, and how."""

    project: Path
    paths: tuple[Path, ...]
    format: str
    mapping: ImportMapping | None = None


class _StoppedError(Exception):
    """Raised out of the survey when nobody waits for it any more."""


class Look(QThread):
    """One survey.

    Signals: ``found`` (a Survey), ``failed`` (an AnnotatorError), ``stepped`` (done, total).
    """

    found = Signal(object)
    failed = Signal(object)
    stepped = Signal(int, int)

    def __init__(self, wanted: Wanted) -> None:
        # The application's, for the dialog that started it may be gone before it has come to its end.
        super().__init__(QCoreApplication.instance())
        self._wanted = wanted
        self.finished.connect(self.deleteLater)

    def stop(self) -> None:
        """Nobody waits for it any more: it tells nothing, and ends at the next step."""
        self.requestInterruption()

    def _step(self, done: int, total: int) -> None:
        if self.isInterruptionRequested():
            raise _StoppedError
        self.stepped.emit(done, total)

    @override
    def run(self) -> None:
        try:
            survey = look(self._wanted, self._step)
        except _StoppedError:
            return
        except AnnotatorError as error:
            self._tell(self.failed, error)
        except Exception as error:
            log.exception("a look into files failed")
            what = f"these files could not be looked into ({type(error).__name__})"
            self._tell(self.failed, InputError(what, cure="The log says more"))
        else:
            self._tell(self.found, survey)

    def _tell(self, signal: object, what: object) -> None:
        if not self.isInterruptionRequested():
            signal.emit(what)  # type: ignore[attr-defined]


def wait_for_looks() -> None:
    """Let looks that were stopped come to their end, before the window goes."""
    application = QCoreApplication.instance()
    assert application is not None
    for each in application.findChildren(Look):
        each.stop()
        each.wait()


def look(wanted: Wanted, progress: object = None) -> Survey:
    """Survey files by the project as it is on disk. Raises what the survey raises."""
    from annotator.session.project import Project
    from annotator.session.surveying import survey

    with Project.open_to_read(wanted.project) as project:
        return survey(
            project,
            list(wanted.paths),
            format=wanted.format,
            mapping=wanted.mapping,
            progress=progress,  # type: ignore[arg-type]
        )


def is_to_decide(survey: Survey) -> bool:
    """Whether there is anything that a person should see before these files are imported."""
    return bool(
        survey.labels
        or survey.relations
        or survey.attributes
        or any(each.columns for each in survey.files)
        or survey.near
    )
