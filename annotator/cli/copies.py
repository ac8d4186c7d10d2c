"""The command that lists near-duplicates, and copies labels between them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence

from msgspec.structs import asdict

from annotator.cli.output import progress_bar
from annotator.core.copies import LEAST
from annotator.core.errors import UsageError
from annotator.core.text import counted, excerpt
from annotator.session.copies_of import Group, copy_all, groups
from annotator.session.project import Project


def run(args: argparse.Namespace) -> int:
    """List the groups of a project, or copy the labels of articles to the others of their groups."""
    least = LEAST if args.least is None else args.least
    if args.labels_to_copies:
        with Project.open(args.project) as project, progress_bar("Comparing", " articles") as progress:
            if args.annotator is not None:
                project.refuse_stranger(args.annotator)
            found, done = copy_all(project, args.annotator, progress, least=least)
        print(done.sentence, file=sys.stderr)
    elif args.annotator is not None:
        raise UsageError("--annotator goes with --labels-to-copies", cure="Leave it out, or add that")
    else:
        with (
            Project.open_to_read(args.project) as project,
            progress_bar("Comparing", " articles") as progress,
        ):
            found = groups(project, progress, least=least)
    if args.json:
        rows = [{"similarity": round(each.similarity, 3), "articles": _articles(each)} for each in found]
        print(json.dumps({"groups": rows}, ensure_ascii=False, indent=2))
    elif not args.labels_to_copies:
        print("\n".join(group_lines(found)))
    return 0


def _articles(group: Group) -> list[dict[str, str | None]]:
    return [asdict(each) for each in group.articles]


def group_lines(found: Sequence[Group]) -> Iterator[str]:
    """One line per group with how much its articles share, below it its articles."""
    number = sum(len(each.articles) for each in found)
    size = counted(number, "article")
    yield f"{counted(len(found), 'group')} of articles that nearly repeat each other, {size}"
    for group in found:
        yield f"{counted(len(group.articles), 'article')}, {group.similarity:.0%} the same"
        for each in group.articles:
            about = ", ".join(word for word in (each.publisher, each.published) if word)
            yield f"  {each.id}  {excerpt(each.title, 70)}{f' ({about})' if about else ''}"
