"""Opening, making and closing project files, and everything that can be wrong with one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Connection

from annotator.core.changes import ChangeSet, ProgressChange
from annotator.core.codebook import Codebook
from annotator.core.errors import InputError, Problem, ProjectError, StorageError
from annotator.core.history import Edit
from annotator.core.model import Progress
from annotator.session.codebooks import codebook_named
from annotator.session.gathering import gather
from annotator.session.targets import replacing
from annotator.store import database as database_module
from annotator.store import repository as repository_module
from annotator.store.database import APPLICATION_ID, schema_version_of
from annotator.store.file_kind import is_database
from annotator.store.migrations import SCHEMA_VERSION
from annotator.store.repository import SqlRepository, create_repository, open_repository

AT = "2026-03-01T09:30:00.125Z"


def refusal(path: Path) -> ProjectError:
    with pytest.raises(ProjectError) as caught:
        open_repository(path)
    assert str(path) in str(caught.value)
    assert caught.value.problem.cure
    return caught.value


def files_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_header_of_a_new_file(path: Path, repository: SqlRepository) -> None:
    repository.close()
    header = path.read_bytes()[:100]
    assert header[:16] == b"SQLite format 3\0"
    assert int.from_bytes(header[60:64]) == SCHEMA_VERSION
    assert int.from_bytes(header[68:72]) == APPLICATION_ID == int.from_bytes(b"ANNT")
    assert header[18:20] == b"\2\2", "write-ahead log"


def test_settings_of_each_connection(repository: SqlRepository) -> None:
    with repository._database.reading() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
        }
    assert values == {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
    }


def test_closing_leaves_one_file(path: Path, repository: SqlRepository) -> None:
    repository.set_setting("a", "b")
    assert f"{path.name}-wal" in files_in(path.parent)
    repository.close()
    repository.close()
    assert files_in(path.parent) == [path.name]
    with closing(open_repository(path)) as again:
        assert again.setting("a") == "b"


def test_a_closed_project_says_so(repository: SqlRepository) -> None:
    repository.close()
    with pytest.raises(ProjectError, match="is closed"):
        repository.codebook()


def test_missing_file(path: Path) -> None:
    assert "no such file" in str(refusal(path))
    assert files_in(path.parent) == []


def test_folder(tmp_path: Path) -> None:
    assert "folder" in str(refusal(tmp_path))


def test_empty_file(path: Path) -> None:
    path.touch()
    assert "empty" in str(refusal(path))
    assert path.read_bytes() == b""


@pytest.mark.parametrize("content", [b"{}", b"a text\n" * 1000, b"SQLite format 3\0", os.urandom(5000)])
def test_something_else(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "not an Annotator project" in str(refusal(path))
    assert path.read_bytes() == content
    assert files_in(path.parent) == [path.name]


def test_database_of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
    before = path.read_bytes()
    assert "not an Annotator project" in str(refusal(path))
    assert path.read_bytes() == before


def test_newer_version_is_left_byte_for_byte(path: Path, repository: SqlRepository) -> None:
    repository.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=999")
    before, times = path.read_bytes(), path.stat().st_mtime_ns
    assert "newer Annotator" in str(refusal(path))
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == times
    assert files_in(path.parent) == [path.name]


def test_damaged_file(path: Path, repository: SqlRepository) -> None:
    repository.close()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    assert "damaged" in str(refusal(path))


def test_cut_off_file(path: Path, repository: SqlRepository) -> None:
    repository.close()
    path.write_bytes(path.read_bytes()[:8192])
    assert "damaged" in str(refusal(path))


@pytest.fixture
def locked_folder(codebook: Codebook) -> Iterator[Path]:
    """A project that somebody without rights meets; as root, their rights are taken on."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        create_repository(folder / "news.annot", codebook).close()
        folder.chmod(0o755)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
