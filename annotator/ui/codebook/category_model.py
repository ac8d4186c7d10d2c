"""The tree of categories as a Qt model, filtered by what was typed, with drag and drop."""

from __future__ import annotations

from typing import Any, override

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.ui.codebook.desk import CodebookDesk

type Index = QModelIndex | QPersistentModelIndex

MIME = "application/x-annotator-category"
"""What is dragged: a category's id."""


class CategoryModel(QAbstractItemModel):
    """The draft's categories. With a filter only those that fit are there, and what is above them."""

    def __init__(self, desk: CodebookDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._filter = ""
        self._tree: dict[int | None, list[int]] = {}
        self._places: dict[int, tuple[int | None, int]] = {}
        self._read()

    def _read(self) -> bool:
        """Take the tree over from the draft. Whether it has another shape now."""
        draft = self._desk.draft
        tree: dict[int | None, list[int]] = {}
        waiting: list[int | None] = [None]
        while waiting:
            parent = waiting.pop()
            children = draft.children(parent)
            if children:
                tree[parent] = children
                waiting += children
        if self._filter:
            fits = self._fitting(tree)
            tree = {parent: [each for each in ids if each in fits] for parent, ids in tree.items()}
            tree = {parent: ids for parent, ids in tree.items() if ids}
        if tree == self._tree:
            return False
        self._tree = tree
        self._places = {id_: (parent, nth) for parent, ids in tree.items() for nth, id_ in enumerate(ids)}
        return True

    def _fitting(self, tree: dict[int | None, list[int]]) -> set[int]:
        draft, words = self._desk.draft, self._filter.casefold().split()
        found: set[int] = set()
        for ids in tree.values():
            for id_ in ids:
                one = draft.category(id_)
                text = f"{one.title} {one.code} {one.definition}".casefold()
                above: int | None = id_
                if all(word in text for word in words):
                    while above is not None and above not in found:
                        found.add(above)
                        above = draft.parent(above)
        return found

    def follow(self) -> bool:
        """Show the draft as it is now. Whether the tree was built anew."""
        before = self._tree, self._places
        if not self._read():
            return False  # the view paints what is in sight anew anyhow
        after = self._tree, self._places
        self._tree, self._places = before
        self.beginResetModel()
        self._tree, self._places = after
        self.endResetModel()
        return True

    def set_filter(self, text: str) -> None:
        """Show only the categories whose title, code or definition has all these words."""
        self._filter = text.strip()
        self.follow()

    @property
    def filtered(self) -> bool:
        """Whether only some of the categories are shown."""
        return bool(self._filter)

    def index_of(self, id_: int | None) -> QModelIndex:
        """Where a category is; invalid for None and for one that is not shown."""
        place = self._places.get(id_) if id_ is not None else None
        return QModelIndex() if place is None else self.createIndex(place[1], 0, id_)

    @staticmethod
    def id_of(index: Index) -> int | None:
        """The category at a place; None for no place."""
        return int(index.internalId()) if index.isValid() else None

    # -- what Qt asks -----------------------------------------------------------------------------

    @override
    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        ids = self._tree.get(self.id_of(parent), [])
        return (
            self.createIndex(row, column, ids[row]) if 0 <= row < len(ids) and column == 0 else QModelIndex()
        )

    @override
    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        place = self._places.get(self.id_of(index) or 0)
        return QModelIndex() if place is None else self.index_of(place[0])

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._tree.get(self.id_of(parent), ()))

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        id_ = self.id_of(index)
        if id_ is None or not self._desk.draft.has(id_):
            return None
        category = self._desk.draft.category(id_)
        title = "" if category.title == category.code else category.title
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title or self._desk.draft.segment(id_)
            case Qt.ItemDataRole.EditRole:
                return title
            case Qt.ItemDataRole.UserRole:
                return category
            case Qt.ItemDataRole.ToolTipRole:
                return self._desk.flaw(id_) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                wrong = self._desk.flaw(id_)
                return ", ".join(each for each in (title or category.code, category.code, wrong) if each)
            case _:
                return None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        id_, title = self.id_of(index), " ".join(str(value).split())
        if id_ is None or not title or not self._desk.may_edit:
            return False
        self._desk.draft.change(id_, title=title)
        return True

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        item = Qt.ItemFlag
        if not self._desk.may_edit:
            return super().flags(index)
        if not index.isValid():
            return item.ItemIsDropEnabled
        return super().flags(index) | item.ItemIsEditable | item.ItemIsDragEnabled | item.ItemIsDropEnabled

    # -- drag and drop ----------------------------------------------------------------------------

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME]

    @override
    def mimeData(self, indexes: Any) -> QMimeData:
        made = QMimeData()
        made.setData(MIME, str(self.id_of(indexes[0])).encode())
        return made

    @override
    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if not data.hasFormat(MIME) or not self._desk.may_edit:
            return False
        above, dragged = self.id_of(parent), _dragged(data)
        while above is not None:  # not below itself
            if above == dragged:
                return False
            above = self._desk.draft.parent(above)
        return True

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        id_, to = _dragged(data), self.id_of(parent)
        siblings = self._tree.get(to, [])
        if row < 0:  # on a category: below it, at the end
            after = next((each for each in reversed(self._desk.draft.children(to)) if each != id_), None)
        else:
            before = [each for each in siblings[:row] if each != id_]
            after = before[-1] if before else None
        self._desk.draft.place_category(id_, to, after)
        return False  # the tree has been built anew: there is no row for Qt to remove


def _dragged(data: QMimeData) -> int:
    return int(bytes(data.data(MIME).data()).decode())
