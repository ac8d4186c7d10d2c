"""Prodigy's, doccano's and Label Studio's files: readers of hostile ones, and what these are made from."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from annotator.core.text import sha256_of
from annotator.core.validate import fragment_problem
from annotator.formats.base import Format, Intake, Source, read_source
from annotator.formats.peek import first_record
from annotator.session.project import default_codebook
from annotator.store.rows import json_of

WORDS = (
    b'"spans":', b'"entities":', b'"label":', b'"labels":', b'"relations":', b'"result":', b'"start":',
    b'"start_offset":', b'"id":', b'"text":', b'"data":', b'"annotations":', b'"predictions":', b'"value":',
    b'"head":', b'"tokens":', b'"answer":', b'"meta":', b"-1", b"[[0,1,2]]", b"null", b"1e400", b"{}",
    "😀".encode(), b"\\ud83d", b"\\r\\n",
)  # fmt: skip
"""Pieces that inputs are made of, too."""
PAIRS = (
    b'[["Ann left.", {"entities": [[0, 3, "PER"]], "cats": {"a": 1}}], ["No.", {"entities": []}]]',
    b'{"classes": ["PER"], "annotations": [null, ["Ann left.", {"entities": [[0, 3, "PER"]]}]]}',
)
"""Texts with their entities, which are read as Prodigy's."""
_VARYING = re.compile("[^A-Za-z]+")


def reading(form: Format) -> Callable[[Path], Callable[[bytes], str]]:
    """A reader that looks at what it was given back."""

    def take(data: bytes) -> str:
        source = Source(f"file{form.endings[0]}", data)
        first_record(source)
        found = read_source(Intake(source, default_codebook()), form)
        for record in found.records[:200]:
            article, foreign = record.labels.article, record.foreign
            assert sha256_of(article.text) == article.sha256
            json_of(article.meta)
            assert foreign is not None
            ids = {span.id for span in foreign.spans}
            assert len(ids) == len(foreign.spans)
            for span in foreign.spans:
                start, end = span.fragments[0]
                assert 0 <= start < end <= len(article.text)
                wrong = fragment_problem(span.fragments, article.text)
                assert wrong is None or article.text[start:end].isspace(), wrong
                assert span.label
                json_of(dict(span.attributes))
            for relation in foreign.relations:
                assert {relation.head, relation.tail} <= ids
        if found.problems:
            assert "\n" not in str(found.problems[0])
            return _VARYING.sub("", str(found.problems[0]))[:60]
        return f"{min(len(found.records), 4)} records"

    return lambda _folder: take


def seeds(name: str) -> Callable[[], list[bytes]]:
    """The sample files of a tool, and one of lines as a list."""
    folder = Path(__file__).parents[1] / "data" / name

    def given() -> list[bytes]:
        found = [path.read_bytes() for path in sorted(folder.iterdir())]
        return [*found, b"[" + b",".join(found[-1].splitlines()) + b"]"]

    return given
