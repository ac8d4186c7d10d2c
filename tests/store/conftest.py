"""A small project on disk, and short ways to make articles and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.core.codebook import Codebook, codebook_from_toml
from annotator.core.model import Article, Kind, Span, State
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.store.repository import SqlRepository, create_repository

AT = "2026-03-01T09:30:00.125Z"
TEXT = "Rob Malley said 😀 that the US would talk to Iran. He was glad about it, article {}."

type MakeArticle = Callable[..., NewArticle]
type MakeSpan = Callable[..., Span]


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    path = Path(__file__).parents[2] / "resources" / "codebooks" / "general-news.toml"
    return codebook_from_toml(path.read_text(encoding="utf-8"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.annot"


@pytest.fixture
def repository(path: Path, codebook: Codebook) -> Iterator[SqlRepository]:
    made = create_repository(path, codebook)
    yield made
    made.close()


@pytest.fixture
def article() -> MakeArticle:
    """Makes ``NewArticle`` number n with tokens; other fields by name."""

    def make(number: int, *, text: str | None = None, title: str = "", **labels: Any) -> NewArticle:
        body = TEXT.format(number) if text is None else text
        return NewArticle(
            article=Article(
                id=f"a{number}",
                text=body,
                sha256=sha256_of(body),
                title=title or f"Title {number}",
                imported_at=AT,
            ),
            tokens=rough_tokens(body),
            **labels,
        )

    return make


@pytest.fixture
def span() -> MakeSpan:
    """Makes a span of a known label; without an annotator a suggestion."""

    def make(span_id: str, start: int, end: int, **fields: Any) -> Span:
        kind = fields.pop("kind", Kind.ACTOR)
        labels = {Kind.ACTOR: "Actor", Kind.CLAIM: "Claim", Kind.CUE: "Cue", Kind.ENTITY: "Person"}
        annotator = fields.get("annotator")
        return Span(
            **{
                "id": span_id,
                "kind": kind,
                "label": labels[kind],
                "fragments": ((start, end),),
                "state": State.SUGGESTED if annotator is None else State.ACCEPTED,
                "origin": "rules:1" if annotator is None else f"annotator:{annotator}",
                "created": AT,
                "updated": AT,
                **fields,
            }
        )

    return make
