"""Colours of labels: measured as the formulas say, always legible, and apart or said not to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook, Label, codebook_from_toml
from annotator.core.colours import (
    AA,
    APART,
    GROUNDS,
    PALETTE,
    VISIONS,
    ciede2000,
    colour_doubts,
    colour_of,
    colour_problem,
    contrast,
    difference,
    ink_and_tint,
    nearest_good,
    seen,
)
from annotator.core.errors import InputError
from annotator.core.model import Kind

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def label(name: str, colour: str, kind: Kind = Kind.ENTITY) -> Label:
    return Label(name=name, kind=kind, colour=colour)


def test_the_difference_of_colours_is_the_formula_of_ciede2000() -> None:
    for first, second, wanted in (  # from the data of Sharma, Wu and Dalal 2005
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ):
        assert ciede2000(first, second) == pytest.approx(wanted, abs=1e-4)


def test_simulated_vision_confuses_what_it_should() -> None:
    red, green = "#b03030", "#5e6b00"
    apart = {vision: ciede2000(seen(red, vision), seen(green, vision)) for vision in VISIONS}
    assert apart["deuteranopia"] < apart["full"] / 2
    assert seen("#ffffff", "protanopia") == pytest.approx((100, 0, 0), abs=0.1)


@given(COLOURS)
def test_lightness_chroma_and_hue_lead_back_to_the_colour(colour: str) -> None:
    from math import atan2, degrees, hypot

    lightness, a, b = seen(colour)
    back = colour_of(lightness, hypot(a, b), degrees(atan2(b, a)))
    assert back is not None
    assert ciede2000(seen(back), seen(colour)) < 0.7


@given(COLOURS, st.booleans())
def test_whatever_was_chosen_can_be_read(colour: str, dark: bool) -> None:
    ink, tint = ink_and_tint(colour, dark)
    assert all(contrast(ink, behind) >= AA for behind in (*GROUNDS[dark], tint))


def test_a_legible_colour_is_shown_as_it_is() -> None:
    assert ink_and_tint("#1F5FA8", False)[0] == "#1f5fa8"
    assert ink_and_tint("#ffff00", False)[0] != "#ffff00"


def test_a_pale_colour_is_said_to_be_with_a_near_one_that_can_be_read() -> None:
    book = Codebook(name="x", labels=(label("Person", "#ffd24d"), label("Place", "claim")))
    (doubt,) = colour_doubts(book.labels[0], book)
    assert "#ffd24d is too pale for words on the page (" in doubt.what
    assert doubt.better is not None
    assert ink_and_tint(doubt.better, False)[0] == doubt.better
    better = Codebook(name="x", labels=(label("Person", doubt.better), book.labels[1]))
    assert colour_doubts(better.labels[0], better) == []


def test_two_labels_of_one_kind_that_look_alike_are_said_to() -> None:
    book = Codebook(
        name="x",
        labels=(
            label("Person", "#a02020"),
            label("Place", "#a52222"),
            label("Actor", "#a02020", Kind.ACTOR),
        ),
    )
    (doubt,) = colour_doubts(book.labels[0], book)
    assert doubt.what.startswith("Looks ")
    assert "Place" in doubt.what
    assert doubt.better is not None
    assert difference(doubt.better, "#a52222")[0] >= APART
    assert colour_doubts(book.labels[2], book) == [], "of another kind"


def test_what_only_some_people_confuse_is_said_with_whom() -> None:
    book = Codebook(name="x", labels=(label("Yes", "#4a6a00"), label("No", "#8a5300")))
    (doubt,) = colour_doubts(book.labels[0], book)
    assert "to people who see no" in doubt.what


def test_the_palette_is_without_doubt() -> None:
    book = Codebook(name="x", labels=tuple(label(name, name) for name in PALETTE if name != "neutral"))
    assert [colour_doubts(each, book) for each in book.labels] == [[]] * 10


def test_where_no_colour_is_left_none_is_proposed() -> None:
    shades = [
        (lightness, chroma, hue) for lightness in (25, 40) for chroma in (15, 45) for hue in range(0, 360, 30)
    ]
    crowd = [made for each in shades if (made := colour_of(*each))]
    greys = [made for lightness in range(0, 60, 5) if (made := colour_of(lightness, 0, 0))]
    assert nearest_good("#336699", [*crowd, *greys]) is None


@pytest.mark.parametrize("colour", ["#12345", "#gggggg", "#1234567", "#12 345"])
def test_a_badly_written_colour_is_refused_in_a_file(colour: str) -> None:
    text = f'name = "x"\n[[labels]]\nname = "Person"\nkind = "entity"\ncolour = "{colour}"\n'
    with pytest.raises(InputError, match="is not written like #3a6ea5"):
        codebook_from_toml(text)


def test_own_colours_are_read_from_a_file() -> None:
    text = 'name = "x"\n[[labels]]\nname = "Person"\nkind = "entity"\ncolour = "#3A6EA5"\n'
    assert codebook_from_toml(text).labels[0].colour == "#3A6EA5"
    assert colour_problem("mauve") is not None
    assert colour_problem("#3A6EA5") is None
