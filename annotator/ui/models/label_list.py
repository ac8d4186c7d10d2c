"""The open article's spans and relations as a Qt list, refreshed row by row.

A span is followed by the relations that start at it. Rows keep text order, so one edit moves only
the rows that it touches: with 2,000 spans an edit costs a few binary searches.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, override

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from annotator.core.changes import ChangeSet, DecisionChange, RelationChange, SpanChange
from annotator.core.codebook import Attribute, Codebook
from annotator.core.model import Fragments, Kind, Relation, Span, Target
from annotator.core.page import Page
from annotator.core.pending import missing, required_of
from annotator.core.records import replace
from annotator.core.text import excerpt, slice_of
from annotator.ui.controls import tip

MANY = 60
"""From this many touched labels on, the whole list is built again."""

type Index = QModelIndex | QPersistentModelIndex
type Key = tuple[int, int, str, str, int, str]


class LabelRow(Struct, frozen=True):
    """One line of the list: a span, or a relation (then ``span`` is its head, ``tail`` its tail)."""

    key: Key
    """Text order: the span's (start, -end, kind, id), then its own row before its relations."""
    span: Span
    relation: Relation | None = None
    tail: Span | None = None

    @property
    def id(self) -> str:
        """The id of the span or relation."""
        return self.span.id if self.relation is None else self.relation.id

    @property
    def is_suggestion(self) -> bool:
        """Whether it waits for a decision."""
        return (self.relation or self.span).is_suggestion


class LabelRole(IntEnum):
    """What a row can be asked for, besides its display text."""

    ROW = Qt.ItemDataRole.UserRole
    """The LabelRow."""
    TITLE = Qt.ItemDataRole.UserRole + 1
    """The label's name, or the relation type's title."""
    EXCERPT = Qt.ItemDataRole.UserRole + 2
    """What the span covers, or the tail of the relation, on one line."""
    COLOUR = Qt.ItemDataRole.UserRole + 3
    """Name of the colour in the theme's palette."""
    MISSING = Qt.ItemDataRole.UserRole + 4
    """What the label lacks, in words; empty where nothing."""