class TestReadOnly:
    def test_file(self, locked_folder: Path) -> None:
        path = locked_folder / "news.annot"
        if os.geteuid() != 65534:
            path.chmod(0o444)
        assert "read-only" in str(refusal(path))
        assert files_in(locked_folder) == ["news.annot"]

    def test_folder(self, locked_folder: Path) -> None:
        path = locked_folder / "news.annot"
        if os.geteuid() == 65534:
            os.seteuid(0)
            path.chmod(0o666)
            os.seteuid(65534)
        else:
            locked_folder.chmod(0o555)
        assert "folder that cannot be written to" in str(refusal(path))
        assert files_in(locked_folder) == ["news.annot"]

    def test_new_project_in_it(self, locked_folder: Path, codebook: Codebook) -> None:
        if os.geteuid() != 65534:
            locked_folder.chmod(0o555)
        with pytest.raises(ProjectError, match="may write"):
            create_repository(locked_folder / "other.annot", codebook)


def test_making_one_where_something_is(path: Path, codebook: Codebook) -> None:
    path.write_text("mine")
    with pytest.raises(ProjectError, match="already"):
        create_repository(path, codebook)
    assert path.read_text() == "mine"


def test_making_one_in_no_folder(tmp_path: Path, codebook: Codebook) -> None:
    with pytest.raises(ProjectError, match="folder"):
        create_repository(tmp_path / "none" / "news.annot", codebook)


