"""Runs of suggestions, again and again, with decisions in between."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.codebook import Codebook
from annotator.core.commands import Accept, AcceptRelation, Reject, RejectRelation
from annotator.core.model import Kind, Span
from annotator.core.ports import Suggested, SuggestedRelation, SuggestedSpan
from annotator.core.records import replace
from annotator.core.tokens import Tokens
from annotator.session.editor import Editor
from annotator.store.repository import SqlRepository

MODEL = "spacy:m-1"
PERSON = SuggestedSpan(Kind.ENTITY, "Person", ((0, 10),), MODEL, 0.5)
ACTOR = SuggestedSpan(Kind.ACTOR, "Actor", ((0, 10),), "rules:a-1")
CLAIM = SuggestedSpan(Kind.CLAIM, "Claim", ((22, 49),), "rules:a-1", 0.25, {"quotation": "direct"})
PLACE = SuggestedSpan(Kind.ENTITY, "Place", ((27, 29),), MODEL)


def run(
    *spans: SuggestedSpan, relations: tuple[SuggestedRelation, ...] = (), article: str = "a1"
) -> Suggested:
    tokens = Tokens.of([(0, 3), (4, 10)], [0], "m-1")
    return Suggested(article, spans, relations, tokens, ("spacy:", "rules:"))


@pytest.fixture
def filled(repository: SqlRepository, article: Any) -> SqlRepository:
    repository.add_articles([article(1), article(2)], [])
    return repository


@pytest.fixture
def editor(filled: SqlRepository, codebook: Codebook) -> Editor:
    return Editor(filled, codebook, "ana")


def found(repository: SqlRepository, label: str) -> list[Span]:
    spans, _, _ = repository.open_suggestion_page("a1")
    return [span for span in spans if span.label == label]


MADE_BY = (SuggestedRelation("made_by", 1, 0, "rules:a-1", 0.75),)


def test_what_was_found_is_there(filled: SqlRepository) -> None:
    assert filled.articles_to_suggest(MODEL) == ["a1", "a2"]
    assert filled.save_suggested([run(ACTOR, CLAIM, relations=MADE_BY)], MODEL) == 3
    page = filled.load_page("a1", "ana")
    actor, claim = page.open_suggestions()
    assert (actor.label, actor.fragments, actor.origin, actor.confidence) == (
        "Actor", ((0, 10),), "rules:a-1", None,
    )  # fmt: skip
    assert claim.attributes == {"quotation": "direct"}
    (relation,) = page.visible_relations()
    assert (relation.head, relation.tail, relation.confidence) == (claim.id, actor.id, 0.75)
    assert page.tokens == run().tokens
    assert filled.articles_to_suggest(MODEL) == ["a2"]
    assert filled.articles_to_suggest("spacy:other") == ["a1", "a2"]
    assert list(filled.check()) == []


def test_same_again_changes_nothing(filled: SqlRepository) -> None:
    filled.save_suggested([run(PERSON, CLAIM, PERSON, relations=MADE_BY)], MODEL)
    before = filled.open_suggestion_page("a1")
    assert (
        filled.save_suggested(
            [run(CLAIM, PERSON, relations=(SuggestedRelation("made_by", 0, 1, "rules:a-1", 0.75),))], MODEL
        )
        == 0
    )
    assert filled.open_suggestion_page("a1") == before


def test_undecided_ones_that_are_found_again_get_the_new_confidence(
    filled: SqlRepository, editor: Editor
) -> None:
    other = SuggestedSpan(Kind.CUE, "Cue", ((11, 15),), "annotator:ana", 0.5)
    filled.save_suggested([run(ACTOR, CLAIM, PERSON, other, relations=MADE_BY)], MODEL)
    editor.open("a1")
    editor.run(Reject((found(filled, "Person")[0].id,)))
    surer = [replace(each, origin="rules:a-2", confidence=0.9) for each in (ACTOR, CLAIM, other)]
    person = replace(PERSON, confidence=0.9)
    again = (replace(MADE_BY[0], origin="rules:a-2", confidence=0.8),)
    assert filled.save_suggested([run(*surer, person, ACTOR, relations=again)], MODEL) == 0
    spans, (relation,), _ = filled.open_suggestion_page("a1")
    assert {span.label: (span.origin, span.confidence) for span in spans} == {
        "Actor": ("rules:a-2", 0.9),
        "Claim": ("rules:a-2", 0.9),
        "Person": (MODEL, 0.5),  # decided
        "Cue": ("annotator:ana", 0.5),  # of another family
    }
    assert (relation.origin, relation.confidence) == ("rules:a-2", 0.8)
    assert list(filled.check()) == []


def test_undecided_ones_that_are_not_found_again_go(filled: SqlRepository, editor: Editor) -> None:
    other = SuggestedSpan(Kind.CUE, "Cue", ((11, 15),), "annotator:ana")
    filled.save_suggested([run(ACTOR, CLAIM, PLACE, PERSON, other, relations=MADE_BY)], MODEL)
    page = editor.open("a1")
    actor, place = (
        next(each for each in page.open_suggestions() if each.label == label) for label in ("Actor", "Place")
    )
    editor.run(Accept((actor.id,)))
    editor.run(Reject((place.id,)))
    assert filled.save_suggested([run()], MODEL) == 0
    spans, relations, _ = filled.open_suggestion_page("a1")
    assert {span.label for span in spans} == {"Actor", "Place", "Cue"}
    assert relations == []
    assert filled.save_suggested([run(ACTOR, PLACE)], MODEL) == 0, "decided ones do not come back"
    assert list(filled.check()) == []


def test_ends_of_a_decided_relation_stay(filled: SqlRepository, editor: Editor) -> None:
    filled.save_suggested([run(ACTOR, CLAIM, relations=MADE_BY)], MODEL)
    (relation,) = editor.open("a1").visible_relations()
    editor.run(RejectRelation(relation.id))
    filled.save_suggested([run()], MODEL)
    assert len(found(filled, "Actor")) == len(found(filled, "Claim")) == 1
    assert list(filled.check()) == []


def test_what_an_undone_edit_decided_stays_for_redo(filled: SqlRepository, editor: Editor) -> None:
    filled.save_suggested([run(ACTOR, CLAIM, relations=MADE_BY)], MODEL)
    (relation,) = editor.open("a1").visible_relations()
    editor.run(AcceptRelation(relation.id))
    editor.undo()
    filled.save_suggested([run()], MODEL)
    editor.open("a1")
    assert editor.redo() is not None
    assert len(editor.open("a1").relations) == 1
    editor.undo()
    editor.run(Reject((found(filled, "Claim")[0].id,)))
    filled.save_suggested([run()], MODEL)
    assert found(filled, "Actor") == [], "that edit can no longer be redone"


def test_other_families_are_not_touched(filled: SqlRepository) -> None:
    filled.save_suggested([run(PERSON, ACTOR)], MODEL)
    only = Suggested("a1", (), (), Tokens.of([]), ("spacy:",))
    filled.save_suggested([only], MODEL)
    assert found(filled, "Person") == []
    assert len(found(filled, "Actor")) == 1
    filled.save_suggested([Suggested("a1", (), (), Tokens.of([]), ())], MODEL)
    assert len(found(filled, "Actor")) == 1


def test_all_or_nothing(filled: SqlRepository) -> None:
    from annotator.core.errors import ProjectError

    with pytest.raises(ProjectError, match="no article"):
        filled.save_suggested([run(PERSON), run(PERSON, article="gone")], MODEL)
    assert found(filled, "Person") == []
    assert filled.articles_to_suggest(MODEL) == ["a1", "a2"]
