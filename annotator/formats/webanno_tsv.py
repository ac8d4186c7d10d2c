"""WebAnno TSV 3.3: one file per article, with a span layer and a relation layer on it.

What a file looks like follows INCEpTION's own writer: a span over several tokens, or one that shares a token
with another, has a number in brackets; a label that ends within a token has a row for that part of it; a
relation stands in the row where its tail starts, and names where its head starts. INCEpTION takes layers from
a type system, which is written beside the articles.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.core.model import Relation, Span
from annotator.core.ports import ArticleLabels
from annotator.core.text import Utf16Map
from annotator.formats.base import Format
from annotator.formats.losing import Held, cannot_hold, count_common
from annotator.formats.offsets import Unit
from annotator.formats.output import Losses, Output
from annotator.formats.source import Source
from annotator.formats.uima_layers import (
    RELATION,
    SPAN,
    TYPE_SYSTEM,
    Scheme,
    as_text,
    named_lines,
    sentences_of,
)
from annotator.formats.webanno_cells import FORMAT, SECOND, escaped, escaped_text
from annotator.formats.webanno_reader import read_tsv

_HOLDS = frozenset(
    (Held.RELATIONS, Held.OVERLAPS, Held.SPAN_ATTRIBUTES, Held.RELATION_ATTRIBUTES, Held.ACTORS,
     Held.SPAN_NOTES, Held.RELATION_NOTES)
)  # fmt: skip
_FATES = {Held.TITLES: "written only as the names of the files"}
_EDGES = "spans with white space at their ends"
_RETURNS = "values with carriage returns"

type _Unit = tuple[int, tuple[int, int] | None]
"""A token by its number, or a part of it by its code points."""


def write(lines: Iterable[ArticleLabels], output: Output) -> None:
    """Write each line as a file of its own, and the layers' type system once."""
    from annotator.formats.cas_layers import type_system_of

    assert output.file is not None
    scheme = Scheme.of(output.codebook)
    for name, labels in named_lines(lines):
        held = count_common(labels, output.losses, _HOLDS, _FATES)
        with output.file(f"{name}.tsv") as stream:
            stream.write("".join(_Document(held, scheme, output.losses).text()).encode())
    with output.file(TYPE_SYSTEM) as stream:
        stream.write(type_system_of(scheme, lists=False).to_xml().encode())


