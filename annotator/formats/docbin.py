"""spaCy's DocBin (``.spacy``), both ways.

For spaCy: entities that do not overlap in ``doc.ents``; all spans in ``doc.spans`` (``entities``,
``actors``, ``claims``, ``cues``), each with its id; relations by ids in ``doc._.relations`` and by first
tokens in ``doc._.rel``. What spaCy has no place for is in ``doc.user_data["annotator"]``, from where it
comes back; but what a span is, ``doc.ents`` and ``doc.spans`` say, which may have been changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from annotator.core.errors import InputError
from annotator.core.model import ActorRecord, Alias, Article, Kind, Progress, Property, Status
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.text import normalise
from annotator.core.validate import fragment_problem, is_date
from annotator.formats import docbin_writer, spacy_json
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.docbin_writer import OURS, covering
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.offsets import Offsets, Unit
from annotator.formats.plain import META_FIELDS, article_of, is_too_deep
from annotator.formats.spacy_json import LAYERS, UNPLACED, linked_record
from annotator.formats.text import title_of

if TYPE_CHECKING:
    from annotator.nlp.docbin import BinDoc, TokenSpan

_CURE = "Write the file again with the program that it comes from"
_LEAST_SCORE = 0.5
"""From which a relation that a model has scored is one."""


def sniff(source: Source) -> bool:
    """Whether its name says so, and it is compressed as they are; or it is JSON by spaCy."""
    if source.ending == ".spacy":
        return source.head()[:1] == b"\x78"
    return spacy_json.is_document(source)


def read(intake: Intake) -> Iterator[Record]:
    """One record per document."""
    if spacy_json.is_json(intake.source):
        yield from spacy_json.read(intake)
        return
    from annotator.nlp.docbin import read as documents
    from annotator.nlp.unpacking import BrokenError

    source = intake.source
    linked: dict[str, ActorRecord] = {}
    try:
        for nth, doc in enumerate(documents(source.data), 1):
            place = f"document {nth}"
            if not normalise(doc.text).strip():
                intake.report("the text is empty", place, "Leave the document out")
                continue
            record = _Document(doc, intake, place, f"{source.stem} {nth}", linked).record()
            if record is not None:
                yield record
    except BrokenError as error:
        raise InputError(
            f"this DocBin of spaCy cannot be read: {error}", where=source.name, cure=_CURE
        ) from error


class _Document:
    """Reads one document.

    ``linked``: records for what spans of the documents before are in a knowledge base, by its ids.
    """

    def __init__(
        self, doc: BinDoc, intake: Intake, place: str, otherwise: str, linked: dict[str, ActorRecord]
    ) -> None:
        self.doc = doc
        self.intake = intake
        self.place = place
        self.otherwise = otherwise
        self.offsets = Offsets(doc.text)
        self.at: dict[int, str] = {}
        """The id of the span that ``doc._.rel`` means, by its first token."""
        self.added = _added(doc.user_data)
        """What somebody has kept with spans, as ``span._``, by their offsets."""
        self.placed: set[tuple[Any, Any]] = set()
        """Those of them that spans have."""
        self.linked = linked
        self.meant: dict[str, ActorRecord] = {}
        """The records that are in the document, by what they are in a knowledge base."""

    def record(self) -> Record | None:
        user_data = self.doc.user_data
        ours = user_data.get(OURS)
        own = _Own({}) if not isinstance(ours, dict) else _Own(ours)
        known = len(self.intake.problems)
        try:
            article = own.article(self.doc, self.otherwise)
            actors = own.actors()
            self.meant.update((each.external_id, each) for each in actors if each.external_id)
            spans = tuple(self.spans(own))
            relations = tuple(self.relations({span.id for span in spans}))
            foreign = Foreign(
                annotator=own.text("annotator"),
                progress=own.progress(),
                spans=spans,
                relations=relations,
                actors=(*actors, *(each for each in self.meant.values() if each not in actors)),
            )
        except (TypeError, ValueError, KeyError, AttributeError, IndexError):
            self.intake.report(
                "what Annotator wrote into its user data was changed", self.place, "Export the file again"
            )
            return None
        if len(self.intake.problems) > known:
            return None
        for offsets, values in self.added.items():
            if offsets not in self.placed:
                for _ in values:
                    self.intake.leave_out(UNPLACED)
        labels = ArticleLabels(article=article, annotator=None)
        return Record(labels=labels, place=self.place, foreign=foreign, furnished=bool(article.furniture))

    def spans(self, own: _Own) -> Iterator[ForeignSpan]:
        """Spans of ``doc.spans``, and those of ``doc.ents`` that are not among them."""
        taken: set[str] = set()
        there: set[tuple[int, int, str]] = set()
        groups = [(LAYERS.get(key, key), spans) for key, spans in self.doc.groups.items()]
        for layer, spans in groups:
            if layer == Kind.ENTITY:
                there.update((each.first, each.behind, each.label) for each in spans)
        ents = [each for each in self.doc.ents if (each.first, each.behind, each.label) not in there]
        for layer, spans in [(str(Kind.ENTITY), ents), *groups]:
            for nth, span in enumerate(spans, 1):
                id_ = span.id if span.id and span.id not in taken else f"{layer}:{nth}"
                while id_ in taken:
                    id_ += "+"
                taken.add(id_)
                found = self.span(span, id_, layer, own)
                if found is not None:
                    self.at.setdefault(span.first, id_)
                    yield found

    def span(self, span: TokenSpan, id_: str, layer: str, own: _Own) -> ForeignSpan | None:
        starts, ends = self.doc.starts, self.doc.ends
        fragment = self.offsets.fragment(starts[span.first], ends[span.behind - 1])
        text = self.offsets.text
        if fragment is None or not text[fragment[0] : fragment[1]].strip():
            self.intake.report(
                f"the span of tokens {span.first} to {span.behind} holds nothing but white space",
                self.place, "Leave the span out",
            )  # fmt: skip
            return None
        if not span.label:
            what = f"the span of tokens {span.first} to {span.behind} has no label"
            self.intake.report(what, self.place, "Give it a label")
            return None
        fragments: tuple[tuple[int, int], ...] = (fragment,)
        kept = own.span(span.id)
        extent = starts[span.first], ends[span.behind - 1]
        self.placed.add(extent)
        added = self.added.get(extent, {})
        if kept is None:
            linked = linked_record(span.kb_id, text[slice(*fragment)], self.meant, self.linked)
            return ForeignSpan(
                id_, span.label, fragments, layer, attributes=added, actor=linked, place=self.place
            )
        exact = tuple((int(start), int(end)) for start, end in kept["fragments"])
        # Where somebody has moved the span meanwhile, it is where spaCy has it.
        if not fragment_problem(exact, text) and text == self.doc.text:
            if covering(exact[0][0], exact[-1][1], starts, ends) == (span.first, span.behind):
                fragments = exact
        note, actor = kept.get("note"), kept.get("actor")
        return ForeignSpan(
            id_,
            span.label,
            fragments,
            layer,
            attributes={**_attributes(kept), **added},
            note=note if isinstance(note, str) else None,
            actor=actor if isinstance(actor, str) else None,
            place=self.place,
        )

    def relations(self, ids: set[str]) -> Iterator[ForeignRelation]:
        """Those of ``doc._.relations`` where there are some, otherwise those of ``doc._.rel``."""
        from annotator.nlp.docbin import REL, RELATIONS

        found = self.doc.user_data.get(RELATIONS)
        if isinstance(found, tuple) and found:
            taken: set[str] = set()
            for nth, each in enumerate(found, 1):
                yield from self.relation(each, nth, ids, taken)
            return
        by_token = self.doc.user_data.get(REL)
        if not isinstance(by_token, dict):
            return
        number = 0
        for key, types in by_token.items():
            if not isinstance(key, tuple) or len(key) != 2:
                continue
            for type_ in _types(types):
                number += 1
                head, tail = (self.at.get(each) if isinstance(each, int) else None for each in key)
                if head is None or tail is None:
                    what = f"the relation “{type_}” joins tokens {key[0]} and {key[1]}, where no span begins"
                    self.intake.report(what, self.place, "Add the spans, or remove the relation")
                    continue
                yield ForeignRelation(f"r{number}", type_, head, tail, place=self.place)

    def relation(self, data: Any, nth: int, ids: set[str], taken: set[str]) -> Iterator[ForeignRelation]:
        values = data if isinstance(data, dict) else {}
        type_ = values.get("type", values.get("label"))
        head, tail = values.get("head"), values.get("tail", values.get("child"))
        if not isinstance(type_, str) or not isinstance(head, str) or not isinstance(tail, str):
            what = f"relation {nth} of doc._.relations has no type, head and tail"
            self.intake.report(what, self.place, "Give it “type”, “head” and “tail”, or remove it")
            return
        if head not in ids or tail not in ids:
            # Somebody has removed the span in spaCy.
            if OURS not in self.doc.user_data:
                what = f"the relation “{type_}” joins spans that are not there"
                self.intake.report(what, self.place, "Add the spans, or remove the relation")
            return
        id_ = values.get("id")
        if not isinstance(id_, str) or not id_ or id_ in taken:
            id_ = f"r{nth}"
        taken.add(id_)
        note = values.get("note")
        yield ForeignRelation(
            id_,
            type_,
            head,
            tail,
            attributes=_attributes(values),
            note=note if isinstance(note, str) else None,
            place=self.place,
        )


def _added(user_data: Mapping[Any, Any]) -> dict[tuple[Any, Any], dict[str, Any]]:
    """What spans and tokens have in ``span._`` and ``token._``, by their offsets; a token's has no end."""
    found: dict[tuple[Any, Any], dict[str, Any]] = {}
    for key, value in user_data.items():
        if isinstance(key, tuple) and len(key) == 4 and key[0] == "._." and isinstance(key[1], str):
            plain = _plain(value)
            if key[2:] != (None, None) and plain is not _NO_VALUE and not is_too_deep(plain):
                found.setdefault((key[2], key[3]), {})[key[1]] = plain
    return found


