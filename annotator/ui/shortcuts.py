"""From the table of actions to QActions with their keys, and to the sheet that lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from annotator.core.codebook import Codebook, Label
from annotator.ui.action_row import ActionRow, Scope
from annotator.ui.actions import ACTIONS


def build(
    rows: Iterable[ActionRow],
    window: QWidget,
    canvas: QWidget,
    slot: Callable[[str], Callable[..., object]],
) -> dict[str, QAction]:
    """QActions for the rows, by id, each with its keys in its scope. ``slot`` resolves the names."""
    made: dict[str, QAction] = {}
    for row in rows:
        action = QAction(row.text, window)
        action.setObjectName(row.id)
        action.setCheckable(row.checkable)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        in_canvas = row.scope is Scope.CANVAS
        action.setShortcutContext(
            Qt.ShortcutContext.WidgetShortcut if in_canvas else Qt.ShortcutContext.WindowShortcut
        )
        (canvas if in_canvas else window).addAction(action)
        method = slot(row.slot)
        action.triggered.connect(lambda _=False, method=method, arguments=row.arguments: method(*arguments))
        made[row.id] = action
    return made


def label_action(label: Label) -> str:
    """The id of a label's action."""
    return f"label_{label.kind}_{label.name}"


def label_rows(codebook: Codebook) -> list[ActionRow]:
    """An action for each label, and one that puts it on top of the selected span."""
    rows: list[ActionRow] = []
    for label in codebook.labels:
        name, key = label_action(label), label.key.upper()
        rows.append(ActionRow(name, "&Label", label.name, (key,) if key else (), slot=name))
        twin = (f"Shift+{key}",) if len(key) == 1 and key.isalpha() else ()
        words = f"{label.name} over the same words"
        rows.append(ActionRow(f"{name}_on_top", "", words, twin, slot=f"{name}_on_top"))
    return rows


class SheetRow(Struct, frozen=True):
    """A line of the sheet of keys. ``keys`` are joined by “ or ”; without an ``id`` it is no action."""

    group: str
    keys: str
    words: str
    id: str = ""


def key_sheet(
    codebook: Codebook | None,
    keys: Mapping[str, Sequence[str]] | None = None,
    notes: Mapping[str, str] | None = None,
) -> list[SheetRow]:
    """The sheet of keys, in reading order.

    With ``keys`` (by action id) it is complete and says what each action has now, and with ``notes``
    what else is to be said of it; without, it has the usual keys and leaves out actions that have none,
    and the labels' twins.
    """
    labels = label_rows(codebook) if codebook else []

    def line(group: str, row: ActionRow) -> SheetRow | None:
        if keys is None and (not row.keys or row.id.endswith("_on_top")):
            return None
        shown = row.keys if keys is None else keys.get(row.id, ())
        note = (notes or {}).get(row.id)
        return SheetRow(group, " or ".join(shown), f"{row.words}. {note}" if note else row.words, row.id)

    found = [line("Labels", row) for row in labels]
    rows = [row for row in found if row]
    if rows:
        rows += [
            SheetRow("Labels", "Its key", "Label the selected words, or relabel the selected span"),
            SheetRow("Labels", "Its key", "With nothing selected: hold it ready for double clicks and drags"),
        ]
    if rows and keys is None:
        rows.append(SheetRow("Labels", "Shift + letter", "Add that label over the same words"))
    groups = {"": "Moving", "&Label": "Labels and suggestions"}
    for row in ACTIONS:
        made = line(groups.get(row.menu, row.menu.replace("&", "")), row)
        if made is not None:
            rows.append(made)
    rows += [
        SheetRow("Mouse", "Click", "Select the innermost span; again: the next one outward"),
        SheetRow("Mouse", "Double click", "A word: label it or select it; a suggestion: accept it"),
        SheetRow("Mouse", "Triple click", "Select the sentence"),
        SheetRow("Mouse", "Drag", "Select words; with Alt single characters, with Ctrl one more fragment"),
        SheetRow("Mouse", "Drag an edge", "Resize the selected span; with Alt by characters"),
        SheetRow("Mouse", "Drag the round handle", "Draw a relation to a span that lights up"),
        SheetRow("Mouse", "Right click", "Everything that can be done there"),
        SheetRow("Mouse", "Ctrl + wheel", "Zoom"),
    ]
    order = {
        name: nth
        for nth, name in enumerate(
            ("Labels", "Labels and suggestions", "Moving", "Mouse", "Article", "File", "Edit", "View", "Help")
        )
    }
    return sorted(rows, key=lambda each: order.get(each.group, 99))
