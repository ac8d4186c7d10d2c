"""The window when the project's codebook becomes another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from annotator.core.codebook import Label
from annotator.core.commands import MakeSpan
from annotator.core.model import Kind
from annotator.core.moves import Move, Part
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
