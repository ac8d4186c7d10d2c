"""Who says what: one sentence for each way of reporting, and what the corpora say about edges."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.nlp.attribution.attributions import LEAST, Reader
from annotator.nlp.attribution.lexicon import Lexicon
from annotator.nlp.attribution.parse import Parse

from .conftest import Read

CASES: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "clause": (
        "Clinton said that the plan would fail.",
        [("Clinton", "said", "that the plan would fail")],
    ),
    "clause without that": (
        "The senator said the plan would fail.",
        [("The senator", "said", "the plan would fail")],
    ),
    "reported before": (
        "The plan would fail, the senator said on Monday.",
        [("the senator", "said", "The plan would fail")],
    ),
    "direct": (
        "“The plan is dead,” said Paul Ryan, the speaker.",
        [("Paul Ryan", "said", "“The plan is dead,”")],
    ),
    "straight": (
        '"The plan is dead," the senator said.',
        [("the senator", "said", '"The plan is dead,"')],
    ),
    "interrupted": (
        "“The plan,” he said, “is dead and will stay dead.”",
        [("he", "said", "“The plan,” … “is dead and will stay dead.”")],
    ),
    "two sentences": (
        "“The plan is dead,” Ryan said. “We will not try again this year.”",
        [("Ryan", "said", "“The plan is dead,” … “We will not try again this year.”")],
    ),
    "paragraphs": (
        "“The plan is dead,” Ryan said. “We tried for weeks.\n\n“We will not try again this year.”",
        [("Ryan", "said", "“The plan is dead,” … “We tried for weeks. … “We will not try again this year.”")],
    ),
    "tell": (
        "Malley told lawmakers that the talks had stalled.",
        [("Malley", "told", "that the talks had stalled")],
    ),
    "according": (
        "According to the Financial Times, the request was made in Qatar.",
        [("the Financial Times", "According to", "the request was made in Qatar")],
    ),
    "according end": (
        "The request was made in Qatar, according to two officials.",
        [("two officials", "according to", "The request was made in Qatar")],
    ),
    "as reported": (
        "The request was made in Qatar, as the newspaper reported.",
        [("the newspaper", "reported", "The request was made in Qatar")],
    ),
    "urge": (
        "The president urged Congress to act.",
        [("The president", "urged", "to act")],
    ),
    "call for": (
        "Critics called for an inquiry.",
        [("Critics", "called", "for an inquiry")],
    ),
    "call on": (
        "The mayor called on residents to stay at home.",
        [("The mayor", "called", "to stay at home")],
    ),
    "accuse": (
        "Trump accused Clinton of lying.",
        [("Trump", "accused", "Clinton of lying")],
    ),
    "describe": (
        "She described the deal as a disaster.",
        [("She", "described", "the deal as a disaster")],
    ),
    "call predicate": (
        "He called the deal “a disaster.”",
        [("He", "called", "the deal “a disaster.”")],
    ),
    "promise": (
        "The party promised to lower taxes.",
        [("The party", "promised", "to lower taxes")],
    ),
    "refuse": (
        "The minister refused to resign.",
        [("The minister", "refused", "to resign")],
    ),
    "deny": (
        "The company denied wrongdoing.",
        [("The company", "denied", "wrongdoing")],
    ),
    "deny gerund": (
        "The minister denied taking money.",
        [("The minister", "denied", "taking money")],
    ),
    "negated": (
        "The ministry did not say whether the talks would resume.",
        [("The ministry", "did not say", "whether the talks would resume")],
    ),
    "modal": (
        "Democrats may argue that the law is unfair.",
        [("Democrats", "may argue", "that the law is unfair")],
    ),
    "wants": (
        "The governor wants the court to rule quickly.",
        [("The governor", "wants", "the court to rule quickly")],
    ),
    "plans": (
        "The government plans to build new schools.",
        [("The government", "plans", "to build new schools")],
    ),
    "adjective": (
        "Officials were confident that the deal would hold.",
        [("Officials", "were confident", "that the deal would hold")],
    ),
    "adj prep": (
        "Voters are worried about rising prices.",
        [("Voters", "are worried", "about rising prices")],
    ),
    "noun": (
        "His claim that the vote was rigged drew laughter.",
        [("His", "claim", "that the vote was rigged")],
    ),
    "light": (
        "Diplomats expressed concern that the talks would fail.",
        [("Diplomats", "expressed concern", "that the talks would fail")],
    ),
    "poll": (
        "A new poll found that voters want change.",
        [("A new poll", "found", "that voters want change")],
    ),
    "shared": (
        "Ryan said the bill was ready and added that a vote would come soon.",
        [("Ryan", "said", "the bill was ready"), ("Ryan", "added", "that a vote would come soon")],
    ),
    "participle": (
        "Ryan defended the bill, saying it would cut costs.",
        [("Ryan", "saying", "it would cut costs")],
    ),
    "who": (
        "Ryan, who said the bill would pass, left early.",
        [("Ryan", "said", "the bill would pass")],
    ),
    "passive": (
        "The plan was criticized by two senators.",
        [("two senators", "was criticized", "The plan")],
    ),
    "outer": (
        "Ryan said Trump told him that the deal was off.",
        [("Ryan", "said", "Trump told him that the deal was off")],
    ),
    "occasion": (
        "He said he would resign during a rally in Ohio.",
        [("He", "said", "he would resign")],
    ),
    "dateline": (
        "WASHINGTON (Reuters) - The Senate leader said the vote would be close.",
        [("The Senate leader", "said", "the vote would be close")],
    ),
    "colon": (
        "Poll: Voters want change in Washington",
        [("Poll", "", "Voters want change in Washington")],
    ),
    "dash": (
        "“We will win this together.” — Angela Merkel",
        [("Angela Merkel", "", "“We will win this together.”")],
    ),
    "particle": (
        "The White House ruled out new talks.",
        [("The White House", "ruled out", "new talks")],
    ),
    "single": (
        "‘We will not give up,’ the minister said.",
        [("the minister", "said", "‘We will not give up,’")],
    ),
    "scare": (
        "The so-called “deep state” was blamed.",
        [],
    ),
    "none": (
        "The senators met for two hours and went home.",
        [],
    ),
    "motion": (
        "The crowd went home after the rally.",
        [],
    ),
    "called name": (
        "A group called Indivisible marched on Saturday.",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_way_of_reporting_is_found(read: Read, name: str) -> None:
    text, expected = CASES[name]
    assert read(text) == expected


PIECES = st.sampled_from(
    [
        *("Clinton", "the senator", "he", "said", "told", "that", "the plan", "would fail", "according to"),
        *("urged", "Congress", "to act", "his claim", "😀", "\u2028", "\n\n"),
        *'“”"‘’,.:—()',
    ]
)


@settings(max_examples=60, deadline=None)
@given(text=st.lists(PIECES, max_size=40).map(" ".join))
def test_no_word_is_in_two_contents_and_none_in_its_own_source_or_cue(
    parse: Callable[[str], Parse], lexicon: Lexicon, text: str
) -> None:
    parsed = parse(text)
    found = Reader(parsed, lexicon).attributions()
    seen: set[int] = set()
    for each in found:
        assert LEAST <= each.confidence <= 1
        assert each.content
        assert not each.content & seen
        seen |= each.content
        own = {token for at in (*each.cue_at, *filter(None, [each.source_at])) for token in range(*at)}
        if each.cue is not None:
            assert not each.content & own


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("The plan, he said, is dead, they said, and taxes rise, she said, ", 120),
        ("taxes rise according to Senator Adams ", 150),
        ("'a ", 3_000),
        ("‘word ", 2_000),
        ("Obama and ", 1_500),
        ("“ ", 2_000),
    ],
)
def test_odd_texts_are_read_to_the_end(
    parse: Callable[[str], Parse], lexicon: Lexicon, unit: str, times: int
) -> None:
    text = unit * times + "said that the war was over."
    Reader(parse(text), lexicon).attributions()


def test_less_sure_ones_come_only_when_asked_for(read: Read) -> None:
    text = "The minister support the plan, and analysts see it as a step."
    assert len(read(text, 0.9)) <= len(read(text, 0.5)) <= len(read(text, 0.0))
    assert read("The senator said that the plan would fail.", 0.9)
    assert not read("The party backed the plan.", 0.9)
    assert read("The party backed the plan.", 0.3)
