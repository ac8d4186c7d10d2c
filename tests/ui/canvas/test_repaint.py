"""Only what has changed is painted again; the picture is the same as if everything had been."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from annotator.core.model import Kind

LONG = "\n\n".join(
    f"Rob Malley said that Iran must stop sale {n}. The minister rejected it {n}." for n in range(40)
)


def on_screen(desk: object) -> QImage:
    """What is on the screen, without having anything painted."""
    view = desk.view  # type: ignore[attr-defined]
    return view.screen().grabWindow(view.winId()).toImage()


def agree(desk: object, what: str) -> None:
    QApplication.processEvents()
    partly = on_screen(desk)
    desk.view.viewport().repaint()  # type: ignore[attr-defined]
    assert partly == on_screen(desk), what


def test_a_change_is_seen_on_the_screen(make_desk: Callable) -> None:
    desk = make_desk(LONG)
    before = on_screen(desk)
    desk.make(Kind.ENTITY, "Person", "Rob Malley")
    QApplication.processEvents()
    assert on_screen(desk) != before


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_the_picture_is_whole(make_desk: Callable, seed: int) -> None:
    desk = make_desk(LONG, suggest=("Rob Malley", "Iran"))
    chance = Random(seed)
    labels = desk.project.codebook.labels
    while desk.view.scene.unready:
        QApplication.processEvents()
    for nth in range(45):
        what = chance.choice(
            [
                "label",
                "claim",
                "select",
                "clear",
                "step",
                "edge",
                "relate",
                "undo",
                "delete",
                "hover",
                "scroll",
            ]
        )
        number = chance.randrange(9)
        if what == "label":
            desk.view.select_ranges([desk.find("minister", number)])
            desk.hands.label(chance.choice(labels))
        elif what == "claim":
            desk.view.select_ranges([desk.find("Iran must stop", number)])
            desk.hands.label(desk.label("c"))
        elif what == "select":
            desk.view.select_ranges([desk.find("Malley said", number)])
        elif what == "clear":
            desk.view.clear_selection()
        elif what == "step":
            desk.hands.step_label(chance.choice([1, -1]))
        elif what == "edge" and desk.view.state.span:
            desk.hands.move_edge(chance.choice([1, -1]), chance.random() < 0.5)
        elif what == "relate" and desk.view.state.span:
            desk.linking.relate()
            for code in list(desk.view.state.targets.values())[:1]:
                desk.press(code)
                desk.press("1")
            desk.key(Qt.Key.Key_Escape)
        elif what == "undo":
            desk.editor.undo()
        elif what == "delete":
            desk.hands.delete()
        elif what == "hover":
            words = chance.choice(["minister", "Iran must stop", "Rob Malley"])
            desk.qtbot.mouseMove(desk.view.viewport(), desk.point(words, number))
        elif what == "scroll":
            desk.view.verticalScrollBar().setValue(chance.randrange(600))
        agree(desk, f"{nth}: {what}")
