"""The codebook under a person's hands: every operation, its undo, the net moves, and what is wrong."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.codebook import (
    Attribute,
    AttributeType,
    Category,
    Codebook,
    Label,
    RelationType,
    codebook_from,
    codebook_to,
)
from annotator.core.colours import PALETTE
from annotator.core.drafting import Draft
from annotator.core.drafting.outline import outline
from annotator.core.errors import InputError
from annotator.core.model import Kind
from annotator.core.moves import Move, Part

BOOK = Codebook(
    name="Test",
    labels=(
        Label(name="Actor", kind=Kind.ACTOR, key="a", colour="actor"),
        Label(name="Person", kind=Kind.ENTITY, key="1", colour="person"),
        Label(name="Place", kind=Kind.ENTITY, key="2", colour="place"),
    ),
    attributes=(
        Attribute(
            name="form",
            title="form",
            type=AttributeType.CHOICE,
            kinds=frozenset({Kind.CLAIM}),
            choices=("demand", "promise", "other"),
            default="other",
        ),
        Attribute(
            name="topics",
            title="Topics",
            type=AttributeType.CATEGORIES,
            kinds=frozenset({Kind.CLAIM}),
            default=["trade/steel"],
        ),
        Attribute(name="sure", title="Sure", type=AttributeType.BOOLEAN, kinds=frozenset({Kind.CLAIM})),
    ),
    categories=(
        Category(code="trade", title="Trade"),
        Category(code="trade/steel", title="trade/steel"),
        Category(code="war", title="War"),
    ),
    relation_types=(
        RelationType(
            name="made_by", heads=frozenset({Kind.CLAIM}), tails=frozenset({Kind.ACTOR}), title="made by"
        ),
        RelationType(
            name="about",
            heads=frozenset({Kind.CLAIM}),
            tails=frozenset({Kind.ACTOR, Kind.ENTITY}),
            title="about",
        ),
    ),
)


@pytest.fixture
def draft() -> Draft:
    return Draft(BOOK)


def label_id(draft: Draft, name: str) -> int:
    return next(id_ for id_, each in draft.labels.items() if each.name == name)


def attribute_id(draft: Draft, name: str) -> int:
    return next(id_ for id_, each in draft.attributes.items() if each.name == name)


def choice_id(draft: Draft, attribute: str, text: str) -> int:
    return next(id_ for id_, each in draft.choices(attribute_id(draft, attribute)).items() if each == text)


def category_id(draft: Draft, code: str) -> int:
    waiting = draft.children(None)
    for each in waiting:
        if draft.category(each).code == code:
            return each
        waiting += draft.children(each)
    raise KeyError(code)


def relation_id(draft: Draft, name: str) -> int:
    return next(id_ for id_, each in draft.relation_types.items() if each.name == name)


def codes(draft: Draft) -> list[str]:
    return [each.code for each in draft.codebook.categories]


def test_opened_it_is_what_it_was(draft: Draft) -> None:
    assert draft.codebook == BOOK
    assert Draft(BOOK)._state.codebook(1) == BOOK, "made from its parts"
    assert not draft.changed
    assert draft.moves == ()
    assert draft.problems() == []


def test_renaming_twice_is_one_move_and_back_none(draft: Draft) -> None:
    person = label_id(draft, "Person")
    draft.change(person, name="Human")
    draft.change(person, name="Human being")
    assert draft.moves == (Move(Part.LABEL, ("entity", "Person"), ("entity", "Human being")),)
    draft.change(person, name="Person")
    assert draft.moves == ()
    assert not draft.changed


def test_two_labels_can_swap_their_names(draft: Draft) -> None:
    person, place = label_id(draft, "Person"), label_id(draft, "Place")
    draft.change(person, name="Place")
    assert [each.what for each in draft.problems()] == ["Two labels for entities are called “Place”."] * 2
    draft.change(place, name="Person")
    assert draft.problems() == []
    assert set(draft.moves) == {
        Move(Part.LABEL, ("entity", "Person"), ("entity", "Place")),
        Move(Part.LABEL, ("entity", "Place"), ("entity", "Person")),
    }


def test_made_and_removed_is_no_move_and_removed_is_one(draft: Draft) -> None:
    draft.remove(draft.add_label(Kind.ENTITY, "Ship"))
    assert draft.moves == ()
    draft.remove(label_id(draft, "Place"))
    assert draft.moves == (Move(Part.LABEL, ("entity", "Place"), None),)


def test_merging_leads_to_the_other_also_when_that_is_renamed(draft: Draft) -> None:
    person, place = label_id(draft, "Person"), label_id(draft, "Place")
    draft.merge(place, person)
    draft.change(person, name="Name")
    assert [each.name for each in draft.codebook.labels] == ["Actor", "Name"]
    assert {move.new for move in draft.moves} == {("entity", "Name")}
    draft.merge(person, label_id(draft, "Actor"))
    assert len(draft.labels) == 2, "labels of two kinds are not merged"


def test_typing_on_in_one_field_is_undone_at_once(draft: Draft) -> None:
    person = label_id(draft, "Person")
    for name in ("Pers", "Per", "Perp"):
        draft.change(person, name=name)
    draft.change(person, key="p")
    assert draft.undo() == "Change the label Perp"
    assert draft.labels[person].name == "Perp"
    draft.undo()
    assert draft.codebook == BOOK
    assert draft.undo() == ""
    draft.redo()
    draft.redo()
    assert (draft.labels[person].name, draft.labels[person].key) == ("Perp", "p")
    draft.settle()
    draft.change(person, key="q")
    draft.undo()
    assert draft.labels[person].key == "p"


def test_choices_are_renamed_removed_and_merged_and_the_default_goes_along(draft: Draft) -> None:
    form = attribute_id(draft, "form")
    draft.change(choice_id(draft, "form", "other"), text="else")
    assert draft.attributes[form].default == "else"
    draft.merge(choice_id(draft, "form", "else"), choice_id(draft, "form", "demand"))
    draft.remove(choice_id(draft, "form", "promise"))
    draft.add_choice(form, "threat")
    assert draft.attributes[form].choices == ("demand", "threat")
    assert draft.attributes[form].default == "demand"
    assert draft.moves == (
        Move(Part.CHOICE, ("form", "promise"), None),
        Move(Part.CHOICE, ("form", "other"), ("form", "demand")),
    )
    draft.remove(choice_id(draft, "form", "demand"))
    assert draft.attributes[form].default is None


def test_a_renamed_attribute_takes_its_choices_along_without_moves_of_their_own(draft: Draft) -> None:
    form = attribute_id(draft, "form")
    draft.change(form, name="kind")
    assert draft.attributes[form].title == "kind", "it had no title but its name"
    assert draft.moves == (Move(Part.ATTRIBUTE, ("form",), ("kind",)),)
    draft.change(choice_id(draft, "kind", "other"), text="else")
    assert Move(Part.CHOICE, ("form", "other"), ("kind", "else")) in draft.moves
    draft.remove(form)
    assert draft.moves == (Move(Part.ATTRIBUTE, ("form",), None),)


def test_an_attribute_of_another_type_loses_its_values_unless_they_fit(draft: Draft) -> None:
    form = attribute_id(draft, "form")
    draft.change(form, type=AttributeType.MULTI_CHOICE)
    assert draft.moves == ()
    assert draft.attributes[form].default == ["other"]
    draft.change(form, type=AttributeType.TEXT)
    assert draft.moves == (Move(Part.ATTRIBUTE, ("form",), None),)
    assert draft.attributes[form].default is None
    assert draft.problems() == []
    draft.change(form, type=AttributeType.CHOICE)
    assert draft.moves == ()
    draft.change(form, default="shout")
    assert [each.field for each in draft.problems()] == ["default"]


def test_attributes_of_one_type_are_merged_with_their_choices(draft: Draft) -> None:
    other = draft.add_attribute(
        Attribute(
            name="mood",
            type=AttributeType.CHOICE,
            kinds=frozenset({Kind.CLAIM}),
            choices=("demand", "fear"),
        )
    )
    draft.merge(attribute_id(draft, "form"), other)
    assert set(draft.moves) == {
        Move(Part.ATTRIBUTE, ("form",), ("mood",)),
        Move(Part.CHOICE, ("form", "promise"), None),
        Move(Part.CHOICE, ("form", "other"), None),
    }


def test_a_category_takes_what_is_below_it_along(draft: Draft) -> None:
    trade, war = category_id(draft, "trade"), category_id(draft, "war")
    draft.change(trade, segment="economy")
    assert codes(draft) == ["economy", "economy/steel", "war"]
    topics = attribute_id(draft, "topics")
    assert draft.attributes[topics].default == ["economy/steel"]
    draft.place_category(trade, war, None)
    assert codes(draft) == ["war", "war/economy", "war/economy/steel"]
    assert set(draft.moves) == {
        Move(Part.CATEGORY, ("trade",), ("war/economy",)),
        Move(Part.CATEGORY, ("trade/steel",), ("war/economy/steel",)),
    }
    draft.place_category(war, trade, None)
    assert codes(draft)[0] == "war", "not below itself"
    draft.remove(trade)
    assert codes(draft) == ["war"]
    assert draft.attributes[topics].default is None


def test_a_category_that_has_no_title_but_its_code_keeps_none(draft: Draft) -> None:
    draft.change(category_id(draft, "trade/steel"), segment="iron")
    assert draft.category(category_id(draft, "trade/iron")).title == "trade/iron"


def test_merging_a_category_hands_over_what_is_below_it(draft: Draft) -> None:
    draft.add_category("Steel", category_id(draft, "war"))
    draft.merge(category_id(draft, "trade"), category_id(draft, "war"))
    assert codes(draft) == ["war/steel-2", "war", "war/steel"], "where it stood, under a code of its own"
    assert set(draft.moves) == {
        Move(Part.CATEGORY, ("trade",), ("war",)),
        Move(Part.CATEGORY, ("trade/steel",), ("war/steel-2",)),
    }
    draft.merge(category_id(draft, "war"), category_id(draft, "war/steel"))
    assert "war" in codes(draft), "not into what is below it"


def test_order_within_a_kind_and_among_siblings(draft: Draft) -> None:
    draft.shift(label_id(draft, "Place"), -1)
    assert [each.name for each in draft.codebook.labels] == ["Actor", "Place", "Person"]
    draft.shift(label_id(draft, "Place"), -1)
    assert [each.name for each in draft.codebook.labels] == ["Actor", "Place", "Person"]
    draft.shift(category_id(draft, "war"), -1)
    assert codes(draft) == ["war", "trade", "trade/steel"]
    draft.shift(category_id(draft, "war"), 1)
    assert codes(draft) == [each.code for each in BOOK.categories]
    draft.shift(choice_id(draft, "form", "other"), -5)
    assert draft.attributes[attribute_id(draft, "form")].choices == ("other", "demand", "promise")
    assert draft.moves == ()


def test_codes_and_names_of_new_parts_follow_their_titles_until_set(draft: Draft) -> None:
    id_ = draft.add_category("", category_id(draft, "war"))
    draft.change(id_, title="Peace talks")
    assert draft.category(id_).code == "war/peace-talks"
    draft.change(id_, segment="talks")
    draft.change(id_, title="Talks of peace")
    assert draft.category(id_).code == "war/talks"
    made = draft.add_attribute(
        Attribute(name="attribute", type=AttributeType.TEXT, kinds=frozenset({Kind.CLAIM}))
    )
    draft.change(made, title="Form")
    assert draft.attributes[made].name == "form_2", "form is taken"
    old = attribute_id(draft, "topics")
    draft.change(old, title="Issues")
    assert draft.attributes[old].name == "topics", "what labels name does not change by its title"


def test_an_indented_list_becomes_a_tree(draft: Draft) -> None:
    text = "1. Climate\n\t- Targets: by when\n\t\t- Net zero\n\t- Taxes — on fuel\nHealth\n\n  Vaccines\n"
    ids = draft.add_outline(text)
    assert codes(draft)[3:] == [
        "climate",
        "climate/targets",
        "climate/targets/net-zero",
        "climate/taxes",
        "health",
        "health/vaccines",
    ]
    assert draft.category(ids[1]).definition == "by when"
    assert draft.category(ids[3]).definition == "on fuel"
    draft.undo()
    assert draft.codebook == BOOK
    assert outline("  \n") == []


def test_numbers_of_a_list_are_its_codes(draft: Draft) -> None:
    text = "5 Environment: all of it\n\t501 Water\n\t5.2 - Air – clean\n\t501 Soil\nOther"
    ids = draft.add_outline(text)
    assert codes(draft)[3:] == ["5", "5/501", "5/5.2", "5/501-2", "other"]
    assert [draft.category(each).title for each in ids] == ["Environment", "Water", "Air", "Soil", "Other"]
    assert [draft.category(each).definition for each in ids] == ["all of it", "", "clean", "", ""]
    assert outline("501 Environment") == [(0, "Environment", "", "501")]
    assert outline("501\tEnvironment") == [(0, "Environment", "", "501")]
    assert outline("1. Environment") == [(0, "Environment", "", "")]
    assert outline("2024 election") == [(0, "2024 election", "", "")]
    assert outline("Parties\n5 Star Movement\nThe left")[1].title == "5 Star Movement", "few have a number"


@pytest.mark.parametrize(
    ("spoil", "field", "words"),
    [
        (lambda d: d.rename_codebook(" "), "name", "The codebook needs a name."),
        (lambda d: d.change(label_id(d, "Person"), name=""), "name", "has no name"),
        (lambda d: d.change(label_id(d, "Person"), key="r"), "key", "is the window’s own"),
        (lambda d: d.change(label_id(d, "Person"), key="A"), "key", "A is that of “Actor” and of “Person”"),
        (lambda d: d.change(label_id(d, "Person"), key="ab"), "key", "one letter, digit or sign"),
        (lambda d: d.change(label_id(d, "Person"), colour="#12"), "colour", "not written like #3a6ea5"),
        (lambda d: d.change(attribute_id(d, "form"), name=""), "name", "has no name"),
        (lambda d: d.change(attribute_id(d, "form"), name="sure"), "name", "have the name “sure”"),
        (lambda d: d.change(attribute_id(d, "sure"), kinds=frozenset()), "kinds", "belongs to"),
        (lambda d: d.change(attribute_id(d, "sure"), default=3), "default", "takes true or false, not 3"),
        (lambda d: d.change(attribute_id(d, "sure"), type=AttributeType.CHOICE), "choices", "no choices yet"),
        (lambda d: d.add_choice(attribute_id(d, "form")), "choices", "is empty"),
        (lambda d: d.add_choice(attribute_id(d, "form"), "demand"), "choices", "“demand” twice"),
        (lambda d: d.change(category_id(d, "war"), segment="trade"), "segment", "have the code “trade”"),
        (lambda d: d.change(category_id(d, "war"), segment=""), "segment", "has no code"),
        (lambda d: d.change(relation_id(d, "about"), name="made_by"), "name", "have the name “made_by”"),
        (lambda d: d.change(relation_id(d, "about"), heads=frozenset()), "heads", "starts from"),
        (lambda d: d.change(relation_id(d, "about"), tails=frozenset()), "tails", "leads to"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_where(
    draft: Draft, spoil: Callable[[Draft], object], field: str, words: str
) -> None:
    spoil(draft)
    found = draft.problems()
    assert found
    assert found[0].field == field
    assert words in found[0].what
    draft.undo()
    assert draft.problems() == []


def test_another_codebook_keeps_what_it_has_too(draft: Draft) -> None:
    other = Codebook(
        name="Other",
        labels=(
            Label(name="Place", kind=Kind.ENTITY, colour="law"),
            Label(name="Human", kind=Kind.ENTITY, key="1", colour="person"),
            Label(name="Claim", kind=Kind.CLAIM),
        ),
        categories=(Category(code="economy"), Category(code="economy/trade", title="Trade")),
        relation_types=BOOK.relation_types[:1],
    )
    draft.take(other)
    assert draft.codebook == other
    assert set(draft.moves) == {
        Move(Part.LABEL, ("actor", "Actor"), None),
        Move(Part.LABEL, ("entity", "Person"), ("entity", "Human")),
        Move(Part.ATTRIBUTE, ("form",), None),
        Move(Part.ATTRIBUTE, ("topics",), None),
        Move(Part.ATTRIBUTE, ("sure",), None),
        Move(Part.CATEGORY, ("trade",), ("economy/trade",)),
        Move(Part.CATEGORY, ("trade/steel",), None),
        Move(Part.CATEGORY, ("war",), None),
        Move(Part.RELATION, ("about",), None),
    }
    draft.take(BOOK)
    assert draft.codebook == BOOK
    draft.undo()
    draft.undo()
    assert not draft.changed


def test_beginning_again_forgets_what_was_changed(draft: Draft) -> None:
    told: list[str] = []
    draft.listeners.append(lambda: told.append("changed"))
    draft.remove(label_id(draft, "Place"))
    draft.begin_again(draft.codebook)
    assert len(told) == 2
    assert not draft.changed
    assert draft.undoable == ""


# -- any sequence ---------------------------------------------------------------------------------

NAMES = st.sampled_from(["", "Actor", "Person", "Ship", "form", "mood", "war", "a/b", "é ü"])


@st.composite
def operations(draw: st.DrawFn) -> tuple[str, int, int, str, Any]:
    names = [
        "change",
        "add",
        "remove",
        "merge",
        "shift",
        "place",
        "undo",
        "redo",
        "take",
        "settle",
        "outline",
    ]
    return (
        draw(st.sampled_from(names)),
        draw(st.integers(0, 40)),
        draw(st.integers(0, 40)),
        draw(NAMES),
        draw(st.sampled_from(["name", "other", 1])),
    )


def run(draft: Draft, operation: tuple[str, int, int, str, Any]) -> None:
    what, one, other, name, extra = operation
    state = draft._state
    ids = [*state.labels, *state.attributes, *state.choices, *state.nodes, *state.relations]
    id_ = ids[one % len(ids)] if ids else 0
    second = ids[other % len(ids)] if ids else 0
    kinds = list(Kind)
    match what:
        case "change" if id_ in state.nodes:
            draft.change(id_, **{"segment" if extra == "name" else "title": name})
        case "change" if id_ in state.choices:
            draft.change(id_, text=name)
        case "change" if id_ in state.attributes and extra == 1:
            draft.change(id_, type=list(AttributeType)[other % len(AttributeType)], default=None)
        case "change" if id_ in state.labels and extra == 1:
            draft.change(id_, key=name[:1].lower())
        case "change" if id_ in state.labels:
            draft.change(id_, name=name)
        case "change":
            draft.change(id_, **{"name" if extra == "name" else "title": name})
        case "add":
            match one % 5:
                case 0:
                    draft.add_label(kinds[other % 4], name)
                case 1:
                    draft.add_attribute(
                        Attribute(name=name, type=AttributeType.TEXT, kinds=frozenset(kinds[:1]))
                    )
                case 2 if state.attributes:
                    draft.add_choice(list(state.attributes)[other % len(state.attributes)], name)
                case 3:
                    draft.add_category(name, second if second in state.nodes else None)
                case 4:
                    draft.add_relation(
                        RelationType(name=name, heads=frozenset(kinds[:1]), tails=frozenset(kinds[1:]))
                    )
        case "outline":
            draft.add_outline(f"{name}\n  {name} x\n y", second if second in state.nodes else None)
        case "remove":
            draft.remove(id_)
        case "merge":
            draft.merge(id_, second)
        case "shift":
            draft.shift(id_, other - 20)
        case "place" if id_ in state.nodes:
            draft.place_category(id_, second if second in state.nodes else None, None)
        case "undo":
            draft.undo()
        case "redo":
            draft.redo()
        case "take" if extra == 1:
            draft.take(BOOK)
        case "settle":
            draft.settle()


def words_of(book: Codebook, part: Part) -> set[tuple[str, ...]]:
    match part:
        case Part.LABEL:
            return {(str(each.kind), each.name) for each in book.labels}
        case Part.ATTRIBUTE:
            return {(each.name,) for each in book.attributes}
        case Part.CHOICE:
            return {(each.name, choice) for each in book.attributes for choice in each.choices}
        case Part.CATEGORY:
            return {(each.code,) for each in book.categories}
        case Part.RELATION:
            return {(each.name,) for each in book.relation_types}


@settings(max_examples=200, deadline=None)
@given(st.lists(operations(), max_size=14))
def test_any_sequence_leaves_a_valid_codebook_or_says_why(
    sequence: list[tuple[str, int, int, str, Any]],
) -> None:
    draft = Draft(BOOK)
    for each in sequence:
        run(draft, each)
    book = draft.codebook
    try:
        loaded: Codebook | None = codebook_from(codebook_to(book))
    except InputError:
        loaded = None
    if not draft.problems():
        assert loaded == book
        assert Draft(book).codebook == book
    moves = {(move.part, move.old): move.new for move in draft.moves}
    assert len(moves) == len(draft.moves)
    for (part, old), new in moves.items():
        assert old in words_of(BOOK, part)
        assert new is None or new in words_of(book, part)
        assert new != old
    for part in Part:
        for old in words_of(BOOK, part):
            attribute_goes = part is Part.CHOICE and (Part.ATTRIBUTE, old[:1]) in moves
            assert (part, old) in moves or attribute_goes or old in words_of(book, part), "nothing dangles"
    while draft.undo():
        pass
    assert draft.codebook == BOOK
    assert draft.moves == ()


# -- many labels at once ----------------------------------------------------------------------------


def test_new_labels_take_colours_that_nothing_has_while_there_are_any() -> None:
    draft = Draft(BOOK)
    used = {each.colour for each in BOOK.labels}
    free = [name for name in PALETTE if name != "neutral" and name not in used]
    draft.add_labels((Kind.ENTITY, f"n{nth}") for nth in range(len(free)))
    new = [each.colour for each in draft.codebook.labels if each.name.startswith("n")]
    assert sorted(new) == sorted(free)
    assert draft.undoable == "Add labels"
    draft.undo()
    assert draft.codebook.labels == BOOK.labels


def test_labels_added_together_are_as_those_added_one_by_one() -> None:
    one, together = Draft(BOOK), Draft(BOOK)
    wanted = [(kind, f"n{nth}") for nth in range(9) for kind in Kind]
    for kind, name in wanted:
        one.add_label(kind, name)
    ids = together.add_labels(wanted)
    assert together.codebook.labels == one.codebook.labels
    assert [(together.labels[id_].kind, together.labels[id_].name) for id_ in ids] == wanted
    assert together.add_labels([]) == []
    for kind in Kind:
        uses = Counter(each.colour for each in together.codebook.labels if each.kind == kind)
        assert max(uses.values()) - min(uses.values()) <= 1


def test_many_labels_are_added_in_no_time() -> None:
    draft = Draft(BOOK)
    begun = time.process_time()
    draft.add_labels((Kind.ENTITY, f"n{nth}") for nth in range(20_000))
    assert time.process_time() - begun < 5, "one by one they would take minutes"
    assert len(draft.labels) == len(BOOK.labels) + 20_000
