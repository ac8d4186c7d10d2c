"""doccano's JSON Lines: examples of sequence labelling, with and without relations.

Its offsets are UTF-16 units, or graphemes in projects that were set up to count these; nothing in a file
tells which, so that there are two formats. Metadata stands beside the labels, in the example itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import contains
from typing import Any

from annotator.core.model import Progress, Span
from annotator.core.ports import ArticleLabels
from annotator.core.span_rows import SpanRows
from annotator.core.text import shown
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.json_labels import Reach, article_record, json_records, name_of, one_id_each
from annotator.formats.losing import Held, cannot_hold, count_common
from annotator.formats.offsets import Offsets, Unit
from annotator.formats.output import Output
from annotator.formats.peek import first_record
from annotator.formats.plain import kind_of
from annotator.formats.plain_spans import PlainSpans, are_names, are_places
from annotator.formats.written import Names, fields_of

TEXTS = ("text", "data")
_COMMENTS = ("Comments", "comments")
_SPANS = ("entities", "label", "labels", "annotations")
_NAMES, _USERS = ("label_name", "label_text"), ("user_name", "user")
_CURE = "Correct it, or export the data set again"
_OTHER_UNIT = {
    Unit.UTF16: "If its project counts graphemes, choose the format doccano-graphemes",
    Unit.GRAPHEMES: "If its project does not count graphemes, choose the format doccano",
}


def sniff(source: Source) -> bool:
    """Whether the first record has its entities, its lists of ``[start, end, label]``, or comments."""
    record = first_record(source)
    if record is None or not any(type(record.get(key)) is str for key in TEXTS):
        return False
    for key in _SPANS:
        value = record.get(key)
        if type(value) is not list:
            continue
        if value and _is_span(value[0]):
            return True
        if not value and (key == "entities" or "Comments" in record or type(record.get("id")) is int):
            return True
    return type(record.get("Comments")) is list


def _is_span(item: Any) -> bool:
    if type(item) is list:
        numbers = {type(each) for each in item[:2]}
        return len(item) == 3 and (numbers == {int} or (numbers <= {int, float} and type(item[2]) is str))
    return type(item) is dict and "start_offset" in item


def read(intake: Intake) -> Iterator[Record]:
    """One record per example, in projects that count UTF-16 units."""
    return _read(intake, Unit.UTF16)


def read_graphemes(intake: Intake) -> Iterator[Record]:
    """One record per example, in projects that count graphemes."""
    return _read(intake, Unit.GRAPHEMES)


def _read(intake: Intake, unit: Unit) -> Iterator[Record]:
    records = (_Example(data, intake, place, unit).read() for data, place in json_records(intake))
    return one_id_each(chain.from_iterable(records))


class _Example:
    """Reads one example; what is wrong in it is reported, and left out."""

    __slots__ = ("data", "ids", "intake", "place", "reach", "spans", "unit")

    def __init__(self, data: dict[str, Any], intake: Intake, place: str, unit: Unit) -> None:
        self.data = data
        self.intake = intake
        self.place = place
        self.unit = unit
        self.spans: dict[str | None, list[ForeignSpan]] = {}
        """By user, in files that name one for each span; else all of None."""
        self.ids: dict[str, str | None] = {}
        """Of the spans, with whose they are."""

    def read(self) -> Iterator[Record]:
        rest = dict(self.data)
        key = next((key for key in TEXTS if type(rest.get(key)) is str), None)
        if key is not None:
            rest = {"text": rest.pop(key), **rest}
        labels = [rest.pop(key) for key in _SPANS if _holds_spans(rest.get(key), key)]
        relations, comments = rest.pop("relations", None), rest.pop("Comments", None)
        who = rest.pop("annotator", None)
        if type(who) is not str or not who.strip():
            if who is not None:
                rest["annotator"] = who
            who = None
        if "external_id" in rest:
            rest.pop("id", None)
        record = article_record(rest, self.intake, self.place)
        if record is None:
            return
        self.reach = Reach(rest["text"] if key is not None else "", self.unit)
        plain = self.usual(labels[0]) if len(labels) == 1 else None
        for items in labels if plain is None else ():
            for item in items:
                self.span(item)
        links = self.relations(relations)
        note = self.note(comments)
        for user in self.spans or (None,):
            foreign = Foreign(
                annotator=user or who,
                progress=Progress(note=note),
                spans=tuple(self.spans.get(user, ())) if plain is None else plain,
                relations=tuple(link for link in links if self.ids[link.head] == user),
            )
            yield Record(labels=record.labels, place=self.place, foreign=foreign)

    def wrong(self, what: str, cure: str = _CURE) -> None:
        self.intake.report(what, self.place, cure)

    # -- parts --------------------------------------------------------------------------------

    def usual(self, items: list[Any]) -> PlainSpans | None:
        """The example's spans where all are objects as most are; None for everything else."""
        try:
            given = [item["id"] for item in items]
            labels = [item["label"] for item in items]
            starts = [item["start_offset"] for item in items]
            ends = [item["end_offset"] for item in items]
            usual = (
                set(map(type, given)) == {int}
                and are_names(labels)
                and are_places(starts, ends, self.reach.same)
                and not any(any(map(contains, items, repeat(user))) for user in _USERS)
            )
        except (LookupError, TypeError):
            return None
        ids = dict.fromkeys(map(str, given))
        if not usual or len(ids) < len(items):
            return None
        self.ids = ids
        return PlainSpans([*ids], labels, starts, ends)

    def span(self, item: Any) -> None:
        nth = len(self.ids) + 1
        user: str | None = None
        if type(item) is dict:
            start, end, label = item.get("start_offset"), item.get("end_offset"), item.get("label")
            if type(label) is int:  # before version 1.0: the label's number, with its name beside it
                label = next((item[key] for key in _NAMES if type(item.get(key)) is str), label)
            given = item.get("id")
            id_ = f"#{nth}" if given is None else str(given)
            user = next((str(item[key]) for key in _USERS if type(item.get(key)) in (int, str)), None)
        elif type(item) is list and len(item) == 3:
            start, end, label = item
            id_ = f"#{nth}"
        else:
            self.wrong(f"span {nth} must be an object or [start, end, label], not {shown(item)}")
            return
        if id_ in self.ids:
            self.wrong(f"the id {id_} stands at two spans of this example")
            return
        self.ids[id_] = user
        fragments = self.reach.fragments(start, end)
        if fragments is None:
            ints = type(start) is int and type(end) is int and start < end
            cure = _OTHER_UNIT[self.unit] if ints else _CURE
            self.wrong(f"span {nth} {self.reach.wrong(start, end)}", cure)
            return
        self.spans.setdefault(user, []).append(ForeignSpan(id_, name_of(label), fragments))

    def relations(self, items: Any) -> list[ForeignRelation]:
        if items is None:
            return []
        if type(items) is not list:
            self.wrong(f"“relations” must be a list, not {kind_of(items)}")
            return []
        found: dict[str, ForeignRelation] = {}
        for nth, item in enumerate(items, 1):
            if type(item) is not dict:
                self.wrong(f"relation {nth} must be an object, not {kind_of(item)}")
                continue
            given = item.get("id")
            id_ = f"#{nth}" if given is None else str(given)
            head, tail = str(item.get("from_id")), str(item.get("to_id"))
            lost = next((end for end in (head, tail) if end not in self.ids), None)
            if lost is not None:
                self.wrong(f"relation {nth} names the span {lost}, which the example does not have")
            elif id_ in found:
                self.wrong(f"the id {id_} stands at two relations of this example")
            else:
                type_ = item.get("type", item.get("label"))
                found[id_] = ForeignRelation(id_, name_of(type_), head, tail)
        return list(found.values())

    def note(self, items: Any) -> str | None:
        """The comments, one to a line."""
        if items is None:
            return None
        texts = []
        for item in items if type(items) is list else [items]:
            text = item.get("comment", item.get("text")) if type(item) is dict else item
            if type(text) is not str:
                self.wrong(f"a comment must be a text, not {shown(item)}")
            elif text.strip():
                texts.append(text)
        return "\n".join(texts) or None


