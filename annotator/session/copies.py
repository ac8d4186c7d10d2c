"""A copy of a project at another place, with what could not be written to the project itself."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from annotator.core.errors import ProjectError, StorageError
from annotator.core.history import Edit
from annotator.session.backups import backups_of
from annotator.session.project import Project
from annotator.store.parts import part_beside


class Copied(Struct, frozen=True):
    """What a copy holds."""

    path: Path
    edits: int
    """Unsaved edits that are in it now."""
    lost: tuple[str, ...]
    """Titles of those that do not fit it."""
    backup: str = ""
    """Since when the labels are missing where only a backup could be read: “2026-11-24 13:59”."""


def save_copy(project: Project, unsaved: Sequence[Edit], target: Path) -> Copied:
    """Copy an open project and write the unsaved edits into the copy; the newest backup stands in for a file
    that can no longer be read.

    Raises ProjectError where there is a file of that name or it cannot be made.
    """
    if target.exists():
        raise ProjectError(
            "there is a file of this name already", where=str(target), cure="Choose another name"
        )
    since = ""
    part = part_beside(target)  # whoever kills this leaves no half copy under its name
    try:
        try:
            project.repository.copy_to(part)
        except ProjectError:
            part.unlink(missing_ok=True)
            backups = backups_of(project.path)
            if not backups:
                raise
            since = f"{backups[0].at:%Y-%m-%d %H:%M}"
            try:
                shutil.copyfile(backups[0].path, part)
            except OSError as error:
                raise _not_written(target, error) from error
        lost = []
        with Project.open(part) as copy:
            for edit in unsaved:
                try:
                    copy.repository.save_edit(edit)
                except StorageError:
                    raise
                except ProjectError:
                    lost.append(edit.title)
        part.replace(target)
    except OSError as error:
        raise _not_written(target, error) from error
    finally:
        part.unlink(missing_ok=True)
    return Copied(target, len(unsaved) - len(lost), tuple(lost), since)


def _not_written(target: Path, error: OSError) -> StorageError:
    return StorageError(
        f"the copy cannot be written: {error.strerror}", where=str(target), cure="Choose another folder"
    )
