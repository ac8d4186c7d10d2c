"""Every colour that carries words can be read, in both appearances (WCAG AA, 4.5 : 1).

The labels' inks stay at least :data:`APART` apart by CIEDE2000 (1 is about just noticeable) for full
colour vision, protanopia, deuteranopia and tritanopia. Labels carry their names as well.
"""

from __future__ import annotations

import tomllib
from itertools import combinations

import pytest
from PySide6.QtGui import QColor

from annotator.runtime.resources import resource
from annotator.ui.theme import Theme, contrast, dark, light
from tests.ui.colour_vision import VISIONS, ciede2000, seen

AA = 4.5
APART = 7.5
LABELS = ("actor", "claim", "cue", "person", "organization", "place", "group", "event", "law", "work")
THEMES = [pytest.param(light(), id="light"), pytest.param(dark(), id="dark")]


def test_contrast_is_the_formula_of_wcag() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_label_inks_on_page_panel_and_field(theme: Theme) -> None:
    for name, hue in theme.hues.items():
        for behind in (theme.page, theme.panel, theme.raised, theme.row, hue.tint):
            assert contrast(hue.ink, behind) >= AA, (name, behind.name())


@pytest.mark.parametrize("theme", THEMES)
def test_ink_on_every_tint(theme: Theme) -> None:
    for behind in (
        *(hue.tint for hue in theme.hues.values()),
        theme.selection,
        theme.found,
        theme.row,
        theme.raised,
    ):
        assert contrast(theme.ink, behind) >= AA, behind.name()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "name", ["ink", "soft", "faint", "accent", "good", "warn", "bad", "relation", "relation_strong"]
)
def test_quiet_and_telling_colours_on_page_and_panel(theme: Theme, name: str) -> None:
    for behind in (theme.page, theme.panel):
        assert contrast(getattr(theme, name), behind) >= AA


@pytest.mark.parametrize("theme", THEMES)
def test_words_on_other_grounds(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= AA
    assert contrast(theme.soft, theme.row) >= AA, "the facts of the current article"
    assert contrast(theme.faint, theme.raised) >= AA, "what an empty field says"
    assert contrast(theme.focus, theme.panel) >= 3, "WCAG 1.4.11: the ring around the keyboard"


def test_the_default_codebook_names_only_colours_that_exist() -> None:
    data = tomllib.loads(resource("codebooks", "general-news.toml").read_text("utf-8"))
    for theme in (light(), dark()):
        assert {each["colour"] for each in data["labels"]} <= set(theme.hues)


def test_an_unknown_colour_is_neutral() -> None:
    assert light().hue("mauve") == light().hues["neutral"]


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
    red, green = QColor("#B03030"), QColor("#5E6B00")
    apart = {vision: ciede2000(seen(red, vision), seen(green, vision)) for vision in VISIONS}
    assert apart["deuteranopia"] < apart["full"] / 2
    assert seen(QColor("white"), "protanopia") == pytest.approx((100, 0, 0), abs=0.1)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES)
def test_labels_stay_apart_for_every_colour_vision(theme: Theme, vision: str) -> None:
    inks = {name: seen(theme.hue(name).ink, vision) for name in LABELS}
    near = {
        pair: round(far, 1)
        for pair in combinations(LABELS, 2)
        if (far := ciede2000(inks[pair[0]], inks[pair[1]])) < APART
    }
    assert near == {}


def test_the_labels_tried_are_those_of_the_default_codebook() -> None:
    data = tomllib.loads(resource("codebooks", "general-news.toml").read_text("utf-8"))
    assert {each["colour"] for each in data["labels"]} == set(LABELS)
