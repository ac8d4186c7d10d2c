"""Small controls that panels, dialogs and notices share: chips, lists of rows, quiet labels.

Standard widgets are dressed by :mod:`annotator.ui.style`; these paint themselves and are therefore
told about the theme. :func:`spread` hands a new theme to every control below a widget,
:func:`show_keys` the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import override

from PySide6.QtCore import QEvent, QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QTableView,
    QToolTip,
    QWidget,
)

from annotator.ui import icons
from annotator.ui.shortening import fitting, paint_shortened
from annotator.ui.style import mix
from annotator.ui.theme import SANS, Theme, font

RADIUS = 7.0


class Themed:
    """A control that paints itself in the colours of a theme."""

    theme: Theme

    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        if isinstance(self, QWidget):
            self.update()


def spread(root: QWidget, theme: Theme) -> None:
    """Hand a theme to every themed control below a widget."""
    for control in root.findChildren(QWidget):
        if isinstance(control, Themed):
            control.set_theme(theme)


def label(text: str = "", look: str = "", *, wrap: bool = False) -> QLabel:
    """A plain-text label with a look of the style sheet: heading, quiet, title, quote, problem."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if look:
        made.setProperty("look", look)
    return made


def set_look(widget: QWidget, look: str) -> None:
    """Give a widget another look of the style sheet."""
    if widget.property("look") != look:
        widget.setProperty("look", look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def tip(text: str) -> str:
    """A text of an article or codebook for a tool tip, in which Qt would else take tags for formatting.

    A picture named in a tag would be fetched, from another computer too.
    """
    return f"<span>{escape(text)}</span>" if "<" in text else text


def text_of(edit: QPlainTextEdit) -> str:
    """What was typed or pasted, with LF between lines; Qt's own ``toPlainText`` alters NBSP and U+2028."""
    return edit.document().toRawText().replace("\u2029", "\n")


def hairline() -> QFrame:
    """A horizontal line, one pixel high."""
    made = QFrame()
    made.setProperty("look", "hairline")
    made.setFixedHeight(1)
    return made


def focus_ring(painter: QPainter, where: QRectF, theme: Theme, radius: float = RADIUS) -> None:
    """The 2-pixel ring around whatever has the keyboard."""
    painter.setPen(QPen(theme.focus, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(where.adjusted(1, 1, -1, -1), radius, radius)


def row_ground(
    painter: QPainter, box: QRectF, state: QStyle.StateFlag, theme: Theme, radius: float = RADIUS
) -> None:
    """The ground of a list's row: tinted where chosen or under the pointer, ringed with the keyboard."""
    selected = bool(state & QStyle.StateFlag.State_Selected)
    if selected or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.row if selected else mix(theme.line, theme.panel, 0.45))
        painter.drawRoundedRect(box, radius, radius)
    if state & QStyle.StateFlag.State_HasFocus:
        focus_ring(painter, box, theme, radius)


class Chip(Themed, QAbstractButton):
    """A small button: words, perhaps an icon before them and a key or an icon (``trail``) after.

    Checkable ones are tinted while checked, in the colour of their label if they have one
    (``hue``). ``strong`` ones carry the accent; ``bare`` ones show no edge until the pointer or the
    keyboard is on them. A ``dashed`` edge marks a suggestion. With an ``action`` (its id) the key is
    the one that does the same, as :func:`show_keys` tells it.
    """

    def __init__(
        self,
        text: str,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        icon: str = "",
        key: str = "",
        action: str = "",
        trail: str = "",
        hue: str = "",
        checkable: bool = False,
        strong: bool = False,
        bare: bool = False,
        dashed: bool = False,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.glyph = icon
        self.key = key
        self.action = action
        self.trail = trail
        self.hue = hue
        self.strong = strong
        self.bare = bare
        self.dashed = dashed
        self.count = ""
        self.setText(text)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFont(font(SANS, 13))

    def set_count(self, count: int | None) -> None:
        """A number after the words, in quiet figures; None shows none."""
        shown = "" if count is None else f"{count:,}"
        if shown != self.count:
            self.count = shown
            self.updateGeometry()
            self.update()

    def set_key(self, key: str) -> None:
        """Another key after the words; an empty one shows none."""
        if key != self.key:
            self.key = key
            self.updateGeometry()
            self.update()

    def set_words(self, text: str, icon: str | None = None) -> None:
        """Other words, and perhaps another icon."""
        if text != self.text() or (icon is not None and icon != self.glyph):
            self.setText(text)
            self.glyph = self.glyph if icon is None else icon
            self.updateGeometry()
            self.update()

    def _small(self) -> QFontMetricsF:
        return QFontMetricsF(font(SANS, 11))

    def _margin(self) -> int:
        if not self.text():
            return 6
        return 7 if self.bare else 9

    def _width_beside_text(self) -> float:
        width = 2.0 * self._margin()
        if self.glyph:
            width += 14 + (5 if self.text() else 0)
        if after := self.count or self.key:
            width += 6 + self._small().horizontalAdvance(after)
        return width + (15 if self.trail else 0)

    @override
    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self.font()).horizontalAdvance(self.text()) if self.text() else 0
        return QSize(round(words + self._width_beside_text() + 1.5), 28)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), round(self._width_beside_text() + 24)), 28)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _colours(self) -> tuple[QColor | None, QColor, QColor]:
        """Behind it (None: nothing), its edge, and its words."""
        theme = self.theme
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        if not self.isEnabled():
            return None, QColor(Qt.GlobalColor.transparent) if self.bare else theme.line, theme.faint
        if self.strong:
            back = mix(theme.ink, theme.accent, 0.18) if over else theme.accent
            return back, back, theme.on_accent
        if self.isChecked():
            back = theme.hue(self.hue).tint if self.hue else theme.row
            return back, back, theme.ink
        words = theme.hue(self.hue).ink if self.hue else theme.ink
        if self.bare:
            clear = QColor(Qt.GlobalColor.transparent)
            return (mix(theme.line, theme.panel, 0.55) if over else None), clear, words
        return (theme.raised if over else None), (theme.faint if over else theme.line), words

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        back, edge, words = self._colours()
        box = QRectF(self.rect())
        painter.setBrush(back if back is not None else Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.DashLine if self.dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(words if self.dashed else edge, 1, style))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if self.hasFocus():
            if self.strong:
                painter.setPen(QPen(self.theme.ink, 2))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
            else:
                focus_ring(painter, box, self.theme)
        self._paint_content(painter, words)

    def _paint_content(self, painter: QPainter, words: QColor) -> None:
        margin = self._margin()
        left, right = float(margin), self.width() - float(margin)
        if self.glyph:
            icons.draw(painter, self.glyph, QRectF(left, (self.height() - 14) / 2, 14, 14), words)
            left += 14 + (5 if self.text() else 0)
        if self.trail:
            icons.draw(painter, self.trail, QRectF(right - 10, (self.height() - 12) / 2, 12, 12), words)
            right -= 15
        middle = Qt.AlignmentFlag.AlignVCenter
        if after := self.count or self.key:
            width = self._small().horizontalAdvance(after)
            quiet = words if self.strong or not self.isEnabled() else self.theme.soft
            painter.setFont(font(SANS, 11))
            painter.setPen(quiet)
            # one pixel down: the small figures share the base line of the words
            place = QRectF(right - width, 1, width + 1, self.height())
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, after)
            right -= width + 6
        if self.text():
            painter.setFont(self.font())
            painter.setPen(words)
            room = right - left + 1
            shown = QFontMetricsF(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left, 0, room, self.height()), middle, shown)


