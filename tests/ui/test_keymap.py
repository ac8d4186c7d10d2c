"""Each key has one owner, whatever is changed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from annotator.core.codebook import Label
from annotator.core.model import Kind
from annotator.core.records import replace
from annotator.runtime.settings import KEYMAP, Settings
from annotator.session.project import default_codebook
from annotator.ui.actions import ACTIONS
from annotator.ui.keymap import FIXED, KeyBook, normal, pressed, resolve, with_keys
from annotator.ui.shortcuts import key_sheet, label_rows

CODEBOOK = default_codebook()
LABELS = label_rows(CODEBOOK)
ROWS = [*ACTIONS, *LABELS]
IDS = [row.id for row in ROWS]
KEYS = ["A", "R", "T", "Ctrl+K", "Esc", "Shift+R", "{", "1", "F5", "Tab", "nonsense+", "", "Ctrl+K, Ctrl+L"]


def test_the_usual_keys_collide_nowhere() -> None:
    made = resolve(ROWS, {}, [row.id for row in LABELS])
    assert made.lost == {}
    assert all(made.keys[row.id] == tuple(normal(key) for key in row.keys) for row in ROWS)
    assert all(normal(key) for row in ROWS for key in row.keys)


@given(st.dictionaries(st.sampled_from([*IDS, "gone"]), st.lists(st.sampled_from(KEYS), max_size=3)))
def test_each_key_has_one_owner_whatever_is_changed(own: dict[str, list[str]]) -> None:
    made = resolve(ROWS, own, [row.id for row in LABELS])
    seen = [key for keys in made.keys.values() for key in keys]
    assert len(seen) == len(set(seen))
    assert {key: made.owners[key] for key in seen} == {
        key: name for name, keys in made.keys.items() for key in keys
    }
    assert made.keys[FIXED] == ("Esc",)
    for name, keys in made.lost.items():
        assert all(made.owners[key] != name for key in keys)


def test_a_codebook_letter_beats_the_table_but_not_what_the_person_set() -> None:
    source = Label(name="Source", kind=Kind.ENTITY, key="s")
    codebook = replace(CODEBOOK, labels=(*CODEBOOK.labels, source))
    labels = label_rows(codebook)
    ids = [row.id for row in labels]
    made = resolve([*ACTIONS, *labels], {}, ids)
    assert made.owners["S"] == "label_entity_Source"
    assert made.lost["select_label"] == ("S",)
    made = resolve([*ACTIONS, *labels], {"select_label": ["S"]}, ids)
    assert made.owners["S"] == "select_label"
    assert made.lost["label_entity_Source"] == ("S",)


def test_label_keys_of_the_person_change_the_codebooks_and_their_twins() -> None:
    changed = with_keys(CODEBOOK, {"label_claim_Claim": ["V"], "label_cue_Cue": [], "relate": ["A"]})
    keys = {label.name: label.key for label in changed.labels}
    assert (keys["Claim"], keys["Cue"], keys["Actor"]) == ("v", "", "a")
    rows = {row.id: row.keys for row in label_rows(changed)}
    assert rows["label_claim_Claim_on_top"] == ("Shift+V",)
    assert rows["label_cue_Cue"] == rows["label_cue_Cue_on_top"] == ()


def test_a_label_without_its_key_shows_none_but_claims_it() -> None:
    own = {"relate": ["C"], "label_claim_Claim": ["V"], "undo": ["A"]}
    shown = {label.name: label.key for label in with_keys(CODEBOOK, own, without_lost=True).labels}
    assert (shown["Claim"], shown["Actor"], shown["Cue"]) == ("v", "", "q")
    assert {label.name: label.key for label in with_keys(CODEBOOK, own).labels}["Actor"] == "a"


def event(key: Qt.Key, text: str = "", *modifiers: Qt.KeyboardModifier) -> QKeyEvent:
    held = Qt.KeyboardModifier.NoModifier
    for each in modifiers:
        held |= each
    return QKeyEvent(QEvent.Type.KeyPress, key, held, text)


@pytest.mark.parametrize(
    ("press", "expected"),
    [
        (event(Qt.Key.Key_R, "r"), "R"),
        (event(Qt.Key.Key_R, "R", Qt.KeyboardModifier.ShiftModifier), "Shift+R"),
        (event(Qt.Key.Key_BraceLeft, "{", Qt.KeyboardModifier.ShiftModifier), "{"),
        (event(Qt.Key.Key_K, "", Qt.KeyboardModifier.ControlModifier), "Ctrl+K"),
        (event(Qt.Key.Key_5, "5", Qt.KeyboardModifier.KeypadModifier), "5"),
        (event(Qt.Key.Key_Shift, "", Qt.KeyboardModifier.ShiftModifier), ""),
        (event(Qt.Key.Key_F7), "F7"),
        (event(Qt.Key.Key_Tab, "\t"), "Tab"),
    ],
)
def test_what_was_pressed_as_a_key(press: QKeyEvent, expected: str) -> None:
    assert pressed(press) == expected


def test_changes_are_kept_and_resetting_gives_the_usual_keys(tmp_path: Path, qapp: QObject) -> None:
    settings = Settings(tmp_path / "settings.json")
    book = KeyBook(settings, qapp)
    book.set_codebook(CODEBOOK)
    usual = book.map
    book.give("pin", "R")
    assert book.map.owners["R"] == "pin"
    assert book.map.keys["relate"] == ()
    assert book.objection("relate", "R").startswith("R is the key of “Pin")
    assert book.objection("pin", "Esc").startswith("Esc is the way out")
    book.give("pin", "Esc")
    book.take(FIXED)
    again = KeyBook(Settings(settings.path), qapp)
    again.set_codebook(CODEBOOK)
    assert again.map == book.map
    again.reset("pin")
    assert again.map.keys["pin"] == ("P",)
    assert again.map.keys["relate"] == ()
    again.reset()
    assert again.map == usual


def test_a_spoilt_setting_is_ignored(tmp_path: Path, qapp: QObject) -> None:
    path = tmp_path / "settings.json"
    for spoilt in ('{"keymap": [1]}', '{"keymap": {"pin": "R"}}', '{"keymap": {"pin": [3]}}'):
        path.write_text(spoilt)
        assert Settings(path).get(KEYMAP) == {}
    path.write_text('{"keymap": {"pin": ["nonsense+"], "gone": ["R"], "find": ["F5"], "flip": 3}}')
    book = KeyBook(Settings(path), qapp)
    book.set_codebook(CODEBOOK)
    assert book.map.keys["pin"] == ("P",)
    assert book.map.keys["find"] == ("F5",)
    assert book.map.owners["R"] == "relate"
    path.write_text('{"keymap": {"label_claim_Claim": ["Shift"], "pin": ["Shift", "F6"]}}')
    book = KeyBook(Settings(path), qapp)
    book.set_codebook(CODEBOOK)
    assert book.map.keys["label_claim_Claim"] == ("C",)
    assert book.map.keys["pin"] == ("F6",)


DEEDS = st.lists(
    st.tuples(st.sampled_from(["give", "add", "take", "reset"]), st.sampled_from(IDS), st.sampled_from(KEYS)),
    max_size=12,
)


@given(DEEDS)
def test_whatever_is_changed_in_the_sheet_each_key_has_one_owner(deeds: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = KeyBook(Settings(Path(folder) / "settings.json"), QApplication.instance() or QApplication([]))
        book.set_codebook(CODEBOOK)
        usual = book.map
        for deed, name, key in deeds:
            key = normal(key)
            free = not book.fixed(name) and book.map.owners.get(key) != FIXED
            if deed == "take":
                book.take(name)
                assert book.fixed(name) or book.map.keys[name] == ()
            elif deed == "reset":
                book.reset(name)
            else:
                book.give(name, key, besides=deed == "add")
                if key and free:
                    assert key in book.map.keys[name]
            seen = [each for keys in book.map.keys.values() for each in keys]
            assert len(seen) == len(set(seen))
            assert set(seen) == set(book.map.owners)
        book.reset()
        assert book.map == usual


def test_a_loser_is_named_in_the_sheet(tmp_path: Path, qapp: QObject) -> None:
    source = Label(name="Source", kind=Kind.ENTITY, key="s")
    codebook = replace(CODEBOOK, labels=(*CODEBOOK.labels, source))
    book = KeyBook(Settings(tmp_path / "settings.json"), qapp)
    book.set_codebook(codebook)
    rows = {row.id: row for row in key_sheet(codebook, book.map.keys, book.notes())}
    assert rows["select_label"].keys == ""
    assert rows["select_label"].words.endswith("S is the key of “Source”.")


@pytest.mark.parametrize("key", [Qt.Key.Key_Dead_Circumflex, Qt.Key.Key_Multi_key, Qt.Key.Key_Kanji])
def test_keys_that_only_help_writing_are_none(key: Qt.Key) -> None:
    assert pressed(event(key)) == ""


def test_a_label_key_set_by_hand_beats_another_codebooks_letter(tmp_path: Path, qapp: QObject) -> None:
    book = KeyBook(Settings(tmp_path / "settings.json"), qapp)
    book.set_codebook(CODEBOOK)
    book.give("label_claim_Claim", "V")
    labels = [replace(each, key="v") if each.name == "Actor" else each for each in CODEBOOK.labels]
    book.set_codebook(replace(CODEBOOK, labels=tuple(labels)))
    assert book.map.owners["V"] == "label_claim_Claim"
    assert book.map.owners["Shift+V"] == "label_claim_Claim_on_top"
    assert book.notes()["label_actor_Actor"] == "V is the key of “Claim”."
