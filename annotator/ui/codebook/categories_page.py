"""The categories: the tree, in which they are made and moved, and the form of the one that is chosen."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from annotator.core.codebook import Attribute, AttributeType
from annotator.core.drafting.effects import parts
from annotator.core.drafting.outline import outline, unique
from annotator.core.model import Kind
from annotator.core.moves import Part
from annotator.ui.codebook.category_tree import CategoryTree
from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.codebook.fields import Captioned, Line, Text, scrolled
from annotator.ui.codebook.page import Page
from annotator.ui.controls import Chip, label, text_of
from annotator.ui.theme import Theme

_KEYS = (
    "Enter adds one after it · Shift+Enter below it · F2 renames · Alt+arrows move, also in and out · "
    "drag with the mouse · Ctrl+V makes categories of a copied list"
)
_LIST = "Economy\n    Trade: duties, quotas, agreements\n    Taxes\nHealth\n    Hospitals"


class CategoriesPage(Page):
    """The tree on the left, the form on the right, or the field for a list."""

    def __init__(self, desk: CodebookDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._under: int | None = None
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter categories")
        self.filter.setAccessibleName("Filter categories")
        self.filter.setClearButtonEnabled(True)
        self._filtering = QTimer(self, singleShot=True, interval=120)
        self.tree = CategoryTree(desk, theme)
        self.nothing = label("", "quiet", wrap=True)
        self.unused = label("No claim can be given these categories yet.", "quiet", wrap=True)
        self.use_chip = Chip("Let claims have them", theme, strong=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        within = QVBoxLayout(self.tree.viewport())
        within.setContentsMargins(12, 10, 12, 10)
        within.addWidget(self.nothing)
        self.add_chip = Chip("Add category", theme, icon="plus")
        self.below_chip = Chip("Add below", theme)
        self.paste_chip = Chip("Add a list…", theme)
        self.delete_chip = Chip("", theme, icon="trash", bare=True)
        self.delete_chip.setAccessibleName("Delete (Del)")
        self.delete_chip.setToolTip("Delete (Del)")
        self.path = label("", "quiet", wrap=True)
        self.title = Line("Title", "What annotators see")
        self.code = Line("Code")
        self.definition = Text("Definition", "What belongs here and what does not, with examples.", lines=6)
        self._code = Captioned("Code", self.code)
        self.form = self._make_form()
        self.area = scrolled(self.form, "The category")
        self.outline = Text("A list of categories, one a line", _LIST, lines=12)
        self.outline.setTabChangesFocus(False)
        self.take_chip = Chip("Add", theme, strong=True)
        self.leave_chip = Chip("Cancel", theme, bare=True)
        self.pasting = self._make_pasting()
        self._place()
        self._join()

    def _make_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(2, 0, 2, 12)
        column.setSpacing(16)
        column.addWidget(self.path)
        column.addWidget(Captioned("Title", self.title))
        column.addWidget(self._code)
        column.addWidget(Captioned("Definition", self.definition))
        column.addStretch(1)
        return form

    def _make_pasting(self) -> QWidget:
        made = QWidget()
        self.under = label("", "quiet", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addStretch(1)
        row.addWidget(self.leave_chip)
        row.addWidget(self.take_chip)
        column = QVBoxLayout(made)
        column.setContentsMargins(2, 0, 2, 0)
        column.setSpacing(8)
        column.addWidget(label("A list of categories", "heading"))
        column.addWidget(self.under)
        column.addWidget(self.outline, 1)
        column.addLayout(row)
        made.hide()
        return made

    def _place(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(4)
        for chip in (self.add_chip, self.below_chip, self.paste_chip):
            chips.addWidget(chip)
        chips.addStretch(1)
        chips.addWidget(self.delete_chip)
        using = QHBoxLayout()
        using.setSpacing(8)
        using.addWidget(self.unused, 1)
        using.addWidget(self.use_chip)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.filter)
        left.addWidget(self.tree, 1)
        left.addLayout(using)
        left.addLayout(chips)
        right = QVBoxLayout()
        right.addWidget(self.area, 1)
        right.addWidget(self.pasting, 1)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addLayout(left, 5)
        row.addLayout(right, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 8)
        column.setSpacing(8)
        column.addLayout(row, 1)
        self.keys = label(_KEYS, "quiet", wrap=True)
        column.addWidget(self.keys)

    def _join(self) -> None:
        desk, tree = self._desk, self.tree
        self.filter.textChanged.connect(lambda: self._filtering.start())
        self._filtering.timeout.connect(self._filter)
        tree.chosen.connect(lambda _: self._on_chosen())
        tree.form_asked.connect(self._go_to_form)
        tree.list_asked.connect(self.show_pasting)
        self.add_chip.clicked.connect(lambda: tree.add(below=False))
        self.below_chip.clicked.connect(lambda: tree.add(below=True))
        self.paste_chip.clicked.connect(lambda: self.show_pasting(""))
        self.delete_chip.clicked.connect(tree.delete)
        self.use_chip.clicked.connect(self._use)
        self.title.typed.connect(lambda text: self._change(title=text))
        self.code.typed.connect(lambda text: self._change(segment=text))
        self.definition.typed.connect(lambda text: self._change(definition=text))
        for line in (self.title, self.code):
            line.left.connect(desk.draft.settle)
        self.outline.typed.connect(lambda _: self._count())
        self.take_chip.clicked.connect(self._take)
        self.leave_chip.clicked.connect(self._leave_pasting)

    def _change(self, **fields: object) -> None:
        if self.tree.current is not None and self._desk.may_edit:
            self._desk.draft.change(self.tree.current, **fields)

    def _use(self) -> None:
        """Add the attribute through which claims get categories."""
        draft = self._desk.draft
        name = unique("category", (each.name for each in draft.attributes.values()), "_")
        kinds = frozenset({Kind.CLAIM})
        draft.add_attribute(
            Attribute(name=name, title="Category", type=AttributeType.CATEGORIES, kinds=kinds)
        )

    def _filter(self) -> None:
        self.tree.set_filter(self.filter.text())
        self._say_nothing()

    def _say_nothing(self) -> None:
        empty = not self.tree.model_.rowCount()
        none = "No category fits." if self.filter.text().strip() else "No categories yet. Enter adds one."
        self.nothing.setText(none if empty else "")
        self.nothing.setVisible(empty)

    def _go_to_form(self) -> None:
        self._leave_pasting()
        self.title.setFocus()
        self.title.selectAll()

    def go_to(self, id_: int, field: str = "") -> None:
        """Show a category and, where one is named, go to a field of its form."""
        self.catch_up()
        self._leave_pasting()
        self.filter.clear()
        self._filter()
        self.tree.go_to(id_)
        if field:
            (self.code if field == "segment" else self.title).setFocus()

    # -- a list at once ---------------------------------------------------------------------------

    def show_pasting(self, text: str) -> None:
        """Show the field for a list; what was copied stands in it already where it is one."""
        if not self._desk.may_edit:
            return
        copied = QGuiApplication.clipboard().text()
        text = text or (copied if len(outline(copied)) > 1 else "")
        self._under = self.tree.current
        self.pasting.show()
        self.area.hide()
        self.outline.show_text(text)
        self._count()
        self.outline.setFocus()

    def _count(self) -> None:
        number = len(outline(text_of(self.outline)))
        draft = self._desk.draft
        under = (
            f"below “{draft.path(self._under)}”" if draft.has(self._under) and self._under else "at the top"
        )
        self.under.setText(
            "One category a line; what is indented lies below the line above it, and what follows a colon "
            f"is its definition. They are added {under}."
        )
        self.take_chip.set_words(f"Add {parts(Part.CATEGORY, number)}")
        self.take_chip.setEnabled(bool(number))

    def _take(self) -> None:
        parent = self._under if self._desk.draft.has(self._under) else None
        made = self._desk.draft.add_outline(text_of(self.outline), parent)
        self.outline.show_text("")
        self._leave_pasting()
        if made:
            self.tree.go_to(made[0])
        self.tree.setFocus()

    def _leave_pasting(self) -> None:
        self.pasting.hide()
        self.area.show()

    # -- showing ----------------------------------------------------------------------------------

    @override
    def show_draft(self) -> None:
        self.tree.follow()
        may, some = self._desk.may_edit, self.tree.current is not None
        for chip in (self.add_chip, self.paste_chip):
            chip.setEnabled(may)
        for chip in (self.below_chip, self.delete_chip):
            chip.setEnabled(may and some)
        draft = self._desk.draft
        some = bool(draft.category_ids)
        self.filter.setVisible(some)  # else it would have the keyboard, and Enter would add nothing
        used = any(each.type is AttributeType.CATEGORIES for each in draft.attributes.values())
        for widget in (self.unused, self.use_chip):
            widget.setVisible(some and may and not used)
        self._say_nothing()
        self._show_form()

    def _on_chosen(self) -> None:
        self._desk.draft.settle()
        self.show_form_of_current()

    def show_form_of_current(self) -> None:
        """Show the form of the category that is chosen."""
        self.below_chip.setEnabled(self._desk.may_edit and self.tree.current is not None)
        self.delete_chip.setEnabled(self._desk.may_edit and self.tree.current is not None)
        self._show_form()

    def _show_form(self) -> None:
        desk, id_ = self._desk, self.tree.current
        shown = id_ is not None and desk.draft.has(id_)
        self.form.setVisible(shown)
        if id_ is None or not shown:
            return
        category = desk.draft.category(id_)
        parent = desk.draft.parent(id_)
        self.form.setEnabled(desk.may_edit)
        self.path.setText("" if parent is None else f"Below {desk.draft.path(parent)}")
        self.path.setVisible(parent is not None)
        self.title.show_text("" if category.title == category.code else category.title)
        self.title.setPlaceholderText(desk.draft.segment(id_) or "What annotators see")
        self.code.show_text(desk.draft.segment(id_))
        self.definition.show_text(category.definition)
        self._code.complain(desk.flaw(id_, "segment"))
        self._code.say(f"In files: {category.code}")
