from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLineEdit

from annotator.core.commands import DeleteSpan
from annotator.core.model import Kind
from annotator.session.editor import Changed
from annotator.ui.canvas.accessible import Mirror, Speaker
from tests.ui.conftest import Desk


@pytest.fixture
def listening() -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk(suggest=("Iran",))


def speaker_of(desk: Desk) -> Speaker:
    speaker = Speaker(desk.view)

    def follow(changed: Changed) -> None:
        speaker.tell_changes(changed.changes)

    desk.editor.listeners.append(follow)
    return speaker


def said(speaker: Speaker) -> list[str]:
    QApplication.processEvents()
    return speaker.said


def mirrored(speaker: Speaker) -> str:
    assert speaker.mirror is not None
    return speaker.mirror.textCursor().selectedText()


def test_where_nobody_listens_there_is_no_mirror(desk: Desk) -> None:
    speaker = speaker_of(desk)
    desk.make(Kind.CUE, "Cue", "told")
    desk.view.select_ranges([desk.find("Acme Corp")])
    desk.linking.relate()
    assert said(speaker) == []
    assert speaker.mirror is None
    assert desk.view.findChildren(Mirror) == []


def test_the_mirror_has_the_text_and_follows_the_selection(desk: Desk, listening: None) -> None:
    speaker = speaker_of(desk)
    desk.view.select_ranges([desk.find("Acme Corp")])
    assert speaker.mirror is not None
    assert speaker.mirror.toPlainText() == desk.text
    assert mirrored(speaker) == "Acme Corp", "behind an emoji"
    span = desk.make(Kind.CUE, "Cue", "told")
    desk.view.select_span(span)
    assert mirrored(speaker) == "told"
    desk.view.clear_selection()
    assert mirrored(speaker) == ""
    assert speaker.mirror.accessibleDescription() == "Envoy warns of drone sales"
    interface = QAccessible.queryAccessibleInterface(speaker.mirror)
    assert interface.role() == QAccessible.Role.EditableText
    assert interface.state().readOnly


def test_the_mirror_appears_as_soon_as_somebody_listens_and_the_page_has_the_keyboard(desk: Desk) -> None:
    speaker = speaker_of(desk)
    desk.view.clearFocus()
    try:
        QAccessible.setActive(True)
        desk.view.setFocus()
        assert speaker.mirror is not None
        assert speaker.mirror.toPlainText() == desk.text
    finally:
        QAccessible.setActive(False)


def test_the_mirror_takes_nothing_from_the_page(desk: Desk, listening: None) -> None:
    speaker = speaker_of(desk)
    desk.view.select_ranges([desk.find("Acme Corp")])
    desk.view.clear_selection()
    mirror = speaker.mirror
    assert mirror is not None
    assert desk.view.hasFocus()
    mirror.setFocus()
    assert desk.view.hasFocus()
    desk.key(Qt.Key.Key_Right)
    shown = desk.view.grab().toImage()
    mirror.hide()
    assert desk.view.grab().toImage() == shown, "it is not to be seen"
    mirror.show()
    desk.drag(desk.point("Acme", at=0.1), desk.point("Corp", at=0.9))
    assert desk.view.state.ranges == [desk.find("Acme Corp")]
    assert desk.view.viewport().childAt(QPoint(0, 0)) is None, "the mouse goes through it"
    desk.view.resize(1000, 120)
    desk.view.verticalScrollBar().setValue(60)
    assert mirror.pos() == QPoint(0, 0)


def test_what_is_selected_and_done_is_said(desk: Desk, listening: None) -> None:
    speaker = speaker_of(desk)
    desk.view.select_span(desk.suggested("Iran"))
    assert said(speaker) == ["Person “Iran”, suggested, 80% sure"]
    desk.view.select_ranges([desk.find("told")])
    assert said(speaker) == ["told"]
    desk.hands.label(desk.label("q"))
    assert said(speaker) == ["Labelled Cue “told”"], "and not once more that it is selected"
    span = desk.own()[0].id
    desk.view.clear_selection()
    desk.view.select_span(span)
    assert said(speaker) == ["Cue “told”"]
    desk.view.run(DeleteSpan(span))
    assert said(speaker) == ["Removed Cue “told”"]


def test_what_has_the_keyboard_elsewhere_speaks_for_itself(desk: Desk, listening: None) -> None:
    speaker = speaker_of(desk)
    field = QLineEdit(desk.view)
    field.show()
    field.setFocus()
    desk.view.select_span(desk.suggested("Iran"))
    assert said(speaker) == []
    assert mirrored(speaker) == "Iran"
    desk.make(Kind.CUE, "Cue", "told")
    assert said(speaker) == ["Labelled Cue “told”"]


def test_drawing_a_relation_is_said_step_by_step(desk: Desk, listening: None) -> None:
    speaker = speaker_of(desk)
    claim = desk.make(Kind.CLAIM, "Claim", "“peace” is near")
    desk.make(Kind.ACTOR, "Actor", "Smith")
    desk.view.select_span(claim)
    said(speaker)
    desk.linking.relate()
    heard = said(speaker)
    assert heard[0].startswith("Relate ““peace” is near” to: type a letter")
    assert desk.editor.page is not None
    target = next(each for each in desk.view.state.targets if each in desk.editor.page.spans)
    letter = desk.view.state.targets[target]
    assert f"{letter.upper()} Actor “Smith”" in heard[1]
    desk.press(letter)
    assert said(speaker)[-1].startswith("1 made by, 2 ")
    desk.press("1")
    heard = said(speaker)
    assert heard[0] == "Drawn: ““peace” is near” made by “Smith”"
    relation = next(iter(desk.editor.page.relations))
    desk.view.select_relation(relation)
    assert said(speaker) == ["Relation: ““peace” is near” made by “Smith”"]


def test_another_page_is_taken_over(desk: Desk, listening: None) -> None:
    speaker = speaker_of(desk)
    desk.view.setFocus()
    assert desk.view.page is not None
    desk.view.set_page(None, desk.view.codebook)
    assert speaker.mirror is not None
    assert speaker.mirror.toPlainText() == ""
    desk.view.set_page(desk.editor.page, desk.view.codebook)
    assert speaker.mirror.toPlainText() == desk.text


def test_what_is_done_to_the_page_beside_edits_can_be_told(desk: Desk, listening: None) -> None:
    speaker = speaker_of(desk)
    speaker.tell("5 less certain suggestions shown")
    assert said(speaker) == ["5 less certain suggestions shown"]
