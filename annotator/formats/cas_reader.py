"""Reading UIMA CAS XMI and UIMA CAS JSON: which of its annotations are labels, and what they say.

Every type of annotation that is not about words as such is a layer. A type with two features that lead to
annotations is a relation; other features that do are relations, too. The label is the feature that
:func:`label_feature` chooses, and the other features are attributes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.core.model import ActorRecord, Fragments, Progress, Status
from annotator.core.records import replace
from annotator.formats.base import Intake, Record
from annotator.formats.cas_layers import ARTICLE, DOCUMENT
from annotator.formats.cas_source import EXPORT_AGAIN, Loaded, load_json, load_xmi, original
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.offsets import Offsets, Unit
from annotator.formats.plain import plain_record
from annotator.formats.uima_layers import (
    FRAGMENTS,
    NO_SPANS,
    NO_TEXT,
    RELATION,
    SPAN,
    Read,
    Scheme,
    attribute_of,
    is_language,
    label_feature,
    of_project,
    own_parts,
    own_relation,
    short,
    without_ending,
)
from annotator.formats.webanno_cells import units_of

if TYPE_CHECKING:
    from cassis.typesystem import FeatureStructure, Type

_ANNOTATION = "uima.tcas.Annotation"
_ENDS = (
    ("Governor", "Dependent"), ("source", "target"), ("head", "tail"), ("head", "dependent"), ("from", "to"),
    ("arg1", "arg2"), ("subject", "object"),
)  # fmt: skip
MOST_RELATIONS = 200_000
"""Of one document: lists that many annotations share would make far more of a small file."""
_FRAGMENT = re.compile(r"(\d{1,9})-(\d{1,9})")
_UNSPECIFIED = "x-unspecified"


class _Role(Enum):
    NONE = 0
    DOCUMENT = 1
    ARTICLE = 2
    SPAN = 3
    RELATION = 4


class _Kind(Struct):
    """What a type is to us, and its features by what they hold."""

    role: _Role
    layer: str = ""
    values: list[tuple[str, str]] = []
    """Feature of the library, and the name that it has in the file."""
    links: list[str] = []
    """Features that lead to one other annotation."""
    lists: list[str] = []
    """Features that lead to several."""
    ends: tuple[str, str] = ("", "")
    label: str | None = None
    attributes: dict[str, str] = {}
    """Of our own layers: feature → the attribute that it stands for."""


def read_xmi(intake: Intake) -> Iterator[Record]:
    """The file's article with its labels. Raises InputError where it cannot be read."""
    return _records(load_xmi(intake.source), intake)


def read_json(intake: Intake) -> Iterator[Record]:
    """The file's article with its labels. Raises InputError where it cannot be read."""
    return _records(load_json(intake.source), intake)


def _records(loaded: Loaded, intake: Intake) -> Iterator[Record]:
    record = _Reader(loaded, intake).record()
    if record is not None:
        yield record


