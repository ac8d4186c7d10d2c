"""The window's main job without a window: import, suggest, export, and say what was written where."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from annotator.cli.fresh import new_or_gone
from annotator.cli.output import progress_bar, summary_of, tell_problems
from annotator.core.codebook import Codebook
from annotator.core.ports import ArticleFilter
from annotator.runtime.resources import seeds_folder

SAMPLE = Path("annotator-sample.annot")
"""Made in the current folder where neither a project nor articles are named."""

UNNAMED = Path("articles.annot")
"""Made in the current folder for articles without a project."""

_EXPORT_BEGINS = b'{"format":"annotator/1"'
"""How every file starts that an export has written."""


def _export_beside(project: Path, articles: Sequence[Path]) -> Path:
    """The export of a project: beside it, where it replaces an older export but nothing else.

    What was given to be imported is never replaced, nor a file that is no export.
    """
    given = {each.resolve() for each in articles}

    def is_taken(path: Path) -> bool:
        place = path.resolve()
        if not given.isdisjoint((place, *place.parents)):
            return True
        try:
            with path.open("rb") as there:
                return there.read(len(_EXPORT_BEGINS)) not in (b"", _EXPORT_BEGINS)
        except FileNotFoundError:
            return False
        except OSError:
            return True

    names = (f"{project.stem}-labels{nth}.jsonl" for nth in ("", *(f"-{n}" for n in range(2, 1000))))
    candidates = (project.with_suffix(".jsonl"), *map(project.with_name, names))
    return next((each for each in candidates if not (each.exists() and is_taken(each))), candidates[-1])


def run_headless(
    project: Path | None, articles: Sequence[Path], reason: str, codebook: Codebook | None = None
) -> int:
    """Import, suggest and export; names the files that it wrote. The exit code.

    Without a project and articles, the sample project; the export lies beside the project, or in the
    current folder where nothing can be written there. A project that can only be read is exported as it
    is; articles for it are refused. A new project gets the codebook.
    """
    from annotator.session.exporting import export_labels
    from annotator.session.importing import import_paths
    from annotator.session.project import Project
    from annotator.session.suggest import suggest_project

    print(f"{reason} Doing the same job without a window.", file=sys.stderr)
    path = project or (UNNAMED if articles else SAMPLE)
    wanted = list(articles) or ([] if project else [seeds_folder()])
    out = _export_beside(path if os.access(path.absolute().parent, os.W_OK) else Path(path.name), wanted)
    problems = 0
    to_be_written = bool(wanted) or not path.exists()
    keep = new_or_gone(path) if wanted else nullcontext()
    with (
        keep,
        Project.open(path, create=True, codebook=codebook)
        if to_be_written
        else Project.open_to_read(path) as opened,
    ):
        if wanted:
            with progress_bar("Importing", "B") as progress:
                imported = import_paths(opened, wanted, progress=progress)
            problems += tell_problems(imported.problems)
            print(imported.sentence, file=sys.stderr)
            if not opened.repository.count_articles(ArticleFilter(), ""):
                return 1
        if opened.read_only:
            problems += tell_problems([opened.read_only])
            print("No suggestions were made; what the project holds is exported.", file=sys.stderr)
        else:
            with progress_bar("Suggesting", " articles") as progress:
                summary = suggest_project(opened, progress=progress)
            problems += tell_problems(summary.problems)
            print(summary_of(summary), file=sys.stderr)
        export_labels(opened, out, include_suggestions=True)
    if not opened.read_only:
        print(f"Wrote {path.absolute()} (the project)")
    print(f"Wrote {out.absolute()} (its labels and suggestions as JSON Lines)")
    return 1 if problems else 0
