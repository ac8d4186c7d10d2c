"""What an export is asked for on the command line, and the list of formats."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.core.errors import UsageError
from annotator.core.model import Kind, State, Status
from annotator.formats.base import Format
from annotator.formats.offsets import Unit
from annotator.formats.registry import FORMATS, READERS, WRITERS
from annotator.session.selecting import ALL_STATES, Selection, Split

DEFAULT = "jsonl"
_ZIP = ".zip"


def selection_of(args: argparse.Namespace) -> Selection:
    """What the options select. Raises UsageError."""
    if args.seed is not None and args.split is None:
        raise UsageError("--seed is of no use without --split", cure="Add --split 80/10/10")
    if args.copies_together and args.split is None:
        raise UsageError("--copies-together is of no use without --split", cure="Add --split 80/10/10")
    states = ALL_STATES if args.include_suggestions else frozenset(map(State, args.state))
    return Selection(
        annotator=args.annotator,
        statuses=frozenset(map(Status, args.status)),
        kinds=frozenset(map(Kind, args.kind)),
        states=states or frozenset({State.ACCEPTED}),
        split=None if args.split is None else Split.of(args.split, args.seed or 0),
    )


def format_for(out: str, name: str | None) -> str:
    """The format to write: the named one, or ``jsonl``, or the only one whose files end as OUT does.

    One of many files is told by the ending that its own files have, unless other files that can be read end
    so, too. Raises UsageError where the ending is that of several, or of an archive.
    """
    if name is not None:
        return name
    ending = Path(out).suffix.lower()
    if ending == _ZIP:
        raise UsageError("an archive may hold any format", cure=f"Give --format, one of {', '.join(WRITERS)}")
    fitting = [form for form in WRITERS.values() if ending in form.endings]
    names = [form.name for form in fitting]
    if not names or DEFAULT in names:
        return DEFAULT
    readers = [form.name for form in READERS.values() if ending in form.endings]
    if len(names) > 1 or (fitting[0].many and (ending != fitting[0].endings[0] or readers != names)):
        raise UsageError(
            f"a name in {ending} does not tell the format", cure=f"Give --format, one of {', '.join(names)}"
        )
    return names[0]


def has_labels(form: Format) -> bool:
    """Whether the format has a place for labels, not only for articles."""
    return form.write is not None or form.unit is not Unit.NONE


def format_table() -> Iterator[str]:
    """One line for each format, and another one for what it cannot hold."""
    width = max(len(form.name) for form in FORMATS)
    for form in FORMATS:
        does = [word for word, able in (("reads", form.read), ("writes", form.write)) if able is not None]
        what = "labels" if has_labels(form) else "articles"
        offsets = f"; offsets in {form.unit}" if form.unit is not Unit.NONE else ""
        endings = ", ".join(form.endings) or "any name"
        yield f"{form.name:<{width}}  {form.title} ({endings}): {' and '.join(does)} {what}{offsets}"
        if form.write is not None and form.cannot_hold:
            yield f"{'':<{width}}  cannot hold {', '.join(form.cannot_hold)}"


def formats_json() -> str:
    """The same for programs."""
    found: list[dict[str, Any]] = [
        {
            "name": form.name,
            "title": form.title,
            "endings": list(form.endings),
            "reads": form.read is not None,
            "writes": form.write is not None,
            "labels": has_labels(form),
            "many_files": form.many,
            "offsets": None if form.unit is Unit.NONE else str(form.unit),
            "cannot_hold": list(form.cannot_hold),
        }
        for form in FORMATS
    ]
    return json.dumps({"formats": found}, ensure_ascii=False, indent=2)
