"""The categories that fit what is typed, as a Qt list."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, override

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.core.codebook import Category
from annotator.ui.controls import tip

type Index = QModelIndex | QPersistentModelIndex


class CategoryRole(IntEnum):
    """What a row can be asked for, besides its display text (its path and title)."""

    CATEGORY = Qt.ItemDataRole.UserRole
    TITLE = Qt.ItemDataRole.UserRole + 1
    PATH = Qt.ItemDataRole.UserRole + 2
    """Where it stands in the tree, ``Sanctions › Trade``; empty for a root."""


class CategoryListModel(QAbstractListModel):
    """The offered categories, the best first."""

    def __init__(
        self, names: dict[str, str], paths: dict[str, tuple[str, ...]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._names, self._paths = names, paths
        self._rows: list[Category] = []

    def set_rows(self, rows: Sequence[Category]) -> None:
        """Offer others."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    @property
    def rows(self) -> Sequence[Category]:
        """What is offered; not to be changed."""
        return self._rows

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._names[row.code]
            case CategoryRole.CATEGORY:
                return row
            case CategoryRole.TITLE:
                return self._paths[row.code][-1]
            case CategoryRole.PATH:
                return " › ".join(self._paths[row.code][:-1])
            case Qt.ItemDataRole.ToolTipRole:
                return tip(f"{row.definition or self._names[row.code]} [{row.code}]")
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(part for part in (self._names[row.code], row.definition) if part)
            case _:
                return None
