"""An article that is long and full of labels, for the benches that draw or change it."""

from __future__ import annotations

import random
from bisect import bisect
from pathlib import Path

from annotator.core.model import Article, Kind, Relation, Span, State, new_id
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.core.tokens import Tokens, rough_tokens
from annotator.runtime.resources import seeds_folder
from annotator.session.project import Project

CHARACTERS, SPANS, RELATIONS, SUGGESTIONS = 100_000, 2_000, 500, 200
NAMES = {Kind.ACTOR: "Actor", Kind.CLAIM: "Claim", Kind.CUE: "Cue"}


def make_project(path: Path) -> NewArticle:
    """Make a project file with the article in it; gives the article with everything that it holds."""
    chance = random.Random(1)
    text = long_text(chance)
    tokens = rough_tokens(text)
    spans, relations = labels(chance, tokens)
    made = NewArticle(
        article=Article(id="a", text=text, sha256=sha256_of(text), title="Long"),
        tokens=tokens,
        spans=spans + suggestions(chance, tokens, spans),
        relations=relations,
    )
    with Project.create(path) as project:
        project.repository.add_articles([made], [])
    return made


def long_text(chance: random.Random) -> str:
    """Paragraphs of news words, about as long as those of the sample."""
    words = (seeds_folder() / "us-urges-iran-drone-sales.txt").read_text("utf-8").split()
    paragraphs, length = [], 0
    while length < CHARACTERS:
        paragraph = " ".join(chance.choice(words) for _ in range(chance.randint(30, 110)))
        paragraphs.append(paragraph)
        length += len(paragraph) + 2
    return "\n\n".join(paragraphs)[:CHARACTERS]


def labels(chance: random.Random, tokens: Tokens) -> tuple[list[Span], list[Relation]]:
    """Spans of all kinds all over the text; relations from claims to actors nearby."""
    spans: dict[tuple[Kind, int, int], Span] = {}
    while len(spans) < SPANS:
        kind = chance.choices(list(Kind), [5, 3, 2, 1])[0]
        first = chance.randrange(len(tokens) - 30)
        last = first + (chance.randint(8, 25) if kind is Kind.CLAIM else chance.randint(0, 2))
        start, end = tokens.starts[first], tokens.ends[last]
        label = NAMES.get(kind) or chance.choice(["Person", "Organization", "Place", "Group"])
        spans[kind, start, end] = Span(
            id=new_id(),
            kind=kind,
            label=label,
            fragments=((start, end),),
            origin="annotator:ana",
            annotator="ana",
        )
    made = sorted(spans.values(), key=lambda span: span.order)
    claims = [span for span in made if span.kind is Kind.CLAIM]
    actors = [span for span in made if span.kind is Kind.ACTOR]
    starts = [span.start for span in actors]
    relations: dict[tuple[str, str], Relation] = {}
    while len(relations) < RELATIONS:
        claim = chance.choice(claims)
        near = bisect(starts, claim.start) + chance.randint(-3, 3)
        actor = actors[max(0, min(len(actors) - 1, near))]
        relations[claim.id, actor.id] = Relation(
            id=new_id(), type="made_by", head=claim.id, tail=actor.id, origin="annotator:ana", annotator="ana"
        )
    return made, list(relations.values())


def suggestions(chance: random.Random, tokens: Tokens, labelled: list[Span]) -> list[Span]:
    """Suggested entities where the annotator has none over the same words."""
    taken = {span.fragments for span in labelled}
    made: dict[int, Span] = {}
    while len(made) < SUGGESTIONS:
        first = chance.randrange(len(tokens) - 30)
        fragments = ((tokens.starts[first], tokens.ends[first + 1]),)
        if fragments not in taken:
            made[first] = Span(
                id=new_id(),
                kind=Kind.ENTITY,
                label="Law",
                fragments=fragments,
                state=State.SUGGESTED,
                origin="model:bench-1",
                confidence=round(chance.uniform(0.5, 1.0), 2),
            )
    return [made[first] for first in sorted(made)]
