"""Who says what, as suggested in twelve gold articles: precision, recall, F1 and 95 % interval in percent."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from annotator.cli.scores import score_table
from annotator.session.evaluating import evaluate
from annotator.session.importing import import_paths
from annotator.session.project import Project
from annotator.session.suggest import suggest_project

GOLD = Path(__file__).parents[1] / "data" / "gum_news_dev.jsonl"
LEAST = (0.9, 0.5)
"""Confidences from which suggestions are scored: those that are to be trusted, and all that are shown."""


def run() -> list[tuple[str, str]]:
    """Import the gold's texts, suggest, and score the suggestions."""
    logging.disable(logging.WARNING)
    rows: list[tuple[str, str]] = []
    with (
        tempfile.TemporaryDirectory(prefix="annotator-attribution-") as folder,
        Project.create(Path(folder) / "gold.annot") as project,
    ):
        import_paths(project, [GOLD])
        summary = suggest_project(project)
        rows.append(("read by", f"{summary.model}, {summary.suggestions:,} suggestions"))
        for least in LEAST:
            report = evaluate(project, GOLD, least=least)
            rows += [("problem", str(each)) for each in report.problems]
            heads = [f"≥ {least:g}"]
            rows += [(heads.pop() if heads else "", line) for line in score_table(report, project.path)]
    return rows
