"""The field for a label's colour: the palette, legible colours of one's own, and what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import override

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from annotator.core.colours import PALETTE, ColourDoubt, colour_of, colour_problem, ink_and_tint, is_own
from annotator.ui.codebook.fields import Line
from annotator.ui.controls import Chip, Themed, focus_ring, label
from annotator.ui.theme import SANS, Theme, font

LEAST = 14
"""Pixels that a colour of a grid is wide at least, with the gap after it."""
_HUES, _SHADES = 24, ((30.0, 20), (44.0, 26), (36.0, 40), (26.0, 42), (44.0, 56))
"""Columns of the grid of own colours; for each of its rows lightness and chroma by CIE L*C*h."""


@cache
def own_colours() -> tuple[str, ...]:
    """Colours of one's own to choose from, row by row: every one can be read on the page as it is."""
    found = []
    for lightness, chroma in _SHADES:
        for nth in range(_HUES):
            vivid, light, hue = float(chroma), lightness, 360 / _HUES * nth
            made = colour_of(light, vivid, hue)
            while made is None or ink_and_tint(made, False)[0] != made:
                vivid, light = (vivid - 2, light) if made is None else (vivid, light - 1)
                made = colour_of(light, vivid, hue)
            found.append(made)
    return tuple(found)


class Swatches(Themed, QWidget):
    """Colours in rows, of which one is chosen; arrows go from one to the next.

    Signal: ``given`` with the colour.
    """

    given = Signal(str)

    def __init__(
        self,
        name: str,
        colours: Sequence[str],
        columns: int,
        cell: QSize,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.colours, self.columns, self.cell = list(colours), columns, cell
        self.current = ""
        self._name = name
        self._over = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMaximumWidth(self.sizeHint().width())
        self.set_colour("")

    def set_colour(self, colour: str) -> None:
        """Show which one is chosen, if it is among them."""
        self.current = colour
        chosen = colour if colour in self.colours else "none of these"
        self.setAccessibleName(f"{self._name}: {chosen}")
        self.update()

    def _columns(self, width: int) -> int:
        return max(1, min(self.columns, (width - 2) // self._wide(width)))

    def _wide(self, width: int) -> int:
        """How wide one is: a little less than it could be where the row then still holds all of them."""
        return max(min(self.cell.width(), (width - 2) // self.columns), min(self.cell.width(), LEAST))

    @override
    def heightForWidth(self, width: int) -> int:
        return -(-len(self.colours) // self._columns(width)) * self.cell.height() + 4

    @override
    def sizeHint(self) -> QSize:
        width = self.columns * self.cell.width() + 2
        return QSize(width, self.heightForWidth(width))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(4 * self.cell.width() + 4, self.cell.height() + 4)

    def box(self, nth: int) -> QRectF:
        """Where a colour is."""
        row, column = divmod(nth, self._columns(self.width()))
        wide = self._wide(self.width())
        return QRectF(column * wide, 2 + row * self.cell.height(), wide, self.cell.height())

    def _at(self, event: QMouseEvent) -> int:
        columns = self._columns(self.width())
        column = int(event.position().x() // self._wide(self.width()))
        nth = int((event.position().y() - 2) // self.cell.height()) * columns + column
        return nth if 0 <= column < columns and 0 <= nth < len(self.colours) else -1

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if (over := self._at(event)) != self._over:
            self._over = over
            if over >= 0:
                QToolTip.showText(event.globalPosition().toPoint(), self.colours[over], self)
            self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._over = -1
        self.update()
        super().leaveEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (nth := self._at(event)) >= 0:
            self.given.emit(self.colours[nth])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys, row = Qt.Key, self._columns(self.width())
        by = {keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_Up: -row, keys.Key_Down: row}
        step = by.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        here = self.colours.index(self.current) if self.current in self.colours else -1
        to = 0 if here < 0 else here + step
        if 0 <= to < len(self.colours):
            self.given.emit(self.colours[to])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        words = self.cell.width() > 30
        for nth, colour in enumerate(self.colours):
            box = self.box(nth).adjusted(2, 2, -2, -2)
            ink, tint = ink_and_tint(colour, self.theme.dark)
            painter.setBrush(QColor(tint if words else ink))
            painter.setPen(QPen(QColor(ink), 1) if nth == self._over else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box, 5 if words else 4, 5 if words else 4)
            if words:
                painter.setFont(font(SANS, 13, bold=True))
                painter.setPen(QColor(ink))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "Aa")
            if colour == self.current:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self.theme.ink, 1.6))
                painter.drawRoundedRect(self.box(nth).adjusted(1, 1, -1, -1), 6, 6)
        if self.hasFocus():
            if self.current in self.colours:
                focus_ring(painter, self.box(self.colours.index(self.current)), self.theme, 6)
            else:
                focus_ring(painter, QRectF(self.rect()), self.theme)


class ColourField(Themed, QWidget):
    """Signal: ``given`` with a name of the palette or ``#rrggbb``."""

    given = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        names = [*PALETTE]
        self.palette_field = Swatches("Colour of the palette", names, len(names), QSize(40, 32), theme)
        self.own_chip = Chip("Own colour", theme, trail="chevron", checkable=True)
        self.own_chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.own_field = Swatches("Own colour", own_colours(), _HUES, QSize(20, 20), theme)
        self.line = Line("Own colour as #rrggbb", "#3a6ea5")
        self.line.setMaximumWidth(110)
        self.line.setMaxLength(7)
        self._own = QWidget()
        inner = QVBoxLayout(self._own)
        inner.setContentsMargins(0, 4, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.own_field)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line)
        row.addWidget(label("or any other colour, as web pages write it", "quiet"), 1)
        inner.addLayout(row)
        self._doubts = QWidget()
        self._doubt_rows = QVBoxLayout(self._doubts)
        self._doubt_rows.setContentsMargins(0, 2, 0, 0)
        self._doubt_rows.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.palette_field, 0, Qt.AlignmentFlag.AlignTop)
        level = QVBoxLayout()
        level.setContentsMargins(0, 4, 0, 0)  # in line with the first row of colours
        level.addWidget(self.own_chip, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(level)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self._own)
        column.addWidget(self._doubts)
        self._own.hide()
        self.setFocusProxy(self.palette_field)
        self._shown: list[ColourDoubt] = []
        self._is_unknown = False
        self.own_chip.toggled.connect(self._own.setVisible)
        self.palette_field.given.connect(self.given)
        self.own_field.given.connect(self.given)
        self.line.typed.connect(self._on_typed)

    def _on_typed(self, typed: str) -> None:
        colour = typed.strip() if typed.strip().startswith("#") else f"#{typed.strip()}"
        if is_own(colour):
            self.given.emit(colour.lower())

    def show_colour(self, colour: str, doubts: Sequence[ColourDoubt], *, fresh: bool) -> None:
        """Show a colour, and what speaks against it. ``fresh``: it is another label's."""
        if fresh:
            self.own_chip.setChecked(is_own(colour))
        self._is_unknown = colour_problem(colour) is not None
        self.palette_field.set_colour(colour)
        self.own_field.set_colour(colour)
        if is_own(colour):
            self.own_chip.setChecked(True)
        if not self.line.hasFocus() or is_own(colour):
            self.line.show_text(colour if colour.startswith("#") else "")
        if list(doubts) != self._shown:
            self._shown = list(doubts)
            self._show_doubts()

    def _show_doubts(self) -> None:
        while (item := self._doubt_rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        better = next((each.better for each in self._shown if each.better), None)
        for doubt in self._shown:
            self._doubt_rows.addWidget(label(doubt.what, "quiet", wrap=True))
        if self._shown and better is None and not self._is_unknown:
            said = "No colour is left that stays apart from all others; the small word above still does."
            self._doubt_rows.addWidget(label(said, "quiet", wrap=True))
        if better is not None:
            chip = Chip(f"Take {better}, the nearest that is clear", self.theme, hue=better)
            chip.setEnabled(self.isEnabled())
            chip.clicked.connect(lambda: self.given.emit(better))
            self._doubt_rows.addWidget(chip)
        self._doubts.setVisible(bool(self._shown))
