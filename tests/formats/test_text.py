from __future__ import annotations

from typing import Any

import pytest

from annotator.core.text import sha256_of


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("Talks fail\n\nThey left.", "Talks fail"),
        ("\n \n  Talks   fail \nThey left.", "Talks fail"),
        ("x" * 201 + "\nThey left.", "news"),
        ("x" * 200, "x" * 200),
    ],
)
def test_title_is_a_short_first_line(read: Any, content: str, title: str) -> None:
    (record,) = read("some/news.txt", content).records
    assert record.labels.article.title == title
    assert record.labels.article.text == content


def test_line_ends_are_normalised(read: Any) -> None:
    found = read("a.txt", "Talks\r\nfail\rnow\n\u2028\u00a0".encode("utf-8-sig"))
    article = found.records[0].labels.article
    assert article.text == "Talks\nfail\nnow\n\u2028\u00a0"
    assert article.sha256 == sha256_of(article.text)
    assert (article.id, found.records[0].native) == ("", False)


def test_encoding_is_reported(read: Any) -> None:
    assert read("a.txt", "café".encode("cp1252")).encoding == "Windows-1252"


@pytest.mark.parametrize(("content", "what"), [(b"", "empty"), (b" \n\t ", "white space")])
def test_empty_files_are_refused(read: Any, content: bytes, what: str) -> None:
    found = read("a.txt", content)
    assert not found.records
    assert what in str(found.problems[0])
