"""The program makes no network connection: window, worker process, suggestions and export included."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NOTES = "ANNOTATOR_TEST_NETWORK_NOTES"
PROBE = re.compile(r"socket\(AF_INET6, SOCK_STREAM|bind\(\d+, .*sin6_port=htons\(0\), .*\"::1\"")
"""A library of spaCy's looks by this whether there is IPv6, when it is imported; nothing is sent."""
STRACE = shutil.which("strace")


def run(command: list[str], folder: Path) -> str:
    """Run the program in an empty home; what was noted of the network."""
    notes = folder / "notes"
    home = folder / "home"
    home.mkdir()
    done = subprocess.run(
        command,
        env={
            "PATH": os.environ["PATH"], "HOME": str(home), "ANNOTATOR_HOME": str(home), "TMPDIR": str(folder),
            "PYTHONPATH": str(HERE.parents[1]), "QT_QPA_PLATFORM": "offscreen", NOTES: str(notes),
        },
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return notes.read_text() if notes.exists() else ""


@pytest.mark.parametrize("what", ["window", "headless"])
def test_nothing_reaches_for_the_network(what: str, tmp_path: Path) -> None:
    assert run([sys.executable, str(HERE / "network.py"), what], tmp_path) == ""


def test_reaching_would_be_noted(tmp_path: Path) -> None:
    reach = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import network, socket\n"
        "with socket.socket() as there:\n"
        "    there.settimeout(1)\n"
        "    there.connect_ex(('127.0.0.1', 9))\n"
    )
    assert "socket.connect" in run([sys.executable, "-c", reach], tmp_path)


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize("arguments", [["--smoke-test"], ["project.annot", "article.txt"]])
def test_the_system_sees_no_socket_but_the_machine_s_own(arguments: list[str], tmp_path: Path) -> None:
    """Qt and the other libraries are seen too, which Python's own hook cannot do."""
    assert STRACE is not None
    seen = tmp_path / "strace"
    trace = [STRACE, "-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o", str(seen)]
    program = [sys.executable, "-m", "annotator", *arguments]
    if arguments[0] != "--smoke-test":
        (tmp_path / "article.txt").write_text("Talks in Doha\n\nThe minister said that taxes will rise.")
        names = [str(tmp_path / name) for name in arguments]
        program = [sys.executable, "-c", _HEADLESS, *names]
    run([*trace, *program], tmp_path)
    elsewhere = [
        line for line in seen.read_text().splitlines()
        if set(re.findall(r"\b[AP]F_[A-Z0-9]+", line)) - {"AF_UNIX", "AF_UNSPEC"} and not PROBE.search(line)
    ]  # fmt: skip
    assert elsewhere == []


_HEADLESS = (
    "import sys; from pathlib import Path; from annotator.cli.headless import run_headless;"
    "sys.exit(run_headless(Path(sys.argv[1]), [Path(sys.argv[2])], 'Tried.'))"
)
