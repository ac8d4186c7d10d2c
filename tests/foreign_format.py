"""A tool's format that tests of the import of foreign labels can write by hand.

One JSON object a line: text, title, by, spans [[id, label, start, end, {attributes}], …], relations
[[id, type, head, tail], …], status; ``model`` instead of ``by`` makes suggestions, ``wrong`` a problem.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.core.model import Progress, Status
from annotator.core.ports import ArticleLabels
from annotator.formats import registry
from annotator.formats.base import Format, Intake, Record
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.plain import article_of


def read(intake: Intake) -> Iterator[Record]:
    for number, line in enumerate(intake.source.data.decode().splitlines(), 1):
        data: dict[str, Any] = json.loads(line)
        model = data.get("model", "")
        spans = tuple(
            ForeignSpan(
                each[0], each[1], ((each[2], each[3]),), attributes=each[4] if len(each) > 4 else {},
                suggested=bool(model), origin=model,
            )
            for each in data.get("spans", ())
        )  # fmt: skip
        progress = Progress(status=Status(data.get("status", "new")))
        relations = tuple(
            ForeignRelation(*each, suggested=bool(model), origin=model) for each in data.get("relations", ())
        )
        if "wrong" in data:
            intake.report(data["wrong"], f"line {number}")
        article = article_of(data["text"], data.get("title", "An article"))
        yield Record(
            labels=ArticleLabels(article=article, annotator=None),
            place=f"line {number}",
            foreign=Foreign(annotator=data.get("by"), spans=spans, relations=relations, progress=progress),
        )


FORM = Format(name="foreign", title="a tool's file", endings=(".foreign",), read=read)


def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the program know the format."""
    monkeypatch.setitem(registry.READERS, FORM.name, FORM)
    monkeypatch.setitem(registry._BY_ENDING, ".foreign", FORM)


def write(path: Path, *lines: dict[str, Any]) -> Path:
    """A file of it."""
    path.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    return path
