"""Two hands that label through real events and count what they do: one types, one points.

A key pressed is one action, whatever is held with it; so is a click, a drag and a turn of the wheel. A
double click is two. What the hands read off the screen, they read from the canvas's state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QToolButton, QWidget

from annotator.core.codebook import Label
from annotator.core.model import Fragment, Kind
from annotator.core.page import Page
from annotator.ui.canvas.hit import handle_at
from annotator.ui.canvas.margin_places import tag_frames
from annotator.ui.canvas.tools.hinting import UNDER_PROMPT
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.categories import CategoriesField
from annotator.ui.panels.fields import ChipsField, ComboField, Field
from annotator.ui.panels.wording import category_names

NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton

SPAN = "a span, its words being selected"
RELATION_SEEN = "a relation, its head being selected and its tail in sight"
RELATION_FAR = "a relation, its head being selected and its tail out of sight"


@dataclass
class Tally:
    """Actions by what they are for: spans, relations, attributes, review, scrolling."""

    counts: Counter[str] = field(default_factory=Counter)
    purpose: str = "spans"
    most: Counter[str] = field(default_factory=Counter)
    """The most that a single piece of work took, by what it was."""

    @contextmanager
    def doing(self, purpose: str, piece: str = "") -> Iterator[None]:
        """Count for a purpose; with ``piece`` also remember how many this one took."""
        before, self.purpose = self.purpose, purpose
        begun = self.counts.total() - self.counts["scrolling"]
        yield
        self.purpose = before
        if piece:
            took = self.counts.total() - self.counts["scrolling"] - begun
            self.most[piece] = max(self.most[piece], took)

    def add(self, number: int = 1) -> None:
        """One more action."""
        self.counts[self.purpose] += number


class Hand:
    """What both hands share: the window, the tally, and what can be seen."""

    name = ""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.view = window.canvas
        self.tally = Tally()

    @property
    def page(self) -> Page:
        assert self.window.bench.page is not None
        return self.window.bench.page

    def label(self, kind: Kind, name: str) -> Label:
        found = self.view.codebook.label(kind, name)
        assert found is not None
        return found

    def span_at(self, kind: Kind, fragment: Fragment) -> str:
        """The id of what is shown of a kind over a range."""
        return next(
            mark.id
            for mark in self.view.scene.marks.values()
            if (mark.kind, mark.fragments) == (kind, (fragment,))
        )

    def in_sight(self, offset: int) -> bool:
        low, high = self.view.visible_range()
        top, bottom = self.view.scene.line_y(self.view.scene.place_of(offset))
        low += max(self.view.upper_room(), UNDER_PROMPT if self.view.verticalScrollBar().value() else 0)
        return low <= top and bottom <= high

    def settle(self) -> None:
        QApplication.processEvents()
        self.window.beside.now()


class Keyboard(Hand):
    """Types, and nothing else."""

    name = "keyboard"
    worth_proposing = 1
    """From this many other places on, proposing them costs fewer actions than labelling each."""

    def order(self, kind: Kind, fragment: Fragment) -> tuple[int, int]:
        """From top to bottom, what ends first before what is around it."""
        return fragment[1], fragment[0]

    def press(self, key: Qt.Key | str, held: Qt.KeyboardModifier = NONE) -> None:
        """One key, to whatever has the keyboard."""
        target = QApplication.focusWidget() or self.view
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key, held)
        self.tally.add(len(key) if isinstance(key, str) else 1)
        self.settle()

    def bring(self, offset: int) -> None:
        """Turn pages until a place is in sight."""
        for _ in range(20):
            if self.in_sight(offset):
                return
            top = self.view.scene.line_y(self.view.scene.place_of(offset))[0]
            below = top > self.view.visible_range()[0] + UNDER_PROMPT
            with self.tally.doing("scrolling"):
                self.press(Qt.Key.Key_PageDown if below else Qt.Key.Key_PageUp)
        raise AssertionError("the place cannot be reached by turning pages")

    def select(self, fragment: Fragment) -> None:
        """Select words by their letters."""
        tokens, text = self.view.tokens, self.page.text
        start, end = fragment
        self.bring(start)
        self.press("w")
        self.press(self.view.state.words[start])
        first, last = tokens.at(start), tokens.at(end - 1)
        steps, at = 0, first
        while at < last:
            at, steps = tokens.step(at, 1, text), steps + 1
        if steps > 3:
            self.bring(tokens.starts[last])
            self.press(Qt.Key.Key_W, SHIFT)
            self.press(self.view.state.words[tokens.starts[last]])
        else:
            for _ in range(steps):
                self.press(Qt.Key.Key_Right, SHIFT)
        assert self.view.state.ranges == [fragment], (self.view.state.ranges, fragment)

    def make(self, kind: Kind, label: str, fragment: Fragment) -> str:
        """Label words; gives the span's id, which is selected then."""
        with self.tally.doing("spans"):
            self.select(fragment)
            with self.tally.doing("spans", SPAN):
                self.press(self.label(kind, label).key)
        return self.span_at(kind, fragment)

    def propose(self, span: str, right: list[Fragment]) -> None:
        """Propose the other places of the span that was just made, and decide on them."""
        with self.tally.doing("spans"):
            self.press("g")
            self.review(right)

    def review(self, right: list[Fragment], label: str = "") -> None:
        """Decide on every open suggestion."""
        while self.page.open_suggestions():
            if self.window.review.open_selected() is None:
                self.press(Qt.Key.Key_Tab)
            chosen = self.page.span(self.view.state.span or "")
            alike = [self.page.span(each) for each in self.view.state.alike]
            good = [each.fragments[0] in right for each in alike]
            if all(good) or not any(good):
                key = Qt.Key.Key_Return if all(good) else Qt.Key.Key_X
                self.press(key, SHIFT if len(alike) > 1 else NONE)
            else:
                accepted = chosen.fragments[0] in right
                self.press(Qt.Key.Key_Return if accepted else Qt.Key.Key_X)

    def choose(self, span: str) -> None:
        """Select a label by its letters."""
        if self.view.state.span != span:
            mark = self.view.scene.marks[span]
            self.bring(mark.start)
            self.press("s")
            self.press(self.view.state.targets[span])

    def relate(self, type_: str, head: str, tail: str) -> None:
        """Draw a relation from the head."""
        with self.tally.doing("relations"):
            self.choose(head)
            seen = self.in_sight(self.view.scene.marks[tail].start)
            with self.tally.doing("relations", RELATION_SEEN if seen else RELATION_FAR):
                self.press("r")
                if tail in self.view.state.targets:
                    self.press(self.view.state.targets[tail])
                else:
                    self._by_text(tail)
                if self.view.strip.isVisible():
                    titles = [
                        each.accessibleName()
                        for each in self.view.strip.findChildren(QToolButton)
                        if not each.isHidden()
                    ]
                    rule = self.view.codebook.relation_type(type_)
                    assert rule is not None
                    self.press(str(titles.index(rule.title) + 1))

    def _by_text(self, span: str) -> None:
        """Filter the targets until the wanted one is chosen."""
        mark = self.view.scene.marks[span]
        words = self.page.text[mark.start : mark.end]
        self.press("/")
        for letter in words:
            self.press(letter)
            if self.view.state.targets.get(span):
                break
        self.press(Qt.Key.Key_Return)

    def set_attributes(self, values: dict[str, str]) -> None:
        """Set the attributes of the selected claim, from the first to the last that has a value."""
        with self.tally.doing("attributes"):
            self.press("e")
            form = self.window.inspector.span_view._parts[Kind.CLAIM].form
            names = list(form.fields)
            last = max(names.index(name) for name in values)
            for nth, name in enumerate(names[: last + 1]):
                if nth:
                    self.press(Qt.Key.Key_Tab)
                if name in values:
                    self._give(form.fields[name], values[name])
            self.press(Qt.Key.Key_Escape)

    def _give(self, field_: Field, value: str) -> None:
        if isinstance(field_, CategoriesField):
            names = category_names(self.view.codebook.categories)
            word = names[value].rsplit("› ", 1)[-1]
            for letter in word:
                self.press(letter.lower())
                if field_.offered.rows and field_.offered.rows[0].code == value:
                    break
            self.press(Qt.Key.Key_Return)
        elif isinstance(field_, ChipsField):
            self.press(value[0])
        else:
            assert isinstance(field_, ComboField)
            while field_.box.currentData() != value:
                self.press(value[0])


