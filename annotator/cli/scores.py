"""Printing an evaluation: a table for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from annotator.core.attributions import ATTRIBUTIONS, LINK, LINK_STRICT, RECALL, SOURCE_GIVEN_CONTENT
from annotator.core.evaluation import LABELS, RELATIONS, SPANS, Score
from annotator.core.scoring import Measure
from annotator.core.text import counted
from annotator.session.evaluating import SUGGESTIONS, EvaluationReport

_TITLES = {
    SPANS: "Spans, whatever their labels",
    LABELS: "Spans, labels agree too",
    RELATIONS: "Relations, both ends overlap",
    ATTRIBUTIONS: "Attributions",
    RECALL: "Attributions found, by kind",
}
_MEASURES = {
    Measure.EXACT: "exact",
    Measure.PARTIAL: "partial",
    Measure.OVERLAP: "IoU ≥ 0.5",
    Measure.TOKEN: "words",
}
_ROWS = {
    LINK: "link (sources share a word)",
    LINK_STRICT: "link (sources IoU ≥ 0.5)",
    SOURCE_GIVEN_CONTENT: "source, where content is right",
}
_WIDTH = 24
_MEASURE = 11
"""Characters of the first two columns."""
_EMPTY = "–"


def score_table(report: EvaluationReport, project: Path) -> Iterator[str]:
    """The lines of the table; scores in percent, the interval that of F1, or of a recall alone."""
    predicted, gold = (each.removeprefix("annotator:") for each in (report.predicted, report.gold))
    whose = (
        f"{'Suggestions' if report.predicted == SUGGESTIONS else f'Labels by {predicted}'} in {project.name}"
    )
    if report.least is not None:
        whose += f" with a confidence of {report.least:g} or more"
    if report.gold == gold:
        gold = Path(gold).name
    yield f"{whose} against {gold}: {counted(report.articles, 'article')}."
    for section, scores in groupby(report.scores, key=lambda score: score.row.section):
        shown = [each for each in scores if each.counts.predicted or each.counts.gold]
        if not shown:
            continue
        recalls = section == RECALL
        head = f"{'R':>12}{'':6}   95 % of R  " if recalls else f"{'P':>6}{'R':>6}{'F1':>6}   95 % of F1 "
        last = "found" if recalls else "predicted"
        yield ""
        yield f"{_TITLES[section]:<{_WIDTH + _MEASURE}}{head}{last:>10}{'gold':>8}"
        before = ""
        for score in shown:
            name = _name(score)
            yield _line(score, "" if name == before else name)
            before = name


def _name(score: Score) -> str:
    row = score.row
    if row.section in (LABELS, RELATIONS):
        return f"  {row.label}" if row.label else f"{row.what}, all"
    return _ROWS.get(row.what, row.what) if row.section == ATTRIBUTIONS else row.what


def _line(score: Score, name: str) -> str:
    row, counts, interval = score.row, score.counts, score.interval
    measure = next((words for each, words in _MEASURES.items() if each == row.measure), row.measure)
    recall = _percent(counts.recall, counts.gold)
    if score.is_recall_only:
        numbers = f"{'':6}{recall}{'':6}"
        between, shown = interval and interval.recall, counts.recalled
    else:
        precision = _percent(counts.precision, counts.predicted)
        f1 = _percent(counts.f1, counts.predicted + counts.gold)
        numbers = f"{precision}{recall}{f1}"
        between, shown = interval and interval.f1, counts.predicted
    band = f"{100 * between[0]:.1f}–{100 * between[1]:.1f}" if between else ""
    start = f"{name:<{_WIDTH}}{measure}"
    return f"{start:<{_WIDTH + _MEASURE}}{numbers}   {band:<11}{shown:>10,.0f}{counts.gold:>8,}"


def _percent(share: float, of: int) -> str:
    return f"{100 * share:6.1f}" if of else f"{_EMPTY:>6}"


def score_json(report: EvaluationReport) -> str:
    """Everything as JSON: shares from 0 to 1, null for what a row does not say."""
    return json.dumps(
        {
            "predicted": report.predicted,
            "gold": report.gold,
            "least": report.least,
            "articles": report.articles,
            "only_in_gold": report.only_in_gold,
            "only_in_project": report.only_in_project,
            "scores": [_object(score) for score in report.scores],
        },
        ensure_ascii=False,
        indent=2,
    )


def _object(score: Score) -> dict[str, object]:
    row, counts, interval = score.row, score.counts, score.interval
    two_sided = not score.is_recall_only
    return {
        "section": row.section,
        "what": row.what,
        "measure": row.measure or None,
        "label": row.label or None,
        "precision": counts.precision if two_sided else None,
        "recall": counts.recall,
        "f1": counts.f1 if two_sided else None,
        "intervals": None
        if interval is None
        else {
            "precision": interval.precision if two_sided else None,
            "recall": interval.recall,
            "f1": interval.f1 if two_sided else None,
        },
        "found": counts.found if two_sided else None,
        "predicted": counts.predicted if two_sided else None,
        "recalled": counts.recalled,
        "gold": counts.gold,
    }
