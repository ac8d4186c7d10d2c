"""Writes brat's standoff: per article and annotator a text and its annotations, and brat's settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.model import ActorRecord, Fragment, Kind, Relation, Span
from annotator.core.ports import ArticleLabels
from annotator.formats.brat_names import (
    LINE_BREAKS,
    OWN_ACTOR,
    OWN_REFERENCE,
    Names,
    is_showable,
    visual_conf,
)
from annotator.formats.losing import Held, cannot_hold, count_common, says_something
from annotator.formats.naming import written_label
from annotator.formats.output import Losses, Output, file_name
from annotator.formats.text import title_of

_HOLDS = frozenset(
    {
        Held.RELATIONS, Held.DISCONTINUOUS, Held.OVERLAPS, Held.SPAN_ATTRIBUTES, Held.RELATION_ATTRIBUTES,
        Held.ACTORS, Held.SPAN_NOTES, Held.RELATION_NOTES, Held.TITLES,
    }
)  # fmt: skip
_TITLES = "titles of articles that are not their first line"
_EDGES = "line breaks at the edges of spans"
_PARTED = "fragments that only line breaks part"
_SPACED = "attributes and notes with line breaks, tabs, or spaces at their ends"
_NAMES = "names with other characters than brat takes"
_HELD_BUT = (_TITLES, _EDGES, _PARTED, _SPACED, _NAMES)
CANNOT_HOLD = (*(each for each in cannot_hold(_HOLDS)), *_HELD_BUT)

_ANNOTATOR = 18
"""Characters of an annotator in a file's name."""
_BREAKS = re.compile(f"[{re.escape(LINE_BREAKS)}]+")
_NO_VALUE = re.compile(f"[\\t{re.escape(LINE_BREAKS)}]+")
_REFERENCE = re.compile(r"[^\s:]+:\S+")


def write(articles: Iterable[ArticleLabels], output: Output) -> None:
    """``NAME.txt`` and ``NAME.ann`` for each article, ``NAME.ANNOTATOR.…`` where several have labelled it.

    ``annotation.conf`` holds the codebook as brat needs it, ``visual.conf`` the names that it does not take,
    and those of the annotators in the names of files.
    """
    assert output.file is not None
    names, taken = Names(), {"annotation", "visual"}
    people: dict[str, str] = {}
    """Annotators → as they stand in the names of files."""
    taken_by_people: set[str] = set()
    config = _annotation_conf(output.codebook, names)
    with output.file("annotation.conf") as stream:
        stream.write(config.encode())
    for _, lines in groupby(articles, key=lambda labels: labels.article.id or labels.article.sha256):
        several = list(lines)
        for labels in several:
            article = labels.article
            wanted = article.title or article.external_id or article.id
            holds = _HOLDS
            if len(several) > 1 and labels.annotator:
                if labels.annotator not in people:
                    people[labels.annotator] = file_name(labels.annotator, taken_by_people, _ANNOTATOR)
                wanted = f"{wanted[:60]}.{people[labels.annotator]}"
                if is_showable(labels.annotator):
                    holds = _HOLDS | {Held.ANNOTATORS}
            name = file_name(wanted, taken)
            lost = count_common(
                labels,
                output.losses,
                holds,
                {Held.ACTOR_DETAILS: "only their names and external ids are written"},
            )
            annotations = _Writing(lost, output, names).text()
            if article.title and title_of(article.text, name) != article.title:
                output.losses.add(_TITLES, once=article.id or article.sha256)
            with output.file(f"{name}.txt") as stream:
                stream.write(article.text.encode())
            with output.file(f"{name}.ann") as stream:
                stream.write(annotations.encode())
    renamed = names.renamed()
    if renamed:
        fate = "written with “_” or “-” instead; visual.conf has them as they are"
        output.losses.add(_NAMES, fate, len(renamed))
    if renamed or people:
        annotators = {written: name for name, written in people.items() if is_showable(name)}
        with output.file("visual.conf") as stream:
            stream.write(visual_conf(renamed, annotators).encode())


