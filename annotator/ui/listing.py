"""Between the page and the list of labels: going there and back, and deciding in the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, override

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QKeyEvent

from annotator.ui.canvas.hit import Hit, Zone
from annotator.ui.keymap import pressed

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

ON_PAGE = frozenset(
    {
        "copy", "delete", "accept", "accept_alike",
        "left_back", "left_forward", "right_back", "right_forward",
    }
)  # fmt: skip
"""Actions of the page whose keys work in the list too."""


class Listing(QObject):
    """Slots of the actions that concern the list of labels; the page's keys while it has the keyboard."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._labels = window.labels
        self._labels.view.installEventFilter(self)
        self._labels.left.connect(self._to_page)
        self._labels.menu_asked.connect(self._on_menu_asked)
        self._labels.accept_everywhere_asked.connect(lambda least: window.together.above(least, True))
        self._labels.accept_above_asked.connect(lambda least, ids: window.together.above(least, among=ids))

    def go(self) -> None:
        """From the page to the list, at the selected label or the nearest one; from the list back."""
        if self._labels.has_keyboard:
            self._to_page()
            return
        self._show()
        self._window.beside.now()
        if not self._labels.take_keyboard(self._here()):
            self._window.canvas.told.emit(self._labels.empty.text() or "No article is open.")

    def _here(self) -> int:
        """The code point at which the page's selection starts, else its part in sight."""
        canvas = self._window.canvas
        state, scene = canvas.state, canvas.scene
        if state.ranges:
            return state.ranges[0][0]
        link = scene.links.get(state.relation or "")
        mark = scene.marks.get(link.head if link else state.span or "")
        return mark.start if mark else canvas.first_visible()

    def go_filter(self) -> None:
        """To the words that filter the list."""
        self._show()
        self._labels.focus_words()

    def go_threshold(self) -> None:
        """To the slider that accepts the suggestions which are sure enough."""
        self._show()
        self._window.beside.now()
        if not self._labels.focus_threshold():
            self._window.canvas.told.emit(self._labels.empty.text() or "No article is open.")

    def reject(self) -> None:
        """Reject the selected suggestion and go on, in the list where that has the keyboard."""
        self._decide(self._window.review.reject)

    def _show(self) -> None:
        self._window.right.setVisible(True)
        self._window.slots.check_views()

    def _to_page(self) -> None:
        self._window.canvas.setFocus()

    def _decide(self, carry_out: Callable[[], object]) -> None:
        """Do something to the picked suggestion; in the list the next one of its rows comes next."""
        self._window.beside.now()
        labels, place = self._labels, self._labels.place
        listed = labels.has_keyboard and labels.picked is not None and labels.picked.is_suggestion
        carry_out()
        if listed:
            self._window.beside.now()
            labels.go_on(place, to_suggestion=True)

    def _on_key(self, name: str) -> None:
        self._window.beside.now()
        labels, row, place = self._labels, self._labels.picked, self._labels.place
        act = self._window.actions_by_id[name].trigger
        if name == "accept" and row is None:
            return
        if name == "accept" and row is not None and not row.is_suggestion:
            self._to_page()
        elif name in ("accept", "accept_alike"):
            self._decide(act)
        else:
            act()
            if name == "delete" and row is not None:
                self._window.beside.now()
                labels.go_on(place, to_suggestion=row.is_suggestion)

    def _on_menu_asked(self, at: QPoint) -> None:
        self._window.slots.show_menu(Hit(Zone.NOTHING), at)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            owner = self._window.keys.map.owners.get(pressed(event))
            if owner in ON_PAGE:
                self._on_key(owner)
                return True
        return super().eventFilter(watched, event)
