"""Import and export of 10,000 articles with 50 spans each, in several formats, against orjson alone."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from annotator.core.model import new_id
from annotator.runtime.resources import seeds_folder
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project

ARTICLES = 10_000
FEW = 2_000
SPANS = 50
OTHERS = ("label-studio", "doccano")
"""Other tools' formats that the same labels go through."""

_PEAK = """
import resource, sys
from pathlib import Path
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project

source = Path(sys.argv[1])
with Project.create(source.with_suffix(".annot")) as project:
    import_paths(project, [source])
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    export_labels(project, source.with_suffix(".out"))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
"""Most memory that a program of its own has used after an import, and after an export, in MB."""


def lines(articles: int) -> Iterator[bytes]:
    """Lines of annotator/1 on texts of about 3,000 code points, each with a title of its own."""
    body = (seeds_folder() / "us-urges-iran-drone-sales.txt").read_text(encoding="utf-8").rstrip()
    for number in range(articles):
        text = f"Article {number:,} of the bench\n\n{body}\n"
        words = [match.span() for match in re.finditer(r"\w+", text)]
        chosen = words[10 :: (len(words) - 10) // SPANS][:SPANS]
        yield orjson.dumps(record(number, text, chosen)) + b"\n"


def record(number: int, text: str, ranges: list[tuple[int, int]]) -> dict[str, Any]:
    """One line; a third of the spans are claims, so that attributes are written too."""
    spans = [
        {
            "id": new_id(),
            "kind": "claim" if nth % 3 == 0 else "actor",
            "label": "Claim" if nth % 3 == 0 else "Actor",
            "start": start,
            "end": end,
            "fragments": [[start, end]],
            "text": text[start:end],
            "token_start": None,
            "token_end": None,
            "actor": None,
            "attributes": {"stance": "oppose"} if nth % 3 == 0 else {},
            "state": "accepted",
            "origin": "annotator:ana",
            "confidence": None,
            "note": None,
        }
        for nth, (start, end) in enumerate(ranges)
    ]
    return {
        "format": "annotator/1",
        "id": new_id(),
        "external_id": str(number),
        "title": text.partition("\n")[0],
        "text": text,
        "meta": {
            "publisher": None,
            "author": None,
            "url": None,
            "published": "2023-08-16",
            "language": "en",
        },
        "status": "done",
        "annotator": "ana",
        "spans": spans,
        "relations": [],
        "actors": [],
        "furniture": [],
        "note": None,
        "flagged": False,
    }


def orjson_alone(source: Path, target: Path) -> tuple[float, float]:
    """Seconds to parse every record of a file, one to a line, and seconds to write them again."""
    parsing = writing = 0.0
    with source.open("rb") as lines_in, target.open("wb") as lines_out:
        for line in lines_in:
            if line in (b"[\n", b"]\n"):
                continue
            begun = time.perf_counter()
            parsed = orjson.loads(line.removesuffix(b",\n"))
            between = time.perf_counter()
            lines_out.write(orjson.dumps(parsed) + b"\n")
            writing += time.perf_counter() - between
            parsing += between - begun
    return parsing, writing


def other(project: Project, name: str, folder: Path) -> list[tuple[str, str]]:
    """The same labels out of the project in another tool's format, and into a new one."""
    target = folder / f"out.{name}"
    begun = time.perf_counter()
    written = export_labels(project, target, format=name)
    exporting = time.perf_counter() - begun
    assert written.spans == ARTICLES * SPANS
    with Project.create(folder / f"{name}.annot") as another:
        begun = time.perf_counter()
        report = import_paths(another, [target], format=name, annotator="ana")
        importing = time.perf_counter() - begun
    assert (report.articles, report.labels, report.problems) == (ARTICLES, ARTICLES * SPANS, [])
    parsing, writing = orjson_alone(target, folder / "plain.jsonl")
    return [
        (f"{name}, file", f"{target.stat().st_size / 1e6:.0f} MB"),
        (f"{name}, import", f"{importing:.2f} s, {importing / parsing:.1f} times orjson's {parsing:.2f} s"),
        (f"{name}, export", f"{exporting:.2f} s, {exporting / writing:.1f} times orjson's {writing:.2f} s"),
    ]


def peaks(folder: Path, articles: int) -> tuple[float, float]:
    """Most MB that an import of so many articles uses, and an export after it."""
    source = folder / f"{articles}.jsonl"
    with source.open("wb") as stream:
        stream.writelines(lines(articles))
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, str(source)], check=True, capture_output=True, text=True
    )
    importing, exporting = map(float, done.stdout.split())
    return importing, exporting


def run() -> list[tuple[str, str]]:
    """Seconds, articles per second, and ratios to parsing and serialising alone."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # First, since a program begins with the most memory that the one which started it has used.
        few, many = peaks(folder, FEW), peaks(folder, ARTICLES)
        source, target = folder / "in.jsonl", folder / "out.jsonl"
        with source.open("wb") as stream:
            stream.writelines(lines(ARTICLES))

        parsing, writing = orjson_alone(source, folder / "plain.jsonl")
        with Project.create(folder / "bench.annot") as project:
            begun = time.perf_counter()
            report = import_paths(project, [source])
            importing = time.perf_counter() - begun
            assert (report.articles, report.problems) == (ARTICLES, [])

            begun = time.perf_counter()
            written = export_labels(project, target)
            exporting = time.perf_counter() - begun
            assert (written.lines, written.spans) == (ARTICLES, ARTICLES * SPANS)
            others = [row for each in OTHERS for row in other(project, each, folder)]
        megabytes = source.stat().st_size / 1e6
    return [
        ("file", f"{megabytes:.0f} MB, {ARTICLES:,} articles, {ARTICLES * SPANS:,} spans"),
        ("orjson parses it", f"{parsing:.2f} s"),
        ("import", f"{importing:.2f} s, {ARTICLES / importing:,.0f} articles a second"),
        ("ratio", f"{importing / parsing:.1f}"),
        ("orjson writes it", f"{writing:.2f} s"),
        ("export", f"{exporting:.2f} s, {ARTICLES / exporting:,.0f} articles a second"),
        ("ratio", f"{exporting / writing:.1f}"),
        *others,
        ("memory, import", f"{few[0]:.0f} MB for {FEW:,} articles, {many[0]:.0f} MB for {ARTICLES:,}"),
        ("memory, export", f"{few[1]:.0f} MB for {FEW:,} articles, {many[1]:.0f} MB for {ARTICLES:,}"),
    ]