def test_failed_creation_leaves_nothing(
    path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    import annotator.store.migrations as migrations

    def fail(connection: object) -> None:
        raise sqlite3.OperationalError("no room")

    monkeypatch.setattr(migrations, "create_search", fail)
    with pytest.raises(ProjectError):
        create_repository(path, codebook)
    assert files_in(path.parent) == []


def test_a_new_file_has_its_name_only_when_it_is_whole(
    path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before, nothing would be there that cannot be opened and whose name is taken."""
    make = repository_module.create_schema

    def look_and_make(connection: Connection, codebook: Codebook) -> None:
        make(connection, codebook)
        assert not path.exists()

    monkeypatch.setattr(repository_module, "create_schema", look_and_make)
    create_repository(path, codebook).close()
    assert files_in(path.parent) == [path.name]


def test_two_programs_make_the_same_file(
    path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slower one must not replace what the other has begun to work on."""
    make = repository_module.create_schema

    def make_and_be_late(connection: Connection, codebook: Codebook) -> None:
        make(connection, codebook)
        path.write_text("the other one's")

    monkeypatch.setattr(repository_module, "create_schema", make_and_be_late)
    with pytest.raises(ProjectError, match="already"):
        create_repository(path, codebook)
    assert path.read_text() == "the other one's"
    assert files_in(path.parent) == [path.name]


def test_a_disk_without_second_names(path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    create_repository(path, codebook).close()
    assert files_in(path.parent) == [path.name]


def test_odd_file_names(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "é 100% #1 ?x=1&mode=memory 😀.annot"
    with closing(create_repository(path, codebook)) as made:
        made.set_setting("a", "b")
    assert files_in(tmp_path) == [path.name]
    with closing(open_repository(path)) as again:
        assert again.setting("a") == "b"


def test_deleted_while_open(path: Path, repository: SqlRepository) -> None:
    path.unlink()
    with pytest.raises(ProjectError, match="moved, deleted or replaced"):
        repository.set_setting("a", "b")


def test_deleted_while_it_is_written_to(path: Path, repository: SqlRepository) -> None:
    with (
        closing(database_module.Database(path)) as database,
        pytest.raises(ProjectError, match="moved, deleted or replaced"),
        database.writing(),
    ):
        path.unlink()


def drop_locks(path: Path) -> None:
    """What anything in this process does that reads the file plainly; then another program comes and goes."""
    path.read_bytes()
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA user_version'); c.close()"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="locks belong to the open file there")
def test_what_is_written_after_the_locks_were_dropped_is_there_for_others(
    path: Path, repository: SqlRepository
) -> None:
    repository.set_setting("a", "before")
    drop_locks(path)
    assert not path.with_name(f"{path.name}-wal").exists(), "the other program took itself for the last one"
    repository.set_setting("b", "after")
    copy = path.with_name("copy.annot")
    for ending in ("", "-wal"):  # what is on the disk when the program is killed now
        shutil.copyfile(f"{path}{ending}", f"{copy}{ending}")
    with closing(open_repository(copy)) as left:
        assert (left.setting("a"), left.setting("b")) == ("before", "after")
    repository.set_setting("c", "more")
    with closing(open_repository(path)) as other:
        assert [other.setting(each) for each in "abc"] == ["before", "after", "more"]


@pytest.mark.skipif(sys.platform == "win32", reason="locks belong to the open file there")
def test_what_a_killed_program_wrote_after_the_locks_were_dropped_stays(
    path: Path, repository: SqlRepository
) -> None:
    repository.set_setting("a", "mine")
    drop_locks(path)
    script = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "c.execute(\"INSERT INTO settings (name, value) VALUES ('b', 'theirs')\"); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == 9
    assert [repository.setting(each) for each in "ab"] == ["mine", "theirs"]
    repository.set_setting("c", "more")
    repository.close()
    with closing(open_repository(path)) as again:
        assert [again.setting(each) for each in "abc"] == ["mine", "theirs", "more"]


@pytest.mark.skipif(sys.platform == "win32", reason="locks belong to the open file there")
def test_a_project_that_is_opened_by_a_link_is_guarded_as_well(path: Path, repository: SqlRepository) -> None:
    repository.close()
    link = path.with_name("link.annot")
    link.symlink_to(path)
    with closing(open_repository(link)) as linked:
        linked.set_setting("a", "before")
        drop_locks(path)
        linked.set_setting("a", "after")
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT value FROM settings WHERE name = 'a'").fetchone() == ("after",)


@pytest.mark.skipif(sys.platform == "win32", reason="locks belong to the open file there")
def test_locks_that_are_dropped_while_it_is_written_to_take_it_back(
    path: Path, repository: SqlRepository
) -> None:
    repository.set_setting("a", "before")

    def write(database: database_module.Database) -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE settings SET value = 'lost' WHERE name = 'a'")
            path.with_name(f"{path.name}-wal").unlink()

    repository._database.checkpoint()
    with (
        closing(database_module.Database(path)) as database,
        pytest.raises(StorageError, match="log beside the project was deleted"),
    ):
        write(database)
    repository.close()
    with closing(open_repository(path)) as again:
        assert again.setting("a") == "before"


def test_replaced_while_open(path: Path, repository: SqlRepository, codebook: Codebook) -> None:
    path.rename(path.with_suffix(".old"))
    create_repository(path, codebook).close()
    with pytest.raises(ProjectError, match="moved, deleted or replaced"):
        repository.set_setting("a", "b")


def test_locked_by_another_program(path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.1)
    with (
        closing(create_repository(path, codebook)) as repository,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        assert repository.codebook() == codebook, "reading never waits"
        with pytest.raises(ProjectError, match="another program, or an import, is writing"):
            repository.set_setting("a", "b")
        other.execute("COMMIT")
        repository.set_setting("a", "b")


def test_what_the_window_writes_does_not_wait_long(path: Path, repository: SqlRepository) -> None:
    repository.wait_at_most(0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = monotonic()
        with pytest.raises(StorageError, match="another program, or an import, is writing"):
            repository.set_setting("a", "b")
        assert monotonic() - began < database_module.BUSY_SECONDS / 2
        other.execute("COMMIT")
    repository.set_setting("a", "b")


def test_disk_full(path: Path, repository: SqlRepository) -> None:
    with repository._database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(ProjectError, match="disk is full"):
        repository.set_setting("big", "x" * 100_000)
    assert repository.setting("big") is None


def test_reading_while_writing_in_other_threads(repository: SqlRepository) -> None:
    failures: list[Exception] = []

    def write(name: str) -> None:
        try:
            for number in range(30):
                repository.set_setting(name, str(number))
                assert repository.setting(name) == str(number)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(f"thread {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


KILLED = """
import os, sys
from pathlib import Path
from annotator.core.changes import ChangeSet, ProgressChange
from annotator.core.history import Edit
from annotator.core.model import Progress
from annotator.store.repository import open_repository
repository = open_repository(Path(sys.argv[1]))
note = None
for number in range(1000):
    before, note = Progress(note=note), f"note {number}"
    changes = ChangeSet("a1", (ProgressChange(before, Progress(note=note)),))
    repository.save_edit(Edit(at="", annotator="ana", verb="x", title="", changes=(changes,)))
    print(note, flush=True)
    if number == 20:
        os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_what_was_saved_survives_a_kill(path: Path, repository: SqlRepository, article) -> None:  # type: ignore[no-untyped-def]
    repository.add_articles([article(1)], [])
    repository.close()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], capture_output=True, text=True, check=False
    )
    told = done.stdout.splitlines()
    assert told[-1] == "note 20", done.stderr
    with closing(open_repository(path)) as again:
        assert again.load_page("a1", "ana").progress.note == told[-1]
        assert list(again.check()) == []
        assert again.counts().edits == len(told)


def test_killed_while_the_log_was_folded_into_the_file(
    path: Path, repository: SqlRepository, article
) -> None:  # type: ignore[no-untyped-def]
    """After any number of pages: the header is the first of them, and speaks of those still in the log."""
    repository._database.checkpoint()
    before = path.read_bytes()
    repository.add_articles([article(number) for number in range(400)], [])
    log = path.with_name(f"{path.name}-wal").read_bytes()
    repository.close()
    after, page = path.read_bytes(), 4096
    assert len(after) > len(before) + 4 * page
    torn = path.with_name("torn.annot")
    for pages in (0, 1, 2, len(before) // page, len(after) // page - 1, len(after) // page):
        torn.write_bytes(after[: pages * page] + before[pages * page :])
        torn.with_name(f"{torn.name}-wal").write_bytes(log)
        assert schema_version_of(torn) == SCHEMA_VERSION
        with closing(open_repository(torn)) as found:
            assert found.counts().articles == 400
            assert not list(found.check())
        torn.unlink()


def test_schema_version_is_read_without_a_trace(path: Path, repository: SqlRepository) -> None:
    repository.close()
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert schema_version_of(path) == SCHEMA_VERSION
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert files_in(path.parent) == [path.name]


def test_a_character_that_cannot_be_stored(repository: SqlRepository, article) -> None:  # type: ignore[no-untyped-def]
    repository.add_articles([article(1)], [])
    changes = ChangeSet("a1", (ProgressChange(Progress(), Progress(note="half \ud83d")),))
    edit = Edit(at=AT, annotator="ana", verb="set_note", title="Note", changes=(changes,))
    with pytest.raises(ProjectError, match=r"U\+D83D|surrogates"):
        repository.save_edit(edit)
    assert repository.annotators() == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_program_s_own_looks_at_an_open_project_keep_its_locks(
    path: Path, repository: SqlRepository, tmp_path: Path
) -> None:
    def locks() -> int:
        files = {path.stat().st_ino, path.with_name(f"{path.name}-shm").stat().st_ino}
        mine = [line for line in Path("/proc/locks").read_text().splitlines() if f" {os.getpid()} " in line]
        return sum(int(line.split()[5].rpartition(":")[2]) in files for line in mine)

    repository.set_setting("a", "b")
    assert (before := locks()) > 0
    with closing(open_repository(path)):
        pass
    assert is_database(path)
    assert schema_version_of(path) == SCHEMA_VERSION
    assert codebook_named(str(path)) == repository.codebook()
    problems: list[Problem] = []
    assert gather([path, *tmp_path.glob("*.annot-*"), tmp_path], problems) == []
    assert len(problems) == 4
    with pytest.raises(InputError, match="must not replace"), replacing(path):
        pass
    assert locks() == before
    path.read_bytes()
    assert locks() < before, "so that the test would see it"


def test_what_is_a_database(path: Path, repository: SqlRepository, tmp_path: Path) -> None:
    repository.set_setting("a", "b")
    for name, content in (("empty", b""), ("text", b"SQLite is a library." * 300), ("short", b"x")):
        (tmp_path / name).write_bytes(content)
    found = [is_database(tmp_path / each) for each in ("empty", "text", "short", "none", ".", path.name)]
    assert found == [False, False, False, False, False, True]
    (tmp_path / "torn.annot").write_bytes(path.read_bytes()[:5000])
    assert is_database(tmp_path / "torn.annot")
