"""Printing: problems to stderr, one line each; progress bars on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from annotator.core.errors import Problem
from annotator.core.text import counted

if TYPE_CHECKING:
    from annotator.session.suggest import SuggestSummary


def tell_problems(problems: Iterable[Problem]) -> int:
    """Print problems to stderr as they come; their number."""
    count = 0
    for problem in problems:
        print(problem, file=sys.stderr)
        count += 1
    return count


def summary_of(summary: SuggestSummary) -> str:
    """What a run of suggestions did, for a person."""
    done = (
        f"{counted(summary.articles, 'article')} read by {summary.model}, "
        f"{counted(summary.suggestions, 'new suggestion')}."
    )
    return f"{summary.sentence}\n{done}" if summary.sentence else done


@contextmanager
def progress_bar(what: str, unit: str) -> Iterator[Callable[[int, int], None] | None]:
    """A function to call with (done, total), which shows a bar; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(desc=what, unit=unit, unit_scale=unit == "B", leave=False, file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield step


def table(rows: Mapping[str, int], indent: str = "  ") -> list[str]:
    """Names and numbers, one to a line, the numbers under each other."""
    width = max((len(name) for name in rows), default=0)
    return [f"{indent}{name:<{width}}  {number:>9,}" for name, number in rows.items()]
