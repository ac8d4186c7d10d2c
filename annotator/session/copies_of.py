"""Articles that nearly repeat each other, wire copy above all, and labels from one to its twins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.session.project import Project

type Progressing = Callable[[int, int], None]
"""Called with how much of how much is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An article of a group."""

    id: str
    title: str
    publisher: str | None = None
    published: str | None = None
    """ISO date."""


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that nearly repeat each other, in import order, the first one first."""

    articles: tuple[Copy, ...]
    similarity: float
    """Share of words in sequence (0 to 1) that the two least alike neighbours in it have in common."""


@dataclass(slots=True)
class Copied:
    """What came of copying labels."""

    articles: int = 0
    """Twins that got suggestions."""
    spans: int = 0
    relations: int = 0
    there: int = 0
    """Labels that were left out, for an equal label or suggestion, decided or not, was there already."""
    changed: int = 0
    """Labels that were left out, for their words are not in the twin."""

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        raise NotImplementedError


def groups(project: Project, progress: Progressing | None = None, *, least: float = 0.8) -> list[Group]:
    """All groups of a project, the largest first. ``least``: share of word sequences in common, 0 to 1."""
    raise NotImplementedError


def copy_labels(project: Project, source: str, targets: Sequence[str], annotator: str) -> Copied:
    """Copy an annotator's accepted labels of one article to twins, as suggestions to be decided on.

    ``source`` and ``targets`` are ids of articles. Raises ProjectError.
    """
    raise NotImplementedError
