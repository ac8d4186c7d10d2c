"""Codebooks to and from TOML files that are shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from annotator.core.codebook import Codebook, codebook_from_toml
from annotator.core.drafting.outline import slug
from annotator.core.errors import InputError
from annotator.runtime.settings import LAST_FOLDER, Settings
from annotator.session.codebooks import write_codebook
from annotator.ui.notices import sentence

type Tell = Callable[[str, bool], object]
"""Says a sentence; True: something is wrong."""

_FILTER = "Codebooks (*.toml);;All files (*)"
LARGEST = 20_000_000
"""Bytes of a file that is read as a codebook."""


def load_codebook(
    window: QWidget, settings: Settings, take: Callable[[Codebook], object], tell: Tell
) -> None:
    """Ask for a file and take the codebook in it; what is wrong with it is told, and nothing taken."""
    name, _ = QFileDialog.getOpenFileName(window, "Load a codebook", _folder(settings), _FILTER)
    if not name:
        return
    path = Path(name)
    settings.set(LAST_FOLDER, str(path.absolute().parent))
    try:
        codebook = codebook_from_toml(read_text(path), path.name)
    except InputError as error:
        tell(sentence(error.problem), True)
        return
    take(codebook)


def read_text(path: Path) -> str:
    """The text of a file. Raises InputError where it cannot be read as UTF-8."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError("this is too large for a codebook", where=path.name)
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror or error}", where=path.name) from error
    except UnicodeDecodeError as error:
        raise InputError("this is not UTF-8 text", where=path.name, cure="Save it as UTF-8") from error


def save_codebook(window: QWidget, settings: Settings, codebook: Codebook, tell: Tell) -> None:
    """Ask for a file and write the codebook to it."""
    usual = f"{slug(codebook.name, '-') or 'codebook'}.toml"
    name, _ = QFileDialog.getSaveFileName(window, "Save the codebook", _folder(settings, usual), _FILTER)
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
