"""A suggested claim is decided on as a whole: with its actor, its cue and the links."""

from __future__ import annotations

import pytest

from annotator.core import whole
from annotator.core.model import Article, Kind, Relation, Span, State
from annotator.core.page import Page


def suggestion(id_: str, kind: Kind, start: int, confidence: float = 0.95) -> Span:
    return Span(
        id=id_,
        kind=kind,
        label=kind.title(),
        fragments=((start, start + 3),),
        state=State.SUGGESTED,
        origin="rules:attribution-1",
        confidence=confidence,
    )


def link(type_: str, head: str, tail: str, confidence: float = 0.95) -> Relation:
    return Relation(
        id=f"{head}-{tail}",
        type=type_,
        head=head,
        tail=tail,
        state=State.SUGGESTED,
        origin="rules:attribution-1",
        confidence=confidence,
    )


@pytest.fixture
def page() -> Page:
    """“Ann said abc and def.”: two claims of one actor, and two cues, the second one's less certain."""
    spans = [
        suggestion("actor", Kind.ACTOR, 0),
        suggestion("cue", Kind.CUE, 4),
        suggestion("claim", Kind.CLAIM, 9),
        suggestion("second", Kind.CLAIM, 17),
        suggestion("weak", Kind.CUE, 13, 0.6),
    ]
    links = [
        link("made_by", "claim", "actor"),
        link("cued_by", "claim", "cue"),
        link("made_by", "second", "actor"),
        link("cued_by", "second", "weak", 0.6),
    ]
    article = Article(id="a", text="Ann said abc and def.", sha256="")
    return Page(
        article=article,
        annotator="ana",
        suggestions={each.id: each for each in spans},
        relation_suggestions={each.id: each for each in links},
    )


def test_accepting_a_claim_takes_its_links_along_and_another_kind_only_itself(page: Page) -> None:
    command = whole.accepting(page, "claim")
    assert command.suggestions == ("claim",)
    assert set(command.relations) == {"claim-actor", "claim-cue"}
    assert whole.accepting(page, "actor").relations == ()


def test_rejecting_a_claim_rejects_its_cue_but_not_the_actor(page: Page) -> None:
    command = whole.rejecting(page, "claim")
    assert command.suggestions == ("claim", "cue")
    assert set(command.relations) == {"claim-actor", "claim-cue"}
    assert whole.rejecting(page, "cue").suggestions == ("cue",)


def test_what_is_hidden_is_not_decided_on(page: Page) -> None:
    page.show_less_certain(False)
    assert whole.accepting(page, "second").relations == ("second-actor",)
    assert whole.rejecting(page, "second").suggestions == ("second",)
    page.show_less_certain(True)
    assert whole.rejecting(page, "second").suggestions == ("second", "weak")


def test_a_cue_of_two_claims_stays_with_the_other(page: Page) -> None:
    page.relation_suggestions["second-cue"] = link("cued_by", "second", "cue")
    assert whole.rejecting(page, "claim").suggestions == ("claim",)


def test_everything_hangs_on_the_first_claim_it_belongs_to(page: Page) -> None:
    assert {tail: claim.id for tail, claim in whole.by_claim(page).items()} == {
        "actor": "claim",
        "cue": "claim",
        "weak": "second",
    }
