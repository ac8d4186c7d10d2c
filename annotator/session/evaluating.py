"""Scoring suggestions, or one annotator's labels, against gold or against another annotator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core.commands.propose import OCCURRENCE
from annotator.core.errors import InputError, Problem, UsageError
from annotator.core.evaluation import Labelled, Score, compare, scores_of
from annotator.core.model import Article, Relation, Span, now
from annotator.core.ports import ArticleFilter, ArticleLabels
from annotator.core.scoring import Counts, Row
from annotator.core.text import counted, excerpt, sha256_of
from annotator.formats.base import Intake, Source
from annotator.formats.gold import GoldArticle, read_gold

if TYPE_CHECKING:
    from annotator.session.project import Project

SUGGESTIONS = "suggestions"
_NAMED = 10
"""Articles that a problem names; of the others it gives the number."""
_STEP = 20
_ROWS = 1_000


class EvaluationReport(Struct):
    """What was scored against what, and how it came out."""

    predicted: str
    """“suggestions”, or “annotator:” and a name."""
    gold: str
    """The gold's file, or “annotator:” and the other name."""
    least: float | None = None
    articles: int = 0
    """Articles that were scored; 0: no article is in both, or the gold has problems."""
    scores: list[Score] = []
    only_in_gold: list[str] = []
    """Titles of the gold's articles that could not be scored."""
    only_in_project: list[str] = []
    problems: list[Problem] = []


type _Gold = Mapping[str, GoldArticle]
"""By SHA-256 of the text."""


