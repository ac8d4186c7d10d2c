"""Who makes a claim: from a cue to the head of its source, and from a head to the words of the mention."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from annotator.nlp.attribution.parse import NOMINAL, VERBAL, Parse, Range

_CLOSING = frozenset({"”", '"', "’", "''"})
_OBJECT_LIKE = frozenset({"dobj", "dep", "oprd", "npadvmod"})
_SUBJECTS = ("nsubj", "csubj")
_PASSIVE_SUBJECTS = ("nsubjpass", "csubjpass")
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_LONGEST_LIST = 30
"""Names in a list up to which each is looked at."""
_HIGHEST_CLIMB = 6
"""Clauses up to which a subject is inherited from."""
_SUBJECT_FROM_ABOVE = frozenset(
    {"conj", "advcl", "ccomp", "dep", "parataxis", "acomp", "attr", "oprd", "prep", "pcomp", "xcomp"}
)


class Source(Struct, frozen=True):
    """The token that heads whoever makes the claim, and the rule that found it."""

    head: int
    rule: str
    """``subject``, ``inherited``, ``inverted``, ``agent``, ``object control``, ``antecedent``,
    ``modified``, ``possessor``, ``according``, ``by``."""


def inverted_speaker(parse: Parse, verb: int, plain: bool, can_speak: Callable[[int], bool]) -> Source | None:
    """Who is named right behind the verb: “…,” cracked a strategist; “…, said Stein”.

    The parser often takes them for the object. A closing quotation mark must stand before the verb or,
    where it is ``plain`` speech, a comma; then whoever is named must be somebody who ``can_speak``.
    """
    before, after = parse.before(verb), verb + 1
    if before is None or after >= parse.size or parse.paragraphs[before] != parse.paragraphs[verb]:
        return None
    quoted = parse.texts[before] in _CLOSING
    if not quoted and not (plain and parse.texts[before] == ","):
        return None
    for each in parse.children[verb]:
        if each > verb and parse.left[each] == after and parse.deps[each] in _OBJECT_LIKE:
            named = parse.pos[each] in NOMINAL and parse.entities[each] not in ("DATE", "TIME")
            if named and (quoted or can_speak(each)):
                return Source(each, "inverted")
    return None


def source_of_verb(parse: Parse, verb: int) -> Source | None:
    """The one who does what a verb says: its subject, or the subject that it shares with a verb above."""
    return _subject(parse, verb, 0)


def _subject(parse: Parse, verb: int, climbed: int) -> Source | None:
    own = max(
        (each for each in parse.children[verb] if parse.deps[each] in _SUBJECTS and each < verb), default=None
    )
    own = parse.child(verb, *_SUBJECTS) if own is None else own  # the nearest before it, else one behind it
    if own is not None:
        return antecedent(parse, own, "subject" if not climbed else "inherited")
    agent = parse.child(verb, "agent")
    if agent is not None and (named := parse.child(agent, "pobj")) is not None:
        return Source(named, "agent")
    passive = parse.child(verb, *_PASSIVE_SUBJECTS)
    if passive is not None:  # “he was told that”: not his claim, but “he was elected and said” is
        return antecedent(parse, passive, "inherited") if climbed else None
    return _from_above(parse, verb, climbed)


def _from_above(parse: Parse, verb: int, climbed: int) -> Source | None:
    """The subject that a verb without one shares with the clause that it hangs on."""
    above, dep = parse.heads[verb], parse.deps[verb]
    if above == verb or climbed >= _HIGHEST_CLIMB:
        return None
    if dep == "xcomp":
        controller = parse.child(above, "dobj")
        if controller is not None and controller < verb:
            return Source(controller, "object control")
    if dep in ("acl", "relcl"):
        named = parse.pos[above] in NOMINAL and parse.tags[verb] != "VBN"  # “a group called X” calls nobody
        return Source(above, "modified") if named else None
    if dep == "pcomp":  # “by saying”, “after telling”
        return (
            _subject(parse, parse.heads[above], climbed + 1) if _verbal(parse, parse.heads[above]) else None
        )
    if dep == "aux":
        return _subject(parse, above, climbed + 1)
    if dep in _SUBJECT_FROM_ABOVE and (
        _verbal(parse, above) or (dep == "xcomp" and parse.pos[above] == "ADJ")
    ):
        if parse.pos[above] == "ADJ":
            above = parse.heads[above]
        return _subject(parse, above, climbed + 1)
    return None


def _verbal(parse: Parse, token: int) -> bool:
    return parse.pos[token] in VERBAL


def antecedent(parse: Parse, subject: int, rule: str) -> Source:
    """A subject; for “who” and “which” the noun that their clause belongs to."""
    if parse.lower[subject] in _RELATIVE:
        clause = parse.heads[subject]
        for _ in range(3):
            if parse.deps[clause] == "relcl":
                return Source(parse.heads[clause], "antecedent")
            clause = parse.heads[clause]
    return Source(subject, rule)


def source_of_noun(parse: Parse, noun: int, *, light: bool) -> Source | None:
    """Whose claim a noun names: “his claim”, “a warning from”, or (``light``) who “made the claim”."""
    owner = parse.child(noun, "poss")
    if owner is not None:
        return Source(owner, "possessor")
    for each in parse.children[noun]:
        if parse.deps[each] in ("prep", "agent") and parse.lower[each] in ("by", "from", "among"):
            named = parse.child(each, "pobj")
            if named is not None:
                return Source(named, "by")
    above = parse.heads[noun]
    if light and parse.deps[noun] in ("dobj", "attr") and _verbal(parse, above):
        return source_of_verb(parse, above)
    return None


def source_of_according(parse: Parse, token: int) -> Source | None:
    """Who stands behind “according to”."""
    for each in parse.children[token]:
        if parse.deps[each] in ("prep", "pcomp", "prt") or parse.lower[each] == "to":
            named = parse.child(each, "pobj", "pcomp")
            if named is not None:
                return Source(named, "according")
    named = parse.child(token, "pobj")
    return None if named is None else Source(named, "according")


_LEFT_OUT_BEFORE = frozenset({"punct", "cc", "advmod", "mark", "intj", "preconj"})
_KEPT_AFTER = frozenset(
    {"det", "amod", "compound", "poss", "nummod", "quantmod", "nmod", "prep", "appos", "conj", "cc"}
    | {"case", "predet", "neg", "acl", "npadvmod", "advmod"}
)
_DROPPED_AFTER_COMMA = frozenset({"acl", "relcl", "prep", "npadvmod", "appos", "advmod", "amod"})
_BREAKS = frozenset({",", "—", "–", "--", "-", "(", ";", ":"})


def mention(parse: Parse, head: int, cue: int | None = None, level: int = 0) -> Range:
    """The words of the mention that a token heads: determiners, titles, modifiers and complements.

    What is added behind a comma is not part of it: an apposition is a mention of its own (see
    :func:`apposition`), a relative clause there a remark. One without a comma tells who is meant and
    belongs to it, unless the ``cue`` stands in it. That is how the annotated corpora draw the line.
    ``level`` counts how deep in a list of names this is.
    """
    first = last = head
    for each in parse.children[head]:
        dep = parse.deps[each]
        if each < head:
            if dep not in _LEFT_OUT_BEFORE and parse.pos[each] != "SPACE":
                first = min(first, parse.left[each])
            continue
        after_comma = any(parse.texts[token] in _BREAKS for token in range(last + 1, parse.left[each] + 1))
        if cue is not None and cue in parse.subtree(each):
            break
        if dep == "conj" and after_comma and not _has_coordinator(parse, head):
            continue
        if dep == "relcl" and not after_comma and (cue is None or cue not in parse.subtree(each)):
            last = max(last, parse.right[each])
            continue
        if dep not in _KEPT_AFTER or (after_comma and dep in _DROPPED_AFTER_COMMA):
            if dep not in ("punct", "cc", "case"):
                break
            continue
        listed = dep in ("conj", "appos") and level < _LONGEST_LIST
        last = max(last, mention(parse, each, None, level + 1)[1] - 1 if listed else parse.right[each])
    while last > head and (not parse.is_word(last) or parse.deps[last] == "cc"):
        last -= 1
    while first < head and not parse.is_word(first) and parse.texts[first] not in "“\"‘'":
        first += 1
    return first, last + 1


def _has_coordinator(parse: Parse, head: int) -> bool:
    """Whether “and” or “or” stands anywhere in the list of names that starts at one."""
    each: int | None = head
    while each is not None:
        if parse.has(each, "cc"):
            return True
        each = parse.child(each, "conj")
    return False


def apposition(parse: Parse, head: int) -> int | None:
    """The head of what is put behind a mention and a comma: “Rob Malley, the US special envoy”."""
    for each in parse.children[head]:
        if each > head and parse.deps[each] == "appos" and parse.pos[each] in NOMINAL:
            if parse.pos[each] == "PROPN" and parse.entities[each] and parse.has(each, "conj"):
                continue  # the next of a list of names
            before = parse.before(parse.left[each])
            if before is not None and parse.texts[before] == ",":
                return each
    return None


def coordinated(parse: Parse, head: int, whole: Range) -> list[tuple[int, Range]]:
    """A mention's coordinated names, each with its own words: “Clinton and Trump” are two actors.

    Only names are taken apart: “friends and allies of Clinton” stay together.
    """
    heads = [head]
    for each in heads:
        heads.extend(k for k in parse.children[each] if parse.deps[k] == "conj" and k < whole[1])
    if len(heads) == 1 or not all(parse.pos[each] == "PROPN" for each in heads):
        return [(head, whole)]
    if all(parse.entities[token] for token in range(min(heads), max(heads) + 1)):
        return [(head, whole)]  # one name: “Standard & Poor's”
    bounds = sorted(heads)
    parts: list[tuple[int, Range]] = []
    for nth, each in enumerate(bounds):
        start = whole[0] if nth == 0 else parse.left[each]
        end = whole[1] if nth == len(bounds) - 1 else bounds[nth + 1]
        parts.append((each, _without_edges(parse, start, end, each)))
    return parts


def _without_edges(parse: Parse, start: int, end: int, head: int) -> Range:
    """A part without the comma and “and” that join it to the next, and without “both” and “either”."""
    end = min(end, max(head + 1, min(end, parse.right[head] + 1)))
    joints = [t for t in range(head + 1, end) if parse.deps[t] == "cc" or parse.texts[t] == ","]
    end = min([end, *joints])
    while start < head and (not parse.is_word(start) or parse.deps[start] in ("preconj", "cc")):
        start += 1
    return start, end
