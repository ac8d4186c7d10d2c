"""Core objects to the columns of their rows, and back.

The column tuples fix the order in which statements select; the ``*_of`` functions take a row in that
order. JSON is written compactly by one function, so that equal values are equal text.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import orjson
from msgspec.structs import asdict

from annotator.core.changes import ChangeSet, changeset_from
from annotator.core.codebook import Codebook
from annotator.core.errors import ProjectError
from annotator.core.model import (
    ActorRecord,
    Article,
    Decision,
    Fragments,
    Kind,
    Progress,
    Refusal,
    Relation,
    Span,
    State,
    Target,
    Verdict,
)
from annotator.core.text import shown
from annotator.core.tokens import Tokens
from annotator.store.tables import ARTICLES, RELATIONS, SPAN_DECISIONS, SPANS, TEXTS

type Row = Sequence[Any]

_span, _relation, _article = SPANS.c, RELATIONS.c, ARTICLES.c
_decision = SPAN_DECISIONS.c

SPAN_COLUMNS = (
    _span.id, _span.kind, _span.label, _span.fragments, _span.attributes, _span.actor, _span.state,
    _span.origin, _span.confidence, _span.annotator, _span.suggestion, _span.created,
    _span.updated, _span.note,
)  # fmt: skip
RELATION_COLUMNS = (
    _relation.id, _relation.type, _relation.head, _relation.tail, _relation.attributes,
    _relation.state, _relation.origin, _relation.confidence, _relation.annotator,
    _relation.suggestion, _relation.created, _relation.updated, _relation.note,
)  # fmt: skip
ARTICLE_COLUMNS = (
    _article.id, TEXTS.c.text, _article.sha256, _article.title, _article.external_id,
    _article.publisher, _article.author, _article.url, _article.published, _article.language,
    _article.meta, _article.furniture, _article.imported_at,
)  # fmt: skip

_OPTIONAL = (str, type(None))
_NUMBER = (float, int, type(None))
SPAN_TYPES = (
    str, str, str, str, str, _OPTIONAL, str, str, _NUMBER, _OPTIONAL, _OPTIONAL, str, str, _OPTIONAL,
)  # fmt: skip
_RELATION_TYPES = (
    str, str, str, str, str, str, str, _NUMBER, _OPTIONAL, _OPTIONAL, str, str, _OPTIONAL,
)  # fmt: skip
_DECISION_TYPES = (str, str, str, _OPTIONAL, str)
_ARTICLE_TYPES = (str, str, str, str, *[_OPTIONAL] * 6, str, str, str)

KINDS = {str(each): each for each in Kind}
_STATES = {str(each): each for each in State}
_VERDICTS = {str(each): each for each in Verdict}


def json_of(value: Any) -> str:
    """A value as compact JSON text. Raises ProjectError for what JSON cannot hold."""
    try:
        return orjson.dumps(value).decode()
    except TypeError as error:  # orjson.JSONEncodeError is one
        raise ProjectError(f"a value cannot be stored: {error}") from error


def fragments_json(fragments: Fragments) -> str:
    """Half-open code point ranges as JSON text; the only form that is stored and compared."""
    if len(fragments) == 1:
        ((start, end),) = fragments
        return f"[[{start},{end}]]"
    return json_of(fragments)


def fragments_of(data: str) -> Fragments:
    """Ranges from their JSON text. Raises ProjectError for anything else."""
    try:
        return _ranges(orjson.loads(data))
    except (TypeError, ValueError) as error:
        raise unreadable("ranges of text", error) from error


def _ranges(pairs: Iterable[Any]) -> Fragments:
    """Pairs as ranges, none of them empty. Raises TypeError or ValueError."""
    ranges = tuple([(start, end) for start, end in pairs])
    for start, end in ranges:
        if type(start) is not int or type(end) is not int or not 0 <= start < end:
            raise ValueError(f"{shown(start)} to {shown(end)}")
    return ranges


def _check_order(fragments: Fragments) -> Fragments:
    """The fragments of a span. Raises ProjectError where there is none, or they are out of order."""
    if not fragments or any(one[1] > other[0] for one, other in pairwise(fragments)):
        raise unreadable("the fragments of a span", shown(fragments))
    return fragments


def last_of(numbers: Sequence[int], after: int) -> int:
    """The last of the numbers of the articles that come after one.

    Raises ProjectError where they do not go up, as a damaged file may give them: reading on from the
    last one would never come to an end.
    """
    if any(one >= other for one, other in pairwise((after, *numbers))):
        raise unreadable("the order of the articles", "it does not go up")
    return numbers[-1]


def check_types(row: Row, types: Sequence[Any], what: str) -> None:
    """Raise ProjectError where a column has a value of another type, as only a forged file has it."""
    if not all(map(isinstance, row, types)):
        wrong = next(each for each, type_ in zip(row, types, strict=False) if not isinstance(each, type_))
        raise unreadable(what, shown(wrong))


def value_of(data: str) -> Any:
    """A value from its JSON text. Raises ProjectError if it is none."""
    try:
        return orjson.loads(data)
    except (ValueError, TypeError) as error:
        raise unreadable("a value", error) from error


def listed_of(data: str) -> list[Any]:
    """A list from its JSON text. Raises ProjectError if it is none."""
    value = value_of(data)
    if not isinstance(value, list):
        raise unreadable("a list", f"a {type(value).__name__}")
    return value


def mapping_of(data: str) -> Mapping[str, Any]:
    """Attributes or metadata from their JSON text. Raises ProjectError where they are no object."""
    if data == "{}":
        return {}
    value = value_of(data)
    if not isinstance(value, dict):
        raise unreadable("attributes", f"a {type(value).__name__}")
    try:
        orjson.dumps(value)  # takes fewer levels than were read
    except TypeError as error:
        raise unreadable("attributes", error) from error
    return value


def unreadable(what: str, detail: object) -> ProjectError:
    """The error for something in the file that is not as this program writes it."""
    return ProjectError(
        f"{what} in the project file cannot be read ({detail})",
        cure="Run annotator check on the project, and restore a backup of it",
    )


def _known[T](values: Mapping[str, T], value: str) -> T:
    found = values.get(value)
    if found is None:
        raise unreadable("a kind, state or verdict", shown(value))
    return found


def span_of(row: Row) -> Span:
    """A span from a row of ``SPAN_COLUMNS``. Raises ProjectError."""
    check_types(row, SPAN_TYPES, "a span")
    return Span(
        id=row[0],
        kind=_known(KINDS, row[1]),
        label=row[2],
        fragments=_check_order(fragments_of(row[3])),
        attributes=mapping_of(row[4]),
        actor=row[5],
        state=_known(_STATES, row[6]),
        origin=row[7],
        confidence=row[8],
        annotator=row[9],
        suggestion=row[10],
        created=row[11],
        updated=row[12],
        note=row[13],
    )


def span_values(article_pk: int, span: Span) -> dict[str, Any]:
    """The columns of a span's row."""
    return {
        "article_pk": article_pk,
        "id": span.id,
        "kind": span.kind.value,
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "fragments": fragments_json(span.fragments),
        "attributes": json_of(span.attributes) if span.attributes else "{}",
        "actor": span.actor,
        "state": span.state.value,
        "origin": span.origin,
        "confidence": span.confidence,
        "annotator": span.annotator,
        "suggestion": span.suggestion,
        "created": span.created,
        "updated": span.updated,
        "note": span.note,
    }


