from __future__ import annotations

import json
from typing import Any

import pytest


def lines_of(found: Any) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_plain_records(read: Any) -> None:
    content = (
        '{"text": "They met.\\r\\nThey left.", "title": "Talks",'
        ' "meta": {"author": "Ana", "language": "en", "n": [1]}}\n'
        "\n"
        '{"id": 12, "text": "Second", "authors": ["Ana", "Ben"], "topic": "war", "source": {"id": 3}}\n'
    )
    first, second = read("a.jsonl", content).records
    assert first.labels.article.text == "They met.\nThey left."
    assert (first.labels.article.author, first.labels.article.language) == ("Ana", "en")
    assert first.labels.article.meta == {"n": [1]}
    assert (second.labels.article.external_id, second.labels.article.author) == ("12", "Ana, Ben")
    assert second.labels.article.meta == {"topic": "war", "source": {"id": 3}}
    assert [first.place, second.place] == ["line 1", "line 3"]


@pytest.mark.parametrize(
    ("record", "what"),
    [
        ('{"title": "T"}', "no “text”"),
        ('{"text": 3}', "“text” must be a text, not a number"),
        ('{"text": " "}', "the text is empty"),
        ('{"text": "x", "meta": [1]}', "“meta” must be an object, not a list"),
        ('{"text": "x", "meta": {"published": "1 May"}}', "the date “1 May”"),
        ('{"text": "x", "title": {}}', "“title” must be a text, not an object"),
        ('{"text": "x", "author": "A", "meta": {"author": "B"}}', "“author” stands"),
        ("[1]", "a record must be an object, not a list"),
        ('{"text": "x",}', "not valid JSON"),
        ('{"text": "\\ud800"}', "not valid JSON"),
        ('{"format": "annotator/2", "text": "x"}', "annotator/2"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(read: Any, record: str, what: str) -> None:
    found = read("a.jsonl", f'{{"text": "fine"}}\n{record}\n{{"text": "fine too"}}\n')
    assert not found.records
    (line,) = lines_of(found)
    assert line.startswith("a.jsonl, line 2: ")
    assert what in line


def test_truncated_file_says_so(read: Any) -> None:
    (line,) = lines_of(read("a.jsonl", '{"text": "fine"}\n{"text": "bro'))
    assert line.startswith("a.jsonl, line 2: ")
    assert "cut off" in line
    (line,) = lines_of(read("a.json", '[{"text": "fine"}, {"text": "bro'))
    assert "cut off" in line


def test_problems_stop_at_twenty(read: Any) -> None:
    found = read("a.jsonl", "{}\n" * 1000)
    assert len(found.problems) == 21
    assert "only the first 20" in lines_of(found)[-1]


def test_json_documents(read: Any) -> None:
    assert len(read("a.json", '{"text": "x"}').records) == 1
    assert [r.place for r in read("a.json", '[{"text": "x"}, {"text": "y"}]').records] == [
        "record 1",
        "record 2",
    ]
    assert len(read("a.json", '{"text": "x"}\n{"text": "y"}\n').records) == 2
    assert lines_of(read("a.json", '[{"text": "x"}, {}]'))[0].startswith("a.json, record 2: ")
    assert "no article" in lines_of(read("a.json", "[]"))[0]
    assert "one JSON document" in lines_of(read("a.jsonl", '[\n{"text": "x"}\n]'))[0]
    assert "empty" in lines_of(read("a.jsonl", ""))[0]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_encodings_and_line_separators_within_texts(read: Any, codec: str) -> None:
    text = "Été\u2028\u0085\u00a0😀"
    line = json.dumps({"text": text}, ensure_ascii=False)
    found = read("a.jsonl", f'{line}\r\n{line[:-1]}, "title": "é"}}\r\n'.encode(codec))
    assert [r.labels.article.text for r in found.records] == [text, text]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
@pytest.mark.parametrize("bad", ["Été".encode("cp1252"), b"Smith \xff said", b"\xc3("])
def test_json_that_is_not_utf8_is_refused_with_its_line(read: Any, name: str, bad: bytes) -> None:
    content = b'{"text": "one"}\n{"text": "' + bad + b'"}\n'
    (problem,) = read(name, content).problems
    assert problem.where == f"{name}, line 2"
    assert "not UTF-8" in problem.what
    assert problem.cure


@pytest.mark.parametrize(
    "line", ['{"text":"T","a":%s}', '{"format":"annotator/1","text":"T","meta":{"a":%s}}']
)
def test_metadata_is_no_deeper_than_the_project_file_can_hold(read: Any, line: str) -> None:
    assert read("a.jsonl", line % ("[" * 90 + "]" * 90)).records
    (problem,) = read("a.jsonl", line % ("[" * 300 + "]" * 300)).problems
    assert "within each other" in problem.what


def test_patterns_are_named_once(read: Any) -> None:
    content = (
        '{"label": "LOC", "pattern": [{"LOWER": "rome"}]}\n{"label": "LOC", "pattern": "Bonn", "id": "b"}\n'
    )
    (message,) = lines_of(read("patterns.jsonl", content))
    assert message.startswith("patterns.jsonl: these are patterns by which spaCy and Prodigy find labels")
