"""Edits that could not be written to the project file: kept in memory and in a file of the person's own.

The disk may be full, a share may have gone, a file may have become read-only. What was labelled then is
written to the person's data folder as well, so that it outlasts the program.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from annotator.core.changes import changeset_from, changeset_to
from annotator.core.errors import Problem, RuleError
from annotator.core.history import Edit
from annotator.core.page import Page
from annotator.runtime.paths import data_folder
from annotator.session.backups import folder_of

log = logging.getLogger(__name__)


class Unsaved:
    """One annotator's unsaved edits of one project, oldest first. True where there are some."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.taken_back: list[Edit] = []
        """Undone before they were saved, the last one last: redo carries them out again."""
        self.trouble: Problem | None = None
        """Why they are not saved."""
        self.changed: Callable[[], None] = lambda: None
        """Called after each change."""

    def __bool__(self) -> bool:
        return bool(self.edits)

    def add(self, edit: Edit) -> None:
        """One more, after which nothing can be redone."""
        self.edits.append(edit)
        self.taken_back = []
        self.changed()

    def take_back(self, edit: Edit) -> None:
        """The last one is undone."""
        assert self.edits[-1] is edit
        self.edits.pop()
        self.taken_back.append(edit)
        self.changed()

    def drop_first(self) -> Edit:
        """The oldest one is written, or given up."""
        edit = self.edits.pop(0)
        self.changed()
        return edit

    def put_on(self, page: Page) -> None:
        """Carry the edits of an article out on its page, which is as the file has it."""
        for edit in self.edits:
            if edit.stuck is not None:
                continue
            for changes in edit.changes:
                if changes.article == page.article.id:
                    try:
                        page.apply(changes)
                    except RuleError:
                        log.warning("an unsaved edit does not fit its article any more")


def file_of(project: Path, annotator: str) -> Path:
    """Where an annotator's unsaved edits of the project at that path are kept."""
    name = f"{folder_of(project).name}-{annotator.encode().hex()[:32]}.jsonl"
    return data_folder() / "unsaved" / name


def keep(edits: list[Edit], file: Path) -> bool:
    """Have the file hold exactly these edits, or not be there. Whether that was possible."""
    part = file.with_name(file.name + ".part")
    try:
        if not edits:
            file.unlink(missing_ok=True)
            return True
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            out.writelines(orjson.dumps(_edit_to(each)) + b"\n" for each in edits)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        log.warning("unsaved edits could not be kept: %s", error.strerror)
        return False
    return True


def kept(file: Path) -> list[Edit]:
    """The edits that a file holds; none where there is no such file. What cannot be read is left out."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            found.append(_edit_from(orjson.loads(line)))
        except (ValueError, KeyError, TypeError):
            log.warning("a line of unsaved edits cannot be read")
    return found


def _edit_to(edit: Edit) -> dict[str, Any]:
    return {
        "at": edit.at,
        "annotator": edit.annotator,
        "verb": edit.verb,
        "title": edit.title,
        "codebook": edit.codebook,
        "changes": [changeset_to(each) for each in edit.changes],
    }


def _edit_from(data: dict[str, Any]) -> Edit:
    return Edit(
        at=data["at"],
        annotator=data["annotator"],
        verb=data["verb"],
        title=data["title"],
        codebook=data.get("codebook", 0),
        changes=tuple(changeset_from(each) for each in data["changes"]),
    )
