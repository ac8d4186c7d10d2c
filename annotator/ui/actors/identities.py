"""Who a span means: linking it with an actor record, from the page, the inspector and the Actors window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QTimer

from annotator.core.actor_types import guessed_type
from annotator.core.errors import AnnotatorError, RuleError
from annotator.core.history import Edit
from annotator.core.model import ActorRecord, Kind, Span, new_id
from annotator.core.names import without_article
from annotator.core.ports import Mention
from annotator.core.text import excerpt, slice_of
from annotator.ui.actors.choices import Line
from annotator.ui.actors.picker import ActorPicker, Choice, Offer, Reach
from annotator.ui.notices import sentence
from annotator.ui.panels.actor_row import NOBODY, Identity
from annotator.ui.together import waiting

if TYPE_CHECKING:
    from annotator.session.actors import Actors, Alike
    from annotator.session.editor import Changed
    from annotator.ui.actors.window import ActorsWindow
    from annotator.ui.main_window import MainWindow

LIKE, LISTED = 6, 12
"""While nothing is typed: records that are named like the words, and lines altogether."""
LINKED, PROPOSED = " •", "?"
IDLE = 400
"""Milliseconds without an edit after which the search of names is made ready."""
_DONE = object()
TAG = 16
"""Pixels above a span that its label takes, at the usual zoom."""
SELECT_FIRST = "Select an actor first; the key then asks who it is."


class Identities(QObject):
    """Slots of the actions that concern actor records."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bench = window.bench
        self.picker: ActorPicker | None = None
        """The panel, while it is open."""
        self.dialog: ActorsWindow | None = None
        """The Actors window, while it is open."""
        row = window.inspector.span_view.actor_row
        row.identity_of = self.identity_of
        row.link_asked.connect(self.ask)
        row.accept_asked.connect(self.accept_proposal)
        row.refuse_asked.connect(self.refuse_proposal)
        row.open_asked.connect(self.show_record)
        window.canvas.scene.sign_of = self.sign_of
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(window.canvas.refresh_signs)
        self._bench.edited.connect(self._on_edited)
        self._steps: Iterator[None] | None = None
        """What is left of making ready the search of names."""
        self._idle = QTimer(self, singleShot=True, interval=IDLE)
        self._idle.timeout.connect(self._make_ready)
        for signal in (self._bench.project_changed, self._bench.codebook_changed, self._bench.edited):
            signal.connect(self._later)

    @property
    def actors(self) -> Actors | None:
        """The actor records of the open project."""
        return self._bench.editor.actors if self._bench.editor is not None else None

    # -- making ready ---------------------------------------------------------------------------

    def _later(self) -> None:
        self._steps = None
        self._idle.start(IDLE)

    def _make_ready(self) -> None:
        """Make the search of names ready while nobody waits, so that its first key is quick, too."""
        actors = self.actors
        if actors is None:
            return
        try:
            if self._steps is None:
                self._steps = actors.registry.index.prepare()
            elif next(self._steps, _DONE) is _DONE:
                return
        except AnnotatorError:
            return  # the file cannot be read now, which whoever needs it is told
        self._idle.start(0)

    # -- what a span means ----------------------------------------------------------------------

    def identity_of(self, span: Span) -> Identity | None:
        """Whom a span means or may mean; None for a span that is no actor."""
        actors = self.actors
        if actors is None or span.kind is not Kind.ACTOR:
            return None
        if span.actor is not None and span.actor in actors.registry.records:
            return Identity(actors.registry.whole(span.actor))
        match = actors.proposed(span.id)
        if match is None:
            return NOBODY
        return Identity(None, match.record, match.alias, match.exact)

    def sign_of(self, span: Span) -> str:
        """What the page shows after an actor's label: • linked with a record, ? one of that name is there."""
        actors = self.actors
        if actors is None or span.kind is not Kind.ACTOR:
            return ""
        if span.actor is not None and not span.is_suggestion:
            return LINKED
        return PROPOSED if actors.is_named(span) else ""

    def _chosen(self) -> Span | None:
        """The selected actor; the person is told where there is none."""
        page, chosen = self._bench.page, self._window.canvas.state.span
        span = page.span(chosen) if page is not None and chosen in self._window.canvas.scene.marks else None
        if span is None or span.kind is not Kind.ACTOR:
            self._bench.told.emit("info", SELECT_FIRST)
            return None
        return span

    # -- the panel ------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask, beside the selected actor, which actor record it means."""
        span, page, actors = self._chosen(), self._bench.page, self.actors
        if span is None or page is None or actors is None or not self._bench.may_write():
            return
        words = excerpt(slice_of(page.text, span.fragments), 60)
        known = span.actor is not None and span.actor in actors.registry.records
        models = self._bench.codebook.model_labels() if self._bench.codebook else {}
        many = actors.alike(span.id, new=ActorRecord(id="", name="?"), suggestions=True)
        offer = Offer(
            title=f"Who is “{excerpt(words, 34)}”?",
            find=lambda typed: self._lines(span, typed),
            new=without_article(
                " ".join(slice_of(page.text, span.fragments).split()), page.text[: span.start][-20:]
            ),
            type=guessed_type(page, span, [(model, each.name) for model, each in models.items()]),
            linked=actors.registry.resolve(span.actor).name if known and span.actor else "",
            alike=many.count if many is not None else 1,
            new_first=actors.proposed(span.id) is None and is_name(words),
        )
        picker = ActorPicker(offer, self._window.theme, self._window)
        picker.chosen.connect(lambda choice: self._on_chosen(span.id, choice))
        picker.unlink_asked.connect(lambda: self._on_unlink(span.id))
        picker.destroyed.connect(lambda: self._forget(picker))
        self.picker = picker
        picker.open(self._place_of(span))

    def _forget(self, picker: ActorPicker) -> None:
        if self.picker is picker:
            self.picker = None

    def _place_of(self, span: Span) -> QRect:
        """Where a span's words begin, in the window."""
        canvas = self._window.canvas
        canvas.show_fragments(span.fragments)
        rects = canvas.scene.rects(span.fragments)
        here = canvas.from_page(rects[0]) if rects else QRect(0, 0, 1, 1)
        here = here.adjusted(0, -round(TAG * canvas.zoom), 0, 0)
        return QRect(canvas.viewport().mapTo(self._window, here.topLeft()), here.size())

    def _lines(self, span: Span, typed: str) -> list[Line]:
        actors, page = self.actors, self._bench.page
        if actors is None or page is None:
            return []
        recent = actors.recent()
        if typed:
            return [line_of(each.record, each.alias) for each in actors.registry.search(typed, recent)]
        lines: dict[str, Line] = {}
        match = actors.proposed(span.id)
        if match is not None:
            lines[match.record.id] = line_of(match.record, match.alias, proposed=True)
        words = slice_of(page.text, span.fragments)
        for each in actors.registry.search(words, recent, LIKE):
            lines.setdefault(each.record.id, line_of(each.record, each.alias))
        for each in actors.registry.search("", recent, len(recent)):
            lines.setdefault(each.record.id, line_of(each.record, each.alias))
        return list(lines.values())[:LISTED]

    # -- carrying out ---------------------------------------------------------------------------

    def _on_chosen(self, span: str, choice: Choice) -> None:
        actors, picker = self.actors, self.picker
        if actors is None or picker is None:
            return
        record = None
        if choice.actor is None:
            record = ActorRecord(id=new_id(), name=choice.name, type=choice.type)
        if choice.reach is Reach.PROJECT:
            self._ask_everywhere(span, choice, record, picker)
            return
        picker.leave()
        if choice.reach is Reach.ARTICLE:
            many = self._alike(span, choice, record)
            edit = self.carry_out(many.run) if many is not None else None
        elif record is not None:
            edit = self.carry_out(lambda: actors.create(record, (span,)))
        else:
            edit = self.carry_out(lambda: actors.link((span,), choice.actor))
        self._after(span, edit, tell=choice.reach is Reach.ARTICLE)

    def _ask_everywhere(
        self, span: str, choice: Choice, record: ActorRecord | None, picker: ActorPicker
    ) -> None:
        """Count the same words in the whole project first; the same once more links them."""
        with waiting():
            many = self._alike(span, choice, record, picker)
        if many is None:
            return
        asked = (choice.actor, choice.name, choice.type, many.count)
        if picker.asked != asked:
            picker.asked = asked
            picker.say(f"{many.title}? Ctrl+Shift+Enter once more does it, and one Undo takes it back.")
            return
        picker.leave()
        with waiting():
            edit = self.carry_out(many.run)
        self._after(span, edit, tell=True)

    def _alike(
        self, span: str, choice: Choice, record: ActorRecord | None, picker: ActorPicker | None = None
    ) -> Alike | None:
        """The mentions that a choice is for; with a panel, which tells why there are none, everywhere."""
        assert self.actors is not None
        try:
            many = self.actors.alike(
                span, everywhere=picker is not None, actor=choice.actor, new=record, suggestions=True
            )
        except AnnotatorError as error:
            if picker is not None:
                picker.say(sentence(error.problem))
            else:
                self._bench.told.emit("info", sentence(error.problem))
            return None
        if many is None and picker is not None:
            picker.say("Nothing else has these words.")
        return many

    def _after(self, span: str, edit: Edit | None, *, tell: bool = False) -> None:
        """Keep the label selected, which may be another one now; tell what went beyond it."""
        page = self._bench.page
        here = page.stand_in(span) if page is not None else None
        if here is not None:
            self._window.canvas.select_span(here)
        if edit is not None and tell:
            self._window.notices.tell(
                f"{edit.title}.", kind="done", action=("Undo", lambda: self._window.together.undo(edit))
            )

    def _on_unlink(self, span: str) -> None:
        actors = self.actors
        if self.picker is not None:
            self.picker.leave()
        if actors is not None:
            self._after(span, self.carry_out(lambda: actors.link((span,), None)))

    def unlink(self) -> None:
        """Take the link of the selected actor away."""
        span, actors = self._chosen(), self.actors
        if span is not None and actors is not None:
            if span.actor is None:
                self._bench.told.emit("info", "This actor is not linked with a record.")
            else:
                self.carry_out(lambda: actors.link((span.id,), None))

    def accept_proposal(self) -> None:
        """Link the selected actor with the record that is proposed for it."""
        span, actors = self._chosen(), self.actors
        if span is None or actors is None:
            return
        if actors.proposed(span.id) is None:
            self._bench.told.emit("info", "No actor record is proposed here.")
        else:
            self._after(span.id, self.carry_out(lambda: actors.accept(span.id)))

    def refuse_proposal(self) -> None:
        """Never propose this record for these words again."""
        span, actors = self._chosen(), self.actors
        match = actors.proposed(span.id) if span is not None and actors is not None else None
        if span is not None and actors is not None and match is not None:
            self.carry_out(lambda: actors.refuse(span.id, match.record.id))
            self._window.beside.show_selection()

    def carry_out(self, edit: Callable[[], Edit | None]) -> Edit | None:
        """Change actor records or links; None, with the reason told, where that is not possible."""
        if not self._bench.may_write():
            return None
        try:
            return edit()
        except RuleError as error:
            self._bench.told.emit("info", sentence(error.problem))
        except AnnotatorError as error:
            self._bench.failed.emit([error.problem])
            self._bench.catch_up()
        return None

    def _on_edited(self, changed: Changed) -> None:
        if len(changed.edit.articles) < len(changed.edit.changes):  # of actor records too
            self._window.beside.changed(None)
        self._soon.start()

    # -- the window -----------------------------------------------------------------------------

    def show_window(self) -> ActorsWindow | None:
        """Open the Actors window, or bring it to the front."""
        from annotator.ui.actors.window import ActorsWindow

        if self.actors is None:
            return None
        if self.dialog is None:
            self.dialog = ActorsWindow(self._bench, self._window.theme, self._window)
            self.dialog.finished.connect(self._forget_window)
            self.dialog.mention_chosen.connect(self._go_to_mention)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    def _forget_window(self) -> None:
        self.dialog = None

    def flush(self) -> None:
        """Give what was typed in the Actors window and not given yet."""
        if self.dialog is not None:
            self.dialog.page.form.flush()

    def show_record(self, actor: str) -> None:
        """Open a record in the Actors window."""
        dialog = self.show_window()
        if dialog is not None:
            dialog.go_to(actor)

    def _go_to_mention(self, mention: Mention) -> None:
        """Select a mention on its page; of another annotator's only the words are there to be selected."""
        self._window.inspector.flush()
        self._bench.open_article(mention.article)
        page, canvas = self._bench.page, self._window.canvas
        if page is None or page.article.id != mention.article:
            return
        if mention.span in canvas.scene.marks:
            canvas.select_span(mention.span)
        else:
            canvas.select_ranges([(mention.start, mention.end)], show=True)
        self._window.activateWindow()
        self._window.canvas.setFocus()
        self._uncover(mention)

    def _uncover(self, mention: Mention) -> None:
        """Hide the Actors window where it lies over the mention; it comes back as it was."""
        canvas, dialog = self._window.canvas, self.dialog
        words = [canvas.from_page(each) for each in canvas.scene.rects(((mention.start, mention.end),))]
        if dialog is None or not words:
            return
        place = QRect(canvas.viewport().mapToGlobal(words[0].topLeft()), words[0].size())
        if dialog.frameGeometry().intersects(place):
            dialog.hide()
            self._window.notices.tell(
                "The actor records are hidden, to show the place.", action=("Show them", self.show_window)
            )


def line_of(record: ActorRecord, alias: str, *, proposed: bool = False) -> Line:
    """The line of a record that was found by one of its names."""
    return Line(record, alias if alias != record.name else "", proposed)


def is_name(words: str) -> bool:
    """Whether words look like a name rather than a role or a pronoun: the last one has a capital letter."""
    parts = words.split()
    return bool(parts) and parts[-1][:1].isupper() and (len(parts) > 1 or len(parts[0]) > 3)
