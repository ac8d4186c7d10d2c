"""Categories by what is typed: what is found, and in which order."""

from __future__ import annotations

import pytest

from annotator.core.codebook import Category
from annotator.core.ranking import RECENT, CategoryIndex, CategoryUse, category_paths

TREE = [
    Category(code="sanctions", title="Sanctions", definition="Penalties between states: trade, finance."),
    Category(code="sanctions/relief", title="Relief"),
    Category(code="aid/relief", title="Relief"),
    Category(code="aid/émigrés", title="Aide aux émigrés", definition="Money for people who have fled."),
    Category(code="x1", title="Wohnungsbauförderung"),
    Category(code="100", title="Trade"),
]
INDEX = CategoryIndex(TREE)


def codes(typed: str, use: CategoryUse | None = None, taken: tuple[str, ...] = ()) -> list[str]:
    return [each.code for each in INDEX.search(typed, use, taken)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("relief", ["sanctions/relief", "aid/relief"]),
        ("REL sanc", ["sanctions/relief"]),
        ("sanc rel", ["sanctions/relief"]),
        ("sanctions/rel", ["sanctions/relief"]),
        ("sanc", ["sanctions", "sanctions/relief"]),
        ("trade", ["100", "sanctions"]),
        ("10", ["100"]),
        ("penal", ["sanctions"]),
        ("emigres", ["aid/émigrés"]),
        ("ÉMIGRÉS fled", ["aid/émigrés"]),
        ("anctions", ["sanctions", "sanctions/relief"]),
        ("bauforder", ["x1"]),
        ("nothing", []),
        ("relief zebra", []),
        ("", [each.code for each in TREE]),
        (" / ", [each.code for each in TREE]),
    ],
)
def test_words_in_any_order_find_by_their_beginnings(typed: str, found: list[str]) -> None:
    assert codes(typed) == found


def test_what_was_used_lately_comes_first_then_what_is_used_most() -> None:
    values = [["x1"]] * 5 + [["aid/relief"]] * 3 + [["sanctions"]]
    many = [[f"gone{nth}"] for nth in range(RECENT - 1)]
    use = CategoryUse([*values[:8], *many, ["sanctions"]])
    assert use.recent[0] == "sanctions"
    assert "x1" not in use.recent
    assert codes("", use)[:3] == ["sanctions", "x1", "aid/relief"]
    assert codes("relief", use) == ["aid/relief", "sanctions/relief"]
    use.add(["sanctions/relief"])
    assert codes("relief", use) == ["sanctions/relief", "aid/relief"]
    assert codes("sanc", use)[0] == "sanctions"  # a title goes before a path, whatever is used


def test_taken_ones_are_left_out() -> None:
    assert codes("relief", taken=("aid/relief",)) == ["sanctions/relief"]


def test_paths_go_by_titles_where_the_codebook_has_them() -> None:
    assert category_paths(TREE)["sanctions/relief"] == ("Sanctions", "Relief")
    assert category_paths(TREE)["aid/relief"] == ("aid", "Relief")
