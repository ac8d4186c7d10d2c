"""The whole program once over, in an empty home and without a display: ``annotator --smoke-test``.

It is what the packaged program is tried with, so it goes through the real window, the worker process
(which it ends once in the middle) and the bundled model, and looks at what ends up in the exported file.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.errors import AnnotatorError
from annotator.core.model import ActorRecord, Kind, State, new_id
from annotator.core.page import Page
from annotator.runtime.paths import HOME_VARIABLE
from annotator.runtime.resources import resource

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

PATIENCE = 120.0
"""Seconds to wait for one step, for a machine that reads the program from a slow disk."""


def run() -> int:
    """Try everything and print one line. The exit code: 0, or 1 with a sentence on stderr."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="annotator-smoke-", ignore_cleanup_errors=True) as folder:
        os.environ[HOME_VARIABLE] = folder
        try:
            print(f"OK: {_try_everything(Path(folder))}")
        except (AnnotatorError, _StepError) as error:
            print(f"The smoke test failed: {error}", file=sys.stderr)
            return 1
    return 0


class _StepError(Exception):
    """A step did not give what it should."""


def _check(happened: object, sentence: str) -> None:
    if not happened:
        raise _StepError(sentence)


def _wait(condition: Callable[[], object], sentence: str) -> None:
    """Let the window work until the condition holds. Raises _StepError when patience ends."""
    from PySide6.QtWidgets import QApplication

    until = time.monotonic() + PATIENCE
    while not condition():
        _check(time.monotonic() < until, sentence)
        QApplication.processEvents()
        time.sleep(0.01)


def _try_everything(folder: Path) -> str:
    from annotator.runtime.settings import Settings
    from annotator.ui.app import make_window, open_first

    begun = time.monotonic()
    painted: list[float] = []
    window = make_window(Settings())
    window.canvas.first_painted.connect(lambda: painted.append(time.monotonic() - begun))
    try:
        window.show()
        _wait(lambda: painted, "the window was not painted.")
        open_first(window, None, [])
        page = window.bench.page
        _check(page, "the sample project has no article.")
        assert page is not None
        _wait(lambda: page.suggestions, "the model suggested nothing.")
        suggested = len(page.suggestions)
        _label_by_hand(window, page)
        _say_who_it_is(window, page)
        _end_the_worker()
        _import_one_more(window, folder / "one-more.txt")
        model = window.bench.worker.origin if window.bench.worker else ""
        assert window.bench.project is not None
        project = window.bench.project.path
    finally:
        window.close()
    _check(not multiprocessing.active_children(), "a process is left behind.")
    articles = _check_export(project, page, folder)
    return (
        f"{articles} articles imported, {suggested} suggestions in the first by {model}, one accepted, one "
        "label made, one relation drawn, one actor linked with a record, the worker started again, all "
        "saved, exported and imported again; "
        f"painted after {painted[0] * 1000:.0f} ms, {time.monotonic() - begun:.1f} s in all."
    )


def _label_by_hand(window: MainWindow, page: Page) -> None:
    """Accept the first entity, mark the title as a claim and relate them, by the actions of keys."""
    actions, canvas = window.actions_by_id, window.canvas
    entities = [each.id for each in page.open_suggestions() if each.kind is Kind.ENTITY]
    _check(entities, "the model suggested no entity.")
    _check(len(entities) < len(page.open_suggestions()), "the rules suggested no claim.")
    canvas.select_span(entities[0])
    actions["accept"].trigger()
    canvas.select_ranges([(0, len(page.article.title))])
    actions["label_claim_Claim"].trigger()
    ids = {span.kind: span.id for span in page.spans.values()}
    _check(
        len(page.spans) == 2 and ids.keys() == {Kind.ENTITY, Kind.CLAIM},
        "accepting and labelling did not give one entity and one claim.",
    )
    canvas.select_span(ids[Kind.CLAIM])
    actions["pin"].trigger()
    canvas.select_span(ids[Kind.ENTITY])
    actions["relate"].trigger()
    ends = [(relation.head, relation.tail) for relation in page.relations.values()]
    _check(ends == [(ids[Kind.CLAIM], ids[Kind.ENTITY])], "the claim was not related to the entity.")


