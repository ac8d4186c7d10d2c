"""The few line icons of the window, drawn as paths in the theme's ink.

Each is designed on a square of 16 units and stroked 1.35 units wide; painted at any size it stays
crisp, so there are no image files and no icon font. Status marks differ by shape, not by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from msgspec import Struct, field
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPainterPathStroker, QPen, QPixmap

from annotator.core.model import Status
from annotator.ui.theme import Theme

GRID = 16.0
STROKE = 1.35

STATUS_ICONS = {
    Status.NEW: "new",
    Status.IN_PROGRESS: "in_progress",
    Status.DONE: "done",
    Status.SKIPPED: "skipped",
}
"""Which icon stands for a status."""


class Glyph(Struct, frozen=True):
    """One icon on the 16-unit square: ``line`` is stroked, ``solid`` is filled."""

    line: QPainterPath = field(default_factory=QPainterPath)
    solid: QPainterPath = field(default_factory=QPainterPath)


def _lines(*strokes: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for stroke in strokes:
        path.moveTo(*stroke[0])
        for point in stroke[1:]:
            path.lineTo(*point)
    return path


def _ring(x: float, y: float, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius, radius)
    return path


def _search() -> Glyph:
    path = _ring(7, 7, 4.25)
    path.addPath(_lines(((10.2, 10.2), (13.5, 13.5))))
    return Glyph(path)


def _flag_shape() -> QPainterPath:
    path = _lines(((4, 2.5), (12.5, 2.5), (10.5, 5.75), (12.5, 9), (4, 9)))
    path.closeSubpath()
    return path


def _flag() -> Glyph:
    path = _flag_shape()
    path.addPath(_lines(((4, 2), (4, 14))))
    return Glyph(path)


def _flag_set() -> Glyph:
    return Glyph(_lines(((4, 2), (4, 14))), _flag_shape())


def _check() -> Glyph:
    return Glyph(_lines(((3.25, 8.5), (6.5, 11.75), (12.75, 4.75))))


def _new() -> Glyph:
    return Glyph(_ring(8, 8, 5))


def _in_progress() -> Glyph:
    half = QPainterPath(QPointF(8, 3))
    half.arcTo(QRectF(3, 3, 10, 10), 90, 180)
    half.closeSubpath()
    return Glyph(_ring(8, 8, 5), half)


def _done() -> Glyph:
    tick = _lines(((5.4, 8.2), (7.3, 10.1), (10.8, 6)))
    outline = QPainterPath()
    outline.addPath(_stroked(tick, 1.6))
    return Glyph(QPainterPath(), _ring(8, 8, 5.75) - outline)


def _skipped() -> Glyph:
    path = _ring(8, 8, 5)
    path.addPath(_lines(((4.6, 11.4), (11.4, 4.6))))
    return Glyph(path)


def _stroked(path: QPainterPath, width: float) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path).simplified()


def _note() -> Glyph:
    page = _lines(((3.5, 2.5), (12.5, 2.5), (12.5, 10), (9, 13.5), (3.5, 13.5)))
    page.closeSubpath()
    page.addPath(_lines(((6, 6), (10, 6)), ((6, 9), (8.5, 9))))
    return Glyph(page)


def _plus() -> Glyph:
    return Glyph(_lines(((8, 3.5), (8, 12.5)), ((3.5, 8), (12.5, 8))))


def _trash() -> Glyph:
    can = _lines(((4.25, 5), (5, 13.5), (11, 13.5), (11.75, 5)))
    can.addPath(_lines(((2.75, 4.75), (13.25, 4.75)), ((6, 4.5), (6.5, 2.5), (9.5, 2.5), (10, 4.5))))
    return Glyph(can)


def _arrow(dx: int, dy: int) -> Callable[[], Glyph]:
    def draw() -> Glyph:
        tip, back = QPointF(8 + 4.75 * dx, 8 + 4.75 * dy), QPointF(8 - 4.75 * dx, 8 - 4.75 * dy)
        side = QPointF(3.25 * dy, 3.25 * dx)
        neck = QPointF(tip.x() - 3.5 * dx, tip.y() - 3.5 * dy)
        path = QPainterPath(back)
        path.lineTo(tip)
        path.moveTo(neck + side)
        path.lineTo(tip)
        path.lineTo(neck - side)
        return Glyph(path)

    return draw


def _chevron() -> Glyph:
    return Glyph(_lines(((4, 6.25), (8, 10.25), (12, 6.25))))


def _flip() -> Glyph:
    return Glyph(
        _lines(
            ((3, 5.5), (12.5, 5.5)),
            ((10, 3), (12.75, 5.5), (10, 8)),
            ((13, 10.75), (3.5, 10.75)),
            ((6, 8.25), (3.25, 10.75), (6, 13.25)),
        )
    )


def _close() -> Glyph:
    return Glyph(_lines(((4.25, 4.25), (11.75, 11.75)), ((11.75, 4.25), (4.25, 11.75))))


def _dot_at(x: float, y: float) -> QPainterPath:
    return _ring(x, y, 0.95)


def _warning() -> Glyph:
    path = _lines(((8, 2.25), (14.25, 13.25), (1.75, 13.25)))
    path.closeSubpath()
    path.addPath(_lines(((8, 6.25), (8, 9.25))))
    return Glyph(path, _dot_at(8, 11.25))


def _info() -> Glyph:
    path = _ring(8, 8, 5.75)
    path.addPath(_lines(((8, 7.5), (8, 11))))
    return Glyph(path, _dot_at(8, 5.1))


_DRAWN: dict[str, Callable[[], Glyph]] = {
    "arrow_down": _arrow(0, 1),
    "arrow_left": _arrow(-1, 0),
    "arrow_right": _arrow(1, 0),
    "arrow_up": _arrow(0, -1),
    "check": _check,
    "chevron": _chevron,
    "close": _close,
    "done": _done,
    "flag": _flag,
    "flag_set": _flag_set,
    "flip": _flip,
    "in_progress": _in_progress,
    "info": _info,
    "new": _new,
    "note": _note,
    "plus": _plus,
    "search": _search,
    "skipped": _skipped,
    "trash": _trash,
    "warning": _warning,
}

NAMES = tuple(_DRAWN)
"""Every icon's name."""


@cache
def glyph(name: str) -> Glyph:
    """The paths of an icon. Raises KeyError for an unknown name."""
    return _DRAWN[name]()


def draw(painter: QPainter, name: str, where: QRectF, colour: QColor) -> None:
    """Paint an icon into a square, in device-independent pixels."""
    shape = glyph(name)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(where.topLeft())
    painter.scale(where.width() / GRID, where.height() / GRID)
    pen = QPen(colour, STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(shape.line, pen)
    painter.fillPath(shape.solid, colour)
    painter.restore()


def pixmap(name: str, colour: QColor, size: int = 16, scale: float = 1.0) -> QPixmap:
    """An icon as a pixmap of ``size`` device-independent pixels for a screen of that scale."""
    made = QPixmap(round(size * scale), round(size * scale))
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw(painter, name, QRectF(0, 0, size, size), colour)
    painter.end()
    return made


def icon(name: str, theme: Theme) -> QIcon:
    """An icon for actions and tool buttons, with faint ink where it is disabled."""
    made = QIcon()
    for size in (16, 20, 24):
        for scale in (1.0, 2.0, 3.0):
            made.addPixmap(pixmap(name, theme.ink, size, scale), QIcon.Mode.Normal)
            made.addPixmap(pixmap(name, theme.faint, size, scale), QIcon.Mode.Disabled)
    return made
