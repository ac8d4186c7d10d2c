"""The table of every action: its name, words, keys, menu, and the method that it calls.

Menus, shortcuts, the sheet of keys and ``docs/keys.md`` are all made from here. Labels add their
own actions from the codebook. A slot is ``part.method`` of the workbench's parts, see
:class:`annotator.ui.main_window.MainWindow`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

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
_EDGE = "hands.move_edge"

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
        "paste_article", "&File", "&Paste as new article…", ("Ctrl+Shift+V",), slot="files.paste_article"
    ),
    ActionRow("export", "&File", "&Export…", ("Ctrl+E",), slot="files.export", separator=True),
    ActionRow("save_copy", "&File", "Save a &copy…", slot="safety.save_copy"),
    ActionRow("restore_backup", "&File", "Restore a &backup…", slot="safety.restore"),
    ActionRow("ask_name", "&File", "Who is &labelling…", slot="slots.ask_name", separator=True),
    ActionRow("quit", "&File", "&Quit", ("Ctrl+Q",), slot="slots.quit", separator=True),
    ActionRow("undo", "&Edit", "&Undo", ("Ctrl+Z",), slot="bench.undo"),
    ActionRow("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), slot="bench.redo"),
    ActionRow("copy", "&Edit", "&Copy text", ("Ctrl+C",), _C, "slots.copy_text", separator=True),
    ActionRow("delete", "&Edit", "&Delete the label", ("Del", "Backspace"), _C, "hands.delete"),
    ActionRow("find", "&Edit", "&Find in the article", ("Ctrl+F",), slot="finding.open", separator=True),
    ActionRow("find_quickly", "", "Find in the article", ("/",), _C, "finding.open"),
    ActionRow("find_next", "&Edit", "Find &next", ("F3",), slot="finding.step", arguments=(1,)),
    ActionRow(
        "find_previous", "&Edit", "Find pre&vious", ("Shift+F3",), slot="finding.step", arguments=(-1,)
    ),
    ActionRow(
        "find_everywhere", "&Edit", "Find in &all articles", ("Ctrl+Shift+F",), slot="finding.open_project"
    ),
    ActionRow("search", "&Edit", "&Search the list of articles", ("Ctrl+L",), slot="slots.focus_search"),
    ActionRow(
        "relate",
        "&Label",
        "&Relate to…",
        ("R",),
        slot="linking.relate",
        separator=True,
        help="Relate: then type the hint letter of a target, then a digit if asked",
    ),
    ActionRow(
        "repeat",
        "&Label",
        "Relate &again",
        ("Shift+R",),
        slot="linking.repeat",
        help="Draw once more from the same span with the same type; to the selected span if that is legal",
    ),
    ActionRow(
        "pin",
        "&Label",
        "&Pin for relations",
        ("P",),
        slot="linking.pin",
        help="Pin the selected span: R then relates it to whatever is selected, also far away",
    ),
    ActionRow("flip", "&Label", "&Turn the relation round", ("T",), slot="linking.flip"),
    ActionRow("relations", "", "Go through the label's relations", ("V",), slot="linking.step_relation"),
    ActionRow("other_end", "", "Go to the relation's other end", ("B",), slot="linking.other_end"),
    ActionRow(
        "accept",
        "&Label",
        "&Accept the suggestion",
        ("Return", "Enter"),
        _C,
        "slots.accept",
        separator=True,
        help="Accept the suggestion and go on",
    ),
    ActionRow(
        "reject",
        "&Label",
        "Re&ject the suggestion",
        ("X",),
        slot="listing.reject",
        help="Reject the suggestion and go on",
    ),
    ActionRow(
        "accept_alike",
        "&Label",
        "Accept all a&like here",
        ("Shift+Return", "Shift+Enter"),
        _C,
        "together.alike",
        (True, False),
        help="Accept every suggestion of equal text and label in the article",
    ),
    ActionRow(
        "reject_alike",
        "&Label",
        "Reject all alike here",
        ("Shift+X",),
        slot="together.alike",
        arguments=(False, False),
        help="Reject every suggestion of equal text and label in the article",
    ),
    ActionRow(
        "accept_alike_everywhere",
        "&Label",
        "Accept all alike in the project",
        ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        slot="together.alike",
        arguments=(True, True),
        help="Count the equal suggestions of the whole project; once more: accept them",
    ),
    ActionRow(
        "reject_alike_everywhere",
        "&Label",
        "Reject all alike in the project",
        ("Ctrl+Shift+X",),
        slot="together.alike",
        arguments=(False, True),
        help="Count the equal suggestions of the whole project; once more: reject them",
    ),
    ActionRow(
        "propose",
        "&Label",
        "Propose the other places",
        ("G",),
        slot="review.propose",
        help="Propose every other occurrence of the selected label's words",
    ),
    ActionRow(
        "propose_any_case",
        "&Label",
        "Propose the other places in any case",
        ("Shift+G",),
        slot="review.propose",
        arguments=(False,),
        help="The same without regard to capital letters",
    ),
    ActionRow(
        "least_certain_first",
        "&Label",
        "Least certain first",
        slot="slots.toggle_order",
        checkable=True,
        help="Go through the suggestions by confidence, the lowest first",
    ),
    ActionRow(
        "accept_by_confidence",
        "&Label",
        "Accept suggestions by confidence…",
        slot="listing.go_threshold",
        help="Go to the slider under the list that accepts every suggestion which is sure enough",
    ),
    ActionRow("next_suggestion", "&Label", "&Next suggestion", ("Tab",), _C, "review.step", (1,)),
    ActionRow(
        "previous_suggestion",
        "&Label",
        "&Previous suggestion",
        ("Shift+Tab",),
        _C,
        "review.step",
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
    ActionRow("left_forward", "&Label", "Left edge one word on", ("}",), _C, _EDGE, (1, True)),
    ActionRow("right_back", "&Label", "Right edge one word back", ("[",), _C, _EDGE, (-1, False)),
    ActionRow("right_forward", "&Label", "Right edge one word on", ("]",), _C, _EDGE, (1, False)),
    ActionRow(
        "left_back_exact",
        "",
        "Left edge one character back",
        ("Alt+{",),
        _C,
        "hands.move_edge",
        (-1, True, True),
    ),
    ActionRow(
        "left_forward_exact",
        "",
        "Left edge one character on",
        ("Alt+}",),
        _C,
        "hands.move_edge",
        (1, True, True),
    ),
    ActionRow(
        "right_back_exact",
        "",
        "Right edge one character back",
        ("Alt+[",),
        _C,
        "hands.move_edge",
        (-1, False, True),
    ),
    ActionRow(
        "right_forward_exact",
        "",
        "Right edge one character on",
        ("Alt+]",),
        _C,
        "hands.move_edge",
        (1, False, True),
    ),
    ActionRow(
        "hold_fragment",
        "&Label",
        "Add a fragment",
        ("+",),
        _C,
        "hands.hold_fragment",
        help="Keep the selection as a fragment and choose one more; Enter adds it to the label",
    ),
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
        ("Alt+Return",),
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
    ActionRow("words", "&Article", "&Reporting words…", slot="slots.show_words"),
    ActionRow("zoom_in", "&View", "Zoom &in", ("Ctrl++", "Ctrl+="), slot="canvas.step_zoom", arguments=(1,)),
    ActionRow("zoom_out", "&View", "Zoom &out", ("Ctrl+-",), slot="canvas.step_zoom", arguments=(-1,)),
    ActionRow("zoom_reset", "&View", "&Usual size", ("Ctrl+0",), slot="canvas.step_zoom", arguments=(0,)),
    ActionRow(
        "interface_larger",
        "&View",
        "&Larger interface",
        slot="slots.step_scale",
        arguments=(1,),
        separator=True,
        help="Make menus, lists and everything else larger from the next start on",
    ),
    ActionRow(
        "interface_smaller",
        "&View",
        "&Smaller interface",
        slot="slots.step_scale",
        arguments=(-1,),
        help="Make menus, lists and everything else smaller from the next start on",
    ),
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
    ActionRow(
        "palette",
        "&Help",
        "&Commands by name…",
        ("Ctrl+K",),
        slot="slots.show_palette",
        help="Find every command by its name",
    ),
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
    ActionRow(
        "select_word",
        "",
        "Select a word by its letters",
        ("W",),
        slot="hands.word_by_hint",
        help="Show letters on every word in sight; typing them selects the word",
    ),
    ActionRow(
        "select_to_word",
        "",
        "Select up to a word",
        ("Shift+W",),
        slot="hands.word_by_hint",
        arguments=(True,),
        help="Show letters on every word in sight; typing them stretches the selection to it",
    ),
    ActionRow(
        "select_label",
        "",
        "Select a label by its letter",
        ("S",),
        slot="hands.select_by_hint",
        help="Show a letter on every label in sight; typing it selects the label",
    ),
    ActionRow(
        "outward",
        "",
        "Select the label around",
        ("O",),
        slot="hands.outward",
        help="Select the innermost label here; again: the next one outward",
    ),
    ActionRow("next_label", "", "Next label", (".",), slot="hands.step_label", arguments=(1,)),
    ActionRow("previous_label", "", "Previous label", (",",), slot="hands.step_label", arguments=(-1,)),
    ActionRow(
        "list_labels",
        "",
        "Go to the list of labels, and back",
        ("L",),
        slot="listing.go",
        help="Go to the list of labels: arrow keys move, Enter accepts or goes back; L or Esc goes back",
    ),
    ActionRow("filter_labels", "", "Filter the list of labels", ("Ctrl+Shift+L",), slot="listing.go_filter"),
    ActionRow("escape", "", "Give up, step by step; back to the article", ("Esc",), slot="slots.escape"),
)

MENUS = ("&File", "&Edit", "&Label", "&Article", "&View", "&Help")
