"""Colours of labels: the palette's names and own ``#rrggbb``, whether they can be read and told apart.

A label's colour gives two colours in each appearance: an *ink* for words and lines and a *tint* behind
the words. The palette's are chosen by hand; those of an own colour are made here, so that its ink reaches
:data:`AA` on every ground of the window, also where the colour itself would not. What is amiss with a
colour is said in words, with the nearest one that would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

from msgspec import Struct

from annotator.core.codebook import OWN_COLOUR, Codebook, Label

type Triple = tuple[float, float, float]

AA = 4.5
"""Least contrast of words with what is behind them (WCAG 2, level AA)."""
APART = 7.5
"""Least difference by CIEDE2000 of the inks of two labels of one kind, for every colour vision."""

PALETTE: Mapping[str, tuple[str, str, str, str]] = {
    "person": ("#872c00", "#f5ddcd", "#eca073", "#4c3428"),
    "organization": ("#286a8e", "#d2e6f0", "#9ec1cd", "#1f3f4d"),
    "place": ("#546b3c", "#e1eacf", "#c0d99f", "#35432a"),
    "group": ("#825e00", "#f2e6c4", "#eece71", "#463c22"),
    "event": ("#712272", "#efddf0", "#bc94c9", "#46304a"),
    "law": ("#3f5461", "#dce4eb", "#c4dcf5", "#303c48"),
    "work": ("#6e3a28", "#efe0d8", "#d1ad9c", "#46362f"),
    "actor": ("#a23173", "#f4d9e4", "#cf8dab", "#4b2a3b"),
    "claim": ("#4f489e", "#e2dff5", "#b3aef5", "#302e4b"),
    "cue": ("#165d50", "#d3eae5", "#85d4c1", "#1f433e"),
    "neutral": ("#625d54", "#e9e5dc", "#b5b0a6", "#3a3937"),
}
"""Name → ink and tint in the light appearance, ink and tint in the dark one."""

GROUNDS: Mapping[bool, tuple[str, ...]] = {
    False: ("#fbfaf5", "#f3f1ea", "#ffffff", "#e4e1f2"),
    True: ("#1c1d1f", "#232427", "#2d2e32", "#34334a"),
}
"""What words of a label may stand on besides its tint, in the light and (True) the dark appearance: page,
panel, field, current row."""

VISIONS: Mapping[str, tuple[Triple, Triple, Triple]] = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Machado, Oliveira and Fernandes 2009, severity 1.0; they act on linear RGB."""

_WHITE = (0.95047, 1.0, 1.08883)


def is_own(colour: str) -> bool:
    """Whether a label's colour is one of its own, ``#rrggbb``."""
    return OWN_COLOUR.fullmatch(colour) is not None


def colour_problem(colour: str) -> str | None:
    """What is wrong with a label's colour as it is written; an unknown name is shown as neutral."""
    if is_own(colour) or (colour in PALETTE):
        return None
    if colour.startswith("#"):
        return f"the colour {colour!r} is not written like #3a6ea5"
    return f"the palette has no colour {colour!r}; there are {', '.join(PALETTE)}, and own ones like #3a6ea5"


# -- measuring ------------------------------------------------------------------------------------


def rgb(colour: str) -> Triple:
    """Red, green and blue of ``#rrggbb``, each 0 to 1."""
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1, by the formula of WCAG 2."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21, by the formula of WCAG 2."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=65536)
def seen(colour: str, vision: str = "full") -> Triple:
    """The colour as CIE L*a*b* (white D65) to somebody with that vision, see :data:`VISIONS`."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    mixed = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in VISIONS[vision]]
    red, green, blue = (min(1.0, max(0.0, each)) for each in mixed)
    x = 0.4124564 * red + 0.3575761 * green + 0.1804375 * blue
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = 0.0193339 * red + 0.1191920 * green + 0.9503041 * blue
    fx, fy, fz = (_root(each / white) for each, white in zip((x, y, z), _WHITE, strict=True))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def colour_of(lightness: float, chroma: float, hue: float) -> str | None:
    """``#rrggbb`` of CIE L*C*h (``hue`` in degrees); None where no screen can show it."""
    fy = (lightness + 16) / 116
    fx = fy + chroma * cos(radians(hue)) / 500
    fz = fy - chroma * sin(radians(hue)) / 200
    x, y, z = (
        white * (f**3 if f**3 > 216 / 24389 else (116 * f - 16) * 27 / 24389)
        for f, white in zip((fx, fy, fz), _WHITE, strict=True)
    )
    linear = (
        3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
        0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
    )
    if any(not -0.002 <= each <= 1.002 for each in linear):
        return None
    levels = (
        12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055
        for c in (min(1.0, max(0.0, each)) for each in linear)
    )
    return "#" + "".join(f"{round(255 * each):02x}" for each in levels)


