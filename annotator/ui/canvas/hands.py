"""What keys and menu items do on the page: each method is one action of the window."""

from __future__ import annotations

from collections.abc import Callable

from annotator.core.codebook import Label
from annotator.core.commands import (
    Accept,
    AcceptRelation,
    Command,
    DeleteRelation,
    DeleteSpan,
    FlipRelation,
    MakeSpan,
    MoveEdges,
    Reject,
    RejectRelation,
    Relabel,
    ToggleFurniture,
)
from annotator.core.model import Fragment, Kind
from annotator.ui.canvas.tools.edges import stepped_edge
from annotator.ui.canvas.tools.relate import HintRelation
from annotator.ui.canvas.tools.select import label_selection
from annotator.ui.canvas.view import ArticleView


class Hands:
    """The keyboard's ways on the canvas. Nothing here happens without a page."""

    def __init__(self, view: ArticleView) -> None:
        self.view = view
        self._anchor: int | None = None
        """Token at which a selection by keys began."""
        self._reviewing = False
        """Going from suggestion to suggestion, so that deciding on one leads to the next."""

    # -- moving over the words ----------------------------------------------------------------

    def move(self, by: int, extend: bool = False) -> None:
        """Select the previous (-1) or next (1) token, or stretch the selection by it."""
        view, page = self.view, self.view.page
        if page is None or not len(view.tokens):
            return
        tokens, text = view.tokens, page.text
        here = self._current_tokens()
        if here is None:
            first = tokens.at(self._first_visible())
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
        """Select the previous or next sentence, or stretch the selection over it."""
        view, page = self.view, self.view.page
        if page is None or not page.text.strip():
            return
        ranges = view.state.ranges
        tokens, text = view.tokens, page.text
        here = self._current_range()
        if here is None:
            start, end = tokens.sentence_at(self._first_visible(), text)
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
        view.select_ranges([(start, end)], show=True)

    def _take(self, first: int, last: int) -> None:
        tokens = self.view.tokens
        self.view.select_ranges([(tokens.starts[first], tokens.ends[last])], show=True)

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

    def _first_visible(self) -> int:
        return self.view.scene.offset_at(0.0, self.view.visible_range()[0] + 20)

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
        if self._reviewing:
            self.next_suggestion(1)
        else:
            self._select_made(changes.added_spans())

    def _select_made(self, spans: object) -> None:
        if isinstance(spans, list) and spans:
            self.view.select_span(spans[0].id)

    def move_edge(self, by: int, left: bool) -> None:
        """Move an outer edge of the selected span, or of the selected text, by a token."""
        view, page = self.view, self.view.page
        if page is None:
            return
        if view.state.ranges:
            moved = stepped_edge(page, view.tokens, tuple(view.state.ranges), by, left=left)
            view.select_ranges(list(moved), show=True)
        elif view.state.span:
            span_id = view.state.span
            old = view.scene.marks[span_id].fragments
            moved = stepped_edge(page, view.tokens, old, by, left=left)
            if moved != old:
                changes = view.run(MoveEdges(span_id, moved))
                if changes and span_id not in view.scene.marks:
                    self._select_made(changes.added_spans())
        else:
            view.told.emit("Select a span first, then [ ] and { } move its edges.")

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
            view.run(DeleteSpan(state.span) if own else Reject((state.span,)))

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

    # -- suggestions --------------------------------------------------------------------------

    def _waiting(self) -> list[tuple[int, Kind | None, str]]:
        """Open suggestions in text order; a suggested relation stands where its head starts."""
        view, page = self.view, self.view.page
        assert page is not None
        waiting: list[tuple[int, Kind | None, str]] = [
            (span.start, span.kind, span.id) for span in page.open_suggestions()
        ]
        if page.relation_suggestions:
            waiting += [
                (view.scene.marks[link.head].start, None, link.id)
                for link in view.scene.links.values()
                if link.suggested
            ]
            waiting.sort(key=lambda each: each[0])
        return waiting

    def next_suggestion(self, by: int, *, after: int | None = None) -> None:
        """Select the next (1) or previous (-1) open suggestion, around the end if need be."""
        view = self.view
        if view.page is None:
            return
        waiting = self._waiting()
        if not waiting:
            self._reviewing = False
            view.clear_selection()
            view.told.emit("Every suggestion in this article is decided.")
            return
        ids = [each[2] for each in waiting]
        chosen = view.state.span or view.state.relation
        if chosen in ids:
            nth = ids.index(chosen) + by
        else:
            here = self._current_range()
            at = after if after is not None else here[0] if here else -1
            if by > 0:
                nth = next((n for n, each in enumerate(waiting) if each[0] >= at), 0)
            else:
                before = [n for n, each in enumerate(waiting) if each[0] < at]
                nth = before[-1] if before else -1
        _, kind, wanted = waiting[nth % len(waiting)]
        if kind is None:
            view.select_relation(wanted)
        else:
            view.select_span(wanted)
        self._reviewing = True

    def accept(self) -> None:
        """Accept the selected suggestion and go on to the next; with nothing selected, go to one."""
        state = self.view.state
        if not self._decide(lambda span: Accept((span,)), AcceptRelation) and not (
            state.span or state.relation
        ):
            self.next_suggestion(1)

    def reject(self) -> None:
        """Reject the selected suggestion and go on to the next."""
        state = self.view.state
        if not self._decide(lambda span: Reject((span,)), RejectRelation) and (state.span or state.relation):
            self.view.told.emit("This is your own label; Delete removes it.")

    def _decide(self, on_span: Callable[[str], Command], on_relation: Callable[[str], Command]) -> bool:
        """Carry out a decision on the selected suggestion and go on; False where none is selected."""
        view, page, state = self.view, self.view.page, self.view.state
        if page is None:
            return False
        if state.span and state.span not in page.spans:
            at, command = view.scene.marks[state.span].start, on_span(state.span)
        elif state.relation and state.relation not in page.relations:
            head = view.scene.links[state.relation].head
            at, command = view.scene.marks[head].start, on_relation(state.relation)
        else:
            return False
        if view.run(command) is not None:
            self.next_suggestion(1, after=at)
        return True

    # -- relations ----------------------------------------------------------------------------

    def relate(self) -> None:
        """Show hint letters on everything that the selected span may be linked with."""
        view = self.view
        if view.page is None:
            return
        if not view.state.span:
            view.told.emit("Select a span first, then R links it with another.")
            return
        tool = HintRelation(view, view.state.span)
        if not tool.has_targets:
            tool.cancel()
            view.told.emit("Nothing in sight may be linked with this span.")
            return
        view.use_tool(tool)
        view.setFocus()

    def flip(self) -> None:
        """Swap head and tail of the selected relation."""
        if self.view.page is not None and self.view.state.relation:
            self.view.run(FlipRelation(self.view.state.relation))

    def escape(self) -> None:
        """Give up, step by step: what is under way, the selection, the armed label."""
        view = self.view
        self._reviewing = False
        if view.strip.isVisible():
            view.strip.hide()
        if view.state.drawing:
            view.tool.cancel()
        elif view.state.ranges or view.state.span or view.state.relation:
            view.clear_selection()
        elif view.armed is not None:
            view.arm(None)
