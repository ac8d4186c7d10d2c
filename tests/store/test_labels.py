"""What is streamed for the export."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event

from annotator.core.changes import ChangeSet, ProgressChange
from annotator.core.errors import ProjectError
from annotator.core.history import Edit
from annotator.core.model import (
    ActorRecord,
    Alias,
    Decision,
    Kind,
    Progress,
    Relation,
    State,
    Status,
    Target,
    Verdict,
)
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.span_rows import SpanRows
from annotator.core.tokens import rough_tokens
from annotator.store import labels
from annotator.store.repository import SqlRepository

AT = "2026-03-01T09:30:00.125Z"
ACTORS = [
    ActorRecord(id="k2", name="Iran", type="state"),
    ActorRecord(
        id="k1", name="Rob Malley", type="person", aliases=(Alias("Malley"), Alias("Rob")), note="envoy"
    ),
]


def lines(repository: SqlRepository, **wanted: Any) -> dict[tuple[str, str | None], ArticleLabels]:
    listed = list(repository.iter_labels(**wanted))
    found = {(line.article.id, line.annotator): line for line in listed}
    assert len(found) == len(listed)
    return found


def ids(records: Any) -> list[str]:
    return [each.id for each in records]


def suggested(relation_id: str, head: str, tail: str, type_: str = "made_by") -> Relation:
    return Relation(id=relation_id, type=type_, head=head, tail=tail, state=State.SUGGESTED, origin="rules:1")


@pytest.fixture
def filled(repository: SqlRepository, article: Any, span: Any) -> SqlRepository:
    """Article 1: Zoe labelled, Ana decided; 2: Bob's progress only; 3: nobody; 4: suggestions."""

    def decide(suggestion: str, verdict: Verdict, made: str | None = None) -> Decision:
        return Decision(
            suggestion=suggestion, target=Target.SPAN, verdict=verdict, annotator="ana", made=made
        )

    spans = [
        span("s-claim", 22, 49, kind=Kind.CLAIM),
        span("s-actor", 0, 10),
        span("s-cue", 11, 15, kind=Kind.CUE),
        span("s-gone", 51, 53),
        span("a-actor", 4, 10, annotator="ana", suggestion="s-actor", actor="k1"),
        span("z2", 22, 49, kind=Kind.CLAIM, annotator="zoe", actor="k2"),
        span("z1", 22, 60, kind=Kind.CLAIM, annotator="zoe"),
        span("z0", 22, 49, annotator="zoe", actor="k1"),
    ]
    relations = [
        suggested("r-by", "s-claim", "s-actor"),
        suggested("r-cue", "s-claim", "s-cue", "cued_by"),
        suggested("r-gone", "s-claim", "s-gone"),
        Relation(id="z-r", type="made_by", head="z1", tail="z0", annotator="zoe"),
    ]
    decisions = [
        decide("s-actor", Verdict.CHANGED, "a-actor"),
        decide("s-gone", Verdict.REJECTED),
        Decision(suggestion="r-cue", target=Target.RELATION, verdict=Verdict.REJECTED, annotator="ana"),
    ]
    repository.add_articles(
        [
            article(1, spans=spans, relations=relations, decisions=decisions),
            article(2, progress={"bob": Progress(Status.DONE, True, "note")}),
            article(3),
            article(4, spans=[span("s4", 0, 10)]),
        ],
        ACTORS,
    )
    return repository


def test_one_line_per_article_and_annotator(filled: SqlRepository) -> None:
    assert [(line.article.id, line.annotator) for line in filled.iter_labels()] == [
        ("a1", "ana"), ("a1", "zoe"), ("a2", "bob"), ("a3", None), ("a4", None),
    ]  # fmt: skip


def test_own_labels_in_the_contract_s_order(filled: SqlRepository) -> None:
    zoe = lines(filled)["a1", "zoe"]
    assert ids(zoe.spans) == ["z1", "z0", "z2"]
    assert ids(zoe.relations) == ["z-r"]
    assert zoe.tokens == rough_tokens(zoe.article.text)
    assert [each.id for each in zoe.actors] == ["k1", "k2"]
    assert zoe.actors[0] == ACTORS[1]
    assert lines(filled)["a2", "bob"].progress == Progress(Status.DONE, True, "note")
    assert lines(filled)["a4", None].spans == ()


