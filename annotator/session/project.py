"""The open project: its file, its codebook, and the editors that work on it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from annotator.core.codebook import Codebook
from annotator.core.errors import InputError, Problem, StorageError
from annotator.core.ports import Repository
from annotator.session.codebooks import default_codebook

if TYPE_CHECKING:
    from annotator.session.editor import Editor
    from annotator.store.recovery import Recovered


class Project:
    """A project file that is open, with the codebook that was read from it.

    Used as a context manager it is closed at the end of the block.
    """

    def __init__(self, path: Path, repository: Repository, read_only: Problem | None = None) -> None:
        self.path = path
        self.repository = repository
        self.read_only = read_only
        """Why the file can only be read; None where it can be written to."""
        self.codebook: Codebook = repository.codebook()

    @property
    def name(self) -> str:
        """The file's name without ``.annot``, for titles."""
        return self.path.name.removesuffix(".annot")

    @classmethod
    def open(cls, path: Path, *, create: bool = False, codebook: Codebook | None = None) -> Self:
        """Open a project file; with ``create``, one that is not there is made first, with that codebook.

        Raises ProjectError where that is not possible.
        """
        from annotator.store.repository import open_repository

        if create and not path.exists():
            return cls.create(path, codebook)
        return cls(path, open_repository(path))

    @classmethod
    def open_to_read(cls, path: Path) -> Self:
        """Open a project file to read it, also one that cannot be written to: ``read_only`` then says why.

        Raises ProjectError where that is not possible.
        """
        from annotator.store.repository import open_for_reading

        return cls(path, *open_for_reading(path))

    @classmethod
    def create(cls, path: Path, codebook: Codebook | None = None) -> Self:
        """Make a new project file with a codebook, the default one if none is given, and open it.

        Raises ProjectError if there is a file of that name or it cannot be made.
        """
        from annotator.store.repository import create_repository

        return cls(path, create_repository(path, codebook or default_codebook()))

    @staticmethod
    def recover(damaged: Path, out: Path) -> Recovered:
        """Save what can be read of a damaged project into a new file; see :mod:`annotator.store.recovery`."""
        from annotator.store.recovery import recover

        return recover(damaged, out, default_codebook())

    def editor(self, annotator: str) -> Editor:
        """The door through which one annotator changes labels."""
        from annotator.session.editor import Editor

        editor = Editor(self.repository, self.codebook, annotator)
        with suppress(StorageError):  # somebody else may have changed it since this was opened
            # After the editor has its number: one that comes in between is noticed by that.
            editor.codebook = self.codebook = self.repository.codebook()
        editor.codebook_listeners.append(self._take_codebook)
        return editor

    def _take_codebook(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def refuse_stranger(self, annotator: str) -> None:
        """Raise InputError where nobody of that name has labelled in the project."""
        names = self.repository.annotators()
        if annotator not in names:
            raise InputError(
                f"nobody called {annotator} has labelled in this project",
                where=str(self.path),
                cure=f"Choose one of {', '.join(names)}" if names else "Label an article first",
            )

    def close(self) -> None:
        """Close the file; one file remains."""
        self.repository.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
