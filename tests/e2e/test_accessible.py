"""The real program on a real display, as a screen reader meets it (AT-SPI)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from annotator.core.commands import DrawRelation, MakeSpan
from annotator.core.model import Article, Kind, Span, State
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project

PYTHON = "/usr/bin/python3"
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
TEXT = "Drones 😀\n\nReports reveal that the US has formally requested\u00a0Iran to halt its sale.\n"


@cache
def missing() -> str:
    """What this machine lacks for the test; empty where it has everything."""
    for tool in ("xvfb-run", "xauth", "dbus-run-session"):
        if shutil.which(tool) is None:
            return tool
    if not any(Path(each).exists() for each in LAUNCHERS):
        return "at-spi2-core"
    try:
        bindings = "import gi; gi.require_version('Atspi', '2.0')"
        subprocess.run([PYTHON, "-c", bindings], check=True, capture_output=True, timeout=20)
        from PySide6 import __file__ as qt

        plugin = Path(qt).parent / "Qt/plugins/platforms/libqxcb.so"
        libraries = subprocess.run(["ldd", plugin], capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return "python3-gi and gir1.2-atspi-2.0"
    return "libraries of the xcb platform" if "not found" in libraries.stdout else ""


def project(path: Path) -> None:
    """A claim made by an actor, and one suggestion."""
    start = TEXT.index("Iran")
    waiting = Span(
        id="s0",
        kind=Kind.ENTITY,
        label="Place",
        fragments=((start, start + 4),),
        state=State.SUGGESTED,
        origin="spacy:test-1",
        confidence=0.9,
    )
    article = Article(id="a1", text=TEXT, sha256=sha256_of(TEXT), title="Drones 😀")
    with Project.create(path) as made:
        made.repository.add_articles([NewArticle(article=article, spans=[waiting])], [])
        editor = made.editor("ana")
        editor.open("a1")

        def make(kind: Kind, label: str, words: str) -> str:
            at = TEXT.index(words)
            return editor.run(MakeSpan(kind, label, ((at, at + len(words)),))).added_spans()[0].id

        actor = make(Kind.ACTOR, "Actor", "the US")
        editor.run(DrawRelation("made_by", make(Kind.CLAIM, "Claim", "formally requested\u00a0Iran"), actor))


def test_what_a_screen_reader_gets(tmp_path: Path) -> None:
    if lacking := missing():
        pytest.skip(f"needs {lacking}")
    path = tmp_path / "news.annot"
    project(path)
    reader = Path(__file__).with_name("at_reader.py")
    script = (
        '"$PROGRAM" -m annotator "$PROJECT" --annotator ana & window=$!; '
        f'{PYTHON} "$READER"; result=$?; kill $window; wait $window; exit $result'
    )
    done = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", "sh", "-c", script],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "TMPDIR": str(tmp_path),
            "ANNOTATOR_HOME": str(tmp_path / "home"),
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PROGRAM": sys.executable,
            "PROJECT": str(path),
            "READER": str(reader),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["windows"] == ["news — Annotator"]
    assert answer["text"].replace("\n", " ").split() == TEXT.split()
    assert not answer["editable"]
    assert answer["rows"] == [
        "Actor: the US",
        "Claim: formally requested Iran",
        "relation: formally requested Iran made by the US",
        "suggestion, Place: Iran",
    ]
    assert answer["selected"].replace("\u00a0", " ") == "formally requested Iran"
    assert answer["heard"] == ["Claim “formally requested Iran”, 1 relation: made by “the US”"]
    assert answer["unnamed"] == []
