"""Which suggestions of a page are in sight while the less certain ones are hidden."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.alike import alike_of, confident, equal_spans
from annotator.core.commands import Accept, DrawRelation, MakeSpan, Reject
from annotator.core.model import Kind, Verdict
from annotator.core.page import Page
from annotator.core.records import replace


@pytest.fixture
def work(table: Any) -> Any:
    """A sure claim with a sure and an unsure actor, an unsure claim, a place of spaCy's; the rest hidden."""
    claim = table.suggest("Claim", "Iran must stop the sale")
    actor = table.suggest("Actor", "Rob Malley")
    other = table.suggest("Actor", "The minister")
    denial = table.suggest("Claim", "rejected it")
    place = table.suggest("Place", "Iran")
    links = [table.suggest_relation("made_by", *ends) for ends in ((claim, actor), (claim, other))]
    sure = {claim: 0.95, actor: 0.95, other: 0.6, denial: 0.5}
    page = table.page
    page.replace_suggestions(
        [
            replace(each, origin="rules:test-1", confidence=sure[each.id]) if each.id != place else each
            for each in page.suggestions.values()
        ],
        [replace(each, confidence=0.95) for each in page.relation_suggestions.values()],
    )
    page.show_less_certain(False)
    table.ids = claim, actor, other, denial, place
    table.links = links
    return table


def in_sight(page: Page) -> tuple[set[str], set[str]]:
    return {each.id for each in page.visible_spans()}, {each.id for each in page.visible_relations()}


def test_hidden_ones_are_nowhere_and_are_counted(work: Any) -> None:
    page, (claim, actor, other, denial, place) = work.page, work.ids
    assert in_sight(page) == ({claim, actor, place}, {work.links[0]})
    assert {each.id for each in page.open_suggestions()} == {claim, actor, place}
    assert page.count_less_certain() == 3, "two spans and the relation to one of them"
    assert page.is_open(page.suggestions[other]), "that it is hidden decides nothing"
    assert not page.is_shown(page.suggestions[other])
    assert confident(page, 0.0)[1] == (work.links[0],)
    assert not {other, denial} & set(confident(page, 0.0)[0])
    assert equal_spans(page, alike_of(page, page.suggestions[denial])) == ()
    page.show_less_certain(True)
    assert in_sight(page) == (set(work.ids), set(work.links))
    assert page.count_less_certain() == 3
    assert page.is_less_certain(page.relation_suggestions[work.links[1]])
    assert not page.is_less_certain(page.relation_suggestions[work.links[0]])


def test_a_decision_stays_when_they_are_hidden_again(work: Any) -> None:
    page, (_, _, other, denial, _) = work.page, work.ids
    page.show_less_certain(True)
    work.run(Accept((other,)))
    work.run(Reject((denial,)))
    page.show_less_certain(False)
    spans, links = in_sight(page)
    assert page.stand_in(other) in spans
    assert work.links[1] in links, "its ends are a confident suggestion and an own span now"
    assert page.decisions[denial].verdict is Verdict.REJECTED
    assert page.count_less_certain() == 0


def test_labelling_over_a_hidden_one_decides_nothing_about_it(work: Any) -> None:
    page, (claim, _, other, _, _) = work.page, work.ids
    own = work.run(MakeSpan(Kind.ACTOR, "Actor", page.suggestions[other].fragments)).added_spans()[0]
    assert own.suggestion is None
    assert other not in page.decisions
    assert own.origin == "annotator:ana"
    assert work.links[1] in in_sight(page)[1], "but it stands in for it"
    work.run(Accept((claim,)))
    drawn = work.run(DrawRelation("made_by", page.stand_in(claim), own.id)).added_relations()[0]
    assert drawn.suggestion == work.links[1], "what is in sight is decided as ever"


def test_what_is_taken_back_comes_into_sight_again(work: Any) -> None:
    page, (_, _, other, denial, _) = work.page, work.ids
    page.show_less_certain(True)
    changes = work.run(Reject((other,), (work.links[1],)))
    page.show_less_certain(False)
    page.bring_back(changes.inverted())
    page.apply(changes.inverted())
    spans, links = in_sight(page)
    assert other in spans
    assert work.links[1] in links
    assert denial not in spans
    assert page.count_less_certain() == 1
    page.show_less_certain(False)
    assert other not in in_sight(page)[0], "until they are hidden once more"


def test_a_relation_that_is_taken_back_brings_its_ends(work: Any) -> None:
    page, (_, _, other, _, _) = work.page, work.ids
    page.show_less_certain(True)
    changes = work.run(Reject((), (work.links[1],)))
    page.show_less_certain(False)
    page.bring_back(changes.inverted())
    page.apply(changes.inverted())
    spans, links = in_sight(page)
    assert other in spans
    assert work.links[1] in links


def test_a_new_run_of_suggestions_is_parted_anew(work: Any) -> None:
    page = work.page
    spans = [replace(each, confidence=1.0) for each in page.suggestions.values()]
    page.replace_suggestions(spans, page.relation_suggestions.values())
    assert in_sight(page) == (set(work.ids), set(work.links))
    assert page.count_less_certain() == 0
