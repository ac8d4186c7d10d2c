"""A project's reporting words: what annotators have taught the rules, shown, set and carried out.

Two values in the project file: ``reporting_words`` is what people have set, ``reporting_words_learned``
the evidence as it was when suggestions were last brought up to date, which is what the worker goes by.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from msgspec import Struct, field

from annotator.core.cue_words import LONGEST, NO_WORD, Vocabulary, vocabulary
from annotator.core.errors import InputError, ProjectError
from annotator.core.learning import (
    NEW_WORD,
    Effect,
    Learned,
    OpenClaims,
    Tally,
    Use,
    effect_of,
    learned_from,
)
from annotator.core.ports import Repository
from annotator.core.records import replace
from annotator.runtime.resources import resource

log = logging.getLogger(__name__)

SET, EVIDENCE = "reporting_words", "reporting_words_learned"
"""Names of the project's settings."""
MOST_OPEN = 20_000
"""Undecided claims beyond which a project is not brought up to date just because it is opened."""


class WordRow(Struct, frozen=True):
    """One reporting word, as the window and the command line list it."""

    word: str
    uses: str
    """How the rules use it, in plain words; for those that no list has, that the project added it, or not."""
    before: float | None
    """How sure the rules are of it by themselves; None: they do not know it."""
    now: float | None
    """How sure claims are now that are told with it; None: none are proposed."""
    tally: Tally
    use: Use


class Words(Struct, frozen=True):
    """Everything there is about a project's words at one moment, to be looked at and tried out."""

    tallies: Mapping[str, Tally]
    uses: Mapping[str, Use]
    open_claims: tuple[OpenClaims, ...] = ()
    words: Vocabulary = field(default_factory=lambda: _vocabulary())

    @property
    def learned(self) -> Learned:
        """What follows from it."""
        return learned_from(self.tallies, self.uses, self.words)

    def with_uses(self, uses: Mapping[str, Use]) -> Words:
        """The same project, were these the settings."""
        return replace(self, uses=settled(uses))

    def effect(self) -> Effect:
        """What the undecided claims would become."""
        return effect_of(self.open_claims, self.learned)

    def rows(self) -> list[WordRow]:
        """Every word: first those that people have set or taught something about, then by the alphabet."""
        learned = self.learned
        told = {*self.tallies, *self.uses, *learned.added, *(each.word for each in self.open_claims)}
        rows = [self._row(word, learned) for word in {*told, *self.words.lemmas()}]
        return sorted(rows, key=lambda row: (row.use is Use.LEARNED, -row.tally.evidence, row.word))

    def _row(self, word: str, learned: Learned) -> WordRow:
        tally, use = self.tallies.get(word, Tally()), learned.use_of(word)
        known = word in self.words
        before = self.words.sure.get(word) if known else None
        raw = before
        if word in learned.added:
            raw = round(self.words.sure.get("say", 0.0) * NEW_WORD, 3)
        elif raw is None:
            raw = self._typical(word, tally)
        looked_for = use is not Use.NEVER and raw is not None
        return WordRow(
            word=word,
            uses=self.words.use_of(word) or self._stranger(word, learned),
            before=before,
            now=learned.confidence(word, raw) if looked_for and raw is not None else None,
            tally=tally,
            use=use,
        )

    def _stranger(self, word: str, learned: Learned) -> str:
        """How a word is used that no list has."""
        if word == NO_WORD:
            return "speech told without a word for it"
        if word in learned.added:
            return "speech; a word of this project"
        return "seen beside quotations only" if self._typical(word, Tally()) else "not looked for"

    def _typical(self, word: str, tally: Tally) -> float | None:
        """The mean raw confidence of the claims that were suggested for a word."""
        if tally.decided:
            return round(tally.raw / tally.decided, 3)
        raw = [(each.raw, each.count) for each in self.open_claims if each.word == word]
        count = sum(each for _, each in raw)
        return round(sum(sure * each for sure, each in raw) / count, 3) if count else None


class Relearned(Struct, frozen=True):
    """What bringing a project up to date did."""

    learned: Learned
    changed: int = 0
    """Suggested spans whose confidence changed, or that went."""
    skipped: bool = False
    """Whether nothing was done because there is too much."""
    words_changed: bool = False
    """Whether other words are looked for now, so that articles have to be read again."""


@cache
def lexicon_text() -> str:
    """The reporting words of the rules, as TOML."""
    return resource("attribution", "en.toml").read_text(encoding="utf-8")


def _vocabulary() -> Vocabulary:
    return vocabulary(lexicon_text())


def lemma_of(words: str) -> str:
    """The lemma of words that a person has typed. Raises InputError for what can be none."""
    typed = " ".join(words.split())
    lemma = _vocabulary().lemma_of(typed) if typed != NO_WORD else NO_WORD
    if lemma is None or len(lemma) > LONGEST:
        raise InputError(
            f"“{typed[:LONGEST]}” is no reporting word",
            cure="Give one verb, noun or adjective, such as “say” or “rule out”",
        )
    return lemma


def words_of(repository: Repository) -> Words:
    """The words of a project, with everything that annotators have decided up to now. Raises ProjectError."""
    return Words(_tallies(repository), uses_in(repository), tuple(repository.open_claims()))


