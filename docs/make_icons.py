"""Writes the icon for Windows and for macOS from its PNG files: uv run python docs/make_icons.py.

Both formats are containers of PNG files: an .ico file is an ICONDIR with one ICONDIRENTRY each (Windows
Vista and newer), an .icns file a list of chunks of a four-letter type and a length, both big-endian.
"""

from __future__ import annotations

import struct
from pathlib import Path

ICONS = Path(__file__).parents[1] / "resources" / "icons"
ICO_SIZES = (16, 32, 48, 64, 128, 256)
ICNS_TYPES = {b"icp4": 16, b"icp5": 32, b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic13": 256}
"""The type of each chunk and its size in pixels; ic11, ic12 and ic13 are for displays of double density."""


def png(size: int) -> bytes:
    """The picture of one size."""
    return (ICONS / f"annotator-{size}.png").read_bytes()


def ico() -> bytes:
    """The icon for Windows."""
    entries, pictures = b"", b""
    start = 6 + 16 * len(ICO_SIZES)
    for size in ICO_SIZES:
        picture = png(size)
        side = size % 256  # 0 stands for 256
        entries += struct.pack("<4B2H2I", side, side, 0, 0, 1, 32, len(picture), start + len(pictures))
        pictures += picture
    return struct.pack("<3H", 0, 1, len(ICO_SIZES)) + entries + pictures


def icns() -> bytes:
    """The icon for macOS."""
    chunks = b"".join(
        name + struct.pack(">I", 8 + len(png(size))) + png(size) for name, size in ICNS_TYPES.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(chunks)) + chunks


if __name__ == "__main__":
    (ICONS / "annotator.ico").write_bytes(ico())
    (ICONS / "annotator.icns").write_bytes(icns())
