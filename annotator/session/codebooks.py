"""The codebooks that come with the program."""

from __future__ import annotations

from annotator.core.codebook import Codebook, codebook_from_toml
from annotator.runtime.resources import resource

SHIPPED = {
    "general-news": "Who says what in the news: actors, claims, categories and entities",
    "political-claims": "Political claims analysis: claimant, addressee, form, issue, position",
    "discourse-network": "Discourse networks: person, organization, category, agreement",
}
"""By file name: what each is for, in one line. The first is the one that new projects start with."""


def shipped_codebooks() -> list[tuple[str, str, Codebook]]:
    """The codebooks that ship with the program: file name, one line on what it is for, codebook."""
    return [(name, line, shipped_codebook(name)) for name, line in SHIPPED.items()]


def shipped_codebook(name: str) -> Codebook:
    """One of them by its file name. Raises KeyError if there is none."""
    if name not in SHIPPED:
        raise KeyError(name)
    path = resource("codebooks", f"{name}.toml")
    return codebook_from_toml(path.read_text(encoding="utf-8"), path.name)


def default_codebook() -> Codebook:
    """The codebook that a new project starts with."""
    return shipped_codebook(next(iter(SHIPPED)))
