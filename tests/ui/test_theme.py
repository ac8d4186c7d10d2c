"""Every colour that carries words can be read, in both appearances (WCAG AA, 4.5 : 1).

The labels' inks stay at least :data:`APART` apart by CIEDE2000 (1 is about just noticeable) for full
colour vision, protanopia, deuteranopia and tritanopia. Labels carry their names as well.
"""

from __future__ import annotations

import tomllib
from itertools import combinations

import pytest
from PySide6.QtGui import QColor

from annotator.core.colours import AA, APART, GROUNDS, VISIONS, ciede2000, seen
from annotator.runtime.resources import resource
from annotator.ui.theme import Theme, contrast, dark, light

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


@pytest.mark.parametrize("theme", THEMES)
def test_the_grounds_that_colours_are_checked_on_are_those_of_the_theme(theme: Theme) -> None:
    grounds = (theme.page, theme.panel, theme.raised, theme.row)
    assert tuple(each.name() for each in grounds) == GROUNDS[theme.dark]


@pytest.mark.parametrize("theme", THEMES)
def test_an_own_colour_can_be_read_too(theme: Theme) -> None:
    for colour in ("#ffff00", "#000000", "#FFFFFF", "#3a6ea5", "#ff0000"):
        hue = theme.hue(colour)
        for behind in (theme.page, theme.panel, theme.raised, theme.row, hue.tint):
            assert contrast(hue.ink, behind) >= AA, (colour, behind.name())
        assert contrast(theme.ink, hue.tint) >= AA


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES)
def test_labels_stay_apart_for_every_colour_vision(theme: Theme, vision: str) -> None:
    inks = {name: seen(theme.hue(name).ink.name(), vision) for name in LABELS}
    near = {
        pair: round(far, 1)
        for pair in combinations(LABELS, 2)
        if (far := ciede2000(inks[pair[0]], inks[pair[1]])) < APART
    }
    assert near == {}


def test_the_labels_tried_are_those_of_the_default_codebook() -> None:
    data = tomllib.loads(resource("codebooks", "general-news.toml").read_text("utf-8"))
    assert {each["colour"] for each in data["labels"]} == set(LABELS)