def ciede2000(first: Triple, second: Triple) -> float:
    """The difference of two colours by CIEDE2000 (Sharma, Wu and Dalal 2005); 1 is about just noticeable."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = (degrees(atan2(b, a)) % 360 if a or b else 0.0 for a, b in ((a1, b1), (a2, b2)))
    turn = h2 - h1 if c1 * c2 else 0.0
    turn += 360 if turn < -180 else -360 if turn > 180 else 0
    dl, dc, dh = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn) / 2)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = h1 + h2
    if c1 * c2:
        wide = abs(h1 - h2) > 180
        hue = (hue + (360 if hue < 360 else -360)) / 2 if wide else hue / 2
    t = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    sl = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rt = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    return sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * dc / sc * dh / sh)


# -- ink and tint ---------------------------------------------------------------------------------


@cache
def ink_and_tint(colour: str, dark: bool) -> tuple[str, str]:
    """The two colours that a label of this colour has in one appearance; an unknown one is neutral.

    An own colour's tint has its hue; its ink is the colour itself where that can be read in the
    appearance, else the nearest of its hue that can.
    """
    if not is_own(colour):
        pairs = PALETTE.get(colour, PALETTE["neutral"])
        return pairs[2:] if dark else pairs[:2]
    colour = colour.lower()
    lightness, a, b = seen(colour)
    chroma, hue = hypot(a, b), degrees(atan2(b, a)) % 360
    tint = _in_gamut(25.0 if dark else 90.0, min(chroma, 16.0 if dark else 13.0), hue)
    if _is_legible(colour, tint, dark):
        return colour, tint
    if dark:  # what is darkest on light paper is lightest on dark paper, so that colours stay apart
        lightness = min(95.0, 108 - 0.9 * seen(ink_and_tint(colour, False)[0])[0])
    while 0 < lightness < 100:
        ink = _in_gamut(lightness, chroma, hue)
        if _is_legible(ink, tint, dark):
            return ink, tint
        lightness += 1 if dark else -1
    return ("#ffffff" if dark else "#000000"), tint


def _in_gamut(lightness: float, chroma: float, hue: float) -> str:
    """That colour, or the nearest less vivid one that a screen can show."""
    while chroma > 0:
        found = colour_of(lightness, chroma, hue)
        if found is not None:
            return found
        chroma -= 1
    return colour_of(lightness, 0, hue) or ("#ffffff" if lightness > 50 else "#000000")


def _is_legible(ink: str, tint: str, dark: bool) -> bool:
    return all(contrast(ink, behind) >= AA for behind in (*GROUNDS[dark], tint))


# -- what is amiss --------------------------------------------------------------------------------


class ColourDoubt(Struct, frozen=True):
    """What speaks against a label's colour, in a sentence; ``better``: one that would do, or None."""

    what: str
    better: str | None = None


_SEES = {
    "full": "",
    "protanopia": " to people who see no red (protanopia)",
    "deuteranopia": " to people who see no green (deuteranopia)",
    "tritanopia": " to people who see no blue (tritanopia)",
}


def difference(first: str, second: str) -> tuple[float, str]:
    """How far apart the inks of two colours are, in the appearance and to the vision that tells them least.

    Gives the difference by CIEDE2000 and the vision.
    """
    return min(_differences(first, second))


def _differences(first: str, second: str) -> Iterator[tuple[float, str]]:
    for dark in (False, True):
        one, other = ink_and_tint(first, dark)[0], ink_and_tint(second, dark)[0]
        for vision in VISIONS:
            yield ciede2000(seen(one, vision), seen(other, vision)), vision


def _are_apart(first: str, second: str) -> bool:
    return all(far >= APART for far, _ in _differences(first, second))


def colour_doubts(label: Label, codebook: Codebook) -> list[ColourDoubt]:
    """What speaks against a label's colour: that it cannot be read, or looks like another label's."""
    problem = colour_problem(label.colour)
    if problem:
        return [ColourDoubt(f"{problem[0].upper()}{problem[1:]}.")]
    others = [each for each in codebook.labels if each.kind == label.kind and each.name != label.name]
    taken = [each.colour for each in others]
    doubts: list[ColourDoubt] = []
    if is_own(label.colour):
        least = min(contrast(label.colour, behind) for behind in GROUNDS[False])
        ink, _ = ink_and_tint(label.colour, False)
        if ink != label.colour.lower():
            doubts.append(
                ColourDoubt(
                    f"{label.colour} is too pale for words on the page ({least:.1f} : 1, where {AA} is "
                    f"needed); it is shown darker there.",
                    nearest_good(label.colour, taken),
                )
            )
    near = min(((*difference(label.colour, each.colour), each.name) for each in others), default=None)
    if near is not None and near[0] < APART:
        how = "Looks the same as" if near[0] < 1 else "Looks much like"
        doubts.append(ColourDoubt(f"{how} {near[2]}{_SEES[near[1]]}.", nearest_good(label.colour, taken)))
    return doubts


def nearest_good(colour: str, taken: Iterable[str]) -> str | None:
    """The own colour nearest to ``colour`` that can be read and stays apart from those taken, or None."""
    wanted, others = seen(ink_and_tint(colour, False)[0]), list(dict.fromkeys(taken))
    ranked = sorted((ciede2000(wanted, seen(each)), each) for each in _candidates())
    return next((each for _, each in ranked if all(_are_apart(each, other) for other in others)), None)


@cache
def _candidates() -> tuple[str, ...]:
    """Own colours whose ink is the colour itself in the light appearance, spread over what can be shown."""
    return tuple(dict.fromkeys(_legible_colours()))


def _legible_colours() -> Iterator[str]:
    for lightness in range(18, 49, 3):
        for chroma in range(8, 81, 12):
            for hue in range(0, 360, 10):
                found = colour_of(lightness, chroma, hue)
                if found is not None and ink_and_tint(found, False)[0] == found:
                    yield found
