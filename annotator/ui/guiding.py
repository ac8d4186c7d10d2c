"""The key that shows what the codebook says about whatever is pointed at, focused or selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from annotator.core.codebook import Attribute, Label, RelationType
from annotator.ui.panels.guideline import GuidelinePanel
from annotator.ui.topics import Topic, topic_of

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Guiding(QObject):
    """Slot of the action that shows a guideline; lets the panel follow the selection while it is open."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._panel = GuidelinePanel(window.theme)
        self.stack = QStackedWidget(window)
        """The list of labels, and in its place the guideline while one is read."""
        self.stack.addWidget(window.labels)
        self.stack.addWidget(self._panel)
        self._before: QWidget | None = None
        """What had the keyboard before the panel."""
        self._selected: Topic | None = None
        self._panel.closed.connect(self.close)
        window.bench.project_changed.connect(self.close)
        window.bench.codebook_changed.connect(self._read_again)

    @property
    def is_open(self) -> bool:
        """Whether a guideline is shown."""
        return self.stack.currentWidget() is self._panel

    def show(self) -> None:
        """Show the guideline of what has the keyboard, else is under the pointer, else is selected.

        Where it is shown already, the keyboard goes into it; from there the same key closes it.
        """
        if self._panel.has_keyboard:
            self.close()
            return
        focused = QApplication.focusWidget()
        topic = topic_of(focused) or self._pointed_at() or self._chosen() or self._window.canvas.armed
        if topic is None:
            self._window.notices.tell(
                "Select a label, or point at one, and press F1 to read its guideline. ? shows every key.",
                kind="info",
            )
            return
        self._before = focused
        self._selected = self._chosen()
        self._panel.show_topic(topic)
        self.stack.setCurrentWidget(self._panel)
        self._window.right.setVisible(True)
        self._window.slots.check_views()
        self._panel.take_keyboard()

    def follow(self) -> None:
        """Another label may be selected: show its guideline, where one is being shown."""
        if not self.is_open:
            return
        chosen = self._chosen()
        if chosen is not None and chosen != self._selected:
            self._panel.show_topic(chosen)
        self._selected = chosen

    def _read_again(self) -> None:
        """Show what another codebook says about the same; where it has that no more, nothing."""
        codebook, topic = self._window.bench.codebook, self._panel.topic
        if codebook is None or not self.is_open:
            return
        found: Topic | None = None
        match topic:
            case Label():
                found = codebook.label(topic.kind, topic.name)
            case RelationType():
                found = codebook.relation_type(topic.name)
            case Attribute():
                found = next((each for each in codebook.attributes if each.name == topic.name), None)
        if found is None:
            self.close()
        else:
            self._panel.show_topic(found)

    def close(self) -> None:
        """Back to the list of labels; the keyboard goes back to where it was."""
        if not self.is_open:
            return
        had = self._panel.has_keyboard
        before, self._before = self._before, None
        self._panel.topic = None
        self.stack.setCurrentWidget(self._window.labels)
        if had:
            there = before is not None and before.isVisible() and self._window.isAncestorOf(before)
            (before if there and before is not None else self._window.canvas).setFocus()

    def leave(self) -> bool:
        """Close the panel; False where it is closed already."""
        was = self.is_open
        self.close()
        return was

    def _pointed_at(self) -> Topic | None:
        widget = QApplication.widgetAt(QCursor.pos())
        here = widget is not None and self._window.isAncestorOf(widget)
        return topic_of(widget) if here else None

    def _chosen(self) -> Topic | None:
        """The label of the selected span, or the type of the selected relation."""
        page, codebook = self._window.bench.page, self._window.bench.codebook
        state = self._window.canvas.state
        if page is None or codebook is None:
            return None
        span = page.spans.get(state.span or "") or page.suggestions.get(state.span or "")
        if span is not None:
            return codebook.label(span.kind, span.label)
        link = page.relations.get(state.relation or "") or page.relation_suggestions.get(state.relation or "")
        return codebook.relation_type(link.type) if link is not None else None
