"""Kills while files come in and go out: a file is there whole or not at all."""

from __future__ import annotations

import csv
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import orjson

from annotator.core.ports import ArticleFilter
from annotator.session import taking
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project
from tests.bench.bench_transfer import lines
from tests.torture.killing import Figures, Tell, failures, killed_within, problems_of, seconds_of

_NATIVE, _ROWS, _TEXTS = 40, 120, 40
_LABELS = 40


def fill_folder(folder: Path) -> dict[str, int]:
    """Article files of three formats. Gives how many articles each of them has, by its name."""
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(b"".join(_entitled("a", lines(_NATIVE))))
    with (folder / "b.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["title", "text"])
        rows.writerows((f"b {n}", f"Row {n} of the table. " * 40) for n in range(_ROWS))
    for number in range(_TEXTS):
        name = f"c{number}"
        (folder / f"{name}.txt").write_text(f"{name} \n\n" + f"Text {number} said so. " * 60, "utf-8")
    return {"a": _NATIVE, "b": _ROWS} | {f"c{number}": 1 for number in range(_TEXTS)}


def _entitled(name: str, records: Iterable[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(records):
        yield orjson.dumps(orjson.loads(line) | {"title": f"{name} {number}"}) + b"\n"


def _import(path: Path, folder: Path, tell: Tell) -> None:
    with Project.open(path) as project:
        report = import_paths(project, [folder])
    tell(("done", report.articles))


def torture_import(kills: int, random: Random, folder: Path) -> Figures:
    """Kill an import of several files; what is missing must come when it is repeated, nothing twice."""
    figures = Figures("import")
    files = fill_folder(folder / "in")
    empty, path = folder / "empty.annot", folder / "import.annot"
    Project.create(empty).close()
    shutil.copyfile(empty, path)
    _import(path, folder / "in", lambda _: None)  # loads what an import needs, once for all victims
    shutil.copyfile(empty, path)
    seconds = seconds_of(lambda tell: _import(path, folder / "in", tell))
    whole = _without_made_up_ids(path)
    for figures.kills in range(1, kills + 1):
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copyfile(empty, path)
        told = killed_within(lambda tell: _import(path, folder / "in", tell), seconds, random)
        failures(told, figures)
        for problem in problems_of(path):
            figures.counts["check problems"] += 1
            figures.fault(problem)
        with Project.open(path) as project:
            rows = project.repository.article_rows(ArticleFilter(), "ana", 0, 10_000)
            there = Counter(row.title.split()[0] for row in rows)
            for name, count in there.items():
                if count != files[name]:
                    figures.fault(f"{count} of the {files[name]} articles of {name} are there")
            if told and len(rows) != sum(files.values()):
                figures.fault("an import that was acknowledged is not there whole")
            figures.counts["files whole"] += len(there)
            figures.counts["projects in between"] += 0 < len(there) < len(files)
            report = import_paths(project, [folder / "in"])
            if report.problems:
                figures.fault(report.problems)
        if _without_made_up_ids(path) != whole:
            figures.fault("a repeated import does not make the project whole")
    return figures


def torture_large_import(kills: int, random: Random, folder: Path) -> Figures:
    """The same, as if every file were large enough for a second process that adds what it holds."""
    with patch.object(taking, "LARGE", 1):
        return torture_import(kills, random, folder)


def _without_made_up_ids(path: Path) -> list[dict[str, Any]]:
    """The project's export, without the ids of articles that came without one."""
    out = path.with_suffix(".jsonl")
    with Project.open(path) as project:
        export_labels(project, out)
    exported = [orjson.loads(line) for line in out.read_bytes().splitlines()]
    return [each | ({"id": None} if each["annotator"] is None else {}) for each in exported]


def _export(path: Path, out: Path, tell: Tell) -> None:
    with Project.open(path) as project:
        export_labels(project, out)
    tell(("done",))


def torture_export(kills: int, random: Random, folder: Path) -> Figures:
    """Kill an export over an older one; the older one stays whole until the new one is."""
    figures = Figures("export")
    path, outbox = folder / "export.annot", folder / "out"
    out = outbox / "labels.jsonl"
    outbox.mkdir()
    (folder / "in.jsonl").write_bytes(b"".join(lines(_LABELS)))
    with Project.create(path) as project:
        import_paths(project, [folder / "in.jsonl"])
    with Project.open(path) as project:  # it also loads what an export needs, once for all victims
        export_labels(project, out)
    seconds = seconds_of(lambda tell: _export(path, out, tell))
    new, old = out.read_bytes(), b'{"format":"annotator/1"} the older one\n'
    for figures.kills in range(1, kills + 1):
        out.write_bytes(old)
        told = killed_within(lambda tell: _export(path, out, tell), seconds, random)
        failures(told, figures)
        there = out.read_bytes()
        if there not in (old, new) or (told and there != new):
            figures.fault(f"the export has {len(there):,} bytes: neither the older one nor the new one")
        figures.counts["replaced"] += there == new
        beside = [each for each in outbox.iterdir() if each != out]
        figures.counts["left behind"] += len(beside)
        for each in beside:
            if not (each.name.startswith(f".{out.name}.") and each.suffix == ".part"):
                figures.fault(f"{each.name} is left, which nobody recognises")
            os.utime(each, (0, 0))  # as if it had been left long ago; a younger one may still be written
        problems = problems_of(path)
        if problems:
            figures.fault(problems)
        with Project.open(path) as project:
            export_labels(project, out)
        if out.read_bytes() != new:
            figures.fault("the next export is another one")
        after = [each.name for each in outbox.iterdir() if each != out]
        figures.counts["left after the next export"] += len(after)
        if after:
            figures.fault(f"after the next export there still is {', '.join(after)}")
            for name in after:
                (outbox / name).unlink()
    return figures
