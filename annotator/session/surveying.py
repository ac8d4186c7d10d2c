"""A look into files before they are imported: what they hold, and how their names would be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.errors import Problem
from annotator.core.mapping import ImportMapping
from annotator.formats import registry

if TYPE_CHECKING:
    from annotator.session.importing import Progressing
    from annotator.session.project import Project

MOST_ROWS = 20
"""Rows, or articles, of a file that a preview has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One of the first articles of a file, as it would come in by the mapping."""

    title: str
    beginning: str
    """The first characters of its text, at most 400."""
    characters: int
    metadata: tuple[tuple[str, str], ...] = ()
    """Field or key, and its value as a text."""
    spans: int = 0
    relations: int = 0


@dataclass(slots=True, kw_only=True)
class SurveyedFile:
    """What one file holds."""

    name: str
    format: str
    """Name in the registry; empty where it cannot be told."""
    articles: int = 0
    columns: tuple[str, ...] = ()
    """Of a table, or keys of plain JSON records."""
    rows: list[tuple[str, ...]] = field(default_factory=list)
    """The first rows under these columns, cells as texts, at most :data:`MOST_ROWS`."""
    samples: list[Sample] = field(default_factory=list)
    """The first articles, at most :data:`MOST_ROWS`."""


@dataclass(slots=True, kw_only=True)
class Found:
    """A name of a label, relation type or attribute in the files."""

    times: int = 0
    example: str = ""
    """Words of the first span (or of the head of the first relation) that has it; values of an attribute."""
    proposed: bool = True
    """Whether what the mapping says of it is in the codebook; otherwise it would have to be added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCopy:
    """An article of the files that nearly repeats one before it, or one of the project."""

    place: str
    """File and place in it."""
    title: str
    like: str
    """Title of the other article."""
    similarity: float
    """Share of words in sequence (0 to 1) that both have."""
    in_project: bool = False
    """Whether the other one is in the project already."""


@dataclass(slots=True, kw_only=True)
class Survey:
    """What some files hold, and the mapping that is proposed for them."""

    files: list[SurveyedFile] = field(default_factory=list)
    labels: dict[str, Found] = field(default_factory=dict)
    """By the names that :class:`ImportMapping` uses as keys, the most frequent first."""
    relations: dict[str, Found] = field(default_factory=dict)
    attributes: dict[str, Found] = field(default_factory=dict)
    mapping: ImportMapping = field(default_factory=ImportMapping)
    """Complete: every name that was found is in it. What fits nothing in the codebook is proposed as a
    new label of a kind that its relations, or else its name, suggest."""
    near: list[NearCopy] = field(default_factory=list)
    """In the order of the files, each article once."""
    problems: list[Problem] = field(default_factory=list)


def survey(
    project: Project,
    paths: Iterable[Path | str],
    *,
    format: str = registry.AUTO,  # noqa: A002 - the word of the command line
    mapping: ImportMapping | None = None,
    progress: Progressing | None = None,
) -> Survey:
    """Read files without changing anything. ``mapping``: what a person has decided already."""
    raise NotImplementedError
