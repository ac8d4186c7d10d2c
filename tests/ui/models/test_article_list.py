from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from annotator.core.commands import MakeSpan, SetFlag, SetStatus
from annotator.core.errors import ProjectError
from annotator.core.model import Article, Kind, Status
from annotator.core.ports import ArticleFilter, ArticleRow, NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project
from annotator.ui.models.article_list import PAGE, PAGES, ArticleListModel, ArticleRole, spoken

NEW = ArticleFilter(statuses=frozenset({Status.NEW}))


def add(project: Project, count: int) -> None:
    articles = []
    for nth in range(count):
        text = f"Title {nth}\nAbout drones, number {nth}."
        articles.append(
            NewArticle(
                article=Article(
                    id=f"a{nth:05}",
                    text=text,
                    sha256=sha256_of(text),
                    title=f"Title {nth}",
                    publisher="Reuters",
                    published="2023-08-16",
                    imported_at="2026-01-01T00:00:00Z",
                )
            )
        )
    project.repository.add_articles(articles, [])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.annot") as made:
        yield made


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[ArticleListModel]:
    made = ArticleListModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield made
    made.deleteLater()


def titles(model: QAbstractItemModel) -> list[str]:
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_shows_the_project_in_import_order(project: Project, model: ArticleListModel) -> None:
    add(project, 250)
    model.set_source(project.repository, "ana")
    assert model.total == 250
    assert titles(model) == [f"Title {nth}" for nth in range(250)]
    index = model.index(249)
    assert index.data(ArticleRole.ID) == "a00249"
    assert index.data(ArticleRole.STATUS) == Status.NEW
    assert index.data(ArticleRole.PUBLISHER) == "Reuters"
    assert index.data(ArticleRole.PUBLISHED) == "2023-08-16"
    assert index.data(ArticleRole.FLAGGED) is False
    assert (index.data(ArticleRole.LABELS), index.data(ArticleRole.SUGGESTIONS)) == (0, 0)
    assert isinstance(index.data(ArticleRole.ROW), ArticleRow)
    assert model.row_of("a00123") == 123
    assert model.id_at(123) == "a00123"
    assert model.id_at(250) is None
    assert model.id_at(-1) is None
    assert model.row_of("unknown") is None


def test_nothing_is_shown_without_a_project(project: Project, model: ArticleListModel) -> None:
    add(project, 3)
    model.set_source(project.repository, "ana")
    model.set_source(None, "")
    assert model.rowCount() == 0
    assert model.total == 0


def test_an_edit_changes_its_own_row_only(project: Project, model: ArticleListModel) -> None:
    add(project, 5)
    model.set_source(project.repository, "ana")
    titles(model)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, last: changed.extend((first.row(), last.row())))
    editor = project.editor("ana")
    editor.open("a00003")
    editor.run(MakeSpan(Kind.ACTOR, "Actor", ((0, 5),)))
    editor.run(SetFlag(True))
    model.refresh_article("a00003")
    assert changed == [3, 3]
    row = model.article_at(3)
    assert row is not None
    assert (row.labels, row.flagged, row.status) == (1, True, Status.IN_PROGRESS)
    assert model.statuses[Status.NEW] == 4
    assert model.statuses[Status.IN_PROGRESS] == 1


def test_the_open_article_stays_until_another_is_opened(project: Project, model: ArticleListModel) -> None:
    add(project, 4)
    model.set_source(project.repository, "ana")
    model.set_filter(NEW)
    titles(model)
    model.hold("a00001")
    editor = project.editor("ana")
    editor.open("a00001")
    editor.run(SetStatus(Status.DONE))
    model.refresh_article("a00001")
    assert titles(model) == ["Title 0", "Title 1", "Title 2", "Title 3"]
    assert model.index(1).data(ArticleRole.STATUS) == Status.DONE
    assert model.row_of("a00001") == 1
    assert model.row_of("a00002") == 2
    editor.run(SetFlag(True))
    model.refresh_article("a00001")
    assert model.index(1).data(ArticleRole.FLAGGED) is True
    model.hold("a00002")
    assert titles(model) == ["Title 0", "Title 2", "Title 3"]
    assert model.row_of("a00002") == 1


def test_undo_brings_the_open_article_back_into_its_filter(project: Project, model: ArticleListModel) -> None:
    add(project, 3)
    model.set_source(project.repository, "ana")
    model.set_filter(NEW)
    titles(model)
    model.hold("a00002")
    editor = project.editor("ana")
    editor.open("a00002")
    editor.run(SetStatus(Status.SKIPPED))
    model.refresh_article("a00002")
    assert model.statuses[Status.SKIPPED] == 1
    editor.undo()
    model.refresh_article("a00002")
    assert model.statuses[Status.SKIPPED] == 0
    model.hold("a00000")
    assert titles(model) == ["Title 0", "Title 1", "Title 2"]


