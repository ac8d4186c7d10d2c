"""Attributions in code points of the article: what is left of the parse once a text has been read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from annotator.core.cue_words import NO_WORD
from annotator.core.model import Fragments
from annotator.nlp.attribution import contents, sources
from annotator.nlp.attribution.attributions import Attribution, Reader
from annotator.nlp.attribution.cues import word_of
from annotator.nlp.attribution.lexicon import Lexicon
from annotator.nlp.attribution.parse import Parse, Range

_TYPES = {"PERSON": "person", "ORG": "organization", "GPE": "state", "NORP": "group"}
"""Types of actors by the label of the entity that heads the mention."""
_QUOTED_SHARE = 0.9

type Place = Callable[[Iterable[Range]], Fragments]
"""From token ranges to half-open code points of the article."""


class Mention(Struct, frozen=True):
    """An actor as one place of the article names it."""

    fragments: Fragments
    head: str
    """The word that heads it, in small letters."""
    type: str | None = None
    is_pronoun: bool = False
    is_name: bool = False
    name: str = ""
    """The words of the name in it, without titles and determiners."""


class Report(Struct, frozen=True):
    """One attribution: the claim, the words that report it, who makes it and to whom."""

    claim: Fragments
    cue: Fragments
    sources: tuple[Mention, ...]
    appositions: tuple[tuple[int, Mention], ...]
    """Further mentions of a source, with its place in ``sources``."""
    addressee: Mention | None
    confidence: float
    rule: str
    word: str
    """Lemma of the cue; NO_WORD where there is none."""
    quotation: str
    form: str | None
    stance: str | None


def read(parse: Parse, lexicon: Lexicon, place: Place) -> Iterator[Report]:
    """Every attribution of a parsed text. ``place`` turns token ranges into code points of the article."""
    reader = Reader(parse, lexicon)
    for each in reader.attributions():
        words = contents.runs(parse, each.content)
        if words:
            yield _report(parse, lexicon, reader, each, words, place)


def _report(
    parse: Parse, lexicon: Lexicon, reader: Reader, found: Attribution, words: list[Range], place: Place
) -> Report:
    mentions: list[Mention] = []
    appositions: list[tuple[int, Mention]] = []
    if found.source_head is not None and found.source_at is not None:
        for head, at in sources.coordinated(parse, found.source_head, found.source_at):
            mentions.append(mention_of(parse, lexicon, head, at, place))
            beside = sources.apposition(parse, head)
            if beside is not None:
                at = sources.mention(parse, beside, found.anchor)
                appositions.append((len(mentions) - 1, mention_of(parse, lexicon, beside, at, place)))
    addressee = None
    if found.addressee is not None:
        at = sources.mention(parse, found.addressee, found.anchor)
        addressee = mention_of(parse, lexicon, found.addressee, at, place)
    return Report(
        claim=place(words),
        cue=place(found.cue_at),
        sources=tuple(mentions),
        appositions=tuple(appositions),
        addressee=addressee,
        confidence=round(found.confidence, 3),
        rule=found.rule,
        word=NO_WORD if found.cue is None else word_of(parse, lexicon, found.cue),
        quotation=_quotation(parse, reader, words),
        form=None if found.group is None else found.group.form,
        stance=None if found.group is None else found.group.stance,
    )


def mention_of(parse: Parse, lexicon: Lexicon, head: int, at: Range, place: Place) -> Mention:
    """A mention with its type: that of the entity at its head, or what its noun means."""
    label = parse.entities[head]
    type_ = _TYPES.get(label)
    lemma = parse.lemmas[head]
    is_name = parse.pos[head] == "PROPN"
    if type_ is None and lemma in lexicon.documents and not is_name:
        type_ = "document"
    name: list[str] = []
    if is_name:
        first = head
        while first > at[0] and parse.entities[first - 1] == label and parse.pos[first - 1] == "PROPN":
            first -= 1
        last = head
        while last + 1 < at[1] and parse.entities[last + 1] == label and parse.pos[last + 1] == "PROPN":
            last += 1
        name = parse.texts[first : last + 1]
    return Mention(
        fragments=place([at]),
        head=parse.lower[head],
        type=type_,
        is_pronoun=parse.pos[head] == "PRON",
        is_name=is_name,
        name=" ".join(name),
    )


def _quotation(parse: Parse, reader: Reader, words: list[Range]) -> str:
    """``direct`` where (nearly) all of a claim stands in quotation marks, ``mixed`` where some does."""
    tokens = [token for each in words for token in range(*each) if parse.is_word(token)]
    quoted = sum(reader.quotations.at(token) is not None for token in tokens)
    if not quoted:
        return "indirect"
    return "direct" if quoted >= _QUOTED_SHARE * len(tokens) else "mixed"
