"""The records of one file against each other and against the project: what is new, known, or at odds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from msgspec import Struct

from annotator.core.model import ActorRecord, Article, Progress, Relation, Span, State, new_id
from annotator.core.ports import ArticleLabels, NewArticle, Repository
from annotator.core.records import replace
from annotator.core.span_rows import SpanRow, SpanRows
from annotator.formats.base import Intake, Record
from annotator.formats.native import line_of
from annotator.session.line import is_model
from annotator.session.merging import Present, merge

_BATCH = 200
_OPEN = 2 * _BATCH
"""Texts whose records may still follow; most files have those of one text next to each other."""
LABELLED_BEFORE = "record whose text has other labels before"
"""Of another tool's file, as it is counted."""
_PROJECT = "the project"
_OWN_KEYS = ("status", "annotator", "spans", "relations", "note", "flagged")
"""Keys of a line that say what its annotator did."""


class Plan(Struct, frozen=True):
    """How the records of a file are taken; the first try takes them as they come."""

    shows_suggestions: bool = False
    """Whether the file is an export with suggestions, which a record told that came late."""
    whole: bool = False
    """Whether all of them are read before any is taken, since those of one text are scattered."""


class TakeAgainError(Exception):
    """Raised where the records have to be taken again from the first one, by another plan."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(str(plan))
        self.plan = plan


class Tally(Struct):
    """What came of a file's records."""

    articles: int = 0
    duplicates: int = 0
    labelled: int = 0
    labels: int = 0
    suggestions: int = 0
    annotators: set[str] = set()
    """Those whose labels came along."""

    def drop(self, new: NewArticle) -> None:
        """This new article is left out after all."""
        self.articles -= 1
        own = _own(new).total()
        self.labels -= own
        self.suggestions -= len(new.spans) + len(new.relations) - own

    def take(self, new: NewArticle) -> None:
        """Count the labels of an article."""
        by_name = _own(new)
        own = by_name.total()
        self.labels += own
        self.suggestions += len(new.spans) + len(new.relations) - own
        self.annotators |= by_name.keys()


class _Group(Struct):
    """The records of one text."""

    article: Article
    place: str
    native: bool
    furnished: bool
    lines: dict[str | None, tuple[str, ArticleLabels]] = {}
    """Native ones by annotator, each with its place."""
    plain: int = 0
    """How many records bring no labels."""


