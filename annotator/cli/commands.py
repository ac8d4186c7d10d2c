"""The commands: each gives its exit code, 0 done, 1 done or refused with problems."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

from msgspec import to_builtins

from annotator.cli.output import progress_bar, summary_of, table, tell_problems
from annotator.core.errors import UsageError
from annotator.core.records import replace
from annotator.core.text import counted


def import_(args: argparse.Namespace) -> int:
    """Add articles to a project, which is made if it is not there and anything can be added."""
    from annotator.session.ahead import import_ahead

    with import_ahead(args.paths):
        from annotator.cli.importing import run

        return run(args)


def suggest(args: argparse.Namespace) -> int:
    """Let spaCy read the articles and save what it suggests."""
    from annotator.session.project import Project
    from annotator.session.suggest import suggest_project

    with Project.open(args.project) as project, progress_bar("Suggesting", " articles") as progress:
        summary = suggest_project(
            project, model=args.model, workers=args.workers, articles=args.articles, progress=progress
        )
    problems = tell_problems(summary.problems)
    print(summary_of(summary), file=sys.stderr)
    return 1 if problems else 0


def words(args: argparse.Namespace) -> int:
    """List a project's reporting words, or set what is done with some of them."""
    from annotator.cli.words import changes_of, words_json, words_table
    from annotator.session.learning import apply_uses, changed_uses, uses_in, words_of
    from annotator.session.project import Project

    changes = changes_of(args.set)
    with Project.open(args.project) as project:
        if changes:
            done = apply_uses(project.repository, changed_uses(uses_in(project.repository), changes))
            print(f"{counted(done.changed, 'suggestion')} changed.", file=sys.stderr)
            if done.words_changed:
                print(f"annotator suggest {args.project.name} looks for the words anew.", file=sys.stderr)
            if not args.json:
                return 0
        found = words_of(project.repository)
    print(words_json(found) if args.json else "\n".join(words_table(found)))
    return 0


def actors(args: argparse.Namespace) -> int:
    """List the actor records, or read them from a table, or write them to one."""
    from annotator.cli.actors import actor_lines, who
    from annotator.session.actors_table import export_actors, import_actors
    from annotator.session.project import Project

    if args.table is not None:
        if args.export is not None:
            raise UsageError("--import and --export are two steps", cure="Give one of them at a time")
        annotator = who(args.annotator)
        with Project.open(args.project) as project:
            report = import_actors(project.editor(annotator), args.table)
        problems = tell_problems(report.problems)
        print(report.sentence, file=sys.stderr)
        return 1 if problems else 0
    with Project.open_to_read(args.project) as project:
        if args.export is not None:
            print(export_actors(project, args.export), file=sys.stderr)
        else:
            print("\n".join(actor_lines(project.repository)))
    return 0


def copies(args: argparse.Namespace) -> int:
    """List articles that nearly repeat each other, or copy labels between them."""
    from annotator.cli.copies import run

    return run(args)


def export(args: argparse.Namespace) -> int:
    """Write the labels to a file, a folder, an archive or to stdout."""
    from annotator.session.ahead import export_ahead

    with export_ahead(args.project):
        return _export(args)


def _export(args: argparse.Namespace) -> int:
    from annotator.cli.exporting import format_for, selection_of
    from annotator.session.exporting import export_labels
    from annotator.session.project import Project

    format_name, selection = format_for(args.out, args.format), selection_of(args)

    def tell(losses: list[str]) -> bool:
        print("\n".join(losses), file=sys.stderr)
        return True

    with Project.open_to_read(args.project) as project, progress_bar("Exporting", " articles") as progress:
        if args.copies_together and selection.split is not None:
            from annotator.session.copies_of import first_of_each

            selection = replace(selection, split=replace(selection.split, groups=first_of_each(project)))
        report = export_labels(
            project, args.out, format=format_name, selection=selection, progress=progress, confirm=tell
        )
    print(report.sentence, file=sys.stderr)
    return 0


def formats(args: argparse.Namespace) -> int:
    """List the formats that files are read and written in."""
    from annotator.cli.exporting import format_table, formats_json

    print(formats_json() if args.json else "\n".join(format_table()))
    return 0


