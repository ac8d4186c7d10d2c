"""The window's main job without a window: import, suggest, export, and say what was written where."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from annotator.cli.fresh import new_or_gone
from annotator.cli.output import progress_bar, summary_of, tell_problems
from annotator.core.ports import ArticleFilter
from annotator.runtime.resources import seeds_folder

SAMPLE = Path("annotator-sample.annot")
"""Made in the current folder where neither a project nor articles are named."""

UNNAMED = Path("articles.annot")
"""Made in the current folder for articles without a project."""

_EXPORT_BEGINS = b'{"format":"annotator/1"'
"""How every file starts that an export has written."""

_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""Debian's packages by the libraries that Qt cannot be imported without."""

_WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-randr.so.0": "libxcb-randr0",
}
"""Debian's packages by the libraries that a window on X11 needs besides."""


def why_no_window() -> str | None:
    """A sentence that says why no window can open here, or None if one can.

    Looks at the display and at the libraries that Qt needs, without importing Qt.
    """
    if not sys.platform.startswith("linux"):
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    shown = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not platform and not shown:
        return "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    on_x11 = platform.startswith("xcb") or (not platform and not os.environ.get("WAYLAND_DISPLAY"))
    wanted = _PACKAGES | (_WINDOW_LIBRARIES if on_x11 else {})
    missing = sorted({package for library, package in wanted.items() if not _loads(library)})
    if missing:
        return (
            "Qt cannot open a window: system libraries are missing. "
            f"On Debian or Ubuntu: apt-get install {' '.join(missing)}"
        )
    return None


def _loads(library: str) -> bool:
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


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


def run_headless(project: Path | None, articles: Sequence[Path], reason: str) -> int:
    """Import, suggest and export; names the files that it wrote. The exit code.

    Without a project and articles, the sample project; the export lies beside the project.
    """
    from annotator.session.exporting import export_jsonl
    from annotator.session.importing import import_paths
    from annotator.session.project import Project
    from annotator.session.suggest import suggest_project

    print(f"{reason} Doing the same job without a window.", file=sys.stderr)
    path = project or (UNNAMED if articles else SAMPLE)
    wanted = list(articles) or ([] if project else [seeds_folder()])
    out = _export_beside(path, wanted)
    problems = 0
    keep = new_or_gone(path) if wanted else nullcontext()
    with keep, Project.open(path, create=True) as opened:
        if wanted:
            with progress_bar("Importing", "B") as progress:
                imported = import_paths(opened, wanted, progress=progress)
            problems += tell_problems(imported.problems)
            print(imported.sentence, file=sys.stderr)
            if not opened.repository.count_articles(ArticleFilter(), ""):
                return 1
        with progress_bar("Suggesting", " articles") as progress:
            summary = suggest_project(opened, progress=progress)
        problems += tell_problems(summary.problems)
        print(summary_of(summary), file=sys.stderr)
        export_jsonl(opened, out, include_suggestions=True)
    print(f"Wrote {path.absolute()} (the project)")
    print(f"Wrote {out.absolute()} (its labels and suggestions as JSON Lines)")
    return 1 if problems else 0
