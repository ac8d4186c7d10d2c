from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from annotator.runtime.logs import recent, take_fault

SCRIPT = """
import logging
from annotator.runtime import logs
logs.LARGEST = 2000
print(logs.setup_logging("trial"))
logging.getLogger("annotator.x").info("%s articles added", 3)
logging.getLogger("annotator.x").debug("not this")
{more}
"""


def run(more: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(more=more)], capture_output=True, text=True, check=False
    )


def test_messages_go_to_the_file_and_nowhere_else(home: Path) -> None:
    done = run()
    file = home / "logs" / "trial.log"
    assert done.stdout.strip() == str(file)
    assert done.stderr == ""
    text = file.read_text()
    assert "INFO annotator.x: 3 articles added" in text
    assert "not this" not in text


def test_the_file_does_not_grow_for_ever(home: Path) -> None:
    run("for n in range(400): logging.getLogger('x').info('line %s', n)")
    files = sorted(path.name for path in (home / "logs").glob("trial.log*"))
    assert files == ["trial.log", "trial.log.1", "trial.log.2"]
    assert all(path.stat().st_size <= 2000 for path in (home / "logs").glob("trial.log*"))


def test_a_hard_crash_leaves_a_report(home: Path) -> None:
    done = run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert done.returncode != 0
    assert "Segmentation fault" in (home / "logs" / "trial-faults.log").read_text()


def test_without_a_folder_the_program_still_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "file"))
    done = run()
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "None", "")


def test_what_an_exception_says_is_not_logged_for_it_may_be_words_of_an_article(home: Path) -> None:
    run("""
def log(error):
    logging.getLogger("x").critical("unexpected error", exc_info=error)
try:
    try:
        raise KeyError("Mal" "ley is concerned")
    except KeyError as error:
        raise ValueError("“Mal" "ley is concerned” does not fit") from error
except ValueError as error:
    log(error)
try:
    raise OSError(28, "No space left on device")
except OSError as error:
    log(error)
""")
    text = "".join(path.read_text("utf-8") for path in (home / "logs").glob("trial.log*"))
    assert "Malley" not in text
    assert "KeyError\ncaused this:" in text
    assert "No space left on device" in text
    end = recent("trial").splitlines()
    assert end == (home / "logs" / "trial.log").read_text("utf-8").splitlines()[-80:]


def test_a_hard_crash_is_told_once(home: Path) -> None:
    assert take_fault("trial") == ""
    run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert "Segmentation fault" in take_fault("trial")
    assert take_fault("trial") == ""
    assert (home / "logs" / "trial-faults-last.log").exists()
