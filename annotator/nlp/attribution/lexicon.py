"""The words that report: read from ``resources/attribution/LANGUAGE.toml``, which explains itself."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from annotator.core.learning import NEW_WORD
from annotator.core.records import replace
from annotator.core.scheme import Scheme
from annotator.core.tiers import ATTRIBUTION

FRAMES = (
    "clause",
    "quotation",
    "infinitive",
    "gerund",
    "object",
    "object+",
    "person+",
    "about",
    "predicate",
    "passive",
)
"""The ways of using a verb that its class may list, as the resource file explains them."""


class VerbClass(Struct, frozen=True):
    """Verbs that report in the same ways. ``frames`` says how sure each way is (0 to 1)."""

    name: str
    frames: Mapping[str, float]
    prepositions: frozenset[str] = frozenset()
    addressee: bool = False
    """Whether its object is whom the claim is addressed to."""
    evidence: bool = False
    """Whether things show it as people say it: "the poll found"."""
    form: str | None = None
    stance: str | None = None


class NounClass(Struct, frozen=True):
    """Nouns (or adjectives) that report, and how sure that is with a clause or with a preposition."""

    clause: float = 0.0
    infinitive: float = 0.0
    preposition: float = 0.0
    prepositions: frozenset[str] = frozenset()


class Lexicon(Struct, frozen=True):
    """Every word list that the rules use, of one language."""

    language: str
    version: int
    verbs: Mapping[str, tuple[VerbClass, ...]]
    nouns: Mapping[str, NounClass]
    light_verbs: frozenset[str]
    adjectives: Mapping[str, NounClass]
    as_verbs: frozenset[str]
    documents: frozenset[str]
    occasions: frozenset[str]
    persons: frozenset[str]
    cities: frozenset[str]
    plain_speech: frozenset[str]
    added: frozenset[str] = frozenset()
    """Verbs that the project has added."""
    off: frozenset[str] = frozenset()
    """Words that the project has switched off."""

    @property
    def origin(self) -> str:
        """What suggestions made with it say they come from."""
        return f"{ATTRIBUTION}{self.version}"


def origin_of(scheme: Scheme) -> str:
    """What is noted of a scheme's rules; empty where it suggests no claims.

    It changes with the words that are found, so that articles are read again, not with confidences.
    """
    if not scheme.suggests_claims:
        return ""
    learned = scheme.learned
    words = "" if not (learned.added or learned.off) else f"/words-{_digest(learned.added, learned.off)}"
    return parse_lexicon(scheme.lexicon).origin + words


def _digest(*words: frozenset[str]) -> str:
    text = "\n".join(" ".join(sorted(each)) for each in words)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def lexicon_of(scheme: Scheme) -> Lexicon:
    """The lexicon of a scheme with the words that its project has added or switched off.

    An added word is a verb of the class ``say``, of which it is less sure.
    """
    lexicon, learned = parse_lexicon(scheme.lexicon), scheme.learned
    say = next((group for group in lexicon.verbs.get("say", ()) if group.name == "say"), None)
    if say is None or not learned.added:
        return replace(lexicon, off=learned.off)
    group = replace(say, frames={name: round(sure * NEW_WORD, 3) for name, sure in say.frames.items()})
    added = {word: (group,) for word in learned.added if word not in lexicon.verbs}
    return replace(
        lexicon,
        verbs={**lexicon.verbs, **added},
        plain_speech=lexicon.plain_speech | added.keys(),
        added=frozenset(added),
        off=learned.off,
    )


@cache
def parse_lexicon(text: str) -> Lexicon:
    """The lexicon of a resource file's text. Raises ValueError or KeyError for one that is none."""
    data = tomllib.loads(text)
    verbs: dict[str, list[VerbClass]] = {}
    for name, table in data["verbs"].items():
        group = _verb_class(name, table)
        for lemma in dict.fromkeys(table["lemmas"].split()):
            verbs.setdefault(lemma.replace("_", " "), []).append(group)
    nouns = {lemma: group for key in ("speech", "stance") for lemma, group in _nouns(data["nouns"][key])}
    adjectives = dict(_nouns(data["adjectives"]))
    for table in data["adjectives"].values():
        if isinstance(table, dict):
            adjectives.update(_nouns(table))
    return Lexicon(
        language=data["language"],
        version=data["version"],
        verbs={lemma: tuple(groups) for lemma, groups in verbs.items()},
        nouns=nouns,
        light_verbs=_words(data["nouns"]["light_verbs"]),
        adjectives=adjectives,
        as_verbs=_words(data["phrases"]["as"]),
        documents=_words(data["documents"]["lemmas"]),
        occasions=_words(data["occasions"]["lemmas"]),
        persons=_words(data["person_nouns"]["lemmas"]),
        cities=frozenset(each.replace("_", " ") for each in data["datelines"]["cities"].split()),
        plain_speech=_words(data["verbs"]["say"]["lemmas"]) | _words(data["verbs"]["tell"]["lemmas"]),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _verb_class(name: str, table: Mapping[str, Any]) -> VerbClass:
    unknown = table.keys() - {*FRAMES, "lemmas", "prepositions", "addressee", "evidence", "form", "stance"}
    if unknown:
        raise ValueError(f"the class {name} has {', '.join(sorted(unknown))}, which mean nothing")
    return VerbClass(
        name=name,
        frames={frame: float(table[frame]) for frame in FRAMES if frame in table},
        prepositions=_words(table.get("prepositions", "")),
        addressee=table.get("addressee", False),
        evidence=table.get("evidence", False),
        form=table.get("form"),
        stance=table.get("stance"),
    )


def _nouns(table: Mapping[str, Any]) -> Iterator[tuple[str, NounClass]]:
    group = NounClass(
        clause=table.get("clause", 0.0),
        infinitive=table.get("infinitive", table.get("clause", 0.0)),
        preposition=table.get("preposition", 0.0),
        prepositions=_words(table.get("prepositions", "")),
    )
    for lemma in table["lemmas"].split():
        yield lemma, group
