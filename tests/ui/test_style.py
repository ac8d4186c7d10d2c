from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui import style
from annotator.ui.theme import Theme, dark, light


@pytest.fixture(params=[light(), dark()], ids=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Theme:
    found: Theme = request.param
    return found


def test_qt_understands_the_whole_sheet(
    theme: Theme, qtbot: QtBot, capfd: pytest.CaptureFixture[str]
) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setStyleSheet(style.style_sheet(theme))
    widget.ensurePolished()
    assert "Could not parse" not in capfd.readouterr().err


def test_sizes_are_whole_pixels(theme: Theme) -> None:
    assert not re.search(r"font-size: \d*\.\d", style.style_sheet(theme)), "Qt ignores fractions"


def test_the_keyboard_is_shown_by_two_pixels_of_the_focus_colour(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.setStyleSheet(style.style_sheet(theme))
    fields = [QLineEdit(holder), QComboBox(holder), QPushButton("x", holder)]
    fields[2].setAutoDefault(False)
    for nth, field in enumerate(fields):
        field.setGeometry(10, 10 + 50 * nth, 200, 36)
    holder.resize(240, 200)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    for field in fields:
        field.setFocus()
        QApplication.processEvents()
        image = field.grab().toImage()
        for depth in (0, 1):
            found = image.pixelColor(round(depth * image.devicePixelRatio()), image.height() // 2)
            assert found == theme.focus, (type(field).__name__, depth, found.name())


def test_palette_follows_the_theme(theme: Theme) -> None:
    palette = style.palette(theme)
    assert palette.color(QPalette.ColorRole.Window) == theme.panel
    assert palette.color(QPalette.ColorRole.Text) == theme.ink
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == theme.faint


def test_a_dialog_finds_the_theme_that_it_is_dressed_in(theme: Theme, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setPalette(style.palette(theme))
    assert style.theme_of(widget) is theme


def test_mix_goes_from_one_colour_to_the_other() -> None:
    first, second = light().ink, light().page
    assert style.mix(first, second, 1).name() == first.name()
    assert style.mix(first, second, 0).name() == second.name()
