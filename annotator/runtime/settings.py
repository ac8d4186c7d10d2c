"""What one person has set on one machine: one table of settings, kept in one JSON file.

A setting is one row of ``SETTINGS`` and nothing else; the preferences dialog lists the rows that
are marked ``shown``. Read and write with the row itself, which carries the type:
``settings.get(ZOOM)`` is a float.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from annotator.runtime.paths import config_folder

log = logging.getLogger(__name__)


class Setting[T](Struct, frozen=True, eq=False):
    """One row of the table. The default's type is the setting's type.

    Where there are ``choices``, the value is one of them; ``least`` and ``most`` bound a number.
    """

    name: str
    default: T
    title: str
    help: str = ""
    choices: tuple[T, ...] = ()
    least: float | None = None
    most: float | None = None
    shown: bool = False
    """Whether the preferences offer it; the others are what the window remembers by itself."""

    def accepts(self, value: object) -> bool:
        """Whether a value read from a file is of the right type and within the bounds."""
        match self.default:
            case bool():
                usable = isinstance(value, bool)
            case float():
                usable = isinstance(value, (int, float)) and not isinstance(value, bool)
            case dict():
                usable = isinstance(value, dict)
            case list():
                usable = _is_texts(value)
            case _:
                usable = isinstance(value, type(self.default)) and not isinstance(value, bool)
        if usable and isinstance(value, (int, float)):
            usable = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        return usable and (not self.choices or value in self.choices)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


ANNOTATOR = Setting("annotator", "", "Your name", "Recorded on every label that you make.", shown=True)
THEME = Setting(
    "theme",
    "system",
    "Appearance",
    "Light, dark, or as the system is set.",
    choices=("system", "light", "dark"),
    shown=True,
)
ZOOM = Setting(
    "zoom", 1.0, "Size of the article's text", "1 is the usual size.", least=0.5, most=3.0, shown=True
)
UI_SCALE = Setting(
    "ui_scale",
    1.0,
    "Size of the interface",
    "1 is the system's size; another size takes effect at the next start.",
    least=0.8,
    most=2.0,
    shown=True,
)
MODEL = Setting(
    "model",
    "",
    "spaCy pipeline",
    "A name or a folder; empty takes the best one that is installed.",
    shown=True,
)
TRUSTED_MODELS = Setting[list[str]](
    "trusted_models", [], "Folders of pipelines that may run, as the person was asked once for each"
)
AUTO_SUGGEST = Setting(
    "auto_suggest",
    True,
    "Suggest by itself",
    "Look for entities in newly added articles without being asked.",
    shown=True,
)
SHOW_SUGGESTIONS = Setting(
    "show_suggestions", True, "Show suggestions", "Undecided suggestions are drawn dashed.", shown=True
)
LEAST_CERTAIN_FIRST = Setting(
    "least_certain_first",
    False,
    "Least certain first",
    "Tab goes through the suggestions by confidence, the lowest first, instead of by place.",
    shown=True,
)
SHOW_LESS_CERTAIN = Setting(
    "show_less_certain",
    False,
    "Show less certain suggestions",
    "Those of the rules that are less certain are shown as well, in sparser dashes.",
    shown=True,
)
KEYMAP = Setting[dict[str, list[str]]]("keymap", {}, "Keys that were changed, by action")
RECENT_COMMANDS = Setting[list[str]]("recent_commands", [], "Commands chosen by name lately, newest first")
LAST_PROJECT = Setting("last_project", "", "Project that was open last")
RECENT_PROJECTS = Setting[list[str]]("recent_projects", [], "Projects opened lately, newest first")
LAST_FOLDER = Setting("last_folder", "", "Folder that a file dialog showed last")
WINDOW_GEOMETRY = Setting("window_geometry", "", "Window's place and size, base64 of Qt's own form")
SPLITTER_SIZES = Setting("splitter_sizes", "", "Widths of the three parts, base64 of Qt's own form")
INSPECTOR_SIZES = Setting("inspector_sizes", "", "Heights in the right part, base64 of Qt's own form")
COLUMN_WIDTHS = Setting("column_widths", "", "Columns of the article list, base64 of Qt's own form")

SETTINGS: tuple[Setting[Any], ...] = (
    ANNOTATOR,
    THEME,
    ZOOM,
    UI_SCALE,
    MODEL,
    TRUSTED_MODELS,
    AUTO_SUGGEST,
    SHOW_SUGGESTIONS,
    LEAST_CERTAIN_FIRST,
    SHOW_LESS_CERTAIN,
    KEYMAP,
    RECENT_COMMANDS,
    LAST_PROJECT,
    RECENT_PROJECTS,
    LAST_FOLDER,
    WINDOW_GEOMETRY,
    SPLITTER_SIZES,
    INSPECTOR_SIZES,
    COLUMN_WIDTHS,
)


class Settings:
    """The settings as they are in the file. Never raises for what the disk does.

    Each change is written at once. Keys that this version does not know stay in the file, and a
    change writes only its own key, so that two windows do not undo each other's.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / "settings.json"
        self.notice: str | None = None
        """A sentence for the person: the file was broken, or cannot be written."""
        self._values = self._read()

    def get[T](self, setting: Setting[T]) -> T:
        """The value that was set, or the default where none or an unusable one is in the file."""
        value: Any = self._values.get(setting.name)
        if value is None or not setting.accepts(value):
            value = setting.default
        if isinstance(value, list):
            value = list(value)
        elif isinstance(value, dict):
            value = {name: list(each) for name, each in value.items() if _is_texts(each)}
        return float(value) if isinstance(setting.default, float) else value  # type: ignore[return-value]

    def set[T](self, setting: Setting[T], value: T) -> None:
        """Set and write a value. Raises ValueError where the row does not accept it."""
        if not setting.accepts(value):
            raise ValueError(f"{value!r} is no value of the setting {setting.name}")
        if self._values.get(setting.name) == value:
            return
        values = {**self._values, **self._read(), setting.name: value}
        self._values = values
        self._write(values)

    def add_recent(self, project: Path, most: int = 10) -> None:
        """Remember a project as the last one and put it on top of the recent ones."""
        name = str(project)
        others = [each for each in self.get(RECENT_PROJECTS) if each != name]
        self.set(RECENT_PROJECTS, [name, *others][:most])
        self.set(LAST_PROJECT, name)

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self.path.read_text(encoding="utf-8"))
            if isinstance(values, dict):
                return values
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.notice = f"The settings could not be read ({error.strerror}); the defaults are used."
            log.warning("settings not readable: %s", error)
            return {}
        except (ValueError, RecursionError):
            pass
        self._set_aside()
        return {}

    def _set_aside(self) -> None:
        aside = self.path.with_name(f"{self.path.name}.broken")
        try:
            os.replace(self.path, aside)
        except OSError as error:
            log.warning("broken settings could not be set aside: %s", error)
            self.notice = f"The settings file {self.path} is broken; the defaults are used."
            return
        log.warning("broken settings set aside as %s", aside)
        self.notice = f"The settings file was broken and is now {aside}; the defaults are used."

    def _write(self, values: Mapping[str, Any]) -> None:
        text = json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        try:
            write_atomically(self.path, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            log.warning("settings not written: %s", error)
            self.notice = f"The settings could not be written ({error.strerror})."


def write_atomically(path: Path, data: bytes) -> None:
    """Write a small file so that a crash of the program leaves the old one or the new one, whole.

    Raises OSError. The disk is not waited for: zooming writes at every step.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
