from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from annotator.runtime.settings import (
    AUTO_SUGGEST,
    LAST_PROJECT,
    RECENT_PROJECTS,
    SETTINGS,
    THEME,
    ZOOM,
    Setting,
    Settings,
    write_atomically,
)


@pytest.fixture
def file(home: Path) -> Path:
    return home / "config" / "settings.json"


def test_every_row_has_a_name_of_its_own_a_title_and_a_usable_default() -> None:
    names = [row.name for row in SETTINGS]
    assert len(set(names)) == len(names)
    for row in SETTINGS:
        assert row.title
        assert row.accepts(row.default)
        assert row.help or not row.shown


def test_defaults_until_something_is_set(file: Path) -> None:
    settings = Settings()
    assert [settings.get(row) for row in SETTINGS] == [row.default for row in SETTINGS]
    assert settings.notice is None
    assert not file.exists()


def test_what_is_set_is_there_next_time(file: Path) -> None:
    settings = Settings()
    settings.set(ZOOM, 1.5)
    settings.set(THEME, "dark")
    settings.set(AUTO_SUGGEST, False)
    again = Settings()
    assert (again.get(ZOOM), again.get(THEME), again.get(AUTO_SUGGEST)) == (1.5, "dark", False)
    assert os.listdir(file.parent) == ["settings.json"]


def test_unknown_keys_stay(file: Path) -> None:
    write_atomically(file, b'{"from_a_later_version": [1, 2], "zoom": 2}')
    settings = Settings()
    assert settings.get(ZOOM) == 2.0
    assert isinstance(settings.get(ZOOM), float)
    settings.set(THEME, "light")
    assert json.loads(file.read_text()) == {
        "from_a_later_version": [1, 2],
        "theme": "light",
        "zoom": 2,
    }


def test_two_windows_keep_each_others_changes(file: Path) -> None:
    first, second = Settings(), Settings()
    first.set(ZOOM, 1.2)
    second.set(THEME, "dark")
    both = Settings()
    assert (both.get(ZOOM), both.get(THEME)) == (1.2, "dark")


@pytest.mark.parametrize("broken", [b"{", b"[1]", b"\xff\xfe\x00", b'{"zoom": 1'])
def test_broken_file_is_set_aside(file: Path, broken: bytes) -> None:
    write_atomically(file, broken)
    settings = Settings()
    assert settings.get(ZOOM) == 1.0
    aside = file.with_name("settings.json.broken")
    assert aside.read_bytes() == broken
    assert settings.notice is not None
    assert str(aside) in settings.notice
    settings.set(ZOOM, 1.1)
    assert Settings().get(ZOOM) == 1.1


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (ZOOM, 0.1),
        (ZOOM, 99),
        (ZOOM, True),
        (ZOOM, "1.0"),
        (THEME, "pink"),
        (THEME, 3),
        (AUTO_SUGGEST, 1),
        (RECENT_PROJECTS, ["a", 1]),
        (RECENT_PROJECTS, "a"),
        (Setting("count", 3, "Count"), True),
    ],
)
def test_unusable_value_is_neither_set_nor_read(file: Path, row: Setting[Any], value: object) -> None:
    with pytest.raises(ValueError, match=row.name):
        Settings().set(row, value)
    write_atomically(file, json.dumps({row.name: value}).encode())
    assert Settings().get(row) == row.default


def test_a_list_that_was_read_can_be_changed_without_harm(file: Path) -> None:
    settings = Settings()
    settings.get(RECENT_PROJECTS).append("stray")
    assert settings.get(RECENT_PROJECTS) == []
    assert RECENT_PROJECTS.default == []


def test_recent_projects_are_newest_first_without_repeats(file: Path) -> None:
    settings = Settings()
    for name in ("a", "b", "c", "a"):
        settings.add_recent(Path(name), most=2)
    assert settings.get(RECENT_PROJECTS) == ["a", "c"]
    assert settings.get(LAST_PROJECT) == "a"


def test_settings_that_cannot_be_written_hold_until_the_program_ends(file: Path) -> None:
    file.parent.parent.mkdir()
    file.parent.write_text("a file where the folder should be")
    settings = Settings()
    settings.set(ZOOM, 1.3)
    assert settings.get(ZOOM) == 1.3
    assert settings.notice is not None


def test_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.json"
    write_atomically(file, b"old")

    def refuse(source: str, target: Path) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="Permission denied"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["settings.json"]


def test_brackets_without_end_are_a_broken_file(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b'{"a":' * 100_000)
    settings = Settings(file)
    assert "broken" in (settings.notice or "")


def test_half_a_character_in_the_file_stays_there(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('{"other": "\\ud800"}', encoding="utf-8")
    settings = Settings(file)
    settings.set(ZOOM, 2.0)
    assert settings.notice is None
    assert json.loads(file.read_bytes())["other"] == "\ud800"
