"""What a search through the project has found, as a Qt list that grows while the search runs."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, override

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.session.finding import FoundIn, Match

MOST_ROWS = 5_000
"""Rows of the list at most; what is found beyond is counted."""

type Index = QModelIndex | QPersistentModelIndex


class FoundRow(Struct, frozen=True):
    """An article (``match`` is None) or one of its matches."""

    found: FoundIn
    match: Match | None = None


class FoundRole(IntEnum):
    """What a row can be asked for, besides its display text."""

    ROW = Qt.ItemDataRole.UserRole
    """The FoundRow."""


class FoundListModel(QAbstractListModel):
    """Each article with a match, followed by its matches."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FoundRow] = []
        self.total = 0
        """Matches in all, listed or not."""
        self.articles = 0
        """Articles with a match."""

    @property
    def cut(self) -> bool:
        """Whether not everything that was found is listed."""
        return self.total + self.articles > len(self._rows)

    def clear(self) -> None:
        """Begin anew."""
        self.beginResetModel()
        self._rows, self.total, self.articles = [], 0, 0
        self.endResetModel()

    def add(self, found: list[FoundIn]) -> None:
        """Take in what was found in further articles."""
        rows: list[FoundRow] = []
        for each in found:
            self.total += each.count
            self.articles += 1
            rows.append(FoundRow(each))
            rows.extend(FoundRow(each, match) for match in each.matches)
        rows = rows[: max(0, MOST_ROWS - len(self._rows))]
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == FoundRole.ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row.match is None:
                return f"{row.found.title}: {row.found.count:,} found"
            return f"{row.match.before}{row.match.words}{row.match.after}"
        return None
