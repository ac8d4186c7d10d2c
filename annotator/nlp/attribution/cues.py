"""The words that report: which tokens may be cues, how sure that is, and what they report."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from annotator.core.cue_words import ACCORDING as ACCORDING_TO
from annotator.core.cue_words import LONGEST, stem
from annotator.core.records import replace
from annotator.nlp.attribution import sources
from annotator.nlp.attribution.frames import Frame, frames_of, is_finite
from annotator.nlp.attribution.lexicon import Lexicon, VerbClass
from annotator.nlp.attribution.parse import VERBAL, Parse, Range
from annotator.nlp.attribution.quotations import Quotations
from annotator.nlp.attribution.sources import Source

ACCORDING = 0.96
UNKNOWN_CLAUSE = 0.4
"""A verb that no list holds, with a clause: “sees to it that” as often as “jibes that”."""
UNKNOWN_QUOTED = 0.6
UNKNOWN_INVERTED = 0.85
""""“…,” cracked a strategist": nothing but speech is told so."""
_PERSONAL = frozenset(
    [
        "he",
        "she",
        "they",
        "we",
        "i",
        "who",
        "many",
        "some",
        "few",
        "most",
        "others",
        "other",
        "several",
        "both",
        "all",
        "none",
        "nobody",
        "everyone",
        "everybody",
        "somebody",
        "someone",
        "anyone",
        "no-one",
    ]
)
_VAGUE = frozenset({"it", "this", "that", "which", "these", "those", "what", "there", "you", "one"})
_SPEAKERS = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_PERSON_ENDINGS = (
    "man",
    "woman",
    "ist",
    "ian",
    "eer",
    "crat",
    "person",
    "maker",
    "holder",
    "worker",
    "leader",
    "or",
    "ee",
)
_ANYONE_SAYS = frozenset({"say", "tell", "state", "demand", "ask"})
_NO_SOURCE = 0.55
_UNLIKELY_SOURCE = 0.6
_NOT_A_SPEAKER = 0.75
_PAREN_LIMIT = 0.93
_NEAR_LIMIT = 0.88
"""A quotation that only stands near a verb is less sure than one that the parser hangs on it."""
_SURE_ENOUGH = 0.5
"""The first frame of this confidence is taken; only weaker ones are compared with those that follow."""
_SURE_OF_SOURCE = {"inherited": 0.945, "antecedent": 0.94, "modified": 0.8, "object control": 0.6}
"""How much less sure a cue is whose source stands with another verb."""
_COPULAS = frozenset(
    ["be", "remain", "seem", "become", "feel", "appear", "grow", "sound", "look", "stay", "get"]
)


class Cue(Struct, frozen=True):
    """A token that may report, with everything that was found about it."""

    token: int
    rule: str
    confidence: float
    source: Source | None
    frame: Frame
    group: VerbClass | None = None


def find_cues(parse: Parse, quotations: Quotations, lexicon: Lexicon) -> Iterator[Cue]:
    """Every token that may report, in order; the caller keeps those that are sure enough."""
    for token, pos in enumerate(parse.pos):
        cue = None
        if parse.lower[token] == "according":
            cue = according_to(parse, token)
        elif pos == "NOUN" and parse.lemmas[token] in lexicon.nouns:
            cue = noun_cue(parse, lexicon, token)
        elif pos == "VERB" and not (parse.lower[token] in lexicon.adjectives and parse.has(token, "auxpass")):
            cue = verb_cue(parse, quotations, lexicon, token)
        if cue is None and pos in ("ADJ", "VERB"):
            cue = adjective_cue(parse, lexicon, token)
        if cue is not None and not (lexicon.off and word_of(parse, lexicon, cue) in lexicon.off):
            yield cue


def word_of(parse: Parse, lexicon: Lexicon, cue: Cue) -> str:
    """The lemma by which a project learns about a cue, as the lexicon or else a regular stem has it."""
    token = cue.token
    lower, lemma = parse.lower[token], parse.lemmas[token]
    if cue.rule == "according to":
        return ACCORDING_TO
    if cue.rule.startswith(("noun", "adjective")):
        return lower if lower in lexicon.adjectives and cue.rule.startswith("adjective") else lemma
    for each in parse.children[token]:
        if each > token and f"{lemma} {parse.lower[each]}" in lexicon.verbs:
            return f"{lemma} {parse.lower[each]}"
    known = next((each for each in (lemma, lower) if each in lexicon.verbs), None)
    return known or _own_word(parse, lexicon, token) or stem(lower)[:LONGEST]


def _own_word(parse: Parse, lexicon: Lexicon, verb: int) -> str | None:
    """The word that the project has added and that a verb is a form of: spaCy's lemma may be none of it."""
    if not lexicon.added:
        return None
    root = stem(parse.lower[verb])
    after = [f"{root} {parse.lower[each]}" for each in parse.children[verb] if each > verb]
    return next((each for each in (*after, root, parse.lemmas[verb]) if each in lexicon.added), None)


