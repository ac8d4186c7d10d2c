"""Codebooks to and from TOML files that are shared, and from other projects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from annotator.core.codebook import Codebook
from annotator.core.drafting.outline import slug
from annotator.core.errors import AnnotatorError, InputError
from annotator.runtime.settings import LAST_FOLDER, Settings
from annotator.session.codebooks import codebook_named, write_codebook
from annotator.ui import choosing
from annotator.ui.notices import sentence

type Tell = Callable[[str, bool], object]
"""Says a sentence; True: something is wrong."""

_FILTER = "Codebooks (*.toml);;All files (*)"
_READ = "Codebooks and projects (*.toml *.annot);;All files (*)"


def ask_for_codebook(window: QWidget, settings: Settings) -> Codebook | None:
    """The codebook in a file that the person chooses; None where none is chosen.

    Raises AnnotatorError where it cannot be read.
    """
    name = choosing.file_to_open(window, "Load a codebook", _folder(settings), _READ)
    if not name:
        return None
    path = Path(name).absolute()
    settings.set(LAST_FOLDER, str(path.parent))
    return codebook_named(str(path))


def load_codebook(
    window: QWidget, settings: Settings, take: Callable[[Codebook], object], tell: Tell
) -> None:
    """Ask for a file and take the codebook in it; what is wrong with it is told, and nothing taken."""
    try:
        found = ask_for_codebook(window, settings)
    except AnnotatorError as error:
        tell(sentence(error.problem), True)
        return
    if found is not None:
        take(found)


def save_codebook(window: QWidget, settings: Settings, codebook: Codebook, tell: Tell) -> None:
    """Ask for a file and write the codebook to it."""
    usual = f"{slug(codebook.name, '-') or 'codebook'}.toml"
    name = choosing.file_to_save(window, "Save the codebook", _folder(settings, usual), _FILTER)
    if not name:
        return
    path = Path(name)
    if not path.suffix:
        path = path.with_name(f"{path.name}.toml")
    settings.set(LAST_FOLDER, str(path.absolute().parent))
    try:
        write_codebook(codebook, path)
    except InputError as error:
        tell(sentence(error.problem), True)
        return
    tell(f"Saved as {path.name}.", False)


def _folder(settings: Settings, name: str = "") -> str:
    last = settings.get(LAST_FOLDER)
    folder = Path(last) if last and Path(last).is_dir() else Path.home()
    return str(folder / name) if name else str(folder)