class LabelListModel(QAbstractListModel):
    """Own labels and open suggestions in sight of one page, in text order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._codebook: Codebook | None = None
        self._rows: list[LabelRow] = []
        self._keys: list[Key] = []
        self._by_id: dict[str, LabelRow] = {}
        self._joined: defaultdict[str, set[str]] = defaultdict(set)
        """Span id → ids of the relation rows that show it."""
        self._required: dict[Kind | None, list[Attribute]] = {}
        """What spans of a kind, and (None) relations, must have."""
        self._suggested: dict[str, Span] = {}
        self._suggestions = 0
        """Lines that are suggestions."""
        self._twins: dict[tuple[Kind, Fragments], list[str]] = {}
        self._hanging: dict[str, list[str]] = {}

    # -- filling -----------------------------------------------------------------------------

    def set_page(self, page: Page | None, codebook: Codebook | None) -> None:
        """Show another page; None shows nothing."""
        self.beginResetModel()
        self._page, self._codebook = page, codebook
        if codebook is not None:
            self._required = {kind: required_of(codebook.attributes_of(kind)) for kind in Kind}
            self._required[None] = required_of(codebook.relation_attributes())
        self._build()
        self.endResetModel()

    def refresh(self, changes: ChangeSet | None = None) -> None:
        """The page has changed: by one change set, or (None) in any way, as by new suggestions."""
        page = self._page
        if page is None:
            return
        touched = None if changes is None else self._touched(page, changes)
        if touched is None or len(touched[0]) + len(touched[1]) > MANY:
            self.beginResetModel()
            self._build()
            self.endResetModel()
            return
        spans, relations = touched
        for each in relations:
            self._settle(each, self._relation_row(page, each))
        for each in spans:
            self._settle(each, self._span_row(page, each))

    def _build(self) -> None:
        page = self._page
        self._rows, self._keys, self._by_id = [], [], {}
        self._joined.clear()
        self._suggestions = 0
        self._suggested, self._twins, self._hanging = {}, {}, {}
        if page is None:
            return
        self._index_suggestions(page)
        spans = {span.id: span for span in page.visible_spans()}
        rows = [LabelRow((*span.order, 0, ""), span) for span in spans.values()]
        rows += [
            self._joined_row(spans[each.head], each, spans[each.tail])
            for each in page.visible_relations()
            if each.head in spans and each.tail in spans
        ]
        rows.sort(key=lambda row: row.key)
        self._rows = rows
        self._keys = [row.key for row in rows]
        for row in rows:
            self._remember(row)

    def _index_suggestions(self, page: Page) -> None:
        self._suggested = page.suggestions
        for span in page.suggestions.values():
            self._twins.setdefault((span.kind, span.fragments), []).append(span.id)
        for relation in page.relation_suggestions.values():
            for end in (relation.head, relation.tail):
                self._hanging.setdefault(end, []).append(relation.id)

    def _remember(self, row: LabelRow) -> None:
        self._by_id[row.id] = row
        self._suggestions += row.is_suggestion
        if row.relation is not None and row.tail is not None:
            self._joined[row.span.id].add(row.id)
            self._joined[row.tail.id].add(row.id)

    def _forget(self, row: LabelRow) -> None:
        del self._by_id[row.id]
        self._suggestions -= row.is_suggestion
        if row.relation is not None and row.tail is not None:
            self._joined[row.span.id].discard(row.id)
            self._joined[row.tail.id].discard(row.id)

    # -- what one edit touches ---------------------------------------------------------------

    def _touched(self, page: Page, changes: ChangeSet) -> tuple[set[str], set[str]] | None:
        """Ids of the spans and relations whose rows may differ now; None: all of them may."""
        if page.suggestions is not self._suggested:
            return None
        spans = set(changes.span_ids)
        for change in changes.changes:
            if isinstance(change, SpanChange):
                for span in (change.before, change.after):
                    if span is not None:
                        spans.update(self._twins.get((span.kind, span.fragments), ()))
            elif isinstance(change, DecisionChange):
                for decision in (change.before, change.after):
                    if decision is not None and decision.target == Target.SPAN and decision.made:
                        spans.add(decision.made)
        relations = set(changes.relation_ids)
        for change in changes.changes:
            if isinstance(change, RelationChange):
                for relation in (change.before, change.after):
                    if relation is not None:  # an equal suggestion is shown while it is not drawn
                        relations.update(self._hanging_at(page, relation.head))
        for each in spans:
            relations.update(self._joined.get(each, ()))
            relations.update(relation.id for relation in page.relations_of(each))
            relations.update(self._hanging.get(each, ()))
        return spans, relations

    def _hanging_at(self, page: Page, span_id: str) -> set[str]:
        """Ids of the suggested relations at a span, or at the suggestions that it stands for."""
        found = set(self._hanging.get(span_id, ()))
        own = page.spans.get(span_id)
        if own is not None:
            for each in (own.suggestion, *self._twins.get((own.kind, own.fragments), ())):
                found.update(self._hanging.get(each or "", ()))
        return found

    def _span_row(self, page: Page, span_id: str) -> LabelRow | None:
        span = page.spans.get(span_id)
        if span is None:
            span = page.suggestions.get(span_id)
            if span is None or not page.is_shown(span):
                return None
        return LabelRow((*span.order, 0, ""), span)

    def _relation_row(self, page: Page, relation_id: str) -> LabelRow | None:
        relation = page.relations.get(relation_id)
        if relation is None:
            relation = page.relation_suggestions.get(relation_id)
            if relation is None or not page.is_shown_relation(relation):
                return None
            head, tail = page.stand_in(relation.head), page.stand_in(relation.tail)
            assert head is not None and tail is not None
            relation = replace(relation, head=head, tail=tail)
        ends = (self._span_row(page, relation.head), self._span_row(page, relation.tail))
        if ends[0] is None or ends[1] is None:
            return None
        return self._joined_row(ends[0].span, relation, ends[1].span)

    @staticmethod
    def _joined_row(head: Span, relation: Relation, tail: Span) -> LabelRow:
        return LabelRow((*head.order, 1 + tail.start, relation.id), head, relation, tail)

    def _settle(self, label_id: str, after: LabelRow | None) -> None:
        """Take out, put in or redraw one row."""
        before = self._by_id.get(label_id)
        if before == after:
            return
        if before is not None and after is not None and before.key == after.key:
            place = bisect_left(self._keys, before.key)
            self._forget(before)
            self._rows[place] = after
            self._remember(after)
            where = self.index(place)
            self.dataChanged.emit(where, where)
            return
        if before is not None:
            place = bisect_left(self._keys, before.key)
            self.beginRemoveRows(QModelIndex(), place, place)
            del self._rows[place], self._keys[place]
            self._forget(before)
            self.endRemoveRows()
        if after is not None:
            place = bisect_left(self._keys, after.key)
            self.beginInsertRows(QModelIndex(), place, place)
            self._rows.insert(place, after)
            self._keys.insert(place, after.key)
            self._remember(after)
            self.endInsertRows()

    # -- asking ------------------------------------------------------------------------------

    def row_at(self, row: int) -> LabelRow:
        """The line in a row."""
        return self._rows[row]

    def place_of(self, label_id: str) -> int | None:
        """The row of a span or relation; None if it is not in the list."""
        found = self._by_id.get(label_id)
        return None if found is None else bisect_left(self._keys, found.key)

    @property
    def rows(self) -> Sequence[LabelRow]:
        """Every line, in order; not to be changed."""
        return self._rows

    @property
    def counts(self) -> tuple[int, int]:
        """How many lines are the annotator's own, and how many are suggestions."""
        return len(self._rows) - self._suggestions, self._suggestions

    def words_of(self, row: LabelRow) -> str:
        """Everything that a line says, to be searched: its label or type, and the words that it covers."""
        if self._page is None or self._codebook is None:
            return ""
        parts = [self._title(self._codebook, row), slice_of(self._page.text, row.span.fragments)]
        if row.tail is not None:
            parts.append(slice_of(self._page.text, row.tail.fragments))
        return "\n".join(parts)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._page is None or self._codebook is None or not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case LabelRole.ROW:
                return row
            case LabelRole.TITLE:
                return self._title(self._codebook, row)
            case LabelRole.EXCERPT:
                return self._excerpt(self._page, row.tail or row.span, 160)
            case LabelRole.MISSING:
                return self._missing(row)
            case LabelRole.COLOUR:
                return colour_of(self._codebook, row.tail or row.span)
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(self._page, self._codebook, row)
            case Qt.ItemDataRole.ToolTipRole:
                words = self._excerpt(self._page, row.tail or row.span, 400)
                return tip(f"{lacks} – {words}" if (lacks := self._missing(row)) else words)
            case _:
                return None

    def _title(self, codebook: Codebook, row: LabelRow) -> str:
        if row.relation is None:
            return row.span.label
        rule = codebook.relation_type(row.relation.type)
        return row.relation.type if rule is None else rule.title

    def _missing(self, row: LabelRow) -> str:
        if row.is_suggestion:
            return ""
        record = row.relation or row.span
        lacks = missing(record, self._required.get(None if row.relation else row.span.kind, ()))
        return f"missing: {', '.join(each.title or each.name for each in lacks)}" if lacks else ""

    def _excerpt(self, page: Page, span: Span, limit: int) -> str:
        return excerpt(slice_of(page.text, span.fragments), limit)

    def _spoken(self, page: Page, codebook: Codebook, row: LabelRow) -> str:
        mark = "suggestion, " if row.is_suggestion else ""
        mark = f"{lacks}; " if (lacks := self._missing(row)) else mark
        words = self._excerpt(page, row.span, 80)
        if row.tail is None:
            return f"{mark}{row.span.label}: {words}"
        tail = self._excerpt(page, row.tail, 80)
        return f"{mark}relation: {words} {self._title(codebook, row)} {tail}"


def colour_of(codebook: Codebook, span: Span) -> str:
    """The colour name of a span's label; that of its kind where the codebook has no such label."""
    found = codebook.label(span.kind, span.label)
    return found.colour if found is not None else str(span.kind)
