"""Actor records of the open project: looking them up, and every edit of them and of their links.

Each method that changes something is one edit of the edit log, which one undo takes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.core.history import Edit
from annotator.core.model import ActorRecord, Span
from annotator.core.ports import LoggedEdit, Mention
from annotator.core.registry import Match, Registry

if TYPE_CHECKING:
    from annotator.session.editor import Editor


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one."""

    a: ActorRecord
    b: ActorRecord
    score: float
    """How likely, from 0 to 1."""
    why: str
    """In words: “the same name”."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A link of all spans with the same words that has been looked up and not been carried out."""

    title: str
    """What it does, for the menu and the question: “Link 12 × “Malley” to Rob Malley in 5 articles”."""
    count: int
    """Own spans and suggestions that it links."""

    def run(self) -> Edit | None:
        """Carry it out as one edit, which one undo takes back. Raises as :meth:`Editor.run`."""
        raise NotImplementedError


class Actors:
    """The registry of the open project, kept in step with the file, and the edits of it."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self.listeners: list[object] = []

    @property
    def registry(self) -> Registry:
        """All records; read from the file at first use."""
        raise NotImplementedError

    def refresh(self) -> bool:
        """Take over what other programs changed in the file; whether anything was."""
        raise NotImplementedError

    def link(self, span_ids: Iterable[str], actor: str | None) -> Edit | None:
        """Link own actor spans of the open page to a record, or to none; suggestions are accepted with it.

        None where they all are so already. Raises RuleError for a span of another kind, or a record that
        is not there.
        """
        raise NotImplementedError

    def create(self, record: ActorRecord, link: Iterable[str] = ()) -> Edit | None:
        """Add a record, and link spans of the open page to it, as one edit. Raises RuleError as :meth:`link`,
        and for a record without a name."""
        raise NotImplementedError

    def alike(
        self, span: str, *, everywhere: bool = False, actor: str | None = None, suggestions: bool = False
    ) -> Alike | None:
        """The link of all own actor spans with the words of a span of the open page to its record.

        ``everywhere``: in the whole project, else in the open article. ``actor``: the record, where it is
        not the span's own. ``suggestions``: undecided suggested actors with these words are accepted and
        linked, too. None where the span has no record and none is given, or nothing is left to link.
        """
        raise NotImplementedError

    def proposals(self) -> Mapping[str, Match]:
        """By id of the spans of the open page: the record proposed for it.

        Of the own actor spans without a record and of the suggested ones in sight. Worked out once for
        each state of page and registry.
        """
        raise NotImplementedError

    def accept(self, span: str) -> Edit | None:
        """Link a span to the record that is proposed for it. Raises RuleError where none is."""
        raise NotImplementedError

    def refuse(self, span: str, actor: str) -> Edit | None:
        """Never propose a record again for what a span of the open page says.

        In the open article where the words are the record's name or alias, and nowhere at all where they
        only are near to it. For this annotator; undo takes it back.
        """
        raise NotImplementedError

    def edit(self, record: ActorRecord) -> Edit | None:
        """Give a record other values; what others have changed of it meanwhile stays.

        None where nothing changes. Raises RuleError where it is gone or would have no name. Its
        ``merged_into`` is left alone.
        """
        raise NotImplementedError

    def merge(self, ids: Iterable[str], into: str) -> Edit | None:
        """Merge records into another one: from now on they all are one identity, with all their spans.

        None where they are one already. Raises RuleError for records that are gone.
        """
        raise NotImplementedError

    def unmerge(self, actor: str) -> Edit | None:
        """Make a record that was merged into another one an identity again, with the spans that it had
        and got. None where it is one. Raises RuleError where it is gone."""
        raise NotImplementedError

    def split(self, actor: str, span_ids: Sequence[str], record: ActorRecord) -> Edit | None:
        """Add a record, and move own spans of a record's identity, in any articles, to it.

        Raises RuleError where a span is not the annotator's own or not one of this identity.
        """
        raise NotImplementedError

    def delete(self, actor: str, *, unlink: bool = False) -> Edit | None:
        """Delete a record. ``unlink``: its own spans are unlinked first, in the same edit.

        Raises RuleError where spans of anybody (else) mean it, or records are merged into it.
        """
        raise NotImplementedError

    def duplicates(self, limit: int = 100) -> list[Pair]:
        """Records that are likely to be one, the likeliest first, with the reason."""
        raise NotImplementedError

    def mentions(
        self, actor: str, offset: int = 0, limit: int = 100, *, annotator: str | None = None
    ) -> list[Mention]:
        """The spans of an identity over all articles in context, by article and place; of one annotator
        or of all."""
        raise NotImplementedError

    def mention_counts(self, annotator: str | None = None) -> dict[str, int]:
        """By id of the identities: their spans over all articles, of one annotator or of all. Records
        without any are left out."""
        raise NotImplementedError

    def history(self, actor: str) -> list[LoggedEdit]:
        """What was done to a record and what was merged into it, the latest first."""
        raise NotImplementedError

    def recent(self) -> list[str]:
        """Ids of the identities linked in the open article by the annotator, latest first."""
        raise NotImplementedError


def words_of(span: Span, text: str) -> str:
    """A span's words on one line."""
    raise NotImplementedError
