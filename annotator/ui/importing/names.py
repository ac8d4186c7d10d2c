"""The table in which names of other tools' files become those of the codebook."""

from __future__ import annotations

from typing import Any, override

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QIcon,
    QKeyEvent,
    QPainter,
    QPen,
    QPixmap,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from annotator.core.mapping import SpanLabel
from annotator.core.text import counted
from annotator.ui import icons
from annotator.ui.controls import ComboBox, Themed, focus_ring, tip
from annotator.ui.importing.draft import ImportDraft, Name, Part, Target
from annotator.ui.rows import RowDelegate, write
from annotator.ui.style import mix
from annotator.ui.theme import SANS, SERIF, Theme, figures, font

type Index = QModelIndex | QPersistentModelIndex

FOREIGN, TIMES, EXAMPLE, BECOMES = range(4)
_TITLES = ("In the files", "Times", "Example", "Becomes")
_GROUPS = {Part.LABEL: "Labels", Part.RELATION: "Relations", Part.ATTRIBUTE: "Attributes"}
_ROW = 36
_EXAMPLE = 200
_DOT = 10


class _Heading(Struct, frozen=True):
    """A row that only says what the names below it are."""

    words: str


class NamesModel(QAbstractTableModel):
    """Labels, relation types and attributes under each other. Signal: ``decided``."""

    decided = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.draft: ImportDraft | None = None
        self.rows: list[_Heading | Name] = []

    def show(self, draft: ImportDraft) -> None:
        """Show the names of a survey, and what becomes of them."""
        rows: list[_Heading | Name] = []
        parts = {part: draft.names(part) for part in Part}
        several = sum(bool(names) for names in parts.values()) > 1
        for part, names in parts.items():
            if several and names:
                rows.append(_Heading(_GROUPS[part]))
            rows += names
        if draft is self.draft and rows == self.rows:
            if rows:  # an open list of what a name may become stays open
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, BECOMES))
            return
        self.beginResetModel()
        self.draft, self.rows = draft, rows
        self.endResetModel()

    def name_at(self, index: Index) -> Name | None:
        """The name of a row; None for a heading."""
        row = self.rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Name) else None

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_TITLES)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        name = self.name_at(index)
        if name is None:
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() == BECOMES and not name.own else usual

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _TITLES[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if section == TIMES else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, draft = self.rows[index.row()], self.draft
        if isinstance(row, _Heading):
            shown = role == Qt.ItemDataRole.DisplayRole and index.column() == FOREIGN
            return row.words if shown else None
        assert draft is not None
        example = " ".join(row.found.example[:_EXAMPLE].split())
        if role == Qt.ItemDataRole.DisplayRole:
            becomes = draft.words(row) + (" (new)" if draft.is_new(row) else "")
            return (row.name, f"{row.found.times:,}", example, becomes)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip((row.name, "", example, "")[index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == FOREIGN:
            return f"{row.name}, {counted(row.found.times, 'time')}, becomes {draft.words(row)}"
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = self.name_at(index)
        if name is None or name.own or self.draft is None:
            return False
        self.draft.decide(name, value)
        self.dataChanged.emit(self.index(0, BECOMES), self.index(len(self.rows) - 1, BECOMES))
        self.decided.emit()
        return True


class _Targets(ComboBox):
    """What a name may become, as a list. Signal: ``shut`` (the list was closed, with or without a choice)."""

    shut = Signal()

    @override
    def showPopup(self) -> None:
        self.view().window().installEventFilter(self)
        super().showPopup()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide and watched is self.view().window():
            QTimer.singleShot(0, self, self.shut.emit)  # what was chosen in it is told first
        return super().eventFilter(watched, event)


class NamesDelegate(RowDelegate):
    """Paints the cells; the last one looks like a box, and is one while it is edited, unless it is fixed."""

    size = QSize(60, _ROW)

    def __init__(self, owner: NamesTable) -> None:
        super().__init__(owner, owner)
        self._table, self._names = owner, owner.names

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, box = self.theme, QRectF(option.rect)
        name, draft = self._names.name_at(index), self._names.draft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = str(index.data() or "")
        if name is None or draft is None:
            face = font(SANS, 12, bold=True)
            write(painter, box.adjusted(10, 6, 200, 0), text, face, theme.soft)
            painter.restore()
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.row)
        inner = box.adjusted(10, 0, -10, 0)
        match index.column():
            case 0:
                face = font(SANS, 14)  # names of one tool may differ only at their ends
                shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideMiddle, inner.width())
                write(painter, inner, shown, face, theme.ink)
            case 1:
                painter.setFont(figures(font(SANS, 13)))
                painter.setPen(theme.soft)
                painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
            case 2:
                write(painter, inner, text, font(SERIF, 15), theme.soft)
            case _:
                self._paint_target(painter, option, box.adjusted(3, 3, -5, -3), name, draft)
        painter.restore()

    def _paint_target(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        box: QRectF,
        name: Name,
        draft: ImportDraft,
    ) -> None:
        theme, target, new = self.theme, draft.target(name), draft.is_new(name)
        edge, ink = _looks(theme, draft, target)
        here = bool(option.state & QStyle.StateFlag.State_Selected) and self._table.hasFocus()
        if not name.own:
            painter.setBrush(theme.raised)
            painter.setPen(QPen(mix(theme.faint, theme.line, 0.3), 1))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        if here:
            focus_ring(painter, box, theme)
        inner = box.adjusted(10, 0, -26, 0)
        if edge is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(edge)
            painter.drawEllipse(QRectF(inner.left(), inner.center().y() - 4, 8, 8))
            inner.setLeft(inner.left() + 15)
        if new:
            face = font(SANS, 11, bold=True)
            tag = QRectF(inner.right() - 36, inner.center().y() - 9, 34, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(theme.good, theme.raised, 0.16))
            painter.drawRoundedRect(tag, 5, 5)
            painter.setFont(face)
            painter.setPen(theme.good)
            painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, "new")
            inner.setRight(tag.left() - 6)
        write(painter, inner, draft.words(name), font(SANS, 14), ink)
        if not name.own:
            arrow = QRectF(box.right() - 22, box.center().y() - 7, 14, 14)
            icons.draw(painter, "chevron", arrow, theme.soft)

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        name, draft = self._names.name_at(index), self._names.draft
        assert name is not None and draft is not None
        box = _Targets(self.theme, parent)
        box.setAccessibleName(f"“{name.name[:60]}” becomes")
        target = draft.target(name)
        items = box.model()
        assert isinstance(items, QStandardItemModel)
        for offer in draft.offers(name):
            box.addItem(offer.words, offer.target)
            item = items.item(box.count() - 1)
            if offer.is_heading:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setData(_bold(), Qt.ItemDataRole.FontRole)
                continue
            if isinstance(offer.target, SpanLabel) and not offer.is_new:
                edge, _ = _looks(self.theme, draft, offer.target)
                item.setIcon(_dot(edge, box.devicePixelRatioF()))
            if offer.target == target:
                box.setCurrentIndex(box.count() - 1)
        box.setIconSize(QSize(_DOT, _DOT))
        box.activated.connect(lambda: self.commitData.emit(box))
        box.shut.connect(lambda: self.closeEditor.emit(box))  # else arrow keys would change it unseen
        QTimer.singleShot(0, box, box.showPopup)
        return box

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """The editor has been filled when it was made."""

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, ComboBox)
        if editor.currentIndex() >= 0 and editor.model().flags(
            editor.model().index(editor.currentIndex(), 0)
        ):
            model.setData(index, editor.currentData())

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(3, 2, -5, -2))