def evaluate(
    project: Project,
    gold: Path | None = None,
    *,
    annotator: str | None = None,
    against: str | None = None,
    gold_annotator: str | None = None,
    least: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> EvaluationReport:
    """Score the project's suggestions, or an annotator's labels, on the articles that the gold has too.

    The gold is a file, or with ``against`` another annotator of the project. ``gold_annotator``: whose
    labels of the file are meant. ``least``: only suggestions of at least that confidence (0 to 1); those
    without one are then left out. What people have decided on a suggestion makes no difference; what a
    person proposed by looking for other occurrences is no suggestion here. ``progress`` gets articles.

    Raises UsageError for options that do not go together, InputError where the gold cannot be read or it is
    not clear whose labels are meant, ProjectError where the project cannot be read.
    """
    _check_options(gold, annotator, against, gold_annotator, least)
    for name in (annotator, against):
        if name is not None:
            project.refuse_stranger(name)
    report = EvaluationReport(
        f"annotator:{annotator}" if annotator else SUGGESTIONS,
        f"annotator:{against}" if against else str(gold),
        least,
    )
    if against is not None:
        known = _gold_of(project, against)
    else:
        assert gold is not None
        known, report.problems = _gold_in(project, gold, gold_annotator)
        if report.problems:
            return report

    compared: list[dict[Row, Counts]] = []
    scored: set[str] = set()
    suggested = 0
    for labels in _predicted(project, known, annotator):
        article = labels.article
        right = known.get(article.sha256)
        if right is None:
            report.only_in_project.append(_name_of(article))
            continue
        labelled = (
            _labelled(labels, least) if annotator is None else Labelled.of(labels.spans, labels.relations)
        )
        compared.append(compare(article.text, labelled, right.labelled))
        scored.add(article.sha256)
        suggested += len(labels.spans)
        if progress is not None and len(compared) % _STEP == 0:
            progress(len(compared), len(known))
    if annotator is None:
        ids = set(project.repository.known_texts(scored).values())
        report.only_in_project = [title for id_, title in _titles(project) if id_ not in ids]
    report.articles = len(compared)
    report.only_in_gold = [each.name for sha, each in known.items() if sha not in scored]
    report.scores = scores_of(compared)
    report.problems = list(_unmatched(report, project, annotator, against))
    if compared and annotator is None and not suggested:
        what = "nothing has been suggested in these articles"
        report.problems.append(Problem(what, str(project.path), "Run annotator suggest first"))
    return report


def _check_options(
    gold: Path | None,
    annotator: str | None,
    against: str | None,
    gold_annotator: str | None,
    least: float | None,
) -> None:
    if gold is None and against is None:
        raise UsageError("there is nothing to score against", cure="Name a gold file, or use --against NAME")
    if gold is not None and against is not None:
        raise UsageError("a gold file and --against are two golds", cure="Leave one of them out")
    if against is not None and annotator is None:
        raise UsageError("--against takes another annotator", cure="Name the first one with --annotator NAME")
    if against is not None and gold_annotator is not None:
        raise UsageError("--gold-annotator is about a gold file", cure="Leave it out beside --against")
    if annotator is not None and least is not None:
        raise UsageError("people's labels have no confidence", cure="Leave out --least or --annotator")


# -- the gold ----------------------------------------------------------------------------------------


def _gold_of(project: Project, annotator: str) -> _Gold:
    return {
        labels.article.sha256: GoldArticle(
            name=_name_of(labels.article),
            text=labels.article.text,
            place="",
            labelled=Labelled.of(labels.spans, labels.relations),
            annotator=annotator,
        )
        for labels in project.repository.iter_labels(annotator=annotator)
    }


def _gold_in(project: Project, path: Path, annotator: str | None) -> tuple[_Gold, list[Problem]]:
    """The gold of a file, or what is wrong with the file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"this file cannot be read: {error.strerror or error}",
            where=str(path),
            cure="Make sure that it is there and that you may read it",
        ) from error
    found, problems = read_gold(Intake(Source(str(path), data), project.codebook, at=now()))
    if problems:
        return {}, problems
    touched = [each for each in found if not each.untouched]
    names = sorted({each.annotator for each in touched if each.annotator is not None})
    if annotator is not None and annotator not in names:
        cure = f"Choose one of {', '.join(names)}" if names else "Leave out --gold-annotator"
        raise InputError(f"nobody called {annotator} has labelled in this file", where=str(path), cure=cure)
    if not touched:
        cure = "Export it from a project in which somebody has"
        raise InputError("nobody has labelled an article in this file", where=str(path), cure=cure)
    chosen: dict[str, GoldArticle] = {}
    for each in touched:
        if annotator is not None and each.annotator != annotator:
            continue
        before = chosen.setdefault(sha256_of(each.text), each)
        where = f"{path}, {each.place}"
        if before.annotator != each.annotator:
            raise InputError(
                f"several annotators have labelled this article: {before.annotator}, {each.annotator}",
                where=where,
                cure="Choose one with --gold-annotator NAME",
            )
        if before is not each:
            what = f"this article stands there twice, first in {before.place}"
            problems.append(Problem(what, where, "Leave one of the two lines out"))
    return chosen, problems


# -- what is scored ----------------------------------------------------------------------------------


def _predicted(project: Project, gold: _Gold, annotator: str | None) -> Iterator[ArticleLabels]:
    """The annotator's labels of every article, or the suggestions in those that are in the gold."""
    repository = project.repository
    if annotator is not None:
        return repository.iter_labels(annotator=annotator)
    return repository.iter_suggestions(sorted(repository.known_texts(gold).values()))


def _labelled(labels: ArticleLabels, least: float | None) -> Labelled:
    def counts(each: Span | Relation) -> bool:
        if each.origin == OCCURRENCE:
            return False
        return least is None or (each.confidence is not None and each.confidence >= least)

    return Labelled.of(filter(counts, labels.spans), filter(counts, labels.relations))


# -- articles that are on one side only --------------------------------------------------------------


def _titles(project: Project) -> Iterator[tuple[str, str]]:
    """Id and title of every article, in import order."""
    offset = 0
    while rows := project.repository.article_rows(ArticleFilter(), "", offset, _ROWS):
        yield from ((row.id, row.title or row.id) for row in rows)
        offset += len(rows)


def _unmatched(
    report: EvaluationReport, project: Project, annotator: str | None, against: str | None
) -> Iterator[Problem]:
    where = str(project.path)
    if report.only_in_gold:
        who = f"not been labelled by {annotator}" if annotator else "no counterpart in the project"
        whose = f"that {against} has labelled" if against else "of the gold"
        cure = "They were not scored; " + (
            f"they count once {annotator} has labelled them"
            if annotator
            else "import them to have them scored"
        )
        yield Problem(_listing(report.only_in_gold, whose, who), where, cure)
    if report.only_in_project:
        who = f"not been labelled by {against}" if against else "no counterpart in the gold"
        whose = f"that {annotator} has labelled" if annotator else "of the project"
        yield Problem(_listing(report.only_in_project, whose, who), where, "They were not scored")


def _listing(names: list[str], whose: str, verb: str) -> str:
    shown = ", ".join(excerpt(name) for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    has = "has" if len(names) == 1 else "have"
    return f"{counted(len(names), 'article')} {whose} {has} {verb}: {shown}{more}"


def _name_of(article: Article) -> str:
    return article.title or article.external_id or article.id
