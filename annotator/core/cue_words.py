"""The lemma of a cue: from the words that a person has marked, without a parse.

Inflected forms of a language's reporting words are undone by rule and by a table of irregular forms, both
of ``resources/attribution/LANGUAGE.toml``; words that are not in there get a regular stem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

ACCORDING = "according to"
NO_WORD = "(no word)"
"""Stands for the lemma of claims that are told without a cue: a line of dialogue, a headline's colon."""
LONGEST = 60
"""Code points that a lemma may have."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLITIC = re.compile("(?:n['’]t|['’](?:s|d|ve|re|ll|m))$")
_VOWELS = "aeiouy"
_SHOWN_FRAMES = ("clause", "quotation", "infinitive", "person+", "gerund", "object+", "predicate", "object")


class Vocabulary(Struct, frozen=True):
    """What the lexicon of a language says of single words. Lemmas are in small letters."""

    verbs: Mapping[str, tuple[str, ...]]
    """Names of the classes of each, those with a particle included ("rule out")."""
    nouns: frozenset[str]
    adjectives: frozenset[str]
    light_verbs: frozenset[str]
    sure: Mapping[str, float]
    """How sure the rules are of each: with a clause, else in the first way of using it that they know."""
    plain: Mapping[str, str]
    """What the classes are called where people read about them."""
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    beside: frozenset[str]
    irregular: Mapping[str, str]
    """From form to lemma."""
    bases: frozenset[str]
    """Every single word that an inflected form may lead to."""

    def __contains__(self, lemma: object) -> bool:
        """Whether the rules know a lemma."""
        return lemma in self.verbs or lemma in self.nouns or lemma in self.adjectives or lemma in self.sure

    def lemmas(self) -> list[str]:
        """Every lemma that the rules know, in order."""
        return sorted({*self.verbs, *self.nouns, *self.adjectives, *self.sure})

    def use_of(self, lemma: str) -> str:
        """How the rules use a lemma, in plain words; empty where they do not know it."""
        if lemma == ACCORDING:
            return self.plain.get("say", "")
        names = list(self.verbs.get(lemma, ()))
        names += ["noun"] if lemma in self.nouns else []
        names += ["adjective"] if lemma in self.adjectives else []
        return "; ".join(dict.fromkeys(self.plain.get(name, name) for name in names))

    def base(self, word: str) -> str:
        """The lemma of one word in small letters: one that is known if any, else its stem."""
        if word in self.irregular:
            return self.irregular[word]
        return next((each for each in (*candidates(word), word) if each in self.bases), None) or stem(word)

    def lemma_of(self, words: str) -> str | None:
        """The lemma of a cue as it was marked; None for words that no lemma can stand for.

        Auxiliaries, negation, adverbs and articles are dropped: "has repeatedly said" is "say", "pointed
        out" is "point", "expressed concern" is "concern". Of several words of which none is known ("took
        to Twitter"), none is the one that reports.
        """
        tokens = [_CLITIC.sub("", each.casefold()) for each in _WORD.findall(words[: 4 * LONGEST])]
        if not tokens:
            return None
        if tokens[0] == "according":
            return ACCORDING
        main = [nth for nth, token in enumerate(tokens) if token and self._is_content(token)]
        bases = [self.base(tokens[nth]) for nth in main]
        for nth, lemma in zip(main, bases, strict=True):
            together = next(
                (f"{lemma} {each}" for each in tokens[nth + 1 :] if f"{lemma} {each}" in self), None
            )
            if together is not None:
                return together
        last = self._known([tokens[main[-1]], bases[-1]], self.nouns) if main else None
        if last and len(bases) > 1 and (bases[0] in self.light_verbs or bases[0] in self.verbs):
            return last
        was = any(self.irregular.get(token, token) == "be" for token in tokens)
        attitude = next((tokens[nth] for nth in main if tokens[nth] in self.adjectives), None)
        if attitude is not None and (was or self._known(bases, self.verbs) is None):
            return attitude
        known = self._known(bases, self.verbs) or self._known(bases, self.nouns)
        return known or self._unknown(tokens, main)

    def _is_content(self, token: str) -> bool:
        if token in self.auxiliaries or token in self.adverbs or token in self.beside:
            return False
        return not token.endswith("ly") or token in self.bases

    @staticmethod
    def _known(bases: list[str], words: Mapping[str, Any] | frozenset[str]) -> str | None:
        return next((each for each in bases if each in words), None)

    def _unknown(self, tokens: list[str], main: list[int]) -> str | None:
        """The stem of the only word that counts, with the word that follows it."""
        if len(main) != 1:
            return None
        after = tokens[main[0] + 1 :]
        lemma = " ".join([stem(tokens[main[0]]), *after[:1]]) if len(after) == 1 else stem(tokens[main[0]])
        return lemma if len(after) < 2 and len(lemma) <= LONGEST else None


@cache
def vocabulary(text: str) -> Vocabulary:
    """The vocabulary of a lexicon's text. Raises ValueError or KeyError for one that is none."""
    import tomllib  # only where they are read, not at every start

    data = tomllib.loads(text)
    verbs: dict[str, list[str]] = {}
    sure: dict[str, float] = {ACCORDING: 0.96}
    for name, table in data["verbs"].items():
        for lemma in _plain(table["lemmas"]):
            verbs.setdefault(lemma, []).append(name)
            sure[lemma] = max(sure.get(lemma, 0.0), _surest(table))
    nouns = _lemmas(data["nouns"])
    adjectives = _lemmas(data["adjectives"])
    for lemma, share in (nouns | adjectives).items():
        sure.setdefault(lemma, share)
    forms = data.get("forms", {})
    irregular = {form: lemma for lemma, each in forms.get("irregular", {}).items() for form in each.split()}
    known = {*verbs, *nouns, *adjectives, *_plain(data["nouns"]["light_verbs"])}
    return Vocabulary(
        verbs={lemma: tuple(names) for lemma, names in verbs.items()},
        nouns=frozenset(nouns),
        adjectives=frozenset(adjectives),
        light_verbs=frozenset(_plain(data["nouns"]["light_verbs"])),
        sure=sure,
        plain=dict(data.get("plain", {})),
        auxiliaries=frozenset(_plain(forms.get("auxiliaries", ""))),
        adverbs=frozenset(_plain(forms.get("adverbs", ""))),
        beside=frozenset(_plain(forms.get("beside", ""))),
        irregular=irregular,
        bases=frozenset({lemma.split()[0] for lemma in known} | set(irregular.values())),
    )


