"""The processes of a program, on each of the three systems."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_POWERSHELL = (
    "Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,CommandLine "
    "| ConvertTo-Csv -NoTypeInformation"
)


@dataclass(frozen=True, slots=True)
class Process:
    """One running process."""

    id: int
    parent: int
    command: str


def running(program: Path) -> list[Process]:
    """The processes whose command names the program."""
    return [each for each in _all() if str(program) in each.command and each.id != os.getpid()]


def kill(process: int) -> None:
    """End a process so that it can do nothing about it."""
    try:
        os.kill(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    except OSError:
        return  # it has ended with another one


def _all() -> Iterator[Process]:
    if sys.platform == "win32":
        done = subprocess.run(
            ["powershell", "-NoProfile", "-Command", _POWERSHELL], capture_output=True, text=True, check=True
        )
        for row in csv.DictReader(done.stdout.splitlines()):
            yield Process(int(row["ProcessId"]), int(row["ParentProcessId"]), row["CommandLine"])
    elif sys.platform == "darwin":
        done = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,command="], capture_output=True, text=True, check=True
        )
        for line in done.stdout.splitlines():
            process, parent, command = line.split(maxsplit=2)
            yield Process(int(process), int(parent), command)
    else:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                after_name = (folder / "stat").read_text().rpartition(")")[2]
            except OSError:
                continue  # it has just ended
            yield Process(int(folder.name), int(after_name.split()[1]), command)
