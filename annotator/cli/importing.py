"""The command that adds articles, and proposes how the names in files are to be read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.cli.fresh import new_or_gone
from annotator.cli.output import progress_bar, tell_problems
from annotator.core.errors import InputError, UsageError, one_line
from annotator.core.mapping import META, ImportMapping, RelationEnds, SpanLabel
from annotator.core.mapping_file import mapping_from_toml, mapping_to_toml
from annotator.core.records import replace
from annotator.core.text import counted, excerpt
from annotator.formats.registry import AUTO, READERS
from annotator.session.codebooks import codebook_named, refuse_for_old, write_replacing
from annotator.session.copies_of import sentence_of as copies_sentence
from annotator.session.importing import import_paths
from annotator.session.project import Project

if TYPE_CHECKING:
    from annotator.session.surveying import Found, OwnName, Survey

_MOST_BYTES = 10_000_000
_MOST_SHOWN = 30
"""Names of a survey that are printed."""


def run(args: argparse.Namespace) -> int:
    """Import, or only propose a mapping."""
    if args.format != AUTO and args.format not in READERS:
        known = ", ".join((AUTO, *READERS))
        raise UsageError(f"there is no format “{args.format}”", cure=f"Choose one of {known}")
    if args.annotator is not None and not args.annotator.strip():
        raise UsageError("--annotator is empty", cure="Give a name")
    chosen = None
    if args.codebook is not None:
        refuse_for_old(args.project)
        chosen = codebook_named(args.codebook)
    mapping = ImportMapping() if args.map is None else read_mapping(args.map)
    report = None
    try:
        with (
            new_or_gone(args.project),
            Project.open(args.project, create=True, codebook=chosen) as project,
            progress_bar("Importing", "B") as progress,
        ):
            if args.propose_map is not None:
                from annotator.session.surveying import survey

                found = survey(project, args.paths, format=args.format, mapping=mapping, progress=progress)
            else:
                report = import_paths(
                    project,
                    args.paths,
                    format=args.format,
                    dry_run=args.dry_run,
                    progress=progress,
                    annotator=args.annotator,
                    mapping=replace(mapping, extend=mapping.extend or args.extend),
                    as_suggestions=args.as_suggestions,
                    all_mine=args.all_mine,
                    skip_copies=args.skip_copies,
                )
    except KeyboardInterrupt as interrupt:
        if not hasattr(interrupt, "__notes__"):  # it came before or after the import itself
            if report is not None:
                interrupt.add_note(report.interruption)
            elif not (mapping.extend or args.extend):
                interrupt.add_note("Interrupted. Nothing was added.")
        raise
    if args.propose_map is not None:
        return _propose(found, args)
    assert report is not None
    problems = tell_problems(report.problems)
    print(report.sentence, file=sys.stderr)
    for line in report.extended:
        print(f"  {line}", file=sys.stderr)
    return 1 if problems else 0


def read_mapping(path: Path) -> ImportMapping:
    """The mapping of a TOML file. Raises InputError."""
    where = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise InputError("this is far too large for a mapping", where=where, cure="Choose another file")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("this is not a text in UTF-8", where=where, cure="Save it as UTF-8") from error
    except OSError as error:
        cure = "--propose-map writes one to begin with"
        raise InputError(f"the mapping cannot be read: {error.strerror}", where=where, cure=cure) from error
    return mapping_from_toml(text.replace("\r\n", "\n"), where)


def _propose(found: Survey, args: argparse.Namespace) -> int:
    """Print what a survey has found, and write the mapping that it proposes."""
    to_stdout = str(args.propose_map) == "-"
    for line in survey_lines(found):
        print(line, file=sys.stderr if to_stdout else sys.stdout)
    fields = {} if any(found.mapping.fields) else _proposed_fields(found)
    mapping = replace(
        found.mapping,
        fields={**fields, **found.mapping.fields},
        extend=found.mapping.extend or args.extend or found.unknown > 0,
    )
    if to_stdout:
        sys.stdout.write(mapping_to_toml(mapping))
    else:
        write_replacing(args.propose_map, mapping_to_toml(mapping))
        print(f"The mapping is in {args.propose_map}; --map reads it.", file=sys.stderr)
    problems = tell_problems(found.problems)
    return 1 if problems else 0


def _proposed_fields(found: Survey) -> dict[str, str]:
    """What the columns of tables and plain records are taken for by their names."""
    from annotator.formats.plain import fields_of

    fields: dict[str, str] = {}
    for each in found.files:
        known = {name: field for field, name in fields_of(list(each.columns)).items()}
        fields |= {name: known.get(name, META) for name in each.columns if name != META}
    return fields


def survey_lines(found: Survey) -> Iterator[str]:
    """What was found, one line each."""
    for file in found.files[:_MOST_SHOWN]:
        columns = f"; columns: {', '.join(file.columns)}" if file.columns else ""
        size = counted(file.articles, "article")
        yield one_line(f"{file.name}: {size}, {file.format or 'unknown format'}{columns}")
    if len(found.files) > _MOST_SHOWN:
        yield f"… and {counted(len(found.files) - _MOST_SHOWN, 'more file')}"
    mapping = found.mapping
    labels = {key: f"{each.kind}:{each.name}" if each else "" for key, each in mapping.labels.items()}
    relations = {
        key: f"{each.type}{', turned' if each.turned else ''}" if each else ""
        for key, each in mapping.relations.items()
    }
    yield from _names("Labels", found.labels, labels)
    yield from _names("Relations", found.relations, relations)
    yield from _names("Attributes", found.attributes, mapping.attributes)
    own = {_own_name(name): replace(each, proposed=False) for name, each in found.own.items()}
    yield from _names("Of this program's own files", own, {name: name for name in own})
    if found.widened:
        yield one_line(f"Would take more than the codebook says: {', '.join(found.widened)}")
    if alike := copies_sentence(found.copies, skipped=False):
        yield one_line(f"{alike}.")


def _own_name(name: OwnName) -> str:
    match name:
        case SpanLabel():
            return f"{name.kind}:{name.name}"
        case RelationEnds():
            return f"relation {name.type}"
        case _:
            return f"attribute {name}"


def _names(title: str, found: Mapping[str, Found], meant: Mapping[str, str]) -> Iterator[str]:
    if not found:
        return
    yield title
    rows = list(found.items())[:_MOST_SHOWN]
    names = {name: one_line(excerpt(name)) for name, _ in rows}
    width = max(map(len, names.values()))
    for name, each in rows:
        goes_to = excerpt(meant.get(name) or "left out")
        new = "" if each.proposed else " (new)"
        rest = one_line(f"{each.times:,} → {goes_to}{new} “{excerpt(each.example)}”")
        yield f"  {names[name]:<{width}}  {rest}"
    if len(found) > _MOST_SHOWN:
        yield f"  … and {len(found) - _MOST_SHOWN:,} more"