def relation_of(row: Row) -> Relation:
    """A relation from a row of ``RELATION_COLUMNS``. Raises ProjectError."""
    check_types(row, _RELATION_TYPES, "a relation")
    return Relation(
        id=row[0],
        type=row[1],
        head=row[2],
        tail=row[3],
        attributes=mapping_of(row[4]),
        state=_known(_STATES, row[5]),
        origin=row[6],
        confidence=row[7],
        annotator=row[8],
        suggestion=row[9],
        created=row[10],
        updated=row[11],
        note=row[12],
    )


def relation_values(article_pk: int, relation: Relation) -> dict[str, Any]:
    """The columns of a relation's row."""
    return {
        "article_pk": article_pk,
        "id": relation.id,
        "type": relation.type,
        "head": relation.head,
        "tail": relation.tail,
        "attributes": json_of(relation.attributes) if relation.attributes else "{}",
        "state": relation.state.value,
        "origin": relation.origin,
        "confidence": relation.confidence,
        "annotator": relation.annotator,
        "suggestion": relation.suggestion,
        "created": relation.created,
        "updated": relation.updated,
        "note": relation.note,
    }


def decision_of(row: Row, target: Target) -> Decision:
    """A decision from a row (suggestion, annotator, verdict, made, decided_at). Raises ProjectError."""
    check_types(row, _DECISION_TYPES, "a decision")
    return Decision(
        suggestion=row[0],
        target=target,
        verdict=_known(_VERDICTS, row[2]),
        annotator=row[1],
        made=row[3],
        decided_at=row[4],
    )


def decision_values(article_pk: int, decision: Decision) -> dict[str, Any]:
    """The columns of a decision's row."""
    return {
        "article_pk": article_pk,
        "suggestion": decision.suggestion,
        "annotator": decision.annotator,
        "verdict": decision.verdict.value,
        "made": decision.made,
        "decided_at": decision.decided_at,
    }