class Incoming:
    """Turns the records of one file into what the project stores, reporting contradictions.

    After :meth:`articles` the actor records that go with them are in ``actors`` (those of articles that are
    left out after all are not taken with :meth:`named`), and ``tally`` says what there was.
    """

    def __init__(self, records: Iterable[Record], intake: Intake, repository: Repository, plan: Plan) -> None:
        self.tally = Tally()
        self._records = records
        self._plan = plan
        self.actors: dict[str, ActorRecord] = {}
        self._intake = intake
        self._repository = repository
        self._shows_suggestions = plan.shows_suggestions
        self._guessed = False
        """Whether something was taken that would be taken otherwise from an export with suggestions."""
        self._groups: dict[str, _Group] = {}
        """By SHA-256 of the text, those that have not been passed on."""
        self._places: dict[str, str] = {}
        """SHA-256 of every text → the place of its first record."""
        self._texts: dict[str, str] = {}
        """Article id → SHA-256 of its text."""
        self._dropped: set[str] = set()
        """SHA-256 of the new articles that are left out after all."""
        self._named_by: dict[str, set[str]] = {}
        """Id of an actor record → SHA-256 of the texts whose spans name it."""

    def articles(self, pretended: Mapping[str, set[str | None]]) -> Iterator[NewArticle]:
        """What is to be stored, in the file's order; nothing of it may be used if there are problems.

        ``pretended``: articles (SHA-256 → annotators) to be counted as if they were in the project.
        Raises TakeAgainError.
        """
        repository = self._repository
        for batch in self._batches():
            known = repository.known_texts(group.article.sha256 for group in batch)
            ids = repository.known_ids(group.article.id for group in batch if group.article.id)
            there = self._there(
                [known[g.article.sha256] for g in batch if g.lines and g.article.sha256 in known]
            )
            for group in batch:
                sha256 = group.article.sha256
                if sha256 in pretended:
                    further = group.lines.keys() - pretended[sha256] - {None}
                    self.tally.labelled += bool(further)
                    self.tally.labels += sum(_accepted(group.lines[name][1]) for name in further)
                    self.tally.duplicates += len(group.lines) - len(further) + group.plain
                elif sha256 in known:
                    new = self._further(group, known[sha256], there.get(known[sha256], {}))
                    if new is not None:
                        yield new
                elif group.article.id in ids:
                    self._wrong_id(group.article.id, _PROJECT, group.place)
                else:
                    yield self._new(group)

    def drop(self, new: NewArticle) -> None:
        """This new article is left out after all."""
        self._dropped.add(new.article.sha256)
        self.tally.drop(new)

    def named(self) -> Iterator[ActorRecord]:
        """The actor records that articles name which are not left out."""
        return (each for each in self.actors.values() if self._named_by[each.id] - self._dropped)

    # -- within the file ----------------------------------------------------------------------

    def _batches(self) -> Iterator[list[_Group]]:
        """All groups in the file's order, some at a time, each when no more of its records are expected."""
        for record in self._records:
            self._group(record)
            if len(self._groups) > _OPEN and not self._plan.whole:
                yield [self._groups.pop(sha256) for sha256 in list(islice(self._groups, _BATCH))]
        while self._groups:
            yield [self._groups.pop(sha256) for sha256 in list(islice(self._groups, _BATCH))]

    def _group(self, record: Record) -> None:
        labels, article, place = record.labels, record.labels.article, record.place
        if article.id and self._texts.setdefault(article.id, article.sha256) != article.sha256:
            self._wrong_id(article.id, self._places[self._texts[article.id]], place)
            return
        for actor in labels.actors:
            if self.actors.setdefault(actor.id, actor) != actor:
                self._intake.report_alike(
                    f"the actor record {actor.id} is described differently before",
                    "actor records are described differently before",
                    actor.id,
                    place,
                    "",
                )
            self._named_by.setdefault(actor.id, set()).add(article.sha256)
        group = self._groups.get(article.sha256)
        if group is None and article.sha256 in self._places:
            if record.native:
                raise TakeAgainError(replace(self._plan, whole=True))
            self.tally.duplicates += 1
            return
        if group is None:
            self._places[article.sha256] = place
            group = _Group(article, place, record.native, record.furnished)
            self._groups[article.sha256] = group
        elif record.native and group.native and not _same_article(group.article, article):
            self._intake.report_alike(
                f"title, metadata or furniture of the article differ from those in {group.place}",
                "title, metadata or furniture of articles differ from those before",
                "",
                place,
                "Make the lines of one article agree",
            )
        if not record.native:
            group.plain += 1
            return
        other = group.lines.get(labels.annotator)
        if other is None:
            group.lines[labels.annotator] = (place, labels)
        elif _own_part(other[1]) == _own_part(labels):
            self.tally.duplicates += 1
        elif record.foreign is not None:  # samples of short texts have some of them more than once
            self._intake.leave_out(LABELLED_BEFORE)
        else:
            whose = labels.annotator or "the line without an annotator"
            self._intake.report_alike(
                f"{whose} already has other labels of this article in {other[0]}",
                f"{whose} already has other labels of the same article before",
                "",
                place,
                "Keep one of the two lines",
            )
        # another tool's file tells nothing of what its annotators thought of suggestions
        if not self._shows_suggestions and record.foreign is None and _suggests(labels):
            if self._guessed:
                raise TakeAgainError(replace(self._plan, shows_suggestions=True))
            self._shows_suggestions = True

    def _wrong_id(self, article_id: str, other: str, place: str) -> None:
        where = other if other == _PROJECT else "this file"
        self._intake.report_alike(
            f"the article id {article_id} stands for another text in {other}",
            f"article ids stand for other texts in {where}",
            article_id,
            place,
            "Give the article an id of its own",
        )

    # -- against the project ------------------------------------------------------------------

    def _new(self, group: _Group) -> NewArticle:
        self.tally.articles += 1
        self.tally.duplicates += group.plain - (not group.lines or not group.native)
        article = group.article
        article = replace(article, id=article.id or new_id(), imported_at=self._intake.at)
        return self._merged(group, article, _NOTHING)

    def _further(
        self, group: _Group, article_id: str, there: Mapping[str | None, ArticleLabels]
    ) -> NewArticle | None:
        """The labels that an article lacks which the project has; None if there are none."""
        self.tally.duplicates += group.plain
        for name, (place, labels) in list(group.lines.items()):
            mine = there.get(name)
            if name is None or mine is None or not _has_labels(mine):
                continue
            if _own_part(mine) == _own_part(labels):
                self.tally.duplicates += 1
            else:
                self._intake.report_alike(
                    f"{name} has other labels of this article in the project already",
                    f"{name} has other labels of articles in the project already",
                    "",
                    place,
                    "Nothing is overwritten: import the file into another project, or leave the line out",
                )
            del group.lines[name]
        if not group.lines:
            return None
        spans, relations, _ = self._repository.open_suggestion_page(article_id)
        present = Present(
            spans,
            relations,
            frozenset(each.id for labels in there.values() for each in labels.spans if each.annotator),
            frozenset(each.id for labels in there.values() for each in labels.relations if each.annotator),
        )
        new = self._merged(group, replace(group.article, id=article_id), present)
        if not (new.progress or new.spans or new.relations):
            self.tally.duplicates += len(group.lines)
            return None
        self.tally.labelled += 1
        return replace(new, present=True, furnished=True)

    def _merged(self, group: _Group, article: Article, present: Present) -> NewArticle:
        lines = list(group.lines.values())
        if len(lines) == 1 and present is _NOTHING and _is_simple(lines[0][1]):
            labels = lines[0][1]
            assert labels.annotator is not None
            self.tally.labels += len(labels.spans)
            self.tally.annotators.add(labels.annotator)
            return NewArticle(
                article=article,
                furnished=group.furnished,
                progress={labels.annotator: labels.progress},
                spans=labels.spans,
            )
        if not self._shows_suggestions and any(_has_models(labels) for _, labels in lines):
            self._guessed = True
        new = merge(
            article,
            lines,
            present,
            shows_suggestions=self._shows_suggestions,
            at=self._intake.at,
            report=self._intake.report,
        )
        self.tally.take(new)
        return new if group.furnished else replace(new, furnished=False)

    def _there(self, ids: list[str]) -> dict[str, dict[str | None, ArticleLabels]]:
        """What the project has of some articles: article id → annotator → own labels."""
        there: dict[str, dict[str | None, ArticleLabels]] = {}
        if ids:
            for labels in self._repository.iter_labels(articles=ids, suggestions=True):
                there.setdefault(labels.article.id, {})[labels.annotator] = labels
        return there


