from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui.controls import CheckBox, Chip, ComboBox, RowView, Themed, spread, text_of, tip
from annotator.ui.flow import FlowLayout, empty_layout
from annotator.ui.theme import dark, light


def test_a_chip_is_pressed_by_enter_and_by_space(qtbot: QtBot) -> None:
    chip = Chip("Accept", light())
    qtbot.addWidget(chip)
    pressed: list[str] = []
    chip.clicked.connect(lambda: pressed.append("pressed"))
    qtbot.keyClick(chip, Qt.Key.Key_Return)
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    assert len(pressed) == 2


def test_a_chip_grows_by_its_count_its_key_and_its_icons(qtbot: QtBot) -> None:
    plain = Chip("Done", light())
    qtbot.addWidget(plain)
    width = plain.sizeHint().width()
    plain.set_count(1200)
    assert plain.count == "1,200"
    assert plain.sizeHint().width() > width
    plain.set_count(None)
    assert plain.sizeHint().width() == width
    for other in (Chip("Done", light(), key="D"), Chip("Done", light(), icon="done")):
        qtbot.addWidget(other)
        assert other.sizeHint().width() > width


def test_a_chip_shows_keyboard_and_ticked_state(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    chip = Chip("Place", light(), holder, hue="place", checkable=True)
    chip.resize(chip.sizeHint())
    holder.show()
    holder.activateWindow()
    holder.setFocus()
    plain = chip.grab().toImage()
    chip.setChecked(True)
    ticked = chip.grab().toImage()
    assert ticked.pixelColor(ticked.width() // 2, 3) == light().hue("place").tint
    chip.setFocus()
    QApplication.processEvents()
    focused = chip.grab().toImage()
    assert plain != ticked
    assert ticked != focused
    assert focused.pixelColor(1, focused.height() // 2) == light().focus


def test_the_wheel_scrolls_the_panel_and_not_the_choice(qtbot: QtBot) -> None:
    box = ComboBox(light())
    qtbot.addWidget(box)
    box.addItems(["a", "b", "c"])
    box.show()
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, wheel)
    assert box.currentIndex() == 0


def test_a_check_box_looks_ticked(qtbot: QtBot) -> None:
    box = CheckBox("Include suggestions", light())
    qtbot.addWidget(box)
    box.resize(box.sizeHint())
    before = box.grab().toImage()
    box.click()
    assert box.isChecked()
    assert box.grab().toImage() != before


def test_a_theme_reaches_every_control_below(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    inner = QWidget(holder)
    chips: list[Themed] = [
        Chip("a", light(), holder),
        Chip("b", light(), inner),
        CheckBox("c", light(), inner),
    ]
    spread(holder, dark())
    assert all(chip.theme is dark() for chip in chips)


def test_letters_do_not_search_a_list_of_rows(qtbot: QtBot) -> None:
    view = RowView(20)
    qtbot.addWidget(view)
    model = QStandardItemModel(0, 1, view)
    for name in ("alpha", "beta"):
        model.appendRow(QStandardItem(name))
    view.setModel(model)
    view.setCurrentIndex(model.index(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_B)
    assert view.currentIndex().row() == 0


def test_flow_wraps_and_gives_the_height_that_it_needs(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=4, row_gap=6)
    chips = [Chip("word", light()) for _ in range(6)]
    for chip in chips:
        flow.addWidget(chip)
    width = chips[0].sizeHint().width()
    holder.resize(3 * width + 8, 200)
    holder.show()
    QApplication.processEvents()
    assert [chip.y() for chip in chips] == [0, 0, 0, 34, 34, 34]
    assert flow.heightForWidth(3 * width + 8) == 62
    assert flow.heightForWidth(10 * width) == 28
    chips[0].hide()
    assert flow.heightForWidth(5 * width + 16) == 28, "what is hidden takes no room"


def test_flow_narrows_what_is_wider_than_a_row(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder)
    chip = Chip("a very long name of a category that nobody would read", light())
    flow.addWidget(chip)
    holder.resize(120, 60)
    holder.show()
    QApplication.processEvents()
    assert chip.width() == 120


def test_flow_sets_what_is_lower_in_the_middle_of_its_row(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder)
    chip, high = Chip("word", light()), QWidget()
    high.setFixedSize(40, 38)
    for each in (chip, high):
        flow.addWidget(each)
    holder.resize(300, 60)
    holder.show()
    QApplication.processEvents()
    assert (chip.y(), high.y()) == (5, 0)


def test_an_emptied_flow_is_empty(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder)
    first, second = Chip("1", light()), Chip("2", light())
    flow.addWidget(second)
    flow.insert_widget(0, first)
    assert list(flow.widgets()) == [first, second]
    empty_layout(flow)
    assert flow.count() == 0


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00\u2029\ufdd0\ufdd1"))


@given(_TEXT)
def test_what_was_pasted_is_read_back_unaltered(text: str) -> None:
    edit = QPlainTextEdit()
    edit.setPlainText(text)
    assert text_of(edit) == text


def test_line_ends_become_lf(qtbot: QtBot) -> None:
    edit = QPlainTextEdit()
    qtbot.addWidget(edit)
    edit.setPlainText("a\r\nb\u00a0c\u2028d 😀")
    assert text_of(edit) == "a\nb\u00a0c\u2028d 😀"


def test_tool_tips_show_tags_and_follow_none() -> None:
    assert tip("plain & simple") == "plain & simple"
    assert "<img" not in tip("<img src='//elsewhere/x.png'>")
