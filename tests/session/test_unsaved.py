"""What happens to labels while the project file cannot be written to: they are kept, and written later."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from annotator.core.commands import MakeSpan, SetLabelNote
from annotator.core.errors import ProjectError, RuleError, StorageError
from annotator.core.history import Edit
from annotator.core.model import Article, Kind, Target
from annotator.core.moves import Move, Part
from annotator.core.ports import NewArticle
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.session.backups import back_up
from annotator.session.copies import save_copy
from annotator.session.editor import Editor
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project
from annotator.session.unsaved import file_of, keep, kept

TEXT = "The envoy said that Iran must stop the sale of drones."


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    path = tmp_path / "work" / "p.annot"
    path.parent.mkdir()
    with Project.create(path) as project:
        project.repository.add_articles(
            [
                NewArticle(article=Article(id=each, text=TEXT + each, sha256=sha256_of(TEXT + each)))
                for each in "ab"
            ],
            [],
        )
    return path


def cue(editor: Editor, start: int, end: int) -> None:
    editor.run(MakeSpan(Kind.CUE, "Cue", ((start, end),)))


def starts(project: Project, article: str = "a") -> list[int]:
    return sorted(span.start for span in project.repository.load_page(article, "ana").spans.values())


def away(path: Path) -> Path:
    return path.rename(path.with_name("elsewhere"))


def test_edits_wait_for_the_file_in_their_order(path: Path) -> None:
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.open("a")
        cue(editor, 0, 3)
        moved = away(path)
        cue(editor, 4, 9)
        cue(editor, 10, 14)
        assert len(editor.unsaved.edits) == 2
        assert editor.unsaved.trouble is not None
        assert "moved" in editor.unsaved.trouble.what
        assert editor.page is not None
        assert len(editor.page.spans) == 3
        with pytest.raises(StorageError):
            editor.write_unsaved()
        assert len(editor.unsaved.edits) == 2
        moved.rename(path)
        cue(editor, 20, 24)
        assert len(editor.unsaved.edits) == 3, "the order of the log is kept"
        editor.write_unsaved()
        assert not editor.unsaved
        assert starts(project) == [0, 4, 10, 20]
        assert editor.undo() is not None
        assert starts(project) == [0, 4, 10]


def test_undo_and_redo_work_on_what_waits(path: Path) -> None:
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.open("a")
        moved = away(path)
        cue(editor, 4, 9)
        cue(editor, 10, 14)
        assert editor.undo() is not None
        assert editor.page is not None
        assert [span.start for span in editor.page.spans.values()] == [4]
        assert editor.redo() is not None
        assert len(editor.page.spans) == 2
        assert editor.undo() is not None
        moved.rename(path)
        editor.write_unsaved()
        assert starts(project) == [4]
        assert editor.redo() is not None
        assert starts(project) == [4, 10]
        assert (editor.undo(), editor.undo(), editor.undo()) != (None, None, None)
        assert starts(project) == []


def test_a_full_disk_loses_nothing(path: Path) -> None:
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.open("a")
        repository = project.repository
        real = repository.save_edit

        def full(edit: object) -> object:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            from annotator.store.failures import as_project_error

            raise as_project_error(error, path)

        repository.save_edit = full  # type: ignore[method-assign,assignment]
        cue(editor, 4, 9)
        assert editor.unsaved.trouble is not None
        assert editor.unsaved.trouble.what == "the disk is full"
        repository.save_edit = real  # type: ignore[method-assign]
        editor.write_unsaved()
        assert starts(project) == [4]


def test_another_article_shows_what_waits_for_it(path: Path) -> None:
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.open("a")
        moved = away(path)
        cue(editor, 4, 9)
        moved.rename(path)
        editor.open("b")
        page = editor.open("a")
        assert len(page.spans) == 1
        assert starts(project) == []


def test_what_does_not_fit_any_more_is_said_and_the_rest_is_written(path: Path) -> None:
    with Project.open(path) as project:
        editor, other = project.editor("ana"), project.editor("ana")
        editor.open("a")
        other.open("a")
        moved = away(path)
        cue(editor, 4, 9)
        cue(editor, 10, 14)
        moved.rename(path)
        editor.page = None
        from annotator.core.commands import SetFlag

        other.run(SetFlag(True))  # the first edit of each starts the article
        with pytest.raises(ProjectError, match="could not be saved"):
            editor.write_unsaved()
        editor.write_unsaved()
        assert starts(project) == [10]


def test_the_file_of_unsaved_edits_outlasts_the_program(path: Path) -> None:
    file = file_of(path, "ana")
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.unsaved.changed = lambda: keep(editor.unsaved.edits, file)  # type: ignore[assignment]
        editor.open("a")
        moved = away(path)
        cue(editor, 4, 9)
        cue(editor, 10, 14)
        editor.undo()
    moved.rename(path)
    edits = kept(file)
    assert len(edits) == 1
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.unsaved.changed = lambda: keep(editor.unsaved.edits, file)  # type: ignore[assignment]
        editor.unsaved.edits = edits
        editor.write_unsaved()
        assert starts(project) == [4]
        assert not file.exists()
        editor.unsaved.edits = edits
        editor.write_unsaved()
        assert starts(project) == [4], "written already: the program stopped before it forgot it"


def test_a_torn_file_of_unsaved_edits_gives_what_it_has(path: Path) -> None:
    file = file_of(path, "ana")
    file.parent.mkdir(parents=True)
    file.write_bytes(b'{"at": 1}\n\xff\n[]\n')
    assert kept(file) == []
    assert kept(file.with_name("none")) == []


def test_a_copy_holds_the_file_that_was_deleted_and_what_waits(path: Path, tmp_path: Path) -> None:
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.open("a")
        cue(editor, 0, 3)
        path.unlink()
        cue(editor, 4, 9)
        done = save_copy(project, editor.unsaved.edits, tmp_path / "copy.annot")
    assert (done.edits, done.lost, done.backup) == (1, (), "")
    with Project.open(done.path) as copy:
        assert starts(copy) == [0, 4]
        assert list(copy.repository.check()) == []


def test_the_newest_backup_stands_in_for_a_file_that_cannot_be_read(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.open("a")
        cue(editor, 0, 3)
        back_up(path)
        path.rename(tmp_path / "gone")
        cue(editor, 4, 9)

        def broken(target: Path) -> None:
            target.write_bytes(b"half")
            raise StorageError("the disk reports an error")

        monkeypatch.setattr(project.repository, "copy_to", broken)
        done = save_copy(project, editor.unsaved.edits, tmp_path / "copy.annot")
    assert done.backup.startswith("20")
    with Project.open(done.path) as copy:
        assert starts(copy) == [0, 4]


def test_a_copy_never_replaces_a_file(path: Path) -> None:
    with Project.open(path) as project, pytest.raises(ProjectError, match="already"):
        save_copy(project, [], path)


def full(_edit: Edit) -> Edit:
    raise StorageError("the disk is full")


def test_what_waits_goes_along_when_somebody_changes_the_codebook(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(path) as project, Project.open(path) as other:
        editor, ben = project.editor("ana"), other.editor("ben")
        editor.open("a")
        with monkeypatch.context() as patched:
            patched.setattr(project.repository, "save_edit", full)
            editor.run(MakeSpan(Kind.CLAIM, "Claim", ((0, 9),)))
            claims = [
                replace(each, name="Said") if each.name == "Claim" else each for each in ben.codebook.labels
            ]
            move = Move(Part.LABEL, ("claim", "Claim"), ("claim", "Said"))
            ben.change_codebook(replace(ben.codebook, labels=tuple(claims)), [move], "Rename")
            editor.look_again()
            assert editor.page is not None
            (claim,) = [each.id for each in editor.page.spans.values() if each.kind == Kind.CLAIM]
            assert editor.page.spans[claim].label == "Said"
            editor.run(SetLabelNote(Target.SPAN, claim, "see"))
            left = [each for each in ben.codebook.labels if each.name != "Cue"]
            cue(editor, 4, 9)
            ben.change_codebook(
                replace(ben.codebook, labels=tuple(left)), [Move(Part.LABEL, ("cue", "Cue"), None)], "Remove"
            )
            editor.look_again()
            assert {each.label for each in editor.page.spans.values()} == {"Said"}
        with pytest.raises(ProjectError, match="could not be saved: the codebook has changed since"):
            editor.write_unsaved()
        assert not editor.unsaved
        saved = project.repository.load_page("a", "ana")
        assert [(each.label, each.note) for each in saved.spans.values()] == [("Said", "see")]
        assert editor.page.spans == saved.spans
        assert list(project.repository.check()) == []


def test_what_waits_and_has_no_place_any_more_is_given_up_by_undo(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(path) as project, Project.open(path) as other:
        editor, ben = project.editor("ana"), other.editor("ben")
        editor.open("a")
        monkeypatch.setattr(project.repository, "save_edit", full)
        cue(editor, 0, 3)
        left = [each for each in ben.codebook.labels if each.name != "Cue"]
        after = replace(ben.codebook, labels=tuple(left))
        ben.change_codebook(after, [Move(Part.LABEL, ("cue", "Cue"), None)], "Remove")
        editor.look_again()
        with pytest.raises(RuleError, match="is given up"):
            editor.undo()
        assert not editor.unsaved


def test_labels_are_imported_by_the_codebook_that_holds(path: Path, tmp_path: Path) -> None:
    with Project.open(path) as project, Project.open(path) as other:
        out = tmp_path / "out.jsonl"
        editor, ben = project.editor("ana"), other.editor("ben")
        editor.open("a")
        cue(editor, 0, 3)
        export_labels(project, out)
        left = [each for each in ben.codebook.labels if each.name != "Cue"]
        after = replace(ben.codebook, labels=tuple(left))
        ben.change_codebook(after, [Move(Part.LABEL, ("cue", "Cue"), None)], "Remove")
        line = json.loads(out.read_bytes().splitlines()[0])
        for span in line["spans"]:
            del span["id"]
        out.write_text(json.dumps(line | {"annotator": "cy"}))
        assert "no cue label 'Cue'" in str(import_paths(project, [out]).problems[0])
        assert list(project.repository.check()) == []
