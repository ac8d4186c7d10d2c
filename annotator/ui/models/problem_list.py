"""The problems of a project as a Qt list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import IntEnum
from typing import Any, override

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.core.errors import Problem
from annotator.ui.controls import tip

type Index = QModelIndex | QPersistentModelIndex


class ProblemRole(IntEnum):
    """What a row can be asked for, besides its display text (all in one sentence)."""

    PROBLEM = Qt.ItemDataRole.UserRole
    WHAT = Qt.ItemDataRole.UserRole + 1
    WHERE = Qt.ItemDataRole.UserRole + 2


class ProblemListModel(QAbstractListModel):
    """Problems in the order of the articles."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Problem] = []

    @property
    def rows(self) -> Sequence[Problem]:
        """Every problem; not to be changed."""
        return self._rows

    def clear(self) -> None:
        """Forget all."""
        self.beginResetModel()
        self._rows = []
        self.endResetModel()

    def add(self, problems: Sequence[Problem]) -> None:
        """Add what was found next."""
        if problems:
            last = len(self._rows)
            self.beginInsertRows(QModelIndex(), last, last + len(problems) - 1)
            self._rows.extend(problems)
            self.endInsertRows()

    def replace(self, articles: Collection[str], problems: Sequence[Problem]) -> None:
        """These are the problems of those articles now; the others stay, and where they stand."""
        new: dict[str, list[Problem]] = {}
        for each in problems:
            new.setdefault(each.place.article, []).append(each)
        rows: list[Problem] = []
        for each in self._rows:
            if each.place.article not in articles:
                rows.append(each)
            elif each.place.article in new:
                rows += new.pop(each.place.article)
        for left in new.values():
            rows += left
        if rows == self._rows:
            return
        wanted = set(rows)
        kept = [each for each in self._rows if each in wanted]
        if kept == rows:  # some are gone: row by row, so that the list stays where it is
            for place in range(len(self._rows) - 1, -1, -1):
                if self._rows[place] not in wanted:
                    self.beginRemoveRows(QModelIndex(), place, place)
                    del self._rows[place]
                    self.endRemoveRows()
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case ProblemRole.PROBLEM:
                return row
            case ProblemRole.WHAT:
                return row.what[:1].upper() + row.what[1:]
            case ProblemRole.WHERE:
                return where_words(row)
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{index.data(ProblemRole.WHAT)}: {where_words(row)}"
            case Qt.ItemDataRole.ToolTipRole:
                return tip(f"{row.cure.rstrip('.')}." if row.cure else str(row))
            case _:
                return None


def where_words(problem: Problem) -> str:
    """Where a problem is, for a person: the words, the article, whose label it is."""
    place = problem.place
    parts = [f"“{place.words}”" if place.words else "", place.title]
    parts += [f"label of {place.annotator}" if place.annotator else "suggestion"] if place.words else []
    return " · ".join(each for each in parts if each) or problem.where