def _plain(text: str) -> list[str]:
    return [each.replace("_", " ") for each in text.split()]


def _surest(table: Mapping[str, Any]) -> float:
    """How sure a class is: with a clause, else with a quotation, and so on."""
    return float(next((table[frame] for frame in _SHOWN_FRAMES if frame in table), 0.0))


def _lemmas(data: Mapping[str, Any]) -> dict[str, float]:
    """Lemma → how sure, of nouns or adjectives, whose tables lie in one another."""
    found: dict[str, float] = {}
    for table in (data, *(each for each in data.values() if isinstance(each, dict))):
        share = next((float(table[each]) for each in ("clause", "infinitive") if each in table), 0.0)
        for lemma in _plain(table.get("lemmas", "")):
            found.setdefault(lemma, share)
    return found


def candidates(word: str) -> Iterator[str]:
    """What a word may be a regular form of, the likeliest first."""
    for ending in ("ies", "ied"):
        if word.endswith(ending):
            yield word[:-3] + "y"
    if word.endswith("ying"):
        yield word[:-4] + "ie"
    for ending in ("ed", "ing", "es"):
        if word.endswith(ending):
            root = word[: -len(ending)]
            if ending != "es" and len(root) > 2 and root[-1] == root[-2]:
                yield root[:-1]
            yield root
            yield root + "e"
    if word.endswith("s"):
        yield word[:-1]


def stem(word: str) -> str:
    """The regular stem of a word that no list knows: "harrumphed" → "harrumph", "quipped" → "quip"."""
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    if word.endswith("eed"):
        return word
    for ending in ("ed", "ing"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) > 2 and any(each in _VOWELS for each in root):
            return _with_its_end(root)
    return word


def _with_its_end(root: str) -> str:
    """A stem without "-ed" or "-ing": with the "e" or without the second letter that it had."""
    last, before = root[-1], root[-2]
    if last in _VOWELS:
        return root + "e" if last in "eiu" else root
    if last == before:
        return root if last in "lsfz" else root[:-1]
    groups = len(re.findall(f"[{_VOWELS}]+", root))
    short = groups == 1 and before in _VOWELS and root[-3] not in _VOWELS and last not in "wx"
    if short or last in "vcz" or (last == "g" and before in "dn" and root[-3] in "eiu"):
        return root + "e"
    return root + "e" if last == "l" and before not in _VOWELS + "rlw" else root
