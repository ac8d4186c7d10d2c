"""What WebAnno TSV and UIMA CAS share: which layers mean labels, and the layers that labels are written in.

INCEpTION's annotation layers are UIMA types with features. Ours are a span layer with the span's kind,
label and attributes as text features, and a relation layer on it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from keyword import iskeyword
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from annotator.core.codebook import Codebook
from annotator.core.model import ActorRecord, Relation, Span
from annotator.core.ports import ArticleLabels
from annotator.core.tokens import Tokens, rough_tokens
from annotator.formats.output import file_name
from annotator.formats.source import Source

SPAN = "webanno.custom.Span"
RELATION = "webanno.custom.Relation"
KIND, LABEL, ACTOR, ACTOR_ID, NOTE, FRAGMENTS = "kind", "label", "actor", "actor_id", "note", "fragments"
SOURCE, TARGET = "Governor", "Dependent"
"""What INCEpTION calls a relation's ends: it points from the governor to the dependent."""
TYPE_SYSTEM = "TypeSystem.xml"
NO_TEXT, NO_SPANS = "span without text", "relation between what are no spans"
"""What INCEpTION can hold and a project cannot, as the import counts it."""

_LANGUAGE = re.compile(
    r"de\.tudarmstadt\.ukp\.dkpro\.core\.api\."
    r"(?:lexmorph|segmentation|syntax|metadata|transform|phonetics|structure|anomaly|frequency)\."
    r"|org\.dkpro\.core\.api\.|de\.tudarmstadt\.ukp\.(?:inception|clarin\.webanno)\."
)
_PREFERRED = (
    "label",
    "value",
    "category",
    "type",
    "type_",
    "class",
    "tag",
    "code",
    "concept",
    "role",
    "kind",
)
_NEVER = frozenset(
    ("actor", "actor_id", "comment", "confidence", "certainty", "description", "fragments", "id",
     "identifier", "note", "polarity", "remark", "sentiment", "stance")
)  # fmt: skip
"""Features that say more about a label, and are none themselves."""


def is_language(layer: str) -> bool:
    """Whether a layer holds what programs put into any text, and no labels: words, lemmas, parts of speech,
    dependencies, pages."""
    return _LANGUAGE.match(layer) is not None


def short(layer: str) -> str:
    """A layer's name without its package."""
    return layer.rpartition(".")[2]


def label_feature(features: Iterable[str]) -> str | None:
    """Which of a layer's features is the label; None where the layer itself is it."""
    names = list(features)
    for preferred in _PREFERRED:
        if preferred in names:
            return preferred
    return next((name for name in names if name not in _NEVER), None)


class Read(Struct):
    """An annotation as a file has it: the values of its features, by their names, without the empty ones."""

    layer: str
    values: dict[str, Any] = {}
    label: str | None = None
    """The feature that is its label."""
    attributes: Mapping[str, str] = {}
    """Of our own layers: feature → the attribute that it stands for, where that has another name."""
    single: Collection[str] = ()
    """Attributes that take one value: none of theirs is a list."""

    def attributes_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Attribute → value, of what is left of our own layers' features."""
        named = {self.attributes.get(name, name): value for name, value in values.items()}
        return {name: value if name in self.single else _as_list(value) for name, value in named.items()}

    def named(self, fallback: str) -> tuple[str, dict[str, Any]]:
        """Its label (else ``fallback``) and all else that it says."""
        rest = dict(self.values)
        given = rest.pop(self.label, None) if self.label is not None else None
        name = given if isinstance(given, str) else as_text(given) if given is not None else ""
        return name if name.strip() else fallback, rest

    def ours(self) -> bool:
        """Whether it is of the layers that we write."""
        return self.layer in (SPAN, RELATION)


def own_parts(
    read: Read, values: dict[str, Any], actors: dict[str, ActorRecord]
) -> tuple[str, str | None, str | None, dict[str, Any]]:
    """Layer, note, actor and attributes of a span; takes the actor records that our own layer names."""
    if not read.ours():
        return short(read.layer), None, None, values
    kind, note = values.pop(KIND, None), values.pop(NOTE, None)
    actor = values.pop(ACTOR_ID, None)
    name = values.pop(ACTOR, None)
    if isinstance(name, str) and name.strip():
        actor = actor if isinstance(actor, str) and actor else f"actor:{name}"
        actors.setdefault(actor, ActorRecord(id=actor, name=name))
    elif name is not None:
        values[ACTOR] = name
        actor = None
    else:
        actor = None
    layer = kind if isinstance(kind, str) and kind else short(read.layer)
    return layer, note if isinstance(note, str) else None, actor, read.attributes_of(values)


