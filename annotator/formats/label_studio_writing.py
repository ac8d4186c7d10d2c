"""Articles and labels to tasks of Label Studio, and the labelling interface that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.model import Relation, Span, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.span_rows import Columns, SpanRows
from annotator.formats.losing import Held, cannot_hold, confident, count_common, other_origins, says_something
from annotator.formats.naming import written_label
from annotator.formats.output import Output
from annotator.formats.written import Names, attributes_of, fields_of

HOLDS = frozenset(
    {
        Held.SUGGESTIONS, Held.RELATIONS, Held.OVERLAPS, Held.SPAN_ATTRIBUTES, Held.ACTORS, Held.SPAN_NOTES,
        Held.ARTICLE_NOTES, Held.ANNOTATORS, Held.TITLES, Held.METADATA,
        Held.STATUSES, Held.CONFIDENCES, Held.ORIGINS,
    }
)  # fmt: skip
"""The last three in part: what of them is lost is counted here."""
IN_PROGRESS = "articles in progress"
ORIGINS = "origins of own labels"
CONFIDENCES = "confidences of own labels and of relations"
APART = "relations of suggestions with other labels"
CANNOT_HOLD = (*cannot_hold(HOLDS), IN_PROGRESS, ORIGINS, CONFIDENCES, APART)

_LABEL, _TEXT, _ACTOR, _NOTE = "label", "text", "actor", "note"
_MOST_KNOWN = 10_000
_TAKEN = frozenset({_LABEL, _TEXT, _ACTOR, _NOTE, "notes", "comment", "comments"})
_LISTS = (AttributeType.CHOICE, AttributeType.MULTI_CHOICE, AttributeType.CATEGORIES, AttributeType.BOOLEAN)


def control_of(attribute: str) -> str:
    """The name of the control of an attribute."""
    return f"{attribute}_" if attribute in _TAKEN else attribute


def write(articles: Iterable[ArticleLabels], output: Output) -> None:
    """One list with a task per article, which has one annotation per annotator, and its suggestions."""
    from orjson import dumps

    assert output.stream is not None
    writer = _Writer(output)
    before = b"[\n"
    for _, lines in groupby(articles, lambda labels: labels.article.id or labels.article.sha256):
        output.stream.write(before)
        output.stream.write(dumps(writer.task(list(lines))))
        before = b",\n"
    output.stream.write(b"[]\n" if before == b"[\n" else b"\n]\n")


class _Writer:
    """Makes tasks; gives each annotator a number, since Label Studio knows people by those alone."""

    def __init__(self, output: Output) -> None:
        self.losses = output.losses
        self.names = Names(output.codebook)
        self.types = {each.name: each.type for each in output.codebook.attributes}
        self.people: dict[str, int] = {}
        self.known: dict[str, dict[str, tuple[str, str, Any]]] = {}
        self.tasks = self.annotations = 0
        """The last ids that were given."""

    def task(self, lines: list[ArticleLabels]) -> dict[str, Any]:
        article = lines[0].article
        annotations: list[dict[str, Any]] = []
        suggested: dict[str, Span] = {}
        links: dict[str, Relation] = {}
        actors: dict[str, str] = {}
        for line in lines:
            labels = count_common(line, self.losses, HOLDS)
            actors.update((each.id, each.name) for each in labels.actors)
            if not isinstance(labels.spans, SpanRows):
                suggested.update((each.id, each) for each in labels.spans if each.state is State.SUGGESTED)
            links.update((each.id, each) for each in labels.relations if each.state is State.SUGGESTED)
            annotation = self.annotation(labels, actors)
            if annotation is not None:
                annotations.append(annotation)
        self.tasks += 1
        fields = fields_of(article, ("text",), by_name=True)
        return {
            "id": self.tasks,
            # that is not the article's, which readers would take it for where this said nothing of it
            "data": {"text": article.text, "external_id": None, **fields},
            "annotations": annotations,
            "predictions": self.predictions(article.text, suggested, links, actors),
        }

    def annotation(self, labels: ArticleLabels, actors: Mapping[str, str]) -> dict[str, Any] | None:
        who, progress = labels.annotator, labels.progress
        spans: Sequence[Span] = labels.spans
        if not isinstance(spans, SpanRows):
            spans = [each for each in spans if each.state is State.ACCEPTED]
        relations = [each for each in labels.relations if each.state is State.ACCEPTED]
        finished = progress.status in (Status.DONE, Status.SKIPPED)
        if who is None or not (spans or finished or progress.note):
            begun = progress.status is Status.IN_PROGRESS
            self.losses.add(IN_PROGRESS, "left out, having no labels", int(begun))
            return None
        self.count(who, spans, relations)
        if not finished:
            self.losses.add(IN_PROGRESS, "written like finished ones")
        result = self.result(labels.article.text, spans, relations, actors)
        if progress.note:
            area = {"id": "note", "from_name": _NOTE, "to_name": _TEXT, "type": "textarea"}
            result.append({**area, "value": {"text": [progress.note]}})
        self.annotations += 1
        return {
            "id": self.annotations,
            "completed_by": self.number(who),
            "annotator": who,
            "was_cancelled": progress.status is Status.SKIPPED,
            "ground_truth": False,
            "result": result,
        }

    def number(self, who: str) -> int:
        """The number of a name: itself where it is one, as those of Label Studio's own files are."""
        if who.isascii() and who.isdigit() and len(who) < 10:
            return int(who)
        return self.people.setdefault(who, len(self.people) + 1)

    def count(self, who: str, spans: Sequence[Span], relations: list[Relation]) -> None:
        self.losses.add(ORIGINS, number=other_origins(who, spans, relations))
        if isinstance(spans, SpanRows):
            sure = confident(spans.rows)
        else:
            sure = sum(each.confidence is not None for each in spans)
        sure += sum(each.confidence is not None for each in relations)
        self.losses.add(CONFIDENCES, number=sure)

    def predictions(
        self, text: str, spans: Mapping[str, Span], links: Mapping[str, Relation], actors: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        """The suggestions, those of each origin by themselves."""
        made = []
        by_origin: dict[str, list[Span]] = {}
        for span in spans.values():
            by_origin.setdefault(span.origin, []).append(span)
        relations: dict[str, list[Relation]] = {}
        for link in links.values():
            head, tail = spans.get(link.head), spans.get(link.tail)
            if head is None or tail is None or head.origin != link.origin or tail.origin != link.origin:
                self.losses.add(APART)
            else:
                relations.setdefault(link.origin, []).append(link)
                self.losses.add(CONFIDENCES, number=int(link.confidence is not None))
        for origin, some in by_origin.items():
            prediction: dict[str, Any] = {"model_version": origin}
            scores = [each.confidence for each in some if each.confidence is not None]
            if scores and len(scores) == len(some):
                prediction["score"] = round(sum(scores) / len(scores), 6)
            prediction["result"] = self.result(text, some, relations.get(origin, ()), actors)
            made.append(prediction)
        return made

    # -- results ------------------------------------------------------------------------------

    def result(
        self, text: str, spans: Sequence[Span], relations: Iterable[Relation], actors: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        if isinstance(spans, SpanRows):
            made = self.of_rows(text, spans.in_order(), actors)
            return made + self.links(relations, {row[0] for row in spans.rows}) if relations else made
        made = []
        label = self.names.label
        for span in sorted(spans, key=lambda each: each.order):
            start, end = span.start, span.end
            region: dict[str, Any] = {
                "id": span.id,
                "from_name": _LABEL,
                "to_name": _TEXT,
                "type": "labels",
                "value": {"start": start, "end": end, "text": text[start:end], "labels": [label(span)]},
            }
            made.append(region)
            if span.confidence is not None and span.state is State.SUGGESTED:
                region["score"] = span.confidence
            meta: dict[str, Any] = {"text": [span.note]} if span.note else {}
            if span.actor is not None:
                meta["actor_id"] = span.actor
            if meta:
                region["meta"] = meta
            if span.attributes or span.actor is not None:
                made += self.of_region(span, actors)
        made += self.links(relations, {span.id for span in spans})
        return made

    def of_rows(self, text: str, rows: Iterable[Columns], actors: Mapping[str, str]) -> list[dict[str, Any]]:
        """What :meth:`result` gives, from the columns of own spans; for most spans of most exports."""
        made: list[dict[str, Any]] = []
        names = self.names
        for id_, kind, label, start, end, _, attributes, actor, *_, note in rows:
            name = names.known.get((kind, label)) or names.named(kind, label)
            region: dict[str, Any] = {
                "id": id_,
                "from_name": _LABEL,
                "to_name": _TEXT,
                "type": "labels",
                "value": {"start": start, "end": end, "text": text[start:end], "labels": [name]},
            }
            made.append(region)
            if note or actor is not None:
                meta: dict[str, Any] = {"text": [note]} if note else {}
                if actor is not None:
                    meta["actor_id"] = actor
                region["meta"] = meta
            if attributes != "{}" or actor is not None:
                said = self.said_in(attributes)
                if actor is not None:
                    said = {**said, _ACTOR: ("textarea", "text", [actors.get(actor, actor)])}
                for control, (type_, key, value) in said.items():
                    made.append(
                        {
                            "id": id_,
                            "from_name": control,
                            "to_name": _TEXT,
                            "type": type_,
                            "value": {"start": start, "end": end, key: value},
                        }
                    )
        return made

    def said_in(self, data: str) -> dict[str, tuple[str, str, Any]]:
        """What the controls say of attributes as JSON text, which repeat."""
        known = self.known.get(data)
        if known is None:
            from orjson import loads

            values = loads(data)
            known = {
                control_of(name): self.said(name, value)
                for name, value in values.items()
                if says_something(value)
            }
            if len(self.known) < _MOST_KNOWN:
                self.known[data] = known
        return known

    def of_region(self, span: Span, actors: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """What per-region controls say."""
        said = {control_of(name): self.said(name, value) for name, value in attributes_of(span).items()}
        if span.actor is not None:
            said[_ACTOR] = "textarea", "text", [actors.get(span.actor, span.actor)]
        for name, (type_, key, value) in said.items():
            yield {
                "id": span.id,
                "from_name": name,
                "to_name": _TEXT,
                "type": type_,
                "value": {"start": span.start, "end": span.end, key: value},
            }

    def said(self, name: str, value: Any) -> tuple[str, str, Any]:
        """Type, key and value of a control's result."""
        type_ = self.types.get(name)
        if isinstance(value, bool):
            return "choices", "choices", ["yes" if value else "no"]
        if isinstance(value, (int, float)):
            return "number", "number", value
        if isinstance(value, (list, tuple)):
            return "choices", "choices", [str(each) for each in value]
        if type_ is None or type_ in _LISTS:
            return "choices", "choices", [str(value)]
        return "textarea", "text", [str(value)]

    def links(self, relations: Iterable[Relation], there: set[str]) -> list[dict[str, Any]]:
        """One relation for each ordered pair of regions, with all its types."""
        made: dict[tuple[str, str], dict[str, Any]] = {}
        for each in sorted(relations, key=lambda relation: relation.order):
            if each.head not in there or each.tail not in there:
                self.losses.add(APART)
                continue
            pair = each.head, each.tail
            link = made.setdefault(
                pair,
                {
                    "from_id": each.head,
                    "to_id": each.tail,
                    "type": "relation",
                    "direction": "right",
                    "labels": [],
                },
            )
            if each.type not in link["labels"]:
                link["labels"].append(each.type)
        return list(made.values())


# -- the labelling interface ------------------------------------------------------------------------


ONLY_LABELS = "lines of labels"


def write_config(articles: Iterable[ArticleLabels], output: Output) -> None:
    """The labelling interface alone, which a Label Studio project is given before the tasks."""
    assert output.stream is not None
    output.stream.write(labeling_config(output.codebook).encode())
    lines = sum(1 for _ in articles)
    output.losses.add(ONLY_LABELS, "left out, as the labelling interface is about labels alone", lines)


def labeling_config(codebook: Codebook) -> str:
    """The XML that Label Studio needs to show what :func:`write` writes with that codebook."""
    from xml.sax.saxutils import quoteattr  # it brings web clients along

    lines = ["<View>", f"  <Labels name={quoteattr(_LABEL)} toName={quoteattr(_TEXT)}>"]
    labels = (written_label(codebook, each.kind, each.name) for each in codebook.labels)
    lines += (f"    <Label value={quoteattr(name)}/>" for name in labels)
    lines += ["  </Labels>", f'  <Text name="{_TEXT}" value="${_TEXT}" granularity="word"/>']
    if codebook.relation_types:
        names = (f"    <Relation value={quoteattr(each.name)}/>" for each in codebook.relation_types)
        lines += ["  <Relations>", *names, "  </Relations>"]
    for attribute in codebook.attributes:
        if attribute.kinds:
            lines += _control(attribute, codebook)
    per_region = f'toName="{_TEXT}" perRegion="true"'
    lines.append(f'  <TextArea name="{_ACTOR}" {per_region} placeholder="actor record"/>')
    lines.append(f'  <TextArea name="{_NOTE}" toName="{_TEXT}" placeholder="note on the article"/>')
    return "\n".join([*lines, "</View>", ""])


def _control(attribute: Attribute, codebook: Codebook) -> list[str]:
    """The control of an attribute, which is shown at the labels of its kinds."""
    from xml.sax.saxutils import quoteattr

    shown = [
        written_label(codebook, each.kind, each.name)
        for each in codebook.labels
        if each.kind in attribute.kinds
    ]
    start = f'name={quoteattr(control_of(attribute.name))} toName="{_TEXT}" perRegion="true"'
    if all("," not in each for each in shown):
        start += f' whenTagName="{_LABEL}" whenLabelValue={quoteattr(",".join(shown))}'
    if attribute.type is AttributeType.NUMBER:
        return [f"  <Number {start}/>"]
    if attribute.type not in _LISTS:
        return [f"  <TextArea {start}/>"]
    values: Iterable[str] = attribute.choices
    if attribute.type is AttributeType.CATEGORIES:
        values = (each.code for each in codebook.categories)
    elif attribute.type is AttributeType.BOOLEAN:
        values = ("yes", "no")
    several = attribute.type in (AttributeType.MULTI_CHOICE, AttributeType.CATEGORIES)
    choice = "multiple" if several else "single"
    choices = [f"    <Choice value={quoteattr(each)}/>" for each in values]
    return [f'  <Choices {start} choice="{choice}">', *choices, "  </Choices>"]
