"""A large project beside one of ten articles: opening, an edit, the list, search.

``ANNOTATOR_BENCH_SCALE=100000`` measures that many articles (5,000,000 spans; ten minutes and 2 GB of
disk); without it, a tenth.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import accumulate, batched
from pathlib import Path

from annotator.core.commands import MakeSpan, SetNote
from annotator.core.model import Article, Kind, Progress, Relation, Span, State, Status, new_id
from annotator.core.ports import ArticleFilter, NewArticle
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.runtime.resources import seeds_folder
from annotator.session.editor import Editor
from annotator.session.project import Project

ARTICLES = int(os.environ.get("ANNOTATOR_BENCH_SCALE", "10000"))
SPANS = 50
FEW = 10
EDITS = 300
PAGE = 100
ANNOTATOR = "ana"
SEARCHES = ("the", "said president", "c", "co", "con", "xyzzy", "number 77")
WORDS = 30_000
"""Different words of all articles."""


def vocabulary(chance: random.Random) -> list[str]:
    """The words of the samples, the most frequent first, then others that begin and end like them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(seeds_folder().glob("*.txt"))]
    seen = Counter(re.findall(r"[a-z]+", " ".join(texts).lower()))
    words = dict.fromkeys(word for word, _ in seen.most_common())
    long = [word for word in words if len(word) > 5]
    while len(words) < WORDS:
        begins, ends = chance.choice(long)[: chance.randint(3, 5)], chance.choice(long)[-4:]
        words[begins + ends] = None
    return list(words)


def articles(count: int) -> Iterator[NewArticle]:
    """Articles of about 3,000 code points, half of them labelled, the others with suggestions.

    A word is the rarer the later it stands in the vocabulary, as in any language (Zipf's law).
    """
    chance = random.Random(1)
    words = vocabulary(chance)
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(count):
        drawn = chance.choices(words, cum_weights=weights, k=430)
        yield _labelled(chance, number, f"Article number {number:,}\n\n" + " ".join(drawn))


def _labelled(chance: random.Random, number: int, text: str) -> NewArticle:
    tokens = rough_tokens(text)
    chosen = chance.sample(range(len(tokens) - 1), SPANS)
    labelled = number % 2 == 0
    spans = [
        Span(
            id=new_id(),
            kind=(Kind.ACTOR, Kind.ENTITY, Kind.CLAIM)[nth % 3],
            label=("Actor", "Place", "Claim")[nth % 3],
            fragments=((tokens.starts[first], tokens.ends[first + nth % 2]),),
            state=State.ACCEPTED if labelled else State.SUGGESTED,
            origin=f"annotator:{ANNOTATOR}" if labelled else "model:bench-1",
            confidence=None if labelled else 0.75,
            annotator=ANNOTATOR if labelled else None,
        )
        for nth, first in enumerate(chosen)
    ]
    relations = [
        Relation(
            id=new_id(), type="made_by", head=spans[2].id, tail=spans[0].id, origin=spans[0].origin,
            state=spans[0].state, annotator=spans[0].annotator,
        )
    ]  # fmt: skip
    status = chance.choice([Status.DONE, Status.DONE, Status.IN_PROGRESS, Status.SKIPPED])
    title = text.partition("\n")[0]
    return NewArticle(
        article=Article(
            id=f"a{number}", text=text, sha256=sha256_of(text), title=title, publisher="The Bench",
            published="2026-03-01", language="en",
        ),
        tokens=tokens,
        progress={ANNOTATOR: Progress(status, chance.random() < 0.05)} if labelled else {},
        spans=spans,
        relations=relations,
    )  # fmt: skip


def make(path: Path, count: int) -> None:
    """Make a project of so many articles."""
    with Project.create(path) as project:
        for batch in batched(articles(count), 2_000):
            project.repository.add_articles(batch, [])


def once(work: Callable[[], object]) -> float:
    """How many seconds some work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """How long some work takes: the middle of a few times."""
    return statistics.median(once(work) for _ in range(times))


class Bare:
    """SQLite alone, writing as much as an edit does: what no edit can be faster than on this disk."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL").fetchone()
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE lines (number INTEGER PRIMARY KEY, line TEXT)")

    def write(self) -> None:
        """Write a line of one kilobyte to disk."""
        self._connection.execute("INSERT INTO lines (line) VALUES (?)", ("x" * 1000,))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def edits(editors: list[Editor], counts: list[int], bare: Bare) -> list[list[float]]:
    """Seconds of single edits in random articles of several projects and of bare writing, in turn."""
    chance = random.Random(2)
    taken: list[list[float]] = [[] for _ in (*editors, bare)]
    for number in range(EDITS + FEW):
        for editor, count, times in zip(editors, counts, taken, strict=False):
            page = editor.open(f"a{chance.randrange(count)}")
            start = number * 7 % (len(page.text) - 10)  # each span is another one
            command = (
                MakeSpan(Kind.ENTITY, "Law", ((start, start + 6),))
                if number % 4
                else SetNote(f"note {number}")
            )
            times.append(once(lambda editor=editor, command=command: editor.run(command)))
        taken[-1].append(once(bare.write))
    return [times[FEW:] for times in taken]  # the first ones prepare their statements


