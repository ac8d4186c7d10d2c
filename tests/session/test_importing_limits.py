"""What is too much for one article."""

from __future__ import annotations

from pathlib import Path

from annotator.session.importing import MOST_CHARACTERS, import_paths
from annotator.session.project import Project


def test_a_text_that_is_no_article_any_more_is_refused_with_its_size(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("Title\n\n" + "word " * (MOST_CHARACTERS // 5), "utf-8")
    with Project.create(tmp_path / "p.annot") as project:
        report = import_paths(project, [tmp_path / "long.txt"])
        assert project.repository.counts().articles == 0
    (problem,) = report.problems
    assert "2,000,007 characters" in problem.what
    assert problem.where.endswith("long.txt")
    assert "Split" in problem.cure