class _Document:
    """One article's file."""

    def __init__(self, labels: ArticleLabels, scheme: Scheme, losses: Losses) -> None:
        self.labels = labels
        self.losses = losses
        self.scheme = scheme
        self.content = labels.article.text
        self.units = Utf16Map(self.content)
        self.sentences = sentences_of(labels)
        before = self.sentences[0][0][0]
        if self.content[:before].strip(" "):  # a reader puts spaces before the first token, and nothing else
            self.sentences[0].insert(0, (0, before))
        self.tokens = [token for sentence in self.sentences for token in sentence]
        self.starts = [start for start, _ in self.tokens]
        self.ends = [end for _, end in self.tokens]
        self.at: dict[_Unit, list[int]] = {}
        """The spans of each unit, by their numbers."""
        self.first: dict[str, _Unit] = {}
        """Where each span starts, by its id."""
        self.numbers: dict[int, int] = {}
        """Numbers in brackets, of the spans that need one."""
        self.names: dict[_Unit, str] = {}

    def text(self) -> Iterator[str]:
        spans = sorted(self.labels.spans, key=lambda span: span.order)
        self._place(spans)
        actors = {each.id: each for each in self.labels.actors}
        values = [self._written(self.scheme.span_values(span, actors)) for span in spans]
        relations = self._relations()
        links = [self._written(self.scheme.relation_values(each)) for each in self.labels.relations]
        columns = _columns(values, self.scheme.span_features)
        of_links = _columns(links, self.scheme.relation_features)
        yield f"{FORMAT}3.3\n"
        if columns:
            yield f"#T_SP={SPAN}|{'|'.join(columns)}\n"
        if of_links:
            yield f"#T_RL={RELATION}|{'|'.join(of_links)}|BT_{SPAN}\n"
        yield "\n"
        self._name_units()
        numbers = {span.id: n for n, span in enumerate(spans)}
        no_span, no_link = "_\t" * len(columns), "_\t" * (len(of_links) + 1 if of_links else 0)
        for unit, text in self._rows():
            if unit is None:
                yield text
                continue
            here = self.at.get(unit, ())
            cells = no_span
            if here:
                marks = [f"[{self.numbers[n]}]" if n in self.numbers else "" for n in here]
                cells = "".join(
                    "|".join(values[n].get(column, "*") + mark for n, mark in zip(here, marks, strict=True))
                    + "\t"
                    for column in columns
                )
            ends = relations.get(unit, ())
            tails = no_link
            if ends:
                tails = "".join("|".join(links[n].get(name, "*") for n in ends) + "\t" for name in of_links)
                tails += "|".join(self._reference(self.labels.relations[n], numbers) for n in ends) + "\t"
            yield f"{text}{cells}{tails}\n"

    def _place(self, spans: list[Span]) -> None:
        several = set()
        for number, span in enumerate(spans):
            start, end = span.start, span.end
            covered = self.content[start:end]
            if covered != covered.strip():
                self.losses.add(_EDGES, "written without it")
                start, end = start + len(covered) - len(covered.lstrip()), start + len(covered.rstrip())
            first, last = bisect_right(self.ends, start), bisect_left(self.starts, end) - 1
            units: list[_Unit] = []
            for token in range(first, last + 1):
                low, high = self.tokens[token]
                whole = start <= low and high <= end
                units.append((token, None if whole else (max(low, start), min(high, end))))
            self.first[span.id] = units[0]
            for unit in units:
                there = self.at.setdefault(unit, [])
                there.append(number)
                if len(there) > 1:
                    several.update(there)
            if len(units) > 1:
                several.add(number)
        for nth, number in enumerate(sorted(several), 1):
            self.numbers[number] = nth

    def _relations(self) -> dict[_Unit, list[int]]:
        found: dict[_Unit, list[int]] = {}
        for number, relation in enumerate(self.labels.relations):
            found.setdefault(self.first[relation.tail], []).append(number)
        return found

    def _written(self, values: Mapping[str, Any]) -> dict[str, str]:
        made = {}
        for name, value in values.items():
            text = as_text(value)
            if "\r" in text:
                self.losses.add(_RETURNS, "written with line feeds")
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            made[name] = escaped(text)
        return made

    def _name_units(self) -> None:
        parts: dict[int, list[tuple[int, int]]] = {}
        for token, part in self.at:
            if part is not None:
                parts.setdefault(token, []).append(part)
        self.parts = {token: sorted(them, key=lambda p: (p[0], -p[1])) for token, them in parts.items()}
        token = 0
        for number, sentence in enumerate(self.sentences, 1):
            for nth in range(1, len(sentence) + 1):
                name = f"{number}-{nth}"
                self.names[token, None] = name
                for place, part in enumerate(self.parts.get(token, ()), 1):
                    self.names[token, part] = f"{name}.{place}"
                token += 1

    def _reference(self, relation: Relation, numbers: Mapping[str, int]) -> str:
        """Where its head starts, with the numbers of both ends if one has any."""
        head = self.numbers.get(numbers[relation.head], 0)
        tail = self.numbers.get(numbers[relation.tail], 0)
        return self.names[self.first[relation.head]] + (f"[{head}_{tail}]" if head or tail else "")

    def _rows(self) -> Iterator[tuple[_Unit | None, str]]:
        """Each row's unit and first three columns, and (None) the lines between the rows."""
        token = 0
        for (start, end), sentence in zip(self._sentence_ranges(), self.sentences, strict=True):
            lines = self.content[start:end].split("\n")
            yield None, "\n" + "".join(f"#Text={escaped_text(line)}\n" for line in lines)
            for _ in sentence:
                yield (token, None), self._row(token, None)
                for part in self.parts.get(token, ()):
                    yield (token, part), self._row(token, part)
                token += 1

    def _row(self, token: int, part: tuple[int, int] | None) -> str:
        start, end = part or self.tokens[token]
        words = " ".join(self.content[start:end].split())
        low, high = self.units.to_units(start), self.units.to_units(end)
        return f"{self.names[token, part]}\t{low}-{high}\t{words}\t"

    def _sentence_ranges(self) -> list[tuple[int, int]]:
        """Where each sentence's text starts and ends: up to the next one, but for one line break, or two
        and spaces, which our reader puts between two sentences by itself."""
        starts = [sentence[0][0] for sentence in self.sentences]
        found = []
        for start, after in zip(starts, [*starts[1:], len(self.content)], strict=True):
            end = after
            if start != starts[-1]:
                spaced = self.content[start:after].rstrip(" ")
                if spaced.endswith("\n\n"):
                    end = start + len(spaced) - 2
                elif spaced.endswith("\n") and start + len(spaced) == after:
                    end -= 1
            found.append((start, end))
        return found


def _columns(values: list[dict[str, str]], features: Iterable[str]) -> list[str]:
    """Those of a layer's features that some record has."""
    used = {name for each in values for name in each}
    return [name for name in features if name in used]


def sniff(source: Source) -> bool:
    """Whether it starts as WebAnno TSV 3 does, or 2, which reading it refuses in these words."""
    head = source.head().removeprefix(b"\xef\xbb\xbf")
    return head.startswith(FORMAT.encode()) or SECOND.match(head) is not None


WEBANNO_TSV = Format(
    name="webanno-tsv",
    title="WebAnno TSV (INCEpTION)",
    endings=(".tsv",),
    unit=Unit.UTF16,
    cannot_hold=(*cannot_hold(_HOLDS), _EDGES, _RETURNS),
    sniff=sniff,
    read=read_tsv,
    write=write,
    many=True,
    also=lambda _source: (TYPE_SYSTEM,),
)
