"""The dialog before an import, by hand-made surveys, and files on their way in through the window."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import sleep

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from annotator.core.errors import InputError, Problem
from annotator.core.mapping import ImportMapping, RelationEnds, SpanLabel
from annotator.core.model import Kind
from annotator.core.ports import ArticleFilter
from annotator.core.records import replace
from annotator.session.copies_of import Likeness
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project, default_codebook
from annotator.session.surveying import Found, Sample, Survey, SurveyedFile, survey
from annotator.ui.importing import looking
from annotator.ui.importing.copies_page import CopiesPage
from annotator.ui.importing.dialog import ImportDialog
from annotator.ui.importing.draft import ImportDraft, Name, Part
from annotator.ui.importing.looking import Wanted
from annotator.ui.importing.names import BECOMES
from annotator.ui.main_window import MainWindow
from annotator.ui.tasks import Tasks
from annotator.ui.theme import light
from tests import foreign_format
from tests.session.test_extending_own import larger

TEXT = "Rob Malley said that 😀 Iran must stop. The minister rejected it."


def table(name: str = "news.csv") -> SurveyedFile:
    return SurveyedFile(
        name=name,
        format="csv",
        articles=2,
        columns=("No", "Head", "Body", "Page"),
        rows=[("1", "Envoy warns", TEXT, "A1"), ("2", "<b>Talks</b>", f"{TEXT}\n\nMore.", "A2")],
    )


def of_table() -> Survey:
    fields = {"No": "external_id", "Head": "title", "Body": "text", "Page": "meta"}
    return Survey(articles=2, files=[table()], mapping=ImportMapping(fields=fields))


def of_labels() -> Survey:
    file = SurveyedFile(
        name="admin.jsonl",
        format="jsonl",
        articles=3,
        samples=[Sample(title="Envoy warns", beginning=TEXT, characters=len(TEXT), spans=4, relations=1)],
    )
    return Survey(
        files=[file],
        articles=3,
        labels={
            "PER": Found(times=5, example="Rob Malley"),
            "Weapon": Found(times=2, example="drones", proposed=False),
        },
        relations={"says": Found(times=1, example="said", proposed=False)},
        attributes={"sure": Found(times=3, example="yes", proposed=False)},
        mapping=ImportMapping(
            labels={"PER": SpanLabel(Kind.ENTITY, "Person"), "Weapon": SpanLabel(Kind.ENTITY, "Weapon")},
            relations={"says": RelationEnds("said_of")},
            attributes={"sure": "sure"},
            extend=True,
        ),
    )


@pytest.fixture
def ask(qtbot: QtBot) -> Callable[[Survey], ImportDialog]:
    def build(survey: Survey) -> ImportDialog:
        wanted = Wanted(Path("x.annot"), (Path("news.csv"),), "auto")
        dialog = ImportDialog(light(), wanted, default_codebook(), "ana", Tasks(QApplication.instance()))
        dialog._again.setInterval(1_000_000)
        qtbot.addWidget(dialog)
        dialog.show_survey(survey)
        dialog.show()
        QApplication.processEvents()
        return dialog

    return build


def pages(dialog: ImportDialog) -> list[str]:
    return [dialog.tabs.tabText(nth).replace("&", "") for nth in range(dialog.tabs.count())]


# -- articles ---------------------------------------------------------------------------------------


def test_columns_become_fields_and_the_article_is_shown_as_read(
    ask: Callable[[Survey], ImportDialog],
) -> None:
    dialog = ask(of_table())
    assert pages(dialog) == ["Articles"]
    assert dialog.head.text() == "news.csv: table (CSV); 2 articles."
    assert dialog.go.text() == "Import 2 articles"
    header, reading = dialog.articles.table.header, dialog.articles.reading.view
    assert [box.currentText() for box in header.boxes] == ["Id", "Title", "Text", "Keep as metadata"]
    assert header.boxes[0].hasFocus()
    assert "Envoy warns" in reading.toPlainText()
    assert TEXT in reading.toPlainText()
    assert "Page A1" in reading.toPlainText()
    dialog.articles.table.selectRow(1)
    assert "<b>Talks</b>" in reading.toPlainText()
    header.boxes[3].setCurrentIndex(header.boxes[3].findText("Title"))
    header.boxes[3].activated.emit(header.boxes[3].currentIndex())
    assert [box.currentText() for box in header.boxes] == ["Id", "Keep as metadata", "Text", "Title"]
    assert dialog.choice().mapping.fields == {
        "No": "external_id",
        "Page": "title",
    }, "what the names tell by themselves goes without saying"


def test_without_a_text_nothing_is_imported(ask: Callable[[Survey], ImportDialog], qtbot: QtBot) -> None:
    dialog = ask(of_table())
    box = dialog.articles.table.header.boxes[2]
    box.setCurrentIndex(box.findText("Leave out"))
    box.activated.emit(box.currentIndex())
    assert dialog.why.text() == "Say which column is the text of the articles."
    assert not dialog.go.isEnabled()
    assert "No text yet" in dialog.articles.reading.view.toPlainText()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_a_missing_text_is_asked_for_once(ask: Callable[[Survey], ImportDialog], tmp_path: Path) -> None:
    file = tmp_path / "news.csv"
    file.write_text("when;what\n1;News of today\n")
    with Project.create(tmp_path / "p.annot") as project:
        found = survey(project, [file])
        dialog = ask(found)
        assert dialog.head.text() == "news.csv: table (CSV); 0 articles."
        assert dialog.why.text() == "Say which column is the text of the articles."
        assert dialog.problems_said.isHidden()
        assert dialog.problems.isHidden()
        (tmp_path / "good.txt").write_text("An article.")
        found = survey(project, [file, tmp_path / "good.txt"])
        dialog = ask(found)
    assert dialog.why.text() == ""
    assert dialog.problems.toPlainText().endswith("or say in a mapping which it is."), "no word of --map"


def test_of_several_tables_the_one_without_a_text_is_named() -> None:
    survey = of_table()
    survey.files.append(replace(table("more.csv"), columns=("A", "B"), rows=[("x", "y")]))
    survey.mapping = replace(survey.mapping, fields={**survey.mapping.fields, "A": "title", "B": "meta"})
    draft = ImportDraft(survey, default_codebook())
    assert draft.why_not() == "", "the other one can be imported without it"
    survey.files[0].problems = 1
    assert draft.why_not() == "Say which column of more.csv is the text of the articles."
    draft.assign("B", "text")
    assert draft.fields["Body"] == "text", "one of another table may be the text too"
    assert draft.why_not() == ""


def test_rows_that_are_too_short_are_shown() -> None:
    file = replace(table(), rows=[("1",)])
    draft = ImportDraft(Survey(files=[file], mapping=of_table().mapping), default_codebook())
    sample = draft.sample(file, 0)
    assert sample is not None
    assert (sample.title, sample.beginning, sample.metadata) == ("", "", (("Id", "1"),))
    assert draft.sample(file, 1) is None


# -- labels -----------------------------------------------------------------------------------------


def test_names_become_labels_of_the_codebook(ask: Callable[[Survey], ImportDialog], qtbot: QtBot) -> None:
    dialog = ask(of_labels())
    assert pages(dialog) == ["Articles", "Labels"]
    assert dialog.head.text() == "admin.jsonl: native JSONL; 3 articles, 7 spans, 1 relation."
    page = dialog.labels
    assert dialog.tabs.currentWidget() is page
    assert page.table.hasFocus()
    assert page.codebook.text() == (
        "Adds 1 label, 1 relation type and 1 attribute to the codebook, "
        "where they can be changed at any time; undo does not take back an import."
    )
    shown = [page.table.names.index(row, BECOMES).data() for row in range(page.table.names.rowCount())]
    assert shown == [
        None,
        "Person (entity)",
        "Weapon (entity) (new)",
        None,
        "said_of (new)",
        None,
        "sure (new)",
    ]
    page.table.setCurrentIndex(page.table.names.index(2, BECOMES))
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert dialog.choice().mapping.labels["Weapon"] is None
    assert page.codebook.text().endswith("2 labels are left out.")
    for row, target in ((4, None), (6, "")):
        page.table.names.setData(page.table.names.index(row, BECOMES), target)
    mapping = dialog.choice().mapping
    assert not mapping.extend
    assert (mapping.relations["says"], mapping.attributes["sure"]) == (None, "")
    assert page.codebook.text() == "The codebook stays as it is. 3 labels are left out."
    assert not dialog.choice().as_suggestions
    page.whose.setCurrentIndex(2)
    assert dialog.choice().as_suggestions


def test_the_list_of_targets_opens_with_the_keyboard(
    ask: Callable[[Survey], ImportDialog], qtbot: QtBot
) -> None:
    dialog = ask(of_labels())
    table = dialog.labels.table
    qtbot.keyClick(table, Qt.Key.Key_Space)
    editor = table.findChild(type(dialog.format), options=Qt.FindChildOption.FindChildrenRecursively)
    assert editor is not None
    assert editor.currentText() == "Person"
    words = [editor.itemText(nth) for nth in range(editor.count())]
    assert (words[0], words[-1]) == ("Entity", "Leave out")
    assert {"New label “PER”", "New actor"} <= set(words)
    editor.setCurrentIndex(words.index("New actor"))
    editor.activated.emit(editor.currentIndex())
    assert dialog.choice().mapping.labels["PER"] == SpanLabel(Kind.ACTOR, "PER")


def test_the_list_of_targets_given_up_changes_nothing_and_the_keyboard_stays_in_the_table(
    ask: Callable[[Survey], ImportDialog], qtbot: QtBot
) -> None:
    dialog = ask(of_labels())
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    table, before = dialog.labels.table, dialog.choice().mapping
    row = table.currentIndex().row()
    qtbot.keyClick(table, Qt.Key.Key_Space)
    box = table.findChild(type(dialog.format), options=Qt.FindChildOption.FindChildrenRecursively)
    assert box is not None
    qtbot.waitUntil(box.view().isVisible)
    dialog.show_survey(of_labels())  # files that are looked at again in the meantime
    assert box.view().isVisible()
    qtbot.keyClick(box.view(), Qt.Key.Key_Escape)
    qtbot.waitUntil(table.hasFocus)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == row + 1
    assert dialog.choice().mapping == before
    other = of_labels()
    other.labels["LOC"] = Found(times=1)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    dialog.show_survey(other)
    qtbot.waitUntil(table.hasFocus)


def test_home_and_end_go_to_the_first_and_the_last_name(
    ask: Callable[[Survey], ImportDialog], qtbot: QtBot
) -> None:
    table = ask(of_labels()).labels.table
    names = table.names.rows
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (len(names) - 1, BECOMES)
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, BECOMES), "below the heading"


def test_what_a_name_may_become() -> None:
    draft = ImportDraft(of_labels(), default_codebook())
    says = Name(Part.RELATION, "says", draft.survey.relations["says"])
    offered = {offer.words: offer.target for offer in draft.offers(says)}
    assert offered["New type “said_of”"] == RelationEnds("said_of")
    assert offered["Leave out"] is None
    first = default_codebook().relation_types[0]
    assert offered[f"{first.title or first.name}, turned round"] == RelationEnds(first.name, turned=True)
    layered = Name(Part.LABEL, "custom:PERSON", Found())
    assert "New label “PERSON”" in [offer.words for offer in draft.offers(layered)]
    assert draft.words(layered) == "Leave out"


def test_decisions_outlast_another_look(ask: Callable[[Survey], ImportDialog]) -> None:
    dialog = ask(of_labels())
    dialog.labels.table.names.setData(dialog.labels.table.names.index(1, BECOMES), None)
    again = of_labels()
    again.labels["LOC"] = Found(times=1)
    again.mapping = replace(again.mapping, labels={**again.mapping.labels, "LOC": None})
    dialog.show_survey(again)
    assert dialog.choice().mapping.labels["PER"] is None
    assert "LOC" in dialog.choice().mapping.labels


# -- near-duplicates and problems -------------------------------------------------------------------


def test_near_duplicates_are_listed_and_skipped_by_choice(ask: Callable[[Survey], ImportDialog]) -> None:
    survey = of_table()
    survey.copies = [Likeness("Talks", "Envoy warns", 0.93)]
    dialog = ask(survey)
    assert pages(dialog) == ["Articles", "Near-duplicates"]
    assert dialog.copies.model.index(0).data() == "Talks, 93 % like Envoy warns"
    assert not dialog.choice().skip_copies
    dialog.copies.what.setCurrentIndex(1)
    assert dialog.choice().skip_copies
    assert dialog.go.text() == "Import 1 article"


def test_problems_are_listed_and_forbid_the_import(ask: Callable[[Survey], ImportDialog]) -> None:
    survey = replace(of_table(), articles=0)
    survey.problems = [Problem("the text is empty", f"news.csv, row {row}") for row in range(30)]
    dialog = ask(survey)
    assert dialog.problems_said.text() == "30 problems: nothing can be imported until they are put right."
    lines = dialog.problems.toPlainText().splitlines()
    assert (len(lines), lines[-1]) == (21, "and 10 more")
    assert not dialog.go.isEnabled()
    dialog.show_survey(of_table())
    assert dialog.problems.isHidden()
    assert dialog.go.isEnabled()


def test_the_good_files_can_be_imported_without_the_bad_ones(ask: Callable[[Survey], ImportDialog]) -> None:
    survey = of_table()
    survey.files.append(replace(table("bad.csv"), problems=1))
    survey.problems = [Problem("the text is empty", "bad.csv, line 3")]
    dialog = ask(survey)
    assert dialog.problems_said.text() == "1 problem: 1 file is left out, the others can be imported."
    assert dialog.go.text() == "Import 2 articles"
    assert dialog.go.isEnabled()
    survey.files.pop()
    dialog.show_survey(survey)
    assert dialog.problems_said.text() == "1 problem: what is right can be imported."
    survey.files.append(replace(table("bad.csv"), problems=1))
    survey.problems.append(Problem("there is no such file or folder", "gone.csv"))
    survey.unread = 1
    dialog.show_survey(survey)
    assert dialog.problems_said.text() == "2 problems: 2 files are left out, the others can be imported."


def test_articles_are_counted_once_and_those_that_are_new(ask: Callable[[Survey], ImportDialog]) -> None:
    dialog = ask(replace(of_labels(), known=1))
    assert dialog.head.text() == (
        "admin.jsonl: native JSONL; 3 articles (1 in the project already), 7 spans, 1 relation."
    )
    assert dialog.go.text() == "Import 2 articles"
    dialog = ask(replace(of_labels(), known=3))
    assert "3 articles (in the project already)" in dialog.head.text()
    assert dialog.go.text() == "Import labels"


def test_whose_labels_they_are(ask: Callable[[Survey], ImportDialog]) -> None:
    page = ask(of_labels()).labels
    words = [page.whose.itemText(nth) for nth in range(page.whose.count())]
    assert words == [
        "The files do not say: ana’s (you)", "All mine (ana)", "Nobody’s: suggestions to decide on",
    ]  # fmt: skip
    dialog = ask(replace(of_labels(), annotators=["ben", "cleo"], shared=2))
    whose = dialog.labels.whose
    assert whose.itemText(0) == "As the files say: ben’s and cleo’s"
    assert not dialog.choice().all_mine
    whose.setCurrentIndex(1)
    assert dialog.choice().all_mine
    assert dialog.why.text() == "2 articles have labels of several people, which cannot all be yours."
    assert not dialog.go.isEnabled()
    whose.setCurrentIndex(2)
    assert dialog.go.isEnabled()
    many = ask(replace(of_labels(), annotators=["a", "b", "c", "d", "e"]))
    assert many.labels.whose.itemText(0) == "As the files say: a’s, b’s, c’s and 2 others’"


def test_files_that_are_called_the_same_are_told_apart(ask: Callable[[Survey], ImportDialog]) -> None:
    survey = Survey(files=[table("x/1.txt/ana.tsv"), table("x/2.txt/ana.tsv"), table("x/2.txt/ben.tsv")])
    file = ask(survey).articles.file
    assert [file.itemText(nth) for nth in range(3)] == ["1.txt/ana.tsv", "2.txt/ana.tsv", "ben.tsv"]


def test_nothing_that_could_be_read(ask: Callable[[Survey], ImportDialog]) -> None:
    dialog = ask(Survey(problems=[Problem("this is not JSON", "x.jsonl, line 3")]))
    assert dialog.tabs.isHidden()
    assert dialog.head.text() == "Nothing could be read."
    assert not dialog.go.isEnabled()


def test_a_mapping_is_saved_and_loaded(ask: Callable[[Survey], ImportDialog], tmp_path: Path) -> None:
    dialog = ask(of_labels())
    file = tmp_path / "mapping.toml"
    dialog.labels.table.names.setData(dialog.labels.table.names.index(1, BECOMES), None)
    dialog.files.save_to(file, dialog.choice().mapping)
    assert dialog.files.load_from(file) == dialog.choice().mapping


def test_columns_show_what_a_loaded_mapping_says(
    ask: Callable[[Survey], ImportDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = ask(of_table())
    loaded = ImportMapping(fields={"Head": "publisher", "Page": "title"})
    monkeypatch.setattr(dialog.files, "load", lambda: loaded)
    dialog.load.click()
    boxes = dialog.articles.table.header.boxes
    assert [box.currentText() for box in boxes] == ["Id", "Publisher", "Text", "Title"]


def test_everything_has_a_name_for_screen_readers(ask: Callable[[Survey], ImportDialog]) -> None:
    dialog = ask(of_labels())
    for widget in (dialog.format, dialog.labels.table, dialog.labels.whose, dialog.articles.table):
        assert widget.accessibleName()
    assert all(box.accessibleName() for box in ask(of_table()).articles.table.header.boxes)


# -- through the window -----------------------------------------------------------------------------


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Survey | Exception]:
    """What the next looks find, the last one again and again."""
    answers: list[Survey | Exception] = []

    def look(wanted: Wanted, progress: object = None) -> Survey:
        answer = answers[0] if len(answers) == 1 else answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(looking, "look", look)
    return answers


def asked(window: MainWindow, qtbot: QtBot) -> ImportDialog:
    """The dialog, when it has looked and asks."""

    def asks() -> bool:
        dialog = window.files.arrivals.dialog
        return dialog is not None and dialog.isVisible() and not dialog.is_looking

    qtbot.waitUntil(asks, timeout=5000)
    assert window.files.arrivals.dialog is not None
    return window.files.arrivals.dialog


def count(window: MainWindow) -> int:
    assert window.bench.project is not None
    return window.bench.project.repository.counts().articles


def test_where_nothing_is_to_decide_files_come_in_at_once(
    demanding: Path,
    open_window: Callable[..., MainWindow],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    window = open_window(demanding)
    (tmp_path / "new.txt").write_text("A new article\n\nWith words.", "utf-8")
    window.files.import_paths([tmp_path / "new.txt"])
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=5000)
    assert count(window) == 3
    assert "1 article added" in window.notices.said


def test_what_is_dropped_with_a_project_is_told_not_to_be_imported(
    demanding: Path, open_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = open_window(demanding)
    other = tmp_path / "other.annot"
    Project.create(other).close()
    (tmp_path / "new.txt").write_text("A new article\n\nWith words.", "utf-8")
    window.files.import_paths([tmp_path / "new.txt", other])
    assert window.bench.project is not None
    assert window.bench.project.path == other
    assert window.notices.said == (
        "other.annot is open now. 1 other file was not imported; "
        "drop it again to import it into this project."
    )
    window.files.import_paths([tmp_path / "new.txt", other, demanding])
    assert "other.annot is open now. 2 other files were not" in window.notices.said
    (tmp_path / "broken.annot").write_text("no")
    window.notices.tell("")
    window.files.import_paths([tmp_path / "broken.annot", tmp_path / "new.txt"])
    assert window.notices.said == ""


def test_labels_that_came_are_told_beside_those_that_did_not(
    demanding: Path, open_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(demanding)
    assert window.bench.project is not None
    for nth, labels in enumerate(("T1\tPerson 0 3\tRob\n", "")):
        (tmp_path / f"{nth}.txt").write_text(f"{TEXT} {nth}", "utf-8")
        (tmp_path / f"{nth}.ann").write_text(labels)
    import_paths(window.bench.project, [tmp_path / "0.ann", tmp_path / "1.txt"], annotator="ana")
    for nth in range(2):
        (tmp_path / f"{nth}.ann").write_text("T1\tPlace 23 27\tIran\n")
    window.files.import_paths([tmp_path / "0.ann", tmp_path / "1.ann"])
    dialog = asked(window, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=5000)
    assert "1 article got labels of further annotators" in window.notices.said
    assert "0.ann: ana has other labels" in window.notices.problems[0]


def test_a_table_is_asked_about_and_imported_by_what_was_decided(
    demanding: Path,
    open_window: Callable[..., MainWindow],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    window = open_window(demanding)
    file = tmp_path / "news.csv"
    file.write_text(f"Head,Lead,Words\nOne,x,{TEXT}\nTwo,y,Other words.\n", "utf-8")
    window.files.import_paths([file])
    dialog = asked(window, qtbot)
    assert count(window) == 2
    assert not dialog.go.isEnabled()
    assert dialog.why.text() == "Say which column is the text of the articles."
    for column, words in ((0, "Title"), (2, "Text")):
        box = dialog.articles.table.header.boxes[column]
        box.setCurrentIndex(box.findText(words))
        box.activated.emit(box.currentIndex())
    assert dialog.go.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=5000)
    assert count(window) == 4
    assert window.bench.project is not None
    rows = window.bench.project.repository.article_rows(ArticleFilter(), "ana", 0, 10)
    assert {"One", "Two"} <= {row.title for row in rows}


def test_esc_imports_nothing(
    demanding: Path,
    open_window: Callable[..., MainWindow],
    qtbot: QtBot,
    found: list[Survey | Exception],
) -> None:
    window = open_window(demanding)
    found.append(of_table())
    window.files.import_paths([Path("news.csv")])
    dialog = asked(window, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not window.files.arrivals.busy
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert count(window) == 2


def test_another_format_is_looked_at_anew(
    ask: Callable[[Survey], ImportDialog], qtbot: QtBot, found: list[Survey | Exception]
) -> None:
    dialog = ask(of_table())
    found.extend([InputError("no", where="news.csv"), of_labels()])
    dialog.format.setCurrentIndex(dialog.format.findData("tsv"))
    with qtbot.waitSignal(dialog.looked, timeout=3000):
        dialog.format.activated.emit(dialog.format.currentIndex())
    assert dialog.problems.toPlainText() == "news.csv: no."
    assert not dialog.go.isEnabled()
    dialog._on_changed()
    dialog._again.setInterval(1)
    dialog.accept()
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog.looked, timeout=3000):
        dialog.look()
    assert dialog.head.text().startswith("admin.jsonl")


def test_what_was_decided_is_there_again_after_cancelling(
    demanding: Path,
    open_window: Callable[..., MainWindow],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    foreign_format.register(monkeypatch)
    window = open_window(demanding)
    spans = [["1", "PER", 0, 10]]
    file = foreign_format.write(tmp_path / "x.foreign", {"text": TEXT, "by": "zoe", "spans": spans})
    window.files.import_paths([file])
    table = asked(window, qtbot).labels.table
    table.names.setData(table.names.index(0, BECOMES), SpanLabel(Kind.ACTOR, "Actor"))
    asked(window, qtbot).reject()
    window.files.import_paths([file])
    dialog = asked(window, qtbot)
    assert dialog.choice().mapping.labels["PER"] == SpanLabel(Kind.ACTOR, "Actor")
    dialog.accept()
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=5000)
    assert "The labels are those of zoe. To see them, be one of them" in window.notices.said
    assert not window.notices._timer.isActive(), "it stays until it is closed"
    window.notices.leave_question()
    assert "those of zoe" in window.notices.said


def test_near_duplicates_that_were_found_are_told_where_there_are_too_many(qtbot: QtBot) -> None:
    page = CopiesPage(light())
    qtbot.addWidget(page)
    assert page.show_survey(Survey(copies_unknown=True))
    assert page.said.text().startswith("There are too many articles to look for near-duplicates now.")
    assert page.view.isHidden()
    found = [Likeness("Talks", "Envoy warns", 0.93), Likeness("War", "Peace", 0.8)]
    assert page.show_survey(Survey(copies=found, copies_unknown=True))
    assert not page.view.isHidden()
    assert page.said.text() == (
        "At least 2 articles nearly repeat another one; there are too many to look at all of them now. "
        "If you skip near-duplicates, they are looked for among all while importing, which takes a while."
    )
    assert page.show_survey(Survey(copies=found[:1], copies_unknown=True))
    assert page.said.text().startswith("At least 1 article nearly repeats another one;")


def test_labels_extend_the_codebook_that_is_open(
    demanding: Path,
    open_window: Callable[..., MainWindow],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    foreign_format.register(monkeypatch)
    window = open_window(demanding)
    spans = [["1", "PER", 0, 10], ["2", "Weapon", 27, 31]]
    file = foreign_format.write(tmp_path / "x.foreign", {"text": TEXT, "spans": spans})
    window.files.import_paths([file])
    dialog = asked(window, qtbot)
    assert dialog.head.text() == "x.foreign: a tool's file; 1 article, 2 spans."
    said = dialog.labels.codebook.text()
    assert said.startswith("Adds 1 label to the codebook, where it can be changed at any time; ")
    assert said.endswith("undo does not take back an import.")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=5000)
    assert count(window) == 3
    assert window.bench.page is not None
    assert {each.label for each in window.bench.page.spans.values()} == {"Person", "Weapon"}
    assert window.bench.codebook is not None
    assert any(each.name == "Weapon" for each in window.bench.codebook.labels)


@pytest.mark.parametrize("form", ["jsonl", "tables"])
def test_an_export_of_a_larger_project_extends_the_codebook_that_is_open(
    demanding: Path, open_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot, form: str
) -> None:
    out = tmp_path / ("out.jsonl" if form == "jsonl" else "tables")
    with larger(tmp_path / "larger.annot") as project:
        export_labels(project, out, format=form)
    window = open_window(demanding)
    window.files.import_paths([out])
    dialog = asked(window, qtbot)
    page = dialog.labels
    assert dialog.tabs.currentWidget() is page
    assert page.said.text() == (
        "4 labels, 1 relation type, 8 attributes. What this program has exported keeps its names."
    )
    assert page.codebook.text() == (
        "Adds 4 labels, 1 relation type and 8 attributes to the codebook, where they can be changed at any "
        "time; undo does not take back an import. Widens “made by”, “Categories” and “Stance” in the "
        "codebook to fit the files."
    )
    names = page.table.names
    shown = {names.index(row, 0).data(): names.index(row, BECOMES) for row in range(names.rowCount())}
    assert shown["Frame"].data() == "Frame (claim) (new)"
    assert shown["frames"].data() == "frames (new)"
    for widget in (page.whose, page.whose_said, dialog.save, dialog.load):
        assert not widget.isVisible()
    page.table.setCurrentIndex(shown["Frame"])
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Delete):
        qtbot.keyClick(page.table, key)
    qtbot.mouseClick(
        page.table.viewport(), Qt.MouseButton.LeftButton, pos=page.table.visualRect(shown["Frame"]).center()
    )
    assert page.table.state() == page.table.State.NoState, "its name is not to be decided"
    assert shown["Frame"].data() == "Frame (claim) (new)"
    assert not dialog.is_looking
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=5000)
    assert "1 article added with 7 labels; 4 labels" in window.notices.said
    assert window.bench.project is not None
    repository = window.bench.project.repository
    assert count(window) == 3
    assert repository.annotators() == ["ana"]
    assert window.bench.codebook is not None
    assert window.bench.codebook.label(Kind.CLAIM, "Frame") is not None
    assert list(repository.check()) == []
    window.files.import_paths([out])
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=5000)
    assert "No article added; 1 duplicate skipped" in window.notices.said, "nothing is left to decide"


def test_new_choices_and_categories_alone_are_asked_about(
    demanding: Path, open_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(demanding)
    claim = {
        "kind": "claim", "label": "Claim", "start": 0, "end": 10,
        "attributes": {"stance": "undecided", "categories": ["war/naval"]},
    }  # fmt: skip
    line = {"format": "annotator/1", "text": "Other words.", "annotator": "ana", "spans": [claim]}
    (tmp_path / "x.jsonl").write_text(json.dumps(line), "utf-8")
    window.files.import_paths([tmp_path / "x.jsonl"])
    dialog = asked(window, qtbot)
    assert (
        dialog.labels.codebook.text() == "Widens “Categories” and “Stance” in the codebook to fit the files."
    )
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.bench.codebook is not None
    assert not window.bench.codebook.has_category("war/naval")
    window.files.import_paths([tmp_path / "x.jsonl"])
    qtbot.keyClick(asked(window, qtbot), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=5000)
    assert window.bench.codebook.has_category("war/naval")
    assert count(window) == 3


def test_a_look_that_takes_long_is_shown_and_can_be_left(
    demanding: Path, open_window: Callable[..., MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forever(wanted: Wanted, progress: Callable[[int, int], None]) -> Survey:
        while True:
            sleep(0.005)
            progress(3_000_000_000, 9_000_000_000)

    monkeypatch.setattr(looking, "look", forever)
    window = open_window(demanding)
    window.files.import_paths([Path("news.csv")])
    qtbot.waitUntil(lambda: bool(window.files.arrivals.dialog and window.files.arrivals.dialog.isVisible()))
    dialog = window.files.arrivals.dialog
    assert dialog is not None
    assert dialog.looking.isVisible()
    qtbot.waitUntil(lambda: dialog.progress.value() > 0)
    assert dialog.progress.value() / dialog.progress.maximum() == pytest.approx(1 / 3, abs=0.01)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert window.files.arrivals.dialog is dialog, "there is nothing to import yet"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=3000)
    assert count(window) == 2
