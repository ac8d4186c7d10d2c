"""The window when the project's codebook becomes another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from annotator.core.codebook import Label
from annotator.core.commands import MakeSpan
from annotator.core.model import Kind
from annotator.core.moves import Move, Part
from annotator.core.records import replace
from annotator.session.project import Project, default_codebook
from annotator.ui.main_window import MainWindow


def test_labels_keys_and_panels_follow_and_so_does_undo(
    open_window: Callable[[Path | None], MainWindow],
) -> None:
    window = open_window(None)
    bench = window.bench
    assert bench.editor is not None
    assert bench.codebook is not None
    assert bench.page is not None
    start = bench.page.text.index("Iran")
    bench.run(MakeSpan(Kind.ENTITY, "Place", ((start, start + 4),)))
    (span,) = bench.page.spans
    window.canvas.select_span(span)
    window.canvas.arm(bench.codebook.label(Kind.ENTITY, "Place"))
    before = bench.codebook
    after = replace(
        before,
        labels=tuple(
            replace(each, name="Location", key="k", short="loc") if each.name == "Place" else each
            for each in before.labels
        ),
    )
    told: list[str] = []
    bench.codebook_changed.connect(lambda: told.append("changed"))
    move = Move(Part.LABEL, ("entity", "Place"), ("entity", "Location"))
    assert bench.editor.change_codebook(after, [move], "Rename Place to Location")
    assert told == ["changed"]
    assert bench.page.spans[span].label == "Location"
    assert window.canvas.codebook.label(Kind.ENTITY, "Location")
    assert window.canvas.scene.marks[span].text == "loc"
    assert window.canvas.state.span == span
    assert window.canvas.armed is None
    assert bench.project is not None
    assert bench.project.codebook.version == before.version + 1
    assert "label_entity_Location" in window.actions_by_id
    assert "label_entity_Place" not in window.actions_by_id
    assert [each.toString() for each in window.actions_by_id["label_entity_Location"].shortcuts()] == ["K"]
    assert "Location" in [each.name for each in window.inspector.article_view.labels]

    bench.undo()
    assert bench.page.spans[span].label == "Place"
    assert "label_entity_Place" in window.actions_by_id
    assert bench.codebook.version == before.version
    bench.redo()
    assert bench.page.spans[span].label == "Location"
    assert len(told) == 3


def test_the_first_codebook_is_applied_before_there_is_an_article(
    open_window: Callable[[Path | None], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "new.annot"
    Project.create(path, default_codebook()).close()
    window = open_window(path)
    bench = window.bench
    assert bench.editor is not None
    assert bench.codebook is not None
    assert bench.page is None
    after = replace(bench.codebook, labels=(*bench.codebook.labels, Label(name="Protester", kind=Kind.ACTOR)))
    assert bench.editor.change_codebook(after, [], "Add Protester")
    qtbot.wait(20)  # the signs after labels follow a little later; an error there fails the test
    assert "label_actor_Protester" in window.actions_by_id
    bench.undo()
    qtbot.wait(20)
    assert "label_actor_Protester" not in window.actions_by_id


def changed_by(path: Path, name: str, remove: str) -> None:
    """Have somebody delete a label of entities from the codebook of a project, as another program does."""
    with Project.open(path) as project:
        book = project.codebook
        kept = tuple(each for each in book.labels if (each.kind, each.name) != (Kind.ENTITY, remove))
        move = Move(Part.LABEL, ("entity", remove), None)
        project.editor(name).change_codebook(replace(book, labels=kept), [move], f"Delete the label {remove}")


def test_what_somebody_else_did_to_the_codebook_is_told_with_what_went(
    open_window: Callable[[Path | None], MainWindow],
) -> None:
    window = open_window(None)
    bench = window.bench
    assert bench.project is not None
    assert bench.page is not None
    assert bench.editor is not None
    path, start = bench.project.path, bench.page.text.index("Iran")
    bench.run(MakeSpan(Kind.ENTITY, "Place", ((start, start + 4),)))
    changed_by(path, "ben", "Place")
    assert window.notices.problems == ()
    assert bench.editor.look_again()
    assert bench.page.spans == {}
    (problem,) = window.notices.problems
    assert problem == (
        "ben changed the codebook: “Delete the label Place”. Of your labels, 1 was removed. ben can undo it, "
        "which brings back what was removed."
    )
    with Project.open(path) as project:
        assert project.editor("ben").undo() is not None
    assert bench.editor.look_again()
    assert len(bench.page.spans) == 1
    assert window.notices.said == "ben took back a change of the codebook: “Delete the label Place”."


def test_a_change_that_costs_nobody_a_label_is_merely_said_and_ones_own_is_no_news(
    open_window: Callable[[Path | None], MainWindow],
) -> None:
    window = open_window(None)
    bench = window.bench
    assert bench.project is not None
    assert bench.editor is not None
    assert bench.codebook is not None
    changed_by(bench.project.path, "ben", "Work")
    changed_by(bench.project.path, bench.annotator, "Law")
    assert bench.editor.look_again()
    assert window.notices.problems == ()
    assert window.notices.said == (
        "ben changed the codebook: “Delete the label Work”. ben can undo it.\n"
        f"You ({bench.annotator}) changed the codebook, in another window or program: “Delete the label Law”."
        " You can undo it."
    )
    window.notices.tell("Something else")
    after = replace(bench.codebook, labels=(*bench.codebook.labels, Label(name="Protester", kind=Kind.ACTOR)))
    assert bench.editor.change_codebook(after, [], "Add Protester")
    bench.editor.undo()
    bench.editor.redo()
    assert window.notices.said == "Something else"


def test_labels_that_another_ones_change_renames_are_counted(
    open_window: Callable[[Path | None], MainWindow],
) -> None:
    window = open_window(None)
    bench = window.bench
    assert bench.project is not None
    assert bench.page is not None
    assert bench.editor is not None
    start = bench.page.text.index("Iran")
    bench.run(MakeSpan(Kind.ENTITY, "Place", ((start, start + 4),)))
    with Project.open(bench.project.path) as project:
        named = replace(
            project.codebook,
            labels=tuple(
                replace(each, name="Site") if each.name == "Place" else each
                for each in project.codebook.labels
            ),
        )
        move = Move(Part.LABEL, ("entity", "Place"), ("entity", "Site"))
        project.editor("ben").change_codebook(named, [move], "Rename Place to Site")
    assert bench.editor.look_again()
    assert window.notices.said == (
        "ben changed the codebook: “Rename Place to Site”. Of your labels, 1 was carried along. "
        "ben can undo it."
    )
