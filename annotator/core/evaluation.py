"""All scores of one labelling of articles against another: spans, relations, attributions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from annotator.core.attributions import (
    ATTRIBUTIONS,
    RECALL,
    Attribution,
    attribution_counts,
    attributions_of,
)
from annotator.core.model import Kind, Relation, Span
from annotator.core.scoring import (
    Counts,
    Interval,
    Measure,
    Row,
    WordIndex,
    Words,
    by_word,
    intervals,
    overlap,
    paired,
    span_counts,
    totals,
    touched,
)

SPANS = "spans"
"""By kind, whatever the labels."""
LABELS = "labels"
"""By kind and label: a span is right only if its label is."""
RELATIONS = "relations"
SECTIONS = (SPANS, LABELS, RELATIONS, ATTRIBUTIONS, RECALL)


class Labelled(Struct, frozen=True):
    """What somebody, or a model, has marked in one article."""

    attributions: tuple[Attribution, ...]
    spans: tuple[Span, ...] | None = None
    """None where only attributions are known: neither spans nor relations are then scored."""
    relations: tuple[Relation, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[Span], relations: Iterable[Relation]) -> Labelled:
        """Spans and relations, with the attributions that they make."""
        spans, relations = tuple(spans), tuple(relations)
        return cls(tuple(attributions_of(spans, relations)), spans, relations)


class Score(Struct, frozen=True):
    """One line of an evaluation."""

    row: Row
    counts: Counts
    interval: Interval | None
    """None where there is only one article."""

    @property
    def is_recall_only(self) -> bool:
        """Whether it says nothing about precision."""
        return self.row.section == RECALL


def compare(text: str, predicted: Labelled, gold: Labelled) -> dict[Row, Counts]:
    """The counts of one article, by what they are about."""
    counts = attribution_counts(text, predicted.attributions, gold.attributions)
    if predicted.spans is None or gold.spans is None:
        return counts
    index = WordIndex(text)
    mine, theirs = _by_label(index, predicted.spans), _by_label(index, gold.spans)
    for kind in Kind:
        labels = sorted({label for each, label in (*mine, *theirs) if each is kind})
        together = [
            [words for label in labels for words in side.get((kind, label), ())] for side in (mine, theirs)
        ]
        _add(counts, Row(SPANS, kind), span_counts(*together))
        for label in labels:
            found = span_counts(mine.get((kind, label), ()), theirs.get((kind, label), ()))
            _add(counts, Row(LABELS, kind, label=label), found)
            _add(counts, Row(LABELS, kind), found)
    _add_relations(counts, _ends(index, predicted), _ends(index, gold))
    return counts


def scores_of(articles: Sequence[Mapping[Row, Counts]]) -> list[Score]:
    """The scores of all articles together, in the order in which they are shown.

    A kind of which there is one label only is not listed by label again.
    """
    found = totals(articles)
    between = intervals(articles) if len(articles) > 1 else {}
    several = {
        kind for kind in Kind
        if len({row.label for row in found if (row.section, row.what) == (LABELS, kind) and row.label}) > 1
    }  # fmt: skip
    rows = (row for row in found if row.section != LABELS or row.what in several)
    kinds = [str(kind) for kind in Kind]

    def order(row: Row) -> tuple[int, int, str]:
        kind = kinds.index(row.what) if row.what in kinds and row.section in (SPANS, LABELS) else 0
        return SECTIONS.index(row.section), kind, row.label

    return [Score(row, found[row], between.get(row)) for row in sorted(rows, key=order)]


def _add(counts: dict[Row, Counts], row: Row, found: Mapping[Measure, Counts]) -> None:
    for measure, more in found.items():
        key = row._replace(measure=measure)
        counts[key] = counts.get(key, Counts()) + more


def _by_label(index: WordIndex, spans: Iterable[Span]) -> dict[tuple[Kind, str], list[Words]]:
    found: dict[tuple[Kind, str], list[Words]] = {}
    for span in spans:
        words = index.of(span.fragments)
        if words:
            found.setdefault((span.kind, span.label), []).append(words)
    return found


# -- relations ---------------------------------------------------------------------------------------

type _End = tuple[Kind, Words]


def _ends(index: WordIndex, labelled: Labelled) -> dict[str, list[tuple[_End, _End]]]:
    """The (head, tail) of the relations by type; those without both ends, or words in them, left out."""
    ends = {span.id: (span.kind, index.of(span.fragments)) for span in labelled.spans or ()}
    found: dict[str, list[tuple[_End, _End]]] = {}
    for relation in labelled.relations:
        head, tail = ends.get(relation.head), ends.get(relation.tail)
        if head and tail and head[1] and tail[1]:
            found.setdefault(relation.type, []).append((head, tail))
    return found


def _add_relations(
    counts: dict[Row, Counts],
    predicted: Mapping[str, list[tuple[_End, _End]]],
    gold: Mapping[str, list[tuple[_End, _End]]],
) -> None:
    """Relations are the same where type and kinds are, and both ends overlap enough; one to one."""

    def likeness(one: tuple[_End, _End], other: tuple[_End, _End]) -> float:
        return min(
            overlap(mine, theirs) if kind is same else 0.0
            for (kind, mine), (same, theirs) in zip(one, other, strict=True)
        )

    for type_ in sorted({*predicted, *gold}):
        mine, theirs = predicted.get(type_, []), gold.get(type_, [])
        near = by_word([head for (_, head), _ in theirs])
        pairs = paired(
            (likeness(one, theirs[place]), nth, place)
            for nth, one in enumerate(mine)
            for place in touched(one[0][1], near)
        )
        found = {Measure.OVERLAP: Counts.of_pairs(len(pairs), len(mine), len(theirs))}
        _add(counts, Row(RELATIONS, "relation", label=type_), found)
        _add(counts, Row(RELATIONS, "relation"), found)