def test_suggestions_with_the_state_that_the_annotator_gave(filled: SqlRepository) -> None:
    found = lines(filled, suggestions=True)
    ana = found["a1", "ana"]
    assert [(span.id, span.state) for span in ana.spans] == [
        ("a-actor", State.ACCEPTED),
        ("s-cue", State.SUGGESTED),
        ("s-claim", State.SUGGESTED),
        ("s-gone", State.REJECTED),
    ]
    assert {(each.id, each.head, each.tail, each.state) for each in ana.relations} == {
        ("r-by", "s-claim", "a-actor", State.SUGGESTED),
        ("r-cue", "s-claim", "s-cue", State.REJECTED),
        ("r-gone", "s-claim", "s-gone", State.SUGGESTED),
    }
    assert ids(ana.relations) == ids(sorted(ana.relations, key=lambda each: each.order))
    zoe = found["a1", "zoe"]
    assert "s-claim" not in ids(zoe.spans), "her own claim lies exactly there"
    assert ("r-by", "z2", "s-actor") in {(each.id, each.head, each.tail) for each in zoe.relations}
    assert found["a4", None].spans[0].state == State.SUGGESTED


def test_relation_without_an_end_in_sight_is_left_out(
    repository: SqlRepository, article: Any, span: Any
) -> None:
    """An accepted suggestion whose own span was deleted without a rejection."""
    taken = Decision(
        suggestion="s1", target=Target.SPAN, verdict=Verdict.ACCEPTED, annotator="ana", made=None
    )
    spans = [span("s1", 0, 10), span("s2", 22, 49, kind=Kind.CLAIM)]
    relations = [suggested("r1", "s2", "s1")]
    repository.add_articles([article(1, spans=spans, relations=relations, decisions=[taken])], [])
    (line,) = repository.iter_labels(suggestions=True)
    assert ids(line.spans) == ["s2"]
    assert line.relations == ()


@pytest.mark.parametrize("suggestions", [False, True])
def test_one_annotator(filled: SqlRepository, suggestions: bool) -> None:
    everybody = lines(filled, suggestions=suggestions)
    mine = lines(filled, suggestions=suggestions, annotator="ana")
    assert mine == {key: line for key, line in everybody.items() if key[1] == "ana"}
    assert lines(filled, annotator="nobody") == {}


@pytest.mark.parametrize("annotator", [None, "ana", "bob", "zoe"])
@pytest.mark.parametrize("statuses", [{Status.DONE}, {Status.NEW}, {Status.NEW, Status.DONE}, set(Status)])
def test_statuses(filled: SqlRepository, statuses: set[Status], annotator: str | None) -> None:
    expected = {
        key: line
        for key, line in lines(filled, annotator=annotator).items()
        if line.progress.status in statuses
    }
    assert lines(filled, statuses=frozenset(statuses), annotator=annotator) == expected


def test_some_articles(filled: SqlRepository) -> None:
    assert list(lines(filled, articles=["a4", "a1", "unknown"])) == [
        ("a1", "ana"), ("a1", "zoe"), ("a4", None),
    ]  # fmt: skip
    assert lines(filled, articles=[]) == {}
    many = [f"x{n}" for n in range(300_000)]
    assert list(lines(filled, articles=[*many, "a3"])) == [("a3", None)]


def test_page_and_line_agree(filled: SqlRepository) -> None:
    page = filled.load_page("a1", "ana")
    line = lines(filled, suggestions=True)["a1", "ana"]
    seen = [replace(span) for span in line.spans if span.state != State.REJECTED]
    assert seen == page.visible_spans()
    joined = [each for each in line.relations if each.state != State.REJECTED and each.tail != "s-gone"]
    assert joined == page.visible_relations()


