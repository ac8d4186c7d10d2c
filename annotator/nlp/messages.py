"""What the process that runs spaCy and its parent say to each other; cheap to import."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.core.errors import Problem
from annotator.core.ports import Suggested, SuggestJob


@dataclass(frozen=True, slots=True)
class Submit:
    """To the worker: work on this article, after those that wait, or (urgent) before them."""

    job: SuggestJob
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """To the worker: drop everything that waits."""


@dataclass(frozen=True, slots=True)
class Ready:
    """From the worker: the pipeline is loaded. ``origin`` is that of :func:`pipelines.run_origin`;
    ``complaint`` is a sentence where it can suggest nothing."""

    origin: str
    complaint: str | None


@dataclass(frozen=True, slots=True)
class Started:
    """From the worker: the articles that it works on now; if it dies, one of them did it."""

    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """From the worker: what was found in an article, or a sentence why nothing could be."""

    suggested: Suggested
    complaint: str | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """From the worker: an article could not be read, or (None) the pipeline not be loaded."""

    article: str | None
    problem: Problem


type Order = Submit | Cancel
type Report = Ready | Started | Done | Trouble
