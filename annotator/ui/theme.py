"""Colours and fonts of the window, light and dark.

Every ink colour reaches 4.5 : 1 (WCAG AA) on the page and on the panels, and the page's ink reaches
it on every tint; ``tests/ui/test_theme.py`` holds both. Kinds differ in lightness as well as in hue
and always carry a written label, so that nothing rests on colour alone.
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
    found: QColor
    """Behind what a search has found."""
    """Behind selected text."""
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
                "person": ("#A34A1F", "#F5DDCD"),
                "organization": ("#22648A", "#D2E6F0"),
                "place": ("#4B6B27", "#E1EACF"),
                "group": ("#7A5B10", "#F2E6C4"),
                "event": ("#8A3B86", "#EFDDF0"),
                "law": ("#3F5B74", "#DCE4EB"),
                "work": ("#87452F", "#EFE0D8"),
                "actor": ("#96305F", "#F4D9E4"),
                "claim": ("#4F489E", "#E2DFF5"),
                "cue": ("#1E6B62", "#D3EAE5"),
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
                "person": ("#EBA883", "#4C3428"),
                "organization": ("#86C1DA", "#1F3F4D"),
                "place": ("#B0CC86", "#35432A"),
                "group": ("#DEBF72", "#463C22"),
                "event": ("#DDA3DB", "#46304A"),
                "law": ("#A8C0D6", "#303C48"),
                "work": ("#DDAE9A", "#46362F"),
                "actor": ("#EE9FC4", "#4B2A3B"),
                "claim": ("#B3AEF5", "#302E4B"),
                "cue": ("#7FCFC2", "#1F433E"),
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
