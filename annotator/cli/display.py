"""Whether a window can open here, found out without importing Qt."""

from __future__ import annotations

import os
import sys

_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""Debian's packages by the libraries that Qt cannot be imported without."""

_WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-randr.so.0": "libxcb-randr0",
}
"""Debian's packages by the libraries that a window on X11 needs besides."""


def why_no_window() -> str | None:
    """A sentence that says why no window can open here, or None if one can.

    Looks at the display and at the libraries that Qt needs, without importing Qt.
    """
    if not sys.platform.startswith("linux"):
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    shown = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not platform and not shown:
        return "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    on_x11 = platform.startswith("xcb") or (not platform and not os.environ.get("WAYLAND_DISPLAY"))
    wanted = _PACKAGES | (_WINDOW_LIBRARIES if on_x11 else {})
    missing = sorted({package for library, package in wanted.items() if not _loads(library)})
    if missing:
        return (
            "Qt cannot open a window: system libraries are missing. "
            f"On Debian or Ubuntu: apt-get install {' '.join(missing)}"
        )
    return None


def _loads(library: str) -> bool:
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
