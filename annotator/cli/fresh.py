"""New project files that nothing came into do not stay behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def new_or_gone(path: Path) -> Iterator[None]:
    """Removes the project at the end of the block if it was made in it and holds no article.

    So a wrong name, a refused file or an interruption leaves the folder as it was. The project must be
    closed by then.
    """
    was_there = path.exists()
    try:
        yield
    finally:
        if not was_there and path.is_file() and _is_empty(path):
            for ending in ("", "-wal", "-shm"):  # the last two stay where an interruption came early
                with suppress(OSError):
                    path.with_name(path.name + ending).unlink(missing_ok=True)


def _is_empty(path: Path) -> bool:
    from annotator.core.ports import ArticleFilter
    from annotator.session.project import Project

    with Project.open(path) as project:
        return not project.repository.count_articles(ArticleFilter(), "")
