"""The relation types: a list, and the form of the one that is chosen."""

from __future__ import annotations

from typing import override

from PySide6.QtWidgets import QWidget

from annotator.core.codebook import RelationType
from annotator.core.model import Kind
from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.codebook.fields import Captioned, Guideline, Line, beside
from annotator.ui.codebook.labels_page import KINDS
from annotator.ui.codebook.page import PartsPage
from annotator.ui.codebook.parts import PartList, Row
from annotator.ui.controls import Chip, label
from annotator.ui.flow import FlowLayout
from annotator.ui.theme import Theme

_HINT = "When to draw it and when not, with examples. F1 shows it while labelling."


class RelationsPage(PartsPage):
    """Relation types in the order in which they are offered."""

    def __init__(self, desk: CodebookDesk, theme: Theme, parent: QWidget | None = None) -> None:
        nothing = "No relations yet.\nA relation joins two spans: a claim is made by an actor."
        super().__init__(desk, PartList("Relations", "Add relation", nothing, theme), "The relation", parent)
        self.title = Line("Title", "made by")
        self.name = Line("Name in files")
        self.heads = self._chips("Starts from", theme)
        self.tails = self._chips("Leads to", theme)
        self.sentence = label("", "quote", wrap=True)
        self.rule = label("", "quiet", wrap=True)
        self.rule.setAccessibleName("What the rule allows")
        self.description = Line("Description", "In one line, for lists and tool tips")
        self.guideline = Guideline(theme, _HINT)
        self._name = Captioned("Name in files", self.name)
        self._heads = Captioned("Starts from", self._row(self.heads))
        self._tails = Captioned("Leads to", self._row(self.tails))
        self._place(
            self.sentence,
            beside(Captioned("Title", self.title), self._name, stretches=(3, 2)),
            beside(self._heads, self._tails),
            self.rule,
            Captioned("Description", self.description),
            Captioned("Guideline", self.guideline),
        )
        self._join()

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

    def _join(self) -> None:
        self.list.add_asked.connect(self.add)
        self.title.typed.connect(lambda text: self._change(title=text))
        self.name.typed.connect(lambda text: self._change(name=text))
        self.description.typed.connect(lambda text: self._change(description=text))
        self.guideline.typed.connect(lambda text: self._change(guideline=text))
        for field, chips in (("heads", self.heads), ("tails", self.tails)):
            for chip in chips.values():
                chip.clicked.connect(lambda _=False, field=field, chips=chips: self._on_kinds(field, chips))

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

    def _on_kinds(self, field: str, chips: dict[Kind, Chip]) -> None:
        self._desk.draft.settle()
        self._change(**{field: frozenset(kind for kind, chip in chips.items() if chip.isChecked())})

    @override
    def _first(self) -> Line:
        return self.title

    @override
    def _fields(self) -> dict[str, QWidget]:
        return {"name": self.name, "heads": self.heads[Kind.CLAIM], "tails": self.tails[Kind.ACTOR]}

    # -- showing --------------------------------------------------------------------------------

    @override
    def show_draft(self) -> None:
        desk = self._desk
        rows = [
            Row(each.title or each.name, id_, ends_of(each), None, desk.flaw(id_))
            for id_, each in desk.draft.relation_types.items()
        ]
        self.list.show_rows(rows, may_edit=desk.may_edit)
        self._show_form()

    @override
    def _show_form(self) -> None:
        desk, id_, shown = self._desk, self.list.current, self.current
        self.area.setVisible(shown is not None)
        if shown is None or id_ is None:
            return
        self.form.setEnabled(desk.may_edit)
        self.sentence.setText(sentence_of(shown))
        self.rule.setText(rule_of(shown))
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


def rule_of(relation: RelationType) -> str:
    """Which labels a relation type joins, in words: any of the kinds."""

    def every(kinds: frozenset[Kind]) -> str:
        return " or ".join(f"any {kind} label" for kind in KINDS if kind in kinds)

    if not relation.heads or not relation.tails:
        return "The rule goes by kind, not by label."
    return (
        f"The rule goes by kind, not by label: from {every(relation.heads)} to {every(relation.tails)} "
        "of the codebook."
    )
