"""Which rows of the list of labels are shown: by state, by kind or label, by typed words."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import override

from msgspec import Struct
from PySide6.QtCore import QObject, QSortFilterProxyModel

from annotator.core.codebook import Codebook
from annotator.core.model import Kind
from annotator.ui.models.label_list import Index, LabelListModel, LabelRow


class Show(Enum):
    """Whose labels are shown."""

    ALL = "All"
    MINE = "Mine"
    SUGGESTED = "Suggested"


class Sort(Struct, frozen=True):
    """What the rows have in common: a kind of span, or relations; with ``name`` one label or type of it.

    Neither of the two: every row.
    """

    kind: Kind | None = None
    relations: bool = False
    name: str | None = None

    def fits(self, row: LabelRow) -> bool:
        """Whether a row is of this sort."""
        if row.relation is not None:
            return (self.kind is None) and (self.name is None or row.relation.type == self.name)
        if self.relations:
            return False
        if self.kind is None:
            return True
        return row.span.kind == self.kind and (self.name is None or row.span.label == self.name)


ANY = Sort()

KINDS = (
    (Kind.CLAIM, "Claims"),
    (Kind.ACTOR, "Actors"),
    (Kind.CUE, "Cues"),
    (Kind.ENTITY, "Entities"),
)


def sorts_of(codebook: Codebook) -> list[tuple[Sort, str, int]]:
    """What the list can be narrowed to: each sort, its words, and 1 where it belongs under the one above.

    A kind's labels follow it where there is more than one.
    """
    made: list[tuple[Sort, str, int]] = []
    for kind, words in KINDS:
        labels = [label for label in codebook.labels if label.kind == kind]
        if labels:
            made.append((Sort(kind), words, 0))
        if len(labels) > 1:
            made += [(Sort(kind, name=label.name), label.name, 1) for label in labels]
    if codebook.relation_types:
        made.append((Sort(relations=True), "Relations", 0))
        made += [(Sort(relations=True, name=each.name), each.title, 1) for each in codebook.relation_types]
    return made


def has_words(wanted: tuple[str, ...], text: str) -> bool:
    """Whether every wanted word, already folded, is somewhere in a text."""
    folded = text.casefold()
    return all(word in folded for word in wanted)


class LabelFilter(QSortFilterProxyModel):
    """Lets through the rows of one state (``show``) and one ``sort`` that have the typed ``words``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.show = Show.ALL
        self.sort_shown = ANY
        self.words: tuple[str, ...] = ()
        self._known: dict[str, tuple[LabelRow, bool]] = {}
        """Of the rows that were looked at, whether they have the words."""
        self.modelReset.connect(self._known.clear)

    @property
    def narrowed(self) -> bool:
        """Whether the sort or the words keep anything away."""
        return self.sort_shown != ANY or bool(self.words)

    def set_show(self, show: Show) -> None:
        """Show the rows of another state."""
        self._set(show, self.sort_shown, self.words)

    def set_sort(self, sort: Sort) -> None:
        """Show another sort of rows."""
        self._set(self.show, sort, self.words)

    def set_words(self, text: str) -> None:
        """Show the rows that have every word of a text, in any order and case."""
        self._set(self.show, self.sort_shown, tuple(text.casefold().split()))

    def _set(self, show: Show, sort: Sort, words: tuple[str, ...]) -> None:
        if (show, sort, words) == (self.show, self.sort_shown, self.words):
            return
        self.beginResetModel()
        self.show, self.sort_shown, self.words = show, sort, words
        self.endResetModel()

    @property
    def _model(self) -> LabelListModel:
        model = self.sourceModel()
        assert isinstance(model, LabelListModel)
        return model

    @override
    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row = self._model.row_at(source_row)
        return self._is_of(self.show, row) and self._fits(row)

    def _is_of(self, show: Show, row: LabelRow) -> bool:
        return show is Show.ALL or row.is_suggestion == (show is Show.SUGGESTED)

    def _fits(self, row: LabelRow) -> bool:
        """Whether sort and words let a row through, whatever its state."""
        if not self.sort_shown.fits(row):
            return False
        if not self.words:
            return True
        known = self._known.get(row.id)
        if known is None or known[0] is not row:
            known = self._known[row.id] = (row, has_words(self.words, self._model.words_of(row)))
        return known[1]

    def counts(self) -> dict[Show, int]:
        """How many rows each state has that sort and words let through."""
        suggested = mine = 0
        if not self.narrowed:
            mine, suggested = self._model.counts
        else:
            for row in self._model.rows:
                if self._fits(row):
                    if row.is_suggestion:
                        suggested += 1
                    else:
                        mine += 1
        return {Show.ALL: mine + suggested, Show.MINE: mine, Show.SUGGESTED: suggested}

    def suggestions(self) -> Iterator[LabelRow]:
        """The suggestions that sort and words let through, in the list's order."""
        return (row for row in self._model.rows if row.is_suggestion and self._fits(row))

    def count_of(self, sort: Sort) -> int:
        """How many rows are of a sort, of the state that is shown."""
        return sum(self._is_of(self.show, row) and sort.fits(row) for row in self._model.rows)
