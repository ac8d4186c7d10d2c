from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui.name_strip import NameStrip
from annotator.ui.theme import light


def test_asks_and_tells_a_trimmed_name(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    strip = NameStrip(light(), holder)
    QVBoxLayout(holder).addWidget(strip)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    assert strip.isHidden()
    strip.ask("root")
    assert strip.field.hasFocus()
    assert strip.field.selectedText() == "root"
    qtbot.keyClicks(strip.field, " Ana ")
    with qtbot.waitSignal(strip.named) as named:
        qtbot.keyClick(strip.field, Qt.Key.Key_Return)
    assert named.args == ["Ana"]
    assert strip.isHidden()


def test_a_name_is_needed_and_not_forced(qtbot: QtBot) -> None:
    strip = NameStrip(light())
    qtbot.addWidget(strip)
    strip.ask("")
    assert not strip.keep.isEnabled()
    with qtbot.assertNotEmitted(strip.named):
        qtbot.keyClick(strip.field, Qt.Key.Key_Return)
        strip.later.click()
    assert strip.isHidden()


def test_it_makes_do_with_little_room(qtbot: QtBot) -> None:
    strip = NameStrip(light())
    qtbot.addWidget(strip)
    strip.ask("ana")
    for width, roomy in ((420, False), (900, True)):
        strip.resize(width, 46)
        QApplication.processEvents()
        assert strip.hint.isVisible() is roomy
        assert strip.keep.width() >= strip.keep.sizeHint().width()