class _Writing:
    """Writes one line's labels."""

    def __init__(self, labels: ArticleLabels, output: Output, names: Names) -> None:
        self.labels = labels
        self.codebook = output.codebook
        self.losses = output.losses
        self.names = names
        self.count = {"A": 0, "N": 0, "#": 0}
        self.actors = {record.id: record for record in labels.actors}

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines())

    def id(self, letter: str) -> str:
        self.count[letter] += 1
        return f"{letter}{self.count[letter]}"

    def lines(self) -> Iterator[str]:
        text = self.labels.article.text
        ids: dict[str, str] = {}
        for nth, span in enumerate(sorted(self.labels.spans, key=lambda span: span.order), 1):
            fragments = _fragments(span, text, self.losses)
            ids[span.id] = id_ = f"T{nth}"
            label = self.names.add(written_label(self.codebook, span.kind, span.label))
            offsets = ";".join(f"{start} {end}" for start, end in fragments)
            words = " ".join(text[start:end] for start, end in fragments)
            yield f"{id_}\t{label} {offsets}\t{words}"
            yield from self.extras(id_, span)
            if span.actor in self.actors:
                yield f"{self.id('N')}\t{_reference(id_, self.actors[span.actor])}"
        relations = sorted(self.labels.relations, key=lambda relation: relation.order)
        for nth, relation in enumerate(relations, 1):
            id_ = f"R{nth}"
            type_ = self.names.add(relation.type)
            yield f"{id_}\t{type_} Arg1:{ids[relation.head]} Arg2:{ids[relation.tail]}\t"
            yield from self.extras(id_, relation)

    def extras(self, id_: str, label: Span | Relation) -> Iterator[str]:
        """Lines for the attributes and the note."""
        for name, value in label.attributes.items():
            if not says_something(value):
                continue
            written = self.names.add(name)
            for each in value if isinstance(value, (list, tuple)) else (value,):
                text = self.one_line(_as_text(each))
                yield f"{self.id('A')}\t{written} {id_}{f' {text}' if text else ''}"
        if label.note and (note := self.one_line(label.note)):
            yield f"{self.id('#')}\tAnnotatorNotes {id_}\t{note}"

    def one_line(self, text: str) -> str:
        line = _NO_VALUE.sub(" ", text).strip()
        if line != text:
            self.losses.add(_SPACED, "written with a space instead")
        return line


def _as_text(value: Any) -> str:
    """True is a flag, which has no value."""
    if isinstance(value, bool):
        return "" if value else "false"
    return str(value)


def _reference(id_: str, record: ActorRecord) -> str:
    external = "".join((record.external_id or "").split())
    reference = external if _REFERENCE.fullmatch(external) else f"{OWN_REFERENCE}:{external}"
    if not external:
        reference = f"{OWN_ACTOR}:{'_'.join(record.id.split())}"
    return f"Reference {id_} {reference}\t{' '.join(record.name.split())}"


def _fragments(span: Span, text: str, losses: Losses) -> list[Fragment]:
    """A span's fragments, parted at every line's end."""
    found: list[Fragment] = []
    cut = False
    for start, end in span.fragments:
        words = text[start:end]
        first = start + len(words) - len(words.lstrip(LINE_BREAKS))
        last = end - len(words) + len(words.rstrip(LINE_BREAKS))
        cut = cut or (first, last) != (start, end)
        if first >= last:
            continue
        if found and not text[found[-1][1] : first].strip(LINE_BREAKS):
            losses.add(_PARTED, "joined when they are read back")
        for match in _BREAKS.finditer(text, first, last):
            found.append((first, match.start()))
            first = match.end()
        found.append((first, last))
    if cut:
        losses.add(_EDGES)
    return found


# -- brat's settings --------------------------------------------------------------------------------


def _annotation_conf(codebook: Codebook, names: Names) -> str:
    """The codebook as brat's ``annotation.conf``."""
    labels = {
        kind: [
            names.add(written_label(codebook, kind, label.name))
            for label in codebook.labels
            if label.kind is kind
        ]
        for kind in Kind
    }

    def of(kinds: Iterable[Kind]) -> str:
        return "|".join(each for kind in Kind if kind in set(kinds) for each in labels[kind])

    relations = [
        f"{names.add(each.name)}\tArg1:{heads}, Arg2:{tails}"
        for each in codebook.relation_types
        if (heads := of(each.heads)) and (tails := of(each.tails))
    ]
    attributes = []
    for attribute in codebook.attributes:
        takers = [of(attribute.kinds)] if of(attribute.kinds) else []
        if attribute.relations:
            takers.append("<RELATION>")
        if takers:
            values = _values(attribute, codebook)
            also = f", Value:{'|'.join(values)}" if values else ""
            attributes.append(f"{names.add(attribute.name)}\tArg:{'|'.join(takers)}{also}")
    entities = [each for kind in Kind for each in labels[kind]]
    return "\n".join(
        [
            "[entities]",
            *entities,
            "",
            "[relations]",
            *relations,
            "",
            "[events]",
            "",
            "[attributes]",
            *attributes,
            "",
        ]
    )


def _values(attribute: Attribute, codebook: Codebook) -> list[str]:
    """The values that brat can offer: those that its settings can hold."""
    choices = list(attribute.choices)
    if attribute.type is AttributeType.CATEGORIES:
        choices = [each.code for each in codebook.categories]
    return [each for each in choices if not re.search(r"[\s|,:]", each)]
