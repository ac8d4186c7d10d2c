"""A look into files before they are imported: what they hold, and how their names would be read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from annotator.core.bringing import ACTOR, ACTOR_ID
from annotator.core.codebook import AttributeType, Codebook
from annotator.core.errors import AnnotatorError, InputError, Problem
from annotator.core.extending import complete, extended
from annotator.core.found_names import ALL_VALUES, FoundNames, SeenAttribute, SeenLabel, SeenRelation
from annotator.core.lacking import Lacking, extended_by
from annotator.core.mapping import ImportMapping, RelationEnds, SpanLabel, key_of
from annotator.core.model import Kind, now
from annotator.core.proposing_labels import plain, propose_attribute
from annotator.core.text import excerpt, slice_of
from annotator.formats import registry
from annotator.formats.base import Intake, Preview, Record, TooManyProblemsError, no_article
from annotator.formats.source import Source
from annotator.session.copies_of import Likeness, Watch
from annotator.session.foreign import annotator_of
from annotator.session.gathering import gather, size_of

if TYPE_CHECKING:
    from annotator.session.importing import Progressing
    from annotator.session.project import Project

MOST_ROWS = 20
"""Rows, or articles, of a file that a preview has."""
_BEGINNING = 400
_LONGEST_CELL = 200
_STEP = 100
"""Records after which the progress is told."""


class Sample(Struct, frozen=True, kw_only=True):
    """One of the first articles of a file, as it would come in by the mapping."""

    title: str
    beginning: str
    """The first characters of its text, at most 400."""
    characters: int
    metadata: tuple[tuple[str, str], ...] = ()
    """Field or key, and its value as a text."""
    spans: int = 0
    relations: int = 0


class SurveyedFile(Struct, kw_only=True):
    """What one file holds."""

    name: str
    format: str
    """Name in the registry; empty where it cannot be told."""
    articles: int = 0
    """Different ones; several annotators may have labelled the same."""
    problems: int = 0
    """What is wrong with it; with any, nothing of it is imported, and its names do not count."""
    columns: tuple[str, ...] = ()
    """Of a table, or keys of plain JSON records."""
    rows: list[tuple[str, ...]] = []
    """The first rows under these columns, cells as texts, at most :data:`MOST_ROWS`."""
    samples: list[Sample] = []
    """The first articles, at most :data:`MOST_ROWS`."""


class Found(Struct, kw_only=True):
    """A name of a label, relation type or attribute in the files."""

    times: int = 0
    example: str = ""
    """Words of the first span (or of the head of the first relation) that has it; values of an attribute."""
    proposed: bool = True
    """Whether what the mapping says of it is in the codebook; otherwise it would have to be added."""


type OwnName = SpanLabel | RelationEnds | str
"""A label, a relation type, or the name of an attribute."""


_all_names = partial(FoundNames, most=ALL_VALUES)


class Survey(Struct, kw_only=True):
    """What some files hold, and the mapping that is proposed for them."""

    files: list[SurveyedFile] = []
    articles: int = 0
    """Different ones of all files that can be taken: two annotators' files may hold the same."""
    known: int = 0
    """How many of them the project has already."""
    suggested: int = 0
    """Spans that other tools' files have as suggestions."""
    annotators: list[str] = []
    """Who labelled, as other tools' files say it, each once."""
    shared: int = 0
    """Articles that several of these have labelled."""
    labels: dict[str, Found] = {}
    """By the names that :class:`ImportMapping` uses as keys, the most frequent first."""
    relations: dict[str, Found] = {}
    attributes: dict[str, Found] = {}
    mapping: ImportMapping = field(default_factory=ImportMapping)
    """Complete: every name that was found is in it. What fits nothing in the codebook is proposed as a
    new label of a kind that its relations, or else its name, suggest."""
    own: dict[OwnName, Found] = {}
    """What the program's own files use and the codebook lacks; every name means just itself."""
    widened: list[str] = []
    """Relation types and attributes of the codebook that would have to take more than they do: other kinds,
    further choices or categories. By their titles."""
    problems: list[Problem] = []
    unread: int = 0
    """Files that are not there, or in an archive or a folder that cannot be read; they are in no count."""
    copies: list[Likeness] = []
    """Articles that nearly repeat others, of the project or of these files; not looked for among many."""
    copies_unknown: bool = False
    """There were too many articles to look for copies."""
    names: FoundNames = field(default_factory=FoundNames)
    """What was found, for :func:`annotator.core.extending.extended`."""
    own_names: FoundNames = field(default_factory=_all_names)
    """What the codebook lacks of the program's own files."""
    names_of_bad: FoundNames = field(default_factory=FoundNames)
    """What was found in files that something is wrong with."""
    own_names_of_bad: FoundNames = field(default_factory=_all_names)
    """And what the codebook lacks of the program's own among them."""

    def extended(self, codebook: Codebook) -> Codebook:
        """The codebook with everything that it lacks.

        Raises InputError where names of the files cannot be names in a codebook.
        """
        return extended_by(extended(codebook, self.names, self.mapping), self.own_names)

    @property
    def unknown(self) -> int:
        """How many names would have to be added to the codebook, or changed in it."""
        found = (*self.labels.values(), *self.relations.values(), *self.attributes.values())
        return sum(not each.proposed for each in found) + len(self.own) + len(self.widened)


