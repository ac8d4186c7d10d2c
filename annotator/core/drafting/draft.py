"""A codebook that is being edited: every operation, its own undo, what moves, and what is still wrong.

Each part keeps an id while it is renamed, moved and merged, so that what becomes of the labels
(:attr:`Draft.moves`) is the net difference from the codebook that was opened, however it came about.
A draft need not be valid in between: :meth:`Draft.problems` says what stands against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import count
from typing import Any

from annotator.core.codebook import Attribute, Category, Codebook, Label, RelationType
from annotator.core.colours import PALETTE
from annotator.core.drafting.changing import changed, free_segment
from annotator.core.drafting.flaws import Flaw, flaws
from annotator.core.drafting.matching import matched
from annotator.core.drafting.outline import outline, slug, unique
from annotator.core.drafting.state import Choice, Node, State, category_order, state_of
from annotator.core.model import Kind
from annotator.core.moves import Move, Part
from annotator.core.records import replace

MOST_UNDONE = 500
"""Operations that can be taken back at most."""


class Draft:
    """A codebook under the hands of a person.

    Parts are named by ids (see the properties that list them); an id that is no longer there is ignored.
    ``listeners`` are called after every change.
    """

    def __init__(self, codebook: Codebook) -> None:
        self._ids = count(1)
        self.listeners: list[Callable[[], None]] = []
        self._start(codebook)

    def _start(self, codebook: Codebook) -> None:
        self.original = codebook
        self._state = self._first = state_of(codebook, self._ids)
        self._before: list[tuple[str, State]] = []
        self._after: list[tuple[str, State]] = []
        self._typing: tuple[object, ...] = ()
        self._codebook: Codebook | None = codebook

    def begin_again(self, codebook: Codebook) -> None:
        """Start from another codebook; what was changed and could be undone is gone."""
        self._start(codebook)
        self._tell()

    # -- what there is --------------------------------------------------------------------------

    @property
    def codebook(self) -> Codebook:
        """The codebook as it is now, valid or not."""
        if self._codebook is None:
            self._codebook = self._state.codebook(self.original.version)
        return self._codebook

    @property
    def changed(self) -> bool:
        """Whether it differs from the codebook that was opened."""
        return self._state is not self._first and (self.codebook != self.original or bool(self.moves))

    @property
    def labels(self) -> Mapping[int, Label]:
        """The labels by id, in order."""
        return self._state.labels

    @property
    def attributes(self) -> Mapping[int, Attribute]:
        """The attributes by id, in order; their ``choices`` are in :meth:`choices`."""
        return {id_: self._state.attribute(id_) for id_ in self._state.attributes}

    @property
    def relation_types(self) -> Mapping[int, RelationType]:
        """The relation types by id, in order."""
        return self._state.relations

    def choices(self, attribute: int) -> Mapping[int, str]:
        """The choices of an attribute by id, in order."""
        return {id_: self._state.choices[id_].text for id_ in self._state.choices_of(attribute)}

    @property
    def category_ids(self) -> Collection[int]:
        """The ids of all categories."""
        return self._state.nodes.keys()

    def category(self, id_: int) -> Category:
        """A category with its full code."""
        node = self._state.nodes[id_]
        return Category(code=self._state.codes[id_], title=node.title, definition=node.definition)

    def children(self, parent: int | None) -> list[int]:
        """The ids of the categories right below one, or (None) at the top, in order."""
        return list(self._state.tree.get(parent, ()))

    def parent(self, id_: int) -> int | None:
        """The category above, None at the top."""
        return self._state.nodes[id_].parent

    def segment(self, id_: int) -> str:
        """The last part of a category's code."""
        return self._state.nodes[id_].segment

    def path(self, id_: int) -> str:
        """The titles of a category and of those above it: “Economy / Trade”."""
        node = self._state.nodes[id_]
        title = node.title if node.title and node.title != self._state.codes[id_] else node.segment
        return title if node.parent is None else f"{self.path(node.parent)} / {title}"

    def old_words(self, id_: int) -> list[tuple[Part, tuple[str, ...]]]:
        """The words of the codebook that was opened whose labels bear a part now, or what goes with it."""
        family = self._state.family(id_)
        return [words for words, now in self._state.fates.items() if now in family]

    def has(self, id_: int | None) -> bool:
        """Whether a part of that id is there."""
        state = self._state
        return any(
            id_ in part
            for part in (state.labels, state.attributes, state.choices, state.nodes, state.relations)
        )

    # -- changing -------------------------------------------------------------------------------

    def _put(self, title: str, state: State, typing: tuple[object, ...] = ()) -> None:
        """Take over a state; what is typed on in one field is one operation."""
        if state is self._state:
            return
        if not typing or typing != self._typing:
            self._before.append((title, self._state))
            del self._before[:-MOST_UNDONE]
        self._typing = typing
        self._after.clear()
        self._show(state)

    def _show(self, state: State) -> None:
        self._state = state
        self._codebook = None
        self._tell()

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()

    def settle(self) -> None:
        """What is typed from now on is an operation of its own."""
        self._typing = ()

    @property
    def undoable(self) -> str:
        """What undo would take back; empty for nothing."""
        return self._before[-1][0] if self._before else ""

    @property
    def redoable(self) -> str:
        """What redo would do again; empty for nothing."""
        return self._after[-1][0] if self._after else ""

    def undo(self, *, for_good: bool = False) -> str:
        """Take the last operation back. Gives its title; empty where there is none.

        ``for_good``: as if it had never been, so that redo does not bring it again.
        """
        title = self._step(self._before, self._after)
        if for_good:
            self._after.clear()
        return title

    def redo(self) -> str:
        """Do again what was undone last. Gives its title; empty where there is nothing."""
        return self._step(self._after, self._before)

    def _step(self, source: list[tuple[str, State]], other: list[tuple[str, State]]) -> str:
        if not source:
            return ""
        title, state = source.pop()
        other.append((title, self._state))
        self._typing = ()
        self._show(state)
        return title

    def discard(self) -> None:
        """Back to the codebook that was opened, as one operation."""
        self._put("Discard the changes", self._first)

    def rename_codebook(self, name: str) -> None:
        """Give the codebook another name."""
        self._put("Rename the codebook", replace(self._state, name=name), ("codebook",))

    def change(self, id_: int, **fields: Any) -> None:
        """Set fields of a label, an attribute, a choice (``text``), a category or a relation type.

        A category's fields are ``title``, ``segment`` and ``definition``. What is set in the same fields
        of the same part before anything else counts as typed on. A title that was the name's goes along
        with the name; the name of a part that is new goes along with its title until it is set.
        """
        made = changed(self._state, id_, fields)
        if made != self._state:
            self._put("Change " + self.name_of(id_), made, (id_, *sorted(fields)))

    def name_of(self, id_: int) -> str:
        """A part's name with its article: “the label Person”."""
        state = self._state
        if id_ in state.labels:
            return f"the label {state.labels[id_].name}".rstrip()
        if id_ in state.attributes:
            each = state.attributes[id_]
            return f"the attribute {each.title or each.name}".rstrip()
        if id_ in state.choices:
            return f"the choice {state.choices[id_].text}".rstrip()
        if id_ in state.nodes:
            return f"the category {state.nodes[id_].title or state.nodes[id_].segment}".rstrip()
        if id_ in state.relations:
            return f"the relation {state.relations[id_].title or state.relations[id_].name}".rstrip()
        return "a part"

    # -- adding ---------------------------------------------------------------------------------

    def add_label(self, kind: Kind, name: str = "", colour: str = "") -> int:
        """Make a label, below the others of its kind. Gives its id."""
        (id_,) = self.add_labels([(kind, name)], colour)
        return id_

    def add_labels(self, wanted: Iterable[tuple[Kind, str]], colour: str = "") -> list[int]:
        """Make labels, each below the others of its kind, as one operation. Gives their ids.

        Without a ``colour`` each takes the one of the palette that the fewest of its kind have; of those, one
        that the fewest labels have.
        """
        labels = self._state.labels
        of_kind = Counter((each.kind, each.colour) for each in labels.values())
        of_all = Counter(each.colour for each in labels.values())
        names = [name for name in PALETTE if name != "neutral"]
        made: dict[Kind, dict[int, Label]] = defaultdict(dict)
        ids: list[int] = []
        for kind, name in wanted:
            free = colour or min(names, key=lambda it: (of_kind[kind, it], of_all[it], it != kind.value))
            of_kind[kind, free] += 1
            of_all[free] += 1
            ids.append(next(self._ids))
            made[kind][ids[-1]] = Label(name=name, kind=kind, colour=free)
        last = {each.kind: id_ for id_, each in labels.items()}
        rows: dict[int, Label] = {}
        for id_, each in labels.items():
            rows[id_] = each
            if last[each.kind] == id_:
                rows |= made.pop(each.kind, {})
        for others in made.values():
            rows |= others
        if ids:
            title = "Add a label" if len(ids) == 1 else "Add labels"
            self._put(title, replace(self._state, labels=rows, new=self._state.new | set(ids)))
        return ids

    def add_attribute(self, attribute: Attribute) -> int:
        """Add an attribute at the end. Gives its id."""
        id_ = next(self._ids)
        choices = {next(self._ids): Choice(id_, text) for text in attribute.choices}
        all_choices = {**self._state.choices, **choices}
        kept = replace(self._state, choices=all_choices).kept(id_, attribute)
        self._add(
            id_, "Add an attribute", attributes={**self._state.attributes, id_: kept}, choices=all_choices
        )
        return id_

    def add_choice(self, attribute: int, text: str = "") -> int:
        """Add a choice at the end of an attribute's. Gives its id."""
        id_ = next(self._ids)
        self._add(id_, "Add a choice", choices={**self._state.choices, id_: Choice(attribute, text)})
        return id_

    def add_relation(self, relation: RelationType) -> int:
        """Add a relation type at the end. Gives its id."""
        id_ = next(self._ids)
        self._add(id_, "Add a relation", relations={**self._state.relations, id_: relation})
        return id_

    def add_category(self, title: str = "", parent: int | None = None, after: int | None = None) -> int:
        """Add a category below a parent, behind the sibling ``after`` or at the end. Gives its id."""
        id_ = next(self._ids)
        node = Node(parent, free_segment(self._state, title, parent), title)
        nodes = {**self._state.nodes, id_: node}
        self._add(id_, "Add a category", nodes=category_order(nodes, id_, after))
        return id_

    def add_outline(self, text: str, parent: int | None = None) -> list[int]:
        """Add the categories of an indented list, one a line, below a parent. Gives their ids.

        What comes deeper than the line before lies below it. Behind a title may follow a tab, a colon or
        a dash with blanks, and a definition; bullets and numbers of a list before it are left away, and
        a bare number, as in “501 Environment”, is the code.
        """
        state, made = self._state, []
        above: list[tuple[int, int | None]] = [(-1, parent)]
        nodes = dict(state.nodes)
        taken: dict[int | None, set[str]] = {}
        for depth, title, definition, code in outline(text):
            while len(above) > 1 and above[-1][0] >= depth:
                above.pop()
            under, id_ = above[-1][1], next(self._ids)
            if under not in taken:
                taken[under] = {nodes[each].segment for each in state.tree.get(under, ())}
            segment = unique(code or slug(title, "-") or "category", taken[under], "-")
            taken[under].add(segment)
            nodes[id_] = Node(under, segment, title, definition)
            above.append((depth, id_))
            made.append(id_)
        if made:
            self._put("Add categories", replace(state, nodes=nodes, new=state.new | set(made)))
        return made

    def _add(self, id_: int, title: str, **parts: Any) -> None:
        self._put(title, replace(self._state, **parts, new=self._state.new | {id_}))

    # -- removing and merging -------------------------------------------------------------------

    def remove(self, id_: int) -> None:
        """Remove a part; a category with everything below it, an attribute with its choices."""
        if self.has(id_):
            self._put(f"Delete {self.name_of(id_)}", self._state.without(self._state.family(id_)))

    def merge(self, id_: int, into: int) -> None:
        """Remove a part whose labels or values become those of another of the same sort.

        Labels of one kind, attributes of one type, choices of one attribute, categories. What is below a
        category that is merged goes below the other one. Nothing happens where they do not match.
        """
        if not self.may_merge(id_, into):
            return
        state = self._state
        title = f"Merge {self.name_of(id_)} into {self.name_of(into)}"
        state = replace(state, fates={old: into if now == id_ else now for old, now in state.fates.items()})
        if id_ in state.nodes:
            taken = {state.nodes[each].segment for each in state.tree.get(into, ())}
            nodes = dict(state.nodes)
            for child in state.tree.get(id_, ()):
                segment = unique(nodes[child].segment, taken, "-")
                taken.add(segment)
                nodes[child] = replace(nodes[child], parent=into, segment=segment)
            state = replace(state, nodes=nodes)
        if id_ in state.attributes:
            same = {each.text: nth for nth, each in state.choices.items() if each.attribute == into}
            known = {nth: same.get(each.text) for nth, each in state.choices.items() if each.attribute == id_}
            fates = {old: known.get(now, now) if now in known else now for old, now in state.fates.items()}
            state = replace(state, fates=fates)
        self._put(title, state.without(state.family(id_), {id_: into}))

    def may_merge(self, id_: int, into: int) -> bool:
        """Whether a part can be merged into another."""
        state = self._state
        if id_ == into:
            return False
        if id_ in state.labels and into in state.labels:
            return state.labels[id_].kind == state.labels[into].kind
        if id_ in state.attributes and into in state.attributes:
            return state.attributes[id_].type == state.attributes[into].type
        if id_ in state.choices and into in state.choices:
            return state.choices[id_].attribute == state.choices[into].attribute
        if id_ in state.nodes and into in state.nodes:
            return into not in state.family(id_)
        return (
            id_ in state.relations
            and into in state.relations
            and state.relations[id_].heads <= state.relations[into].heads
            and state.relations[id_].tails <= state.relations[into].tails
        )

    def heirs(self, id_: int) -> list[tuple[str, int]]:
        """What a part can be merged into: its name and id."""
        state = self._state
        if id_ in state.nodes:
            family = state.family(id_)
            return [(self.path(nth), nth) for nth in state.nodes if nth not in family]
        rows = [(each.name, nth) for nth, each in state.labels.items()]
        rows += [(each.title or each.name, nth) for nth, each in state.attributes.items()]
        rows += [(each.text, nth) for nth, each in state.choices.items()]
        rows += [(each.title or each.name, nth) for nth, each in state.relations.items()]
        return [(name, nth) for name, nth in rows if self.may_merge(id_, nth)]

    # -- order ----------------------------------------------------------------------------------

    def shift(self, id_: int, by: int) -> None:
        """Move a part up (negative) or down among its own: labels of its kind, siblings of a category."""
        state = self._state
        for part in ("labels", "attributes", "choices", "relations"):
            rows: dict[int, Any] = getattr(state, part)
            if id_ in rows:
                mine = _among(id_, rows)
                to = min(len(mine) - 1, max(0, mine.index(id_) + by))
                if mine[to] != id_:
                    order = list(rows)
                    order.remove(id_)
                    order.insert(order.index(mine[to]) + (by > 0), id_)
                    moved: dict[str, Any] = {part: {each: rows[each] for each in order}}
                    self._put(f"Move {self.name_of(id_)}", replace(state, **moved))
        if id_ in state.nodes:
            mine = self.children(self.parent(id_))
            to = min(len(mine) - 1, max(0, mine.index(id_) + by))
            rest = [each for each in mine if each != id_]
            if mine[to] != id_:
                self.place_category(id_, self.parent(id_), rest[to - 1] if to else None)

    def place_category(self, id_: int, parent: int | None, after: int | None) -> None:
        """Put a category, with everything below it, under a parent behind a sibling; None: as the first."""
        state = self._state
        if id_ not in state.nodes or parent in state.family(id_) or after == id_:
            return
        node = state.nodes[id_]
        segment = node.segment
        if node.parent != parent:
            taken = {state.nodes[each].segment for each in self.children(parent)}
            segment = unique(segment, taken, "-")
        nodes = {**state.nodes, id_: replace(node, parent=parent, segment=segment)}
        placed = category_order(nodes, id_, after, first=after is None)
        if list(placed.items()) != list(state.nodes.items()):
            self._put(f"Move {self.name_of(id_)}", replace(state, nodes=placed))

    # -- all at once ----------------------------------------------------------------------------

    def take(self, codebook: Codebook, title: str = "Take another codebook") -> None:
        """Have everything as in another codebook, as one operation.

        Parts that it has too, under the same name, keep their labels, and so does a part that only its
        name tells from one that it has not. What is left has no counterpart and would be removed.
        """
        self._put(title, matched(self._state, state_of(codebook, self._ids)))

    # -- what it comes to -----------------------------------------------------------------------

    @property
    def moves(self) -> tuple[Move, ...]:
        """What becomes of the words of the codebook that was opened; those that stay are left out."""
        return self._state.moves(self.original)

    def problems(self) -> list[Flaw]:
        """What must be corrected before this can be a codebook, in plain sentences; none: it is valid."""
        return flaws(self._state, self.codebook)


def _among(id_: int, rows: Mapping[int, Any]) -> list[int]:
    """The ids that a part is in order with."""
    match rows[id_]:
        case Label(kind=kind):
            return [each for each, row in rows.items() if row.kind == kind]
        case Choice(attribute=attribute):
            return [each for each, row in rows.items() if row.attribute == attribute]
        case _:
            return list(rows)
