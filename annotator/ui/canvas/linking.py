"""Relations by keys: each method is one action of the window."""

from __future__ import annotations

from annotator.core.commands import FlipRelation
from annotator.ui.canvas.hints import legal_types
from annotator.ui.canvas.tools.relate import HintRelation, RetypeByDigit
from annotator.ui.canvas.view import ArticleView


class Linking:
    """Drawing relations and following them. Nothing here happens without a page."""

    def __init__(self, view: ArticleView) -> None:
        self.view = view
        self._followed: str | None = None
        """The relation whose ends are being visited."""

    def relate(self) -> None:
        """Show letters on everything that the selected span, or the pinned one, may be linked with.

        Another span that is selected while one is pinned is linked with it at once. A selected relation
        gets another type.
        """
        view = self.view
        state = view.state
        if view.page is None:
            return
        view.tool.cancel()
        if state.relation is not None:
            self._retype(state.relation)
            return
        source = state.pinned or state.span
        if source is None:
            view.told.emit("Select a span first, then relate it to another.")
            return
        tool = HintRelation(view, source)
        self._start(tool, state.span, "Nothing can be related to this span yet: label an actor or a claim.")

    def repeat(self) -> None:
        """Draw once more from the same span with the same type; to the selected span if that is legal."""
        view = self.view
        again = view.drawn
        if view.page is None:
            return
        if again is None or again.source not in view.scene.marks:
            view.told.emit("Draw a relation first; this then repeats its head and type.")
            return
        view.tool.cancel()
        tool = HintRelation(view, again.source, again)
        self._start(tool, view.state.span, "There is nothing else that it can be linked with.")

    def _start(self, tool: HintRelation, selected: str | None, nothing: str) -> None:
        view = self.view
        if not tool.targets:
            tool.cancel()
            view.told.emit(nothing)
            return
        view.use_tool(tool)
        view.setFocus()
        if selected in tool.targets:
            tool.reach(view.scene.marks[selected])

    def _retype(self, relation: str) -> None:
        view, page = self.view, self.view.page
        assert page is not None
        if relation not in page.relations:
            view.told.emit("This is still a suggestion: accept or reject it first.")
            return
        link = view.scene.links[relation]
        types, _ = legal_types(
            view.codebook, view.scene.marks[link.head].kind, view.scene.marks[link.tail].kind
        )
        if len(types) < 2:
            view.told.emit(f"“{link.text}” is the only type between these two.")
            return
        view.use_tool(RetypeByDigit(view, relation))
        view.setFocus()

    def flip(self) -> None:
        """Swap head and tail of the selected relation, or of the last one drawn from the selected span."""
        view = self.view
        if view.page is None:
            return
        relation = view.state.relation or self._last_drawn()
        if relation is None:
            view.told.emit("Select a relation first.")
        else:
            view.run(FlipRelation(relation))

    def _last_drawn(self) -> str | None:
        """The relation that was drawn last, while it is there and what it was drawn from is selected."""
        page, drawn = self.view.page, self.view.drawn
        if page is None or drawn is None or drawn.source != self.view.state.span:
            return None
        return drawn.relation if drawn.relation in page.relations else None

    def pin(self) -> None:
        """Pin the selected span as what R draws from; on the pinned one, or with none, let it go."""
        view = self.view
        chosen = view.state.span
        if chosen is None and view.state.pinned is None:
            view.told.emit("Select a span first; pinned, it is related to whatever you select then.")
        else:
            view.pin(None if chosen in (None, view.state.pinned) else chosen)

    def step_relation(self) -> None:
        """Select a relation of the selected span, one after the other."""
        view, scene = self.view, self.view.scene
        link = scene.links.get(view.state.relation or "")
        span = view.state.span or (self._from if link and self._from in (link.head, link.tail) else None)
        if span is None and link is not None:
            span = link.head
        ids = sorted(scene.links_of.get(span or "", ()), key=self._order)
        if not ids:
            view.told.emit("No relation is here. Select a label and relate it to another.")
            return
        self._from = span
        nth = ids.index(link.id) + 1 if link is not None and link.id in ids else 0
        view.select_relation(ids[nth % len(ids)])

    _from: str | None = None
    """The span whose relations are gone through."""

    def _order(self, link_id: str) -> tuple[int, int, str]:
        scene = self.view.scene
        link = scene.links[link_id]
        return scene.marks[link.tail].start, scene.marks[link.head].start, link_id

    def other_end(self) -> None:
        """Go to the other end of the relation: from the relation its tail, from an end the other one."""
        view, scene = self.view, self.view.scene
        link = scene.links.get(view.state.relation or "")
        if link is not None:
            self._followed = link.id
            view.select_span(link.head if self._from == link.tail else link.tail)
            return
        span = view.state.span or ""
        link = scene.links.get(self._followed or "")
        if link is None or span not in (link.head, link.tail):
            first = min(scene.links_of.get(span, ()), key=self._order, default=None)
            link = scene.links.get(first or "")
        if link is None:
            view.told.emit("Select a relation, or a label that has one.")
            return
        self._followed = link.id
        view.select_span(link.tail if span == link.head else link.head)