class _Reader:
    def __init__(self, loaded: Loaded, intake: Intake) -> None:
        self.loaded = loaded
        self.intake = intake
        self.single = Scheme.of(intake.codebook).single
        self.kinds: dict[str, _Kind] = {}
        self.offsets = Offsets(loaded.text, Unit.UTF16)
        self.units = units_of(loaded.text)
        self.document: dict[str, str] = {}
        self.article: dict[str, str] = {}
        self.spans: dict[int, str] = {}
        """The foreign id of each annotation that is a span, by the library's id."""
        self.found: list[ForeignSpan] = []
        self.made: list[ForeignRelation] = []
        self.actors: dict[str, ActorRecord] = {}

    def record(self) -> Record | None:
        members = {
            each.xmiID: each
            for view in self.loaded.cas.views
            if view.sofa.sofaID == self.loaded.view
            for each in view.get_all_fs()
        }
        structures = [members[number] for number in sorted(members)]
        by_role: dict[_Role, list[FeatureStructure]] = {role: [] for role in _Role}
        for each in structures:
            by_role[self._kind(each.type).role].append(each)
        for each in by_role[_Role.DOCUMENT]:
            self.document |= self._texts(each)
        for each in by_role[_Role.ARTICLE]:
            self.article |= self._texts(each)
        record = self._plain()
        if record is None:
            return None
        for _ in range(self.loaded.others):
            self.intake.leave_out("text besides the document’s first")
        for each in by_role[_Role.SPAN]:
            self._span(each)
        for each in by_role[_Role.SPAN]:
            self._links(each)
        for each in by_role[_Role.RELATION]:
            self._relation(each)
        _, annotator = of_project(self.intake.source)
        foreign = Foreign(
            annotator=self.article.get("annotator") or annotator, progress=self._progress(),
            spans=tuple(self.found), relations=tuple(self.made), actors=tuple(self.actors.values()),
        )  # fmt: skip
        return replace(record, foreign=foreign)

    def _kind(self, made: Type) -> _Kind:
        known = self.kinds.get(made.name)
        if known is None:
            known = self.kinds[made.name] = _kind_of(made)
        return known

    def _texts(self, structure: FeatureStructure) -> dict[str, str]:
        values = {name: getattr(structure, feature) for feature, name in self._kind(structure.type).values}
        return {name: value for name, value in values.items() if isinstance(value, str) and value}

    # -- the article ----------------------------------------------------------------------------

    def _plain(self) -> Record | None:
        title, _ = of_project(self.intake.source)
        document, article = self.document, self.article
        given = document.get("documentTitle", "")  # its id is INCEpTION's name of the annotator
        values: dict[str, Any] = {"text": self.loaded.text, "title": without_ending(given) or title}
        if article:  # one of our own files
            values["title"] = given
            values |= {
                name: article.get(name)
                for name in ("external_id", "publisher", "author", "url", "published", "language")
            }
        else:
            language = document.get("language")
            values["language"] = language if language != _UNSPECIFIED else None
        meta = self._json("meta", {})
        record = plain_record(values, meta if isinstance(meta, dict) else {}, self.intake, "")
        furniture = self._furniture()
        if record is None or not article:
            return record
        labels = replace(record.labels, article=replace(record.labels.article, furniture=furniture))
        return replace(record, labels=labels, furnished=True)

    def _json(self, name: str, otherwise: Any) -> Any:
        raw = self.article.get(name)
        if raw is None:
            return otherwise
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            self.intake.report(f"what the file says about the article's {name} is no JSON", "", EXPORT_AGAIN)
            return otherwise

    def _furniture(self) -> Fragments:
        """Ranges in code points of the stored text."""
        ranges = self._json("furniture", [])
        size, last, found = len(self.offsets.text), 0, []
        for each in ranges if isinstance(ranges, list) else [None]:
            ends = each if isinstance(each, list) and len(each) == 2 else ()
            if not all(type(end) is int for end in ends) or not ends or not last <= ends[0] < ends[1] <= size:
                self.intake.report(
                    "the furniture's ranges are not in order within the text", "", EXPORT_AGAIN
                )
                return ()
            found.append((ends[0], ends[1]))
            last = ends[1]
        return tuple(found)

    def _progress(self) -> Progress:
        status = self.article.get("status", "")
        known = Status(status) if status in set(Status) else Status.NEW
        return Progress(known, self.article.get("flagged") == "true", self.article.get("note"))

    # -- labels ---------------------------------------------------------------------------------

    def _span(self, structure: FeatureStructure) -> None:
        kind = self._kind(structure.type)
        start, end = getattr(structure, "begin", None), getattr(structure, "end", None)
        place = f"annotation {structure.xmiID}"
        if type(start) is int and start == end and 0 <= start <= self.units:
            self.intake.leave_out(NO_TEXT)
            return
        fragment = self.offsets.fragment(start, end) if type(start) is int and type(end) is int else None
        if fragment is None:
            self.intake.report(
                f"the span {start}–{end} of {short(kind.layer)} covers no whole character of the text", place,
                "Give it words in INCEpTION, or remove it there",
            )  # fmt: skip
            return
        read = self._read(structure, kind)
        label, values = read.named(
            short(kind.layer).removesuffix("Link") if kind.links else short(kind.layer)
        )
        fragments: Fragments = (fragment,)
        if read.ours() and isinstance(values.get(FRAGMENTS), str):
            fragments = self._fragments(values.pop(FRAGMENTS), fragment)
        layer, note, actor, attributes = own_parts(read, values, self.actors)
        number = f"s{len(self.found) + 1}"
        self.spans[structure.xmiID] = number
        self.found.append(
            ForeignSpan(number, label, fragments, layer, attributes, note=note, actor=actor, place=place)
        )

    def _read(self, structure: FeatureStructure, kind: _Kind) -> Read:
        values = {}
        for feature, name in kind.values:
            value = getattr(structure, feature, None)
            if hasattr(value, "elements"):
                value = [
                    each for each in getattr(value, "elements", None) or () if isinstance(each, str)
                ] or None
            if isinstance(value, (str, int, float, list)):
                values[name] = value
        return Read(kind.layer, values, kind.label, kind.attributes, self.single)

    def _fragments(self, raw: str, whole: tuple[int, int]) -> Fragments:
        """Those of a discontinuous span, where they still fit to the span."""
        found: list[tuple[int, int]] = []
        for piece in raw.split():
            match = _FRAGMENT.fullmatch(piece)
            fragment = self.offsets.fragment(int(match[1]), int(match[2])) if match else None
            if fragment is None or (found and fragment[0] < found[-1][1]):
                return (whole,)
            found.append(fragment)
        fits = found and found[0][0] == whole[0] and found[-1][1] == whole[1]
        return tuple(found) if fits else (whole,)

    def _links(self, structure: FeatureStructure) -> None:
        kind = self._kind(structure.type)
        for feature in kind.links:
            target = getattr(structure, feature, None)
            word = getattr(structure, "referenceRelation", None) if feature == "next" else original(feature)
            self._link(structure, target, word if isinstance(word, str) and word else _chain(kind.layer))
        for feature in kind.lists:
            for each in getattr(getattr(structure, feature, None), "elements", None) or ():
                role, target = getattr(each, "role", None), getattr(each, "target", None)
                word = role if isinstance(role, str) and role else original(feature)
                self._link(structure, target if target is not None else each, word)

    def _link(self, head: Any, tail: Any, word: str) -> None:
        ends = [self.spans.get(getattr(each, "xmiID", -1)) for each in (head, tail)]
        if ends[0] is not None and ends[1] is not None:
            if len(self.made) >= MOST_RELATIONS:
                raise InputError(
                    f"this CAS has more than {MOST_RELATIONS:,} relations", where=self.intake.source.name,
                    cure=EXPORT_AGAIN,
                )  # fmt: skip
            self.made.append(ForeignRelation(f"r{len(self.made) + 1}", word, ends[0], ends[1]))

    def _relation(self, structure: FeatureStructure) -> None:
        kind = self._kind(structure.type)
        place = f"annotation {structure.xmiID}"
        ends = [getattr(structure, feature, None) for feature in kind.ends]
        if None in ends:
            self.intake.report(
                f"a relation of {short(kind.layer)} has no {original(kind.ends[ends.index(None)])}", place,
                EXPORT_AGAIN,
            )  # fmt: skip
            return
        head, tail = (self.spans.get(getattr(each, "xmiID", -1)) for each in ends)
        if head is None or tail is None:  # between words, or to what is reported already
            self.intake.leave_out(NO_SPANS)
            return
        read = self._read(structure, kind)
        label, values = read.named(short(kind.layer))
        note, attributes = own_relation(read, values)
        self.made.append(
            ForeignRelation(f"r{len(self.made) + 1}", label, head, tail, attributes, note=note, place=place)
        )


