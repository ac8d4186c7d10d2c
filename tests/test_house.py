"""The rules of the house: lint, format, types, which room may import which, and what stays out."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import annotator

ROOT = Path(__file__).parents[1]
LONGEST = 460
"""Lines beyond which a module must be split; about 400 is the aim."""

CHECKS = {
    "lint": ["ruff", "check", "--no-fix"],
    "format": ["ruff", "format", "--check"],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-logo"],
}


@pytest.mark.parametrize("name", CHECKS)
def test_checker_finds_nothing(name: str) -> None:
    command, *arguments = CHECKS[name]
    beside = Path(sys.executable).with_name(command)
    done = subprocess.run(
        [str(beside) if beside.exists() else command, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("annotator.__main__", set()),
        ("annotator.cli.main", set()),
        ("annotator.cli.headless", set()),
        ("annotator.session.suggest", set()),
        ("annotator.ui.app", {"PySide6"}),
        ("annotator.store.adding", {"sqlalchemy"}),
        ("annotator.store.reading_beside", {"sqlalchemy"}),
        ("annotator.store.repository", {"sqlalchemy"}),
    ],
)
def test_importing_loads_nothing_heavy(module: str, allowed: set[str]) -> None:
    """The window paints before the rest is loaded, the command line must not touch Qt, and the second process
    has to be there at once."""
    heavy = {"PySide6", "multiprocessing", "numpy", "spacy", "sqlalchemy", "sqlalchemy.orm"}
    script = f"import sys, {module}; print(*{heavy} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == allowed


def test_modules_can_be_read_in_one_sitting() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "annotator").rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_lock_names_only_the_public_index() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts <= {"pypi.org", "files.pythonhosted.org"}
    assert {each["name"] for each in lock["package"]} >= {"annotator", "pyside6-essentials", "spacy"}


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == annotator.__version__ == importlib.metadata.version("annotator")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{annotator.__version__}]" in changelog


FORBIDDEN_MODULES = {
    "pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "marshal",
    "shelve",
    "yaml",
    "jsonpickle",
    "dbm",
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "enable_load_extension"}
NETWORK_MODULES = {
    "socket",
    "ssl",
    "http",
    "urllib",
    "ftplib",
    "smtplib",
    "requests",
    "httpx",
    "xmlrpc",
    "asyncio",
}


def _calls_and_imports(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                yield from (("import", each.name) for each in names)
            case ast.ImportFrom(module=str(module)):
                yield "import", module
            case ast.Call(func=ast.Name(id=name)):
                yield "call", name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr=name)):
                yield "call", name
            case ast.keyword(arg="shell", value=ast.Constant(value=True)):
                yield "call", "shell=True"


def test_nothing_foreign_is_run_and_nothing_reaches_for_the_network() -> None:
    """No data becomes code, and no module that talks to other computers is imported, Qt's included."""
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "annotator").rglob("*.py")
        for kind, name in _calls_and_imports(path)
        if (
            (kind == "import" and name != "urllib.parse")  # which takes addresses apart, no more
            and name.split(".")[0] in FORBIDDEN_MODULES | NETWORK_MODULES
        )
        or (kind == "import" and name.startswith(("PySide6.QtNetwork", "PySide6.QtWeb", "PySide6.QtQml")))
        or (kind == "call" and name in FORBIDDEN_CALLS | {"shell=True"})
    ]
    assert found == []
