from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from annotator.core.model import Status
from annotator.ui import icons
from annotator.ui.theme import light

BLACK = QColor("black")


def image(name: str, scale: float = 1.0) -> QImage:
    return icons.pixmap(name, BLACK, 16, scale).toImage()


def inked(picture: QImage) -> set[tuple[int, int]]:
    return {
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() > 100
    }


@pytest.mark.parametrize("name", icons.NAMES)
def test_every_icon_draws_something_inside_its_square(name: str, qapp: QApplication) -> None:
    marks = inked(image(name))
    assert 12 < len(marks) < 200
    assert all(0 < x < 15 or 0 < y < 15 for x, y in marks)


@pytest.mark.parametrize("name", icons.NAMES)
def test_a_fine_screen_gets_finer_pixels(name: str, qapp: QApplication) -> None:
    fine = image(name, 2.0)
    assert (fine.width(), fine.height()) == (32, 32)
    blown_up = image(name).scaled(32, 32)
    assert inked(fine) != inked(blown_up)


def test_statuses_differ_by_shape(qapp: QApplication) -> None:
    assert set(icons.STATUS_ICONS) == set(Status)
    shapes = {status: inked(image(name)) for status, name in icons.STATUS_ICONS.items()}
    for first, second in combinations(shapes.values(), 2):
        assert len(first ^ second) > 8


def test_an_action_icon_has_a_quiet_form_for_disabled(qapp: QApplication) -> None:
    icon = icons.icon("search", light())
    normal = icon.pixmap(16, QIcon.Mode.Normal).toImage()
    disabled = icon.pixmap(16, QIcon.Mode.Disabled).toImage()
    assert normal != disabled


def test_an_unknown_name_is_a_bug(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        icons.glyph("unicorn")