def survey(
    project: Project,
    paths: Iterable[Path | str | Source],
    *,
    format: str = registry.AUTO,  # noqa: A002 - the word of the command line
    mapping: ImportMapping | None = None,
    progress: Progressing | None = None,
) -> Survey:
    """Read files without changing anything. ``mapping``: what a person has decided already.

    Names of labels come from whole files, rows and samples from the first records. Raises UsageError for
    an unknown format.
    """
    if format != registry.AUTO:
        registry.reader_for(Source("", b""), format)
    result = Survey()
    sources = gather(paths, result.problems)
    result.unread = sum(not os.path.isdir(each) for each in {each.where for each in result.problems})  # noqa: PTH112
    sizes = [size_of(each) for each in sources]
    codebook = project.repository.codebook()
    mapping = mapping or ImportMapping()
    watch = Watch(project)
    whole = _Seen()
    for source, size, done in zip(sources, sizes, accumulate(sizes, initial=0), strict=False):
        intake = Intake(source, codebook, "—", now(), mapping=mapping, preview=Preview(MOST_ROWS))
        intake.lacking, intake.extends = Lacking(codebook), True
        seen = _Seen()

        def step(intake: Intake = intake, seen: _Seen = seen, size: int = size, done: int = done) -> None:
            if progress is not None:  # readers of small files do not tell their position
                progress(done + min(size, max(intake.position, seen.characters)), sum(sizes))

        step()
        before = watch.begin(step)
        result.files.append(_file(intake, format, seen, watch, step))
        if intake.problems:
            watch.forget(before)
            result.names_of_bad.add(seen.names)
            result.own_names_of_bad.add(intake.lacking.names)
        else:
            whole.add(seen)
            result.own_names.add(intake.lacking.names)
        result.problems += intake.problems
    if progress is not None:
        progress(sum(sizes), sum(sizes))
    result.articles = len(whole.articles)
    result.known = len(project.repository.known_texts(whole.articles))
    result.annotators = sorted({name for people in whole.articles.values() for name in people})
    result.shared = sum(len(people) > 1 for people in whole.articles.values())
    result.suggested = whole.suggested
    result.names = whole.names
    result.copies = [likeness for _, likeness in watch.found]
    result.copies_unknown = watch.gave_up
    names = result.names
    result.mapping = complete(codebook, names, mapping)
    result.labels, result.relations, result.attributes = _found(codebook, names, result.mapping)
    result.own = dict(_own(codebook, result.own_names))
    result.widened = _widened(codebook, result)
    return result


class _Seen(Struct):
    """What the files hold that can be taken."""

    articles: dict[str, set[str]] = {}
    """SHA-256 of an article's text → who labelled it, as other tools' files say it."""
    names: FoundNames = field(default_factory=FoundNames)
    suggested: int = 0
    characters: int = 0
    """Of the texts of all records of a file."""

    def add(self, other: _Seen) -> None:
        """Another file can be taken."""
        self.names.add(other.names)
        self.suggested += other.suggested
        for sha256, people in other.articles.items():
            self.articles.setdefault(sha256, set()).update(people)


def _file(
    intake: Intake,
    format_name: str,
    seen: _Seen,
    watch: Watch,
    step: Callable[[], None],
) -> SurveyedFile:
    """Look through one file; what is wrong with it is in the intake's problems.

    ``step`` is called on the way; what it raises stops the look.
    """
    found = SurveyedFile(name=intake.source.name, format="")
    preview = intake.preview
    assert preview is not None
    try:
        form = registry.reader_for(intake.source, format_name)
        found.format = form.name
        assert form.read is not None
        for nth, record in enumerate(form.read(intake)):
            if nth % _STEP == 0:
                step()
            seen.characters += len(record.labels.article.text)
            people = seen.articles.setdefault(record.labels.article.sha256, set())
            watch.drops(record.labels.article)
            if len(found.samples) < MOST_ROWS:
                found.samples.append(_sample(record))
            if record.foreign is not None:
                _names_of(record, seen.names)
                seen.suggested += sum(each.suggested for each in record.foreign.spans)
                if name := annotator_of(record.foreign):
                    people.add(name)
    except TooManyProblemsError:
        intake.close()
    except AnnotatorError as error:
        intake.problems.append(error.problem)
    except OSError as error:
        what = f"this file cannot be read: {error.strerror or error}"
        cure = "Make sure that it is there and that you may read it"
        intake.problems.append(Problem(what, intake.source.name, cure))
    found.articles = len(seen.articles)
    if not found.articles and not intake.problems:
        intake.problems.append(no_article(intake.source))
    found.problems = len(intake.problems)
    found.columns = tuple(preview.columns)
    found.rows = [tuple(_cell(row.get(name)) for name in found.columns) for row in preview.rows]
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        from orjson import dumps

        value = dumps(value).decode()
    return value if len(value) <= _LONGEST_CELL else f"{value[: _LONGEST_CELL - 1]}…"


