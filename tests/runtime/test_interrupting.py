"""Ctrl+C, as a terminal sends it: to every process at once, and by a single file's starter twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.__main__ import main
from annotator.store.second_process import uninterrupted
from tests.package.processes import running

if sys.platform == "win32":
    pytest.skip("Windows has no signals to send", allow_module_level=True)

SAID = "Interrupted. What had been finished is saved.\n"
_WORK = """
import sys, time
from annotator.cli.main import guarded
from annotator.runtime.interrupting import interrupts_end_it

def work():
    try:
        print("ready", flush=True)
        time.sleep(20)
    finally:
        time.sleep(0.3)
        print("taken back")

interrupts_end_it()
if "imports" in sys.argv:
    print("ready", flush=True)
    time.sleep(20)
sys.exit(guarded(work))
"""


def started(arguments: list[str], *, ignoring: bool = False) -> subprocess.Popen[str]:
    what = signal.SIG_IGN if ignoring else signal.SIG_DFL
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, what),
    )


def ready(child: subprocess.Popen[str]) -> None:
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"


def test_while_the_program_is_imported_it_ends_without_a_word() -> None:
    child = started(["-c", _WORK, "imports"])
    ready(child)
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=20) == ("", "")
    assert child.returncode == -signal.SIGINT


def test_two_at_once_are_one() -> None:
    child = started(["-c", _WORK])
    ready(child)
    for _ in range(2):
        child.send_signal(signal.SIGINT)
        time.sleep(0.1)
    assert child.communicate(timeout=20) == ("taken back\n", SAID)
    assert child.returncode == 130


def test_where_they_are_ignored_they_stay_so() -> None:
    child = started(["-c", _WORK], ignoring=True)
    ready(child)
    child.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(timeout=0.5)
    child.kill()
    child.communicate()


def _import(folder: Path) -> list[str]:
    text = "word " * 900
    lines = (json.dumps({"text": f"Article {n}. {text}"}) for n in range(2_500))
    (folder / "many.jsonl").write_text("\n".join(lines), "utf-8")
    return ["import", str(folder / "p.annot"), str(folder / "many.jsonl")]


def _suggest(folder: Path) -> list[str]:
    for city in ("Doha", "Paris"):
        (folder / f"{city}.txt").write_text(f"Talks\n\nThe talks go on in {city}.\n", "utf-8")
    project = str(folder / "p.annot")
    assert main(["import", project, *map(str, folder.glob("*.txt"))]) == 0
    return ["suggest", project, "--workers", "2"]


@pytest.mark.parametrize("work", [_import, _suggest])
def test_a_process_that_is_just_being_started_says_nothing(
    work: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    child = started(["-m", "annotator", *work(tmp_path)])
    while child.poll() is None and not any(
        "spawn_main" in each.command and each.parent == child.pid for each in running(Path(sys.executable))
    ):
        time.sleep(0.005)
    time.sleep(0.1)  # Python is there, but nothing of ours
    os.killpg(child.pid, signal.SIGINT)
    said = child.communicate(timeout=30)[1]
    assert (said.count("\n"), said[:13]) == (1, "Interrupted. ")
    assert child.returncode == 130
    assert not list(tmp_path.glob("p.annot-*"))


def test_what_comes_while_a_process_is_started_comes_afterwards() -> None:
    other = threading.Thread(target=time.sleep, args=(0.3,))
    other.start()  # the system gives the signal to a thread that does not hold it back
    order = []

    def start() -> None:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)
            order.append("started")

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
    try:
        with pytest.raises(KeyboardInterrupt):
            start()
    finally:
        signal.signal(signal.SIGINT, before)
    other.join()
    assert order == ["started"]
