"""Reading a file's content without a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annotator.core.codebook import Codebook, codebook_from_toml
from annotator.core.model import Article
from annotator.core.ports import ArticleLabels
from annotator.core.text import sha256_of
from annotator.formats.base import FileRead, Intake, Source, read_source
from annotator.formats.registry import reader_for
from annotator.runtime.resources import resource

type Reader = Callable[..., FileRead]


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return codebook_from_toml(resource("codebooks", "general-news.toml").read_text(encoding="utf-8"))


@pytest.fixture
def read(codebook: Codebook) -> Reader:
    """Reads content as the file of a name: ``read("a.txt", b"...")``."""

    def run(name: str, content: bytes | str, **options: Any) -> FileRead:
        source = Source(name, content.encode() if isinstance(content, str) else content)
        return read_source(Intake(source, codebook, **options), reader_for(source))

    return run


@pytest.fixture
def line() -> ArticleLabels:
    """One article with a title and metadata, and no labels yet."""
    text = "Smith 😀 said Acme Corp lied.\nNobody else said so."
    article = Article(id="a1", text=text, sha256=sha256_of(text), title="Lies", publisher="AP")
    return ArticleLabels(article=article, annotator="ana")
