from __future__ import annotations

from annotator.core.changes import ChangeSet, RelationChange, SpanChange
from annotator.core.codebook import Codebook, codebook_from_toml
from annotator.core.model import Article, Kind, Relation, Span, State
from annotator.core.page import Page
from annotator.core.text import sha256_of
from annotator.runtime.resources import resource
from annotator.ui.canvas.spoken import (
    changes_sentence,
    relation_sentence,
    selection_sentence,
    span_sentence,
    targets_sentence,
)

TEXT = "The US has formally requested Iran to halt its sale of drones. Malley said so."


def book() -> Codebook:
    return codebook_from_toml(resource("codebooks", "general-news.toml").read_text("utf-8"))


def span(name: str, kind: Kind, label: str, *words: str, sure: float | None = None, note: str = "") -> Span:
    return Span(
        id=name,
        kind=kind,
        label=label,
        fragments=tuple((TEXT.index(each), TEXT.index(each) + len(each)) for each in words),
        state=State.ACCEPTED if sure is None else State.SUGGESTED,
        origin="annotator:ana" if sure is None else "spacy:test-1",
        confidence=sure,
        annotator="ana" if sure is None else None,
        note=note or None,
    )


def link(name: str, type_: str, head: str, tail: str, state: State = State.ACCEPTED) -> Relation:
    return Relation(
        id=name,
        type=type_,
        head=head,
        tail=tail,
        state=state,
        origin="annotator:ana",
        annotator="ana" if state is State.ACCEPTED else None,
    )


def page() -> Page:
    own = [
        span("us", Kind.ACTOR, "Actor", "The US"),
        span("claim", Kind.CLAIM, "Claim", "formally requested Iran to halt its sale of drones", note="odd"),
        span("cue", Kind.CUE, "Cue", "said"),
        span("parts", Kind.CLAIM, "Claim", "Malley", "so"),
    ]
    waiting = [span("iran", Kind.ENTITY, "Place", "Iran", sure=0.91)]
    links = [
        link("r1", "made_by", "claim", "us"),
        link("r2", "cued_by", "claim", "cue"),
        link("r3", "supports", "parts", "claim"),
        link("r4", "made_by", "parts", "us"),
    ]
    suggested = [link("r5", "about", "claim", "iran", State.SUGGESTED)]
    return Page(
        article=Article(id="a", text=TEXT, sha256=sha256_of(TEXT), title="T", imported_at=""),
        annotator="ana",
        spans={each.id: each for each in own},
        relations={each.id: each for each in links},
        suggestions={each.id: each for each in waiting},
        relation_suggestions={each.id: each for each in suggested},
    )


def test_a_span_with_what_it_is_joined_to() -> None:
    assert span_sentence(page(), book(), "us") == (
        "Actor “The US”, 2 relations: “formally requested Iran to ha…” made by it, “Malley so” made by it"
    )
    assert span_sentence(page(), book(), "iran").startswith("Place “Iran”, suggested, 91% sure, 1 relation: ")
    assert span_sentence(page(), book(), "parts").startswith("Claim “Malley so”, 2 fragments, 2 relations")
    claim = span_sentence(page(), book(), "claim")
    assert claim.startswith("Claim “formally requested Iran to halt its sale of drones”, with a note, 4 rel")
    assert claim.endswith(", and 1 more")


def test_a_relation() -> None:
    assert relation_sentence(page(), book(), "r4") == "Relation: “Malley so” made by “The US”"
    assert relation_sentence(page(), book(), "r5").endswith("about “Iran”, suggested")
    assert relation_sentence(page(), book(), "gone") == ""


def test_selected_words() -> None:
    assert selection_sentence(page(), [(0, 6)]) == "The US"
    assert selection_sentence(page(), [(0, 6), (63, 69)]) == "Malley, 2 fragments"
    assert selection_sentence(page(), []) == ""


def test_what_an_edit_did() -> None:
    now, codebook = page(), book()
    cue, us = now.spans["cue"], now.spans["us"]

    def said(*changes: SpanChange | RelationChange) -> str:
        return changes_sentence(now, codebook, ChangeSet("a", changes))

    assert said(SpanChange(None, cue)) == "Labelled Cue “said”"
    assert said(SpanChange(cue, None)) == "Removed Cue “said”"
    actor = span("cue", Kind.ACTOR, "Actor", "said")
    assert said(SpanChange(cue, actor)) == "Relabelled Cue as Actor “said”"
    assert said(SpanChange(cue, span("cue", Kind.CUE, "Cue", "said so"))) == "Changed Cue “said so”"
    assert (
        said(SpanChange(None, span("p", Kind.ENTITY, "Place", "Iran", sure=0.5))) == "Proposed Place “Iran”"
    )
    drawn = now.relations["r4"]
    assert said(RelationChange(None, drawn)) == "Drawn: “Malley so” made by “The US”"
    assert said(RelationChange(drawn, link("r4", "addressed_to", "parts", "us"))).startswith("Changed: ")
    assert said(SpanChange(us, None), SpanChange(cue, None), RelationChange(drawn, None)) == (
        "2 labels removed, 1 relation removed"
    )
    del now.spans["us"]
    assert said(RelationChange(drawn, None)) == "Removed: “Malley so” made by a label that is gone"
    assert said() == ""


def test_targets_with_their_letters() -> None:
    assert targets_sentence(page(), {"us": "a", "cue": "s", "iran": ""}) == (
        "3 targets: A Actor “The US”, S Cue “said”"
    )
    assert targets_sentence(page(), {"us": "↵"}) == "1 target"
