"""What the Actors window does when its project is left, or its file cannot be read for now."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from annotator.session.project import Project
from tests.ui.actors.conftest import Room


def _type_name(room: Room, name: str) -> Path:
    """Type another name over Rob Malley's without leaving the field."""
    dialog = room.open_actors()
    dialog.go_to("r-malley")
    dialog.page.form.name.setFocus()
    dialog.page.form.name.selectAll()
    room.press(name)
    assert room.window.bench.project is not None
    return room.window.bench.project.path


def _name_in(path: Path) -> str:
    with Project.open(path) as project:
        return project.editor("ana").actors.registry.records["r-malley"].name


def test_a_half_typed_name_stays_in_its_project(room: Room, tmp_path: Path) -> None:
    copy = tmp_path / "copy.annot"
    assert room.window.bench.project is not None
    with Project.open(room.window.bench.project.path):
        pass
    shutil.copy(room.window.bench.project.path, copy)
    first = _type_name(room, "Robert Malley")
    assert room.window.bench.open(copy)
    room.settle()
    assert room.actors.registry.records["r-malley"].name == "Rob Malley"
    assert _name_in(first) == "Robert Malley"


def test_a_half_typed_name_is_saved_when_the_window_is_closed(room: Room) -> None:
    path = _type_name(room, "Robert Malley")
    room.window.close()
    assert _name_in(path) == "Robert Malley"


def test_a_file_that_is_away_is_told_and_no_crash(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    span = room.make("Malley", 1)
    dialog = room.open_actors()
    dialog.go_to("r-malley")
    aside = tmp_path / "aside"
    aside.mkdir()
    parts = [each for each in tmp_path.glob("p.annot*") if each.is_file()]
    for each in parts:
        each.rename(aside / each.name)
    looks: tuple[Callable[[], object], ...] = (
        lambda: room.window.identities.carry_out(lambda: room.actors.link((span,), "r-malley")),
        lambda: dialog.go_to("r-iran"),
    )
    told = []
    try:
        for look in looks:
            dialog.say("")
            with qtbot.captureExceptions() as crashes:
                look()
                room.settle()
            assert not crashes
            told.append(dialog.said.text())
    finally:
        for each in parts:
            (aside / each.name).rename(each)
        room.actors._editor.write_unsaved()
    assert all("was moved" in each for each in told)


def test_closed_and_opened_at_once_it_is_open(room: Room, qtbot: QtBot) -> None:
    room.open_actors().close()
    again = room.window.identities.show_window()
    qtbot.wait(20)
    assert again is not None
    assert again.isVisible()
    assert room.window.identities.dialog is again