def _holds_spans(value: Any, key: str) -> bool:
    """Whether a key's value are spans: lists of texts are categories of the whole example, its metadata."""
    if type(value) is not list:
        return False
    return all(type(each) in (list, dict) for each in value) or key == "entities"


# -- writing ----------------------------------------------------------------------------------------

HOLDS = frozenset(
    {
        Held.RELATIONS, Held.OVERLAPS, Held.ARTICLE_NOTES, Held.ANNOTATORS, Held.TITLES, Held.METADATA,
    }
)  # fmt: skip
CUT_GRAPHEMES = "spans that begin or end within a grapheme"
_WIDENED = "written with the whole grapheme"
_RESERVED = frozenset({"id", "text", "data", "annotator", "relations", *_SPANS, *_COMMENTS})


def write(articles: Iterable[ArticleLabels], output: Output) -> None:
    """One example per article and annotator, for projects that count UTF-16 units."""
    _write(articles, output, Unit.UTF16)


def write_graphemes(articles: Iterable[ArticleLabels], output: Output) -> None:
    """One example per article and annotator, for projects that count graphemes."""
    _write(articles, output, Unit.GRAPHEMES)


def _write(articles: Iterable[ArticleLabels], output: Output, unit: Unit) -> None:
    from orjson import OPT_APPEND_NEWLINE, dumps

    assert output.stream is not None
    writer = _Writer(output, unit)
    for labels in articles:
        output.stream.write(dumps(writer.example(labels), option=OPT_APPEND_NEWLINE))


