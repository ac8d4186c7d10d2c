"""Unfinished files: hidden, named so that what a killed program left of them is known and removed.

``.NAME.PROCESS-COMPUTER-RANDOM.part`` becomes NAME when it is whole; that of a folder ends in ``.parts``.
Importing this module is cheap.
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
PARTS = ".parts"
"""The same for a folder."""
STALE = 3600.0
"""Seconds without a change after which nobody is writing an unfinished file any more."""
QUIET = 60.0
"""The same where its process is gone, as far as can be seen: one in another container cannot."""
_NAME = re.compile(r"\..{1,50}\.(\d{1,10})-([0-9a-f]{8})-[0-9a-f]{8}\.part(s|-journal|-wal|-shm)?", re.DOTALL)


def part_beside(path: Path, ending: str = PART) -> Path:
    """Where this process makes what becomes that file: in its folder, under a name that is free."""
    return path.with_name(f".{path.name[:50]}.{os.getpid()}-{_here()}-{token_hex(4)}{ending}")


def remove_leftovers(folder: Path) -> int:
    """Remove unfinished files, and folders of them, of programs that were killed. Gives how many.

    Only what is named as :func:`part_beside` does it, and is either old or of a process that is gone.
    """
    removed = 0
    now = time.time()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name = _NAME.fullmatch(entry.name)
            if name is None:
                continue
            with suppress(OSError):
                patience = _patience(int(name[1]), name[2])
                if now - entry.stat(follow_symlinks=False).st_mtime <= patience:
                    continue
                whole_folder = name[3] == "s"
                if not whole_folder and entry.is_file(follow_symlinks=False):
                    Path(entry.path).unlink()
                    removed += 1
                elif (
                    whole_folder
                    and entry.is_dir(follow_symlinks=False)
                    and not _is_written(entry.path, now - patience)
                ):
                    import shutil  # rarely needed

                    shutil.rmtree(entry.path)
                    removed += 1
    return removed


def _is_written(folder: str, since: float) -> bool:
    """Whether something in a folder has changed after that time."""
    return any(
        Path(where, name).lstat().st_mtime > since
        for where, folders, files in os.walk(folder)
        for name in (*folders, *files)
    )


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
