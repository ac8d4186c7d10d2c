"""A layout that lays out its items like words on a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import override

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lays out its items in rows, like words on a page; items wider than a row are narrowed.

    Items of unequal height share the middle of their row.
    """

    def __init__(self, parent: QWidget | None = None, *, gap: int = 4, row_gap: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self._gap, self._row_gap = gap, row_gap
        self.setContentsMargins(QMargins())

    @override
    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert_widget(self, place: int, widget: QWidget) -> None:
        """Add a widget before the item at that place."""
        self.addWidget(widget)
        self._items.insert(place, self._items.pop())
        self.invalidate()

    def widgets(self) -> Iterator[QWidget]:
        """Its widgets, in order."""
        return (found for item in self._items if (found := item.widget()) is not None)

    @override
    def count(self) -> int:
        return len(self._items)

    @override
    def itemAt(self, index: int) -> QLayoutItem:
        # Qt asks one past the end to find out where it is
        return self._items[index] if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    @override
    def takeAt(self, index: int) -> QLayoutItem:
        return self._items.pop(index) if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    @override
    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    @override
    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    @override
    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSize()

    @override
    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Place the items, or only find out how high they are together."""
        x, y, height = rect.x(), rect.y(), 0
        row: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if x > rect.x() and hint.width() > rect.right() + 1 - x:
                self._settle(row, height)
                x, y, height = rect.x(), y + height + self._row_gap, 0
            room = max(1, rect.right() + 1 - x)
            stretches = Qt.Orientation.Horizontal in item.expandingDirections()
            width = room if stretches else min(hint.width(), room)
            if move:
                row.append((item, QRect(QPoint(x, y), QSize(width, hint.height()))))
            x += width + self._gap
            height = max(height, hint.height())
        self._settle(row, height)
        return y + height - rect.y()

    def _settle(self, row: list[tuple[QLayoutItem, QRect]], height: int) -> None:
        """Place the items of a row of this height, which is then empty."""
        for item, place in row:
            item.setGeometry(place.translated(0, (height - place.height()) // 2))
        row.clear()


def empty_layout(layout: QLayout) -> None:
    """Take every widget out of a layout and delete it when the event loop is free."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