def _tallies(repository: Repository) -> dict[str, Tally]:
    tallies, words = repository.decision_tallies(), _vocabulary()
    lemmas: dict[str, str | None] = {}
    for marked in repository.hand_made_cues():
        if marked not in lemmas:
            lemmas[marked] = words.lemma_of(marked)
        lemma = lemmas[marked]
        if lemma is not None:
            tally = tallies.get(lemma, Tally())
            tallies[lemma] = replace(tally, by_hand=tally.by_hand + 1)
    return tallies


def learned_in(repository: Repository) -> Learned:
    """What the worker goes by: settings, and evidence as of the last time; quickly found.

    Raises ProjectError where the file holds something else for settings.
    """
    return learned_from(_kept(repository).tallies, uses_in(repository), _vocabulary())


def uses_in(repository: Repository) -> dict[str, Use]:
    """What people have set, by lemma. Raises ProjectError where the file holds something else there."""
    return _uses(_object(repository.setting(SET)))


def set_uses(repository: Repository, uses: Mapping[str, Use]) -> None:
    """Keep what people have set in the project file."""
    repository.set_setting(SET, json.dumps(settled(uses), ensure_ascii=False, sort_keys=True))


def apply_uses(
    repository: Repository,
    uses: Mapping[str, Use],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> Relearned:
    """Keep settings and bring the undecided suggestions to them, as :func:`relearn` does."""
    set_uses(repository, uses)
    return relearn(repository, progress=progress, stop=stop)


def settled(uses: Mapping[str, Use]) -> dict[str, Use]:
    """Settings without those that say nothing."""
    return {word: use for word, use in uses.items() if use is not Use.LEARNED}


def has_news(repository: Repository) -> bool:
    """Whether anybody has decided on, marked or set anything since the last time. Raises ProjectError."""
    kept = _kept(repository)
    return kept.mark != repository.evidence_mark() or kept.uses != uses_in(repository)


def relearn(
    repository: Repository,
    *,
    most: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> Relearned:
    """Count the evidence anew and bring undecided suggestions to it, without reading any article.

    With more than ``most`` undecided claims nothing is done. ``stop`` is asked between batches; what was
    done until then stays, and the rest is done next time. Raises ProjectError.
    """
    kept, mark = _kept(repository), repository.evidence_mark()
    before = learned_from(kept.tallies, kept.uses, _vocabulary())
    words = words_of(repository)
    if most is not None and sum(each.count for each in words.open_claims) > most:
        return Relearned(before, skipped=True)
    learned, changed = words.learned, 0
    for nth, each in enumerate(repository.recalibrate(learned) if learned != before else (), start=1):
        changed += each
        progress(nth, 0)
        if stop():
            return Relearned(before, changed, skipped=True)
    now = _Kept(dict(words.tallies), dict(words.uses), mark)
    if now != kept:
        _keep(repository, now)
    other = (learned.added, learned.off) != (before.added, before.off)
    log.info("learned from %s words; %s suggestions changed", len(words.tallies), changed)
    return Relearned(learned, changed, words_changed=other)


class _Kept(Struct, frozen=True):
    """What suggestions were brought up to last, and the mark of when that was ("0:0": never)."""

    tallies: dict[str, Tally]
    uses: dict[str, Use]
    mark: str


def _keep(repository: Repository, kept: _Kept) -> None:
    words = {
        word: [each.accepted, each.rejected, each.by_hand, each.raw]
        for word, each in sorted(kept.tallies.items())
    }
    data = {"at": kept.mark, "words": words, "uses": kept.uses}
    repository.set_setting(EVIDENCE, json.dumps(data, ensure_ascii=False))


def _kept(repository: Repository) -> _Kept:
    """What was kept; what cannot be read is as if nothing was, since it can be counted anew."""
    text = repository.setting(EVIDENCE)
    try:
        return _kept_in(_object(text))
    except ProjectError:
        log.warning("what was learned last cannot be read; it is counted anew")
        return _kept_in({})


def _kept_in(data: Mapping[str, Any]) -> _Kept:
    words, uses, mark = data.get("words", {}), data.get("uses", {}), data.get("at", "0:0")
    if not isinstance(words, dict) or not isinstance(uses, dict) or not isinstance(mark, str):
        raise _unreadable()
    return _Kept({_word(word): _tally(each) for word, each in words.items()}, _uses(uses), mark)


def _uses(data: Mapping[str, Any]) -> dict[str, Use]:
    try:
        return {_word(word): Use(use) for word, use in data.items()}
    except ValueError as error:
        raise _unreadable() from error


def _tally(data: Any) -> Tally:
    if not isinstance(data, list) or len(data) != 4:
        raise _unreadable()
    accepted, rejected, by_hand, raw = data
    whole = all(type(each) is int and 0 <= each < 1 << 53 for each in (accepted, rejected, by_hand))
    if not whole or type(raw) not in (int, float) or not 0 <= raw <= accepted + rejected:
        raise _unreadable()
    return Tally(accepted, rejected, by_hand, float(raw))


def _word(word: str) -> str:
    if not 0 < len(word) <= LONGEST:
        raise _unreadable()
    return word


def _object(text: str | None) -> dict[str, Any]:
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(data, dict):
        raise _unreadable()
    return data


def _unreadable() -> ProjectError:
    return ProjectError(
        "what the project has learned about reporting words cannot be read",
        cure="Run annotator check on the project, and restore a backup of it",
    )


def changed_uses(uses: Mapping[str, Use], changes: Iterable[tuple[str, Use]]) -> dict[str, Use]:
    """Settings after some changes, by words as a person gives them. Raises InputError."""
    made = dict(uses)
    for word, use in changes:
        made[lemma_of(word)] = use
    return settled(made)
