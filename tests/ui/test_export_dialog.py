"""The export dialog, and what the window asks before something is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.core.model import Article, Kind, State, Status
from annotator.core.ports import ArticleLabels, NewArticle
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.formats import registry
from annotator.formats.output import Output
from annotator.session.project import Project
from annotator.session.selecting import Selection, Split
from annotator.ui.dialogs.export import ExportChoice, ExportDialog
from annotator.ui.dialogs.losses import LossesDialog
from annotator.ui.main_window import MainWindow


def _poor(lines: Iterable[ArticleLabels], output: Output) -> None:
    for each in lines:
        output.losses.add("notes", number=2)
        with output.file(f"{each.article.id}.x") as stream:  # type: ignore[misc]
            stream.write(each.article.text.encode())


@pytest.fixture(autouse=True)
def poor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format of many files that loses notes."""
    made = replace(
        registry.WRITERS["jsonl"],
        name="poor",
        title="poor files",
        endings=(".x",),
        cannot_hold=("notes", "flags", "categories"),
        many=True,
        write=_poor,
    )
    monkeypatch.setitem(registry.WRITERS, "poor", made)


@pytest.fixture
def export(tmp_path: Path, qtbot: QtBot) -> ExportDialog:
    dialog = ExportDialog(["ana", "ben"], "ana", tmp_path / "out")
    qtbot.addWidget(dialog)
    return dialog


def use(dialog: ExportDialog, name: str) -> None:
    dialog.format.setCurrentIndex(dialog.format.findData(name))


def test_by_default_everything_that_people_made(export: ExportDialog, tmp_path: Path) -> None:
    assert export.choice() == ExportChoice(tmp_path / "out.jsonl", "jsonl", Selection())
    assert export.go.isEnabled()
    assert export.cannot.text() == "Holds everything."


def test_every_format_that_can_be_written_is_offered(export: ExportDialog) -> None:
    offered = {export.format.itemData(nth) for nth in range(export.format.count())}
    assert offered == set(registry.WRITERS)


def test_a_narrower_choice(export: ExportDialog, tmp_path: Path) -> None:
    assert [export.who.itemText(nth) for nth in range(3)] == ["Everybody’s labels", "ana (you)", "ben"]
    export.who.setCurrentIndex(1)
    export.statuses[Status.NEW].click()
    export.statuses[Status.SKIPPED].click()
    export.states[State.SUGGESTED].click()
    export.kinds[Kind.CUE].click()
    export.path_field.setText(str(tmp_path / "labels"))
    assert export.choice() == ExportChoice(
        tmp_path / "labels.jsonl",
        "jsonl",
        Selection(
            annotator="ana",
            statuses=frozenset({Status.IN_PROGRESS, Status.DONE}),
            kinds=frozenset({Kind.ENTITY, Kind.ACTOR, Kind.CLAIM}),
            states=frozenset({State.ACCEPTED, State.SUGGESTED}),
        ),
    )


def test_what_was_chosen_before_is_shown_again(export: ExportDialog, tmp_path: Path, qtbot: QtBot) -> None:
    selection = Selection(
        annotator="ben",
        statuses=frozenset({Status.DONE}),
        kinds=frozenset({Kind.CLAIM, Kind.ACTOR}),
        states=frozenset({State.SUGGESTED}),
        split=Split(shares={"train": 0.7, "test": 0.3}, seed=5),
    )
    for choice in (
        ExportChoice(tmp_path / "set", "jsonl", selection, copies_together=False),
        ExportChoice(tmp_path / "x.jsonl", "jsonl", Selection()),
    ):
        export.take(choice)
        assert export.choice() == choice
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.x").touch()
    export.take(ExportChoice(tmp_path / "full", "poor", Selection(annotator="gone")))
    assert export.choice() == ExportChoice(tmp_path / "full-2", "poor", Selection())


def test_parts_make_several_files(export: ExportDialog, tmp_path: Path) -> None:
    export.split.whether.setCurrentIndex(1)
    assert export.choice().selection.split == Split()
    assert export.choice().copies_together
    assert export.choice().path == tmp_path / "out"
    assert export.place.text().replace("&", "") == "Folder"
    export.split.shares["test"].setText("20")
    assert export.warning.text() == "The shares add up to 110 %; let it be 100 %."
    assert not export.go.isEnabled()
    export.split.shares["dev"].setText("0")
    export.split.seed.setText("7")
    assert export.go.isEnabled()
    assert export.choice().selection.split == Split(shares={"train": 0.8, "test": 0.2}, seed=7)
    export.split.whether.setCurrentIndex(0)
    assert export.choice() == ExportChoice(tmp_path / "out.jsonl", "jsonl", Selection())


