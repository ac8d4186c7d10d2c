"""Moving over the words and labelling them by keys: each method is one action of the window."""

from __future__ import annotations

from annotator.core import whole
from annotator.core.codebook import Label
from annotator.core.commands import (
    DeleteRelation,
    DeleteSpan,
    MakeSpan,
    MoveEdges,
    RejectRelation,
    Relabel,
    ToggleFurniture,
)
from annotator.core.model import Fragment
from annotator.ui.canvas.hit import spans_at
from annotator.ui.canvas.review import Review
from annotator.ui.canvas.tools.edges import stepped_edge
from annotator.ui.canvas.tools.hinting import HintSelect, HintWord
from annotator.ui.canvas.tools.select import give_fragments, label_selection
from annotator.ui.canvas.view import ArticleView


class Hands:
    """The keyboard's ways on the canvas. Nothing here happens without a page."""

    def __init__(self, view: ArticleView, review: Review) -> None:
        self.view = view
        self.review = review
        self._anchor: int | None = None
        """Token at which a selection by keys began."""
        self._held: list[Fragment] = []
        """Fragments of the selection that stay while the next one is chosen."""
        self._grows: str | None = None
        """The span that the chosen fragments are for."""

    # -- moving over the words ----------------------------------------------------------------

    def move(self, by: int, extend: bool = False) -> None:
        """Select the token to the left (-1) or right (1), or stretch the selection by it."""
        view, page = self.view, self.view.page
        if page is None or not len(view.tokens):
            return
        by = -by if self._runs_left() else by
        tokens, text = view.tokens, page.text
        here = self._current_tokens()
        if here is None:
            first = tokens.at(self.view.first_visible())
            if text[tokens.starts[first] : tokens.ends[first]].isspace():
                first = tokens.step(first, 1, text)
            self._anchor = first
            self._take(first, first)
            return
        low, high = here
        if not extend:
            to = tokens.step(high if by > 0 else low, by, text)
            self._anchor = to
            self._take(to, to)
            return
        if self._anchor is None or not low <= self._anchor <= high:
            self._anchor = low if by > 0 else high
        head = high if self._anchor == low else low
        head = tokens.step(head, by, text)
        self._take(min(self._anchor, head), max(self._anchor, head))

    def move_sentence(self, by: int, extend: bool = False) -> None:
        """Select the sentence to the left (-1) or right (1), or stretch the selection over it."""
        view, page = self.view, self.view.page
        if page is None or not page.text.strip():
            return
        by = -by if self._runs_left() else by
        ranges = view.state.ranges
        tokens, text = view.tokens, page.text
        here = self._current_range()
        if here is None:
            start, end = tokens.sentence_at(self.view.first_visible(), text)
        elif by > 0:
            after = here[1]
            while after < len(text) and text[after].isspace():
                after += 1
            start, end = tokens.sentence_at(min(after, len(text) - 1), text)
            whole = tokens.sentence_at(here[0], text)
            if not ranges or (whole != here and not extend):
                start, end = whole
        else:
            before = here[0] - 1
            while before > 0 and text[before].isspace():
                before -= 1
            start, end = tokens.sentence_at(max(0, before), text)
        if start >= end:
            return
        if extend and here is not None:
            start, end = min(start, here[0]), max(end, here[1])
        self._select((start, end))

    def _runs_left(self) -> bool:
        """Whether the paragraph of the selection, or the first in sight, runs from right to left."""
        here = self._current_range()
        return self.view.scene.runs_left_at(here[0] if here else self.view.first_visible())

    def _take(self, first: int, last: int) -> None:
        tokens = self.view.tokens
        self._select((tokens.starts[first], tokens.ends[last]))

    def _select(self, chosen: Fragment) -> None:
        if not self._holding():
            self._held, self._grows = [], None  # something else was selected in the meantime
        self.view.select_ranges([*self._held, chosen], show=True)

    def _holding(self) -> bool:
        """Whether the selection still begins with the fragments that were kept."""
        return bool(self._held) and self.view.state.ranges[: len(self._held)] == self._held

    def hold_fragment(self) -> None:
        """Keep what is selected, words or a span, as a fragment; moving then chooses one more."""
        view = self.view
        mark = view.scene.marks.get(view.state.span or "")
        if mark is not None:
            self._grows = mark.id
            view.select_ranges(list(mark.fragments))
        elif not view.state.ranges:
            view.told.emit("Select words first; + keeps them and lets you choose more.")
            return
        elif not self._holding():
            self._grows = None
        self._held = list(view.state.ranges)
        view.told.emit(
            "Go to the next words with the arrow keys, then press a label's key"
            + (", or Enter to add them to the label." if self._grows else ".")
        )

    def take_fragments(self) -> bool:
        """Give the chosen fragments to the span that they were chosen for; False where there are none."""
        view = self.view
        grows, self._grows = self._grows, None
        if (
            grows not in view.scene.marks
            or view.state.ranges[: len(self._held)] != self._held
            or not self._held
        ):
            return False
        self._held = []
        give_fragments(view, grows)
        return True

    def outward(self) -> None:
        """Select the innermost label around the selection; again: the next one outward, then the first."""
        view = self.view
        here = self._current_range()
        if view.page is None or here is None:
            view.told.emit("Select a word first, then O selects the label around it.")
            return
        stack = spans_at(view.scene, here[0])
        if not stack:
            view.told.emit("No label is here.")
            return
        nth = stack.index(view.state.span) + 1 if view.state.span in stack else 0
        view.select_span(stack[nth % len(stack)])

    def step_label(self, by: int) -> None:
        """Select the next (1) or previous (-1) label in text order, around the end if need be."""
        view = self.view
        marks = sorted(
            view.scene.marks.values(), key=lambda mark: (mark.start, -mark.end, mark.kind, mark.id)
        )
        if not marks:
            view.told.emit("Nothing is labelled yet.")
            return
        chosen = view.scene.marks.get(view.state.span or "")
        if chosen is not None:
            nth = marks.index(chosen) + by
        else:
            here = self._current_range()
            at = here[0] if here else self.view.first_visible()
            after = next((nth for nth, mark in enumerate(marks) if mark.start >= at), len(marks))
            nth = after if by > 0 else after - 1
        view.select_span(marks[nth % len(marks)].id)

    def word_by_hint(self, extend: bool = False) -> None:
        """Show letters on every word in sight; typing them selects it, or stretches the selection to it."""
        view = self.view
        if view.page is None or not len(view.tokens):
            return
        view.tool.cancel()
        view.use_tool(HintWord(view, extend=extend))
        view.setFocus()

    def select_by_hint(self) -> None:
        """Show a letter on every label in sight; typing it selects that label."""
        view = self.view
        if not view.scene.marks:
            view.told.emit("Nothing is labelled yet.")
            return
        view.tool.cancel()
        view.use_tool(HintSelect(view))
        view.setFocus()

    def _current_range(self) -> Fragment | None:
        view = self.view
        if view.state.ranges:
            return view.state.ranges[-1]
        mark = view.scene.marks.get(view.state.span or "")
        return (mark.start, mark.end) if mark else None

    def _current_tokens(self) -> tuple[int, int] | None:
        here = self._current_range()
        if here is None:
            return None
        tokens = self.view.tokens
        return tokens.at(here[0]), tokens.at(max(here[0], here[1] - 1))

    # -- labelling ----------------------------------------------------------------------------

    def label(self, label: Label, *, on_top: bool = False) -> None:
        """Label the selection, relabel the span, or arm the label where nothing is selected.

        ``on_top`` makes another span over the selected one instead of relabelling it.
        """
        view = self.view
        state, page = view.state, view.page
        if page is None:
            return
        if state.ranges:
            label_selection(view, label.kind, label.name)
        elif state.span and on_top:
            fragments = view.scene.marks[state.span].fragments
            changes = view.run(MakeSpan(label.kind, label.name, fragments))
            self._select_made(changes and changes.added_spans())
        elif state.span:
            self._relabel(state.span, label)
        else:
            view.arm(None if view.armed == label else label)

    def _relabel(self, span_id: str, label: Label) -> None:
        view, page = self.view, self.view.page
        assert page is not None
        suggested = span_id in page.suggestions and span_id not in page.spans
        changes = view.run(Relabel(span_id, label.kind, label.name))
        if changes is None or not suggested:
            return
        if self.review.going_on:
            self.review.step(1)
        else:
            self._select_made(changes.added_spans())

    def _select_made(self, spans: object) -> None:
        if isinstance(spans, list) and spans:
            self.view.select_span(spans[0].id)

    def move_edge(self, by: int, left: bool, exact: bool = False) -> None:
        """Move an outer edge of the selected span or text by a token; ``exact``: by a character."""
        view, page = self.view, self.view.page
        if page is None:
            return
        if self._runs_left():
            by, left = -by, not left
        if view.state.ranges:
            moved = stepped_edge(page, view.tokens, tuple(view.state.ranges), by, left=left, exact=exact)
            view.select_ranges(list(moved), show=True)
        elif view.state.span:
            span_id = view.state.span
            old = view.scene.marks[span_id].fragments
            moved = stepped_edge(page, view.tokens, old, by, left=left, exact=exact)
            if moved != old:
                changes = view.run(MoveEdges(span_id, moved))
                if changes and span_id not in view.scene.marks:
                    self._select_made(changes.added_spans())
        else:
            view.told.emit("Select a span first, then move its edges.")

    def delete(self) -> None:
        """Delete the selected span or relation; a suggestion is rejected."""
        view, page = self.view, self.view.page
        if page is None:
            return
        state = view.state
        if state.relation:
            own = state.relation in page.relations
            view.run(DeleteRelation(state.relation) if own else RejectRelation(state.relation))
        elif state.span:
            own = state.span in page.spans
            view.run(DeleteSpan(state.span) if own else whole.rejecting(page, state.span))

    def toggle_furniture(self) -> None:
        """Take the paragraph of the selection, or the one under the last click, in or out."""
        here = self._current_range()
        if here is None:
            self.view.told.emit("Select a word of the paragraph first.")
        else:
            self.toggle_furniture_at(here[0])

    def toggle_furniture_at(self, offset: int) -> None:
        """Take the paragraph around a code point in or out."""
        self.view.run(ToggleFurniture(offset))

    def escape(self) -> bool:
        """Give up, step by step: what is under way, the selection, the armed label, the pin.

        False where there was nothing to give up.
        """
        view = self.view
        self.review.going_on = False
        if view.strip.isVisible():
            view.strip.hide()
        state = view.state
        if state.drawing or state.targets or state.words:
            view.tool.cancel()
        elif view.state.ranges or view.state.span or view.state.relation:
            view.tool.cancel()  # words may still be being dragged over
            view.clear_selection()
        elif view.armed is not None:
            view.arm(None)
        elif view.state.pinned is not None:
            view.pin(None)
        else:
            return False
        return True
