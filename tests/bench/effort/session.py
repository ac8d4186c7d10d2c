"""A session of labelling: the gold, by one hand, in the real window on a project of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from annotator.core.model import Fragment, Kind
from annotator.core.page import Page
from annotator.runtime.resources import seeds_folder
from annotator.runtime.settings import ANNOTATOR, AUTO_SUGGEST, Settings
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project
from annotator.ui.app import make_window, open_first
from annotator.ui.main_window import MainWindow

from . import gold
from .hands import Hand, Keyboard, Mouse, Tally

SAMPLE = "us-urges-iran-drone-sales.txt"


@dataclass
class Outcome:
    """What a session took and what it left."""

    hand: str
    tally: Tally
    line: dict[str, object]
    """The exported line."""
    wanted: dict[str, object]
    """What the gold names."""
    spans: int
    relations: int

    @property
    def right(self) -> bool:
        """Whether the export says exactly what the gold names."""
        return gold.labelled(self.line) == self.wanted


def run(folder: Path, hand: type[Keyboard] | type[Mouse], *, suggestions: bool) -> Outcome:
    """Label the sample article in a fresh project in ``folder``, export it, and compare."""
    path = folder / f"{hand.name}-{suggestions}.annot"
    with Project.create(path) as project:
        import_paths(project, [seeds_folder() / SAMPLE])
        if suggestions:
            from annotator.session.suggest import suggest_project

            suggest_project(project)
    settings = Settings(folder / "settings.json")
    settings.set(ANNOTATOR, "ana")
    settings.set(AUTO_SUGGEST, False)
    window = make_window(settings)
    window.bench._start_worker.setInterval(10_000_000)
    window.resize(1440, 1000)
    window.show()
    open_first(window, path, [])
    window.canvas.setFocus()
    QApplication.processEvents()
    window.canvas.grab()
    try:
        hands = hand(window)
        page = hands.page
        wanted = gold.wanted(page)
        label(hands)
        out = folder / f"{hand.name}-{suggestions}.jsonl"
        assert window.bench.project is not None
        export_labels(window.bench.project, out)
        line = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
        return Outcome(hand.name, hands.tally, line, wanted, len(page.spans), len(page.relations))
    finally:
        close(window)


def close(window: MainWindow) -> None:
    """Close it for good."""
    window.close()
    window.deleteLater()
    QApplication.processEvents()


def label(hands: Hand) -> None:
    """Everything that the gold names: entities, then from top to bottom actors, cues and claims."""
    assert isinstance(hands, (Keyboard, Mouse))
    page = hands.page
    entities = gold.entities(page)
    if page.open_suggestions():
        with hands.tally.doing("review"):
            hands.review(_right(page, entities))
    for (name, _), places in entities.items():
        missing = [each for each in places if not page.own_over(Kind.ENTITY, (each,))]
        while missing:
            span = hands.make(Kind.ENTITY, name, missing.pop(0))
            if len(missing) >= hands.worth_proposing:
                hands.propose(span, missing)
                missing = []
    names = gold.named(page)
    ids: dict[str, str] = {}
    for name in sorted(names, key=lambda each: hands.order(*names[each])):
        kind, fragment = names[name]
        ids[name] = hands.make(kind, str(kind).capitalize(), fragment)
        claim = next((each for each in gold.CLAIMS if each.name == name), None)
        if claim is not None:
            values = {
                "categories": claim.category,
                "stance": claim.stance,
                "form": claim.form,
                "quotation": claim.quotation,
            }
            hands.set_attributes({key: value for key, value in values.items() if value})
        if claim is not None or isinstance(hands, Keyboard):
            _relate(hands, ids, name)
    for name in ids:
        _relate(hands, ids, name)


def _relate(hands: Keyboard | Mouse, ids: dict[str, str], name: str) -> None:
    """Every relation of a span whose other end is there and that is not drawn yet."""
    drawn = {(each.type, each.head, each.tail) for each in hands.page.relations.values()}
    for type_, head, tail in gold.RELATIONS:
        if name in (head, tail) and head in ids and tail in ids:
            if (type_, ids[head], ids[tail]) not in drawn:
                hands.relate(type_, ids[head], ids[tail])


def _right(page: Page, entities: dict[tuple[str, str], list[Fragment]]) -> list[Fragment]:
    """The suggested ranges that the gold has with the suggested label."""
    places = {(name, each) for (name, _), ranges in entities.items() for each in ranges}
    return [
        span.fragments[0]
        for span in page.open_suggestions()
        if len(span.fragments) == 1 and (span.label, span.fragments[0]) in places
    ]
