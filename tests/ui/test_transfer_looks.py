"""How the windows of import, export and near-duplicates look: nothing moves, nothing is cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.mapping import ImportMapping
from annotator.core.records import replace
from annotator.formats.registry import WRITERS
from annotator.session.project import default_codebook
from annotator.session.surveying import Survey, SurveyedFile
from annotator.ui.controls import ComboBox
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.losses import LossesDialog
from annotator.ui.dialogs.twins import TwinsDialog
from annotator.ui.formats import title_of, with_endings
from annotator.ui.importing.dialog import ImportDialog
from annotator.ui.importing.looking import Wanted
from annotator.ui.shortening import fitting
from annotator.ui.style import apply
from annotator.ui.tasks import Tasks
from annotator.ui.theme import Theme, contrast, dark, light


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Theme:
    made = light() if request.param == "light" else dark()
    apply(qapp, made)
    return made


@pytest.fixture
def window(theme: Theme, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 640)
    made.show()
    return made


def place(widget: QWidget, window: QWidget) -> tuple[int, int, int, int]:
    corner = widget.mapTo(window, QPoint(0, 0))
    return (corner.x(), corner.y(), widget.width(), widget.height())


@pytest.fixture
def asking(theme: Theme, window: QWidget) -> ImportDialog:
    file = SurveyedFile(
        name="news.csv", format="csv", articles=1, columns=("Head", "Body"), rows=[("Talks", "Go on.")]
    )
    survey = Survey(files=[file], mapping=ImportMapping(fields={"Head": "title", "Body": "text"}))
    wanted = Wanted(Path("x.annot"), (Path("news.csv"),), "auto")
    dialog = ImportDialog(theme, wanted, default_codebook(), "ana", Tasks(QApplication.instance()), window)
    dialog._again.setInterval(1_000_000)
    dialog.show_survey(survey)
    dialog.show()
    QApplication.processEvents()
    return dialog


def test_what_is_wrong_with_an_import_moves_nothing(asking: ImportDialog) -> None:
    before = [place(each, asking) for each in (asking.articles.table, asking.articles.reading, asking.go)]
    box = asking.articles.table.header.boxes[1]
    box.setCurrentIndex(box.findText("Leave out"))
    box.activated.emit(box.currentIndex())
    QApplication.processEvents()
    assert asking.why.isVisible()
    after = [place(each, asking) for each in (asking.articles.table, asking.articles.reading, asking.go)]
    assert [each[:2] for each in after[:2]] == [each[:2] for each in before[:2]]
    assert [each[3] for each in after] == [each[3] for each in before]


def test_the_least_size_of_an_import_leaves_room_for_problems_too(asking: ImportDialog) -> None:
    assert asking.draft is not None
    from annotator.core.errors import Problem

    problems = [Problem("the text is empty", f"news.csv, row {row}") for row in range(9)]
    asking.show_survey(replace(asking.draft.survey, problems=problems))
    QApplication.processEvents()
    asking.resize(1, 1)
    QApplication.processEvents()
    assert asking.height() <= 600
    reading, said = place(asking.articles.reading, asking), place(asking.problems_said, asking)
    assert reading[1] + reading[3] <= said[1]


def test_without_tabs_the_keyboard_passes_them_by(asking: ImportDialog) -> None:
    assert asking.tabs.tabBar().isHidden()
    assert not asking.tabs.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_another_format_moves_nothing_of_an_export(window: QWidget, tmp_path: Path) -> None:
    dialog = ExportDialog(["ana"], "ana", tmp_path / "out", window)
    dialog.show()
    places = set()
    for name in WRITERS:
        dialog.format.setCurrentIndex(dialog.format.findData(name))
        QApplication.processEvents()
        places.add(place(dialog.who, dialog))
    assert len(places) == 1


def test_what_stands_in_the_way_of_an_export_is_a_problem(window: QWidget, tmp_path: Path) -> None:
    dialog = ExportDialog(["ana"], "ana", tmp_path / "out", window)
    assert dialog.warning.property("look") == "quiet"
    for box in dialog.kinds.values():
        box.setChecked(False)
    assert dialog.warning.property("look") == "problem"
    assert {box.accessibleName().split(":")[0] for box in dialog.kinds.values()} == {"Kind"}


def test_every_loss_fits_into_the_list(window: QWidget) -> None:
    losses = ["12 notes: left out", "3 flags of articles: left out", "1 discontinuous span: left out"]
    dialog = LossesDialog("brat standoff", losses, window)
    dialog.show()
    QApplication.processEvents()
    assert dialog.list.verticalScrollBar().maximum() == 0


def test_while_articles_are_compared_no_empty_list_is_shown(theme: Theme, window: QWidget) -> None:
    dialog = TwinsDialog(theme, window)
    dialog.show()
    assert not dialog.view.isVisible()
    dialog.show_groups([], {}, writable=True)
    assert dialog.nothing.text().startswith("No two articles")


def test_words_that_do_not_fit_end_in_dots_and_are_in_the_tool_tip(theme: Theme, window: QWidget) -> None:
    box = ComboBox(theme, window)
    box.addItem("As recognised: table with commas and table with tabs")
    box.resize(120, 32)
    box.show()
    shown = fitting(box, box.elide)[1]
    assert shown.endswith("…")
    where = QPoint(5, 5)
    QApplication.sendEvent(box, QHelpEvent(QEvent.Type.ToolTip, where, box.mapToGlobal(where)))
    assert QToolTip.text() == box.currentText()
    box.resize(box.sizeHint())
    assert fitting(box, box.elide)[1] == box.currentText()
    QToolTip.hideText()


def test_a_box_of_any_width_paints_its_words(theme: Theme, window: QWidget) -> None:
    box = ComboBox(theme, window)
    box.addItem("As recognised: table with commas")
    for width in (20, 120, 400):
        box.resize(width, 32)
        assert box.grab().width() >= width


def test_hints_in_fields_and_columns_left_out_can_be_read(
    theme: Theme, window: QWidget, asking: ImportDialog
) -> None:
    field = QLineEdit(window)
    field.ensurePolished()
    hint = field.palette().placeholderText().color()
    assert hint.alpha() == 255
    assert contrast(hint, theme.raised) >= 4.5
    table = asking.articles.table
    table.show_fields({"Head": "", "Body": "text"})
    assert table.rows.index(0, 0).data(Qt.ItemDataRole.ForegroundRole) == theme.faint
    assert table.rows.index(0, 1).data(Qt.ItemDataRole.ForegroundRole) is None


def test_names_of_tools_keep_their_small_letters() -> None:
    titles = {name: title_of(each) for name, each in WRITERS.items()}
    assert titles["brat"] == "brat standoff"
    assert titles["jsonl"] == "Native JSONL"
    assert with_endings(WRITERS["jsonl"], 1) == "Native JSONL (.jsonl)"
