"""The gold session by keyboard alone and by mouse alone: the same labels, few actions, no dialogs."""

from __future__ import annotations

from pathlib import Path

import pytest
from effort import gold, session
from effort.hands import RELATION_SEEN, SPAN, Keyboard, Mouse
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot


def test_keyboard_and_mouse_make_the_same_labels(
    home: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogs: list[QDialog] = []
    monkeypatch.setattr(QDialog, "showEvent", lambda dialog, _: dialogs.append(dialog))
    typed = session.run(tmp_path, Keyboard, suggestions=False)
    pointed = session.run(tmp_path, Mouse, suggestions=False)
    assert typed.right
    assert gold.labelled(typed.line) == gold.labelled(pointed.line)
    assert (typed.relations, typed.spans) == (len(gold.RELATIONS), pointed.spans)
    assert typed.tally.most[SPAN] <= 2
    assert typed.tally.most[RELATION_SEEN] <= 3
    assert pointed.tally.most[RELATION_SEEN] <= 3
    assert typed.tally.counts["relations"] / typed.relations <= 3.1
    assert pointed.tally.counts["spans"] / pointed.spans < 1.3
    assert dialogs == []
