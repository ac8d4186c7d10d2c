"""What the docs say is what the program does."""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.cli.parser import make_parser, make_window_parser
from annotator.formats import native
from annotator.formats.base import Format
from annotator.formats.losing import Held
from annotator.formats.offsets import Unit
from annotator.formats.registry import FORMATS
from annotator.formats.tables_reader import (
    ANNOTATOR_COLUMNS,
    ARTICLE_COLUMNS,
    RELATION_COLUMNS,
    SPAN_COLUMNS,
    TABLES,
)

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def parsers() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The section of docs/command-line.md and the parser that it describes."""
    yield "annotator [", make_window_parser()
    for action in make_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                yield f"annotator {name}", sub


def section(title: str) -> str:
    parts = re.split(r"^## ", read("docs/command-line.md"), flags=re.MULTILINE)
    found = [part for part in parts if part.startswith(title)]
    assert len(found) == 1, f"docs/command-line.md has {len(found)} sections {title}"
    return found[0]


@pytest.mark.parametrize(("title", "parser"), list(parsers()))
def test_every_option_is_in_the_docs_and_nothing_else(title: str, parser: argparse.ArgumentParser) -> None:
    options = {
        option
        for action in parser._actions
        if action.help != argparse.SUPPRESS
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }
    told = set(re.findall(r"^\| `(--[a-z-]+)", section(title), flags=re.MULTILINE))
    assert told == options


def test_sheet_of_keys_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("make_keys", DOCS / "make_keys.py")
    assert spec is not None
    assert spec.loader is not None
    make_keys = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_keys)
    assert read("docs/keys.md") == make_keys.page(), "run: uv run python docs/make_keys.py"


def test_readme_starts_with_the_two_commands() -> None:
    blocks = re.findall(r"```\n(.*?)```", read("README.md"), flags=re.DOTALL)
    assert blocks[0] == "pip install uv && uv run annotator\n"
    assert blocks[1] == "pip install uv && uv run pytest\n"


def test_readme_and_ci_name_the_same_debian_packages() -> None:
    line = re.search(r"^apt-get install (.+)$", read("README.md"), flags=re.MULTILINE)
    listed = re.search(r"^packages=\((.+?)^\)", read(".ci/run"), flags=re.MULTILINE | re.DOTALL)
    assert line is not None
    assert listed is not None
    assert set(listed[1].split()) - {"binutils", "xvfb"} == set(line[1].split())


@pytest.mark.parametrize(
    "page", ["README.md", "seeds/CREDITS.md", *(f"docs/{p.name}" for p in DOCS.glob("*.md"))]
)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", read(page)):
        if not target.startswith("https://"):
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def test_every_seed_is_credited() -> None:
    credits_page = read("seeds/CREDITS.md")
    assert [path.name for path in (ROOT / "seeds").glob("*.txt") if path.name not in credits_page] == []


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_format_is_in_the_docs(form: Format) -> None:
    page = read("docs/formats.md")
    row = re.search(rf"^\| `{re.escape(form.name)}` \| (.*?) \| (.*?) \| (.*?) \|", page, flags=re.MULTILINE)
    assert row is not None, f"docs/formats.md has no row for {form.name}"
    reads, writes, offsets = row.groups()
    assert (reads != "–") == (form.read is not None)
    assert (writes != "–") == (form.write is not None)
    assert ("many files" in writes) == form.many
    assert offsets == ("–" if form.unit is Unit.NONE else form.unit)
    assert re.search(
        rf"^## .*\b{re.escape(form.name.removesuffix('-graphemes'))}\b", page, flags=re.MULTILINE
    )


def test_every_kind_of_loss_is_in_the_docs() -> None:
    table = read("docs/formats.md").partition("## What is lost")[2].partition("## jsonl")[0]
    for what in Held:
        for word in what.split(" of ")[0].split(" on ")[0].split(" with ")[0].split():
            assert word in table, what


def test_the_tables_columns_are_in_the_docs() -> None:
    page = read("docs/formats.md").partition("## tables")[2].partition("## prodigy")[0]
    for columns in (ARTICLE_COLUMNS, ANNOTATOR_COLUMNS, SPAN_COLUMNS, RELATION_COLUMNS):
        assert ", ".join(f"`{each}`" for each in columns) in page
    assert all(f"| `{name}` |" in page for name in TABLES)


def test_format_page_has_every_key_in_its_order() -> None:
    page = read("docs/file-format.md")
    block = re.search(r"```json\n(.+?)```", page, flags=re.DOTALL)
    assert block is not None
    line = json.loads(block[1])
    assert tuple(line) == native.LINE_KEYS
    assert tuple(line["meta"]) == native.META_KEYS
    assert tuple(line["spans"][0]) == native.SPAN_KEYS
    assert tuple(line["relations"][0]) == native.RELATION_KEYS
    assert tuple(line["actors"][0]) == native.ACTOR_KEYS[:5], "the others only where they say something"
    assert line["format"] == native.FORMAT
    for key in {*native.LINE_KEYS, *native.META_KEYS, *native.SPAN_KEYS, *native.RELATION_KEYS}:
        assert f"`{key}`" in page
