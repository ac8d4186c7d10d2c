"""The gold labelling of the sample article: what has to be in the export in the end.

Words are named by their surroundings, with the words themselves in square brackets.
"""

from __future__ import annotations

from dataclasses import dataclass

from annotator.core.commands.propose import occurrences
from annotator.core.model import Fragment, Kind
from annotator.core.page import Page
from annotator.core.tokens import rough_tokens

ENTITIES: tuple[tuple[str, str], ...] = (
    ("Place", "US"),
    ("Place", "Iran"),
    ("Place", "Russia"),
    ("Place", "Ukraine"),
    ("Place", "Washington"),
    ("Place", "the United States"),
    ("Place", "Qatar"),
    ("Place", "Doha"),
    ("Group", "American"),
    ("Group", "Iranian"),
    ("Group", "Ukrainian"),
    ("Organization", "the Financial Times"),
    ("Person", "Obama"),
    ("Person", "Rob Malley"),
    ("Person", "Ali Bagheri Kani"),
    ("Person", "Malley"),
    ("Person", "Bagheri Kani"),
    ("Law", "2015 nuclear deal"),
)
"""(label, words): every occurrence outside the furniture, unless part of a longer one of the same label."""

ACTORS = {
    "reports": "[Recent reports] reveal",
    "us": "that [the United States] has formally",
    "times": "reported by [the Financial Times]",
    "the us": "sanctions. [The US] seeks",
    "iran": "eased, while [Iran] insists",
    "the us again": "negotiations. [The US] could",
    "iran again": "on Iran, while [Iran] might",
    "rob": "[Rob Malley, the US Special Envoy for Iran], conveyed",
    "deputy": "Iranian [Deputy Foreign Minister Ali Bagheri Kani] in Doha",
    "malley": "[Malley] underscored",
    "kani": "While [Bagheri Kani] did",
    "he": "request, [he] indicated",
}
CUES = {
    "reveal": "reports [reveal] that",
    "as reported": "[as reported by] the",
    "insists": "Iran [insists] on",
    "conveyed": "Iran, [conveyed] the",
    "underscored": "Malley [underscored] the",
    "emphasizing": "Russia, [emphasizing] the",
    "indicated": "he [indicated] Iran",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with its attributes; an empty stance stays as it is by default."""

    name: str
    words: str
    category: str
    stance: str
    form: str
    quotation: str = ""


CLAIMS = (
    Claim(
        "request",
        "States [has formally requested Iran to halt its sale of drones to Russia],",
        "security/arms",
        "oppose",
        "demand",
        "indirect",
    ),
    Claim(
        "worries",
        "Russia, [raising substantial worries over their potential use in the ongoing conflict in Ukraine].",
        "security/conflict",
        "oppose",
        "assessment",
    ),
    Claim(
        "utilized",
        "that [they could be utilized by Russia to target Ukrainian troops and infrastructure],",
        "security/conflict",
        "",
        "prediction",
    ),
    Claim(
        "actions",
        "US [seeks tangible actions from Iran to curtail its nuclear pursuits before sanctions are eased],",
        "diplomacy/negotiation",
        "support",
        "demand",
    ),
    Claim("relief", "on [immediate sanctions relief].", "sanctions/relief", "support", "demand", "indirect"),
    Claim(
        "case",
        "US [could utilize this development to bolster its case for further sanctions on Iran],",
        "sanctions/imposition",
        "support",
        "prediction",
    ),
    Claim(
        "leverage",
        "Iran [might view it as leverage in the talks].",
        "diplomacy/negotiation",
        "ambivalent",
        "prediction",
    ),
    Claim(
        "concern",
        "underscored [the US's deep concern over the prospect of Iran selling drones to Russia],",
        "security/arms",
        "oppose",
        "assessment",
        "indirect",
    ),
    Claim(
        "suffering",
        "emphasizing [the potential for exacerbating the conflict in Ukraine and intensifying the suffering"
        " of the Ukrainian people].",
        "security/conflict",
        "oppose",
        "assessment",
        "indirect",
    ),
    Claim(
        "readiness",
        "indicated [Iran's readiness to collaborate with the international community towards resolving the"
        " crisis in Ukraine].",
        "diplomacy",
        "support",
        "promise",
        "indirect",
    ),
    Claim(
        "escalation",
        "Russia [represents a considerable escalation in Iran's support for the nation],",
        "security/arms",
        "oppose",
        "assessment",
    ),
)

RELATIONS = (
    ("made_by", "request", "us"),
    ("cued_by", "request", "reveal"),
    ("made_by", "worries", "reports"),
    ("made_by", "actions", "the us"),
    ("made_by", "relief", "iran"),
    ("cued_by", "relief", "insists"),
    ("attacks", "relief", "actions"),
    ("made_by", "case", "the us again"),
    ("made_by", "leverage", "iran again"),
    ("attacks", "leverage", "case"),
    ("made_by", "concern", "malley"),
    ("addressed_to", "concern", "deputy"),
    ("cued_by", "concern", "underscored"),
    ("supports", "concern", "request"),
    ("made_by", "suffering", "malley"),
    ("cued_by", "suffering", "emphasizing"),
    ("same_as", "malley", "rob"),
    ("made_by", "readiness", "he"),
    ("cued_by", "readiness", "indicated"),
    ("same_as", "he", "kani"),
    ("same_as", "kani", "deputy"),
    ("supports", "escalation", "worries"),
)


def place(text: str, words: str) -> Fragment:
    """The half-open code point range of what stands in brackets. Raises ValueError unless it is unique."""
    before, rest = words.split("[")
    inside, after = rest.split("]")
    wanted = before + inside + after
    if text.count(wanted) != 1:
        raise ValueError(f"{wanted!r} occurs {text.count(wanted)} times")
    start = text.index(wanted) + len(before)
    return start, start + len(inside)


def entities(page: Page) -> dict[tuple[str, str], list[Fragment]]:
    """The places of every entity, in text order, by label and words."""
    found: dict[tuple[str, str], list[Fragment]] = {}
    tokens = page.tokens or rough_tokens(page.text)
    for label, words in ENTITIES:
        start = page.text.index(words)
        first = (start, start + len(words))
        places = {first, *occurrences(page.text, tokens, (first,), match_case=True)}
        longer = [
            each
            for (other, name), ranges in found.items()
            if other == label and words in name
            for each in ranges
        ]
        kept = [
            (low, high)
            for low, high in sorted(places)
            if not page.in_furniture(low, high) and not any(a <= low and high <= b for a, b in longer)
        ]
        found[label, words] = kept
    return found


def named(page: Page) -> dict[str, tuple[Kind, Fragment]]:
    """Kind and place of every actor, cue and claim, by its name."""
    made: dict[str, tuple[Kind, Fragment]] = {}
    for kind, names in ((Kind.ACTOR, ACTORS), (Kind.CUE, CUES)):
        for name, words in names.items():
            made[name] = (kind, place(page.text, words))
    for claim in CLAIMS:
        made[claim.name] = (Kind.CLAIM, place(page.text, claim.words))
    return made


def wanted(page: Page) -> dict[str, object]:
    """The whole gold labelling, in the form that :func:`labelled` brings an exported line into."""
    spans: list[tuple[object, ...]] = [
        ("entity", label, each, {}) for (label, _), places in entities(page).items() for each in places
    ]
    names = named(page)
    attributes = {
        claim.name: {
            "categories": [claim.category],
            "stance": claim.stance or "unset",
            "form": claim.form,
            **({"quotation": claim.quotation} if claim.quotation else {}),
        }
        for claim in CLAIMS
    }
    for name, (kind, fragment) in names.items():
        spans.append((str(kind), str(kind).capitalize(), fragment, attributes.get(name, {})))
    relations = [(type_, names[head][1], names[tail][1]) for type_, head, tail in RELATIONS]
    return {"spans": sorted(spans, key=repr), "relations": sorted(relations)}


def labelled(line: dict[str, object]) -> dict[str, object]:
    """What a line of the export says, without ids, origins and times."""
    spans: list[dict[str, object]] = line["spans"]  # type: ignore[assignment]
    places = {each["id"]: (each["start"], each["end"]) for each in spans}
    return {
        "spans": sorted(
            ((s["kind"], s["label"], (s["start"], s["end"]), s["attributes"]) for s in spans), key=repr
        ),
        "relations": sorted((r["type"], places[r["head"]], places[r["tail"]]) for r in line["relations"]),  # type: ignore[attr-defined]
    }
