"""Records of other tools' files to lines of the project, by a mapping of their names.

What a name means is looked up once; every span costs little more than being made. The ids of labels
depend on the article, the annotator and the place in the record alone, so that a file that is imported
again is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from annotator.core.codebook import Codebook
from annotator.core.mapping import ImportMapping, SpanLabel, key_of
from annotator.core.model import ActorRecord, Article, Progress, Relation, Span, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.proposing_labels import propose_label
from annotator.core.records import replace
from annotator.core.span_rows import ACCEPTED, Columns, Same, SpanRows
from annotator.core.text import counted
from annotator.core.validate import fragment_problem
from annotator.formats.base import Intake, Record, Source
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.plain_spans import PlainSpans
from annotator.session.foreign_values import Relations, Values
from annotator.session.line import lasting_id
from annotator.session.telling import NAME_IT, Told
from annotator.store.rows import json_of

TRANSLATED = Foreign()
"""Marks a record whose labels came from another tool: nobody has decided on what it does not list."""
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = ["".join(each) for each in product(_ALPHABET, repeat=2)]
_NONE: Mapping[str, Any] = {}
_MOST_KNOWN = 10_000
"""Attributes that are remembered."""
_PARTS = ("span", "relation", "attribute value")


class _Ends:
    """What a record's spans have become: foreign id → span; None for those that are left out."""

    def __init__(self) -> None:
        self.spans: dict[str, Span | None] = {}
        self.unknown: set[str] = set()
        """Those that something is wrong with, which was told."""