_NOTHING = Present()
_ANNOTATOR = SpanRow._fields.index("annotator")


def _is_simple(labels: ArticleLabels) -> bool:
    """Whether a line has only spans that have nothing to do with suggestions: they are stored as they are."""
    return isinstance(labels.spans, SpanRows) and not labels.relations


def _suggests(labels: ArticleLabels) -> bool:
    """Whether a line has a suggestion."""
    if isinstance(labels.spans, SpanRows) and not labels.relations:
        return False
    return any(each.state != State.ACCEPTED for each in _records(labels))


def _has_models(labels: ArticleLabels) -> bool:
    """Whether what an annotator accepted tells of suggestions that the file may not have."""
    return any(is_model(each.origin) for each in _records(labels))


def _same_article(one: Article, other: Article) -> bool:
    return replace(one, id="") == replace(other, id="")


def _has_labels(labels: ArticleLabels) -> bool:
    """Whether an annotator has done anything with an article."""
    decided = (each.state != State.SUGGESTED for each in _records(labels))
    return labels.progress != Progress() or any(decided)


def _records(labels: ArticleLabels | NewArticle) -> list[Span | Relation]:
    return [*labels.spans, *labels.relations]


def _own(new: NewArticle) -> Counter[str]:
    """How many labels each annotator has in an article."""
    spans = (
        (str(row[_ANNOTATOR]) for row in new.spans.rows)  # which are all somebody's
        if isinstance(new.spans, SpanRows)
        else (each.annotator for each in new.spans)
    )
    return Counter(name for name in chain(spans, (each.annotator for each in new.relations)) if name)


def _accepted(labels: ArticleLabels) -> int:
    if isinstance(labels.spans, SpanRows):
        return len(labels.spans) + sum(each.state == State.ACCEPTED for each in labels.relations)
    return sum(each.state == State.ACCEPTED for each in _records(labels))


def _own_part(labels: ArticleLabels) -> list[Any]:
    """What a line says of its annotator's own work, to compare two of them.

    From which file it was imported does not count: files are renamed.
    """
    own = replace(
        labels,
        spans=tuple(_nowhere(each) for each in labels.spans if each.state == State.ACCEPTED),
        relations=tuple(_nowhere(each) for each in labels.relations if each.state == State.ACCEPTED),
        tokens=None,
    )
    line = line_of(own)
    return [line[key] for key in _OWN_KEYS]


def _nowhere[T: (Span, Relation)](label: T) -> T:
    return replace(label, origin="import:") if label.origin.startswith("import:") else label
