"""The relation types: a list, and the form of the one that is chosen."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.core.codebook import RelationType
from annotator.core.model import Kind
from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.codebook.fields import Captioned, Guideline, Line, beside, scrolled
from annotator.ui.codebook.labels_page import KINDS
from annotator.ui.codebook.parts import PartList, Row
from annotator.ui.controls import Chip, label
from annotator.ui.flow import FlowLayout
from annotator.ui.theme import Theme

_HINT = "When to draw it and when not, with examples. F1 shows it while labelling."


class RelationsPage(QWidget):
    """The list on the left, the form on the right."""

    def __init__(self, desk: CodebookDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.list = PartList(
            "Relations",
            "Add relation",
            "No relations yet.\nOne joins two spans: a claim is made by an actor.",
            theme,
        )
        self.list.setFixedWidth(264)
        self.title = Line("Title", "made by")
        self.name = Line("Name in files")
        self.heads = self._chips("Starts from", theme)
        self.tails = self._chips("Leads to", theme)
        self.sentence = label("", "quote", wrap=True)
        self.description = Line("Description", "In one line, for lists and tool tips")
        self.guideline = Guideline(theme, _HINT)
        self._name = Captioned("Name in files", self.name)
        self._heads = Captioned("Starts from", self._row(self.heads))
        self._tails = Captioned("Leads to", self._row(self.tails))
        self.form = self._make_form()
        self.area = scrolled(self.form, "The relation")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(20)
        row.addWidget(self.list)
        row.addWidget(self.area, 1)
        self._join()
        self.show_draft()

    def _chips(self, what: str, theme: Theme) -> dict[Kind, Chip]:
        made = {}
        for kind, (words, _) in KINDS.items():
            made[kind] = Chip(words, theme, checkable=True)
            made[kind].setAccessibleName(f"{what} {words.lower()}")
        return made

    def _row(self, chips: dict[Kind, Chip]) -> QWidget:
        made = QWidget()
        row = FlowLayout(made, gap=6, row_gap=6)
        for chip in chips.values():
            row.addWidget(chip)
        return made

    def _make_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(2, 0, 14, 12)
        column.setSpacing(16)
        column.addWidget(self.sentence)
        column.addWidget(beside(Captioned("Title", self.title), self._name, stretches=(3, 2)))
        column.addWidget(beside(self._heads, self._tails))
        column.addWidget(Captioned("Description", self.description))
        column.addWidget(Captioned("Guideline", self.guideline))
        column.addStretch(1)
        return form

    def _join(self) -> None:
        desk, parts = self._desk, self.list
        parts.chosen.connect(lambda _: self._on_chosen())
        parts.add_asked.connect(self.add)
        parts.shift_asked.connect(desk.draft.shift)
        parts.delete_asked.connect(desk.delete)
        parts.form_asked.connect(self._go_to_form)
        self.title.typed.connect(lambda text: self._change(title=text))
        self.name.typed.connect(lambda text: self._change(name=text))
        self.description.typed.connect(lambda text: self._change(description=text))
        self.guideline.typed.connect(lambda text: self._change(guideline=text))
        for line in (self.title, self.name, self.description):
            line.left.connect(desk.draft.settle)
        for field, chips in (("heads", self.heads), ("tails", self.tails)):
            for chip in chips.values():
                chip.clicked.connect(lambda _=False, field=field, chips=chips: self._on_kinds(field, chips))
        desk.changed.connect(self.show_draft)

    # -- adding and changing --------------------------------------------------------------------

    def add(self) -> None:
        """Add a relation from claims to actors and go to its title."""
        draft = self._desk.draft
        draft.settle()
        names = {each.name for each in draft.relation_types.values()}
        name = next(f"relation_{nth}" for nth in range(1, 10_000) if f"relation_{nth}" not in names)
        made = RelationType(name=name, title="", heads=frozenset({Kind.CLAIM}), tails=frozenset({Kind.ACTOR}))
        self.list.go_to(draft.add_relation(made))
        self._go_to_form()

    @property
    def current(self) -> RelationType | None:
        """The relation type that the form shows."""
        return self._desk.draft.relation_types.get(self.list.current or 0)

    def _change(self, **fields: object) -> None:
        if self.list.current is not None and self._desk.may_edit:
            self._desk.draft.change(self.list.current, **fields)

    def _on_kinds(self, field: str, chips: dict[Kind, Chip]) -> None:
        self._desk.draft.settle()
        self._change(**{field: frozenset(kind for kind, chip in chips.items() if chip.isChecked())})

    def _go_to_form(self) -> None:
        self.title.setFocus()
        self.title.selectAll()

    def go_to(self, id_: int, field: str = "") -> bool:
        """Show a relation type and go to a field of its form. Whether there is such a type."""
        if id_ not in self._desk.draft.relation_types:
            return False
        self.list.go_to(id_)
        fields: dict[str, QWidget] = {
            "name": self.name,
            "heads": self.heads[Kind.CLAIM],
            "tails": self.tails[Kind.ACTOR],
        }
        if field:
            widget = fields.get(field, self.title)
            widget.setFocus()
            self.area.ensureWidgetVisible(widget)
        return True

    # -- showing --------------------------------------------------------------------------------

    def show_draft(self) -> None:
        """Show the relation types as they are in the draft."""
        desk = self._desk
        rows = [
            Row(each.title or each.name, id_, ends_of(each), None, desk.flaw(id_))
            for id_, each in desk.draft.relation_types.items()
        ]
        self.list.show_rows(rows, may_edit=desk.may_edit)
        self._show_form()

    def _on_chosen(self) -> None:
        self._desk.draft.settle()
        self.area.verticalScrollBar().setValue(0)
        self._show_form()

    def _show_form(self) -> None:
        desk, id_, shown = self._desk, self.list.current, self.current
        self.form.setVisible(shown is not None)
        if shown is None or id_ is None:
            return
        self.form.setEnabled(desk.may_edit)
        self.sentence.setText(sentence_of(shown))
        self.title.show_text(shown.title)
        self.name.show_text(shown.name)
        self.description.show_text(shown.description)
        self.guideline.show_text(shown.guideline)
        for chips, kinds in ((self.heads, shown.heads), (self.tails, shown.tails)):
            for kind, chip in chips.items():
                chip.setChecked(kind in kinds)
        self._name.complain(desk.flaw(id_, "name"))
        self._heads.complain(desk.flaw(id_, "heads"))
        self._tails.complain(desk.flaw(id_, "tails"))


def ends_of(relation: RelationType) -> str:
    """What a relation type joins: “claim → actor, entity”."""
    sides = (", ".join(kind for kind in KINDS if kind in kinds) for kinds in (relation.heads, relation.tails))
    return " → ".join(side or "?" for side in sides)


def sentence_of(relation: RelationType) -> str:
    """What a relation type says: “A claim → made by → an actor or an entity”."""

    def any_of(kinds: frozenset[Kind]) -> str:
        words = [
            f"{'an' if kind in (Kind.ACTOR, Kind.ENTITY) else 'a'} {kind}" for kind in KINDS if kind in kinds
        ]
        return " or ".join(words) or "…"

    head = any_of(relation.heads)
    return f"{head[0].upper()}{head[1:]}  →  {relation.title or '…'}  →  {any_of(relation.tails)}"
