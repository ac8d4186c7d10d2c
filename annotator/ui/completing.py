"""What must be filled in before an article can be finished: shown, held back, and gone to by one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.core.codebook import Attribute, AttributeType
from annotator.core.commands import Command, SetStatus
from annotator.core.model import Status
from annotator.core.pending import Pending, pending
from annotator.core.text import counted, excerpt, slice_of
from annotator.ui.category_use import UsedCategories

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

QUOTED = 40
"""Characters of a label that a message quotes."""


class Completing(QObject):
    """Slot of the action that goes to what is missing; the door through which articles are finished."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._at: Pending | None = None
        """What was gone to last."""
        window.inspector.set_used_categories(UsedCategories(window.bench))
        window.status.missing_asked.connect(self.go)
        window.inspector.article_view.missing_asked.connect(self.go)

    def pending(self) -> list[Pending]:
        """What is missing on the page, in its order."""
        page, codebook = self._window.bench.page, self._window.bench.codebook
        return pending(page, codebook) if page is not None and codebook is not None else []

    def say(self) -> None:
        """Show beside the page how much is missing."""
        count = len(self.pending())
        self._window.status.set_missing(count)
        self._window.inspector.article_view.set_missing(count)

    def run(self, command: Command) -> None:
        """Carry out what a part of the window asks for; finishing only where nothing is missing."""
        if isinstance(command, SetStatus) and command.status is Status.DONE and self.holds_back():
            self._window.beside.show_selection()
            return
        self._window.bench.run(command)

    def holds_back(self) -> bool:
        """Whether something is missing; the person is then told what, and which key goes there."""
        found = self.pending()
        if not found:
            return False
        names = list(dict.fromkeys(_title(each.attribute) for each in found))
        listed = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        key = next(iter(self._window.keys.map.keys.get("next_missing", ())), "")
        self._window.notices.tell(
            f"Not finished: {counted(len(found), 'required attribute')} missing ({listed}), "
            f"first in “{self._words(found[0])}”." + (f" {key} goes there." if key else ""),
            action=("Go there", self.go),
        )
        return True

    def _words(self, what: Pending) -> str:
        page = self._window.bench.page
        assert page is not None
        span = page.span(page.relations[what.id].head if what.is_relation else what.id)
        return excerpt(slice_of(page.text, span.fragments), QUOTED)

    def go(self) -> None:
        """Select the first label that lacks something and go to the attribute; from there to the next."""
        window = self._window
        window.inspector.flush()
        found = self.pending()
        if not found:
            window.notices.tell("Nothing is missing in this article.", kind="done")
            window.canvas.setFocus()
            return
        here = self._at if self._is_here() else None
        place = found.index(here) + 1 if here in found else 0
        self._at = found[place % len(found)]
        if self._at.is_relation:
            window.canvas.select_relation(self._at.id)
        else:
            window.canvas.select_span(self._at.id)
        self._focus(self._at.attribute.name)

    def categories(self) -> None:
        """Go to the field that gives the selected label its categories."""
        window = self._window
        page, codebook = window.bench.page, window.bench.codebook
        if page is None or codebook is None:
            return
        span = window.canvas.state.span
        if not span:
            window.notices.tell("Select a claim first.", kind="info")
            return
        kind = page.span(span).kind
        takes = [each for each in codebook.attributes_of(kind) if each.type is AttributeType.CATEGORIES]
        if takes:
            self._focus(takes[0].name)
        else:
            window.notices.tell(
                f"No attribute of {kind} spans takes categories. Add one in the codebook (File menu, "
                "Attributes), of the type “Categories of the tree”.",
                kind="info",
            )

    def _focus(self, attribute: str) -> None:
        window = self._window
        window.right.setVisible(True)
        window.slots.check_views()
        window.beside.now()
        window.inspector.focus_attribute(attribute)

    def _is_here(self) -> bool:
        """Whether the keyboard is still where this went last."""
        state = self._window.canvas.state
        selected = self._at is not None and self._at.id in (state.span, state.relation)
        return selected and not self._window.canvas.hasFocus()


def _title(attribute: Attribute) -> str:
    return attribute.title or attribute.name
