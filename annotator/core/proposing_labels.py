"""What the names in another tool's file mean in a codebook, as far as the names tell.

A name means the part of the codebook that is called so; else the one that is called so but for case and
separators; a label also goes by what the entity recogniser calls it (``models``), and by the usual words
for it. Nothing is guessed beyond that: what fits nothing is unknown (None).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import category

from annotator.core.codebook import Attribute, Codebook, RelationType
from annotator.core.mapping import RelationEnds, SpanLabel
from annotator.core.model import Kind

_ENTITIES = {
    "person": ("per", "pers", "people", "human", "individual"),
    "organization": ("org", "organisation", "organizations", "organisations", "company", "institution",
                     "corporation", "agency"),
    "place": ("loc", "location", "gpe", "fac", "country", "city", "region", "geo"),
    "group": ("norp", "nationality"),
    "event": ("evt",),
    "work": ("workofart", "woa"),
}  # fmt: skip
"""What entity labels are called elsewhere, by the name that one in the codebook would have."""
_OF_KIND = {
    Kind.ACTOR: ("actor", "actors", "speaker", "source", "claimant", "holder", "opinionholder", "agent",
                 "claimer", "speakers", "sources"),
    Kind.CLAIM: ("claim", "claims", "statement", "assertion", "content", "proposition", "quote", "quotation",
                 "opinion", "statements"),
    Kind.CUE: ("cue", "cues", "verb", "cueverb", "reportingverb", "speechverb", "trigger", "cuephrase"),
}  # fmt: skip
"""Words for the label of a kind, where the codebook has just one of it."""
_LAYERS = {
    Kind.ENTITY: ("entity", "entities", "namedentity", "namedentities", "ner", "ne", "ents"),
    Kind.ACTOR: ("actor", "actors"),
    Kind.CLAIM: ("claim", "claims"),
    Kind.CUE: ("cue", "cues"),
}
_RELATIONS = {
    "made_by": ("says", "say", "said", "by", "attribution", "attributedto", "saidby", "speaker", "source",
                "makes", "claimant", "holder", "author", "actor", "hassource", "hasspeaker"),
    "addressed_to": ("addressee", "addresses", "to", "target", "directedat"),
    "about": ("topic", "concerns"),
    "cued_by": ("cue", "hascue", "cues"),
    "supports": ("support", "supporting"),
    "attacks": ("attack", "attacking", "contradicts", "rebuts"),
    "affiliated_with": ("affiliation", "affiliated", "memberof", "worksfor", "partof"),
    "same_as": ("coref", "coreference", "corefers", "identity", "same"),
}  # fmt: skip


def plain(name: str) -> str:
    """A name as names are compared: ``made-by`` is ``Made by`` is ``made_by``."""
    return re.sub(r"[\s_\-./]+", "", name).casefold()


def tidy(name: str) -> str:
    """A name as one in a codebook may be: on one line, without control characters."""
    return " ".join("".join(" " if category(each) in _BREAKS else each for each in name).split())


_LAST_WORD = re.compile(r"[\s_\-./]+|(?<=[a-z])(?=[A-Z])")
_BREAKS = ("Cc", "Zl", "Zp")
_ENTITY_OF = {other: name for name, others in _ENTITIES.items() for other in (name, *others)}
_KIND_OF = {word: kind for kind, words in _OF_KIND.items() for word in words}
_KIND_OF_LAYER = {word: kind for kind, words in _LAYERS.items() for word in words}
_RELATION_OF = {plain(other): name for name, others in _RELATIONS.items() for other in others}


def layer_kind(layer: str) -> Kind | None:
    """The kind that a layer holds by its name: ``claim``, ``custom.NamedEntity``; None where it is open."""
    return _KIND_OF_LAYER.get(plain(layer.rpartition(".")[2]))


def propose_label(codebook: Codebook, layer: str, name: str) -> SpanLabel | None:
    """The label that a name means in spans of some layer; None where none in the codebook is called so.

    A label without a name is asked for by that of its layer.
    """
    kind = layer_kind(layer)
    name = name.strip() or layer.rpartition(".")[2]
    if kind is not None:
        found = _label_among(codebook, name, {kind})
        # a layer that bears our own word for a kind means just that
        if found is not None or layer in Kind:
            return found
    before, colon, rest = name.partition(":")
    if colon and plain(before) in Kind:
        found = _label_among(codebook, rest.strip(), {Kind(plain(before))})
        if found is not None:
            return found
    return _label_among(codebook, name, set(Kind))


def _label_among(codebook: Codebook, name: str, kinds: set[Kind]) -> SpanLabel | None:
    labels = [each for each in codebook.labels if each.kind in kinds]
    wanted = plain(name)
    meant = _ENTITY_OF.get(wanted)
    for fits in (
        [each for each in labels if each.name == name],
        [each for each in labels if plain(each.name) == wanted],
        [each for each in labels if name in each.models],
        [each for each in labels if wanted in map(plain, each.models)],
        [each for each in labels if meant is not None and _ENTITY_OF.get(plain(each.name)) == meant],
        _only_one(labels, _KIND_OF.get(wanted)),
    ):
        if fits:
            return SpanLabel(fits[0].kind, fits[0].name)
    return None


def _only_one[T](labels: list[T], kind: Kind | None) -> list[T]:
    found = [each for each in labels if getattr(each, "kind", None) == kind]
    return found if len(found) == 1 else []


def new_label(layer: str, name: str, from_relations: Kind | None = None) -> SpanLabel:
    """The label to add to a codebook for a name that fits nothing in it.

    ``from_relations``: what kind its relations say that it is (:func:`kind_at`). A name that ends with our
    own word for a kind (``POLICY_CLAIM``) is of that kind.
    """
    before, colon, rest = name.partition(":")
    own = Kind(plain(before)) if colon and rest.strip() and plain(before) in Kind else None
    label = rest if own else name
    by_name = _KIND_OF.get(plain(label)) or _KIND_OF_LAYER.get(_LAST_WORD.split(label)[-1].casefold())
    kind = layer_kind(layer) or own or from_relations or by_name or Kind.ENTITY
    return SpanLabel(kind, tidy(label) or tidy(layer.rpartition(".")[2]) or "Unnamed")


def propose_relation(
    codebook: Codebook, name: str, ends: Iterable[tuple[Kind | None, Kind | None]] = ()
) -> str | None:
    """The relation type that a name means; None where none in the codebook is called so.

    ``ends``: kinds of the file's heads and tails, None where unknown. What only a usual word speaks for is
    not meant where it fits none of them.
    """
    wanted = plain(name)
    types = codebook.relation_types
    for fits in (
        [each for each in types if each.name == name],
        [each for each in types if plain(each.name) == wanted],
        [each for each in types if plain(each.title) == wanted],
    ):
        if fits:
            return fits[0].name
    rule = codebook.relation_type(_RELATION_OF.get(wanted, ""))
    pairs = list(ends)
    if rule is None or (pairs and not any(_may_join(rule, *pair) for pair in pairs)):
        return None
    return rule.name


def _may_join(rule: RelationType, head: Kind | None, tail: Kind | None) -> bool:
    """Whether a type may run between spans of these kinds, in either direction."""
    forth = head in (None, *rule.heads) and tail in (None, *rule.tails)
    return forth or (head in (None, *rule.tails) and tail in (None, *rule.heads))


def directed(codebook: Codebook, type_: str, ends: Iterable[tuple[Kind, Kind]]) -> RelationEnds:
    """A relation type turned round where the kinds of the file's heads and tails fit only that way."""
    rule = codebook.relation_type(type_)
    pairs = set(ends)
    turned = (
        rule is not None
        and bool(pairs)
        and not any(rule.allows(*pair) for pair in pairs)
        and any(rule.allows(tail, head) for head, tail in pairs)
    )
    return RelationEnds(type_, turned)


def kind_at(codebook: Codebook, type_: str, other: Kind | None, *, head: bool) -> Kind | None:
    """What kind a span must be that stands at the head (else tail) of a file's relation of some type.

    ``other``: the kind of the other end, if that is known, by which the direction is told. None where
    several kinds may stand there.
    """
    rule = codebook.relation_type(type_)
    if rule is None:
        return None
    mine, others = (rule.heads, rule.tails) if head else (rule.tails, rule.heads)
    if other is not None and other not in others:
        mine = rule.tails if head else rule.heads  # it runs the other way round
        if other not in (rule.heads if head else rule.tails):
            return None
    return next(iter(mine)) if len(mine) == 1 else None


def propose_attribute(known: Iterable[Attribute], name: str) -> Attribute | None:
    """The attribute, of those that are allowed there, that a name means."""
    rows = list(known)
    wanted = plain(name)
    for fits in (
        [each for each in rows if each.name == name],
        [each for each in rows if plain(each.name) == wanted],
        [each for each in rows if plain(each.title) == wanted],
    ):
        if fits:
            return fits[0]
    return None
