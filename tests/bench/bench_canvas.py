"""An article of 100,000 characters with 2,000 spans and 500 relations: painting, scrolling, labelling."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from bisect import bisect
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QPlainTextEdit

from annotator.core.changes import ChangeSet
from annotator.core.commands import Command, DeleteSpan, DrawRelation, MakeSpan, MoveEdges, Relabel
from annotator.core.model import Article, Kind, Relation, Span, new_id
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.core.tokens import Tokens, rough_tokens
from annotator.runtime.resources import resource, seeds_folder
from annotator.session.editor import Editor
from annotator.session.project import Project
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import light, load_fonts

CHARACTERS, SPANS, RELATIONS = 100_000, 2_000, 500
REPEATS = 60


def long_text(chance: random.Random) -> str:
    """Paragraphs of news words, about as long as those of the sample."""
    words = (seeds_folder() / "us-urges-iran-drone-sales.txt").read_text("utf-8").split()
    paragraphs, length = [], 0
    while length < CHARACTERS:
        paragraph = " ".join(chance.choice(words) for _ in range(chance.randint(30, 110)))
        paragraphs.append(paragraph)
        length += len(paragraph) + 2
    return "\n\n".join(paragraphs)[:CHARACTERS]


def labels(chance: random.Random, tokens: Tokens) -> tuple[list[Span], list[Relation]]:
    """Spans of all kinds all over the text; relations from claims to actors nearby."""
    names = {Kind.ACTOR: "Actor", Kind.CLAIM: "Claim", Kind.CUE: "Cue"}
    spans: dict[tuple[Kind, int, int], Span] = {}
    while len(spans) < SPANS:
        kind = chance.choices(list(Kind), [5, 3, 2, 1])[0]
        first = chance.randrange(len(tokens) - 30)
        last = first + (chance.randint(8, 25) if kind is Kind.CLAIM else chance.randint(0, 2))
        start, end = tokens.starts[first], tokens.ends[last]
        label = names.get(kind) or chance.choice(["Person", "Organization", "Place", "Group"])
        spans[kind, start, end] = Span(
            id=new_id(),
            kind=kind,
            label=label,
            fragments=((start, end),),
            origin="annotator:ana",
            annotator="ana",
        )
    made = sorted(spans.values(), key=lambda span: span.order)
    claims = [span for span in made if span.kind is Kind.CLAIM]
    actors = [span for span in made if span.kind is Kind.ACTOR]
    starts = [span.start for span in actors]
    relations: dict[tuple[str, str], Relation] = {}
    while len(relations) < RELATIONS:
        claim = chance.choice(claims)
        near = bisect(starts, claim.start) + chance.randint(-3, 3)
        actor = actors[max(0, min(len(actors) - 1, near))]
        relations[claim.id, actor.id] = Relation(
            id=new_id(), type="made_by", head=claim.id, tail=actor.id, origin="annotator:ana", annotator="ana"
        )
    return made, list(relations.values())


class Desk:
    """A project file, an editor and a canvas that follows it, as in the window."""

    def __init__(self, folder: Path) -> None:
        chance = random.Random(1)
        text = long_text(chance)
        self.tokens = rough_tokens(text)
        spans, relations = labels(chance, self.tokens)
        self.project = Project.create(folder / "bench.annot")
        article = Article(id="a", text=text, sha256=sha256_of(text), title="Long")
        self.project.repository.add_articles(
            [NewArticle(article=article, tokens=self.tokens, spans=spans, relations=relations)], []
        )
        self.editor: Editor = self.project.editor("ana")
        self.view = ArticleView(light(), self.run)
        self.editor.listeners.append(lambda changed: self.view.refresh(changed.changes))
        self.view.resize(1100, 900)
        self.view.show()
        QApplication.processEvents()

    def run(self, command: Command) -> ChangeSet | None:
        return self.editor.run(command)

    def first_paint(self) -> float:
        begun = time.perf_counter()
        self.view.set_page(self.editor.open("a"), self.project.codebook)
        self.view.viewport().repaint()
        return time.perf_counter() - begun

    def settle(self) -> tuple[float, float]:
        """Seconds until the rest of the page is laid out, and the longest step of it."""
        begun, longest = time.perf_counter(), 0.0
        while self.view.scene.unready:
            step = time.perf_counter()
            QApplication.processEvents()
            longest = max(longest, time.perf_counter() - step)
        return time.perf_counter() - begun, longest

    def seconds(
        self, act: Callable[[int], object], prepare: Callable[[int], object] = lambda _: None
    ) -> list[float]:
        """From the act to the painted picture, each time; ``prepare`` comes before the clock starts.

        What is painted is what the canvas asks for, as in the window.
        """
        took = []
        for nth in range(REPEATS):
            prepare(nth)
            self.view.viewport().repaint()
            QApplication.processEvents()
            begun = time.perf_counter()
            act(nth)
            QApplication.processEvents()
            took.append(time.perf_counter() - begun)
            QApplication.processEvents()
        return sorted(took)


def plain_paint(text: str) -> float:
    """Seconds that Qt's own plain text widget takes to show the same text, as a measure."""
    edit = QPlainTextEdit()
    edit.resize(1100, 900)
    edit.show()
    QApplication.processEvents()
    begun = time.perf_counter()
    edit.setPlainText(text)
    edit.viewport().repaint()
    return time.perf_counter() - begun