def according_to(parse: Parse, token: int) -> Cue | None:
    """“According to X, …”: it hangs on the clause that it reports."""
    source = sources.source_of_according(parse, token)
    if source is None:
        return None
    clause = next((each for each in parse.ancestors(token) if parse.pos[each] in VERBAL), parse.heads[token])
    if clause == token:
        return None
    content = frozenset(set(parse.subtree(clause)) - set(parse.subtree(token)))
    if not content:
        return None
    return Cue(token, "according to", ACCORDING, source, Frame("parenthetical", content, hangs_on=clause))


def verb_cue(parse: Parse, quotations: Quotations, lexicon: Lexicon, verb: int) -> Cue | None:
    """A verb in the first frame that one of its classes knows."""
    groups = _classes(parse, lexicon, verb)
    plain = parse.lemmas[verb] in lexicon.plain_speech and not any(group.addressee for group in groups)
    source = sources.inverted_speaker(
        parse, verb, plain, lambda noun: _can_speak(parse, lexicon, noun)
    ) or sources.source_of_verb(parse, verb)
    inverted = source is not None and source.rule == "inverted"
    best: Cue | None = None
    for frame in frames_of(parse, quotations, lexicon, verb, inverted):
        found = _best_group(groups, frame)
        if found is not None:
            group, sure = found
            rule = f"{group.name} {frame.name}"
        elif frame.name == "clause" and not groups:
            group, rule = None, "unknown verb"
            sure = UNKNOWN_INVERTED if inverted else UNKNOWN_QUOTED if frame.quoted else UNKNOWN_CLAUSE
        else:
            continue
        if best is None or sure > best.confidence:
            best = Cue(verb, rule, sure, source, frame, group)
        if sure >= _SURE_ENOUGH:
            break
    if best is None:
        return None
    factor = _source_factor(parse, lexicon, best.group, source, best.frame, verb)
    return replace(best, confidence=best.confidence * factor)


def _classes(parse: Parse, lexicon: Lexicon, verb: int) -> tuple[VerbClass, ...]:
    """The classes of a verb; with its particle or fixed preposition ("rule out", "scoff at") first."""
    lemma = parse.lemmas[verb]
    for each in parse.children[verb]:
        if each > verb and parse.deps[each] in ("prt", "prep", "advmod"):
            groups = lexicon.verbs.get(f"{lemma} {parse.lower[each]}")
            if groups is not None:
                return groups
    own = _own_word(parse, lexicon, verb)
    return lexicon.verbs.get(lemma) or lexicon.verbs.get(own or parse.lower[verb], ())


def _best_group(groups: tuple[VerbClass, ...], frame: Frame) -> tuple[VerbClass, float] | None:
    """The class that is surest of a frame."""
    best: tuple[VerbClass, float] | None = None
    for group in groups:
        name = frame.name
        if name == "parenthetical":
            sure = min(group.frames.get("clause", 0.0), _PAREN_LIMIT)
        elif name == "clause" and frame.quoted:
            sure = max(group.frames.get("clause", 0.0), group.frames.get("quotation", 0.0))
        elif name == "about" and frame.preposition not in group.prepositions:
            sure = 0.0
        elif name == "quotation":
            sure = min(group.frames.get(name, 0.0), _NEAR_LIMIT)
        else:
            sure = group.frames.get(name, 0.0)
        if sure and (best is None or sure > best[1]):
            best = group, sure
    return best


def _source_factor(
    parse: Parse,
    lexicon: Lexicon,
    group: VerbClass | None,
    source: Source | None,
    frame: Frame,
    cue: int,
) -> float:
    """How much less sure a cue is with this source: things that cannot speak, or nobody at all."""
    if source is None:
        return 1.0 if frame.name == "passive" else _NO_SOURCE
    far = _SURE_OF_SOURCE.get(source.rule, 1.0)
    if source.rule == "inherited" and parse.deps[cue] == "conj":
        far = 1.0  # “X said A and added B” shares its subject safely, a participle less so
    return far * _speaker_factor(parse, lexicon, group, source.head, frame)


def _speaker_factor(
    parse: Parse, lexicon: Lexicon, group: VerbClass | None, head: int, frame: Frame
) -> float:
    """How much less sure a cue is with this noun as its source."""
    if (
        frame.name in ("clause", "quotation", "parenthetical")
        and group is not None
        and group.name in _ANYONE_SAYS
    ):
        return 1.0
    lower = parse.lower[head]
    if lower in _VAGUE:
        return 1.0 if lower == "it" and (group is None or not group.evidence) else _UNLIKELY_SOURCE
    if _can_speak(parse, lexicon, head) or parse.lemmas[head] in lexicon.documents:
        return 1.0
    return _NOT_A_SPEAKER


def _can_speak(parse: Parse, lexicon: Lexicon, head: int) -> bool:
    """Whether a noun means somebody: a name, a personal pronoun, a noun for people."""
    lemma = parse.lemmas[head]
    return (
        parse.lower[head] in _PERSONAL
        or parse.entities[head] in _SPEAKERS
        or parse.pos[head] == "PROPN"
        or parse.texts[head][:1].isupper()
        or lemma in lexicon.persons
        or lemma.endswith(_PERSON_ENDINGS)
    )


