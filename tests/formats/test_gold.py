"""Gold files: what is read of them, and what is said about those that are wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.core.attributions import Attribution
from annotator.core.codebook import Codebook
from annotator.core.errors import Problem
from annotator.formats.base import MOST_PROBLEMS, Intake, Source
from annotator.formats.gold import GoldArticle, read_gold

TEXT = "Smith said that Acme lied."
CORPUS: dict[str, Any] = {
    "name": "lies",
    "text": TEXT,
    "attributions": [
        {"id": "7", "source": [[0, 5]], "cue": [[6, 10]], "content": [[16, 25]], "neg": False},
        {"id": "8", "source": [], "content": [[21, 25], [16, 20]]},
    ],
}
NATIVE: dict[str, Any] = {
    "format": "annotator/1",
    "id": "a1",
    "title": "Lies",
    "text": TEXT,
    "annotator": "ana",
    "status": "done",
    "spans": [
        {"id": "c", "kind": "claim", "label": "Claim", "start": 16, "end": 25},
        {"id": "p", "kind": "actor", "label": "Actor", "start": 0, "end": 5},
        {"id": "n", "kind": "actor", "label": "Actor", "start": 16, "end": 20, "state": "rejected"},
        {"id": "s", "kind": "entity", "label": "Person", "start": 0, "end": 5, "state": "suggested"},
    ],
    "relations": [
        {"id": "r", "type": "made_by", "head": "c", "tail": "p"},
        {"id": "t", "type": "made_by", "head": "c", "tail": "n", "state": "rejected"},
    ],
}

type Read = Callable[..., tuple[list[GoldArticle], list[Problem]]]


@pytest.fixture
def read(codebook: Codebook) -> Read:
    """Reads records, or the content of a file."""

    def run(*records: Any) -> tuple[list[GoldArticle], list[Problem]]:
        lines = (each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in records)
        return read_gold(Intake(Source("folder/gold.jsonl", "\n".join(lines).encode()), codebook))

    return run


def test_a_corpus(read: Read) -> None:
    (article,), problems = read(CORPUS)
    assert problems == []
    assert (article.name, article.place, article.annotator, article.untouched) == (
        "lies",
        "line 1",
        None,
        False,
    )
    assert article.labelled.spans is None
    assert article.labelled.attributions == (
        Attribution(((0, 5),), ((6, 10),), ((16, 25),)),
        Attribution((), (), ((16, 20), (21, 25))),
    )


def test_the_corpus_that_is_shipped(read: Read) -> None:
    path = Path(__file__).parents[1] / "data" / "gum_news_dev.jsonl"
    articles, problems = read(path.read_text(encoding="utf-8"))
    assert (len(articles), problems) == (12, [])
    assert sum(len(each.labelled.attributions) for each in articles) == 138


def test_offsets_are_code_points(read: Read) -> None:
    text = "😀 Smith: “Ça va”"
    (article,), _ = read({"name": "x", "text": text, "attributions": [{"content": [[9, 16]]}]})
    ((start, end),) = article.labelled.attributions[0].content
    assert text[start:end] == "“Ça va”"


def test_an_export_gives_what_was_accepted(read: Read) -> None:
    (article,), problems = read(NATIVE)
    assert problems == []
    assert (article.name, article.annotator) == ("Lies", "ana")
    assert [each.id for each in article.labelled.spans or ()] == ["c", "p"]
    assert [each.id for each in article.labelled.relations] == ["r"]
    assert article.labelled.attributions == (Attribution(((0, 5),), (), ((16, 25),)),)


def test_an_article_that_nobody_has_touched_is_no_gold(read: Read) -> None:
    line = {"format": "annotator/1", "id": "a1", "text": TEXT, "annotator": None}
    (article,), problems = read(line)
    assert (article.untouched, problems) == (True, [])


BAD = [
    ('{"name": "x",', "not valid JSON"),
    ("[1]", "neither a line of annotator/1 nor one of an attribution corpus"),
    ({"text": TEXT}, "neither a line of annotator/1 nor one of an attribution corpus"),
    ({"format": 1}, "neither"),
    ({"format": "annotator/9", "text": TEXT}, "the format “annotator/9” is not one that this version reads"),
    (
        NATIVE | {"spans": [{"kind": "claim", "label": "Claim", "start": 16, "end": 99}], "relations": []},
        "beyond the text",
    ),
    (NATIVE | {"text": ""}, "the text is empty"),
    ({"name": "x", "attributions": []}, "it has no “text”"),
    ({"text": TEXT, "attributions": []}, "it has no “name”"),
    (CORPUS | {"name": 3}, "“name” must be a text, not a number"),
    (CORPUS | {"text": ["x"]}, "“text” must be a text, not a list"),
    (CORPUS | {"text": " \n"}, "the text is empty"),
    (CORPUS | {"text": "Smith\r\nsaid that Acme lied."}, "carriage return"),
    (CORPUS | {"text": "\ufeff" + TEXT}, "byte order mark"),
    (CORPUS | {"attributions": {}}, "“attributions” must be a list, not an object"),
    (CORPUS | {"attributions": ["x"]}, "it must be an object, not a text"),
    (CORPUS | {"attributions": [{"source": [[0, 5]]}]}, "it has no “content”"),
    *(
        (CORPUS | {"attributions": [{"content": value}]}, what)
        for value, what in [
            ([[0, 99]], "in “content”, the span 0–99 lies beyond the text, which has 26 characters"),
            ([[-1, 3]], "lies beyond the text"),
            ([[3, 3]], "is empty"),
            ([[5, 2]], "is empty"),
            ([[0, 5], [3, 8]], "overlap"),
            ([[5, 6]], "white space"),
            ([0, 5], "“content” must be a list of pairs of whole numbers"),
            ([[0, 5, 7]], "“content” must be a list of pairs"),
            ([[0, True]], "“content” must be a list of pairs"),
            ([[0, 5.0]], "“content” must be a list of pairs"),
            ("0-5", "“content” must be a list of pairs"),
        ]
    ),
]


@pytest.mark.parametrize(("record", "what"), BAD)
def test_a_bad_line_is_named_with_its_cure(read: Read, record: Any, what: str) -> None:
    after = CORPUS | {"name": "y"} if isinstance(record, dict) and "attributions" in record else NATIVE
    articles, problems = read(after, "", record)
    if isinstance(record, str) and record.startswith("{"):
        what = "breaks off in the middle"
    assert articles == []
    (problem,) = problems
    assert what in problem.what
    assert problem.where.startswith("folder/gold.jsonl, line 3")
    assert problem.cure
    assert str(problem).count("\n") == 0


def test_an_attribution_is_named(read: Read) -> None:
    bad = {"source": [[0, 99]], "content": [[0, 5]]}
    _, problems = read(CORPUS | {"attributions": [bad, bad | {"id": "12"}, bad | {"id": 12}]})
    assert [each.where.rpartition(", ")[2] for each in problems] == [
        "attribution 1",
        "attribution 12",
        "attribution 3",
    ]


def test_two_kinds_in_one_file(read: Read) -> None:
    _, problems = read(CORPUS, NATIVE)
    assert "\n".join(map(str, problems)) == (
        "folder/gold.jsonl, line 2: this is a line of annotator/1, but those before it are of "
        "an attribution corpus. Make it two files."
    )


@pytest.mark.parametrize(
    ("content", "what"), [("", "empty"), ("\n \n", "empty"), ("{\n}", "one JSON document")]
)
def test_what_is_no_json_lines(read: Read, content: str, what: str) -> None:
    articles, (problem,) = read(content)
    assert articles == []
    assert what in problem.what
    assert problem.cure == "Choose a file with one article to a line, as an export has it"


def test_many_problems_are_cut_short(read: Read) -> None:
    _, problems = read(*["[]"] * (MOST_PROBLEMS + 5))
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].what == f"only the first {MOST_PROBLEMS} problems of this file are listed"
