"""The tree of categories with hands: added, renamed, moved and deleted in place."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import (
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
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from annotator.core.codebook import Category
from annotator.core.drafting.outline import outline, slug
from annotator.ui import icons
from annotator.ui.codebook.category_model import CategoryModel
from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.controls import Themed, row_ground
from annotator.ui.theme import SANS, Theme, font

type Index = QModelIndex | QPersistentModelIndex

_ROW = 29
_ALL_OPEN = 300
"""Up to this many categories are unfolded when they appear, of more only the top is shown."""


class _Delegate(QStyledItemDelegate):
    """Paints title and code; its editor hands Enter, Tab and Esc to the tree."""

    def __init__(self, tree: CategoryTree) -> None:
        super().__init__(tree)
        self._tree = tree

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        category: Category | None = index.data(Qt.ItemDataRole.UserRole)
        if category is None:
            return
        theme, box = self._tree.theme, QRectF(option.rect).adjusted(0, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # the frame shows where the keyboard is
        row_ground(painter, box, option.state & ~QStyle.StateFlag.State_HasFocus, theme)
        inner, middle = box.adjusted(7, 0, -9, 0), Qt.AlignmentFlag.AlignVCenter
        if index.data(Qt.ItemDataRole.ToolTipRole):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.bad)
            painter.drawEllipse(QRectF(inner.right() - 7, inner.center().y() - 3.5, 7, 7))
            inner.setRight(inner.right() - 14)
        face, small = font(SANS, 14), font(SANS, 12)
        words = index.data() or "No title yet"
        metrics = QFontMetricsF(face)
        wide = min(metrics.horizontalAdvance(words), inner.width())
        painter.setFont(face)
        painter.setPen(theme.ink if index.data() else theme.faint)
        painter.drawText(inner, middle, metrics.elidedText(words, Qt.TextElideMode.ElideRight, inner.width()))
        inner.setLeft(inner.left() + wide + 10)
        segment = category.code.rpartition("/")[2]
        if segment != slug(words, "-") and inner.width() > 50:
            painter.setFont(small)
            painter.setPen(theme.soft)
            shown = QFontMetricsF(small).elidedText(segment, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, shown)
        painter.restore()

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Title of the category")
        editor.setPlaceholderText("Title")
        editor.setProperty("look", "cell")
        return editor

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QLineEdit) and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if self._tree.on_editor_key(watched, event):
                return True
        return super().eventFilter(watched, event)

    def finish(self, editor: QLineEdit) -> None:
        """Take over what was typed and close the editor."""
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)


class CategoryTree(Themed, QTreeView):
    """Signals: ``chosen`` (id or None); ``form_asked``; ``list_asked`` (a list that was pasted)."""

    chosen = Signal(object)
    form_asked = Signal()
    list_asked = Signal(str)

    def __init__(self, desk: CodebookDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._desk = desk
        self.current: int | None = None
        self._fresh: int | None = None
        """A category that was just made and has no title yet."""
        self._folded: set[int] = set()
        self._quiet = False
        self.model_ = CategoryModel(desk, self)
        self._delegate = _Delegate(self)
        self.setModel(self.model_)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Categories")
        self.setProperty("look", "tree")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(18)
        self.setAnimated(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setExpandsOnDoubleClick(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.collapsed.connect(lambda index: self._folded.add(self.model_.id_of(index) or 0))
        self.expanded.connect(lambda index: self._folded.discard(self.model_.id_of(index) or 0))
        self._known: set[int] = set()
        self._unfold()
        top = desk.draft.children(None)
        self.current = top[0] if top else None

    # -- following the draft ----------------------------------------------------------------------

    def follow(self) -> None:
        """Show the draft as it is; what was unfolded and chosen stays so."""
        self._quiet = True
        if self.model_.follow():
            self._unfold()
        self._quiet = False
        draft = self._desk.draft
        if self.current not in draft.category_ids:
            top = draft.children(None)
            self.current = self._near if self._near in draft.category_ids else top[0] if top else None
            self.chosen.emit(self.current)
        self._select()

    def _unfold(self) -> None:
        """Unfold what is not folded; many that are new at once are."""
        ids = set(self._desk.draft.category_ids)
        new, self._known = ids - self._known, ids
        if len(new) > _ALL_OPEN:
            self._folded |= new
        self._quiet = True
        waiting = [QModelIndex()]
        while waiting:
            above = waiting.pop()
            for row in range(self.model_.rowCount(above)):
                index = self.model_.index(row, 0, above)
                if self.model_.rowCount(index):
                    waiting.append(index)
                    if self.model_.filtered or (self.model_.id_of(index) not in self._folded):
                        folded = set(self._folded)
                        self.setExpanded(index, True)
                        self._folded = folded
        self._quiet = False

    def _select(self) -> None:
        index = self.model_.index_of(self.current)
        draft = self._desk.draft
        siblings = draft.children(draft.parent(self.current)) if self.current is not None else []
        if self.current is not None:
            nth = siblings.index(self.current)
            rest = siblings[nth + 1 :] or siblings[:nth][::-1]
            self._near = rest[0] if rest else draft.parent(self.current)
        if index.isValid() and self.currentIndex() != index:
            self._quiet = True
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self._quiet = False
        self.viewport().update()

    _near: int | None = None
    """What is chosen where the one that is chosen is deleted."""

    def set_filter(self, text: str) -> None:
        """Show only what fits."""
        self._quiet = True
        self.model_.set_filter(text)
        self._unfold()
        self._quiet = False
        self._select()

    def go_to(self, id_: int) -> None:
        """Choose a category and unfold what is above it."""
        above = self._desk.draft.parent(id_)
        while above is not None:
            self.setExpanded(self.model_.index_of(above), True)
            above = self._desk.draft.parent(above)
        if id_ != self.current:
            self.current = id_
            self.chosen.emit(id_)
        self._select()

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        id_ = self.model_.id_of(current)
        if id_ is not None and id_ != self.current and not self._quiet:
            self.current = id_
            self._select()
            self.chosen.emit(id_)

    # -- hands --------------------------------------------------------------------------------------

    def add(self, *, below: bool) -> None:
        """Add a category after the chosen one, or below it, and type its title."""
        draft, here = self._desk.draft, self.current
        if not self._desk.may_edit:
            return
        if here is None:
            id_ = draft.add_category()
        elif below:
            id_ = draft.add_category("", here)
        else:
            id_ = draft.add_category("", draft.parent(here), here)
        self._fresh = id_
        self.go_to(id_)
        self.setFocus()
        self.edit(self.model_.index_of(id_))

    def delete(self) -> None:
        """Delete the chosen category; labels that bear it are asked about first."""
        if self.current is not None:
            self._desk.delete(self.current)

    def shift(self, by: int) -> None:
        """Move the chosen category up or down among its siblings."""
        if self.current is not None and self._desk.may_edit:
            self._desk.draft.shift(self.current, by)

    def move_in(self) -> None:
        """Put the chosen category below the sibling above it."""
        draft, id_ = self._desk.draft, self.current
        if id_ is None or not self._desk.may_edit:
            return
        siblings = draft.children(draft.parent(id_))
        nth = siblings.index(id_)
        if nth:
            above = siblings[nth - 1]
            below = draft.children(above)
            draft.place_category(id_, above, below[-1] if below else None)
            self.go_to(id_)

    def move_out(self) -> None:
        """Put the chosen category after the one that it lies below."""
        draft, id_ = self._desk.draft, self.current
        if id_ is None or not self._desk.may_edit:
            return
        above = draft.parent(id_)
        if above is not None:
            draft.place_category(id_, draft.parent(above), above)
            self.go_to(id_)

    def on_editor_key(self, editor: QLineEdit, event: QKeyEvent) -> bool:
        """A key while a title is typed. Whether it is used up.

        Enter ends it, and of a new category goes on with the next one. Tab and Shift+Tab move it in and
        out. Esc gives up, and so does Enter without a title.
        """
        key = event.key()
        if key not in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Tab,
            Qt.Key.Key_Backtab,
            Qt.Key.Key_Escape,
        ):
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        fresh, typed = self._fresh is not None and self._fresh == self.current, editor.text().strip()
        if key == Qt.Key.Key_Escape or (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not typed):
            self._delegate.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
            self._give_up(fresh=fresh)
            return True
        self._delegate.finish(editor)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._fresh = None
            self.setFocus()
            if fresh:
                self.add(below=False)
            return True
        if key == Qt.Key.Key_Tab:
            self.move_in()
        else:
            self.move_out()
        self.edit(self.model_.index_of(self.current))
        return True

    def _give_up(self, *, fresh: bool) -> None:
        self.setFocus()
        if fresh and self.current is not None:
            self._fresh = None
            self._desk.draft.undo(for_good=True)

    @override
    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if self._fresh is not None:
            QTimer.singleShot(0, self, self._drop_untitled)

    def _drop_untitled(self) -> None:
        """Take a category back that was made and left without a title."""
        fresh, draft = self._fresh, self._desk.draft
        if fresh is None or self.state() == QAbstractItemView.State.EditingState:
            return
        self._fresh = None
        if draft.has(fresh) and not draft.category(fresh).title:
            draft.remove(fresh)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        alt = held == Qt.KeyboardModifier.AltModifier
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.matches(QKeySequence.StandardKey.Paste):
            copied = QGuiApplication.clipboard().text()
            if outline(copied):
                self.list_asked.emit(copied)
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.shift(-1 if key == Qt.Key.Key_Up else 1)
        elif alt and key == Qt.Key.Key_Right:
            self.move_in()
        elif alt and key == Qt.Key.Key_Left:
            self.move_out()
        elif enter and held == Qt.KeyboardModifier.ShiftModifier:
            self.add(below=True)
        elif (enter or key == Qt.Key.Key_Insert) and not held:
            self.add(below=False)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not held:
            self.delete()
        else:
            super().keyPressEvent(event)

    @override
    def drawBranches(self, painter: QPainter, rect: object, index: Index) -> None:
        box = QRectF(rect)  # type: ignore[call-overload]
        if self.selectionModel().isSelected(index):
            painter.fillRect(box, self.theme.raised)  # only the words are tinted where a row is chosen
        if self.model_.rowCount(index):
            place = QRectF(box.right() - 15, box.center().y() - 6, 12, 12)
            painter.save()
            painter.translate(place.center())
            painter.rotate(0 if self.isExpanded(index) else -90)
            icons.draw(painter, "chevron", QRectF(-6, -6, 12, 12), self.theme.soft)
            painter.restore()
