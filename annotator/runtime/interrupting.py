"""What Ctrl+C does: until there is work to be taken back, it ends the program without a word.

Where interrupts are ignored, as by what a shell runs in the background, they stay so.
"""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType

_TOGETHER = 1.0
"""Seconds in which interrupts count as one: the starter of a single file passes on to the program what the
terminal has sent to both, and a second one would disturb what the first has taken back."""


def interrupts_end_it() -> None:
    """While there are only modules to import."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupts_are_raised() -> None:
    """From now on they are a KeyboardInterrupt in the main thread, from which this is called."""
    usual = (signal.SIG_DFL, signal.default_int_handler)
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) in usual:
        signal.signal(signal.SIGINT, _Raising())


class _Raising:
    """Raises for the first of several interrupts in a row."""

    def __init__(self) -> None:
        self._last = -_TOGETHER

    def __call__(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._last >= _TOGETHER:
            self._last = now
            signal.default_int_handler(number, frame)