def _say_who_it_is(window: MainWindow, page: Page) -> None:
    """Mark the accepted entity as an actor too, and link it with a record that a misspelt name finds."""
    entity = next(span for span in page.spans.values() if span.kind is Kind.ENTITY)
    window.canvas.select_ranges(list(entity.fragments))
    window.actions_by_id["label_actor_Actor"].trigger()
    made = [span.id for span in page.spans.values() if span.kind is Kind.ACTOR]
    _check(len(made) == 1 and window.bench.editor is not None, "the entity was not marked as an actor.")
    assert window.bench.editor is not None
    actors = window.bench.editor.actors
    actors.create(ActorRecord(id=new_id(), name="Ellen Johnson Sirleaf", type="person"), made)
    found = actors.registry.search("Elen Jonson Sirleaf")
    _check(found, "an actor record was not found by a name that is nearly its own.")
    _check(page.spans[made[0]].actor == found[0].record.id, "the actor was not linked with its record.")


def _end_the_worker() -> None:
    """End the worker process from outside, as a lack of memory would."""
    workers = multiprocessing.active_children()
    _check(len(workers) == 1, f"there are {len(workers)} worker processes instead of one.")
    workers[0].kill()
    _wait(lambda: not workers[0].is_alive(), "the worker process could not be ended.")


def _import_one_more(window: MainWindow, file: Path) -> None:
    """Import a file, for which the worker has to start again; and let it finish all the others too."""
    file.write_text("Merkel in Paris\n\nAngela Merkel met Emmanuel Macron in Paris.\n", encoding="utf-8")
    window.files.import_paths([file])
    bench = window.bench
    assert bench.project is not None and bench.worker is not None
    repository, worker = bench.project.repository, bench.worker
    _wait(
        lambda: bench.page is not None and bench.page.article.title == "Merkel in Paris",
        "the further article was not imported.",
    )
    _wait(
        lambda: bench.page is not None and bench.page.suggestions,
        "the worker was not started again: it suggested nothing for the further article.",
    )
    _wait(
        lambda: not worker.busy and not repository.articles_to_suggest(worker.origin or ""),
        "the worker did not go on with the articles that waited.",
    )


def _check_export(project: Path, page: Page, folder: Path) -> int:
    """Export what is on disk now, and import that into a new project; the number of articles."""
    from annotator.session.exporting import export_labels
    from annotator.session.importing import import_paths
    from annotator.session.project import Project

    first, second = folder / "labels.jsonl", folder / "labels-again.jsonl"
    with Project.open(project) as saved:
        export_labels(saved, first)
    lines = [json.loads(line) for line in first.read_text(encoding="utf-8").splitlines()]
    _check_labels(lines, page)
    _check_keys(lines)
    with Project.create(folder / "again.annot") as again:
        problems = import_paths(again, [first]).problems
        _check(not problems, f"the exported file cannot be imported: {problems[:1]}")
        export_labels(again, second)
    _check(first.read_bytes() == second.read_bytes(), "an import of the export gives another export.")
    return len(lines)


def _check_labels(lines: list[dict[str, Any]], page: Page) -> None:
    """The file has exactly the labels that were made, each with its own stretch of the text."""
    spans = [span for line in lines for span in line["spans"]]
    _check(
        {span["id"] for span in spans} == page.spans.keys(),
        f"the exported file has {len(spans)} labels instead of the {len(page.spans)} that were made.",
    )
    for span in spans:
        quoted = page.text[span["start"] : span["end"]]
        _check(span["text"] == quoted, f"a label's text is {span['text']!r} instead of {quoted!r}.")
        _check(span["state"] == State.ACCEPTED, f"a label was written as {span['state']}.")
    relations = [(each["id"], each["head"], each["tail"]) for line in lines for each in line["relations"]]
    made = [(each.id, each.head, each.tail) for each in page.relations.values()]
    _check(relations == made, "the exported file has not the relation that was drawn.")


def _check_keys(lines: list[dict[str, Any]]) -> None:
    """Every object of the file has the keys of the schema that comes with the program, in its order."""
    schema = json.loads(resource("schema", "annotator-1.schema.json").read_text(encoding="utf-8"))
    parts = [(schema, line) for line in lines]
    for name, key in (("span", "spans"), ("relation", "relations"), ("actor", "actors")):
        parts += [(schema["$defs"][name], each) for line in lines for each in line[key]]
    for wanted, found in parts:
        may_lack = ("properties", "note") if wanted is schema["$defs"]["actor"] else ()
        keys = [key for key in wanted["properties"] if key in found or key not in may_lack]
        _check(list(found) == keys, f"the exported keys {list(found)} are wrong.")
