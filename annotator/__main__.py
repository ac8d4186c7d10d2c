"""Where the program starts: the command line, or the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from annotator.runtime.interrupting import interrupts_end_it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with the given arguments (those of the process if None); the exit code."""
    from annotator.cli.main import guarded, run_command
    from annotator.cli.parser import parse

    args = parse(sys.argv[1:] if arguments is None else arguments)
    if args.command is not None:
        return run_command(args)
    if args.smoke_test:
        from annotator.ui.smoke import run

        return run()
    return guarded(lambda: open_window(args.paths, args.annotator, args.codebook))


def open_window(paths: Sequence[Path], annotator: str | None, codebook: str | None = None) -> int:
    """Open the window on a project and articles, or do its job without one where none can open."""
    from annotator.cli.display import why_no_window
    from annotator.core.errors import UsageError

    projects = [path for path in paths if path.suffix == ".annot"]
    articles = [path for path in paths if path.suffix != ".annot"]
    if len(projects) > 1:
        raise UsageError("only one project can be opened at a time")
    project = projects[0] if projects else None
    if codebook is not None:
        from annotator.session.codebooks import codebook_named, refuse_for_old

        refuse_for_old(project)
        chosen = codebook_named(codebook)
    else:
        chosen = None
    reason = why_no_window()
    if reason is not None:
        from annotator.cli.headless import run_headless

        return run_headless(project, articles, reason, chosen)
    from annotator.ui.app import run_window

    return run_window(project, articles, annotator, chosen)


def start() -> int:
    """Run the program as the process of its own that it is; the exit code."""
    interrupts_end_it()
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support

        freeze_support()  # a worker process goes no further than this
        from annotator.runtime.single_file import settle

        settle()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # a program with a window and no console has none on Windows
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    return main()


if __name__ == "__main__":
    sys.exit(start())
