"""What a person decides before an import, kept apart from how it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import Enum
from pathlib import PurePath

from msgspec import Struct

from annotator.core.codebook import Codebook
from annotator.core.errors import Problem
from annotator.core.mapping import LEFT_OUT, META, ImportMapping, RelationEnds, SpanLabel
from annotator.core.model import Kind
from annotator.core.records import replace
from annotator.core.text import counted
from annotator.formats.plain import fields_of
from annotator.formats.registry import READERS
from annotator.session.surveying import Found, OwnName, Sample, Survey, SurveyedFile

_LONGEST = 36
"""Characters of a file's name in a sentence."""
BEGINNING = 400
"""Characters of a text that a preview shows."""

FIELDS: dict[str, str] = {
    "text": "Text",
    "title": "Title",
    "publisher": "Publisher",
    "author": "Author",
    "published": "Date",
    "url": "Link",
    "language": "Language",
    "external_id": "Id",
    META: "Keep as metadata",
    LEFT_OUT: "Leave out",
}
"""What a column can become, in the order of the lists, as a person reads it."""
_ONCE = [name for name in FIELDS if name not in (META, LEFT_OUT)]

_EMPTY = ("", "{}", "[]")
"""Cells that say nothing."""

KIND_WORDS = {Kind.ENTITY: "Entity", Kind.ACTOR: "Actor", Kind.CLAIM: "Claim", Kind.CUE: "Cue"}


class Part(Enum):
    """What a name of a file is a name of."""

    LABEL = "label"
    RELATION = "relation type"
    ATTRIBUTE = "attribute"


type Target = SpanLabel | RelationEnds | str | None
"""What a name becomes; None, or an empty text for an attribute: it is left out."""


class Name(Struct, frozen=True):
    """A name that the files have, with what was found under it."""

    part: Part
    name: str
    found: Found
    own: OwnName | None = None
    """What it means where the program's own files have it and the codebook lacks it: just itself, and nothing
    else can be decided."""


class Offer(Struct, frozen=True):
    """One thing that a name may become; one without a target is only a heading."""

    words: str
    target: Target = None
    is_heading: bool = False
    is_new: bool = False


