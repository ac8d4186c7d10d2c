from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.errors import InputError
from annotator.formats import streaming
from annotator.formats.base import Intake, Source, TooManyProblemsError

ANY_CHUNK = st.sampled_from([1, 2, 3, 5, 7, 16, 64, streaming.CHUNK])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.text('ab"\\[]{},\n 😀é', max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('k"\\[,', max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def intake_of(content: bytes | str) -> Intake:
    data = content.encode() if isinstance(content, str) else content
    return Intake(Source("a.json", data), Codebook(name="none"))


type Found = tuple[list[tuple[int, bytes]], list[str]]


def found_by(
    read: Callable[[Intake], Iterable[tuple[int, bytes]]], content: bytes | str, chunk: int
) -> Found:
    intake = intake_of(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streaming, "CHUNK", chunk)
        return list(read(intake)), [str(each) for each in intake.problems]


def items_of(content: bytes | str, chunk: int = streaming.CHUNK) -> Found:
    return found_by(streaming.json_items, content, chunk)


def objects_of(content: bytes | str, piece: int, window: int) -> Found:
    """As :func:`items_of`, by the way that parses objects together; these as JSON."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streaming, "PIECE", piece)
        patch.setattr(streaming, "WINDOW", window)
        intake = intake_of(content)
        found = list(streaming.json_objects(intake, orjson.loads))
    return [(number, _plain(item)) for number, item in found], [str(each) for each in intake.problems]


def _plain(item: bytes | dict[str, Any]) -> bytes:
    """An object without the white space in it; what is no JSON as it is."""
    try:
        return orjson.dumps(item if isinstance(item, dict) else orjson.loads(item))
    except orjson.JSONDecodeError:
        return item if isinstance(item, bytes) else b""


def lines_of(content: bytes | str, chunk: int = streaming.CHUNK) -> Found:
    return found_by(streaming.utf8_lines, content, chunk)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MOST_BYTES", 50)


@given(
    values=st.lists(JSON, max_size=6),
    chunk=ANY_CHUNK,
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 1]),
)
def test_the_items_of_a_list_are_those_of_a_parser(
    values: list[Any], chunk: int, ascii_only: bool, indent: int | None
) -> None:
    found, problems = items_of(
        f"\ufeff \n{json.dumps(values, ensure_ascii=ascii_only, indent=indent)}\n", chunk
    )
    assert not problems
    assert [(number, json.loads(item)) for number, item in found] == list(enumerate(values, 1))


OBJECT = st.dictionaries(st.text('k"},{', max_size=3), JSON, max_size=3)


@given(
    values=st.lists(OBJECT, max_size=9) | st.lists(JSON | OBJECT, max_size=6),
    between=st.sampled_from([",", ", ", " \n,\n", ",,", "},", ",{", "]", '"', "\\"]),
    cut=st.integers(0, 20) | st.just(0),
    piece=st.sampled_from([1, 8, 16, 32, 1 << 19]),
    window=st.sampled_from([1, 4, 16, 1 << 15]),
)
def test_objects_that_are_parsed_together_are_the_same(
    values: list[Any], between: str, cut: int, piece: int, window: int
) -> None:
    content = f" [{between.join(map(json.dumps, values))}]\n"
    content = content[: len(content) - cut]
    try:
        items, problems = items_of(content)
    except InputError:
        return
    expected = [(number, _plain(item)) for number, item in items]
    assert objects_of(content, piece, window) == (expected, problems)


@pytest.mark.usefixtures("small")
def test_where_an_item_is_wrong_is_told_by_its_beginning_however_long_it_is() -> None:
    records = [f'{{"text": "{nth}"}}' for nth in range(90)]
    records[40] = '{"text": "40",'
    content = "[\n" + ",\n".join(records) + "\n]"
    for found, problems in (items_of(content, 20), objects_of(content, 20, 4)):
        assert len(found) == 40
        assert ["line 42" in each for each in problems] == [True]


def test_what_is_no_object_is_left_to_be_parsed() -> None:
    content = json.dumps([{"a": [{}]}, {"b": 1}, [1], {"c": 2}, {"d": 3}, {"e": 4}] * 9)
    for piece in range(8, 200, 7):
        items, problems = items_of(content)
        assert objects_of(content, piece, 64) == ([(nth, _plain(item)) for nth, item in items], problems)


def test_nearly_all_objects_are_parsed_together() -> None:
    text = 'One, two\n} ,{ "three" [\\' * 9
    tasks = [{"id": nth, "data": {"text": text}, "result": [{"a": [nth]}] * 9} for nth in range(6_000)]
    for content in (json.dumps(tasks), json.dumps(tasks, indent=1), json.dumps(tasks)[:-9]):
        together = [
            type(item) is dict for _, item in streaming.json_objects(intake_of(content), orjson.loads)
        ]
        assert sum(together) > 0.6 * len(tasks)


@given(values=st.lists(JSON, min_size=1, max_size=4), chunk=ANY_CHUNK, data=st.data())
def test_a_list_that_breaks_off_is_told_once(values: list[Any], chunk: int, data: st.DataObject) -> None:
    whole = json.dumps(values)
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    found, (problem,) = items_of(cut, chunk)
    assert "cut off" in problem
    assert [json.loads(item) for _, item in found] == values[: len(found)]
    assert len(found) < len(values)


@example(content="[]\\", chunk=1)
@given(content=st.text('[]{},"\\1a \n', max_size=30), chunk=ANY_CHUNK)
def test_whatever_is_no_list_gives_a_problem(content: str, chunk: int) -> None:
    """Either the list has one, or one of its items does; never more than one is about the list."""
    try:
        found, problems = items_of(content, chunk)
    except InputError:
        assert not content.strip()
        return
    try:
        expected = json.loads(content)
    except ValueError:
        expected = None
    if isinstance(expected, list):
        assert not problems
        assert [json.loads(item) for _, item in found] == expected
    else:
        assert len(problems) == 1 or not all(_is_json(item) for _, item in found)


def _is_json(item: bytes) -> bool:
    try:
        json.loads(item)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('{"a": 1}', "line 1: this is not valid JSON: it does not begin with ["),
        ("[1, 2,]", "no value where record 3 should be"),
        ("[\n1,\n,2]", "line 3: this is not valid JSON: there is no value where record 2 should be"),
        ("[1]\n[2]", "line 2: this is not valid JSON: something follows after the end of the list"),
        ("[1}", "the list ends in }"),
        ('[\n{"a": 1},\n{"a": nul', "line 3"),
        ("[", "cut off"),
    ],
)
@pytest.mark.parametrize("chunk", [1, streaming.CHUNK])
def test_what_is_wrong_with_a_list(content: str, what: str, chunk: int) -> None:
    _, (problem,) = items_of(content, chunk)
    assert what in problem


@given(lines=st.lists(st.text("a\r\u2028😀 \t", max_size=6), max_size=8), chunk=ANY_CHUNK, ends=st.booleans())
def test_lines_are_those_between_line_feeds(lines: list[str], chunk: int, ends: bool) -> None:
    content = "x\n" + "\n".join(lines) + "\n" * ends
    found, problems = lines_of(content.encode("utf-8-sig"), chunk)
    assert not problems
    expected = [(number, line) for number, line in enumerate(content.split("\n"), 1) if line.encode().strip()]
    assert [(number, line.removesuffix(b"\n").decode()) for number, line in found] == expected


@pytest.mark.usefixtures("small")
def test_a_line_or_an_item_that_is_too_long_is_told_and_left_out() -> None:
    found, (problem,) = lines_of("one\n" + "x" * 200 + "\nthree\n" + "y" * 50, 8)
    assert [number for number, _ in found] == [1, 3, 4]
    assert "line 2: this line is too long" in problem
    found, (problem,) = items_of('[1, "' + "x" * 200 + '", {"a": [3]}]', 8)
    assert found == [(1, b"1"), (3, b' {"a": [3]}')]
    assert "record 2: this record is too long" in problem
    with pytest.raises(InputError, match="too long"):
        streaming.utf8_bytes(intake_of("x" * 51))


@pytest.mark.usefixtures("small")
def test_lines_that_are_too_long_are_told_like_other_problems() -> None:
    with pytest.raises(TooManyProblemsError):
        lines_of(("x" * 60 + "\n") * 30)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_other_encodings_are_read_whole(codec: str) -> None:
    content = '["Été à Orléans, où l’on parle français", 2]'
    intake = intake_of(content.encode(codec))
    assert [json.loads(item) for _, item in streaming.json_items(intake)] == json.loads(content)
    assert (intake.encoding == "UTF-8") == (codec == "utf-8-sig")
    assert next(streaming.utf8_lines(intake_of(content.encode(codec))))[1].decode() == content


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b" \n\t", "the file is empty"),
        (b"", "the file is empty"),
        (b"PK\x03\x04word/", "Word document"),
        (b'["an article\0"]', "binary"),
        (b'["' + "é".encode() * 50 + b"\xc3", "breaks off in the middle of a character"),
        (b"[" + bytes(range(1, 9)) * 10 + b"]", "binary"),
    ],
)
@pytest.mark.parametrize("read", [streaming.utf8_lines, streaming.json_items])
def test_what_is_no_text_is_refused(content: bytes, what: str, read: Any) -> None:
    with pytest.raises(InputError, match=what):
        list(read(intake_of(content)))


def test_a_list_is_told_by_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf \n[1]")
    assert streaming.is_json_list(Source.of(path))
    path.write_bytes(b'{"a": [1]}')
    assert not streaming.is_json_list(Source.of(path))
