"""Calibration: what must hold whatever annotators decide."""

from __future__ import annotations

import pickle

from hypothesis import assume, given
from hypothesis import strategies as st

from annotator.core.cue_words import NO_WORD
from annotator.core.learning import (
    ALWAYS,
    FURTHEST,
    LEAST,
    MOST,
    Learned,
    OpenClaims,
    Tally,
    Use,
    effect_of,
    learned_from,
)  # fmt: skip
from annotator.core.records import replace

shares = st.floats(0.02, 0.99).map(lambda each: round(each, 3))
counts = st.integers(0, 200)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    accepted, rejected = draw(counts), draw(counts)
    return Tally(accepted, rejected, draw(counts), (accepted + rejected) * draw(shares))


projects = st.dictionaries(st.sampled_from(["say", "deny", "claim", "mutter", "harrumph"]), tallies())


@given(project=projects, raw=shares)
def test_it_stays_within_its_bounds(project: dict[str, Tally], raw: float) -> None:
    for word in (*project, "unheard"):
        assert LEAST <= Learned(project).confidence(word, raw) <= MOST


@given(raw=shares)
def test_without_evidence_nothing_moves(raw: float) -> None:
    assert Learned().confidence("say", raw) == raw
    assert Learned({"say": Tally()}).confidence("say", raw) == raw
    assert Learned({"deny": Tally(by_hand=9)}).confidence("say", raw) == raw, "no suggestion was decided on"


@given(project=projects, raw=shares, more=st.integers(1, 50))
def test_more_hits_make_it_surer_and_more_misses_less_sure(
    project: dict[str, Tally], raw: float, more: int
) -> None:
    tally = project.get("say", Tally())

    def sure(**change: int) -> float:
        return Learned({**project, "say": replace(tally, **change)}).confidence("say", raw)

    now = sure()
    assert sure(accepted=tally.accepted + more) >= now
    assert sure(by_hand=tally.by_hand + more) >= now
    assert sure(rejected=tally.rejected + more) <= now


@given(project=projects, one=shares, other=shares)
def test_what_is_surer_by_the_rules_stays_surer(project: dict[str, Tally], one: float, other: float) -> None:
    assume(one <= other)
    learned = Learned(project)
    assert learned.confidence("say", one) <= learned.confidence("say", other)


@given(project=projects, raw=shares)
def test_settings_go_before_what_was_learned(project: dict[str, Tally], raw: float) -> None:
    assert Learned(project, {"say": Use.ALWAYS}).confidence("say", raw) >= ALWAYS
    assert Learned(project, {"say": Use.RULES}).confidence("say", raw) == raw
    assert Learned(project, {"say": Use.NEVER}).off == {"say"}


def test_ten_rejections_of_one_word_lower_it_far_and_the_others_a_little() -> None:
    learned = Learned({"say": Tally(rejected=10, raw=9.6)})
    assert learned.confidence("say", 0.96) == round(8 * 0.96 / 18, 3)
    assert 0.9 < learned.confidence("deny", 0.96) < 0.93
    assert learned.shift("say") == 0, "no decision counts twice"


def test_decisions_that_meet_the_rules_own_confidence_move_nobody_else() -> None:
    learned = Learned({"say": Tally(90, 10, 0, 90.0)})
    assert abs(learned.shift("deny")) < 1e-9


def test_one_word_never_counts_for_more_in_the_pool_than_the_prior_of_a_word() -> None:
    few, many = (Learned({"say": Tally(0, n, 0, n * 0.9)}) for n in (100, 100_000))
    assert abs(few.confidence("deny", 0.9) - many.confidence("deny", 0.9)) < 0.02


def test_words_marked_twice_by_hand_are_looked_for() -> None:
    marked = {"harrumph": Tally(by_hand=2), "tut": Tally(by_hand=1), "say": Tally(by_hand=5)}
    assert learned_from(marked, {}, {"say"}).added == {"harrumph"}
    assert learned_from(marked, {"harrumph": Use.NEVER}, {"say"}).added == set()
    assert learned_from(marked, {"harrumph": Use.RULES}, {"say"}).added == set()
    assert learned_from({}, {"tut": Use.ALWAYS, "say": Use.ALWAYS}, {"say"}).added == {"tut"}


def test_effect_counts_claims() -> None:
    open_ = [
        OpenClaims("say", 0.96, 0.96, 3),
        OpenClaims("deny", 0.7, 0.7, 2),
        OpenClaims("ask", 0.5, 0.5, 4),
    ]
    learned = Learned({"say": Tally(rejected=10, raw=9.6)}, {"deny": Use.ALWAYS, "ask": Use.NEVER})
    effect = effect_of(open_, learned)
    assert (effect.certain, effect.doubtful, effect.gone) == (2, 3, 4)
    assert not effect_of(open_, Learned())


@given(project=projects)
def test_it_goes_to_another_process_as_it_is(project: dict[str, Tally]) -> None:
    learned = Learned(project, {"say": Use.NEVER}, frozenset({"harrumph"}))
    again = pickle.loads(pickle.dumps(learned))
    assert again == learned
    assert again.confidence("deny", 0.8) == learned.confidence("deny", 0.8)


def test_the_project_as_a_whole_moves_a_word_by_a_step_at_most() -> None:
    tallies = {f"word{n}": Tally(rejected=500, raw=480.0) for n in range(60)}
    learned = Learned(tallies, {}, frozenset())
    assert learned.shift("say") == -FURTHEST
    assert 0.896 < learned.confidence("say", 0.96) < 0.9


def test_no_word_is_not_looked_for() -> None:
    assert not learned_from({}, {NO_WORD: Use.ALWAYS}, ()).added
    assert not learned_from({NO_WORD: Tally(by_hand=5)}, {}, ()).added
    assert learned_from({}, {NO_WORD: Use.ALWAYS}, ()).use_of(NO_WORD) is Use.ALWAYS