class ImportDraft(Struct):
    """The mapping as it stands; it starts as the survey proposes it."""

    survey: Survey
    codebook: Codebook
    fields: dict[str, str] = {}
    labels: dict[str, SpanLabel | None] = {}
    relations: dict[str, RelationEnds | None] = {}
    attributes: dict[str, str] = {}
    _read: dict[str, str] = {}
    """The fields by which the survey has read the first articles."""

    def __post_init__(self) -> None:
        self.take(self.survey.mapping)
        self._fill_fields()
        self._read = dict(self.fields)

    def _fill_fields(self) -> None:
        """Columns of which nothing is said become what their names tell."""
        for each in self.survey.files:
            known = {column: name for name, column in fields_of(list(each.columns), self.fields).items()}
            for column in each.columns:
                self.fields.setdefault(column, known.get(column, META))

    def _said(self) -> dict[str, str]:
        """The columns that would be something else if nothing were said of them."""
        said: dict[str, str] = {}
        for each in self.survey.files:
            before = -1
            while before < len(said):  # what is said of one column may change what others are
                before = len(said)
                known = {column: name for name, column in fields_of(list(each.columns), said).items()}
                for column in each.columns:
                    wanted = self.fields.get(column, META)
                    if column not in said and known.get(column, META) != wanted:
                        said[column] = wanted
        return said

    def take(self, mapping: ImportMapping) -> None:
        """Take over what a mapping says of the names that there are."""
        self.fields.update(mapping.fields)
        self.labels.update(mapping.labels)
        self.relations.update(mapping.relations)
        self.attributes.update(mapping.attributes)

    def follow(self, survey: Survey) -> None:
        """Another look at the same files: what was decided stays, new names are as proposed."""
        self.survey = survey
        proposed = survey.mapping
        self.fields = {**proposed.fields, **self.fields}
        self._fill_fields()
        self._read = dict(self.fields)
        self.labels = {**proposed.labels, **self.labels}
        self.relations = {**proposed.relations, **self.relations}
        self.attributes = {**proposed.attributes, **self.attributes}

    def mapping(self) -> ImportMapping:
        """The mapping to import by."""
        return ImportMapping(
            fields=self._said(),
            labels=dict(self.labels),
            relations=dict(self.relations),
            attributes=dict(self.attributes),
            extend=any(self.additions().values()) or bool(self.survey.widened),
        )

    # -- articles -----------------------------------------------------------------------------

    @property
    def has_columns(self) -> bool:
        """Whether there is a table, or plain JSON, whose columns can be assigned."""
        return any(each.columns for each in self.survey.files)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all tables, each once."""
        return tuple(dict.fromkeys(name for each in self.survey.files for name in each.columns))

    def assign(self, column: str, name: str) -> None:
        """Make a column a field; one that was that field in the same table becomes metadata."""
        if name in _ONCE:
            for each in self.survey.files:
                if column in each.columns:
                    for other in each.columns:
                        if other != column and self.fields.get(other) == name:
                            self.fields[other] = META
        self.fields[column] = name

    def sample(self, file: SurveyedFile, row: int) -> Sample | None:
        """An article as it would come in; of a table by the fields as they stand."""
        whole = not file.columns or (self._read == self.fields and len(file.samples) == len(file.rows))
        if whole and row < len(file.samples):
            read = file.samples[row]
            return replace(read, metadata=tuple((FIELDS.get(name, name), it) for name, it in read.metadata))
        if row >= len(file.rows):
            return None
        cells = dict(zip(file.columns, file.rows[row], strict=False))
        by_field = {self.fields.get(name, META): cell for name, cell in cells.items()}
        text = by_field.get("text", "")
        meta = [
            (FIELDS[name], " ".join(by_field[name].split()))
            for name in _ONCE[2:]
            if by_field.get(name, "").strip()
        ]
        meta += [
            (name, " ".join(cell.split()))
            for name, cell in cells.items()
            if self.fields.get(name, META) == META and cell.strip() not in _EMPTY
        ]
        title = " ".join(by_field.get("title", "").split())
        return Sample(title=title, beginning=text[:BEGINNING], characters=len(text), metadata=tuple(meta))

    # -- names --------------------------------------------------------------------------------

    def names(self, part: Part) -> list[Name]:
        """The names that were found, the most frequent first."""
        found = {
            Part.LABEL: self.survey.labels,
            Part.RELATION: self.survey.relations,
            Part.ATTRIBUTE: self.survey.attributes,
        }[part]
        own = (_own_name(target, each) for target, each in self.survey.own.items())
        return [Name(part, name, each) for name, each in found.items()] + [
            each for each in own if each.part is part
        ]

    @property
    def has_foreign_names(self) -> bool:
        """Whether the files bring labels of other tools."""
        return bool(self.survey.labels or self.survey.relations or self.survey.attributes)

    @property
    def has_names(self) -> bool:
        """Whether the files bring labels of other tools, or our own that the codebook lacks."""
        return self.has_foreign_names or bool(self.survey.own or self.survey.widened)

    def target(self, name: Name) -> Target:
        """What a name becomes as it stands."""
        if name.own is not None:
            return name.own
        match name.part:
            case Part.LABEL:
                return self.labels.get(name.name)
            case Part.RELATION:
                return self.relations.get(name.name)
            case Part.ATTRIBUTE:
                return self.attributes.get(name.name, LEFT_OUT)

    def decide(self, name: Name, target: Target) -> None:
        """Say what a name becomes."""
        match target:
            case SpanLabel():
                self.labels[name.name] = target
            case RelationEnds():
                self.relations[name.name] = target
            case str():
                self.attributes[name.name] = target
            case None if name.part is Part.LABEL:
                self.labels[name.name] = None
            case None if name.part is Part.RELATION:
                self.relations[name.name] = None
            case None:
                self.attributes[name.name] = LEFT_OUT

    def is_new(self, name: Name) -> bool:
        """Whether what a name becomes would be added to the codebook, or to where it occurs."""
        if name.own is not None:
            return True
        target = self.target(name)
        if target and target == self._proposed(name.part).get(name.name):
            return not name.found.proposed
        match target:
            case SpanLabel(kind, label):
                return self.codebook.label(kind, label) is None
            case RelationEnds(type=type_):
                return self.codebook.relation_type(type_) is None
            case str() as attribute if attribute:
                return all(each.name != attribute for each in self.codebook.attributes)
            case _:
                return False

    def words(self, name: Name) -> str:
        """What a name becomes, as a person reads it."""
        match self.target(name):
            case SpanLabel(kind, label):
                return f"{label} ({KIND_WORDS[kind].lower()})"
            case RelationEnds(type_, turned):
                return f"{self._relation(type_)}, turned round" if turned else self._relation(type_)
            case str() as attribute if attribute:
                return self._attribute(attribute)
            case _:
                return FIELDS[LEFT_OUT]

    def offers(self, name: Name) -> list[Offer]:
        """Everything that a name may become, in groups, the last one to leave it out."""
        made: list[Offer] = []
        match name.part:
            case Part.LABEL:
                for kind in Kind:
                    own = [each for each in self.codebook.labels if each.kind is kind]
                    if own:
                        made.append(Offer(KIND_WORDS[kind], is_heading=True))
                        made += [Offer(each.name, SpanLabel(kind, each.name)) for each in own]
                bare = self._new_name(name, name.name.rpartition(":")[2] or name.name)
                new = [kind for kind in Kind if self.codebook.label(kind, bare) is None]
                if new:
                    made.append(Offer(f"New label “{bare}”", is_heading=True))
                    words = [(kind, KIND_WORDS[kind].lower()) for kind in new]
                    made += [Offer(f"New {word}", SpanLabel(kind, bare), is_new=True) for kind, word in words]
            case Part.RELATION:
                for each in self.codebook.relation_types:
                    title = each.title or each.name
                    made.append(Offer(title, RelationEnds(each.name)))
                    made.append(Offer(f"{title}, turned round", RelationEnds(each.name, turned=True)))
                bare = self._new_name(name, name.name)
                if self.codebook.relation_type(bare) is None:
                    made.append(Offer(f"New type “{bare}”", RelationEnds(bare), is_new=True))
            case Part.ATTRIBUTE:
                made += [Offer(each.title or each.name, each.name) for each in self.codebook.attributes]
                bare = self._new_name(name, name.name)
                if all(each.name != bare for each in self.codebook.attributes):
                    made.append(Offer(f"New attribute “{bare}”", bare, is_new=True))
        out: Target = LEFT_OUT if name.part is Part.ATTRIBUTE else None
        return [*made, Offer(FIELDS[LEFT_OUT], out)]

    def _new_name(self, name: Name, otherwise: str) -> str:
        """The name that the survey proposes for something new, else that of the file."""
        match self._proposed(name.part).get(name.name):
            case SpanLabel(kind, label) if self.codebook.label(kind, label) is None:
                return label
            case RelationEnds(type=type_) if self.codebook.relation_type(type_) is None:
                return type_
            case str() as known if known and all(each.name != known for each in self.codebook.attributes):
                return known
            case _:
                return otherwise

    def _proposed(self, part: Part) -> Mapping[str, Target]:
        match part:
            case Part.LABEL:
                return self.survey.mapping.labels
            case Part.RELATION:
                return self.survey.mapping.relations
            case Part.ATTRIBUTE:
                return self.survey.mapping.attributes

    def _relation(self, name: str) -> str:
        found = self.codebook.relation_type(name)
        return found.title or name if found else name

    def _attribute(self, name: str) -> str:
        return next((each.title or name for each in self.codebook.attributes if each.name == name), name)

    # -- sentences ----------------------------------------------------------------------------

    def additions(self) -> dict[Part, int]:
        """How many labels, relation types and attributes the codebook gets."""
        return {
            part: len({str(self.target(each)) for each in self.names(part) if self.is_new(each)})
            for part in Part
        }

    def codebook_sentence(self) -> str:
        """What the codebook gets, and what is left out of the files."""
        added = [counted(number, part.value) for part, number in self.additions().items() if number]
        if added:
            they = "it" if sum(self.additions().values()) == 1 else "they"
            said = (
                f"Adds {enumerated(added)} to the codebook, where {they} can be changed at any time; "
                "undo does not take back an import."
            )
        elif not self.survey.widened:
            said = "The codebook stays as it is."
        else:
            said = ""
        if self.survey.widened:
            wider = enumerated([f"“{each}”" for each in self.survey.widened[:5]])
            more = f" and {len(self.survey.widened) - 5} more" if len(self.survey.widened) > 5 else ""
            said = f"{said} Widens {wider}{more} in the codebook to fit the files.".lstrip()
        out = sum(
            each.found.times
            for part in (Part.LABEL, Part.RELATION)
            for each in self.names(part)
            if self.target(each) is None
        )
        return f"{said} {counted(out, 'label')} {'is' if out == 1 else 'are'} left out." if out else said

    def head_sentence(self) -> str:
        """What was found, in words: “3 files: doccano JSONL; 120 articles, 3,400 spans”."""
        survey = self.survey
        known = [format_title(each.format) for each in survey.files if each.format]
        titles = list(dict.fromkeys(known)) or ["of an unknown kind"]
        counts = [counted(survey.articles, "article")]
        if survey.known:
            all_of_them = survey.known == survey.articles
            counts[0] += f" ({'' if all_of_them else f'{survey.known:,} '}in the project already)"
        if spans := sum(each.times for each in survey.labels.values()):
            counts.append(counted(spans, "span"))
            if survey.suggested:
                counts[-1] += f" ({survey.suggested:,} as suggestions)"
        if relations := sum(each.times for each in survey.relations.values()):
            counts.append(counted(relations, "relation"))
        files = (
            _in_sentence(survey.files[0].name)
            if len(survey.files) == 1
            else counted(len(survey.files), "file")
        )
        return f"{files}: {enumerated(titles)}; {', '.join(counts)}."

    def why_not(self) -> str:
        """Why nothing can be imported as it stands; empty where it can."""
        lacks = self._without_text()
        if not lacks:
            return ""
        where = f" of {_in_sentence(lacks[0].name)}" if len(self.survey.files) > 1 else ""
        return f"Say which column{where} is the text of the articles."

    def problems(self) -> list[Problem]:
        """What is wrong with the files, but for what :meth:`why_not` asks for."""
        asked = [each.name for each in self._without_text()[:1] if not each.articles]
        return [each for each in self.survey.problems if each.where not in asked]

    def _without_text(self) -> list[SurveyedFile]:
        """The tables of which the text has to be told; none where other files can be imported."""
        files = self.survey.files
        lacks = [
            each
            for each in files
            if each.columns and all(self.fields.get(name) != "text" for name in each.columns)
        ]
        if any(each.articles and not each.problems for each in files if each not in lacks):
            return []  # one table without texts among other files is left out, and told
        return lacks


def _own_name(target: OwnName, found: Found) -> Name:
    match target:
        case SpanLabel():
            return Name(Part.LABEL, target.name, found, target)
        case RelationEnds():
            return Name(Part.RELATION, target.type, found, target)
        case _:
            return Name(Part.ATTRIBUTE, target, found, target)


def short_name(name: str) -> str:
    """A file's name without its folders."""
    return PurePath(name).name or name


def _in_sentence(name: str) -> str:
    """A file's name without its folders, and without its middle where it is long."""
    name = short_name(name)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[1 - _LONGEST // 2 :]}"


def short_names(names: list[str]) -> list[str]:
    """Files' names without the folders, but for the last one where several are called the same."""
    short = [short_name(each) for each in names]
    times = Counter(short)
    return [
        "/".join(PurePath(name).parts[-2:]) if times[bare] > 1 else bare
        for name, bare in zip(names, short, strict=True)
    ]


def format_title(name: str) -> str:
    """How a person calls a format."""
    form = READERS.get(name)
    return form.title if form else "unknown"


def enumerated(parts: list[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
