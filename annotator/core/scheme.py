"""What a project's codebook and reporting words let suggestions be; it goes to whoever makes them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from annotator.core.codebook import AttributeType, Codebook, Label
from annotator.core.learning import Learned
from annotator.core.model import Kind


class Scheme(Struct, frozen=True):
    """Labels, attributes and relations that suggestions may use. It can be sent to another process."""

    entities: Mapping[str, Label] = {}
    """By the entity recogniser's label; what is missing is not suggested."""
    labels: Mapping[Kind, str] = {}
    """The label of suggested actors, claims and cues: the first that the codebook has of the kind."""
    choices: Mapping[tuple[Kind, str], frozenset[str]] = {}
    """By kind and name of a choice attribute, what may be chosen."""
    relations: frozenset[tuple[str, Kind, Kind]] = frozenset()
    """Name of a relation type, kind of head, kind of tail."""
    lexicon: str = ""
    """The reporting words of the rules, as TOML; empty: no claims are suggested."""
    learned: Learned = Learned()
    """What the project's annotators have taught the rules."""

    @property
    def suggests_claims(self) -> bool:
        """Whether there are words to find claims by and a label to give them."""
        return bool(self.lexicon) and Kind.CLAIM in self.labels


def scheme_of(codebook: Codebook, lexicon: str = "", learned: Learned | None = None) -> Scheme:
    """The scheme of a codebook, with the text of a lexicon and what the project has learned."""
    labels: dict[Kind, str] = {}
    for label in codebook.labels:
        if label.kind is not Kind.ENTITY:
            labels.setdefault(label.kind, label.name)
    return Scheme(
        entities=codebook.model_labels(),
        labels=labels,
        choices={
            (kind, each.name): frozenset(each.choices)
            for each in codebook.attributes
            if each.type is AttributeType.CHOICE
            for kind in each.kinds
        },
        relations=frozenset(
            (each.name, head, tail)
            for each in codebook.relation_types
            for head in each.heads
            for tail in each.tails
        ),
        lexicon=lexicon,
        learned=learned or Learned(),
    )
