"""The second process is started ahead where it will probably be used, and only there."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from annotator.__main__ import main
from annotator.session import ahead, taking
from annotator.store import adding, reading_beside


def test_only_large_files_need_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "LARGE", 100)
    small, large = tmp_path / "small.txt", tmp_path / "large.jsonl"
    small.write_text("x", encoding="utf-8")
    large.write_text("x" * 100, encoding="utf-8")
    for paths, started in (([small, "-", tmp_path / "none", "\0"], 0), ([small, str(large)], 1)):
        with ahead.import_ahead(paths):
            assert len(multiprocessing.active_children()) == started
    assert not multiprocessing.active_children()


def test_the_command_line_uses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an import and an export do beside comes from the process that the command started."""
    for module, name in ((ahead, "LARGE"), (ahead, "_LARGE_PROJECT"), (taking, "LARGE")):
        monkeypatch.setattr(module, name, 1)
    monkeypatch.setattr("annotator.session.exporting._MANY", 1)
    used = []
    for module in (adding, reading_beside):
        real = module.second_process

        def spied(*arguments: Any, real: Any = real) -> Iterator[Any]:
            before = multiprocessing.active_children()
            with real(*arguments) as pipe:
                used.append(multiprocessing.active_children() == before != [])
                yield pipe

        monkeypatch.setattr(module, "second_process", contextmanager(spied))
    source, project, out = tmp_path / "a.jsonl", tmp_path / "a.annot", tmp_path / "out.jsonl"
    source.write_text('{"text": "One."}\n{"text": "Two."}\n', encoding="utf-8")
    assert main(["import", str(project), str(source)]) == 0
    assert main(["export", str(project), str(out)]) == 0
    assert used == [True, True]
    assert out.read_text(encoding="utf-8").count("\n") == 2
