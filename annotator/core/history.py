"""One step of the edit log: what undo and redo run on, and the project's audit trail."""

from __future__ import annotations

from msgspec import Struct

from annotator.core.changes import PROJECT, ChangeSet, CodebookChange
from annotator.core.errors import Problem


class Edit(Struct, frozen=True, kw_only=True):
    """One change by a person. ``number`` is its place in the log, 0 before it is saved."""

    number: int = 0
    at: str
    annotator: str
    verb: str
    title: str
    """What it did, for the undo menu: “Label “US” as Place”."""
    changes: tuple[ChangeSet, ...]
    """One change set per article that it touches; one more for what belongs to no article."""
    codebook: int = 0
    """Number of the project's codebook in whose words it is; 0 where that does not matter."""
    carried: bool = False
    """Whether its words were others when it was made: the codebook has changed since."""
    stuck: Problem | None = None
    """Why it can no longer be undone or done again, as the codebook has changed since; None where it can."""

    @property
    def articles(self) -> list[str]:
        """Ids of the articles that it touches."""
        return [each.article for each in self.changes if each.article != PROJECT]

    @property
    def codebook_change(self) -> CodebookChange | None:
        """The change of the codebook that it is, if it is one."""
        changes = [one for each in self.changes if each.article == PROJECT for one in each.changes]
        return next((each for each in changes if isinstance(each, CodebookChange)), None)

    def inverses(self) -> tuple[ChangeSet, ...]:
        """The change sets that take it back."""
        return tuple(each.inverted() for each in reversed(self.changes))
