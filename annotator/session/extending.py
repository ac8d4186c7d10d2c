"""An import that adds to the codebook what it lacks of the files' names: one edit before it, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.codebook import Codebook
from annotator.core.drafting.effects import effect
from annotator.core.errors import AnnotatorError, InputError, Problem, StoppedError
from annotator.core.extending import complete, extended
from annotator.core.lacking import extended_by
from annotator.core.mapping import ImportMapping
from annotator.core.records import replace
from annotator.formats.source import Source
from annotator.session.gathering import gather
from annotator.session.people import person
from annotator.session.surveying import Survey, survey

if TYPE_CHECKING:
    from annotator.core.history import Edit
    from annotator.session.editor import Editor
    from annotator.session.importing import ImportReport, Progressing
    from annotator.session.project import Project

_SOME = 20
"""Names of a kind that are told."""


def import_extending(
    project: Project,
    paths: Iterable[Path | str | Source],
    *,
    format: str,  # noqa: A002 - the word of the command line
    dry_run: bool,
    progress: Progressing | None,
    annotator: str | None,
    mapping: ImportMapping,
    as_suggestions: bool,
    all_mine: bool,
    skip_copies: bool,
) -> ImportReport:
    """An import that adds to the codebook what it lacks, in one edit by the annotator.

    It does so only once a dry run by the extended codebook has gone through. Files that something is wrong
    with are left out, and add nothing to the codebook; nor does an import that ends, for whatever reason,
    before any file was taken. Raises InputError where names of the files cannot be names in a codebook, and
    as :func:`annotator.session.importing.import_paths`.
    """
    from annotator.session.importing import ImportReport, import_paths

    problems: list[Problem] = []
    unknown: list[str] = []
    sources = gather(paths, problems, unknown)
    before = project.repository.codebook()
    after = wide = before

    def look() -> Survey:
        return survey(project, sources, format=format, mapping=mapping, progress=progress)

    def run(*, dry: bool) -> ImportReport:
        return import_paths(
            project,
            sources,
            format=format,
            dry_run=dry,
            progress=progress,
            annotator=annotator,
            mapping=replace(wide_mapping if dry else found.mapping, extend=False),
            as_suggestions=as_suggestions,
            all_mine=all_mine,
            skip_copies=skip_copies,
            codebook=wide if dry else None,
        )

    try:
        found = look()
        # what is wrong with the files comes up again when they are read; their names are not found
        after = found.extended(before)
        # of what nothing can be taken of, only what no addition cures is to be told
        wide_mapping, wide = _widest(after, found)
        if wide != before and not dry_run:
            tried = run(dry=True)
            if tried.left:
                return ImportReport(problems=problems, left=sources)
            if not tried.files:
                return ImportReport(
                    problems=problems + tried.problems, refused=tried.refused, unknown=unknown
                )
            if tried.refused:
                problems += tried.problems
                refused = set(map(id, tried.refused))
                sources = [each for each in sources if id(each) not in refused]
                found = look()
                after = found.extended(before)
    except StoppedError:
        return ImportReport(problems=problems, left=sources)
    if after == before or dry_run:
        edit = None
    else:
        editor = project.editor(person(annotator))
        edit = editor.change_codebook(after, (), "Add the names of imported labels to the codebook")
    repository = project.repository
    there = repository.counts() if edit is not None else None
    try:
        report = run(dry=dry_run)
    except BaseException:  # Ctrl+C, too
        if edit is not None and repository.counts() == there:
            _took_back(editor, edit)
        raise
    report.problems[:0] = [each for each in problems if each not in report.problems]
    report.unknown = unknown
    nothing_came = bool(report.left) and not report.files
    kept = edit is not None and not (nothing_came and _took_back(editor, edit))
    if report.files or kept:
        report.extension = effect(before, after, (), ()).rstrip(".")
        report.extended = list(_extended(before, after))
    return report


def _widest(codebook: Codebook, found: Survey) -> tuple[ImportMapping, Codebook]:
    """The mapping and the codebook by which only what no addition cures is wrong with the bad files."""
    mapping = complete(codebook, found.names_of_bad, found.mapping)
    try:
        wide = extended(codebook, found.names_of_bad, mapping)
    except InputError:  # a name that cannot be one is told by itself
        mapping, wide = found.mapping, codebook
    return mapping, extended_by(wide, found.own_names_of_bad)


def _extended(before: Codebook, after: Codebook) -> Iterator[str]:
    """What was added to a codebook, by name: “labels: Slogan, Weapon”."""
    old = {each.name: each for each in before.attributes}
    rules = {each.name: each for each in before.relation_types}
    parts = {
        "labels": [each.name for each in after.labels if before.label(each.kind, each.name) is None],
        "relation types": [each.name for each in after.relation_types if each.name not in rules],
        "attributes": [each.name for each in after.attributes if each.name not in old],
        "categories": [each.code for each in after.categories if not before.has_category(each.code)],
    }
    for each in after.attributes:
        known = old.get(each.name)
        if known is not None:
            parts[f"choices of {each.name}"] = [it for it in each.choices if it not in known.choices]
            parts[f"{each.name} also for"] = [str(it) for it in sorted(each.kinds - known.kinds)]
    for type_ in after.relation_types:
        rule = rules.get(type_.name)
        if rule is not None:
            parts[f"{type_.name} also from"] = [str(it) for it in sorted(type_.heads - rule.heads)]
            parts[f"{type_.name} also to"] = [str(it) for it in sorted(type_.tails - rule.tails)]
    for what, names in parts.items():
        if names:
            more = f" and {len(names) - _SOME:,} more" if len(names) > _SOME else ""
            yield f"{what}: {', '.join(names[:_SOME])}{more}"


def _took_back(editor: Editor, edit: Edit) -> bool:
    """Undo an edit of the codebook, for good; whether that could be: nobody has done anything since that
    needs it."""
    last = editor.repository.next_undo(editor.annotator)
    if last is None or (last.at, last.changes) != (edit.at, edit.changes):
        return False
    try:
        undone = editor.undo()
        if undone is not None:
            editor.repository.set_aside(undone)  # redo would bring names that nothing has
    except AnnotatorError:
        return False
    return True
