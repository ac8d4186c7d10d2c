"""Attributions as suggested spans and relations of a project's codebook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.core.model import Kind
from annotator.core.ports import Suggested, SuggestJob
from annotator.core.records import replace
from annotator.core.scheme import Scheme
from annotator.core.text import touches_any
from annotator.nlp.analyse import RULES_FAILED, Analyser, Pipeline
from annotator.nlp.furniture import find_furniture
from annotator.nlp.loading import load
from annotator.nlp.pipelines import find_model

type Suggest = Callable[..., Suggested]
SEED = Path(__file__).parents[3] / "seeds/us-urges-iran-drone-sales.txt"


def told(text: str, found: Suggested, type_: str = "made_by") -> set[tuple[str, str]]:
    """The words of head and tail of every relation of a type."""

    def words(place: int) -> str:
        return " ".join(text[a:b] for a, b in found.spans[place].fragments)

    return {(words(each.head), words(each.tail)) for each in found.relations if each.type == type_}


def claim(found: Suggested) -> dict[str, object]:
    (only,) = [each for each in found.spans if each.kind is Kind.CLAIM]
    return dict(only.attributes)


def test_a_claim_has_its_actor_cue_and_addressee(suggest: Suggest) -> None:
    text = "The president urged Congress to act."
    found = suggest(text)
    assert told(text, found) == {("to act", "The president")}
    assert told(text, found, "cued_by") == {("to act", "urged")}
    assert told(text, found, "addressed_to") == {("to act", "Congress")}
    assert claim(found) == {"quotation": "indirect", "form": "demand"}
    for each in (*found.spans, *found.relations):
        if each.origin.startswith("rules:"):
            assert each.origin == "rules:attribution-1"
            assert each.confidence is not None
            assert 0.5 <= each.confidence < 1


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("“The plan is dead,” Ryan said.", "direct"),
        ("Ryan said the plan was “dead on arrival” in the House.", "mixed"),
        ("Ryan said the plan was dead.", "indirect"),
    ],
)
def test_how_it_is_quoted_is_noted(suggest: Suggest, text: str, quotation: str) -> None:
    assert claim(suggest(text))["quotation"] == quotation


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("The company denied wrongdoing.", {"form": "denial"}),
        ("Trump accused Clinton of lying.", {"form": "accusation"}),
        ("The party promised to lower taxes.", {"form": "promise"}),
        ("The senator opposes the new law.", {"stance": "oppose"}),
        ("Ryan said the plan was dead.", {}),
    ],
)
def test_form_and_stance_are_set_only_where_the_word_says_it(
    suggest: Suggest, text: str, attributes: dict[str, str]
) -> None:
    found = claim(suggest(text))
    assert {name: value for name, value in found.items() if name != "quotation"} == attributes


def test_an_actor_carries_the_type_of_the_entity_that_heads_it(suggest: Suggest) -> None:
    text = (
        "House Speaker Paul Ryan said it was early. The Financial Times reported that it was late. "
        "France said it would wait. A new report found that prices rose. Voters said they were tired."
    )
    found = suggest(text)
    types = {
        text[slice(*each.fragments[0])]: each.attributes.get("type")
        for each in found.spans
        if each.kind is Kind.ACTOR
    }
    assert types == {
        "House Speaker Paul Ryan": "person",
        "The Financial Times": "organization",
        "France": "state",
        "A new report": "document",
        "Voters": None,
    }


def test_coordinated_names_are_actors_of_their_own(suggest: Suggest) -> None:
    text = "Hillary Clinton and Donald Trump said the vote would be close."
    claim = "the vote would be close"
    assert told(text, suggest(text)) == {(claim, "Hillary Clinton"), (claim, "Donald Trump")}
    text = "Officials and diplomats said the vote would be close."
    assert told(text, suggest(text)) == {(claim, "Officials and diplomats")}


def test_what_the_codebook_lacks_is_left_out(suggest: Suggest, scheme: Scheme) -> None:
    poor = replace(
        scheme,
        labels={Kind.CLAIM: "Statement", Kind.ACTOR: "Speaker"},
        choices={},
        relations=frozenset({("made_by", Kind.CLAIM, Kind.ACTOR)}),
    )
    model = find_model()
    pipeline = Pipeline(model, load(model, parsed=True), poor)
    text = "The president urged Congress to act."
    (analysed,) = pipeline.analyse([SuggestJob("a", text, None, ())])
    made = [each for each in analysed.result.spans if each.kind is not Kind.ENTITY]
    assert {(each.kind, each.label) for each in made} == {(Kind.CLAIM, "Statement"), (Kind.ACTOR, "Speaker")}
    assert all(not each.attributes for each in made)
    assert {each.type for each in analysed.result.relations} == {"made_by"}


def test_without_words_or_parser_only_entities_are_suggested(scheme: Scheme) -> None:
    model = find_model()
    job = SuggestJob("a", "Barack Obama said the plan was dead.", None, ())
    for pipeline in (
        Pipeline(model, load(model), scheme),
        Pipeline(model, load(model, parsed=True), replace(scheme, lexicon="")),
    ):
        (analysed,) = pipeline.analyse([job])
        assert {each.kind for each in analysed.result.spans} == {Kind.ENTITY}
        assert analysed.result.origins == ("spacy:",)


def test_furniture_inside_a_quotation_parts_the_claim(suggest: Suggest) -> None:
    text = (
        "“We tried for weeks,” Ryan said.\n\nAlso Read: Ten more things\n\n“We will not try again this year.”"
    )
    furniture = find_furniture(text, "x")
    assert furniture
    found = suggest(text, furniture)
    (claim,) = [each for each in found.spans if each.kind is Kind.CLAIM]
    assert len(claim.fragments) == 2
    assert not any(touches_any(part, furniture) for part in claim.fragments)


def test_the_sample_article_says_who_said_what(suggest: Suggest) -> None:
    text = SEED.read_text(encoding="utf-8")
    found = suggest(text, find_furniture(text, ""))
    made = told(text, found)
    for words, actor in (
        ("the US's deep concern over the prospect", "Malley"),
        ("the gravity of the matter", "Rob Malley"),
        ("on immediate sanctions relief", "Iran"),
        ("tangible actions from Iran to curtail its nuclear pursuits before sanctions are eased", "The US"),
        ("The request was made during a significant meeting", "the Financial Times"),
        ("Iran's readiness to collaborate with the international community", "he"),
        ("that the United States has formally requested Iran to halt its sale of drones", "Recent reports"),
    ):
        assert [tail for head, tail in made if head.startswith(words)] == [actor]
    assert ("Malley", "Rob Malley") in told(text, found, "same_as")
    assert ("the US Special Envoy for Iran", "Rob Malley") in told(text, found, "same_as")


def test_long_articles_are_read_in_pieces_to_the_same_claims(suggest: Suggest) -> None:
    line = "The senator said that plan number {} would fail in the House.\n"
    text = "".join(line.format(number) for number in range(600))
    assert len(text) > 30_000
    claims = [each for each in suggest(text).spans if each.kind is Kind.CLAIM]
    assert [text[slice(*each.fragments[0])] for each in claims] == [
        f"that plan number {number} would fail in the House" for number in range(600)
    ]


def test_a_list_of_names_makes_an_actor_of_each(suggest: Suggest) -> None:
    text = "Merkel, Macron, Scholz and Biden said that the war must end."
    assert {tail for _, tail in told(text, suggest(text))} == {"Merkel", "Macron", "Scholz", "Biden"}


def test_a_dateline_speaks_for_nobody(suggest: Suggest) -> None:
    text = "DOHA: The minister has resigned after the vote."
    assert not told(text, suggest(text))


def test_a_name_behind_a_dash_has_no_full_stop(suggest: Suggest) -> None:
    text = "“We will win this election for you.” — Donald Trump."
    assert {tail for _, tail in told(text, suggest(text))} == {"Donald Trump"}


def test_a_noun_and_its_verb_around_the_claim_leave_it_alone(suggest: Suggest) -> None:
    text = "His claim that he had won was repeated on Monday."
    assert told(text, suggest(text)) == {("that he had won", "His")}


def test_a_fault_of_the_rules_costs_no_entities(
    suggest: Suggest, claiming: Analyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("annotator.nlp.attribution.report.read", fail)
    (analysed,) = claiming.analyse([SuggestJob("a", "Barack Obama said that it was late.", None, ())])
    assert [each.kind for each in analysed.result.spans] == [Kind.ENTITY]
    assert analysed.complaint == RULES_FAILED