class Mouse(Hand):
    """Points, drags and clicks, and nothing else."""

    name = "mouse"
    worth_proposing = 5
    """From this many other places on, proposing them costs fewer actions than labelling each."""

    def order(self, kind: Kind, fragment: Fragment) -> tuple[int, int]:
        """One label after the other, so that each is armed once; claims last, when their actors are there."""
        return (Kind.ACTOR, Kind.CUE, Kind.CLAIM).index(kind), fragment[0]

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """One click, in the middle if not said otherwise."""
        QTest.mouseClick(widget, LEFT, pos=at or widget.rect().center())
        self.tally.add()
        self.settle()

    def bring(self, offset: int) -> None:
        """Turn the wheel until a place is in sight: one turn, however far."""
        if not self.in_sight(offset):
            self.view.show_fragments(((offset, offset + 1),))
            with self.tally.doing("scrolling"):
                self.tally.add()
            self.settle()

    def _spot(self, offset: int, *, end: bool) -> QPoint:
        """A point of the viewport within a character, close to its beginning or end."""
        rect = self.view.from_page(QRectF(self.view.scene.rects(((offset, offset + 1),))[0]))
        return QPoint(rect.right() - 1 if end else rect.left() + 2, rect.center().y() + 2)

    def drag(self, start: QPoint, end: QPoint) -> None:
        """One drag over the page."""
        self._send(QEvent.Type.MouseMove, start, held=False)
        self._send(QEvent.Type.MouseButtonPress, start, held=True)
        for step in range(1, 5):
            self._send(QEvent.Type.MouseMove, start + (end - start) * step / 4, held=True)
        self._send(QEvent.Type.MouseButtonRelease, end, held=False)
        self.tally.add()
        self.settle()

    def _send(self, kind: QEvent.Type, at: QPoint, *, held: bool) -> None:
        port = self.view.viewport()
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
        buttons = LEFT if held else Qt.MouseButton.NoButton
        there = QPointF(port.mapToGlobal(at))
        QApplication.sendEvent(port, QMouseEvent(kind, QPointF(at), there, button, buttons, NONE))

    def select(self, fragment: Fragment) -> None:
        """Drag over words."""
        start, end = fragment
        self.bring(start)
        self.bring(end - 1)
        self.bring(start)
        self.drag(self._spot(start, end=False), self._spot(end - 1, end=True))

    def arm(self, label: Label) -> None:
        """Hold a label ready by the inspector's chip, nothing being selected."""
        if self.view.armed == label:
            return
        if self.view.state.span or self.view.state.ranges or self.view.state.relation:
            self.click(self.view.viewport(), QPoint(self.view.viewport().width() - 6, 200))
        self.click(self.window.inspector.article_view.labels[label])

    def make(self, kind: Kind, label: str, fragment: Fragment) -> str:
        """Label words with the armed label."""
        with self.tally.doing("spans"):
            self.arm(self.label(kind, label))
            self.select(fragment)
        return self.span_at(kind, fragment)

    def _strip_button(self, title: str) -> QToolButton:
        return next(
            each
            for each in self.view.strip.findChildren(QToolButton)
            if each.isVisible() and each.accessibleName().removeprefix("← ") == title
        )

    def point(self, span: str) -> QPoint:
        """Where a click selects a span: its tag in the margin, the label above it, or its words."""
        mark, view = self.view.scene.marks[span], self.view
        self.bring(mark.start)
        spots: list[QPointF] = []
        if mark.kind is Kind.CLAIM:
            low, high = view.visible_range()
            frames = dict(tag_frames(view.scene, low, high, view._left))
            spots.append(frames[span].center())
        paragraph, line = view.scene.line(view.scene.place_of(mark.start))
        if line is not None:
            base = paragraph.y + line.text_top + view.scene.metrics.cap_offset(paragraph.head) - 2
            height = view.scene.metrics.label_height
            spots += [
                QPointF(box.left + box.width / 2, base - (box.lane + 0.5) * height)
                for box in line.labels
                if box.mark.id == span
            ]
        spots += [rect.center() for rect in view.scene.rects(mark.fragments)]
        for spot in spots:
            at = view.from_page(QRectF(spot, spot)).topLeft()
            if view.hit_at(QPointF(at)).id == span:
                return at
        raise AssertionError(f"{self.page.text[mark.start : mark.end]!r} cannot be clicked")

    def choose(self, span: str) -> None:
        """Select a label by a click."""
        if self.view.state.span != span:
            self.click(self.view.viewport(), self.point(span))
        assert self.view.state.span == span

    def menu(self, span: str, words: str) -> None:
        """An item of the menu under the right button."""
        at = self.point(span)
        port = self.view.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, port.mapToGlobal(at))
        QApplication.sendEvent(port, event)
        self.tally.add()
        self.settle()
        menu = next(each for each in self.window.findChildren(QMenu) if each.isVisible())
        action = next(each for each in menu.actions() if words in each.text().replace("&", ""))
        self.click(menu, menu.actionGeometry(action).center())

    def propose(self, span: str, right: list[Fragment]) -> None:
        """Propose the other places, and decide on them."""
        with self.tally.doing("spans"):
            self.menu(span, "Propose the other places")
            self.review(right)

    def review(self, right: list[Fragment]) -> None:
        """Decide on every open suggestion: all alike by the menu, single ones also by a double click."""
        while waiting := self.page.open_suggestions():
            span = waiting[0]
            at = self.point(span.id)
            self.view.select_span(span.id, show=False)  # to read which are alike; the click below does it too
            alike = [self.page.span(each) for each in self.view.state.alike]
            good = [each.fragments[0] in right for each in alike]
            accepted = span.fragments[0] in right
            if len(alike) > 1 and (all(good) or not any(good)):
                verb = "Accept" if accepted else "Reject"
                self.menu(span.id, f"{verb} all {len(alike)} alike here")
            elif accepted:
                port = self.view.viewport()
                QTest.mouseClick(port, LEFT, pos=at)
                QTest.mouseDClick(port, LEFT, pos=at)
                self.tally.add(2)
                self.settle()
            else:
                self.menu(span.id, "Reject the suggestion")

    def relate(self, type_: str, head: str, tail: str) -> None:
        """Drag from the head's handle to the tail, over the edge if need be."""
        with self.tally.doing("relations"):
            self.choose(head)
            seen = self.in_sight(self.view.scene.marks[tail].start)
            with self.tally.doing("relations", RELATION_SEEN if seen else RELATION_FAR):
                self.bring(self.view.scene.marks[head].start)
                self._drag_handle(head, tail)
                if self.view.strip.isVisible():
                    rule = self.view.codebook.relation_type(type_)
                    assert rule is not None
                    self.click(self._strip_button(rule.title))

    def _drag_handle(self, head: str, tail: str) -> None:
        view, port = self.view, self.view.viewport()
        spot = handle_at(view.scene, head)
        assert spot is not None
        start = view.from_page(QRectF(spot, spot)).topLeft()
        self._send(QEvent.Type.MouseMove, start, held=False)
        self._send(QEvent.Type.MouseButtonPress, start, held=True)
        offset = view.scene.marks[tail].start
        if not self.in_sight(offset):
            above = view.scene.line_y(view.scene.place_of(offset))[0] < view.visible_range()[0]
            edge = QPoint(start.x(), 3 if above else port.height() - 3)
            self._send(QEvent.Type.MouseMove, edge, held=True)
            for _ in range(400):
                if self.in_sight(offset):
                    break
                QTest.qWait(10)
        at = self._target_point(tail)
        self._send(QEvent.Type.MouseMove, at, held=True)
        self._send(QEvent.Type.MouseButtonRelease, at, held=False)
        self.tally.add()
        self.settle()

    def _target_point(self, span: str) -> QPoint:
        """Where letting go reaches a target: as for a click, but the page must not move now."""
        counts = self.tally.counts.copy()
        at = self.point(span)
        assert counts == self.tally.counts, "the target was in sight"
        return at

    def set_attributes(self, values: dict[str, str]) -> None:
        """Set the attributes of the selected claim."""
        with self.tally.doing("attributes"):
            form = self.window.inspector.span_view._parts[Kind.CLAIM].form
            for name, value in values.items():
                self._give(form.fields[name], value)

    def _give(self, field_: Field, value: str) -> None:
        if isinstance(field_, CategoriesField):
            self._reach(field_.edit)
            self.click(field_.edit)
            self._pick(field_.list, category_names(self.view.codebook.categories)[value])
        elif isinstance(field_, ChipsField):
            self._reach(field_.chips[value])
            self.click(field_.chips[value])
        else:
            assert isinstance(field_, ComboField)
            self._reach(field_.box)
            self._open(field_.box)
            self._pick(field_.box.view(), value)

    def _open(self, box: QComboBox) -> None:
        QTest.mousePress(box, LEFT)
        QTest.mouseRelease(box, LEFT)
        self.tally.add()
        QTest.qWait(QApplication.doubleClickInterval() // 8)
        if not box.view().isVisible():
            box.showPopup()

    def _pick(self, view: QWidget, words: str) -> None:
        """Click the line of a popup list; one turn of the wheel where it is out of sight."""
        from PySide6.QtWidgets import QAbstractItemView

        assert isinstance(view, QAbstractItemView)
        model = view.model()
        nth = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == words)
        index = model.index(nth, 0)
        if not view.viewport().rect().contains(view.visualRect(index).center()):
            view.scrollTo(index)
            with self.tally.doing("scrolling"):
                self.tally.add()
            self.settle()
        QTest.qWait(QApplication.doubleClickInterval() + 20)  # a popup ignores a click right after opening
        self.click(view.viewport(), view.visualRect(index).center())

    def _reach(self, widget: QWidget) -> None:
        """Turn the wheel over the inspector until a control is in sight."""
        scroll = self.window.inspector._scroll
        top = widget.mapTo(scroll.viewport(), QPoint(0, 0)).y()
        if top < 0 or top + widget.height() > scroll.viewport().height():
            scroll.ensureWidgetVisible(widget)
            with self.tally.doing("scrolling"):
                self.tally.add()
            self.settle()