class Translator:
    """Brings foreign labels to the words of a codebook; what cannot be brought is reported or counted.

    ``all_mine``: the labels are the annotator's, whoever the files name.
    ``records`` gives the project's actor records, for spans that name one. ``left_out`` counts what the
    mapping leaves out, by what it is: span, relation, attribute value.
    """

    def __init__(
        self,
        codebook: Codebook,
        mapping: ImportMapping,
        annotator: str | None,
        *,
        as_suggestions: bool,
        all_mine: bool = False,
        records: Callable[[], Iterable[ActorRecord]] = tuple,
    ) -> None:
        self.codebook = codebook
        self.mapping = mapping
        self.annotator = annotator
        self.as_suggestions = as_suggestions
        self.all_mine = all_mine
        self.left_out: Counter[str] = Counter()
        self._labels: dict[tuple[str, str], SpanLabel | None] = {}
        """Those of the codebook, and None for what is left out; unknown names are not in it."""
        self._named: dict[str, tuple[str, str]] = {}
        """Kind and label that names of labels without a layer have come to mean."""
        self._said: dict[tuple[Any, ...], str] = {}
        """Name of a label and attributes as files have them → attributes as the project file has them."""
        self._told = Told()
        self._source: Source | None = None
        self._origin = ""
        self._values = Values(codebook, mapping, self._told, self.left_out, records)
        self._relations = Relations(codebook, mapping, self._told)

    def native(self, record: Record, intake: Intake) -> Record | None:
        """The record with its labels as spans and relations, or None after reporting what is wrong.

        What is wrong with a name is one problem of the file, which tells how often it occurs.
        """
        foreign = record.foreign
        assert foreign is not None
        self._told.begin(intake)
        before = self._told.total
        article = record.labels.article
        person = self.annotator if self.all_mine else annotator_of(foreign) or self.annotator
        if not foreign.spans and not foreign.relations and foreign.progress == Progress():
            return replace(record, foreign=None)
        sha256, at = article.sha256, intake.at
        ends = _Ends()
        actors = {each.id: each for each in foreign.actors}
        if intake.source is not self._source:
            self._source = intake.source
            self._origin = f"import:{intake.source.short_name}"
        prefix = lasting_id(sha256, person or "")[:14]
        numbers = _ids(prefix)
        spans: list[Span] | SpanRows
        if (
            person is not None
            and not self.as_suggestions
            and not foreign.relations
            and (type(foreign.spans) is PlainSpans or _is_usual(foreign.spans))
        ):
            usual = None
            if type(foreign.spans) is PlainSpans:
                usual = self._at_once(article, foreign.spans, prefix, person, at)
            spans = usual or SpanRows(self._rows(record, foreign, numbers, actors, person, at, ends))
        else:
            spans = self._spans(record, foreign, numbers, actors, person, at, ends)
        relations = [
            made
            for link in foreign.relations
            if (made := self._relation(link, record, numbers, ends, person, at))
        ]
        labelled = bool(spans) if isinstance(spans, SpanRows) else any(map(_is_decided, spans))
        progress = foreign.progress
        if self.as_suggestions:  # whoever was done with these labels is not the one who decides on them
            progress = replace(progress, status=Status.NEW)
        own = progress != Progress() or labelled  # an own relation joins own spans
        if own and person is None:
            self._told.report(
                "the file does not say whose its labels are",
                record.place,
                "Give --annotator NAME, or take them as suggestions (--as-suggestions)",
                "article",
            )
        if self._told.total > before:
            return None
        if not own and not spans:  # the mapping leaves all of them out
            return replace(record, foreign=None)
        if progress.status is Status.NEW and labelled:
            progress = replace(progress, status=Status.IN_PROGRESS)
        used = {span.actor for span in spans} if actors else set()
        labels = ArticleLabels(
            article=article,
            annotator=person if own else None,
            progress=progress if own else Progress(),
            spans=spans if isinstance(spans, SpanRows) else tuple(spans),
            relations=tuple(relations),
            actors=tuple(each for each in actors.values() if each.id in used),
        )
        return Record(
            labels=labels,
            place=record.place,
            native=True,
            furnished=record.furnished,
            foreign=TRANSLATED,
        )

    # -- spans --------------------------------------------------------------------------------

    def _spans(
        self,
        record: Record,
        foreign: Foreign,
        numbers: Iterator[str],
        actors: dict[str, ActorRecord],
        person: str | None,
        at: str,
        ends: _Ends,
    ) -> list[Span]:
        """The spans as objects."""
        sha256, origin = record.labels.article.sha256, self._origin
        spans: list[Span] = []
        ids: set[str] = set()
        """Of suggestions."""
        for each, label, attributes, actor in self._checked(record, foreign, actors, ends):
            fragments, sure, note = each.fragments, each.confidence, each.note
            if each.suggested or each.rejected or self.as_suggestions:
                turned_down = each.rejected and not self.as_suggestions
                state = State.REJECTED if turned_down else State.SUGGESTED
                by, whose = each.origin or origin, None
                id_ = _id_of(sha256, label, fragments, by, sure, actor, note, attributes)
                while id_ in ids:  # one that is there twice stays two
                    id_ = lasting_id(id_)
                ids.add(id_)
            else:
                state, by, whose, id_ = State.ACCEPTED, origin, person or "", next(numbers)
            made = Span(
                id=id_, kind=label.kind, label=label.name, fragments=fragments, attributes=attributes,
                actor=actor, state=state, origin=by, confidence=sure, annotator=whose, created=at, updated=at,
                note=note,
            )  # fmt: skip
            ends.spans[each.id] = made
            spans.append(made)
        return spans

    def _rows(
        self,
        record: Record,
        foreign: Foreign,
        numbers: Iterator[str],
        actors: dict[str, ActorRecord],
        person: str,
        at: str,
        ends: _Ends,
    ) -> list[Columns]:
        """The spans as rows, where all of them are somebody's and no relation joins them."""
        origin, told = self._origin, self._told
        rows: list[Columns] = []
        before = told.total
        for each, label, attributes, actor in self._checked(record, foreign, actors, ends):
            start, end = each.fragments[0]
            data = json_of(attributes) if attributes else "{}"
            rows.append(
                (
                    next(numbers), label.kind.value, label.name, start, end, f"[[{start},{end}]]",
                    data, actor, ACCEPTED, origin, None, person, None, at, at, each.note,
                )
            )  # fmt: skip
            whole = len(attributes) == len(each.attributes) and actor is None
            if type(foreign.spans) is PlainSpans and whole and told.total == before:
                self._named[each.label] = label.kind.value, label.name
                if attributes and len(self._said) < _MOST_KNOWN:
                    self._said[each.label, *each.attributes.items()] = data
        return rows

    def _at_once(
        self, article: Article, spans: PlainSpans, prefix: str, person: str, at: str
    ) -> SpanRows | None:
        """The spans as rows; None where anything in them has not been met before, or may be wrong."""
        text, names, starts, ends = article.text, spans.labels, spans.starts, spans.ends
        number = len(names)
        if number > len(_PAIRS) or max(ends) > len(text):
            return None
        if any(map(str.isspace, map(text.__getitem__, starts))):  # then one may be nothing but white space
            return None
        try:
            named = [*map(self._named.__getitem__, names)]
            said = ["{}"] * number
            for nth, given in spans.attributes.items():
                said[nth] = self._said[names[nth], *given.items()]
        except KeyError:
            return None
        kinds, labels = zip(*named, strict=True)
        prefix += _PAIRS[0]
        time, nothing = Same(at), Same(None)
        return SpanRows.of(
            number,
            (
                [prefix + pair for pair in _PAIRS[:number]], kinds, labels, starts, ends,
                said, nothing, Same(ACCEPTED), Same(self._origin), nothing, Same(person), nothing, time,
                time, nothing,
            ),
        )  # fmt: skip

    def _checked(
        self, record: Record, foreign: Foreign, actors: dict[str, ActorRecord], ends: _Ends
    ) -> Iterator[tuple[ForeignSpan, SpanLabel, Mapping[str, Any], str | None]]:
        """The spans that nothing is wrong with: label, attributes and actor record in our words."""
        text = record.labels.article.text
        length, labels = len(text), self._labels
        for each in foreign.spans:
            foreign_id, name, fragments, layer, given = each[:5]
            if (layer, name) not in labels and not self._learn(each, record):
                ends.unknown.add(foreign_id)
                continue
            label = labels[layer, name]
            if label is None:
                self.left_out["span"] += 1
                ends.spans[foreign_id] = None
                continue
            start, end = fragments[0] if len(fragments) == 1 else (0, 0)
            if not 0 <= start < end <= length or text[start:end].isspace():
                wrong = fragment_problem(fragments, text)
                if wrong:
                    self._told.report(wrong, each.place or record.place, "Correct its offsets in the file")
                    ends.unknown.add(foreign_id)
                    continue
            attributes, actor = _NONE, each.actor
            if given:
                attributes, named = self._values.of_span(each, label, record.place, actors)
                actor = actor or named
            if actor is not None and actor not in actors:
                what = f"the actor record {actor} of the span {foreign_id} is not described"
                self._told.report(what, each.place or record.place)
            yield each, label, attributes, actor

    def _learn(self, each: ForeignSpan, record: Record) -> bool:
        """Look a label's name up for the first time; False after telling that nothing is known of it."""
        layer, name = each.layer, each.label
        label = self._label(layer, name)
        if label is None and not self._is_left_out(layer, name):
            self._tell_unknown(each, record)
            return False
        self._labels[layer, name] = label
        return True

    def _label(self, layer: str, name: str) -> SpanLabel | None:
        """The codebook's label, or None where there is none or the mapping leaves such spans out."""
        for key in (key_of(layer, name), name):
            if key in self.mapping.labels:
                found = self.mapping.labels[key]
                known = found is not None and self.codebook.label(found.kind, found.name) is not None
                return found if known else None
        return propose_label(self.codebook, layer, name)

    def _is_left_out(self, layer: str, name: str) -> bool:
        labels = self.mapping.labels
        key = key_of(layer, name)
        return labels.get(key if key in labels else name, 0) is None

    def _tell_unknown(self, each: ForeignSpan, record: Record) -> None:
        labels = self.mapping.labels
        key = key_of(each.layer, each.label)
        meant = labels.get(key) or labels.get(each.label)
        what = f"the codebook has no label for “{key}”"
        if meant is not None:
            what = f"the codebook has no {meant.kind} label “{meant.name}”, which “{key}” is to mean"
        self._told.report(what, each.place or record.place, NAME_IT, "span")

    # -- relations ----------------------------------------------------------------------------

    def _relation(
        self,
        link: ForeignRelation,
        record: Record,
        numbers: Iterator[str],
        ends: _Ends,
        person: str | None,
        at: str,
    ) -> Relation | None:
        place = link.place or record.place
        if link.head in ends.unknown or link.tail in ends.unknown:
            return None  # what is wrong with the span was told
        for end, side in ((link.head, "head"), (link.tail, "tail")):
            if end not in ends.spans:
                self._told.report(f"the {side} of the relation {link.id} is the unknown span “{end}”", place)
                return None
        head, tail = ends.spans[link.head], ends.spans[link.tail]
        if head is None or tail is None:
            self.left_out["relation"] += 1
            return None
        if head is tail:
            self._told.report(f"head and tail of the relation {link.id} are the same span", place)
            return None
        found = self._relations.found(link, head.kind, tail.kind, place)
        if found is None:
            return None
        if not found.type:
            self.left_out["relation"] += 1
            return None
        if found.turned:
            head, tail = tail, head
        suggested = (
            link.suggested or link.rejected or self.as_suggestions or head.is_suggestion or tail.is_suggestion
        )
        rejected = link.rejected and not self.as_suggestions
        made = Relation(
            id=next(numbers),
            type=found.type,
            head=head.id,
            tail=tail.id,
            attributes=self._values.of_relation(link, place) if link.attributes else _NONE,
            state=State.REJECTED if rejected else State.SUGGESTED if suggested else State.ACCEPTED,
            origin=(link.origin if suggested and link.origin else self._origin),
            confidence=link.confidence,
            annotator=None if suggested else person or "",
            created=at,
            updated=at,
            note=link.note,
        )
        if not suggested:
            return made
        what = (made.type, made.head, made.tail, made.origin, made.confidence, made.attributes, made.note)
        return replace(made, id=_id_of(record.labels.article.sha256, *what))


