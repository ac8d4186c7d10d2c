"""What applying a draft would do is said in words, with numbers."""

from __future__ import annotations

from annotator.core.codebook import Attribute, AttributeType, Category, Codebook, Label
from annotator.core.drafting import Draft
from annotator.core.drafting.effects import bearers, effect, title_of
from annotator.core.model import Kind
from annotator.core.moves import Part, Touched

BOOK = Codebook(
    name="Test",
    labels=tuple(Label(name=name, kind=Kind.ENTITY) for name in ("Person", "Place", "Ship")),
    attributes=(
        Attribute(name="form", type=AttributeType.TEXT, title="Form", kinds=frozenset({Kind.CLAIM})),
    ),
    categories=(Category(code="war"), Category(code="war/air"), Category(code="trade")),
)


def ids(draft: Draft) -> dict[str, int]:
    return {each.name: id_ for id_, each in draft.labels.items()}


def said(draft: Draft, *touched: int) -> str:
    numbers = [Touched(each) for each in touched] or [Touched()] * len(draft.moves)
    return effect(BOOK, draft.codebook, draft.moves, numbers)


def test_nothing_is_said_of_nothing() -> None:
    assert said(Draft(BOOK)) == ""


def test_renaming_merging_removing_with_numbers() -> None:
    draft = Draft(BOOK)
    draft.change(ids(draft)["Person"], name="Human")
    assert said(draft, 34) == "Renames 1 label on 34 spans."
    assert title_of(BOOK, draft.codebook, draft.moves) == "Change the label Person to Human"
    draft.merge(ids(draft)["Ship"], ids(draft)["Place"])
    assert said(draft, 34, 1) == "Renames 1 label on 34 spans, merges 1 label on 1 span."
    draft.remove(draft.children(None)[0])
    assert said(draft, 34, 1, 10, 2).endswith("removes 2 categories from 10 claims."), "those below are in it"
    assert title_of(BOOK, draft.codebook, draft.moves) == "Change the codebook"
    draft.remove(next(iter(draft.attributes)))
    assert said(draft, 34, 1, 8, 10, 2).endswith(
        "removes 1 attribute from 8 values, 2 categories from 10 claims."
    )


def test_a_swap_is_two_renamings() -> None:
    draft = Draft(BOOK)
    person, place = ids(draft)["Person"], ids(draft)["Place"]
    draft.change(person, name="Place")
    draft.change(place, name="Person")
    assert said(draft, 3, 4) == "Renames 2 labels on 7 spans."


def test_moving_a_category_and_what_is_below_it() -> None:
    draft = Draft(BOOK)
    war, trade = draft.children(None)
    draft.place_category(war, trade, None)
    assert said(draft, 2, 1).startswith("Moves 1 category on 2 claims")
    assert title_of(BOOK, draft.codebook, draft.moves) == "Change the category war to trade/war"


def test_renaming_a_category_takes_what_is_below_it_along_and_counts_it_once() -> None:
    draft = Draft(BOOK)
    war = draft.children(None)[0]
    draft.change(war, segment="conflict")
    assert said(draft, 12, 2) == "Renames 1 category on 12 claims."
    draft.change(draft.children(war)[0], segment="sky")
    assert said(draft, 12, 2) == "Renames 2 categories on 14 claims."
    draft.undo()
    draft.place_category(draft.children(war)[0], None, None)
    assert said(draft, 12, 2).startswith("Renames 1 category on 12 claims, moves 1 category on 2 claims")


def test_what_no_label_bears_is_said_too() -> None:
    draft = Draft(BOOK)
    draft.add_label(Kind.CLAIM, "Claim")
    draft.change(ids(draft)["Ship"], key="s")
    draft.shift(ids(draft)["Ship"], -1)
    draft.rename_codebook("Ships")
    assert said(draft) == "Adds 1 label, reorders the labels, changes 1 label, names the codebook “Ships”."


def test_an_attribute_that_becomes_of_another_type_is_cleared() -> None:
    draft = Draft(BOOK)
    draft.change(next(iter(draft.attributes)), type=AttributeType.DATE)
    assert said(draft, 5).startswith("Clears 1 attribute on 5 values")
    assert title_of(BOOK, draft.codebook, draft.moves) == "Change the attribute form"


def test_suggestions_are_counted_apart_from_the_labels_of_people() -> None:
    draft = Draft(BOOK)
    draft.change(ids(draft)["Person"], name="Human")
    numbers = [Touched(1, 3)]
    assert effect(BOOK, draft.codebook, draft.moves, numbers) == (
        "Renames 1 label on 1 span and 3 suggestions."
    )
    assert bearers(Part.LABEL, Touched(0, 1)) == "1 suggestion"
    assert bearers(Part.CATEGORY, Touched(2, 1200)) == "2 claims and 1,200 suggestions"
    assert bearers(Part.RELATION, Touched(1)) == "1 drawn relation"