def test_an_article_that_comes_to_match_appears(project: Project, model: ArticleListModel) -> None:
    add(project, 3)
    model.set_source(project.repository, "ana")
    model.set_filter(ArticleFilter(statuses=frozenset({Status.DONE})))
    assert titles(model) == []
    model.hold("a00001")
    editor = project.editor("ana")
    editor.open("a00001")
    editor.run(SetStatus(Status.DONE))
    model.refresh_article("a00001")
    assert titles(model) == ["Title 1"]
    assert model.statuses[Status.DONE] == 1


def test_search_looks_into_texts(project: Project, model: ArticleListModel) -> None:
    add(project, 30)
    model.set_source(project.repository, "ana")
    model.set_filter(ArticleFilter(search="drones 17"))
    assert titles(model) == ["Title 17"]


def test_what_a_screen_reader_says(project: Project, model: ArticleListModel) -> None:
    row = ArticleRow(
        id="x",
        title="",
        status=Status.IN_PROGRESS,
        flagged=True,
        labels=2,
        suggestions=3,
        published="2023-08-16",
        publisher="Reuters",
    )
    assert spoken(row) == (
        "Untitled article, in progress, flagged, Reuters, 2023-08-16, 2 labels, 3 suggestions to decide"
    )
    add(project, 1)
    model.set_source(project.repository, "ana")
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Title 0, new, Reuters, 2023-08-16"


class Many:
    """A hundred thousand articles that are made up when they are asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.fetched = 0

    def count_articles(self, which: ArticleFilter, annotator: str) -> int:
        return self.count

    def article_rows(self, which: ArticleFilter, annotator: str, offset: int, limit: int) -> list[ArticleRow]:
        stop = min(self.count, offset + limit)
        self.fetched += max(0, stop - offset)
        return [
            ArticleRow(id=f"a{n}", title=f"T{n}", status=Status.NEW, flagged=False, labels=0, suggestions=0)
            for n in range(offset, stop)
        ]

    def position_of(self, article: str, which: ArticleFilter, annotator: str) -> int | None:
        return int(article[1:])

    def status_counts(self, annotator: str) -> dict[Status, int]:
        return {Status.NEW: self.count}


def test_a_long_list_is_fetched_in_pages_and_forgotten_again(qtbot: QtBot) -> None:
    model = ArticleListModel()
    source = Many(100_000)
    model.set_source(source, "ana")
    assert model.rowCount() == 100_000
    assert source.fetched == 0
    assert model.id_at(99_999) == "a99999"
    assert source.fetched == PAGE
    for row in range(0, 100_000, PAGE):
        model.id_at(row)
    assert len(model._pages) == PAGES
    assert len(model._places) == PAGES * PAGE
    before = source.fetched
    model.refresh_article("a0")
    assert source.fetched == before, "a row out of sight is read when it is looked at"
    assert model.row_of("a0") == 0


def test_a_hundred_thousand_rows_in_a_real_view(qtbot: QtBot, best_of: Callable[..., float]) -> None:
    from annotator.ui.panels.articles import ArticlesPanel
    from annotator.ui.theme import light

    panel = ArticlesPanel(light())
    qtbot.addWidget(panel)
    panel.resize(300, 800)
    panel.show()
    source = Many(100_000)

    def to_the_end() -> None:
        panel.set_source(source, "ana")
        panel.view.scrollToBottom()
        panel.grab()

    assert best_of(to_the_end) < 0.25, "Qt's own list view takes 0.4 s for the layout alone"
    assert source.fetched < 20 * PAGE


@pytest.fixture
def best_of() -> Callable[..., float]:
    def measure(work: Callable[[], None], times: int = 3) -> float:
        took = []
        for _ in range(times):
            start = time.perf_counter()
            work()
            took.append(time.perf_counter() - start)
        return min(took)

    return measure


class Broken(Many):
    def article_rows(self, which: ArticleFilter, annotator: str, offset: int, limit: int) -> list[ArticleRow]:
        raise ProjectError("the project file cannot be read")


def test_a_file_that_cannot_be_read_is_told_once(qtbot: QtBot) -> None:
    model = ArticleListModel()
    model.set_source(Broken(500), "ana")
    told: list[ProjectError] = []
    model.problem_met.connect(told.append)
    with qtbot.waitSignal(model.problem_met):
        assert titles(model) == ["None"] * 500
    qtbot.wait(1)
    assert len(told) == 1
