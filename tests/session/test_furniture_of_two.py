"""Furniture is everybody's: one annotator's changes never hold up another's undo."""

from __future__ import annotations

from pathlib import Path

from annotator.core.commands import MakeSpan, ToggleFurniture
from annotator.core.model import Article, Kind
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project

TEXT = "Title\n\nFirst paragraph.\n\nSecond paragraph.\n"


def test_undo_goes_on_after_somebody_else_has_changed_the_furniture(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.annot") as project:
        article = Article(id="a", text=TEXT, sha256=sha256_of(TEXT), title="Title")
        project.repository.add_articles([NewArticle(article=article)], [])
        first, second = (TEXT.index(word) for word in ("First", "Second"))
        ana, ben = project.editor("ana"), project.editor("ben")
        ana.open("a")
        ana.run(MakeSpan(Kind.CUE, "Cue", ((first, first + 5),)))
        ana.run(ToggleFurniture(first))
        ana.run(ToggleFurniture(second))
        ben.open("a")
        ben.run(ToggleFurniture(second))
        ben.run(ToggleFurniture(0))
        for _ in range(3):
            assert ana.undo() is not None
        assert ana.undo() is None
        left = project.repository.load_page("a", "ana")
        assert left.spans == {}
        assert left.article.furniture == ((0, 5),)
        for _ in range(3):
            assert ana.redo() is not None
        furniture = project.repository.load_page("a", "ana").article.furniture
        assert [TEXT[start:end] for start, end in furniture] == [
            "Title",
            "First paragraph.",
            "Second paragraph.",
        ]
