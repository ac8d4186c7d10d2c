"""spaCy's documents as JSON: what ``Doc.to_json`` gives, and what ``spacy train`` took before version 3.

One object, a list of them or a line for each. Of the former the offsets are code points; the latter has
tokens with tags, and ``raw`` texts perhaps: https://v2.spacy.io/api/annotation#json-input.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.core.model import ActorRecord, Kind
from annotator.core.records import replace
from annotator.core.text import excerpt, shown
from annotator.formats.base import Intake, Record, Source
from annotator.formats.conll_tags import TAG, spans_of
from annotator.formats.docbin_writer import GROUPS
from annotator.formats.foreign import Foreign, ForeignSpan
from annotator.formats.json_labels import UNLABELLED, Reach, article_record, json_records, not_there, simple
from annotator.formats.offsets import Offsets, Unit
from annotator.formats.peek import first_record
from annotator.formats.plain import TOO_DEEP, is_too_deep, kind_of, plain_record
from annotator.formats.text import title_of
from annotator.formats.token_text import agreeing, lines_of, places_in

LAYERS: dict[str, str] = {group: str(kind) for kind, group in GROUPS.items()}
"""Groups of spans that are of a kind."""
UNPLACED = "attribute of words that are no span"
_NIL = "NIL"
"""What spaCy writes where an entity is in no knowledge base."""
_LABELS = {"ents", "spans", "sents", "tokens", "_", "underscore_span", "underscore_token"}
_CURE = "Correct it, or write the file again with spaCy"
_MISSING = ("-", "")
"""Tags of tokens of which nobody has said what they are."""


def is_json(source: Source) -> bool:
    """Whether a file begins like JSON. Raises OSError."""
    return source.head().removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


def is_document(source: Source) -> bool:
    """Whether the first record has spaCy's entities, groups of spans, or tokens, or its paragraphs."""
    record = first_record(source)
    if record is None or "format" in record:
        return False
    paragraphs = record.get("paragraphs")
    if type(paragraphs) is list and paragraphs and type(paragraphs[0]) is dict:
        sentences = paragraphs[0].get("sentences")
        return type(sentences) is list and all(
            type(each) is dict and type(each.get("tokens")) is list for each in sentences[:1]
        )
    if type(record.get("text")) is not str:
        return False
    ents, groups, tokens = record.get("ents"), record.get("spans"), record.get("tokens")
    if type(ents) is list:
        return all(type(each) is dict and {"start", "end", "label"} <= each.keys() for each in ents)
    if type(groups) is dict:
        return bool(groups) and all(type(each) is list for each in groups.values())
    first = tokens[0] if type(tokens) is list and tokens else None
    return type(first) is dict and {"id", "start", "end"} <= first.keys() and "text" not in first


def read(intake: Intake) -> Iterator[Record]:
    """One record per document, or paragraph of one as spaCy takes it."""
    return agreeing(_read(intake))


def _read(intake: Intake) -> Iterator[Record]:
    linked: dict[str, ActorRecord] = {}
    for data, place in json_records(intake):
        if "paragraphs" in data:
            yield from _paragraphs(data, intake, place)
            continue
        record = _Document(data, intake, place, linked).record()
        if record is not None:
            yield record


def linked_record(
    kb_id: str, words: str, meant: dict[str, ActorRecord], linked: dict[str, ActorRecord]
) -> str | None:
    """The id of the record for what a span is in a knowledge base; None where it says nothing of that.

    It has the name by which the file calls it first. ``meant``: records that are in the document, by what
    they are there; ``linked``: those of all documents.
    """
    if kb_id in ("", _NIL):
        return None
    if kb_id not in meant:
        made = ActorRecord(id=kb_id, name=" ".join(words.split()), external_id=kb_id)
        meant[kb_id] = linked.setdefault(kb_id, made)
    return meant[kb_id].id


