"""A short look at what ``python -m tests.fuzz`` does at length: only AnnotatorError comes out of readers.

Also: the fuzzer itself finds what there is to be found.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.errors import AnnotatorError
from annotator.runtime.settings import SETTINGS, Settings
from annotator.store import database

sys.path.insert(0, str(Path(__file__).parents[1]))
readers: Any = importlib.import_module("tests.fuzz.readers")
mutation: Any = importlib.import_module("tests.fuzz.mutation")

CHEAP = (
    "encoding",
    "text",
    "native",
    "jsonl",
    "json",
    "csv",
    "tsv",
    "gold",
    "codebook-toml",
    "codebook-json",
    "worker",
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(mutation.HOSTILE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("name", CHEAP)
def test_only_expected_errors_come_out_of_a_reader(name: str, tmp_path: Path) -> None:
    reader = readers.READERS[name]
    take = reader.begin(tmp_path)
    seeds = reader.seeds()
    maker = mutation.Maker(Random(7), list(seeds), reader.words, reader.shape)
    for data in [*seeds, *(maker.make() for _ in range(150))]:
        with contextlib.suppress(AnnotatorError):
            take(data)


@pytest.mark.parametrize("name", ["import", "project-bytes", "project-content", "recover"])
def test_only_expected_errors_come_out_of_a_project(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "create_engine", database.create_engine)  # the fuzzer puts in its own
    reader = readers.READERS[name]
    take = reader.begin(tmp_path)
    maker = mutation.Maker(Random(7), reader.seeds(), reader.words, reader.shape)
    for _ in range(8):
        with contextlib.suppress(AnnotatorError):
            take(maker.make())


@pytest.mark.parametrize("name", ["native", "json", "codebook-json", "worker", "settings"])
@given(value=json_values)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_taken_or_refused(name: str, value: Any, tmp_path: Path) -> None:
    with contextlib.suppress(AnnotatorError):
        readers.READERS[name].begin(tmp_path)(mutation.dumped(value))


@given(data=st.binary(max_size=200))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_settings_file_gives_usable_settings(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(data)
    settings = Settings(path)
    assert all(each.accepts(settings.get(each)) for each in SETTINGS)