def _dot(colour: QColor | None, scale: float) -> QIcon:
    """The dot of a label, as the icon of an entry."""
    made = QPixmap(round(_DOT * scale), round(_DOT * scale))
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour or Qt.GlobalColor.transparent)
    painter.drawEllipse(QRectF(1, 1, _DOT - 2, _DOT - 2))
    painter.end()
    icon = QIcon(made)
    icon.addPixmap(made, QIcon.Mode.Selected)
    return icon


def _bold() -> QFont:
    return font(SANS, 12, bold=True)


def _looks(theme: Theme, draft: ImportDraft, target: Target) -> tuple[QColor | None, QColor]:
    """The colour of the label's dot (None: no dot), and of the words."""
    match target:
        case SpanLabel(kind, name):
            found = draft.codebook.label(kind, name)
            return theme.hue(found.colour if found else "neutral").ink, theme.ink
        case None | "":
            return None, theme.faint
        case _:
            return None, theme.ink


class NamesTable(Themed, QTableView):
    """Space, F2 or a click on the last column opens the list of what a name may become; Delete leaves out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.names = NamesModel(self)
        self.setModel(self.names)
        self.setItemDelegate(NamesDelegate(self))
        self.setProperty("look", "names")
        self.setAccessibleName("What names in the files become")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setMinimumHeight(2 * _ROW)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(56)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(self._on_clicked)

    def show_draft(self, draft: ImportDraft) -> None:
        """Show the names of a survey; the row stays where it was."""
        row, here = max(0, self.currentIndex().row()), self.isAncestorOf(QApplication.focusWidget() or self)
        self.names.show(draft)
        places = [nth for nth, each in enumerate(self.names.rows) if isinstance(each, Name)]
        if places:
            self.setCurrentIndex(self.names.index(min(places, key=lambda at: abs(at - row)), BECOMES))
        if here and not self.isAncestorOf(QApplication.focusWidget() or self.window()):
            self.setFocus()  # the list of what a name may become is gone, and must not give it to the next

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    @override
    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        room = self.viewport().width()
        becomes = min(300, max(200, round(room * 0.34)))
        foreign = min(320, max(140, round(room * 0.28)))
        for nth, width in ((FOREIGN, foreign), (TIMES, 70), (BECOMES, becomes)):
            self.setColumnWidth(nth, width)
        self.setColumnWidth(EXAMPLE, max(60, room - foreign - 70 - becomes))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = self.names.name_at(self.currentIndex())
        place = self.currentIndex().siblingAtColumn(BECOMES)
        if name is not None and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_F2):
            if not name.own:
                self.edit(place)
        elif name is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.names.setData(place, "" if name.part is Part.ATTRIBUTE else None)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.accept()  # rows are chosen, not cells
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go_to_end(last=event.key() == Qt.Key.Key_End)
        else:
            super().keyPressEvent(event)

    def _go_to_end(self, *, last: bool) -> None:
        """To the first or the last name; Qt would stay in the row, and go to its other end."""
        rows = [nth for nth, each in enumerate(self.names.rows) if isinstance(each, Name)]
        if rows:
            if not last:
                self.scrollToTop()  # the heading above it, too
            self.setCurrentIndex(self.names.index(rows[-1 if last else 0], BECOMES))

    @override
    def keyboardSearch(self, search: str) -> None:
        """Letters find a name by its beginning, whatever column is current."""
        self.setCurrentIndex(self.currentIndex().siblingAtColumn(FOREIGN))
        super().keyboardSearch(search)

    @override
    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