def article_of(row: Row) -> Article:
    """An article from a row of ``ARTICLE_COLUMNS``. Raises ProjectError."""
    check_types(row, _ARTICLE_TYPES, "an article")
    return Article(
        id=row[0],
        text=row[1],
        sha256=row[2],
        title=row[3],
        external_id=row[4],
        publisher=row[5],
        author=row[6],
        url=row[7],
        published=row[8],
        language=row[9],
        meta=mapping_of(row[10]),
        furniture=fragments_of(row[11]),
        imported_at=row[12],
    )


def article_values(article_pk: int, article: Article) -> dict[str, Any]:
    """The columns of an article's row, without its text."""
    return {
        "pk": article_pk,
        "id": article.id,
        "external_id": article.external_id,
        "title": article.title,
        "sha256": article.sha256,
        "publisher": article.publisher,
        "author": article.author,
        "url": article.url,
        "published": article.published,
        "language": article.language,
        "meta": json_of(article.meta),
        "furniture": json_of(article.furniture),
        "imported_at": article.imported_at,
    }


_HEAD = struct.Struct("<cII")


def tokens_blob(tokens: Tokens) -> bytes:
    """Token starts, ends and sentence starts as little-endian numbers of two or four bytes.

    A head of nine bytes holds the size as an array type code (``H`` or ``I``), the number of tokens
    and that of sentences.
    """
    most = max(max(tokens.ends, default=0), max(tokens.sentences, default=0))
    code = "H" if most < 1 << 16 else "I"
    numbers = array(code, tokens.starts)
    numbers.extend(array(code, tokens.ends))
    numbers.extend(array(code, tokens.sentences))
    if sys.byteorder == "big":
        numbers.byteswap()
    return _HEAD.pack(code.encode(), len(tokens), len(tokens.sentences)) + numbers.tobytes()


def tokens_of(source: str, data: bytes) -> Tokens:
    """Tokens from what :func:`tokens_blob` gave. Raises ProjectError for anything else."""
    try:
        code, count, sentences = _HEAD.unpack_from(data)
        numbers = array(code.decode("ascii"), data[_HEAD.size :])
    except (struct.error, ValueError, TypeError) as error:
        raise unreadable("tokens", error) from error
    if len(numbers) != 2 * count + sentences:
        raise unreadable("tokens", "wrong length")
    if sys.byteorder == "big":
        numbers.byteswap()
    try:
        return Tokens(
            array("I", numbers[:count]),
            array("I", numbers[count : 2 * count]),
            array("I", numbers[2 * count :]),
            source,
        )
    except (TypeError, OverflowError) as error:
        raise unreadable("tokens", error) from error


_ACTOR_TEXTS = ("id", "name", "type", "external_id", "note", "merged_into")


def changesets_of(data: str) -> tuple[ChangeSet, ...]:
    """What an edit of the log changes, from its JSON text. Raises ProjectError, also for nothing."""
    changesets = tuple(map(changeset_of, listed_of(data)))
    if not changesets:
        raise unreadable("an edit", "it changes nothing")
    return changesets


def changeset_of(data: Any) -> ChangeSet:
    """A change set from its JSON value in the edit log. Raises ProjectError for anything else."""
    try:
        changes = changeset_from(data)
        for each in changes.changes:
            _check_logged(each.before)
            _check_logged(each.after)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise unreadable("an edit", error) from error
    check_types((changes.article,), (str,), "an edit")
    return changes


def _check_logged(
    record: Span | Relation | Decision | Progress | Fragments | ActorRecord | Refusal | Codebook | None,
) -> None:
    """Raise ProjectError for a record of an edit that could not be one of the program's."""
    match record:
        case Span():
            values = span_values(0, record)
            types: Sequence[Any] = (str, str, str, int, int, *SPAN_TYPES[3:])
            _check_order(fragments_of(values["fragments"]))
        case Relation():
            values, types = relation_values(0, record), _RELATION_TYPES
        case Decision():
            values, types = decision_values(0, record), _DECISION_TYPES
        case Progress():
            values, types = {"": None, "flagged": record.flagged, "note": record.note}, (bool, _OPTIONAL)
        case ActorRecord():
            values = {"": None, **{name: getattr(record, name) for name in _ACTOR_TEXTS}}
            types = (str, str, str, _OPTIONAL, _OPTIONAL, _OPTIONAL)
            for alias in record.aliases:
                check_types((alias.name, alias.language), (str, _OPTIONAL), "an edit")
            for each in record.properties:
                check_types((each.name, each.since, each.until), (str, str, str), "an edit")
        case Refusal():
            values = {"": None, **asdict(record)}
            types = (str, str, str, str)
        case Codebook():
            return
        case _:
            fragments_of(json_of(record or ()))
            return
    check_types(list(values.values())[1:], types, "an edit")
