"""The page for screen readers: its text in a widget that they can read, and what happens in words.

Qt lets a widget that paints itself have a text only through an interface that cannot be written in
Python without crashing. A plain text field of one pixel within the canvas does the same: it holds the
article, and its selection follows that of the canvas. It never has the keyboard or the mouse, and exists
only where something asks for accessibility.
"""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QPlainTextEdit

from annotator.core.changes import ChangeSet
from annotator.core.page import Page
from annotator.core.text import Utf16Map
from annotator.ui.canvas.spoken import (
    changes_sentence,
    relation_sentence,
    selection_sentence,
    span_sentence,
    targets_sentence,
)
from annotator.ui.canvas.view import ArticleView


class Mirror(QPlainTextEdit):
    """One pixel that holds the article's text and shows its selection to screen readers."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view.viewport())
        self._map = Utf16Map("")
        self._article: str | None = None
        self.setObjectName("mirror")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(view)
        self.setStyleSheet("border: none; padding: 0; background: transparent;")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        for each in (self, self.viewport()):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            each.setAutoFillBackground(False)
        for scroll in (self.verticalScrollBar(), self.horizontalScrollBar()):
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Text of the article")
        self.setFixedSize(1, 1)
        self.show()

    def set_page(self, page: Page | None) -> None:
        """Hold the text of a page; does nothing where it has it already."""
        article = page.article.id if page is not None else None
        if article == self._article:
            return
        self._article = article
        text = page.text if page is not None else ""
        self._map = Utf16Map(text)
        self.setPlainText(text)
        self.setAccessibleDescription(page.article.title if page is not None else "")

    def select(self, start: int, end: int) -> None:
        """Select ``[start, end)`` in code points; the caret is at the end."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._map.to_units(start))
        cursor.setPosition(self._map.to_units(end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """It is not there to be seen."""


class Speaker(QObject):
    """Keeps the mirror true and announces what is selected and done. Costs nothing where nobody listens."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__(view)
        self._view = view
        self.mirror: Mirror | None = None
        self.said: list[str] = []
        """What was announced last, in one breath."""
        self._done = ""
        self._touched: set[str] = set()
        self._prompted = ""
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._speak)
        view.selection_changed.connect(self._on_selection)
        view.prompt.said.connect(self._on_prompt)
        view.strip.offered.connect(self._on_prompt)
        view.verticalScrollBar().valueChanged.connect(self._stay)
        view.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:  # a screen reader may have been started meanwhile
            self._follow()
        return super().eventFilter(watched, event)

    def tell_changes(self, changes: ChangeSet) -> None:
        """Say what an edit of the page that is shown has done."""
        view = self._view
        if not QAccessible.isActive() or view.page is None:
            return
        self._done = changes_sentence(view.page, view.codebook, changes)
        self._touched = changes.span_ids | changes.relation_ids
        self._soon.start()

    def tell(self, sentence: str) -> None:
        """Say what was done to the page that is shown."""
        if QAccessible.isActive():
            self._done = sentence
            self._soon.start()

    def _on_selection(self) -> None:
        if QAccessible.isActive():
            self._follow()
            self._soon.start()

    def _on_prompt(self, text: str) -> None:
        if QAccessible.isActive():
            self._prompted = text
            self._soon.start()

    def _stay(self) -> None:
        """What scrolls the canvas takes the widgets on it along."""
        if self.mirror is not None:
            self.mirror.move(0, 0)

    def _follow(self) -> None:
        if not QAccessible.isActive():
            return
        if self.mirror is None:
            self.mirror = Mirror(self._view)
        view, state = self._view, self._view.state
        self.mirror.set_page(view.page)
        view.setAccessibleDescription(view.page.article.title if view.page is not None else "")
        link = view.scene.links.get(state.relation or "")
        mark = view.scene.marks.get(link.head if link else state.span or "")
        if state.ranges:
            self.mirror.select(*state.ranges[-1])
        elif mark is not None:
            self.mirror.select(mark.start, mark.end)
        else:
            caret = self.mirror.textCursor()
            caret.clearSelection()
            self.mirror.setTextCursor(caret)

    def _speak(self) -> None:
        view, state, page = self._view, self._view.state, self._view.page
        done, touched, prompted = self._done, self._touched, self._prompted
        self._done, self._touched, self._prompted = "", set(), ""
        if page is None:
            return
        said = [done]
        if QApplication.focusWidget() not in (None, view):
            self._announce(said)  # a row of the list that has the keyboard says itself what it is
            return
        if state.span in view.scene.marks and state.span not in touched:
            said.append(span_sentence(page, view.codebook, state.span))
        elif state.relation in view.scene.links and state.relation not in touched:
            said.append(relation_sentence(page, view.codebook, state.relation))
        elif state.ranges:
            said.append(selection_sentence(page, state.ranges))
        if state.drawing:
            said = [done, prompted]
            if any(state.targets.values()):
                said.append(targets_sentence(page, state.targets))
        else:
            said.append(prompted)
        self._announce(said)

    def _announce(self, sentences: list[str]) -> None:
        self.said = [each for each in sentences if each]
        if self.said:
            event = QAccessibleAnnouncementEvent(self._view, ". ".join(self.said))
            QAccessible.updateAccessibility(event)
