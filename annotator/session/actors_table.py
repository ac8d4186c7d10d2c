"""Actor records out as a table, and in as one edit that undo takes back."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from annotator.core.errors import AnnotatorError, InputError, Problem
from annotator.core.model import ActorRecord, new_id
from annotator.core.names import fold
from annotator.core.records import replace
from annotator.core.registry import Registry
from annotator.core.text import counted, excerpt
from annotator.formats import actors_csv
from annotator.formats.base import Intake, Source, TooManyProblemsError
from annotator.session.actors import tidy
from annotator.session.targets import STDOUT, replacing

if TYPE_CHECKING:
    from annotator.session.editor import Editor
    from annotator.session.project import Project


class TableReport(Struct):
    """What came of a table that was read."""

    made: int = 0
    changed: int = 0
    same: int = 0
    """Records that the table has as they were."""
    problems: list[Problem] = []
    """With any, nothing was changed."""

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        if self.problems:
            return "No actor record was changed."
        parts = [f"{counted(self.made, 'actor record')} added", f"{self.changed:,} changed"]
        return f"{', '.join(parts)}, {self.same:,} as before."


def export_actors(project: Project, out: Path | str) -> str:
    """Write every identity as a row, by name; ``-``: to standard output. Gives a sentence for a person.

    What was merged into a record goes along as its aliases. Raises InputError where the file cannot be
    written, ProjectError where the project cannot be read.
    """
    registry = Registry(project.repository.actors())
    records = [registry.whole(each.id) for each in registry.identities()]
    if str(out) == STDOUT:
        actors_csv.write(records, project.codebook, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        with replacing(Path(out)) as stream:
            actors_csv.write(records, project.codebook, stream, bom=True)
    where = "standard output" if str(out) == STDOUT else str(out)
    return f"{counted(len(records), 'actor record')} written to {where}."


def import_actors(editor: Editor, source: Path | str) -> TableReport:
    """Add the records of a table and give those that are there its values, as one edit; all or nothing.

    ``-`` reads standard input. A row with an id that the project knows changes what its columns name, one
    with another id or none adds a record. Raises InputError where the file cannot be read.
    """
    report = TableReport()
    intake = Intake(source=_opened(source), codebook=editor.codebook, annotator=editor.annotator)
    try:
        rows = actors_csv.read(intake)
        editor.actors.refresh()
        registry = editor.actors.registry
        names = {fold(each.name): each for each in registry.identities()}
        records = [tidy(_record(row, registry, names, intake)) for row in rows]
    except TooManyProblemsError:
        intake.close()
    except AnnotatorError as error:
        intake.problems.append(error.problem)
    report.problems = intake.problems
    if report.problems:
        return report
    for each in records:
        if each.id not in registry.records:
            report.made += 1
        elif each != registry.records[each.id]:
            report.changed += 1
        else:
            report.same += 1
    changed = [each for each in records if registry.records.get(each.id) != each]
    title = f"Import {counted(len(changed), 'actor record')} from {excerpt(intake.source.short_name, 40)}"
    editor.actors.put_all(changed, title)
    return report


def _record(
    row: actors_csv.Row, registry: Registry, names: Mapping[str, ActorRecord], intake: Intake
) -> ActorRecord:
    """What a row makes of a record; reports a new one whose name is taken."""
    there = registry.records.get(row.id)
    values: dict[str, Any] = dict(row.values)
    if there is None:
        twin = names.get(fold(row.values["name"])) if not row.id else None
        if twin is not None:
            intake.report(
                f"there is an actor record “{excerpt(twin.name)}” already",
                row.place,
                f"Give its id, {twin.id}, to change it, or a new id for somebody else of that name",
            )
        properties = [each for group in row.properties.values() for each in group]
        made = ActorRecord(id=row.id or new_id(), **values)
        return replace(made, properties=tuple(properties))
    if "aliases" in values:
        # The names of what was merged into it are written as its aliases and stay where they are.
        whole = registry.whole(there.id) if registry.is_identity(there.id) else there
        others = set(whole.aliases) - set(there.aliases)
        values["aliases"] = tuple(each for each in values["aliases"] if each not in others)
    kept = [each for each in there.properties if each.name not in row.properties]
    properties = kept + [each for group in row.properties.values() for each in group]
    return replace(there, **values, properties=tuple(properties))


def _opened(source: Path | str) -> Source:
    if str(source) == STDOUT:
        return Source("standard input", sys.stdin.buffer.read())
    try:
        return Source(str(source), Path(source).read_bytes())
    except OSError as error:
        raise InputError(
            f"this file cannot be read: {error.strerror or error}",
            where=str(source),
            cure="Choose a table of actor records",
        ) from error
