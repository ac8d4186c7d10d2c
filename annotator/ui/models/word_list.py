"""The table of reporting words: rows for the view, and the sentences that go with them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, override

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.core.learning import Effect, Use
from annotator.core.text import counted
from annotator.session.learning import WordRow, Words, settled

type Index = QModelIndex | QPersistentModelIndex

USES = {
    Use.LEARNED: "As learned",
    Use.RULES: "As the rules say",
    Use.ALWAYS: "Always",
    Use.NEVER: "Never",
}
HEADINGS = ("Word", "Reports", "How sure", "Accepted", "Rejected", "By hand", "Used")
TIPS = {
    2: "How sure a claim told with it is, with a clause: by the rules alone, and now",
    3: "Suggested claims that annotators accepted or changed",
    4: "Suggested claims that annotators rejected",
    5: "Cues that annotators marked without a suggestion",
}


class Column(IntEnum):
    """The columns, in order."""

    WORD = 0
    REPORTS = 1
    SURE = 2
    ACCEPTED = 3
    REJECTED = 4
    BY_HAND = 5
    USED = 6


SORT = Qt.ItemDataRole.UserRole + 1
"""The role by which rows are put in order."""


def sure_words(row: WordRow) -> str:
    """“96% → 43%”; one number where nothing moved."""
    before = "–" if row.before is None else f"{row.before:.0%}"
    now = "–" if row.now is None else f"{row.now:.0%}"
    return now if before == now else f"{before} → {now}"


def effect_words(effect: Effect, *, changed: bool, other_words: bool) -> str:
    """What carrying it out would do, in a sentence or two."""
    parts = []
    if effect.certain:
        parts.append(f"{counted(effect.certain, 'suggested claim')} would become certain")
    if effect.doubtful:
        parts.append(f"{_rest(effect.doubtful, parts)} would become less certain")
    if effect.gone:
        parts.append(f"{_rest(effect.gone, parts)} would go")
    said = ", ".join(parts) + "." if parts else ""
    if not said:
        said = "No claim suggested now becomes certain, less certain or goes." if changed else "Up to date."
    return f"{said} Articles are read again, as other words are looked for." if other_words else said


def _rest(count: int, parts: list[str]) -> str:
    return f"{count:,}" if parts else counted(count, "suggested claim")


class WordModel(QAbstractTableModel):
    """One row for each word; what is chosen is kept here until it is carried out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.words: Words | None = None
        self.rows: list[WordRow] = []
        self._kept: dict[str, Use] = {}

    def set_words(self, words: Words) -> None:
        """Show a project's words as they are."""
        self.words, self._kept = words, dict(words.uses)
        self._show()

    @property
    def uses(self) -> Mapping[str, Use]:
        """What is chosen."""
        return {} if self.words is None else self.words.uses

    @property
    def changed(self) -> bool:
        """Whether something is chosen that is not kept in the project."""
        return settled(self.uses) != settled(self._kept)

    def choose(self, changes: Mapping[str, Use]) -> None:
        """Choose what is to be done with words; the rows stay where they are, new ones come first."""
        assert self.words is not None
        self.words = self.words.with_uses({**self.words.uses, **changes})
        fresh = {row.word: row for row in self.words.rows()}
        if all(word in fresh for word in changes) and {row.word for row in self.rows} == fresh.keys():
            self.rows = [fresh[row.word] for row in self.rows]
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, Column.USED))
        else:
            self._show()

    def place_of(self, word: str) -> int | None:
        """Where a word stands."""
        return next((nth for nth, row in enumerate(self.rows) if row.word == word), None)

    def is_chosen(self, row: WordRow) -> bool:
        """Whether a row's use is not the one that is kept in the project."""
        return self._kept.get(row.word, Use.LEARNED) is not row.use

    def effect(self) -> str:
        """What carrying it out would do, in words."""
        if self.words is None:
            return "Counting …"
        before, after = self.words.with_uses(self._kept).learned, self.words.learned
        other = (before.added, before.off) != (after.added, after.off)
        return effect_words(self.words.effect(), changed=self.changed, other_words=other)

    def _show(self) -> None:
        assert self.words is not None
        self.beginResetModel()
        self.rows = self.words.rows()
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADINGS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS.get(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = section in (Column.ACCEPTED, Column.REJECTED, Column.BY_HAND)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._values(row)[index.column()]
        if role == SORT:
            return (
                row.now
                if index.column() == Column.SURE
                else self._numbers(row).get(index.column(), self._values(row)[index.column()])
            )
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row) if index.column() == Column.WORD else self._values(row)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == Column.REPORTS:
            return row.uses
        return None

    @staticmethod
    def _numbers(row: WordRow) -> dict[int, int]:
        tally = row.tally
        return {
            Column.ACCEPTED: tally.accepted, Column.REJECTED: tally.rejected, Column.BY_HAND: tally.by_hand
        }  # fmt: skip

    def _values(self, row: WordRow) -> tuple[str, ...]:
        counts = [f"{number:,}" if number else "" for number in self._numbers(row).values()]
        return (row.word, row.uses, sure_words(row), *counts, USES[row.use])

    @staticmethod
    def _spoken(row: WordRow) -> str:
        """A row in one sentence, for screen readers."""
        tally = row.tally
        return (
            f"{row.word}: {row.uses}; {sure_words(row).replace('→', 'now')}; {tally.accepted} accepted, "
            f"{tally.rejected} rejected, {tally.by_hand} by hand; {USES[row.use]}"
        )
