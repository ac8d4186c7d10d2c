"""One step of the edit log: what undo and redo run on, and the project's audit trail."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.core.changes import PROJECT, ChangeSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change by a person. ``number`` is its place in the log, 0 before it is saved."""

    number: int = 0
    at: str
    annotator: str
    verb: str
    title: str
    """What it did, for the undo menu: “Label “US” as Place”."""
    changes: tuple[ChangeSet, ...]
    """One change set per article that it touches; one more for what belongs to no article."""

    @property
    def articles(self) -> list[str]:
        """Ids of the articles that it touches."""
        return [each.article for each in self.changes if each.article != PROJECT]

    def inverses(self) -> tuple[ChangeSet, ...]:
        """The change sets that take it back."""
        return tuple(each.inverted() for each in reversed(self.changes))
