"""Unfinished files: hidden, named so that what a killed program left of them is known and removed.

``.NAME.PROCESS-COMPUTER-RANDOM.part`` becomes NAME when it is whole. Importing this module is cheap.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import time
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from annotator.core.errors import ProjectError

PART = ".part"
"""What the name of an unfinished file ends in."""
STALE = 3600.0
"""Seconds without a change after which nobody is writing an unfinished file any more."""
QUIET = 60.0
"""The same where its process is gone, as far as can be seen: one in another container cannot."""
_NAME = re.compile(r"\..{1,50}\.(\d{1,10})-([0-9a-f]{8})-[0-9a-f]{8}\.part(-journal|-wal|-shm)?", re.DOTALL)


def part_beside(path: Path) -> Path:
    """Where this process makes what becomes that file: in its folder, under a name that is free."""
    return path.with_name(f".{path.name[:50]}.{os.getpid()}-{_here()}-{token_hex(4)}{PART}")


def remove_leftovers(folder: Path) -> int:
    """Remove unfinished files of programs that were killed from a folder. Gives how many.

    Only what is named as :func:`part_beside` does it, a file, and either old or of a process that is gone.
    """
    removed = 0
    now = time.time()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name = _NAME.fullmatch(entry.name)
            if name is None:
                continue
            with suppress(OSError):
                age = now - entry.stat(follow_symlinks=False).st_mtime
                if entry.is_file(follow_symlinks=False) and age > _patience(int(name[1]), name[2]):
                    Path(entry.path).unlink()
                    removed += 1
    return removed


def _patience(process: int, computer: str) -> float:
    return QUIET if computer == _here() and _is_gone(process) else STALE


def _here() -> str:
    return hashlib.sha256(platform.node().encode("utf-8", "replace")).hexdigest()[:8]


def _is_gone(process: int) -> bool:
    """Whether there is no process of that number here, where that can be asked without harm."""
    if os.name == "nt":  # where os.kill ends it, whatever the signal
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False
    return False


def give_name(part: Path, path: Path) -> None:
    """Give a new file its name. Raises ProjectError where another program was quicker."""
    try:
        path.hardlink_to(part)
    except FileExistsError as error:
        raise taken(path) from error
    except (OSError, NotImplementedError):  # a disk without second names
        part.rename(path)


def taken(path: Path) -> ProjectError:
    """The error for a name that is in use."""
    return ProjectError(
        "there is a file or folder of this name already", where=str(path), cure="Choose another name"
    )
