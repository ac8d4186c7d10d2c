"""The program on the desktop: its icons, its entry in the menu, its type of file."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from configparser import ConfigParser
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[1]
ICONS = ROOT / "resources" / "icons"
DESKTOP = ROOT / "resources" / "desktop"


def entry(path: Path) -> dict[str, str]:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    return dict(parser["Desktop Entry"])


def test_icons_of_windows_and_macos_are_made_of_the_png_files() -> None:
    spec = importlib.util.spec_from_file_location("make_icons", ROOT / "docs" / "make_icons.py")
    assert spec is not None
    assert spec.loader is not None
    make_icons = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_icons)
    for name, made in (("annotator.ico", make_icons.ico()), ("annotator.icns", make_icons.icns())):
        assert (ICONS / name).read_bytes() == made, "run: uv run python docs/make_icons.py"
        assert not QImage(str(ICONS / name)).isNull()


@pytest.mark.parametrize("path", sorted(ICONS.glob("*.png")), ids=lambda path: path.name)
def test_a_picture_is_as_large_as_its_name_says(path: Path) -> None:
    size = int(path.stem.rpartition("-")[2])
    image = QImage(str(path))
    assert (image.width(), image.height()) == (size, size)


def test_entry_and_type_name_each_other() -> None:
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    kind = ElementTree.parse(DESKTOP / "annotator.xml").getroot().find(f"{space}mime-type")
    assert kind is not None
    glob, icon = kind.find(f"{space}glob"), kind.find(f"{space}icon")
    assert glob is not None
    assert icon is not None
    assert glob.get("pattern") == "*.annot"
    fields = entry(DESKTOP / "annotator.desktop")
    assert fields["MimeType"] == f"{kind.get('type')};"
    assert fields["Icon"] == icon.get("name") == fields["StartupWMClass"] == "annotator"


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_install_puts_the_program_into_the_menu_and_takes_it_out(tmp_path: Path) -> None:
    built = tmp_path / "the $1 program"
    shutil.copytree(ROOT / "resources", built / "_internal" / "resources")
    install = shutil.copy(DESKTOP / "install.sh", built)
    program = built / "annotator"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    data = tmp_path / "data"
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_DATA_HOME": str(data)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([install, *arguments], env=env, capture_output=True, text=True, check=False)

    done = run()
    assert done.returncode == 0, done.stderr
    command = str(program).replace("$", "\\\\$")
    assert entry(data / "applications" / "annotator.desktop")["Exec"] == f'"{command}" %F'
    assert (data / "mime" / "packages" / "annotator.xml").is_file()
    assert (data / "icons/hicolor/48x48/apps/annotator.png").is_file()
    assert run(str(tmp_path / "nothing")).returncode == 1
    assert run("--remove").returncode == 0
    assert [path for path in data.rglob("*") if path.is_file() and path.stem == "annotator"] == []