def evaluate(args: argparse.Namespace) -> int:
    """Print how suggestions or labels score against gold, or against another annotator."""
    from annotator.cli.scores import score_json, score_table
    from annotator.session.evaluating import evaluate as evaluate_project
    from annotator.session.project import Project

    with Project.open_to_read(args.project) as project, progress_bar("Comparing", " articles") as progress:
        report = evaluate_project(
            project,
            args.gold,
            annotator=args.annotator,
            against=args.against,
            gold_annotator=args.gold_annotator,
            least=args.least,
            progress=progress,
        )
    tell_problems(report.problems)
    if not report.articles:
        print("Nothing was scored.", file=sys.stderr)
        return 1
    print(score_json(report) if args.json else "\n".join(score_table(report, args.project)))
    return 0


def info(args: argparse.Namespace) -> int:
    """Print what is in a project."""
    from annotator.session.project import Project

    with Project.open_to_read(args.project) as project:
        counts = project.repository.counts()
        name = project.codebook.name
    if args.json:
        print(json.dumps({"codebook": name, **to_builtins(counts)}, ensure_ascii=False, indent=2))
        return 0
    print(
        f"{args.project.name}: {counted(counts.articles, 'article')}, "
        f"codebook “{name}”, {counted(counts.edits, 'edit')}"
    )
    for annotator, statuses in counts.by_status.items():
        print(f"Articles of {annotator}")
        print("\n".join(table(statuses)))
    for title, rows in (
        ("Labels by annotator", counts.by_annotator),
        ("Labels by kind", counts.by_kind),
        ("Labels by label", counts.by_label),
        ("Relations", counts.relations),
        ("Labels and suggestions by state", counts.by_state),
    ):
        if rows:
            print(title)
            print("\n".join(table(rows)))
    return 0


def check(args: argparse.Namespace) -> int:
    """Look for damage and for labels that break the rules."""
    from annotator.cli.actors import tell_unmentioned
    from annotator.session.project import Project

    with Project.open_to_read(args.project) as project:
        if args.json:
            found = list(project.repository.check(quick=args.quick))
            print(json.dumps({"problems": to_builtins(found)}, ensure_ascii=False, indent=2))
            return 1 if found else 0
        problems = tell_problems(project.repository.check(quick=args.quick))
        if not args.quick and not problems:
            tell_unmentioned(project.repository, args.project.name)
    if problems:
        print(f"{counted(problems, 'problem')} in {args.project.name}.", file=sys.stderr)
        return 1
    print(f"{args.project.name} is in order.", file=sys.stderr)
    return 0


def codebook(args: argparse.Namespace) -> int:
    """Show, save or exchange a project's codebook."""
    from annotator.cli.codebook import load, save, show, versions

    if args.load is not None:
        return load(args)
    if args.save is not None:
        return save(args)
    return versions(args) if args.versions else show(args)


def recover(args: argparse.Namespace) -> int:
    """Save what can be read of a damaged project into a new file."""
    from annotator.session.project import Project

    report = Project.recover(args.project, args.out)
    problems = tell_problems(report.problems)
    with Project.open(args.out) as project:
        counts = project.repository.counts()
        left = tell_problems(project.repository.check())
    saved = sum(counts.by_annotator.values())
    print(
        f"{counted(counts.articles, 'article')}, {counted(saved, 'label')} and "
        f"{counted(counts.edits, 'edit')} saved into {args.out}.",
        file=sys.stderr,
    )
    return 1 if problems or left else 0


def schema(args: argparse.Namespace) -> int:
    """Print the JSON Schema of a line of annotator/1."""
    from annotator.runtime.resources import resource

    sys.stdout.write(resource("schema", "annotator-1.schema.json").read_text(encoding="utf-8"))
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "import": import_,
    "suggest": suggest,
    "words": words,
    "actors": actors,
    "copies": copies,
    "export": export,
    "formats": formats,
    "evaluate": evaluate,
    "info": info,
    "check": check,
    "codebook": codebook,
    "recover": recover,
    "schema": schema,
}