def test_number_of_queries_does_not_grow_with_the_articles(
    repository: SqlRepository, article: Any, span: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.add_articles([article(n, spans=[span("x", 0, 5, annotator="ana")]) for n in range(60)], [])
    asked: list[str] = []
    event.listen(repository._database._engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for batch in (60, 20):
        monkeypatch.setattr(labels, "BATCH", batch)
        asked.clear()
        assert len(list(repository.iter_labels(suggestions=True))) == 60
        counts.append(len(asked))
    few, many = counts
    assert few <= 10
    assert many - few == 2 * (few - 2), "the same for each batch; once BEGIN, and the empty batch"


def test_stream_shows_one_moment(filled: SqlRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "BATCH", 1)
    before = list(filled.iter_labels())
    stream = filled.iter_labels()
    seen = [next(stream)]
    changes = ChangeSet("a3", (ProgressChange(Progress(), Progress(flagged=True)),))
    filled.save_edit(Edit(at=AT, annotator="ana", verb="v", title="t", changes=(changes,)))
    assert [*seen, *stream] == before
    assert list(filled.iter_labels()) != before


def test_stream_that_is_given_up_lets_go_of_the_file(filled: SqlRepository, path: Any) -> None:
    stream = filled.iter_labels()
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    filled.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_every_suggestion_as_if_nobody_had_decided(filled: SqlRepository) -> None:
    listed = list(filled.iter_suggestions())
    assert [(line.article.id, line.annotator) for line in listed] == [(f"a{n}", None) for n in range(1, 5)]
    for line in listed:
        spans, relations, _ = filled.open_suggestion_page(line.article.id)
        assert list(line.spans) == sorted(spans, key=lambda each: each.order)
        assert list(line.relations) == sorted(relations, key=lambda each: each.order)
        assert line.progress == Progress()
    assert listed[0].spans, "Ana has decided on them"
    assert [line.article.id for line in filled.iter_suggestions(["a4", "a1"])] == ["a1", "a4"]


def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the spans be read row by row, as those are that cannot come as JSON."""
    monkeypatch.setattr(labels._Reader, "_in_rows", lambda self, pks, found: pks)


def test_spans_come_the_same_way_together_and_one_by_one(
    repository: SqlRepository, article: Any, span: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = 'NUL \0, “\\”, "quoted"\n\t\x1f\x7f, \U0001f600, e\u0301, \u2028'
    repository.add_articles(
        [
            article(
                1,
                spans=[
                    span("b", 4, 10, annotator="ana", note=odd),
                    span("a", 4, 10, annotator="ana", attributes={"stance": odd}),
                    span("c", 0, 3, annotator="zoe", suggestion="gone"),
                ],
            ),
            article(2, spans=[span("d", 0, 3, annotator="ana", confidence=0.1 + 0.2, note=odd)]),
            article(3, spans=[span("e", 0, 3, annotator="ana"), span("f", 0, 3)]),
        ],
        [],
    )
    for suggestions in (False, True):
        together = list(repository.iter_labels(suggestions=suggestions))
        with monkeypatch.context() as patched:
            one_by_one(patched)
            assert list(repository.iter_labels(suggestions=suggestions)) == together
    assert isinstance(lines(repository)["a1", "ana"].spans, SpanRows)
    assert lines(repository)["a2", "ana"].spans[0].confidence == 0.1 + 0.2


@pytest.mark.parametrize(
    "harm",
    [
        "note = CAST(x'ff' AS TEXT)",
        "id = CAST(x'61c3' AS TEXT)",
        "attributes = 'no JSON'",
        "attributes = '[1]'",
        "fragments = '[[4,9]]'",
        "fragments = '[[10,4]]'",
        "fragments = ''",
        "kind = 'animal'",
        "state = 'lost'",
        "start = -1",
        "start = 20",
    ],
)
def test_what_is_wrong_with_a_row_is_told_as_where_it_is_read_alone(
    repository: SqlRepository, article: Any, span: Any, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = [span("a", 4, 10, annotator="ana"), span("b", 4, 10, annotator="ana")]
    repository.add_articles([article(1, spans=spans)], [])
    with closing(sqlite3.connect(repository._database.path)) as there, there:
        there.execute("PRAGMA ignore_check_constraints=ON")
        there.execute(f"UPDATE spans SET {harm} WHERE id = 'b'")

    def outcome() -> object:
        try:
            return list(repository.iter_labels())
        except ProjectError as error:
            return error.problem

    together = outcome()
    one_by_one(monkeypatch)
    assert outcome() == together
