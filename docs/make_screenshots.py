"""Makes the pictures in ``docs/screenshots``: ``uv run python docs/make_screenshots.py``.

Drives the real window on the sample project, without a display, in a home folder of its own.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory(prefix="annotator-pictures-", ignore_cleanup_errors=True)
os.environ["ANNOTATOR_HOME"] = _home.name

from PySide6.QtWidgets import QApplication, QWidget

from annotator.core import whole
from annotator.core.commands import DrawRelation, MakeSpan, SetAttribute
from annotator.core.model import ActorRecord, Alias, Kind, Property, Target
from annotator.runtime.settings import ANNOTATOR, THEME, Settings
from annotator.ui.app import make_window
from annotator.ui.codebook.window import CodebookWindow
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.main_window import MainWindow

DOCCANO = (
    "The minister said in Doha that the talks will go on. Iran rejected the demand of Acme Corp.",
    "Rob Malley warned the European Union that the sale of Shahed drones must stop.",
    "The opposition leader called the plan of the Treasury baseless.",
)
FOREIGN = {
    "PER": ("Rob Malley",),
    "ORG": ("Acme Corp", "European Union", "Treasury"),
    "LOC": ("Doha", "Iran"),
    "ACTOR": ("The minister", "Rob Malley", "The opposition leader"),
    "Statement": (
        "that the talks will go on",
        "that the sale of Shahed drones must stop",
        "the plan of the Treasury baseless",
    ),
    "Weapon": ("Shahed drones",),
}
"""Labels of another tool, and the words that have them."""

FOLDER = Path(__file__).parent / "screenshots"

CLAIMS = (
    ("that the United States has formally requested", "oppose"),
    ("The request was made", "unset"),
    ("tangible actions from Iran", "support"),
    ("on immediate sanctions relief", "support"),
    ("the US's deep concern", "oppose"),
    ("Iran's readiness to collaborate", "support"),
)
ACTORS = (
    ("Rob Malley", "Malley underscored", "Malley"),
    ("Iran", "Iran insists", "Iran"),
    ("United States", "The US seeks", "The US"),
    ("United States", "The US could", "The US"),
    ("Rob Malley", "Rob Malley", "Rob Malley"),
    ("Rob Malley", "the US Special Envoy", "the US Special Envoy for Iran"),
    ("Ali Bagheri Kani", "Ali Bagheri Kani", "Ali Bagheri Kani"),
    ("Iran", "Iran might view", "Iran"),
    ("Financial Times", "the Financial Times", "the Financial Times"),
)
"""Whom a mention means: the name of the record, what the text goes on with, the mention."""
RECORDS = (
    ActorRecord(
        id="malley",
        name="Rob Malley",
        type="person",
        aliases=(Alias("Robert Malley", "en"),),
        properties=(
            Property(name="country", value="United States"),
            Property(name="role", value="Special Envoy for Iran", since="2021-01-28"),
        ),
    ),
    ActorRecord(id="iran", name="Iran", type="state", aliases=(Alias("Islamic Republic of Iran", "en"),)),
    ActorRecord(id="us", name="United States", type="state", aliases=(Alias("US", "en"), Alias("The US"))),
    ActorRecord(id="kani", name="Ali Bagheri Kani", type="person", aliases=(Alias("Bagheri Kani"),)),
    ActorRecord(id="ft", name="Financial Times", type="organization", aliases=(Alias("FT", "en"),)),
    ActorRecord(id="obama", name="Barack Obama", type="person", aliases=(Alias("Obama"),)),
    ActorRecord(id="ukraine", name="Ukraine", type="state"),
    ActorRecord(id="russia", name="Russia", type="state", aliases=(Alias("Moscow"),)),
)


def main() -> int:
    """Write every picture; 1 if something did not come about."""
    settings = Settings()
    settings.set(ANNOTATOR, "ana")
    settings.set(THEME, "light")
    window = make_window(settings)
    window.name_strip.hide()
    window.resize(1440, 900)
    window.show()
    window.files.open_sample()
    wait(lambda: window.bench.page is not None and bool(window.bench.page.suggestions), "suggestions")
    wait(lambda: window.bench.worker is not None and not window.bench.worker.busy, "the other articles")
    claim = label_the_sample(window)
    window.notices.hide()
    take(window, "window-light")
    window.canvas.select_span(claim)
    take(window, "claim-light")
    window.linking.relate()
    take(window, "relate-light")
    window.canvas.tool.cancel()
    window.slots.toggle_theme()
    take(window, "claim-dark")
    window.canvas.clear_selection()
    window.canvas.verticalScrollBar().setValue(0)
    take(window, "window-dark")
    window.slots.toggle_theme()
    take_codebook(window)
    take_actors(window)
    take_import(window)
    take_export(window)
    window.canvas.clear_selection()
    window.resize(700, 900)
    take(window, "narrow-light")
    window.resize(1440, 900)
    window.bench.open(Path(_home.name) / "new-study.annot", create=True)
    take(window, "empty-light")
    window.close()
    return 0


def label_the_sample(window: MainWindow) -> str:
    """Decide and label the sample as a person would have after a few minutes; the id of a claim to show."""
    page, run = window.bench.page, window.bench.run
    assert page is not None

    def accepted(words: str) -> str:
        """Accept the suggested claim that starts so, with its actor and cue; the id of the own claim."""
        claim = next(
            each
            for each in page.suggestions.values()
            if each.kind is Kind.CLAIM and page.text.startswith(words, each.start)
        )
        changes = run(whole.accepting(page, claim.id))
        assert changes is not None, words
        return next(each.id for each in changes.added_spans() if each.kind is Kind.CLAIM)

    page.show_less_certain(True)
    claims = {}
    for words, stance in CLAIMS:
        claims[words] = accepted(words)
        if stance != "unset":
            run(SetAttribute(Target.SPAN, claims[words], "stance", stance))
    request, _report, actions, relief, concern, _readiness = claims.values()
    page.show_less_certain(False)
    for span in page.open_suggestions()[:27]:
        if page.is_open(span):
            run(whole.accepting(page, span.id))
    run(DrawRelation("supports", concern, request))
    run(DrawRelation("attacks", relief, actions))
    run(SetAttribute(Target.SPAN, concern, "categories", ["security/arms"]))
    run(SetAttribute(Target.SPAN, concern, "form", "assessment"))
    window.canvas.clear_selection()
    window.canvas.verticalScrollBar().setValue(0)
    return concern


def take_codebook(window: MainWindow) -> None:
    """The window in which the codebook is made, at the label for claims."""
    window.actions_by_id["codebook"].trigger()
    made = window.findChild(CodebookWindow)
    assert made is not None
    claim = next(each for each, label in made.desk.draft.labels.items() if label.kind is Kind.CLAIM)
    made.labels.go_to(claim)
    take(made, "codebook-light")
    made.close()


def take_actors(window: MainWindow) -> None:
    """The window of the actor records, at one that is mentioned several times."""
    bench = window.bench
    assert bench.page is not None
    assert bench.editor is not None
    actors, text = bench.editor.actors, bench.page.text
    for record in RECORDS:
        actors.create(record)
    ids = {each.name: each.id for each in actors.registry.identities()}
    for name, words, mention in ACTORS:
        start = text.index(words, len(bench.page.article.title))
        there = (start, start + len(mention))
        own = next(
            (each.id for each in bench.page.spans.values() if (each.kind, each.start) == (Kind.ACTOR, start)),
            None,
        )
        if own is None:
            made = bench.run(MakeSpan(Kind.ACTOR, "Actor", (there,)))
            assert made is not None, mention
            own = made.added_spans()[0].id
        actors.link([own], ids[name])
    window.actions_by_id["actors"].trigger()
    dialog = window.identities.dialog
    assert dialog is not None
    dialog.resize(1120, 800)
    dialog.go_to(ids["Rob Malley"])
    dialog.page.mention_view.clearSelection()
    take(dialog, "actors-light")
    dialog.close()


def take_import(window: MainWindow) -> None:
    """What is asked before labels of another tool come in."""
    file = Path(_home.name) / "admin.jsonl"
    lines = []
    for number, text in enumerate(DOCCANO):
        words = [(name, each) for name, found in FOREIGN.items() for each in found if each in text]
        entities = [
            {
                "id": number * 100 + nth,
                "label": name,
                "start_offset": text.index(each),
                "end_offset": text.index(each) + len(each),
            }
            for nth, (name, each) in enumerate(words)
        ]
        by_label = {each["label"]: each["id"] for each in entities}
        relations = [
            {"id": number, "from_id": by_label["Statement"], "to_id": by_label["ACTOR"], "type": "said_by"}
        ]
        lines.append({"id": number, "text": text, "entities": entities, "relations": relations})
    file.write_text("".join(json.dumps(each) + "\n" for each in lines), "utf-8")
    window.files.import_paths([file])
    arrivals = window.files.arrivals
    wait(lambda: arrivals.dialog is not None and bool(arrivals.dialog.draft), "the look into a file")
    assert arrivals.dialog is not None
    arrivals.dialog.resize(900, 700)
    take(arrivals.dialog, "import-light")
    arrivals.dialog.reject()


def take_export(window: MainWindow) -> None:
    """What is asked before an export."""
    dialog = ExportDialog(["ana", "ben"], "ana", Path("study"), window)
    dialog.format.setCurrentIndex(max(0, dialog.format.findData("brat")))
    dialog.split.whether.setCurrentIndex(1)
    dialog.show()
    take(dialog, "export-light")
    dialog.close()


def wait(ready: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Let the window work until something has come about."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise SystemExit(f"{what} did not come within {seconds:.0f} s")
        QApplication.processEvents()
        time.sleep(0.01)


def take(window: QWidget, name: str) -> None:
    """Save a picture of a whole window."""
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        QApplication.processEvents()
    window.grab().save(str(FOLDER / f"{name}.png"))


if __name__ == "__main__":
    sys.exit(main())