def test_a_format_of_many_files_takes_a_folder_or_an_archive(export: ExportDialog, tmp_path: Path) -> None:
    use(export, "poor")
    assert export.cannot.text() == (
        "Does not hold notes, flags or categories. What that loses is told before it is written."
    )
    assert export.choice().path == tmp_path / "out"
    assert export.warning.text().startswith("A new folder")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").write_text("x")
    export._on_changed()
    assert export.warning.text().startswith("This folder is not empty")
    assert not export.go.isEnabled()
    export.path_field.setText(str(tmp_path / "out.zip"))
    assert export.go.isEnabled()
    export.split.whether.setCurrentIndex(1)
    assert export.choice().path == tmp_path / "out.zip"
    export.split.whether.setCurrentIndex(0)
    use(export, "jsonl")
    assert export.choice().path == tmp_path / "out.jsonl"


def test_what_cannot_be_exported_is_said_before(export: ExportDialog, tmp_path: Path) -> None:
    export.path_field.setText(str(tmp_path / "nowhere" / "out.jsonl"))
    assert export.warning.text() == "There is no such folder."
    assert not export.go.isEnabled()
    export.path_field.setText(str(tmp_path))
    assert export.warning.text().startswith("That is a folder")
    assert not export.go.isEnabled()
    export.path_field.setText("")
    assert not export.go.isEnabled()
    there = tmp_path / "there.jsonl"
    there.write_text("x")
    export.path_field.setText(str(there))
    assert export.warning.text() == "This file exists and will be replaced."
    assert export.go.text() == "Replace"
    assert export.go.isEnabled()
    for box in export.statuses.values():
        box.click()
    assert export.warning.text() == "Tick at least one status."
    assert not export.go.isEnabled()


# -- through the window -----------------------------------------------------------------------------


def asked(window: MainWindow, qtbot: QtBot) -> LossesDialog:
    qtbot.waitUntil(lambda: window.files.exporting.losses is not None, timeout=5000)
    dialog = window.files.exporting.losses
    assert dialog is not None
    return dialog


def test_losses_are_asked_about_before_anything_is_written(
    demanding: Path, open_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(demanding)
    out = tmp_path / "poor"
    choice = ExportChoice(out, "poor", Selection())
    window.files.exporting.write(choice)
    dialog = asked(window, qtbot)
    assert "notes: left out" in dialog.list.toPlainText()
    assert not out.exists()
    dialog.reject()
    qtbot.waitUntil(lambda: not window.bench.tasks.busy, timeout=5000)
    assert not out.exists()
    assert window.notices.said == "Nothing was exported."
    window.files.exporting.write(choice)
    asked(window, qtbot).go.click()
    qtbot.waitUntil(lambda: not window.bench.tasks.busy, timeout=5000)
    assert out.is_dir()
    assert "written to" in window.notices.said


def test_closing_the_window_answers_no(
    demanding: Path, open_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(demanding)
    window.files.exporting.write(ExportChoice(tmp_path / "poor", "poor", Selection()))
    asked(window, qtbot)
    window.bench.close_project()
    QApplication.processEvents()
    assert not (tmp_path / "poor").exists()


def test_near_duplicates_stay_in_one_part(
    tmp_path: Path, open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    words = " ".join(f"word{nth} and thing {nth * 7 % 31}." for nth in range(60))
    texts = [f"{words} Ending {nth}." for nth in range(3)] + [f"Other {nth} words." for nth in range(7)]
    with Project.create(tmp_path / "many.annot") as project:
        articles = [
            Article(id=f"a{nth}", text=each, sha256=sha256_of(each)) for nth, each in enumerate(texts)
        ]
        project.repository.add_articles([NewArticle(article=each) for each in articles], [])
    window = open_window(tmp_path / "many.annot")
    split = Split(shares={"train": 0.5, "test": 0.5})
    out = tmp_path / "parts"
    window.files.exporting.write(ExportChoice(out, "jsonl", Selection(split=split), copies_together=True))
    qtbot.waitUntil(lambda: not window.bench.tasks.busy, timeout=5000)
    parts = [file.read_text("utf-8").count("Ending") for file in sorted(out.iterdir())]
    assert sorted(parts) == [0, 3]


def test_it_proposes_a_place_beside_the_project_and_then_what_was_chosen(
    demanding: Path, open_window: Callable[..., MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(demanding)
    window.files.remember(tmp_path / "elsewhere" / "articles.csv")
    asked: list[ExportDialog] = []
    written: list[ExportChoice] = []

    def answer(dialog: ExportDialog) -> bool:
        asked.append(dialog)
        if len(asked) == 1:
            use(dialog, "poor")
        return True

    monkeypatch.setattr(ExportDialog, "exec", answer)
    monkeypatch.setattr(window.files.exporting, "write", written.append)
    window.files.export()
    window.files.export()
    assert written == [ExportChoice(demanding.with_suffix(""), "poor", Selection())] * 2