class _Document:
    """Reads one document; what is wrong in it is reported, and left out."""

    def __init__(
        self, data: dict[str, Any], intake: Intake, place: str, linked: dict[str, ActorRecord]
    ) -> None:
        self.data = data
        self.intake = intake
        self.place = place
        text = data.get("text")
        self.reach = Reach(text if type(text) is str else "", Unit.CODE_POINTS)
        self.meant: dict[str, ActorRecord] = {}
        self.linked = linked
        self.added: dict[tuple[Any, Any], dict[str, Any]] = {}
        """What somebody has kept with spans, as ``span._``, by their offsets."""
        self.placed: set[tuple[Any, Any]] = set()
        """Those of them that spans have."""

    def record(self) -> Record | None:
        rest = {key: value for key, value in self.data.items() if key not in _LABELS}
        kept = self.data.get("_")
        if type(kept) is dict:
            rest = kept | rest
        elif kept is not None:
            self.wrong(f"“_” must be an object, not {kind_of(kept)}")
        record = article_record(rest, self.intake, self.place)
        if record is None:
            return None
        self.attributes()
        spans = tuple(self.spans())
        for offsets, values in self.added.items():
            if offsets not in self.placed:
                self.intake.left_out[UNPLACED] += len(values)
        article = record.labels.article
        if not article.title:
            article = replace(article, title=title_of(article.text, self.intake.source.stem))
        foreign = Foreign(spans=spans, actors=tuple(self.meant.values()))
        return replace(record, labels=replace(record.labels, article=article), foreign=foreign)

    def wrong(self, what: str) -> None:
        self.intake.report(what, self.place, _CURE)

    def attributes(self) -> None:
        """Take what is kept with spans, and count what is with single words."""
        for key in ("underscore_span", "underscore_token"):
            given = self.data.get(key) or {}
            if type(given) is not dict:
                self.wrong(f"“{key}” must be an object, not {kind_of(given)}")
                continue
            for name, items in given.items():
                for item in items if type(items) is list else [items]:
                    start = item.get("start") if type(item) is dict else None
                    if type(start) is not int or "value" not in item:
                        self.wrong(f"“{excerpt(name)}” in “{key}” has no start and value")
                        return
                    if is_too_deep(item["value"]):
                        self.wrong(TOO_DEEP)
                        return
                    end = item.get("end")
                    values = self.added.setdefault((start, end if type(end) is int else -1), {})
                    values[name] = simple(item["value"])

    def spans(self) -> Iterator[ForeignSpan]:
        """Those of the groups, and the entities that are not among them."""
        groups: Any = self.data.get("spans") or {}
        if type(groups) is not dict:
            self.wrong(f"“spans” must be an object with a list for each group, not {kind_of(groups)}")
            return
        there = {
            _extent(item)
            for key, items in groups.items()
            if LAYERS.get(key) == Kind.ENTITY and type(items) is list
            for item in items
            if type(item) is dict and {int, str}.issuperset(map(type, _extent(item)))
        }
        entity = str(Kind.ENTITY)
        ents = self.data.get("ents") or []
        numbers: Counter[str] = Counter()
        for key, layer, items in [
            ("", entity, ents), *((key, LAYERS.get(key) or key, items) for key, items in groups.items())
        ]:  # fmt: skip
            name = f"“{excerpt(key)}” of “spans”" if key else "“ents”"
            if type(items) is not list:
                self.wrong(f"{name} must be a list, not {kind_of(items)}")
                continue
            for nth, item in enumerate(items, 1):
                numbers[layer] += 1
                found = self.span(item, f"{layer}:{numbers[layer]}", layer, f"span {nth} in {name}")
                if found is not None and (items is not ents or _extent(item) not in there):
                    yield found

    def span(self, item: Any, id_: str, layer: str, name: str) -> ForeignSpan | None:
        """One of a list; None where it is wrong."""
        if type(item) is not dict:
            self.wrong(f"{name} must be an object, not {kind_of(item)}")
            return None
        start, end, label, kb_id = item.get("start"), item.get("end"), item.get("label"), item.get("kb_id")
        fragments = self.reach.fragments(start, end)
        if fragments is None:
            self.wrong(f"{name} {self.reach.wrong(start, end)}")
            return None
        words = self.reach.raw[start:end]
        given = item.get("text")
        if given is not None and given != words:
            self.wrong(f"{name} {not_there(str(given), words)}")
            return None
        if not words.strip():
            self.wrong(f"{name} holds nothing but white space")
            return None
        if type(label) is not str or not label:
            self.wrong(f"{name} has no label")
            return None
        self.placed.add((start, end))
        actor = None
        if type(kb_id) is str:
            actor = linked_record(kb_id, words, self.meant, self.linked)
        attributes: Mapping[str, Any] = self.added.get((start, end), {})
        return ForeignSpan(id_, label, fragments, layer, attributes=attributes, actor=actor)