def opened(path: Path) -> float:
    """Seconds until a project is open and the first page of its list is there."""

    def work() -> None:
        with Project.open(path) as project:
            repository = project.repository
            repository.count_articles(ArticleFilter(), ANNOTATOR)
            repository.article_rows(ArticleFilter(), ANNOTATOR, 0, PAGE)
            repository.status_counts(ANNOTATOR)

    return seconds(work)


def run() -> list[tuple[str, str]]:
    """Times in the large project, and their ratio to those in the small one."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        large, small = Path(name) / "large.annot", Path(name) / "small.annot"
        begun = time.perf_counter()
        make(large, ARTICLES)
        rows = [("made in", f"{time.perf_counter() - begun:.0f} s, {large.stat().st_size / 1e6:,.0f} MB")]
        make(small, FEW)
        opening = opened(large)
        rows.append(("open, with the first page", f"{opening * 1000:.0f} ms ({opened(small) * 1000:.0f} ms)"))
        with Project.open(large) as project, Project.open(small) as other:
            editors = [project.editor(ANNOTATOR), other.editor(ANNOTATOR)]
            with closing(Bare(Path(name) / "bare")) as bare:
                rows += _of_edits(*edits(editors, [ARTICLES, FEW], bare))
            rows += _of_lists(project)
    return [("project", f"{ARTICLES:,} articles, {ARTICLES * SPANS:,} spans (beside: {FEW})"), *rows]


def _of_edits(large: list[float], small: list[float], bare: list[float]) -> Iterator[tuple[str, str]]:
    def late(times: list[float]) -> float:
        return statistics.quantiles(times, n=20)[-1]

    for what, measure in (("median", statistics.median), ("p95", late)):
        here, there, least = measure(large), measure(small), measure(bare)
        yield (
            f"an edit, {what} (small project; SQLite alone)",
            f"{here * 1000:.2f} ms ({there * 1000:.2f} ms; {least * 1000:.2f} ms), ratio {here / there:.2f}",
        )


def _of_lists(project: Project) -> Iterator[tuple[str, str]]:
    repository = project.repository

    def listed(which: ArticleFilter, offset: int = 0) -> float:
        return seconds(lambda: repository.article_rows(which, ANNOTATOR, offset, PAGE))

    everything = ArticleFilter()
    done = ArticleFilter(statuses=frozenset({Status.DONE}))
    new = ArticleFilter(statuses=frozenset({Status.NEW}))
    yield "list: first page", f"{listed(everything) * 1000:.1f} ms"
    yield "list: last page", f"{listed(everything, ARTICLES - PAGE) * 1000:.1f} ms"
    for what, which in (("done", done), ("new", new)):
        last = repository.count_articles(which, ANNOTATOR) - PAGE
        counting = seconds(lambda which=which: repository.count_articles(which, ANNOTATOR))
        pages = f"{listed(which) * 1000:.1f} ms, {listed(which, max(0, last)) * 1000:.1f} ms"
        yield f"list of {what}: first page, last page, count", f"{pages}, {counting * 1000:.1f} ms"
    placing = seconds(lambda: repository.position_of(f"a{ARTICLES - 1}", everything, ANNOTATOR))
    yield "list: place of the last article", f"{placing * 1000:.1f} ms"
    yield "status counts", f"{seconds(lambda: repository.status_counts(ANNOTATOR)) * 1000:.1f} ms"
    for search in SEARCHES:
        for what, which in (("", ArticleFilter(search=search)), (", done", _and_done(search))):
            count = repository.count_articles(which, ANNOTATOR)
            counting = seconds(lambda which=which: repository.count_articles(which, ANNOTATOR))
            yield (
                f"search “{search}”{what}: {count:,} found, first page, count",
                f"{listed(which) * 1000:.1f} ms, {counting * 1000:.1f} ms",
            )


def _and_done(search: str) -> ArticleFilter:
    return ArticleFilter(search=search, statuses=frozenset({Status.DONE}))
