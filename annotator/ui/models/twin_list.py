"""Groups of articles that nearly repeat each other, as a Qt list: a heading, then its articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, override

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.core.text import counted
from annotator.session.copies_of import Copy, Group
from annotator.ui.controls import tip

type Index = QModelIndex | QPersistentModelIndex


class Twin(Struct, frozen=True):
    """An article of a group; without an article the row is the group's heading."""

    group: Group
    article: Copy | None = None
    labels: int = 0
    """Spans that the annotator has in it."""

    @property
    def others(self) -> list[str]:
        """Ids of the other articles of the group."""
        return [each.id for each in self.group.articles if each != self.article]

    @property
    def title(self) -> str:
        """What stands first in the row."""
        if self.article is None:
            return f"{counted(len(self.group.articles), 'article')}, {share(self.group.similarity)} alike"
        return " ".join(self.article.title.split()) or "Without a title"

    @property
    def about(self) -> str:
        """What stands below: publisher, date and labels."""
        if self.article is None:
            return ""
        parts = [self.article.publisher, self.article.published]
        parts.append(counted(self.labels, "label") if self.labels else "no labels")
        return " · ".join(each for each in parts if each)


def share(similarity: float) -> str:
    """A share in percent, that is 100 only where nothing differs."""
    return f"{int(similarity * 100)} %"


class TwinListModel(QAbstractListModel):
    """The rows of all groups."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Twin] = []
        self.groups: Sequence[Group] = ()

    def show(self, groups: Sequence[Group], labels: Mapping[str, int]) -> None:
        """Show these groups; ``labels``: how many the annotator has in each article."""
        self.beginResetModel()
        self.groups = groups
        self.rows = []
        for group in groups:
            self.rows.append(Twin(group))
            self.rows += [Twin(group, each, labels.get(each.id, 0)) for each in group.articles]
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()].article is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.title}, {row.about}" if row.about else row.title
        if role == Qt.ItemDataRole.ToolTipRole and row.article is not None:
            return tip(row.title)
        return None