def noun_cue(parse: Parse, lexicon: Lexicon, noun: int) -> Cue | None:
    """“his claim that”, “calls by critics for”, “expressed concern about”."""
    group = lexicon.nouns[parse.lemmas[noun]]
    above = parse.heads[noun]
    light = parse.deps[noun] in ("dobj", "nsubjpass") and (
        parse.lemmas[above] in lexicon.light_verbs or parse.lemmas[above] in lexicon.plain_speech
    )
    source = sources.source_of_noun(parse, noun, light=light)
    if source is None:
        return None
    for each in parse.children[noun]:
        if each < noun:
            continue
        dep = parse.deps[each]
        if dep in ("acl", "ccomp", "relcl") and _is_content_clause(parse, noun, each):
            return Cue(
                noun,
                "noun clause",
                group.clause,
                source,
                Frame("clause", frozenset(parse.subtree(each)), helpers=_helpers(noun, above, light)),
            )
    for each in parse.children[noun]:
        if each > noun and parse.deps[each] == "prep" and parse.lower[each] in group.prepositions:
            if parse.has(each, "pobj", "pcomp") and parse.child(each, "pobj") != source.head:
                words = frozenset(parse.subtree(each))
                return Cue(
                    noun,
                    "noun preposition",
                    group.preposition,
                    source,
                    Frame("about", words, helpers=_helpers(noun, above, light)),
                )
    return None


def _helpers(noun: int, above: int, light: bool) -> frozenset[int]:
    return frozenset({above}) if light else frozenset()


def _is_content_clause(parse: Parse, noun: int, clause: int) -> bool:
    """“the claim that he lied” or “a promise to go”, not “the claim that he made”."""
    if any(parse.lower[each] == "to" and parse.deps[each] == "aux" for each in parse.children[clause]):
        return parse.deps[clause] != "relcl"
    marked = any(
        parse.lower[each] in ("that", "whether") and parse.deps[each] == "mark"
        for each in parse.children[clause]
    )
    return marked and is_finite(parse, clause)


def adjective_cue(parse: Parse, lexicon: Lexicon, adjective: int) -> Cue | None:
    """“is confident that”, “was worried about”, “are willing to”."""
    group = lexicon.adjectives.get(parse.lower[adjective]) or lexicon.adjectives.get(parse.lemmas[adjective])
    if group is None or parse.deps[adjective] not in (
        "acomp",
        "ROOT",
        "conj",
        "oprd",
        "ccomp",
        "relcl",
        "advcl",
    ):
        return None
    copula = parse.heads[adjective] if parse.deps[adjective] in ("acomp", "oprd") else adjective
    if copula != adjective and parse.lemmas[copula] not in _COPULAS:
        return None
    source = sources.source_of_verb(parse, copula)
    if source is None:
        subject = parse.child(copula, "nsubjpass")
        if subject is None:
            return None
        source = Source(subject, "subject")
    if parse.lower[source.head] in _VAGUE:
        return None
    helpers = frozenset({copula}) if copula != adjective else frozenset()
    for each in parse.children[adjective]:
        if each < adjective:
            continue
        if parse.deps[each] == "ccomp":
            return Cue(
                adjective,
                "adjective clause",
                group.clause,
                source,
                Frame("clause", frozenset(parse.subtree(each)), helpers=helpers),
            )
        if parse.deps[each] == "xcomp" and group.infinitive and group.clause == 0:
            return Cue(
                adjective,
                "adjective infinitive",
                group.infinitive,
                source,
                Frame("infinitive", frozenset(parse.subtree(each)), helpers=helpers),
            )
        if (
            parse.deps[each] == "prep"
            and parse.lower[each] in group.prepositions
            and parse.has(each, "pobj", "pcomp")
        ):
            return Cue(
                adjective,
                "adjective preposition",
                group.preposition,
                source,
                Frame("about", frozenset(parse.subtree(each)), helpers=helpers),
            )
    return None


def cue_words(parse: Parse, cue: Cue) -> tuple[Range, ...]:
    """The cue as people mark it: with auxiliaries, negation, adverbs between, and its particle."""
    token = cue.token
    if cue.rule == "according to":
        to = token + 1
        return ((token, to + 1),) if to < parse.size and parse.lower[to] == "to" else ((token, to),)
    first = last = token
    parts = {token, *cue.frame.helpers}
    if not cue.frame.content.isdisjoint(range(min(parts), max(parts))):
        parts = {token}  # “His claim that … was repeated”: what is reported lies between
    beside = {"aux", "auxpass", "neg", "advmod", "cop"}
    for part in sorted(parts):
        first, last = min(first, part), max(last, part)
        children = {each: parse.deps[each] for each in parse.children[part]}
        while first - 1 in children and children[first - 1] in beside and parse.is_word(first - 1):
            first -= 1
        if last + 1 in children and children[last + 1] == "prt":
            last += 1
    while first < token and parse.deps[first] == "advmod":
        first += 1
    return ((first, last + 1),)
