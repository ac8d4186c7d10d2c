"""What the Actors window does to records: making, merging, splitting, deleting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtWidgets import QMenu, QWidget

from annotator.core.errors import AnnotatorError
from annotator.core.history import Edit
from annotator.core.model import ActorRecord, new_id
from annotator.core.names import without_article
from annotator.core.ports import Mention
from annotator.core.text import counted, excerpt
from annotator.ui.actors.choices import Line
from annotator.ui.actors.picker import ActorPicker, Choice, Offer
from annotator.ui.notices import sentence
from annotator.ui.together import waiting

if TYPE_CHECKING:
    from annotator.ui.actors.window import ActorsWindow


class RecordEdits(QObject):
    """Each method is what a button of the window does; each is one edit, which one undo takes back."""

    def __init__(self, window: ActorsWindow) -> None:
        super().__init__(window)
        self._window = window
        self.sure: tuple[str, ...] = ()
        """What the person has been told would happen, and may ask for once more."""

    def _do(self, edit: Callable[[], Edit | None]) -> Edit | None:
        """Carry an edit out and say so, or why it cannot be done."""
        self.sure = ()
        if not self._window.writable:
            self._window.say(self._window.bench.keeper.read_only)
            return None
        try:
            with waiting():
                done = edit()
        except AnnotatorError as error:
            self._window.say(sentence(error.problem))
            self._window.follow_soon()
            return None
        if done is not None:
            self._window.say(f"{done.title}.")
        return done

    def give(self, record: ActorRecord) -> None:
        """Save the record as the form has it."""
        actors = self._window.actors
        if actors is not None:
            self._do(lambda: actors.edit(record))

    def make(self) -> None:
        """Make a record, and put the cursor into its name."""
        actors = self._window.actors
        if actors is None:
            return
        name = self._window.search.text().strip() or "New actor"
        record = ActorRecord(id=new_id(), name=name, type="person")
        if self._do(lambda: actors.create(record)) is not None:
            self._window.go_to(record.id)
            self._window.page.form.name.setFocus()
            self._window.page.form.name.selectAll()

    def merge(self) -> None:
        """Ask which record is one with the shown one, telling which of the two would stay."""
        actors, shown = self._window.actors, self._window.shown
        if actors is None or not shown:
            return
        self._window.page.form.flush()

        def find(typed: str) -> list[Line]:
            words = typed or actors.registry.records[shown].name
            found = actors.registry.search(words, limit=20)
            return [
                Line(each.record, each.alias if each.alias != each.record.name else "")
                for each in found
                if each.record.id != shown
            ]

        this = actors.registry.records[shown]

        def tell(other: ActorRecord, turned: bool) -> str:
            goes, stays = (this, other) if turned else (other, this)
            count = self._window.counts.get(goes.id, 0)
            counts = "count" if count != 1 else "counts"
            mentions = f"its {counted(count, 'mention')} {counts} there" if count else "it has no mention"
            return f"{excerpt(goes.name, 60)} → {excerpt(stays.name, 60)}: {mentions}, its names are kept."

        offer = Offer(f"Which record is also “{excerpt(this.name, 60)}”?", find, tell=tell)
        picker = self._pick(offer, self._window.page.merge)
        picker.chosen.connect(lambda choice: self._on_merge_chosen(picker, choice))

    def _pick(self, offer: Offer, beside: QWidget) -> ActorPicker:
        picker = ActorPicker(offer, self._window.theme, self._window)
        place = QRect(beside.mapTo(self._window, QPoint(0, 0)), beside.size())
        picker.open(place)
        return picker

    def _on_merge_chosen(self, picker: ActorPicker, choice: Choice) -> None:
        picker.leave()
        if choice.actor is not None:
            goes, stays = choice.actor, self._window.shown
            self.merge_into(*((stays, goes) if choice.turned else (goes, stays)))

    def merge_into(self, actor: str, into: str) -> None:
        """Take a record into another one."""
        actors = self._window.actors
        if actors is not None:
            self._do(lambda: actors.merge([actor], into))

    def unmerge(self) -> None:
        """Take a merge back: the only one, or the one that is chosen from a menu."""
        actors = self._window.actors
        if actors is None:
            return
        merged = [actors.registry.records[each] for each in actors.registry.members(self._window.shown)[1:]]
        if len(merged) == 1:
            self._do(lambda: actors.unmerge(merged[0].id))
            return
        menu = QMenu(self._window)
        for each in merged:
            action = menu.addAction(each.name)
            action.triggered.connect(lambda _=False, one=each: self._do(lambda: actors.unmerge(one.id)))
        menu.popup(self._window.page.unmerge.mapToGlobal(QPoint(0, self._window.page.unmerge.height())))

    def split(self, mentions: list[Mention]) -> None:
        """Ask for the name of the new record that some mentions get."""
        actors = self._window.actors
        if actors is None or not mentions:
            return
        self._window.page.form.flush()
        shown, spans = self._window.shown, [each.span for each in mentions]
        kind = actors.registry.records[shown].type
        title = f"Name of the new record for {counted(len(mentions), 'mention')}"
        offer = Offer(
            title, lambda _: (), new=without_article(mentions[0].words, mentions[0].before), type=kind
        )
        picker = self._pick(offer, self._window.page.split)

        def chosen(choice: Choice) -> None:
            picker.leave()
            record = ActorRecord(id=new_id(), name=choice.name, type=choice.type)
            self._do(lambda: actors.split(shown, spans, record))

        picker.chosen.connect(chosen)

    def delete(self) -> None:
        """Delete the record; where labels mean it, only after that was told."""
        actors, shown = self._window.actors, self._window.shown
        if actors is None or not shown:
            return
        count = self._window.counts.get(shown, 0)
        if count and self.sure != ("delete", shown):
            self.sure = ("delete", shown)
            means = "1 label means" if count == 1 else f"{count:,} labels mean"
            self._window.say(
                f"{means} this record. Delete once more unlinks your own and deletes the record."
            )
            return
        row = self._window.view.currentIndex().row()
        if self._do(lambda: actors.delete(shown, unlink=bool(count))) is not None:
            self._window.shown = ""
            self._window.follow()
            if self._window.model.lines:
                self._window.view.selectRow(min(max(row, 0), len(self._window.model.lines) - 1))

    def apart(self, first: str, second: str) -> None:
        """Say that two records are not the same."""
        actors = self._window.actors
        if actors is not None:
            self._do(lambda: actors.keep_apart(first, second))
            self._window.follow_soon()
