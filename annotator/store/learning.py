"""What annotators decided and marked, by the words of the rules; and bringing open suggestions up to date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, update

from annotator.core.commands.propose import OCCURRENCE
from annotator.core.cue_words import LONGEST
from annotator.core.learning import Learned, OpenClaims, Tally
from annotator.core.model import Kind, Relation, Span, Verdict
from annotator.core.ports import Evidence
from annotator.core.recalibration import recalibrated
from annotator.core.text import slice_of
from annotator.core.tiers import ATTRIBUTION
from annotator.store.rows import (
    RELATION_COLUMNS,
    SPAN_COLUMNS,
    check_types,
    fragments_of,
    json_of,
    last_of,
    relation_of,
    span_of,
)
from annotator.store.suggesting import DROP_RELATION, DROP_SPAN, fixed_in
from annotator.store.tables import (
    EDITS,
    EVIDENCE,
    RELATION_DECISIONS,
    RELATIONS,
    SPAN_DECISIONS,
    SPANS,
    TEXTS,
    listed,
)

BATCH = 100
"""Articles that are brought up to date in one transaction."""

_CUES = RELATIONS.alias("cues")
_ON_CUE = SPAN_DECISIONS.alias("on_cue")
_MADE_FROM = SPANS.alias("made_from")

_A_SHARE = EVIDENCE.c.confidence.between(0, 1)
"""A foreign file may hold anything there; what makes no sense is no evidence (see :func:`evidence_of`)."""
_CLAIM_DECISIONS = (
    select(EVIDENCE.c.word, SPAN_DECISIONS.c.verdict, func.count(), func.sum(EVIDENCE.c.confidence))
    .join_from(
        SPAN_DECISIONS,
        EVIDENCE,
        and_(
            EVIDENCE.c.article_pk == SPAN_DECISIONS.c.article_pk,
            EVIDENCE.c.suggestion == SPAN_DECISIONS.c.suggestion,
        ),
    )
    .where(_A_SHARE)
    .group_by(EVIDENCE.c.word, SPAN_DECISIONS.c.verdict)
)
_CUE_DECISIONS = (
    select(EVIDENCE.c.word, _ON_CUE.c.verdict, func.count(), func.sum(EVIDENCE.c.confidence))
    .join_from(
        _ON_CUE,
        _CUES,
        and_(
            _CUES.c.article_pk == _ON_CUE.c.article_pk,
            _CUES.c.tail == _ON_CUE.c.suggestion,
            _CUES.c.type == "cued_by",
            _CUES.c.annotator.is_(None),
        ),
    )
    .join(
        EVIDENCE,
        and_(EVIDENCE.c.article_pk == _CUES.c.article_pk, EVIDENCE.c.suggestion == _CUES.c.head),
    )
    .where(
        _A_SHARE,
        ~exists(SPAN_DECISIONS.c.annotator).where(
            SPAN_DECISIONS.c.article_pk == EVIDENCE.c.article_pk,
            SPAN_DECISIONS.c.suggestion == EVIDENCE.c.suggestion,
            SPAN_DECISIONS.c.annotator == _ON_CUE.c.annotator,
        ),
    )
    .group_by(EVIDENCE.c.word, _ON_CUE.c.verdict)
)
"""Decisions on the cue of a claim by annotators who have not decided on the claim itself."""
_HAND_MADE = (
    select(
        SPANS.c.fragments,
        SPANS.c.start,
        func.substr(TEXTS.c.text, SPANS.c.start + 1, SPANS.c.end - SPANS.c.start),
    )
    .join_from(SPANS, TEXTS, TEXTS.c.article_pk == SPANS.c.article_pk)
    .outerjoin(
        _MADE_FROM,
        and_(_MADE_FROM.c.article_pk == SPANS.c.article_pk, _MADE_FROM.c.id == SPANS.c.suggestion),
    )
    .where(
        SPANS.c.annotator.is_not(None),
        SPANS.c.kind == str(Kind.CUE),
        SPANS.c.end - SPANS.c.start <= 4 * LONGEST,
        or_(SPANS.c.suggestion.is_(None), _MADE_FROM.c.origin == OCCURRENCE),
    )
)
"""Own cues that no model or rule has proposed."""
_UNDECIDED = and_(
    SPANS.c.annotator.is_(None),
    ~exists(SPAN_DECISIONS.c.annotator).where(
        SPAN_DECISIONS.c.article_pk == SPANS.c.article_pk, SPAN_DECISIONS.c.suggestion == SPANS.c.id
    ),
)
_OPEN = (
    select(EVIDENCE.c.word, EVIDENCE.c.confidence, SPANS.c.confidence, func.count())
    .join_from(
        EVIDENCE,
        SPANS,
        and_(SPANS.c.article_pk == EVIDENCE.c.article_pk, SPANS.c.id == EVIDENCE.c.suggestion),
    )
    .where(_UNDECIDED, _A_SHARE, SPANS.c.origin.startswith(ATTRIBUTION))
    .group_by(EVIDENCE.c.word, EVIDENCE.c.confidence, SPANS.c.confidence)
)
_WITH_EVIDENCE = (
    select(EVIDENCE.c.article_pk)
    .where(EVIDENCE.c.article_pk > bindparam("after"))
    .distinct()
    .order_by(EVIDENCE.c.article_pk)
    .limit(BATCH)
)
_SPANS_OF = select(*SPAN_COLUMNS, SPANS.c.article_pk).where(
    listed(SPANS.c.article_pk, "pks"), SPANS.c.annotator.is_(None), SPANS.c.origin.startswith(ATTRIBUTION)
)
_RELATIONS_OF = select(*RELATION_COLUMNS, RELATIONS.c.article_pk).where(
    listed(RELATIONS.c.article_pk, "pks"), RELATIONS.c.annotator.is_(None)
)
_EVIDENCE_OF = select(
    EVIDENCE.c.suggestion, EVIDENCE.c.word, EVIDENCE.c.rule, EVIDENCE.c.confidence, EVIDENCE.c.article_pk
).where(listed(EVIDENCE.c.article_pk, "pks"))
_DECIDED_IN = [
    select(rows.c.suggestion, rows.c.article_pk).where(listed(rows.c.article_pk, "pks"))
    for rows in (SPAN_DECISIONS, RELATION_DECISIONS)
]
_SET = {
    rows.name: update(rows)
    .where(rows.c.article_pk == bindparam("pk"), rows.c.id == bindparam("which"), rows.c.annotator.is_(None))
    .values(confidence=bindparam("sure"))
    for rows in (SPANS, RELATIONS)
}
_EVIDENCE_TYPES = (str, str, str, (float, int), int)


class _Article(Struct):
    """What the rules have suggested in one article."""

    spans: list[Span] = []
    relations: list[Relation] = []
    evidence: dict[str, Evidence] = {}
    fixed: set[str] = set()


def decision_tallies(connection: Connection) -> dict[str, Tally]:
    """What annotators decided on suggested claims, by word; one decision of each annotator counts."""
    found: dict[str, Tally] = {}
    for statement in (_CLAIM_DECISIONS, _CUE_DECISIONS):
        for row in connection.execute(statement):
            check_types(row, (str, str, int, (float, int)), "the evidence of a claim")
            word, verdict, count, raw = row
            if not _is_word(word):
                continue
            tally = found.get(word, Tally())
            rejected = count if verdict == Verdict.REJECTED else 0
            found[word] = Tally(
                tally.accepted + count - rejected, tally.rejected + rejected, 0, round(tally.raw + raw, 6)
            )
    return found


def hand_made_cues(connection: Connection) -> Iterator[str]:
    """The words of every cue that an annotator marked without a suggestion."""
    for row in connection.execute(_HAND_MADE):
        check_types(row, (str, int, str), "a cue")
        fragments, base, words = row
        yield slice_of(words, [(start - base, end - base) for start, end in fragments_of(fragments)])


def open_claims(connection: Connection) -> list[OpenClaims]:
    """Suggested claims with evidence that nobody has decided on, those that are equal together."""
    found = []
    for row in connection.execute(_OPEN):
        check_types(row, (str, (float, int), (float, int, type(None)), int), "the evidence of a claim")
        word, raw, confidence, count = row
        if _is_word(word):
            found.append(OpenClaims(word, raw, confidence or 0.0, count))
    return found


def evidence_mark(connection: Connection) -> str:
    """A text that changes whenever anybody has decided on or marked something; quickly found."""
    edits = connection.execute(select(func.max(EDITS.c.number))).scalar() or 0
    decisions = connection.execute(select(func.count()).select_from(SPAN_DECISIONS)).scalar() or 0
    return f"{edits}:{decisions}"


def articles_after(connection: Connection, after: int) -> list[int]:
    """Numbers of the next articles with claims that have evidence. Raises ProjectError."""
    pks = list(connection.execute(_WITH_EVIDENCE, {"after": after}).scalars())
    if pks:
        last_of(pks, after)
    return pks


def recalibrate(connection: Connection, pks: list[int], learned: Learned) -> int:
    """Bring the undecided suggestions of some articles to what was learned. Gives the number changed.

    What anybody has decided on stays as it is, and so does whatever belongs to an annotator.
    """
    changed = 0
    run = connection.execute
    for pk, article in _read(connection, pks).items():
        found = recalibrated(article.spans, article.relations, article.evidence, article.fixed, learned)
        if found.gone_spans:  # an edit that can be redone may need what would go
            fixed = article.fixed | fixed_in(connection, pk)
            found = recalibrated(article.spans, article.relations, article.evidence, fixed, learned)
        for name, values in (("spans", found.spans), ("relations", found.relations)):
            if values:
                run(_SET[name], [{"pk": pk, "which": each, "sure": sure} for each, sure in values.items()])
        if found.gone_relations:
            run(DROP_RELATION, [{"pk": pk, "gone": each} for each in found.gone_relations])
        if found.gone_spans:
            run(DROP_SPAN, [{"pk": pk, "gone": each} for each in found.gone_spans])
        changed += len(found.spans) + len(found.gone_spans)
    return changed


def _read(connection: Connection, pks: list[int]) -> dict[int, _Article]:
    here: dict[str, Any] = {"pks": json_of(pks)}
    found = defaultdict[int, _Article](_Article)
    for row in connection.execute(_SPANS_OF, here):
        found[row[-1]].spans.append(span_of(row))
    for row in connection.execute(_RELATIONS_OF, here):
        found[row[-1]].relations.append(relation_of(row))
    for each in connection.execute(_EVIDENCE_OF, here):
        evidence = evidence_of(each)
        if evidence is not None:
            found[each[-1]].evidence[each[0]] = evidence
    for statement in _DECIDED_IN:
        for suggestion, pk in connection.execute(statement, here):
            found[pk].fixed.add(suggestion)
    return found


def evidence_of(row: Any) -> Evidence | None:
    """A claim's evidence from its columns, the suggestion's id first; None where it makes no sense.

    Raises ProjectError for columns of other types.
    """
    check_types(row, _EVIDENCE_TYPES, "the evidence of a claim")
    if not 0 <= row[3] <= 1 or not _is_word(row[1]):
        return None
    return Evidence(row[1], row[2], float(row[3]))


def _is_word(word: str) -> bool:
    """Whether a lemma can be one; counted here, as SQLite's length ends at the first NUL."""
    return 0 < len(word) <= LONGEST