class _Writer:
    """Makes examples. With relation types in the codebook they are those of a project with relations."""

    def __init__(self, output: Output, unit: Unit) -> None:
        self.output = output
        self.unit = unit
        self.linked = bool(output.codebook.relation_types)
        self.holds = HOLDS if self.linked else HOLDS - {Held.RELATIONS}
        self.names = Names(output.codebook)
        self.examples = self.spans = self.relations = self.comments = 0
        """The last ids that were given; the lines of one article are one example, answered several times."""
        self.article = ""

    def example(self, labels: ArticleLabels) -> dict[str, Any]:
        labels = count_common(labels, self.output.losses, self.holds)
        article, note = labels.article, labels.progress.note
        if not article.id or article.id != self.article:
            self.examples += 1
            self.article = article.id
        made: dict[str, Any] = {
            "id": self.examples,
            "text": article.text,
            **fields_of(article, _RESERVED, by_name=True),
        }
        if labels.annotator is not None:
            made["annotator"] = labels.annotator
        spans = self.in_order(labels.spans)
        placed = self.placed(article.text, [span[1:3] for span in spans])
        if not self.linked:
            made["label"] = [[*place, name] for (_, _, _, name), place in zip(spans, placed, strict=True)]
            made["Comments"] = [note] if note else []
            return made
        ids = {span[0]: self.spans + nth for nth, span in enumerate(spans, 1)}
        made["entities"] = [
            {"id": self.spans + nth, "label": span[3], "start_offset": start, "end_offset": end}
            for nth, (span, (start, end)) in enumerate(zip(spans, placed, strict=True), 1)
        ]
        self.spans += len(spans)
        made["relations"] = []
        for relation in sorted(labels.relations, key=lambda each: each.order):
            self.relations += 1
            made["relations"].append(
                {
                    "id": self.relations,
                    "from_id": ids[relation.head],
                    "to_id": ids[relation.tail],
                    "type": relation.type,
                }
            )
        made["Comments"] = []
        if note:
            self.comments += 1
            made["Comments"].append({"id": self.comments, "comment": note})
        return made

    def in_order(self, spans: Sequence[Span]) -> list[tuple[str, int, int, str]]:
        """Id, start, end and name of the label of each span."""
        names = self.names
        if isinstance(spans, SpanRows):
            return [
                (row[0], row[3], row[4], names.known.get(row[1:3]) or names.named(row[1], row[2]))
                for row in spans.in_order()
            ]
        ordered = sorted(spans, key=lambda span: span.order)
        return [(span.id, span.start, span.end, names.label(span)) for span in ordered]

    def placed(self, text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Starts and ends in the format's unit."""
        offsets = Offsets(text, self.unit)
        if text.isascii() or offsets.same:
            return places
        written = offsets.written
        made = [(written(start), written(end)) for start, end in places]
        if self.unit is not Unit.GRAPHEMES:
            return made
        for nth, ((start, end), (first, last)) in enumerate(zip(places, made, strict=True)):
            cut = offsets.point(last) != end
            if cut or offsets.point(first) != start:
                self.output.losses.add(CUT_GRAPHEMES, _WIDENED)
            made[nth] = first, last + cut
        return made


DOCCANO = Format(
    name="doccano",
    title="doccano JSONL",
    endings=(".jsonl",),
    unit=Unit.UTF16,
    cannot_hold=cannot_hold(HOLDS),
    sniff=sniff,
    read=read,
    write=write,
    tokens=False,
)
DOCCANO_GRAPHEMES = Format(
    name="doccano-graphemes",
    title="doccano JSONL, counted in graphemes",
    endings=(".jsonl",),
    unit=Unit.GRAPHEMES,
    cannot_hold=(*cannot_hold(HOLDS), CUT_GRAPHEMES),
    read=read_graphemes,
    write=write_graphemes,
    tokens=False,
)
