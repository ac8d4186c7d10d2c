"""The second process itself: who ends it, what it says where it fails, and which file it opens."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import ProjectError
from annotator.store.database import Database
from annotator.store.repository import SqlRepository
from annotator.store.second_process import EndedError, Pipe, second_process, started_ahead


def _answers(pipe: Pipe) -> None:
    while True:
        pipe.give(pipe.take())


def _comes_up_late(pipe: Pipe) -> None:
    time.sleep(20)
    pipe.give("here")


def _breaks(pipe: Pipe) -> None:
    pipe.take()
    raise ZeroDivisionError("a bug")


@pytest.mark.skipif(sys.platform == "win32", reason="there it may complain until it ignores Ctrl+C")
def test_ctrl_c_does_not_reach_it_however_early() -> None:
    with second_process(_answers) as pipe:
        (process,) = multiprocessing.active_children()
        assert process.pid is not None
        os.kill(process.pid, signal.SIGINT)
        pipe.give("still there")
        assert pipe.take() == "still there"
        assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())  # this one hears it as before


def test_an_error_beside_the_pipe_is_none_of_the_pipe() -> None:
    """The process waits for more, and would be waited for in vain."""

    def paint(pipe: Pipe) -> None:
        pipe.give(1)
        raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="the terminal is gone"), second_process(_answers) as pipe:
        paint(pipe)
    assert not multiprocessing.active_children()


def test_one_that_has_yet_to_come_up_is_not_waited_for() -> None:
    began = time.monotonic()
    with pytest.raises(ZeroDivisionError), second_process(_comes_up_late):
        raise ZeroDivisionError
    assert time.monotonic() - began < 5
    assert not multiprocessing.active_children()


def test_a_bug_in_it_is_one_here(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError) as caught, second_process(_breaks) as pipe:
        pipe.give_all([pickle.dumps(bytes(1_000_000))] * 9)
    assert "in _breaks" in caught.value.__notes__[0]
    assert capfd.readouterr().err == ""


def test_where_python_allows_none_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process of ``multiprocessing.Pool``."""
    config: Any = multiprocessing.current_process()
    monkeypatch.setitem(config._config, "daemon", True)
    with pytest.raises(EndedError), second_process(_answers):
        raise AssertionError


def test_it_opens_no_file_but_the_same(repository: SqlRepository, path: Path) -> None:
    with closing(Database(path)) as database:
        data = pickle.dumps(database)
    again: Database = pickle.loads(data)
    with again.reading():
        pass
    again.close()
    shutil.copy(path, copy := path.with_name("copy"))
    copy.replace(path)
    with (
        closing(pickle.loads(data)) as other,
        pytest.raises(ProjectError, match="moved, deleted or replaced"),
        other.reading(),
    ):
        raise AssertionError


def test_one_that_was_started_ahead_is_taken_once() -> None:
    with started_ahead("annotator.store.adding"):
        (before,) = multiprocessing.active_children()
        with second_process(_answers) as pipe:
            pipe.give(1)
            assert pipe.take() == 1
            assert multiprocessing.active_children() == [before]
        with second_process(_answers) as pipe:
            assert before not in multiprocessing.active_children()
            pipe.give(2)
            assert pipe.take() == 2
    assert not multiprocessing.active_children()


def test_one_that_nobody_asked_for_ends() -> None:
    def paint() -> None:
        with started_ahead("annotator.store.adding"):
            assert len(multiprocessing.active_children()) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        paint()
    assert not multiprocessing.active_children()


def test_where_none_can_be_started_ahead_the_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    config: Any = multiprocessing.current_process()
    monkeypatch.setitem(config._config, "daemon", True)
    done = []
    with started_ahead("annotator.store.adding"):
        done.append(not multiprocessing.active_children())
    assert done == [True]


def test_one_that_dies_while_it_starts_is_told_where_it_is_used() -> None:
    with (
        started_ahead("annotator.no_such_module"),
        pytest.raises(ModuleNotFoundError),
        second_process(_answers) as pipe,
    ):
        pipe.take()


@pytest.mark.skipif(sys.platform == "win32", reason="there interrupts are not held back")
def test_an_interrupt_while_it_is_started_leaves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    real = multiprocessing.context.SpawnProcess.start

    def start(self: Any) -> None:
        real(self)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", start)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have them ignored
    try:
        with pytest.raises(KeyboardInterrupt), second_process(_answers):
            raise AssertionError
        with pytest.raises(KeyboardInterrupt), started_ahead("annotator.store.adding"):
            raise AssertionError
    finally:
        signal.signal(signal.SIGINT, before)
    assert not multiprocessing.active_children()
