"""Colours and fonts of the window, light and dark.

Every ink colour reaches 4.5 : 1 (WCAG AA) on the page and on the panels, and the page's ink reaches
it on every tint. The inks of the labels stay apart for people who lack one kind of cones, which is
why they differ in lightness as well as in hue. ``tests/ui/test_theme.py`` holds all of this. And
labels always carry their names, so that nothing rests on colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase

SERIF = "Source Serif Pro"
SANS = "Source Sans Pro"


@dataclass(frozen=True, slots=True)
class Hue:
    """The two colours of a label: ``ink`` for text and lines, ``tint`` behind the words."""

    ink: QColor
    tint: QColor


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
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

    def hue(self, name: str) -> Hue:
        """The colours of a codebook's colour name; an unknown name is neutral."""
        return self.hues.get(name) or self.hues["neutral"]


def _hues(pairs: Mapping[str, tuple[str, str]]) -> dict[str, Hue]:
    return {name: Hue(QColor(ink), QColor(tint)) for name, (ink, tint) in pairs.items()}


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
        hues=_hues(
            {
                "person": ("#872C00", "#F5DDCD"),
                "organization": ("#286A8E", "#D2E6F0"),
                "place": ("#546B3C", "#E1EACF"),
                "group": ("#825E00", "#F2E6C4"),
                "event": ("#712272", "#EFDDF0"),
                "law": ("#3F5461", "#DCE4EB"),
                "work": ("#6E3A28", "#EFE0D8"),
                "actor": ("#A23173", "#F4D9E4"),
                "claim": ("#4F489E", "#E2DFF5"),
                "cue": ("#165D50", "#D3EAE5"),
                "neutral": ("#625D54", "#E9E5DC"),
            }
        ),
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
        hues=_hues(
            {
                "person": ("#ECA073", "#4C3428"),
                "organization": ("#9EC1CD", "#1F3F4D"),
                "place": ("#C0D99F", "#35432A"),
                "group": ("#EECE71", "#463C22"),
                "event": ("#BC94C9", "#46304A"),
                "law": ("#C4DCF5", "#303C48"),
                "work": ("#D1AD9C", "#46362F"),
                "actor": ("#CF8DAB", "#4B2A3B"),
                "claim": ("#B3AEF5", "#302E4B"),
                "cue": ("#85D4C1", "#1F433E"),
                "neutral": ("#B5B0A6", "#3A3937"),
            }
        ),
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


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1, by the formula of WCAG 2."""
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio, 1 to 21, by the formula of WCAG 2."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