def _types(value: Any) -> list[str]:
    """The types of a relation as ``doc._.rel`` has it: by their scores, or by themselves."""
    if isinstance(value, dict):
        return [
            type_
            for type_, score in value.items()
            if isinstance(type_, str) and isinstance(score, (int, float)) and score >= _LEAST_SCORE
        ]
    values = value if isinstance(value, tuple) else (value,)
    return [each for each in values if isinstance(each, str)]


def _attributes(values: Mapping[Any, Any]) -> dict[str, Any]:
    found = _plain(values.get("attributes"))
    return found if isinstance(found, dict) else {}


_NO_VALUE = object()


def _plain(value: Any) -> Any:
    """A value of msgpack as JSON has it; :data:`_NO_VALUE` for what JSON cannot have."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << 53 else _NO_VALUE
    if isinstance(value, float):
        return value if isfinite(value) else _NO_VALUE
    if isinstance(value, tuple):
        return [each for each in map(_plain, value) if each is not _NO_VALUE]
    if isinstance(value, dict):
        pairs = ((key, _plain(each)) for key, each in value.items() if isinstance(key, str))
        return {key: each for key, each in pairs if each is not _NO_VALUE}
    return _NO_VALUE


class _Own:
    """What the writer has kept; raises TypeError and the like where that was changed."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self._spans: Mapping[str, Any] = values.get("spans") or {}

    def text(self, key: str, values: Mapping[str, Any] | None = None) -> str | None:
        value = (self.values if values is None else values).get(key)
        if value is not None and not isinstance(value, str):
            raise TypeError(key)
        return value or None

    def article(self, doc: BinDoc, otherwise: str) -> Article:
        text = normalise(doc.text)
        title = title_of(text, otherwise)
        if not self.values:
            return replace(article_of(text, title), **_about(doc))
        about = self.values.get("article") or {}
        published = self.text("published", about)
        meta = _plain(about.get("meta") or {})
        if (
            (published is not None and not is_date(published))
            or not isinstance(meta, dict)
            or is_too_deep(meta)
        ):
            raise ValueError(published)
        furniture = tuple((int(start), int(end)) for start, end in about.get("furniture") or ())
        if any(not 0 <= start < end <= len(text) for start, end in furniture):
            raise ValueError(furniture)
        fields = {key: self.text(key, about) for key in ("external_id", *META_FIELDS)}
        given = " ".join((self.text("title", about) or "").split())
        return replace(article_of(text, given), meta=meta, furniture=furniture, **fields)  # type: ignore[arg-type]

    def progress(self) -> Progress:
        status = Status(self.values.get("status", "new"))
        return Progress(status, self.values.get("flagged") is True, self.text("note"))

    def span(self, id_: str) -> Mapping[str, Any] | None:
        kept = self._spans.get(id_)
        return kept if isinstance(kept, dict) else None

    def actors(self) -> tuple[ActorRecord, ...]:
        return tuple(self.actor(each) for each in self.values.get("actors") or ())

    def actor(self, values: Mapping[str, Any]) -> ActorRecord:
        id_, name = self.text("id", values), self.text("name", values)
        if id_ is None or name is None:
            raise TypeError
        properties = [
            Property(name=str(each[0]), value=_plain(each[1]), since=str(each[2]), until=str(each[3]))
            for each in values.get("properties") or ()
        ]
        aliases = [
            Alias(str(each[0]), each[1] if isinstance(each[1], str) else None)
            for each in values.get("aliases") or ()
        ]
        return ActorRecord(
            id=id_,
            name=name,
            type=self.text("type", values) or "other",
            aliases=tuple(aliases),
            properties=tuple(properties),
            external_id=self.text("external_id", values),
            note=self.text("note", values),
        )


