"""Small files share a transaction; what comes of them is what each by itself gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.core.errors import ProjectError
from annotator.formats.native import line_of
from annotator.session import taking
from annotator.session.importing import ImportReport, import_paths
from annotator.session.project import Project
from annotator.store.repository import SqlRepository

LABELLED = "T1\tPerson 0 5\tSmith\n"
NAMED = LABELLED + "N1\tReference T1 actor:smith\tJohn Smith\n"
MANY = 30


def write(folder: Path, name: str, text: str, labels: str | None) -> None:
    (folder / f"{name}.txt").write_text(text, "utf-8")
    if labels is not None:
        (folder / f"{name}.ann").write_text(labels, "utf-8")


def taken(project: Path, folder: Path) -> tuple[ImportReport, list[dict[str, Any]]]:
    """What an import into a new project reports, and what is in it then, without ids and times."""
    with Project.create(project) as opened:
        report = import_paths(opened, [folder], annotator="ana")
        assert not list(opened.repository.check())
        lines = [line_of(each) for each in opened.repository.iter_labels(suggestions=True)]
    return report, [bare(each) for each in lines]


def bare(line: dict[str, Any]) -> dict[str, Any]:
    parts = [*line["spans"], *line["relations"], *line["actors"]]
    for each in [line, *parts]:
        each.pop("id", None)
        if each.get("actor"):
            each["actor"] = True
    return line


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many articles each transaction adds."""
    numbers: list[int] = []
    add = SqlRepository.add_articles

    def added(self: Any, *given: Any, **named: Any) -> int:
        numbers.append(add(self, *given, **named))
        return numbers[-1]

    monkeypatch.setattr(SqlRepository, "add_articles", added)
    return numbers


def test_small_labelled_files_share_a_transaction(tmp_path: Path, saved: list[int]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for nth in range(MANY):
        write(folder, f"d{nth:02}", f"Smith says {nth}.", LABELLED)
    report, lines = taken(tmp_path / "p.annot", folder)
    assert (report.files, report.articles, report.labels) == (MANY, MANY, MANY)
    assert [len(each["spans"]) for each in lines] == [1] * MANY
    assert saved == [MANY]


def test_a_file_with_actor_records_is_saved_by_itself(tmp_path: Path, saved: list[int]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for nth in range(4):
        write(folder, f"d{nth}", f"Smith says {nth}.", NAMED if nth == 1 else LABELLED)
    taken(tmp_path / "p.annot", folder)
    assert saved == [1, 1, 2]


def test_labels_of_a_text_that_waits(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder, "a", "Smith says.", LABELLED)
    write(folder, "b", "Smith says.", LABELLED)  # the same again
    write(folder, "c", "Smith says.", "T1\tPlace 0 5\tSmith\n")  # another answer of the same person
    report, lines = taken(tmp_path / "p.annot", folder)
    assert (report.articles, report.duplicates, report.labels) == (1, 1, 1)
    assert [problem.where for problem in report.problems] == [str(folder / "c.ann")]
    assert len(lines) == 1


def test_labels_in_the_words_of_an_older_codebook_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder, "a", "Smith says.", LABELLED)
    with Project.create(tmp_path / "p.annot") as project:
        older = project.repository.codebook_number() - 1
        monkeypatch.setattr(project.repository, "codebook_number", lambda: older)
        with pytest.raises(ProjectError, match="codebook"):
            import_paths(project, [folder], annotator="ana")
        assert not list(project.repository.iter_labels())


OTHER, WRONG = "T1\tPlace 0 5\tSmith\n", "T1\tPerson 90 95\tSmith\n"
FILES = [  # number of the text, labels
    (0, None), (1, LABELLED), (0, LABELLED), (2, NAMED), (1, LABELLED), (3, WRONG), (3, OTHER), (1, OTHER),
    (4, LABELLED), (4, None), (5, None), (5, NAMED), (2, None), (6, OTHER),
]  # fmt: skip


def test_shared_transactions_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for nth, (text, labels) in enumerate(FILES):
        write(folder, f"f{nth:02}", f"Smith says {text}.", labels)
    together = taken(tmp_path / "together.annot", folder)
    monkeypatch.setattr(taking, "_TOGETHER", 1)
    apart = taken(tmp_path / "apart.annot", folder)
    assert together[0].articles == 7
    assert len(together[0].problems) == 2
    assert orjson.dumps(together[1]) == orjson.dumps(apart[1])
    for figure in ("files", "articles", "duplicates", "labels", "labelled", "annotators"):
        assert getattr(together[0], figure) == getattr(apart[0], figure), figure
    assert [str(each) for each in together[0].problems] == [str(each) for each in apart[0].problems]
