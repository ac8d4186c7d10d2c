"""Colours and fonts of the window, light and dark.

Every ink colour reaches 4.5 : 1 (WCAG AA) on the page and on the panels, and the page's ink reaches
it on every tint. The inks of the labels stay apart for people who lack one kind of cones, which is
why they differ in lightness as well as in hue. ``tests/ui/test_theme.py`` holds all of this. And
labels always carry their names, so that nothing rests on colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path

from msgspec import Struct
from PySide6.QtGui import QColor, QFont, QFontDatabase

from annotator.core import colours

SERIF = "Source Serif Pro"
SANS = "Source Sans Pro"


class Hue(Struct, frozen=True):
    """The two colours of a label: ``ink`` for text and lines, ``tint`` behind the words."""

    ink: QColor
    tint: QColor


class Theme(Struct, frozen=True, kw_only=True, dict=True):
    """All colours of one appearance."""

    name: str
    dark: bool
    page: QColor
    """Behind the article."""
    panel: QColor
    """Behind lists and the inspector."""
    raised: QColor
    """Behind fields, menus and the row under the pointer."""
    line: QColor
    """Hairlines between parts."""
    ink: QColor
    soft: QColor
    """Secondary text."""
    faint: QColor
    """Furniture and hints."""
    accent: QColor
    on_accent: QColor
    selection: QColor
    """Behind selected text."""
    found: QColor
    """Behind what a search has found."""
    row: QColor
    """Behind the current row of a list."""
    focus: QColor
    good: QColor
    warn: QColor
    bad: QColor
    relation: QColor
    relation_strong: QColor
    hues: Mapping[str, Hue]

    @cached_property
    def _own(self) -> dict[str, Hue]:
        return {}

    def hue(self, colour: str) -> Hue:
        """The colours of a label's colour, a name or ``#rrggbb``; an unknown one is neutral."""
        found = self.hues.get(colour)
        if found is None:
            own = colours.is_own(colour)
            found = (
                self._own.setdefault(colour, _hue(colour, dark=self.dark)) if own else self.hues["neutral"]
            )
        return found


def _hue(colour: str, *, dark: bool) -> Hue:
    return Hue(*map(QColor, colours.ink_and_tint(colour, dark)))


def _hues(*, dark: bool) -> dict[str, Hue]:
    return {name: _hue(name, dark=dark) for name in colours.PALETTE}


@cache
def light() -> Theme:
    """Dark ink on warm paper."""
    return Theme(
        name="light",
        dark=False,
        page=QColor("#FBFAF5"),
        panel=QColor("#F3F1EA"),
        raised=QColor("#FFFFFF"),
        line=QColor("#DFDBD0"),
        ink=QColor("#24211C"),
        soft=QColor("#625D54"),
        faint=QColor("#736D63"),
        accent=QColor("#4A45A0"),
        on_accent=QColor("#FFFFFF"),
        selection=QColor("#C9DDF5"),
        found=QColor("#F6E7A6"),
        row=QColor("#E4E1F2"),
        focus=QColor("#4A45A0"),
        good=QColor("#2F6B3C"),
        warn=QColor("#8A5300"),
        bad=QColor("#A3312A"),
        relation=QColor("#716B60"),
        relation_strong=QColor("#3A3FA0"),
        hues=_hues(dark=False),
    )


@cache
def dark() -> Theme:
    """Soft light ink on near-black."""
    return Theme(
        name="dark",
        dark=True,
        page=QColor("#1C1D1F"),
        panel=QColor("#232427"),
        raised=QColor("#2D2E32"),
        line=QColor("#393A3F"),
        ink=QColor("#DCD7CC"),
        soft=QColor("#B3AEA3"),
        faint=QColor("#9E998F"),
        accent=QColor("#B3AEF5"),
        on_accent=QColor("#1C1D1F"),
        selection=QColor("#34506F"),
        found=QColor("#4A3E12"),
        row=QColor("#34334A"),
        focus=QColor("#B3AEF5"),
        good=QColor("#8CCB98"),
        warn=QColor("#E3B265"),
        bad=QColor("#F09A90"),
        relation=QColor("#949086"),
        relation_strong=QColor("#B9BCFF"),
        hues=_hues(dark=True),
    )


def load_fonts(folder: Path) -> None:
    """Make the bundled fonts known to Qt; where a file is missing the system's serif is used."""
    for path in sorted(folder.glob("*.otf")):
        QFontDatabase.addApplicationFont(str(path))


def font(family: str, pixels: float, *, bold: bool = False, italic: bool = False) -> QFont:
    """A bundled font at a size in device-independent pixels."""
    made = QFont(family)
    made.setPixelSize(max(1, round(pixels)))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    made.setItalic(italic)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setStyleHint(QFont.StyleHint.Serif if family == SERIF else QFont.StyleHint.SansSerif)
    return made


def figures(face: QFont) -> QFont:
    """The same font with figures of equal width, for numbers that stand in columns."""
    made = QFont(face)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio, 1 to 21, by the formula of WCAG 2."""
    return colours.contrast(first.name(), second.name())
