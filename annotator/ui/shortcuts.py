"""From the table of actions to QActions with their keys, and to the sheet that lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from annotator.core.codebook import Codebook
from annotator.ui.actions import ACTIONS, ActionRow, Scope


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


def label_rows(codebook: Codebook) -> list[ActionRow]:
    """An action for each label that has a key, and one that puts it on top of the selected span."""
    rows: list[ActionRow] = []
    for label in codebook.labels:
        if not label.key:
            continue
        name = f"label_{label.kind}_{label.name}"
        rows.append(ActionRow(name, "&Label", label.name, (label.key.upper(),), slot=name))
        if label.key.isalpha():
            rows.append(
                ActionRow(
                    f"{name}_on_top",
                    "",
                    f"{label.name} over the same words",
                    (f"Shift+{label.key.upper()}",),
                    slot=f"{name}_on_top",
                )
            )
    return rows


def key_sheet(codebook: Codebook | None) -> list[tuple[str, str, str]]:
    """(group, keys, words) for the sheet of keys and the docs, in reading order."""
    rows = [
        ("Labels", label.key.upper(), label.name)
        for label in (codebook.labels if codebook else ())
        if label.key
    ]
    if rows:
        rows += [
            ("Labels", "Its key", "Label the selected words, or relabel the selected span"),
            ("Labels", "Its key", "With nothing selected: hold it ready for double clicks and drags"),
            ("Labels", "Shift + letter", "Add that label over the same words"),
        ]
    groups = {"": "Moving", "&Label": "Labels and suggestions"}
    for row in ACTIONS:
        if row.keys:
            group = groups.get(row.menu, row.menu.replace("&", ""))
            rows.append((group, " or ".join(row.keys), row.words))
    rows += [
        ("Mouse", "Click", "Select the innermost span; again: the next one outward"),
        ("Mouse", "Double click", "A word: label it or select it; a suggestion: accept it"),
        ("Mouse", "Triple click", "Select the sentence"),
        ("Mouse", "Drag", "Select words; with Alt single characters, with Ctrl one more fragment"),
        ("Mouse", "Drag an edge", "Resize the selected span; with Alt by characters"),
        ("Mouse", "Drag the round handle", "Draw a relation to a span that lights up"),
        ("Mouse", "Right click", "Everything that can be done there"),
        ("Mouse", "Ctrl + wheel", "Zoom"),
    ]
    order = {
        name: nth
        for nth, name in enumerate(
            ("Labels", "Labels and suggestions", "Moving", "Mouse", "Article", "File", "Edit", "View", "Help")
        )
    }
    return sorted(rows, key=lambda each: order.get(each[0], 99))