def _sample(record: Record) -> Sample:
    labels, article, foreign = record.labels, record.labels.article, record.foreign
    fields = {
        "publisher": article.publisher,
        "author": article.author,
        "url": article.url,
        "published": article.published,
        "language": article.language,
        "external_id": article.external_id,
    }
    said = {name: value for name, value in fields.items() if value} | dict(article.meta)
    return Sample(
        title=article.title,
        beginning=article.text[:_BEGINNING],
        characters=len(article.text),
        metadata=tuple((name, _cell(value)) for name, value in said.items()),
        spans=len(labels.spans if foreign is None else foreign.spans),
        relations=len(labels.relations if foreign is None else foreign.relations),
    )


def _names_of(record: Record, names: FoundNames) -> None:
    """Take the names of a record's labels."""
    foreign, text = record.foreign, record.labels.article.text
    assert foreign is not None
    keys: dict[str, str] = {}
    known = names.labels
    for span in foreign.spans:
        seen = known.get(key_of(span.layer, span.label))
        if seen is None or not seen.example:
            key = names.see_label(span.layer, span.label, excerpt(slice_of(text, span.fragments)))
        else:
            key = names.see_label(span.layer, span.label)
        keys[span.id] = key
        if span.attributes:
            names.see_attributes(span.attributes, key)
    words = {span.id: span.fragments for span in foreign.spans} if foreign.relations else {}
    for each in foreign.relations:
        example = ""
        if each.type not in names.relations and each.head in words:
            example = excerpt(slice_of(text, words[each.head]))
        names.see_relation(each.type, keys.get(each.head, ""), keys.get(each.tail, ""), example)
        if each.attributes:
            names.see_attributes(each.attributes, None)


def _found(
    codebook: Codebook, names: FoundNames, mapping: ImportMapping
) -> tuple[dict[str, Found], dict[str, Found], dict[str, Found]]:
    labels = {}
    for key, seen in _by_times(names.labels):
        label = mapping.labels.get(key)
        known = label is None or codebook.label(label.kind, label.name) is not None
        labels[key] = Found(times=seen.times, example=seen.example, proposed=known)
    relations = {}
    for type_, link in _by_times(names.relations):
        meant = mapping.relations.get(type_)
        known = meant is None or codebook.relation_type(meant.type) is not None
        relations[type_] = Found(times=link.times, example=link.example, proposed=known)
    kinds = {key: label.kind for key, label in mapping.labels.items() if label is not None}
    attributes = {}
    for name, value in _by_times(names.attributes):
        known = _is_known(codebook, mapping.attributes.get(name, ""), value, kinds)
        attributes[name] = Found(times=value.times, example=_values_of(value), proposed=known)
    return labels, relations, attributes


def _own(codebook: Codebook, names: FoundNames) -> Iterator[tuple[OwnName, Found]]:
    for _, label in _by_times(names.labels):
        yield SpanLabel(Kind(label.layer), label.name), Found(times=label.times, example=label.example)
    for type_, link in _by_times(names.relations):
        if codebook.relation_type(type_) is None:
            yield RelationEnds(type_), Found(times=link.times, example=link.example)
    known = {each.name for each in codebook.attributes}
    for name, value in _by_times(names.attributes):
        if name not in known:
            yield name, Found(times=value.times, example=_values_of(value))


def _values_of(seen: SeenAttribute) -> str:
    return excerpt(", ".join(map(str, list(seen.values.values())[:6])), 80)


def _widened(codebook: Codebook, found: Survey) -> list[str]:
    try:
        after = found.extended(codebook)
    except InputError:  # that a name cannot be one is told by the import
        return []
    types = {each.name: each for each in after.relation_types}
    attributes = {each.name: each for each in after.attributes}
    wider = [each.title or each.name for each in codebook.relation_types if types.get(each.name) != each]
    further = len(after.categories) > len(codebook.categories)
    return wider + [
        each.title or each.name
        for each in codebook.attributes
        if attributes.get(each.name) != each or (further and each.type is AttributeType.CATEGORIES)
    ]


def _by_times[T: (SeenLabel, SeenRelation, SeenAttribute)](rows: Mapping[str, T]) -> list[tuple[str, T]]:
    return sorted(rows.items(), key=lambda item: -item[1].times)


def _is_known(codebook: Codebook, meant: str, seen: SeenAttribute, kinds: Mapping[str, Kind]) -> bool:
    """Whether an attribute is in the codebook wherever it occurs, or needs not be."""
    where = [codebook.attributes_of(kinds[key]) for key in seen.bearers if key in kinds]
    if plain(meant) in (ACTOR, ACTOR_ID):
        where = [
            codebook.attributes_of(kinds[key])
            for key in seen.bearers
            if kinds.get(key) not in (None, Kind.ACTOR)
        ]
    where += [codebook.relation_attributes()] if seen.on_relations else []
    return not meant or all(propose_attribute(known, meant) is not None for known in where)
