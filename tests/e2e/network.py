"""Runs the program with every reach for the network noted: ``python tests/e2e/network.py window|headless``.

Prints what was noted, one line each. Sockets of the machine itself (AF_UNIX), which processes on it talk
by, do not count. Worker processes note in the same file, since they start with this module too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

NOTES = "ANNOTATOR_TEST_NETWORK_NOTES"
EVENTS = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostby", "socket.getnameinfo",
    "socket.sendto", "socket.sendmsg", "urllib.Request", "http.client", "ftplib", "smtplib", "webbrowser",
)  # fmt: skip


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if not event.startswith(EVENTS):
        return
    address = arguments[1] if len(arguments) > 1 else None
    local = isinstance(address, (str, bytes))  # a path: AF_UNIX
    # A library of spaCy's, imported with it, finds out whether there is IPv6 by this, and sends nothing.
    probing = event == "socket.bind" and address == ("::1", 0)
    if not (local or probing):
        with Path(os.environ[NOTES]).open("a") as notes:
            notes.write(f"{event} {arguments!r}\n")


if NOTES in os.environ:
    sys.addaudithook(_note)


def _window() -> int:
    from annotator.ui import smoke

    code = smoke.run()
    forbidden = [name for name in sys.modules if name.startswith(("PySide6.QtNetwork", "PySide6.QtWeb"))]
    assert forbidden == []
    return code


def _headless() -> int:
    from annotator.cli.headless import run_headless

    return run_headless(None, [], "Tried.")


if __name__ == "__main__":
    sys.exit({"window": _window, "headless": _headless}[sys.argv[1]]())
