"""Status, flag, note and furniture of an article."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from annotator.core.changes import Change, ChangeSet, FurnitureChange, ProgressChange
from annotator.core.commands.base import Desk
from annotator.core.errors import RuleError
from annotator.core.model import Fragment, Status
from annotator.core.records import replace
from annotator.core.text import overlaps, paragraphs

STATUS_NAMES = {
    Status.NEW: "new",
    Status.IN_PROGRESS: "in progress",
    Status.DONE: "done",
    Status.SKIPPED: "skipped",
}


class SetStatus(Struct, frozen=True):
    """Set how far the annotator is with the article."""

    status: Status
    verb: ClassVar[str] = "set_status"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Nothing to do where the status is that already."""
        before = desk.page.progress
        after = replace(before, status=self.status)
        changes: list[Change] = [] if after == before else [ProgressChange(before, after)]
        return f"Mark as {STATUS_NAMES[self.status]}", desk.changes(changes)


class SetFlag(Struct, frozen=True):
    """Flag the article for a second look, or take the flag away."""

    flagged: bool
    verb: ClassVar[str] = "set_flag"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Nothing to do where it is so already."""
        before = desk.page.progress
        after = replace(before, flagged=self.flagged)
        changes: list[Change] = [] if after == before else [ProgressChange(before, after)]
        return "Flag the article" if self.flagged else "Remove the flag", desk.changes(changes)


class SetNote(Struct, frozen=True):
    """Set or clear (None) the annotator's note of the article."""

    note: str | None
    verb: ClassVar[str] = "set_note"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Nothing to do where it is so already."""
        before = desk.page.progress
        after = replace(before, note=self.note or None)
        changes: list[Change] = [] if after == before else [ProgressChange(before, after)]
        return "Note on the article", desk.changes(changes)


class ToggleFurniture(Struct, frozen=True):
    """Mark the paragraph around a code point as furniture, or as part of the article again."""

    offset: int
    verb: ClassVar[str] = "toggle_furniture"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for an empty paragraph."""
        before = desk.page.article.furniture
        start, end = paragraph_at(desk.page.text, self.offset)
        if start == end:
            raise RuleError("there is no paragraph here")
        touched = [each for each in before if overlaps(each, (start, end))]
        if touched:
            rest: list[Fragment] = []
            for left, right in touched:
                rest += [(left, start)] if left < start else []
                rest += [(end, right)] if end < right else []
            kept = tuple(part for part in rest if desk.page.text[slice(*part)].strip())
            return "Back to the article", desk.changes([FurnitureChange(tuple(touched), kept)])
        title = "Mark the paragraph as furniture"
        return title, desk.changes([FurnitureChange((), ((start, end),))])


def paragraph_at(text: str, offset: int) -> Fragment:
    """The half-open range of the line around a code point, without its LF."""
    return next(
        ((start, end) for start, end in paragraphs(text) if start <= offset <= end),
        (len(text), len(text)),
    )
