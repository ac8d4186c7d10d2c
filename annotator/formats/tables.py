"""Everything as CSV tables, for R, pandas and spreadsheets: articles, annotators, spans, relations, actors,
and what type each attribute has.

They hold what ``annotator/1`` holds and are read as that: values as :mod:`annotator.formats.cells` writes
them, offsets as half-open code points of the article's text.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from annotator.core.codebook import Attribute, Codebook
from annotator.core.model import ActorRecord, Relation, Span
from annotator.core.ports import ArticleLabels
from annotator.core.text import BOM, slice_of
from annotator.formats.base import Format
from annotator.formats.cells import FORMULA_STARTS, cell_of, guarded, json_cell
from annotator.formats.native import META_KEYS
from annotator.formats.offsets import Unit
from annotator.formats.output import Losses, Output
from annotator.formats.record_cells import aliases_cell, properties_cell
from annotator.formats.tables_reader import (
    ACTOR_COLUMNS,
    ANNOTATOR_COLUMNS,
    ARTICLE_COLUMNS,
    ATTRIBUTE,
    ATTRIBUTE_COLUMNS,
    RELATION_COLUMNS,
    SPAN_COLUMNS,
    TABLES,
    looks_like_tables,
    names_beside,
    read_tables,
)

_IN_MEMORY = 8 * 1024 * 1024


def write_tables(lines: Iterable[ArticleLabels], output: Output) -> None:
    """Write the tables; only one file is open at a time, so that the others wait in temporary ones."""
    assert output.file is not None
    codebook = output.codebook
    spans_of = [each for each in codebook.attributes if each.kinds]
    relations_of = codebook.relation_attributes()
    records: dict[str, ActorRecord] = {}
    with ExitStack() as stack:
        waiting = [stack.enter_context(_waiting()) for _ in range(3)]
        annotators = _Table(waiting[0], ANNOTATOR_COLUMNS)
        spans = _Table(waiting[1], (*SPAN_COLUMNS, *_columns(spans_of)))
        relations = _Table(waiting[2], (*RELATION_COLUMNS, *_columns(relations_of)))
        with output.file(TABLES[0]) as stream:
            articles = _Table(stream, ARTICLE_COLUMNS)
            last = None
            for labels in lines:
                if labels.article.id != last:
                    last = labels.article.id
                    articles.add(_article_row(labels))
                if labels.annotator is not None:
                    annotators.add(_annotator_row(labels, labels.annotator))
                names = {each.id: each.name for each in labels.actors}
                records.update((each.id, each) for each in labels.actors)
                for span in sorted(labels.spans, key=lambda each: each.order):
                    row = _span_row(span, labels, names.get(span.actor or "", ""))
                    spans.add([*row, *_attributes(span, spans_of, output.losses)])
                of = {each.id: each for each in labels.spans}
                for relation in sorted(labels.relations, key=lambda each: each.order):
                    row = _relation_row(relation, labels, of)
                    relations.add([*row, *_attributes(relation, relations_of, output.losses)])
            articles.flush()
        for table, name in ((annotators, TABLES[1]), (spans, TABLES[2]), (relations, TABLES[3])):
            table.flush()
            table.stream.seek(0)
            with output.file(name) as stream:
                shutil.copyfileobj(table.stream, stream)
    with output.file(TABLES[4]) as stream:
        _write_actors(records, codebook, stream)
    with output.file(TABLES[5]) as stream:
        types = _Table(stream, ATTRIBUTE_COLUMNS)
        for each in codebook.attributes:
            types.add((each.name, each.type))
        types.flush()


def _waiting() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(_IN_MEMORY)


class _Table:
    """Rows on their way into a file, marked as UTF-8 for spreadsheets."""

    def __init__(self, stream: BinaryIO | SpooledTemporaryFile[bytes], columns: Sequence[str]) -> None:
        self.stream = stream
        self._text = io.StringIO(BOM, newline="")
        self._text.seek(len(BOM))
        self._rows = csv.writer(self._text, lineterminator="\n")
        self.add(columns)

    def add(self, cells: Iterable[str]) -> None:
        self._rows.writerow(
            [guarded(cell, numbers=True) if cell[:1] in FORMULA_STARTS else cell for cell in cells]
        )
        if self._text.tell() > 1 << 16:
            self.flush()

    def flush(self) -> None:
        self.stream.write(self._text.getvalue().encode())
        self._text.seek(0)
        self._text.truncate()


def _columns(attributes: Sequence[Attribute]) -> Iterator[str]:
    return (f"{ATTRIBUTE}{each.name}" for each in attributes)


def _attributes(record: Span | Relation, known: Sequence[Attribute], losses: Losses) -> Iterator[str]:
    values = record.attributes
    if values:
        unknown = len(values.keys() - {each.name for each in known})
        losses.add("attributes that the codebook does not have", number=unknown)
    return (cell_of(values.get(each.name), each.type) if values else "" for each in known)


def _article_row(labels: ArticleLabels) -> list[str]:
    article = labels.article
    return [
        article.id,
        article.external_id or "",
        article.title,
        article.text,
        *(getattr(article, key) or "" for key in META_KEYS),
        json_cell(dict(article.meta)) if article.meta else "",
        json_cell(article.furniture) if article.furniture else "",
    ]


def _annotator_row(labels: ArticleLabels, annotator: str) -> list[str]:
    progress = labels.progress
    flagged = "true" if progress.flagged else "false"
    return [labels.article.id, annotator, progress.status, flagged, progress.note or ""]


def _span_row(span: Span, labels: ArticleLabels, actor_name: str) -> list[str]:
    return [
        labels.article.id,
        labels.annotator or "",
        span.id,
        span.kind,
        span.label,
        str(span.start),
        str(span.end),
        json_cell(span.fragments),
        slice_of(labels.article.text, span.fragments),
        span.actor or "",
        actor_name,
        *_origin_cells(span),
    ]


def _relation_row(relation: Relation, labels: ArticleLabels, spans: Mapping[str, Span]) -> list[str]:
    text = labels.article.text
    words = [slice_of(text, spans[end].fragments) for end in (relation.head, relation.tail)]
    return [
        labels.article.id,
        labels.annotator or "",
        relation.id,
        relation.type,
        relation.head,
        words[0],
        relation.tail,
        words[1],
        *_origin_cells(relation),
    ]


def _origin_cells(record: Span | Relation) -> list[str]:
    confidence = "" if record.confidence is None else repr(float(record.confidence))
    return [record.state, record.origin, confidence, record.note or ""]


def _write_actors(records: Mapping[str, ActorRecord], codebook: Codebook, stream: BinaryIO) -> None:
    attributes = {each.name: each for each in codebook.record_attributes()}
    found = {each.name for record in records.values() for each in record.properties}
    names = [*attributes, *sorted(found - attributes.keys())]
    table = _Table(stream, (*ACTOR_COLUMNS, *names))
    for _, record in sorted(records.items()):
        mine = {name: [each for each in record.properties if each.name == name] for name in names}
        table.add(
            [
                record.id,
                record.name,
                record.type,
                aliases_cell(record.aliases),
                record.external_id or "",
                record.note or "",
                *(properties_cell(mine[name], attributes.get(name), codebook) for name in names),
            ]
        )
    table.flush()


CSV_TABLES = Format(
    name="tables",
    title="CSV tables",
    endings=(".csv",),
    unit=Unit.CODE_POINTS,
    sniff=looks_like_tables,
    read=read_tables,
    write=write_tables,
    tokens=False,
    many=True,
    also=names_beside,
)