def said(took: list[float]) -> str:
    return f"median {statistics.median(took) * 1000:.1f} ms, p95 {took[int(0.95 * len(took))] * 1000:.1f} ms"


def run() -> list[tuple[str, str]]:
    """Every figure, on a real project file (each edit is on disk before it is painted)."""
    application = QApplication.instance() or QApplication([])
    load_fonts(resource("fonts"))
    rows: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        paint = statistics.median(desk.first_paint() for _ in range(3))
        plain = plain_paint(desk.editor.page.text) if desk.editor.page else 0.0
        rest, longest = desk.settle()
        rows.append(("open and first paint", f"{paint * 1000:.0f} ms"))
        rows.append(("the same text in a QPlainTextEdit", f"{plain * 1000:.0f} ms"))
        rows.append(("ratio", f"{paint / plain:.1f}"))
        rows.append(("rest of the layout, in idle time", f"{rest * 1000:.0f} ms"))
        rows.append(("longest step of it", f"{longest * 1000:.0f} ms"))
        rows.append(("full repaint", said(desk.seconds(lambda _: desk.view.viewport().repaint()))))
        bar = desk.view.verticalScrollBar()
        rows.append(("scroll by 40 pixels", said(desk.seconds(lambda n: bar.setValue(3000 + 40 * n)))))
        rows += edits(desk)
        desk.view.close()
        desk.project.close()
    del application
    return rows


def edits(desk: Desk) -> list[tuple[str, str]]:
    """Key to paint for each kind of edit, spread over the part of the page that is in sight."""
    page, tokens = desk.editor.page, desk.tokens
    assert page is not None
    bar = desk.view.verticalScrollBar()
    claims = [span for span in page.visible_spans() if span.kind is Kind.CLAIM]
    actors = [span for span in page.visible_spans() if span.kind is Kind.ACTOR]

    def scroll(nth: int) -> None:
        bar.setValue(4000 + nth * 600)

    def first_token(step: int) -> int:
        return tokens.at(desk.view.scene.offset_at(0, desk.view.visible_range()[0] + 200)) + step

    def choose(spans: list[Span]) -> Callable[[int], None]:
        return lambda nth: desk.view.select_span(spans[nth].id)

    def label(nth: int) -> None:
        at = first_token(3)
        desk.run(MakeSpan(Kind.ENTITY, "Event", ((tokens.starts[at], tokens.ends[at + 1]),)))

    def claim(nth: int) -> None:
        at = first_token(5)
        desk.run(MakeSpan(Kind.CLAIM, "Claim", ((tokens.starts[at], tokens.ends[at + 14]),)))

    entities = [span for span in page.visible_spans() if span.kind is Kind.ENTITY][::7]

    def relabel(nth: int) -> None:
        desk.run(Relabel(entities[nth].id, Kind.ENTITY, "Law"))

    resized, linked, deleted = claims[::3], claims[1::4], claims[2::4]

    def edge(nth: int) -> None:
        span = resized[nth]
        end = tokens.ends[tokens.at(page.spans[span.id].end - 1) + 1]
        desk.run(MoveEdges(span.id, ((span.start, end),)))

    def relate(nth: int) -> None:
        span = linked[nth]
        nearest = min(actors, key=lambda actor: abs(actor.start - span.start))
        desk.run(DrawRelation("addressed_to", span.id, nearest.id))

    def delete(nth: int) -> None:
        desk.run(DeleteSpan(deleted[nth].id))

    acts: dict[str, tuple[Callable[[int], object], Callable[[int], object]]] = {
        "label a span": (label, scroll),
        "mark a claim": (claim, scroll),
        "relabel": (relabel, choose(entities)),
        "move an edge": (edge, choose(resized)),
        "draw a relation": (relate, choose(linked)),
        "delete with relations": (delete, choose(deleted)),
        "undo": (lambda _: desk.editor.undo(), lambda _: None),
        "redo": (lambda _: desk.editor.redo(), lambda _: None),
    }
    return [(f"{name}, to paint", said(desk.seconds(act, prepare))) for name, (act, prepare) in acts.items()]


if __name__ == "__main__":
    for what, result in run():
        print(f"{what}: {result}")
