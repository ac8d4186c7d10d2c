"""Writes docs/keys.md from the window's table of actions: ``uv run python docs/make_keys.py``."""

from __future__ import annotations

import itertools
from pathlib import Path

from annotator.core.codebook import codebook_from_toml
from annotator.runtime.resources import resource
from annotator.ui.shortcuts import key_sheet

PAGE = Path(__file__).with_name("keys.md")


def page() -> str:
    """The page, with the keys of the codebook that comes with the program."""
    text = resource("codebooks", "general-news.toml").read_text(encoding="utf-8")
    rows = key_sheet(codebook_from_toml(text))
    parts = [
        "# Keys and mouse",
        "<!-- Made by docs/make_keys.py from annotator/ui/actions.py. -->",
        "The window shows this sheet with `?`. The labels are those of the default codebook.",
    ]
    for group, members in itertools.groupby(rows, key=lambda row: row.group):
        lines = [f"| {row.keys.replace('|', chr(92) + '|')} | {row.words} |" for row in members]
        parts += [f"## {group}", "\n".join(["| | |", "|---|---|", *lines])]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
