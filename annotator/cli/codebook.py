"""The command that shows, saves and exchanges a project's codebook."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from msgspec import to_builtins

from annotator.cli.output import tell_problems
from annotator.core.errors import UsageError
from annotator.session.project import Project


def show(args: argparse.Namespace) -> int:
    """Print what is in the codebook, in short."""
    _only(args, "--number", "--remove", "--annotator", "--json")
    with Project.open_to_read(args.project) as project:
        codebook = project.codebook
    print(f"{args.project.name}: codebook “{codebook.name}”, version {codebook.version}")
    for title, rows in (
        ("Labels", {each.name: str(each.kind) for each in codebook.labels}),
        ("Attributes", {each.name: str(each.type) for each in codebook.attributes}),
        ("Categories", {each.code: each.title for each in codebook.categories}),
        ("Relation types", {each.name: each.title for each in codebook.relation_types}),
    ):
        if rows:
            print(title)
            width = max(map(len, rows))
            print("\n".join(f"  {name:<{width}}  {words}".rstrip() for name, words in rows.items()))
    return 0


def versions(args: argparse.Namespace) -> int:
    """List every codebook that the project has had, with when and who."""
    _only(args, "--number", "--remove", "--annotator")
    with Project.open_to_read(args.project) as project:
        found = project.repository.codebook_versions()
    if args.json:
        print(json.dumps({"codebooks": to_builtins(found)}, ensure_ascii=False, indent=2))
        return 0
    for each in found:
        what = {"undo": "Undone: ", "redo": "Done again: "}.get(each.action, "") + each.title
        who = f"{each.annotator}: {what}" if each.annotator else "the project was made with it"
        print(f"{each.number:>3}  {each.saved_at}  “{each.name}”, version {each.version}  {who}")
    return 0


def save(args: argparse.Namespace) -> int:
    """Write the codebook as TOML."""
    from annotator.core.codebook_toml import codebook_to_toml
    from annotator.session.codebooks import write_codebook

    _only(args, "--remove", "--annotator", "--json")
    with Project.open_to_read(args.project) as project:
        codebook = (
            project.codebook if args.number is None else project.repository.codebook_version(args.number)
        )
    if args.save == "-":
        sys.stdout.write(codebook_to_toml(codebook))
        return 0
    write_codebook(codebook, Path(args.save))
    print(f"“{codebook.name}”, version {codebook.version}, saved in {args.save}.", file=sys.stderr)
    return 0


def load(args: argparse.Namespace) -> int:
    """Put another codebook in the place of the project's; labels go to words of equal name."""
    from annotator.runtime.people import login_name
    from annotator.runtime.settings import ANNOTATOR, Settings
    from annotator.session.codebooks import codebook_named, exchange

    _only(args, "--number", "--json")
    after = codebook_named(args.load)
    with Project.open(args.project) as project:
        found = exchange(project, after)
        if found.homeless and not args.remove:
            tell_problems(found.problems())
            print(f"{args.project.name} keeps its codebook.", file=sys.stderr)
            return 1
        editor = project.editor(args.annotator or Settings().get(ANNOTATOR) or login_name())
        edit = found.run(editor)
        codebook = project.codebook
    if edit is None:
        print(f"{args.project.name} has this codebook already.", file=sys.stderr)
        return 0
    also = f"; taken away: {found.taken()}" if found.homeless else ""
    print(
        f"“{codebook.name}” is the codebook of {args.project.name} now, version {codebook.version}{also}.",
        file=sys.stderr,
    )
    return 0


def _only(args: argparse.Namespace, *options: str) -> None:
    """Raise UsageError for an option that belongs to another use of the command."""
    for each in options:
        if getattr(args, each.removeprefix("--")):
            raise UsageError(f"{each} does not go with that", cure="See annotator codebook --help")
