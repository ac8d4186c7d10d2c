"""Another codebook over 100,000 labelled claims: labels renamed, merged and removed, and all of it undone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from annotator.core.codebook import Codebook
from annotator.core.model import Article, Kind, Span
from annotator.core.moves import Move, Part
from annotator.core.ports import NewArticle
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.session.editor import Editor
from annotator.session.project import Project, default_codebook

CLAIMS, PER_ARTICLE = 100_000, 100
TEXT = "The minister said that taxes will rise next year. " * 40


def articles() -> Iterator[NewArticle]:
    """Articles with a hundred claims each."""
    values = {"stance": "oppose", "categories": ["rights"]}
    for number in range(CLAIMS // PER_ARTICLE):
        text = f"{number} {TEXT}"
        spans = [
            Span(
                id=f"s{nth}", kind=Kind.CLAIM, label="Claim", fragments=((nth * 10, nth * 10 + 9),),
                attributes=values, annotator="ana",
            )
            for nth in range(PER_ARTICLE)
        ]  # fmt: skip
        yield NewArticle(article=Article(id=f"a{number}", text=text, sha256=sha256_of(text)), spans=spans)


def changes(book: Codebook) -> Iterator[tuple[str, Codebook, list[Move]]]:
    """What is done to the codebook, in words, as the one after, as moves."""
    renamed = tuple(replace(each, name="Thesis") if each.name == "Claim" else each for each in book.labels)
    yield (
        "a label renamed",
        replace(book, labels=renamed),
        [Move(Part.LABEL, ("claim", "Claim"), ("claim", "Thesis"))],
    )
    fewer = tuple(each for each in book.categories if each.code.split("/")[0] != "rights")
    gone = [each.code for each in book.categories if each not in fewer]
    yield (
        "a category merged into another",
        replace(book, categories=fewer),
        [Move(Part.CATEGORY, (each,), (fewer[0].code,)) for each in gone],
    )
    yield (
        "a label removed with its spans",
        replace(book, labels=tuple(each for each in book.labels if each.name != "Claim")),
        [Move(Part.LABEL, ("claim", "Claim"), None)],
    )


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def run() -> list[tuple[str, str]]:
    """The rows of the table."""
    rows = []
    book = default_codebook()
    with tempfile.TemporaryDirectory() as folder, Project.create(Path(folder) / "p.annot", book) as project:
        imported = timed(lambda: project.repository.add_articles(articles(), []))
        rows.append((f"{CLAIMS:,} claims imported, for comparison", f"{imported:.1f} s"))
        editor: Editor = project.editor("ana")
        for what, after, moves in changes(book):

            def change(after: Codebook = after, moves: list[Move] = moves, what: str = what) -> None:
                editor.change_codebook(after, moves, what)

            counted = timed(partial(project.repository.touched, moves))
            done, undone = timed(change), timed(editor.undo)
            took = f"counted {counted:.2f} s, done {done:.2f} s, undone {undone:.2f} s"
            rows.append((what, f"{took}; {done / imported:.2f} x the import"))
    return rows
