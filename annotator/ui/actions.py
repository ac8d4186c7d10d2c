"""The table of every action: its name, words, keys, menu, and the method that it calls.

Menus, shortcuts, the sheet of keys and ``docs/keys.md`` are all made from here. Labels add their
own actions from the codebook. A slot is ``part.method`` of the workbench's parts, see
:class:`annotator.ui.main_window.MainWindow`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from annotator.core.codebook import Codebook
from annotator.core.model import Status


class Scope(Enum):
    """Where a key works."""

    WINDOW = "window"
    """Everywhere, except for letters while text is being typed."""
    CANVAS = "canvas"
    """While the article has the keyboard."""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action. ``menu`` is empty for those that only have a key; ``keys`` are portable texts."""

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    scope: Scope = Scope.WINDOW
    slot: str = ""
    arguments: tuple[object, ...] = ()
    checkable: bool = False
    separator: bool = False
    """Whether a line is drawn above it in the menu."""
    help: str = ""
    """What the sheet of keys says; empty: the text."""

    @property
    def words(self) -> str:
        """What the sheet of keys says."""
        return self.help or self.text.replace("&", "").rstrip("…")


_C = Scope.CANVAS

ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("new_project", "&File", "&New project…", ("Ctrl+N",), slot="files.new_project"),
    ActionRow("open_project", "&File", "&Open project…", ("Ctrl+O",), slot="files.open_project"),
    ActionRow("open_sample", "&File", "Open the &sample project", slot="files.open_sample"),
    ActionRow(
        "import_files",
        "&File",
        "&Import articles…",
        ("Ctrl+I",),
        slot="files.import_files",
        separator=True,
    ),
    ActionRow("import_folder", "&File", "Import a &folder…", slot="files.import_folder"),
    ActionRow(
        "paste_article",
        "&File",
        "&Paste as new article…",
        ("Ctrl+Shift+V",),
        slot="files.paste_article",
    ),
    ActionRow("export", "&File", "&Export…", ("Ctrl+E",), slot="files.export", separator=True),
    ActionRow("quit", "&File", "&Quit", ("Ctrl+Q",), slot="slots.quit", separator=True),
    ActionRow("undo", "&Edit", "&Undo", ("Ctrl+Z",), slot="bench.undo"),
    ActionRow("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), slot="bench.redo"),
    ActionRow("copy", "&Edit", "&Copy text", ("Ctrl+C",), _C, "slots.copy_text", separator=True),
    ActionRow("delete", "&Edit", "&Delete the label", ("Del", "Backspace"), _C, "hands.delete"),
    ActionRow(
        "search",
        "&Edit",
        "&Search articles",
        ("Ctrl+Shift+F",),
        slot="slots.focus_search",
        separator=True,
    ),
    ActionRow(
        "relate",
        "&Label",
        "&Relate to…",
        ("R",),
        slot="hands.relate",
        separator=True,
        help="Relate: then type the hint letter of a target, then a digit if asked",
    ),
    ActionRow("flip", "&Label", "&Turn the relation round", ("T",), slot="hands.flip"),
    ActionRow(
        "accept",
        "&Label",
        "&Accept the suggestion",
        ("Return", "Enter"),
        _C,
        "hands.accept",
        separator=True,
        help="Accept the suggestion and go on",
    ),
    ActionRow(
        "reject",
        "&Label",
        "Re&ject the suggestion",
        ("X",),
        slot="hands.reject",
        help="Reject the suggestion and go on",
    ),
    ActionRow("next_suggestion", "&Label", "&Next suggestion", ("Tab",), _C, "hands.next_suggestion", (1,)),
    ActionRow(
        "previous_suggestion",
        "&Label",
        "&Previous suggestion",
        ("Shift+Tab",),
        _C,
        "hands.next_suggestion",
        (-1,),
    ),
    ActionRow(
        "left_back",
        "&Label",
        "Left edge one word back",
        ("{",),
        _C,
        "hands.move_edge",
        (-1, True),
        separator=True,
    ),
    ActionRow("left_forward", "&Label", "Left edge one word on", ("}",), _C, "hands.move_edge", (1, True)),
    ActionRow("right_back", "&Label", "Right edge one word back", ("[",), _C, "hands.move_edge", (-1, False)),
    ActionRow("right_forward", "&Label", "Right edge one word on", ("]",), _C, "hands.move_edge", (1, False)),
    ActionRow(
        "note",
        "&Label",
        "N&ote",
        ("N",),
        slot="slots.focus_note",
        separator=True,
        help="Write a note on the label, or on the article if nothing is selected",
    ),
    ActionRow(
        "attributes",
        "&Label",
        "A&ttributes",
        ("E",),
        slot="slots.focus_attributes",
        help="Go to the attributes of the selected label",
    ),
    ActionRow(
        "finish",
        "&Article",
        "&Finish and go on",
        ("Ctrl+Return", "Ctrl+Enter"),
        slot="slots.leave_as",
        arguments=(Status.DONE,),
        help="Mark the article as done and open the next",
    ),
    ActionRow(
        "skip",
        "&Article",
        "&Skip and go on",
        ("Ctrl+Shift+Return",),
        slot="slots.leave_as",
        arguments=(Status.SKIPPED,),
        help="Mark the article as skipped and open the next",
    ),
    ActionRow(
        "next_article",
        "&Article",
        "&Next article",
        ("Ctrl+Down", "Alt+Right"),
        slot="slots.step_article",
        arguments=(1,),
        separator=True,
    ),
    ActionRow(
        "previous_article",
        "&Article",
        "&Previous article",
        ("Ctrl+Up", "Alt+Left"),
        slot="slots.step_article",
        arguments=(-1,),
    ),
    ActionRow(
        "flag",
        "&Article",
        "F&lag",
        ("F",),
        slot="bench.toggle_flag",
        separator=True,
        help="Flag the article for a second look",
    ),
    ActionRow(
        "furniture",
        "&Article",
        "Paragraph is f&urniture",
        ("Shift+F",),
        slot="hands.toggle_furniture",
        help="Take the selected word's paragraph out of the article, or back in",
    ),
    ActionRow("suggest", "&Article", "Suggest &entities", slot="bench.suggest_all", separator=True),
    ActionRow("stop", "&Article", "St&op suggesting", slot="bench.stop_suggesting"),
    ActionRow("zoom_in", "&View", "Zoom &in", ("Ctrl++", "Ctrl+="), slot="canvas.step_zoom", arguments=(1,)),
    ActionRow("zoom_out", "&View", "Zoom &out", ("Ctrl+-",), slot="canvas.step_zoom", arguments=(-1,)),
    ActionRow("zoom_reset", "&View", "&Usual size", ("Ctrl+0",), slot="canvas.step_zoom", arguments=(0,)),
    ActionRow(
        "theme", "&View", "&Light or dark", ("Ctrl+Shift+D",), slot="slots.toggle_theme", separator=True
    ),
    ActionRow(
        "show_list", "&View", "&Articles", ("F8",), slot="slots.toggle_list", checkable=True, separator=True
    ),
    ActionRow(
        "show_inspector", "&View", "I&nspector", ("F9",), slot="slots.toggle_inspector", checkable=True
    ),
    ActionRow("full_screen", "&View", "&Full screen", ("F11",), slot="slots.toggle_full_screen"),
    ActionRow("keys", "&Help", "&Keys", ("?", "F1"), slot="slots.show_keys"),
    ActionRow("logs", "&Help", "Open the &log folder", slot="slots.open_logs"),
    ActionRow("about", "&Help", "&About Annotator", slot="slots.show_about"),
    ActionRow("word_left", "", "Previous word", ("Left",), _C, "hands.move", (-1,)),
    ActionRow("word_right", "", "Next word", ("Right",), _C, "hands.move", (1,)),
    ActionRow(
        "word_left_extend", "", "Select to the previous word", ("Shift+Left",), _C, "hands.move", (-1, True)
    ),
    ActionRow(
        "word_right_extend", "", "Select to the next word", ("Shift+Right",), _C, "hands.move", (1, True)
    ),
    ActionRow("sentence_left", "", "Previous sentence", ("Ctrl+Left",), _C, "hands.move_sentence", (-1,)),
    ActionRow("sentence_right", "", "Next sentence", ("Ctrl+Right",), _C, "hands.move_sentence", (1,)),
    ActionRow(
        "sentence_left_extend",
        "",
        "Select to the previous sentence",
        ("Ctrl+Shift+Left",),
        _C,
        "hands.move_sentence",
        (-1, True),
    ),
    ActionRow(
        "sentence_right_extend",
        "",
        "Select to the next sentence",
        ("Ctrl+Shift+Right",),
        _C,
        "hands.move_sentence",
        (1, True),
    ),
    ActionRow("escape", "", "Give up, step by step; back to the article", ("Esc",), slot="slots.escape"),
)

MENUS = ("&File", "&Edit", "&Label", "&Article", "&View", "&Help")


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
