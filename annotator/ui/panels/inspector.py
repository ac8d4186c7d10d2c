"""The right side of the window: what is selected, and everything that can be said about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import override

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from annotator.core.codebook import Codebook
from annotator.core.page import Page
from annotator.core.ranking import CategoryUse
from annotator.ui.controls import Themed, spread
from annotator.ui.panels.article_view import ArticleView
from annotator.ui.panels.relation_view import RelationView
from annotator.ui.panels.span_view import SpanView
from annotator.ui.theme import Theme


class _Shown(Struct, frozen=True):
    """What is shown: which article, and which span or relation in it (empty: the article)."""

    article: str
    id: str = ""


class Inspector(Themed, QWidget):
    """Shows the selected span or relation, or the article while nothing is selected.

    It changes nothing itself. Showing the same thing again updates it in place: the keyboard, the
    cursor and what is being typed stay. Before another thing is shown, what was typed is asked for.

    Whoever opens another article or closes the window calls :meth:`flush` first, since a command
    always means the article that is open.

    Signals: ``command_requested`` (a Command), ``span_activated`` and ``relation_activated`` (an id),
    ``arm_asked`` (a Label), ``alike_asked`` (whether to accept, whether in the whole project).
    """

    command_requested = Signal(object)
    arm_asked = Signal(object)
    alike_asked = Signal(bool, bool)
    span_activated = Signal(str)
    relation_activated = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self._shown: _Shown | None = None
        self.span_view = SpanView(theme)
        self.relation_view = RelationView(theme)
        self.article_view = ArticleView(theme)
        self._views: tuple[SpanView | RelationView | ArticleView, ...] = (
            self.span_view,
            self.relation_view,
            self.article_view,
        )
        self._active: SpanView | RelationView | ArticleView | None = None
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 18, 18, 24)
        column.setSpacing(0)
        for view in self._views:
            column.addWidget(view)
            view.hide()
            view.command_requested.connect(self.command_requested)
        self.article_view.arm_asked.connect(self.arm_asked)
        self.span_view.alike_asked.connect(self.alike_asked)
        self.span_view.span_activated.connect(self.span_activated)
        self.span_view.relation_activated.connect(self.relation_activated)
        self.relation_view.span_activated.connect(self.span_activated)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        inside.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self.setMinimumWidth(240)

    @override
    def sizeHint(self) -> QSize:
        return QSize(330, 460)

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        spread(self, theme)

    def set_used_categories(self, used: Callable[[], CategoryUse]) -> None:
        """How to find out which categories the annotator has used."""
        self.span_view.used_categories = used

    # -- showing --------------------------------------------------------------------------------

    def show_span(self, page: Page, codebook: Codebook, span_id: str) -> None:
        """Show a span or suggestion; the article where it is no longer there."""
        span = page.spans.get(span_id) or page.suggestions.get(span_id)
        came_from = span.suggestion if span is not None else None
        fresh = self._turn_to(_Shown(page.article.id, span_id), came_from)
        span = page.spans.get(span_id) or page.suggestions.get(span_id)
        if span is None:
            self.show_article(page, codebook)
            return
        self.span_view.show_span(page, codebook, span, fresh=fresh)
        self._show(self.span_view, fresh=fresh)

    def show_relation(self, page: Page, codebook: Codebook, relation_id: str) -> None:
        """Show a relation or suggested one; the article where it is no longer there."""
        relation = page.relations.get(relation_id) or page.relation_suggestions.get(relation_id)
        came_from = relation.suggestion if relation is not None else None
        fresh = self._turn_to(_Shown(page.article.id, relation_id), came_from)
        relation = page.relations.get(relation_id) or page.relation_suggestions.get(relation_id)
        if relation is None or None in (page.stand_in(relation.head), page.stand_in(relation.tail)):
            self.show_article(page, codebook)
            return
        self.relation_view.show_relation(page, codebook, relation, fresh=fresh)
        self._show(self.relation_view, fresh=fresh)

    def show_article(self, page: Page, codebook: Codebook) -> None:
        """Show the article itself."""
        fresh = self._turn_to(_Shown(page.article.id), None)
        self.article_view.show_article(page, codebook, fresh=fresh)
        self._show(self.article_view, fresh=fresh)

    def clear(self) -> None:
        """Show nothing: no article is open."""
        self.flush()
        self._shown = None
        self._active = None
        for view in self._views:
            view.hide()

    def _turn_to(self, wanted: _Shown, came_from: str | None) -> bool:
        """Remember what is shown from now on; whether it is another thing than before.

        A label that was made by accepting the suggestion that is shown counts as the same thing.
        """
        shown = self._shown
        same = shown == wanted or (
            shown is not None
            and shown.article == wanted.article
            and came_from is not None
            and shown.id == came_from
        )
        if not same:
            self.flush()
        self._shown = wanted
        return not same

    def _show(self, view: SpanView | RelationView | ArticleView, *, fresh: bool) -> None:
        if self._active is not view:
            self._active = view
            for each in self._views:
                each.setVisible(each is view)
        if fresh:
            self._scroll.verticalScrollBar().setValue(0)

    # -- for the main window --------------------------------------------------------------------

    def flush(self) -> None:
        """Ask for everything that was typed and not asked for yet."""
        if self._active is not None:
            self._active.flush()

    def focus_note(self) -> None:
        """Put the cursor into the note of what is shown."""
        if self._active is not None and not self._active.note.isHidden():
            self._active.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._scroll.ensureWidgetVisible(self._active.note)

    def focus_attribute(self, name: str) -> bool:
        """Put the cursor into an attribute of the label that is shown; whether there is such a one."""
        view = self._active
        if view is None or isinstance(view, ArticleView) or not view.focus_attribute(name):
            return False
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self._scroll.ensureWidgetVisible(focused, 0, 60)
        return True

    def focus_first_attribute(self) -> None:
        """Put the cursor into the first attribute of what is shown; its note if it has none."""
        if self._active is not None and not self._active.focus_first_attribute():
            self.focus_note()