def _about(doc: BinDoc) -> dict[str, Any]:
    """Fields and metadata of a document that is not ours: its categories and whatever was kept with it."""
    fields: dict[str, Any] = {}
    meta: dict[str, Any] = {}
    for key, value in doc.user_data.items():
        plain = _plain(value)
        name = key[1] if isinstance(key, tuple) and len(key) == 4 and key[0] == "._." else key
        if (
            plain is _NO_VALUE
            or not isinstance(name, str)
            or name in ("rel", "relations")
            or is_too_deep(plain)
        ):
            continue
        if isinstance(key, tuple) and (key[2], key[3]) != (None, None):
            continue  # of a token or span, not of the document
        text = isinstance(plain, str) and plain.strip()
        if text and (name in ("title", "publisher", "author", "url", "language") or _is_date_of(name, plain)):
            fields[name] = " ".join(plain.split())
        else:
            meta[name] = plain
    cats = _plain(dict(doc.cats))
    if cats:
        meta.setdefault("cats", cats)
    return {**fields, "meta": meta} if meta or fields else {}


def _is_date_of(name: str, value: Any) -> bool:
    """Whether it is the article's date, written as dates are."""
    return name == "published" and isinstance(value, str) and is_date(value)


DOCBIN = Format(
    name="docbin",
    title="spaCy DocBin",
    endings=(".spacy",),
    unit=Unit.TOKENS,
    cannot_hold=docbin_writer.CANNOT_HOLD,
    sniff=sniff,
    read=read,
    write=docbin_writer.write,
)