class Mark(Themed, QWidget):
    """An icon that only shows something, in one of the theme's colours by name."""

    def __init__(self, icon: str, colour: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._icon, self._colour = icon, colour
        self.setFixedSize(18, 18)

    def set_icon(self, icon: str, colour: str) -> None:
        """Show another icon."""
        self._icon, self._colour = icon, colour
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        icons.draw(QPainter(self), self._icon, QRectF(1, 1, 16, 16), getattr(self.theme, self._colour))


class CheckBox(Themed, QAbstractButton):
    """A check box whose box and tick are drawn like the icons."""

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        return QSize(round(words + 34), 28)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.theme
        box = QRectF(4, (self.height() - 16) / 2, 16, 16)
        checked = self.isChecked()
        painter.setPen(QPen(theme.accent if checked else theme.faint, 1))
        painter.setBrush(theme.accent if checked else theme.raised)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if checked:
            icons.draw(painter, "check", box.adjusted(1, 1, -1, -1), theme.on_accent)
        painter.setPen(theme.ink if self.isEnabled() else theme.faint)
        painter.drawText(
            QRectF(28, 0, self.width() - 28, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        if self.hasFocus():
            focus_ring(painter, box.adjusted(-4, -4, 4, 4), theme, 6)


class ComboBox(Themed, QComboBox):
    """A combo box with the window's own arrow, that the wheel does not change in passing.

    Words that do not fit end in dots (``elide``: where), and are in the tool tip.
    """

    elide = Qt.TextElideMode.ElideRight

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(14)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls the panel; a label must not change by it

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and not self.toolTip():
            option, shown = fitting(self, self.elide)
            if shown != option.currentText:
                QToolTip.showText(event.globalPos(), tip(option.currentText), self)
                return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.isEditable() or not paint_shortened(self, self.elide):
            super().paintEvent(event)
        painter = QPainter(self)
        place = QRectF(self.width() - 23, (self.height() - 14) / 2, 14, 14)
        icons.draw(painter, "chevron", place, self.theme.soft if self.isEnabled() else self.theme.faint)


class RowView(QTableView):
    """A list of equally high rows that costs the same with ten rows and with a hundred thousand.

    A QTableView of one column: Qt's own list view asks the model for every row when it lays out.
    """

    def __init__(self, row_height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "rows")
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(row_height)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(max(1, row_height // 2))

    @override
    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the window; searching by them would fetch every row."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and not self.model().rowCount():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().accent(), 2))
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(5, 1, -5, -1), RADIUS, RADIUS)

    @override
    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        model, ends = self.model(), QAbstractItemView.CursorAction
        if action in (ends.MoveHome, ends.MoveEnd):
            return model.index(0 if action == ends.MoveHome else model.rowCount() - 1, 0)
        return super().moveCursor(action, modifiers)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


def show_keys(root: QWidget, keys: Mapping[str, Sequence[str]]) -> None:
    """Have the chips below a widget show the first key that their action now has."""
    for chip in root.findChildren(Chip):
        if chip.action:
            first = next(iter(keys.get(chip.action, ())), "")
            chip.set_key(first.replace("Return", "Enter"))