def _chain(layer: str) -> str:
    return short(layer).removesuffix("Link")


def _kind_of(made: Type) -> _Kind:
    """What a type is to us, by its name, its supertypes and its features."""
    lineage: list[str] = []
    above: Type | None = made
    while above is not None:
        lineage.append(above.name)
        above = above.supertype
    kind = _Kind(_Role.NONE, made.name)
    references: list[str] = []
    for feature in made.all_features:
        name, held = feature.name, feature.rangeType
        if name in ("sofa", "begin", "end"):
            continue
        above_held = set(_lineage(held))
        if held.name == "uima.cas.StringArray" or above_held & _PRIMITIVE:
            shown = original(name)
            kind.values.append((name, shown))
            if made.name in (SPAN, RELATION):
                kind.attributes[shown] = attribute_of(shown, feature.description)
        elif held.name == "uima.cas.FSArray":
            kind.lists.append(name)
        elif _ANNOTATION in above_held or "uima.cas.AnnotationBase" in above_held:
            references.append(name)
    if DOCUMENT in lineage or "uima.tcas.DocumentAnnotation" in lineage:
        kind.role = _Role.DOCUMENT
    elif made.name == ARTICLE:
        kind.role = _Role.ARTICLE
    elif _ANNOTATION in lineage and not any(map(is_language, lineage)):
        by_name = {original(name): name for name in references}
        pair = next((pair for pair in _ENDS if pair[0] in by_name and pair[1] in by_name), None)
        if pair is not None or len(references) == 2:
            kind.role = _Role.RELATION
            kind.ends = (by_name[pair[0]], by_name[pair[1]]) if pair else (references[0], references[1])
        else:
            kind.role = _Role.SPAN
            kind.links = references
    names = [name for _, name in kind.values]
    if "next" in kind.links and "referenceRelation" in names:  # a chain
        kind.values = [each for each in kind.values if each[1] != "referenceRelation"]
        kind.label = "referenceType" if "referenceType" in names else None
    else:
        kind.label = label_feature(names)
    return kind


_PRIMITIVE = {
    f"uima.cas.{name}"
    for name in ("String", "Integer", "Float", "Boolean", "Byte", "Short", "Long", "Double")
}


def _lineage(made: Type | None) -> Iterator[str]:
    while made is not None:
        yield made.name
        made = made.supertype
