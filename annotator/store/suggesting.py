"""Storing what a run of suggestions found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from annotator.core.changes import DecisionChange
from annotator.core.codebook import Codebook
from annotator.core.commands.propose import OCCURRENCE
from annotator.core.model import Relation, Span, State, new_id, now
from annotator.core.ports import Suggested, SuggestedRelation, SuggestedSpan
from annotator.core.records import replace
from annotator.store.codebooks import load_codebook
from annotator.store.keys import article_pk
from annotator.store.reading import suggestion_page
from annotator.store.rows import changesets_of, relation_values, span_values, tokens_blob
from annotator.store.tables import (
    ARTICLES,
    EDIT_ARTICLES,
    EDITS,
    EVIDENCE,
    RELATION_DECISIONS,
    RELATIONS,
    SPAN_DECISIONS,
    SPANS,
    SUGGESTED_BY,
    TOKENS,
)

_PK: BindParameter[Any] = bindparam("pk")

_UNSEEN = (
    select(ARTICLES.c.id)
    .where(
        ~exists(SUGGESTED_BY.c.model).where(
            SUGGESTED_BY.c.model == bindparam("model"), SUGGESTED_BY.c.article_pk == ARTICLES.c.pk
        )
    )
    .order_by(ARTICLES.c.pk)
)  # fmt: skip
_put_seen = upsert(SUGGESTED_BY)
_PUT_SEEN = _put_seen.on_conflict_do_update(
    index_elements=["model", "article_pk"], set_={"at": _put_seen.excluded.at}
)
_put_tokens = upsert(TOKENS)
_PUT_TOKENS = _put_tokens.on_conflict_do_update(
    index_elements=["article_pk"],
    set_={"source": _put_tokens.excluded.source, "data": _put_tokens.excluded.data},
)
_DECIDED = (
    select(SPAN_DECISIONS.c.suggestion)
    .where(SPAN_DECISIONS.c.article_pk == _PK)
    .union_all(select(RELATION_DECISIONS.c.suggestion).where(RELATION_DECISIONS.c.article_pk == _PK))
)
_UNDONE = (
    select(EDITS.c.changes)
    .join_from(EDIT_ARTICLES, EDITS, EDITS.c.number == EDIT_ARTICLES.c.edit)
    .where(EDIT_ARTICLES.c.article_pk == _PK, EDITS.c.action == "do", EDITS.c.state == "undone")
)
_put_evidence = upsert(EVIDENCE)
_PUT_EVIDENCE = _put_evidence.on_conflict_do_update(
    index_elements=["article_pk", "suggestion"],
    set_={name: _put_evidence.excluded[name] for name in ("word", "rule", "confidence")},
)
DROP_SPAN = delete(SPANS).where(SPANS.c.article_pk == _PK, SPANS.c.id == bindparam("gone"))
DROP_RELATION = delete(RELATIONS).where(RELATIONS.c.article_pk == _PK, RELATIONS.c.id == bindparam("gone"))


_FOUND_AGAIN = {
    rows.name: update(rows)
    .where(rows.c.article_pk == _PK, rows.c.id == bindparam("found"))
    .values(origin=bindparam("from"), confidence=bindparam("sure"), updated=bindparam("at"))
    for rows in (SPANS, RELATIONS)
}


def articles_to_suggest(connection: Connection, model: str) -> list[str]:
    """Ids of the articles that the model has not seen yet, in import order."""
    return list(connection.execute(_UNSEEN, {"model": model}).scalars())


def save_suggested(connection: Connection, results: Sequence[Suggested], model: str) -> int:
    """Store what was found in some articles. Gives the number of spans and relations added.

    What the codebook has no word for is left out: it may have changed since the model was told of it.
    """
    at, codebook = now(), load_codebook(connection)
    return sum(_save_one(connection, _in_words_of(codebook, each), model, at) for each in results)


def _in_words_of(codebook: Codebook, result: Suggested) -> Suggested:
    known = [codebook.label(each.kind, each.label) is not None for each in result.spans]
    types = {each.name for each in codebook.relation_types}
    if all(known) and all(each.type in types for each in result.relations):
        return result
    places = {old: new for new, old in enumerate(place for place, is_known in enumerate(known) if is_known)}
    return replace(
        result,
        spans=tuple(result.spans[each] for each in places),
        relations=tuple(
            replace(each, head=places[each.head], tail=places[each.tail])
            for each in result.relations
            if each.type in types and each.head in places and each.tail in places
        ),
    )


def _save_one(connection: Connection, result: Suggested, model: str, at: str) -> int:
    pk = article_pk(connection, result.article)
    tokens = {"source": result.tokens.source, "data": tokens_blob(result.tokens)}
    connection.execute(_PUT_TOKENS, {"article_pk": pk, **tokens})
    connection.execute(_PUT_SEEN, {"model": model, "article_pk": pk, "at": at})
    old_spans, old_relations, _ = suggestion_page(connection, result.article)
    fixed = fixed_in(connection, pk)

    def found_again(was: Span | Relation, found: SuggestedSpan | SuggestedRelation) -> dict[str, Any]:
        values = {"pk": pk, "found": was.id, "from": found.origin, "sure": found.confidence, "at": at}
        return values if (was.origin, was.confidence) != (found.origin, found.confidence) else {}

    def of_this_run(was: Span | Relation, found: SuggestedSpan | SuggestedRelation) -> bool:
        families = (each for each in result.origins if was.origin.startswith(each))
        open_ = was.id not in fixed and was.origin != OCCURRENCE
        return open_ and any(found.origin.startswith(each) for each in families)

    ids = {(span.kind, span.label, span.fragments): span.id for span in old_spans}
    there = {span.id: span for span in old_spans}
    asked_for = {span.id for span in old_spans if span.origin == OCCURRENCE} - fixed
    places: list[str] = []
    new_spans: list[Span] = []
    span_updates: dict[str, dict[str, Any]] = {}
    relation_updates: dict[str, dict[str, Any]] = {}
    evidence: list[dict[str, Any]] = []
    for found in result.spans:
        key = (found.kind, found.label, found.fragments)
        if key not in ids:
            ids[key] = new_id()
            new_spans.append(
                Span(
                    id=ids[key],
                    kind=found.kind,
                    label=found.label,
                    fragments=found.fragments,
                    attributes=found.attributes,
                    state=State.SUGGESTED,
                    origin=found.origin,
                    confidence=found.confidence,
                    created=at,
                    updated=at,
                )
            )
        elif ids[key] in there and ids[key] not in span_updates:
            was = there[ids[key]]
            # a person's proposal is the model's own from now on
            if was.id in asked_for or of_this_run(was, found):
                span_updates[was.id] = found_again(was, found)
        places.append(ids[key])
        if found.evidence is not None:
            evidence.append({"article_pk": pk, "suggestion": ids[key], **asdict(found.evidence)})

    links = {(each.type, each.head, each.tail): each.id for each in old_relations}
    linked = {each.id: each for each in old_relations}
    again: set[str] = set()
    new_relations: list[Relation] = []
    for link in result.relations:
        joined = (link.type, places[link.head], places[link.tail])
        if joined not in links:
            links[joined] = new_id()
            new_relations.append(
                Relation(
                    id=links[joined],
                    type=link.type,
                    head=joined[1],
                    tail=joined[2],
                    state=State.SUGGESTED,
                    origin=link.origin,
                    confidence=link.confidence,
                    created=at,
                    updated=at,
                )
            )
        elif links[joined] in linked and links[joined] not in relation_updates:
            before = linked[links[joined]]
            if of_this_run(before, link):
                relation_updates[before.id] = found_again(before, link)
        again.add(links[joined])

    def stale(record: Span | Relation, stays: set[str]) -> bool:
        asked_for = record.origin == OCCURRENCE  # by a person, not by this model or rule
        return not asked_for and record.id not in stays and record.origin.startswith(result.origins)

    gone_relations = [each.id for each in old_relations if stale(each, fixed | again)]
    ends = {end for each in old_relations if each.id not in gone_relations for end in (each.head, each.tail)}
    gone_spans = [each.id for each in old_spans if stale(each, fixed | ends | set(places))]

    def run(statement: Any, values: list[dict[str, Any]]) -> None:
        if values:
            connection.execute(statement, values)

    run(DROP_RELATION, [{"pk": pk, "gone": each} for each in gone_relations])
    run(DROP_SPAN, [{"pk": pk, "gone": each} for each in gone_spans])
    run(_FOUND_AGAIN["spans"], [each for each in span_updates.values() if each])
    run(_FOUND_AGAIN["relations"], [each for each in relation_updates.values() if each])
    run(insert(SPANS), [span_values(pk, each) for each in new_spans])
    run(_PUT_EVIDENCE, evidence)
    run(insert(RELATIONS), [relation_values(pk, each) for each in new_relations])
    return len(new_spans) + len(new_relations)


def fixed_in(connection: Connection, pk: int) -> set[str]:
    """Suggestions of an article that must stay: decided on, or decided by an edit to be redone."""
    decided = set(connection.execute(_DECIDED, {"pk": pk}).scalars())
    for changes in connection.execute(_UNDONE, {"pk": pk}).scalars():
        for changeset in changesets_of(changes):
            decided.update(each.key for each in changeset.changes if isinstance(each, DecisionChange))
    return decided
