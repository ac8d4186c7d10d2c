"""Deciding on suggestions by keys, one after the other: each method is one action of the window."""

from __future__ import annotations

from collections.abc import Callable

from annotator.core import whole
from annotator.core.commands import AcceptRelation, Command, Propose, RejectRelation
from annotator.core.text import counted
from annotator.ui.canvas.view import ArticleView


class Review:
    """Going from suggestion to suggestion. Nothing here happens without a page."""

    def __init__(self, view: ArticleView) -> None:
        self.view = view
        self.going_on = False
        """Deciding on one suggestion leads to the next."""
        self.least_certain_first = False
        """The order is by confidence, lowest first, rather than by place."""

    def _waiting(self) -> list[tuple[int, str]]:
        """Places and ids of the open suggestions in the order of review.

        A suggested relation stands where its head starts, and so does what hangs on a suggested claim: the
        claim comes first, and accepting it accepts them. By confidence those without one come first.
        """
        view, page = self.view, self.view.page
        assert page is not None
        claims = whole.by_claim(page)
        waiting = [
            (claims.get(span.id, span).start, span.id, span.confidence) for span in page.open_suggestions()
        ]
        if page.relation_suggestions:
            waiting += [
                (view.scene.marks[link.head].start, link.id, page.relation_suggestions[link.id].confidence)
                for link in view.scene.links.values()
                if link.suggested
            ]
            waiting.sort(key=lambda each: (each[0], each[1] in claims))
        if self.least_certain_first:
            waiting.sort(key=lambda each: each[2] or 0.0)
        return [(start, label) for start, label, _ in waiting]

    def step(self, by: int, *, after: tuple[int, int] | None = None) -> None:
        """Select the next (1) or previous (-1) open suggestion, around the end if need be.

        ``after``: the place in the text and in the order that a suggestion had which is decided now.
        """
        view = self.view
        if view.page is None:
            return
        waiting = self._waiting()
        if not waiting:
            self.going_on = False
            view.clear_selection()
            view.told.emit(f"Every suggestion in this article is decided.{self._hidden()}")
            return
        ids = [each[1] for each in waiting]
        chosen = view.state.span or view.state.relation
        if chosen in ids:
            nth = ids.index(chosen) + by
        elif self.least_certain_first:
            nth = after[1] if after is not None else 0
        else:
            at = after[0] if after is not None else self._here()
            if by > 0:
                nth = next((n for n, each in enumerate(waiting) if each[0] >= at), 0)
            else:
                before = [n for n, each in enumerate(waiting) if each[0] < at]
                nth = before[-1] if before else -1
        wanted = ids[nth % len(ids)]
        if wanted in view.scene.links:
            view.select_relation(wanted)
        else:
            view.select_span(wanted)
        self.going_on = True

    def _hidden(self) -> str:
        """How many suggestions of the article are hidden, as a further sentence; empty where none is."""
        page = self.view.page
        count = 0 if page is None or page.shows_less_certain else page.count_less_certain()
        return f" {count:,} less certain {'is' if count == 1 else 'are'} hidden." if count else ""

    def _here(self) -> int:
        """Where the selection starts; -1 where nothing is selected."""
        state, scene = self.view.state, self.view.scene
        if state.ranges:
            return state.ranges[-1][0]
        link = scene.links.get(state.relation or "")
        mark = scene.marks.get(link.head if link else state.span or "")
        return mark.start if mark else -1

    def place(self) -> tuple[int, int]:
        """Where the selected suggestion stands in the text and in the order of review."""
        ids = [each[1] for each in self._waiting()]
        chosen = self.view.state.span or self.view.state.relation
        return self._here(), ids.index(chosen) if chosen in ids else 0

    def open_selected(self) -> str | None:
        """The id of the selected suggestion; None where something else, or nothing, is selected."""
        page, state = self.view.page, self.view.state
        if page is None:
            return None
        if state.span and state.span not in page.spans:
            return state.span
        if state.relation and state.relation not in page.relations:
            return state.relation
        return None

    def accept(self) -> None:
        """Accept the selected suggestion and go on to the next; with nothing selected, go to one."""
        state = self.view.state
        if not self._decide(self._accepting, AcceptRelation) and not (state.span or state.relation):
            self.step(1)

    def reject(self) -> None:
        """Reject the selected suggestion and go on to the next."""
        state = self.view.state
        if not self._decide(self._rejecting, RejectRelation) and (state.span or state.relation):
            self.view.told.emit("This is your own label; Delete removes it.")

    def _accepting(self, span: str) -> Command:
        assert self.view.page is not None
        return whole.accepting(self.view.page, span)

    def _rejecting(self, span: str) -> Command:
        assert self.view.page is not None
        return whole.rejecting(self.view.page, span)

    def _decide(self, on_span: Callable[[str], Command], on_relation: Callable[[str], Command]) -> bool:
        """Carry out a decision on the selected suggestion and go on; False where none is selected."""
        suggestion = self.open_selected()
        if suggestion is None:
            return False
        after = self.place()
        command = on_span(suggestion) if suggestion == self.view.state.span else on_relation(suggestion)
        if self.view.run(command) is not None:
            self.step(1, after=after)
        return True

    def propose(self, match_case: bool = True) -> None:
        """Propose every other occurrence of the selected label's words as a suggestion."""
        view = self.view
        if view.page is None:
            return
        if not view.state.span:
            view.told.emit("Select a label first: the other places with its words can then be proposed.")
            return
        changes = view.run(Propose(view.state.span, match_case))
        if changes is None:
            return
        made = len(changes.added_suggestions())
        if made:
            view.told.emit(f"{counted(made, 'suggestion')} more, to be accepted one by one or all at once.")
        else:
            nowhere = "These words stand nowhere else without a label, a suggestion or a decision."
            view.told.emit(nowhere + self._hidden())