def _extent(item: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(item.get(each) for each in ("start", "end", "label"))


# -- paragraphs -------------------------------------------------------------------------------------


def _paragraphs(data: dict[str, Any], intake: Intake, place: str) -> Iterator[Record]:
    """An article for each paragraph: spaCy writes each of its documents as one."""
    paragraphs = data["paragraphs"]
    if type(paragraphs) is not list:
        intake.report(f"“paragraphs” must be a list, not {kind_of(paragraphs)}", place, _CURE)
        return
    for number, paragraph in enumerate(paragraphs, 1):
        where = f"{place}, paragraph {number}" if place else f"paragraph {number}"
        if type(paragraph) is not dict:
            intake.report(f"a paragraph must be an object, not {kind_of(paragraph)}", where, _CURE)
            continue
        id_ = data.get("id")
        id_ = str(id_) if type(id_) in (str, int) else None
        if id_ is not None and len(paragraphs) > 1:
            id_ = f"{id_}.{number}"
        record = _paragraph(paragraph, id_, intake, where)
        if record is not None:
            yield record


def _paragraph(data: dict[str, Any], id_: str | None, intake: Intake, place: str) -> Record | None:
    tokens = _tokens(data, intake, place)
    if tokens is None:
        return None
    words, tags = [[word for word, _ in each] for each in tokens], [tag for each in tokens for _, tag in each]
    raw = data.get("raw")
    if type(raw) is str and raw.strip():
        flat = [word for each in words for word in each]
        places = places_in(raw, flat)
        if len(places) < len(flat):
            what = f"the token “{excerpt(flat[len(places)], 30)}” does not come next in the “raw” text"
            intake.report(what, place, _CURE)
            return None
    else:
        raw, found = lines_of(words)
        places = [each for line in found for each in line]
    offsets = Offsets(raw)
    spans: list[ForeignSpan] = []
    for label, first, last in spans_of(tags):
        fragment = offsets.fragment(places[first][0], places[last][1])
        if fragment is None or not offsets.text[slice(*fragment)].strip():
            intake.report("an entity holds nothing but white space", place, "Give its tokens the tag O")
            return None
        name, layer = label or UNLABELLED, str(Kind.ENTITY)
        spans.append(ForeignSpan(f"{layer}:{len(spans) + 1}", name, (fragment,), layer))
    values = {"text": raw, "title": title_of(raw, intake.source.stem), "external_id": id_}
    record = plain_record(values, _cats(data), intake, place)
    return None if record is None else replace(record, foreign=Foreign(spans=tuple(spans)))


def _tokens(data: dict[str, Any], intake: Intake, place: str) -> list[list[tuple[str, str]]] | None:
    """Word and tag of each token, by sentences; None where any is wrong, which is reported."""
    sentences = data.get("sentences")
    lists = [each.get("tokens") if type(each) is dict else None for each in _list(sentences)]
    if type(sentences) is not list or not all(type(each) is list for each in lists):
        what = "“sentences” must be a list of objects with “tokens”"
        intake.report(what, place, _CURE)
        return None
    found: list[list[tuple[str, str]]] = []
    for tokens in lists:
        sentence = []
        for nth, token in enumerate(_list(tokens), 1):
            word, tag = (token.get("orth"), token.get("ner")) if type(token) is dict else (None, None)
            tag = "O" if tag is None or tag in _MISSING else tag
            if type(word) is not str or not word:
                wrong = f"token {nth} of sentence {len(found) + 1} has no “orth”"
            elif type(tag) is not str or not TAG.fullmatch(tag):
                wrong = f"token {nth} of sentence {len(found) + 1} has the tag {shown(tag)}"
            else:
                sentence.append((word, tag))
                continue
            intake.report(wrong, place, "Give each token a text “orth” and a tag “ner” such as O or U-PERSON")
            return None
        found.append(sentence)
    return [each for each in found if each]


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []


def _cats(data: dict[str, Any]) -> dict[str, Any]:
    """The paragraph's categories, as documents have them."""
    given = _list(data.get("cats"))
    cats = {str(each.get("label")): each.get("value") for each in given if type(each) is dict}
    return {"cats": cats} if cats else {}