def own_relation(read: Read, values: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Note and attributes of a relation."""
    if not read.ours():
        return None, values
    note = values.pop(NOTE, None)
    return note if isinstance(note, str) else None, read.attributes_of(values)


def _as_list(value: Any) -> Any:
    """A list of texts that was written as one text; anything else stays as it is."""
    if isinstance(value, str) and value.startswith('["') and value.endswith('"]'):
        try:
            made = json.loads(value)
        except (ValueError, RecursionError):
            return value
        if isinstance(made, list) and all(isinstance(each, str) for each in made):
            return made
    return value


def as_text(value: Any) -> str:
    """An attribute's value as a text feature has it; a list is a JSON list."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return json.dumps([as_text(each) for each in value], ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


# -- writing ------------------------------------------------------------------------------------------


class Scheme(Struct, frozen=True):
    """The features of our two layers: attribute → feature, in the codebook's order."""

    of_spans: Mapping[str, str]
    of_relations: Mapping[str, str]
    lists: frozenset[str]
    """Attributes that take several values."""

    @property
    def span_lists(self) -> frozenset[str]:
        """Features of the span layer that take several values."""
        return frozenset(feature for name, feature in self.of_spans.items() if name in self.lists)

    @property
    def relation_lists(self) -> frozenset[str]:
        """Features of the relation layer that take several values."""
        return frozenset(feature for name, feature in self.of_relations.items() if name in self.lists)

    @property
    def single(self) -> frozenset[str]:
        """Attributes that take one value."""
        return frozenset({*self.of_spans, *self.of_relations} - self.lists)

    @property
    def span_attributes(self) -> dict[str, str]:
        """Feature → attribute of the span layer."""
        return {feature: name for name, feature in self.of_spans.items()}

    @property
    def relation_attributes(self) -> dict[str, str]:
        """Feature → attribute of the relation layer."""
        return {feature: name for name, feature in self.of_relations.items()}

    @property
    def span_features(self) -> tuple[str, ...]:
        """Those of the span layer, in order."""
        return (KIND, LABEL, *self.of_spans.values(), ACTOR, ACTOR_ID, NOTE)

    @property
    def relation_features(self) -> tuple[str, ...]:
        """Those of the relation layer, in order, without its ends."""
        return (LABEL, *self.of_relations.values(), NOTE)

    @classmethod
    def of(cls, codebook: Codebook) -> Scheme:
        """The scheme for a codebook."""
        taken = {KIND, LABEL, ACTOR, ACTOR_ID, NOTE, FRAGMENTS}
        spans = {each.name: _feature(each.name, taken) for each in codebook.attributes if each.kinds}
        taken = {LABEL, NOTE, SOURCE.lower(), TARGET.lower()}
        relations = {each.name: _feature(each.name, taken) for each in codebook.attributes if each.relations}
        several = {each.name for each in codebook.attributes if each.type in ("multi-choice", "categories")}
        return cls(spans, relations, frozenset(several))

    def span_values(self, span: Span, actors: Mapping[str, ActorRecord]) -> dict[str, Any]:
        """Feature → value of a span, without the empty ones."""
        values: dict[str, Any] = {KIND: str(span.kind), LABEL: span.label}
        values |= _values(span, self.of_spans)
        if span.actor is not None:
            record = actors.get(span.actor)
            values[ACTOR] = record.name if record is not None else span.actor
            values[ACTOR_ID] = span.actor
        if span.note:
            values[NOTE] = span.note
        return values

    def relation_values(self, relation: Relation) -> dict[str, Any]:
        """Feature → value of a relation, without the empty ones."""
        values: dict[str, Any] = {LABEL: relation.type, **_values(relation, self.of_relations)}
        if relation.note:
            values[NOTE] = relation.note
        return values


def _values(record: Span | Relation, features: Mapping[str, str]) -> dict[str, Any]:
    return {
        features[name]: value
        for name, value in record.attributes.items()
        if name in features and value is not None and value not in ("", [], ())
    }


def attribute_of(feature: str, description: object) -> str:
    """The attribute that a feature of ours stands for, which its description (of any type in JSON) names."""
    if isinstance(description, str) and description:
        made = _feature(description, set())
        if feature.startswith(made) and (feature == made or feature.removeprefix(made).isdecimal()):
            return description
    return feature


_RESERVED = frozenset({"self", "type", "begin", "end", "sofa", "xmiid", "address", "governor", "dependent"})
"""Names that UIMA, INCEpTION or the library have for something else."""


def _feature(name: str, taken: set[str]) -> str:
    """A name that UIMA takes for a feature: letters, digits and underscores, a letter first."""
    safe = "".join(c if c.isalpha() or c.isdecimal() else "_" for c in unicodedata.normalize("NFKC", name))
    if not safe[:1].isalpha():
        safe = f"x{safe}"
    if safe.lower() in _RESERVED or iskeyword(safe) or not safe.isidentifier():
        safe += "_"
    made, number = safe, 1
    while made.lower() in taken:
        number += 1
        made = f"{safe}{number}"
    taken.add(made.lower())
    return made


def sentences_of(labels: ArticleLabels) -> list[list[tuple[int, int]]]:
    """The article's words, sentence by sentence, as code point ranges.

    None is white space, and together they cover all else, also what the tokenizer has left out.
    """
    text = labels.article.text
    tokens = labels.tokens if labels.tokens is not None else rough_tokens(text)
    found: list[list[tuple[int, int]]] = []
    starts = list(tokens.sentences)
    nth, now, reached = 0, -1, 0
    for start, end in _covering(tokens, text):
        if start < reached:
            continue
        while nth < len(starts) and starts[nth] <= start:
            nth += 1
        if nth != now or not found:
            found.append([])
            now = nth
        found[-1].append((start, end))
        reached = end
    return found


def _covering(tokens: Tokens, text: str) -> Iterator[tuple[int, int]]:
    """The tokens that are words, and what stands between two of them that is not white space."""
    reached = 0
    for start, end in (*zip(tokens.starts, tokens.ends, strict=True), (len(text), len(text))):
        between = text[reached:start]
        if between and not between.isspace():
            first = reached + len(between) - len(between.lstrip())
            yield first, first + len(between.strip())
        if not text[start:end].isspace() and start < end:
            yield start, end
        reached = max(reached, end)


def named_lines(lines: Iterable[ArticleLabels]) -> Iterator[tuple[str, ArticleLabels]]:
    """Each line with its file's name (without ending): the article's title, and whose it is if several."""
    taken = {TYPE_SYSTEM.removesuffix(".xml").casefold()}
    for _, group in groupby(lines, lambda labels: labels.article.id or labels.article.sha256):
        together = list(group)
        for labels in together:
            article = labels.article
            wanted = (article.title or article.external_id or article.id)[:60]
            if len(together) > 1 and labels.annotator is not None:
                wanted = f"{wanted}-{labels.annotator}"
            yield file_name(wanted, taken), labels


# -- files of a project's export ------------------------------------------------------------------------

_NOBODY = ("INITIAL_CAS", "CURATION_USER")
_DOCUMENTS = frozenset(
    (".txt", ".tsv", ".xmi", ".xml", ".json", ".pdf", ".html", ".htm", ".conll", ".conllu", ".tei")
)


def without_ending(title: str) -> str:
    """A document's name without the ending of its file, if it has one of those that documents have."""
    path = PurePosixPath(title)
    return title[: -len(path.suffix)] if path.suffix.lower() in _DOCUMENTS and path.stem else title


def of_project(source: Source) -> tuple[str, str | None]:
    """Title and annotator by a file's name: INCEpTION exports ``document.txt/annotator.tsv``."""
    path = PurePosixPath(source.name.replace("\\", "/"))
    folder = path.parent
    if folder.suffix.lower() == ".zip" and folder.stem == path.stem:  # annotator.zip has annotator.xmi
        folder = folder.parent
    if folder.suffix.lower() in _DOCUMENTS:
        return without_ending(folder.stem), None if path.stem in _NOBODY else path.stem
    return source.stem, None
