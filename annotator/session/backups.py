"""Copies of a project that the program makes by itself, kept apart from it, and going back to one.

They lie in the person's data folder, one folder for each project, so that they outlast the folder that
the project is in. Each has a number that only grows: the clock may go backwards.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from annotator.core.errors import ProjectError
from annotator.runtime.paths import data_folder

log = logging.getLogger(__name__)

KEPT = 10
"""The newest backups are kept all the same."""
KEPT_DAYS = 14
"""Of older ones the last of each day is kept, for so many days with a backup."""
LARGE = 300_000_000
KEPT_LARGE = 3
"""Of a project with more bytes than ``LARGE`` only so many backups are kept."""
_NAME = re.compile(r"(\d{4,}) (\d{4}-\d\d-\d\d) (\d\d)\.(\d\d)\.annot$")


class Backup(Struct, frozen=True):
    """One copy of a project."""

    path: Path
    number: int
    at: datetime
    """When it was made, local time to the minute."""
    size: int
    """Bytes."""


def folder_of(project: Path) -> Path:
    """Where the backups of the project at that path lie."""
    digest = hashlib.sha256(str(project.absolute()).encode("utf-8", "surrogateescape")).hexdigest()
    return data_folder() / "backups" / f"{project.stem}-{digest[:8]}"


def backups_of(project: Path) -> list[Backup]:
    """The backups of the project at that path, newest first."""
    found = []
    with suppress(OSError):
        for path in folder_of(project).iterdir():
            name = _NAME.match(path.name)
            if name is None:
                continue
            with suppress(OSError, ValueError):
                at = datetime.fromisoformat(f"{name[2]}T{name[3]}:{name[4]}")
                found.append(Backup(path, int(name[1]), at, path.stat().st_size))
    return sorted(found, key=lambda each: -each.number)


def back_up(project: Path) -> Path | None:
    """Copy a project, unless nothing was done since the last backup, and drop backups that are too many.

    May be called while the project is open. Gives the copy, or None where none was needed. Raises
    ProjectError where it cannot be made; older ones are then all still there.
    """
    from annotator.store.copying import copy_project, mark_of

    older = backups_of(project)
    mark = mark_of(project)
    if older:
        with suppress(ProjectError):  # one that cannot be read is no backup
            if mark_of(older[0].path) == mark:
                return None
    number = older[0].number + 1 if older else 1
    copy = folder_of(project) / f"{number:04} {datetime.now():%Y-%m-%d %H.%M}.annot"
    copy_project(project, copy)
    log.info("backup %d made", number)
    for each in surplus(backups_of(project)):
        each.path.unlink(missing_ok=True)
    _remove_unfinished(copy.parent)
    return copy


def _remove_unfinished(folder: Path) -> None:
    """Remove backups that were being made when the program was killed, long ago."""
    from annotator.store.parts import PART, STALE

    with suppress(OSError):
        for each in folder.iterdir():
            name = each.name.removesuffix("-journal")
            if name.endswith(PART) and _NAME.match(name.removesuffix(PART)):
                with suppress(OSError):
                    if time.time() - each.stat().st_mtime > STALE:
                        each.unlink()


def surplus(backups: list[Backup]) -> list[Backup]:
    """Those of some backups, newest first, that are no longer kept."""
    if backups and backups[0].size > LARGE:
        return backups[KEPT_LARGE:]
    days: dict[str, Backup] = {}
    for each in backups[KEPT:]:
        days.setdefault(f"{each.at:%Y-%m-%d}", each)
    kept = list(days.values())[:KEPT_DAYS]
    return [each for each in backups[KEPT:] if each not in kept]


def restore(project: Path, backup: Path) -> Path:
    """Put a backup in the place of a project, which must be closed. Gives what became of the other.

    What was there is kept: as a backup, or, where it is too damaged for that, beside the project under
    another name. Raises ProjectError where the backup is damaged or cannot be copied; the project is
    then as it was.
    """
    from annotator.store.copying import check_whole, copy_project
    from annotator.store.failures import explained
    from annotator.store.parts import PART

    check_whole(backup)
    fresh = project.with_name(f"{project.name}.restored")
    copy_project(backup, fresh)
    try:
        kept = _set_aside(project)
        with explained(project):
            fresh.replace(project)
    finally:
        fresh.unlink(missing_ok=True)
        fresh.with_name(fresh.name + PART).unlink(missing_ok=True)
    return kept


def _set_aside(project: Path) -> Path:
    """Keep what is in a project's place, log included. Gives where it is kept."""
    from annotator.store.copying import check_whole
    from annotator.store.failures import explained

    beside = [project.with_name(f"{project.name}{end}") for end in ("-wal", "-shm")]
    if not project.exists():
        return project
    try:
        check_whole(project)
        kept = back_up(project) or backups_of(project)[0].path
    except ProjectError:
        kept = _free_name(project)
        with explained(project):
            project.rename(kept)
            for each in beside:
                if each.exists():
                    each.rename(kept.with_name(each.name.replace(project.name, kept.name, 1)))
        return kept
    with explained(project):
        for each in beside:
            each.unlink(missing_ok=True)
    return kept


def _free_name(project: Path) -> Path:
    count = 1
    while (kept := project.with_name(f"{project.name}.damaged-{count}")).exists():
        count += 1
    return kept