def annotator_of(foreign: Foreign) -> str:
    """Who labelled, as the file says it; empty where it does not."""
    return " ".join((foreign.annotator or "").split())


def _is_usual(spans: Iterable[ForeignSpan]) -> bool:
    """Whether all spans are of one fragment, and somebody's."""
    return all(len(each[2]) == 1 and not each[5] and each[7] is None and not each.rejected for each in spans)


def _is_decided(span: Span) -> bool:
    return span.state is not State.SUGGESTED


def _ids(prefix: str) -> Iterator[str]:
    """Ids for the labels that somebody has in an article, the same ones each time.

    ``prefix``: 14 characters that depend on the two.
    """
    for first in _PAIRS:
        for second in _PAIRS:
            yield prefix + first + second
    yield from (prefix + "".join(each) for each in product(_PAIRS, repeat=3))


def _id_of(sha256: str, *what: object) -> str:
    """The id of a suggestion depends on nothing but what it is: several annotators' lines may list it."""
    return lasting_id(sha256, *(_listed(each) if isinstance(each, dict) else each for each in what))


def _listed(attributes: Mapping[str, Any]) -> str:
    return repr(sorted(attributes.items()))


def sentence_of(left_out: Mapping[str, int]) -> str:
    """“3 spans and 1 relation left out as the mapping says”; empty for nothing."""
    said = [counted(left_out[what], what) for what in _PARTS if left_out.get(what)]
    words = ", ".join(said[:-1]) + (" and " if said[1:] else "") + said[-1] if said else ""
    return f"{words} left out as the mapping says" if words else ""
