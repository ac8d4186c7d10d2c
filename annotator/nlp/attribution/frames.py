"""What stands with a verb: the ways of reporting (frames) that its sentence shows, and the words reported.

One function per frame; :func:`frames_of` asks all of them in the order in which the first that a verb's
class knows is taken. The dependency labels are ClearNLP's, as spaCy's English pipelines give them.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from annotator.nlp.attribution.lexicon import Lexicon
from annotator.nlp.attribution.parse import NOMINAL, Parse
from annotator.nlp.attribution.quotations import Quotation, Quotations

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_QUESTION = frozenset({"whether", "if", "how", "why", "what", "when", "where", "who"})
_NEAR = 12
"""Tokens between a cue and a quotation that it may still introduce."""
_NEAR_BEFORE = 6
_TIMES = frozenset({"DATE", "TIME"})
_OBJECT_PLUS = frozenset({"of", "for", "as", "with", "over", "about", "on"})


class Frame(Struct, frozen=True):
    """One way of reporting that a sentence shows: the words reported, and whom they are addressed to."""

    name: str
    """As in the lexicon; ``parenthetical`` where the verb stands within what it reports."""
    content: frozenset[int]
    addressee: int | None = None
    preposition: str = ""
    quoted: bool = False
    """Whether a quotation that is speech is touched."""
    hangs_on: int | None = None
    """Head of what is reported, where the cue stands within it."""
    helpers: frozenset[int] = frozenset()
    """Further tokens of the cue."""


def frames_of(
    parse: Parse, quotations: Quotations, lexicon: Lexicon, verb: int, inverted: bool = False
) -> Iterator[Frame]:
    """Every frame of a verb, the surest kind first; ``inverted`` if whoever speaks stands behind it."""
    passive = parse.has(verb, "nsubjpass", "auxpass", "csubjpass")
    yield from _clauses(parse, quotations, verb)
    if inverted:
        yield from _before_inversion(parse, quotations, verb)
    yield from _person_plus(parse, verb)
    yield from _infinitive(parse, verb, passive)
    if _within_commas(parse, verb):
        yield from _parenthetical(parse, quotations, verb, lexicon)
    quotation = near_quotation(parse, quotations, verb)
    if quotation is not None and not _in_object(parse, verb, quotation):
        yield Frame("quotation", frozenset(quotation.tokens), quoted=True)
    if not passive:
        yield from _object_plus(parse, verb)
        yield from _predicate(parse, verb)
    yield from _gerund(parse, verb)
    yield from _about(parse, verb)
    yield from _passive_subject(parse, verb, passive)
    yield from _object(parse, verb)
    yield from _parenthetical(parse, quotations, verb, lexicon)


def _within_commas(parse: Parse, verb: int) -> bool:
    """“…, they say, …”: a clause of its own between commas inside what it reports."""
    after = parse.after(parse.right[verb])
    return (
        parse.deps[verb] in ("parataxis", "ccomp")
        and parse.heads[verb] > parse.right[verb]
        and after is not None
        and parse.texts[after] == ","
        and _behind_comma(parse, verb)
    )


def _in_object(parse: Parse, verb: int, quotation: Quotation) -> bool:
    """Whether a quotation is only a part of an object: “describes it as “dead” in the water”."""
    return any(
        parse.deps[each] in ("dobj", "prep", "oprd")
        and parse.left[each] < quotation.first
        and quotation.last <= parse.right[each] + 1
        and each > verb
        for each in parse.children[verb]
    )


def is_finite(parse: Parse, verb: int) -> bool:
    """Whether a verb has a tense of its own or an auxiliary that has."""
    if parse.tags[verb] in _FINITE:
        return True
    return any(
        parse.deps[each] in ("aux", "auxpass") and parse.lower[each] != "to" and parse.tags[each] in _FINITE
        for each in parse.children[verb]
    )


def _is_to_infinitive(parse: Parse, verb: int) -> bool:
    return any(parse.lower[each] == "to" and parse.deps[each] == "aux" for each in parse.children[verb])


def _touches_speech(parse: Parse, quotations: Quotations, verb: int, token: int) -> bool:
    cue_quotation = quotations.at(verb)
    places = (parse.left[token], token, parse.right[token])
    return any(
        (found := quotations.speech_at(place)) is not None and found is not cue_quotation for place in places
    )


def _clauses(parse: Parse, quotations: Quotations, verb: int) -> Iterator[Frame]:
    """“said that he would go”, “He would go, she said”, “asked whether he would go”."""
    content: set[int] = set()
    addressee = None
    quoted = False
    for each in parse.children[verb]:
        dep = parse.deps[each]
        if dep == "dobj" and parse.lower[each] == "that" and parse.right[each] > each + 1 and each > verb:
            content.update(parse.subtree(each))  # “states that few …”: a conjunction taken for a pronoun
        if dep == "ccomp" or (dep in ("advcl", "dep") and _asks(parse, each) and each > verb):
            quotes = _touches_speech(parse, quotations, verb, each)
            infinitive = _is_to_infinitive(parse, each) and not is_finite(parse, each)
            planned = parse.child(verb, "xcomp")
            if (
                planned is not None
                and verb < planned < each
                and _is_to_infinitive(parse, planned)
                and not quotes
            ):
                continue  # “plan to announce what they think”: a clause of the infinitive's
            marked = any(
                parse.deps[k] == "mark" or parse.tags[k] in ("WP", "WRB") for k in parse.children[each]
            )
            if infinitive and not quotes and not marked:
                continue
            tensed = is_finite(parse, each) or (
                not infinitive and parse.tags[each] == "VB" and parse.has(each, "nsubj")
            )
            if not (tensed or marked or quotes or each < verb):
                continue
            if each < verb and ";" in parse.texts[parse.right[each] + 1 : verb] and not quotes:
                continue
            content.update(parse.subtree(each))
            quoted = quoted or quotes
    if not content:
        content.update(_uncoordinated(parse, verb))
    if not content:
        return
    told = parse.child(verb, "dative", "dobj")
    if told is not None and told > verb:
        addressee = _prepositional(parse, told)
    yield Frame("clause", frozenset(content), addressee, quoted=quoted)


def _uncoordinated(parse: Parse, verb: int) -> range:
    """“They estimated by 2050, needs would increase”: a clause that no conjunction joins."""
    for each in parse.children[verb]:
        if (
            parse.deps[each] == "conj"
            and each > verb
            and not parse.has(verb, "cc", "ccomp", "xcomp")
            and is_finite(parse, each)
        ):
            if parse.has(each, "nsubj", "nsubjpass"):
                return parse.subtree(each)
            thing = parse.child(verb, "dobj")
            if thing is not None and thing > verb:
                return range(parse.left[thing], parse.right[each] + 1)
    return range(0)


def _before_inversion(parse: Parse, quotations: Quotations, verb: int) -> Iterator[Frame]:
    """Everything in the sentence before “said two advisers”, where the parser saw no clause in it."""
    words = frozenset(range(parse.left[verb], verb))
    if parse.has_words(words):
        yield Frame("clause", words, quoted=any(quotations.speech_at(token) for token in words))


def _asks(parse: Parse, clause: int) -> bool:
    return parse.lower[parse.left[clause]] in ("whether", "how", "why") or (
        parse.lower[parse.left[clause]] in _QUESTION
        and parse.lemmas[parse.heads[clause]] in ("ask", "wonder")
    )


def _prepositional(parse: Parse, token: int) -> int | None:
    """A dative's noun: its own head, or what stands behind its “to”."""
    if parse.pos[token] == "ADP":
        return parse.child(token, "pobj")
    return token if parse.pos[token] in NOMINAL and parse.entities[token] not in _TIMES else None


def _person_plus(parse: Parse, verb: int) -> Iterator[Frame]:
    """“urged him to go”, “wants him to go”."""
    for each in parse.children[verb]:
        if each < verb or not _is_to_infinitive(parse, each) or is_finite(parse, each):
            continue
        subject = parse.child(each, "nsubj", "nsubjpass")
        if parse.deps[each] in ("ccomp", "xcomp", "advcl") and subject is not None and subject > verb:
            yield Frame("person+", frozenset(parse.subtree(each)), subject)
            return
        if parse.deps[each] in ("xcomp", "advcl"):
            person = parse.child(verb, "dobj", "dative") if parse.deps[each] == "xcomp" else None
            asked = None if person is not None else _called_on(parse, verb)
            named = person if person is not None else asked
            if named is not None and verb < named < each:
                words = {*parse.subtree(named), *parse.subtree(each)}
                addressee = _prepositional(parse, named)
                if asked is not None and parse.lower[parse.heads[asked]] in ("for", "to"):
                    addressee = None
                yield Frame("person+", frozenset(words), addressee)
                return


def _called_on(parse: Parse, verb: int) -> int | None:
    """“called on Congress to act”, “pleaded with him to stay”."""
    for each in parse.children[verb]:
        if (
            each > verb
            and parse.deps[each] == "prep"
            and parse.lower[each] in ("on", "upon", "with", "for", "to")
        ):
            return parse.child(each, "pobj")
    return None


def _infinitive(parse: Parse, verb: int, passive: bool) -> Iterator[Frame]:
    """“promised to go”; in the passive “was expected to go” is left to its subject's frame."""
    for each in parse.children[verb]:
        if parse.deps[each] == "xcomp" and _is_to_infinitive(parse, each) and each > verb:
            words = frozenset(parse.subtree(each))
            if not passive:
                yield Frame("infinitive", words)
            else:
                subject = parse.child(verb, "nsubjpass")
                if subject is not None:
                    yield Frame("passive", words | frozenset(parse.subtree(subject)))
            return


def _gerund(parse: Parse, verb: int) -> Iterator[Frame]:
    """“denied going”, “favors going”."""
    for each in parse.children[verb]:
        if parse.deps[each] in ("xcomp", "pcomp", "dobj") and parse.tags[each] == "VBG" and each > verb:
            if parse.pos[each] in ("VERB", "AUX"):
                yield Frame("gerund", frozenset(parse.subtree(each)))
                return


def _object_of(parse: Parse, verb: int) -> int | None:
    """The direct object, unless it is a time or a quantity of talk."""
    found = parse.child(verb, "dobj")
    if found is None or parse.entities[found] in _TIMES or parse.lower[found] in ("himself", "herself"):
        return None
    return found


def _object_plus(parse: Parse, verb: int) -> Iterator[Frame]:
    """“accused him of lying”, “described it as a lie”, “thanked them for coming”."""
    target = _object_of(parse, verb)
    if target is None:
        return
    behind = [each for each in parse.children[verb] if each > target] + parse.children[target][::-1]
    for each in behind:
        if parse.deps[each] == "prep" and parse.lower[each] in _OBJECT_PLUS and each > target:
            own = each in parse.children[verb] or parse.lower[each] in ("as", "of", "for")
            complement = parse.child(each, "pobj", "pcomp", "amod", "acomp")
            if own and complement is not None and parse.entities[complement] not in _TIMES:
                words = {*parse.subtree(target), *parse.subtree(each)}
                yield Frame("object+", frozenset(words), preposition=parse.lower[each])
                return


def _predicate(parse: Parse, verb: int) -> Iterator[Frame]:
    """“called him a liar”, “considers it wrong”."""
    for each in parse.children[verb]:
        dep = parse.deps[each]
        if each > verb and (
            dep == "oprd" or (dep in ("ccomp", "xcomp") and parse.pos[each] in ("ADJ", "NOUN", "PROPN"))
        ):
            target = _object_of(parse, verb)
            words = set(parse.subtree(each))
            if target is not None:
                words.update(parse.subtree(target))
            yield Frame("predicate", frozenset(words))
            return


def _about(parse: Parse, verb: int) -> Iterator[Frame]:
    """“complained about the plan”, “called for a vote”."""
    for each in parse.children[verb]:
        if parse.deps[each] in ("prep", "prt", "agent") and each > verb:
            complement = parse.child(each, "pobj", "pcomp")
            if complement is not None and parse.entities[complement] not in _TIMES:
                yield Frame("about", frozenset(parse.subtree(each)), preposition=parse.lower[each])


def _passive_subject(parse: Parse, verb: int, passive: bool) -> Iterator[Frame]:
    """“the plan was criticized by him”: the subject is what is talked about."""
    subject = parse.child(verb, "nsubjpass")
    if passive and subject is not None:
        words = set(parse.subtree(subject))
        for each in parse.children[verb]:
            if (
                parse.deps[each] == "prep" and parse.lower[each] in ("of", "for", "as") and each > verb
            ) or parse.deps[each] == "oprd":
                words.update(parse.subtree(each))
        yield Frame("object", frozenset(words))


def _object(parse: Parse, verb: int) -> Iterator[Frame]:
    """“rejected the plan”."""
    target = _object_of(parse, verb)
    if target is not None and target > verb:
        words = set(parse.subtree(target))
        for each in parse.children[verb]:  # “seeks steps from them to end the war”
            if parse.left[each] == parse.right[target] + 1 and _is_to_infinitive(parse, each):
                words.update(parse.subtree(each))
        yield Frame("object", frozenset(words))


def _parenthetical(parse: Parse, quotations: Quotations, verb: int, lexicon: Lexicon) -> Iterator[Frame]:
    """“The plan, he said, is dead”, “as he put it”: the verb hangs on what it reports."""
    head, dep = parse.heads[verb], parse.deps[verb]
    if head == verb or parse.has(verb, "dobj", "xcomp"):
        return
    marked_as = any(
        parse.lower[each] == "as" and parse.deps[each] in ("mark", "advmod") for each in parse.children[verb]
    )
    if marked_as and parse.lemmas[verb] not in lexicon.as_verbs:
        return
    comma = _behind_comma(parse, verb)
    if dep == "parataxis" or (dep in ("ccomp", "advcl", "dep") and (marked_as or (comma and dep == "ccomp"))):
        words = frozenset(set(parse.subtree(head)) - set(parse.subtree(verb)))
        quoted = any(quotations.speech_at(token) for token in words)
        if words:
            yield Frame("parenthetical", words, quoted=quoted, hangs_on=head)


def _behind_comma(parse: Parse, verb: int) -> bool:
    before = parse.before(parse.left[verb])
    return before is not None and parse.texts[before] in (",", "”", '"', "—", "–", "--")


def near_quotation(parse: Parse, quotations: Quotations, cue: int) -> Quotation | None:
    """The speech beside a cue: in its sentence, or right before a short sentence that follows it."""
    start, end = parse.sentences[parse.sentence_of[cue]]
    before = parse.before(start)
    if (
        before is not None
        and cue - start <= _NEAR_BEFORE
        and parse.paragraphs[before] == parse.paragraphs[start]
    ):
        found = quotations.speech_at(before)
        if found is not None and found.last == before:
            if not any(quotations.at(token) for token in range(start, cue)):
                return found
    best: tuple[int, Quotation] | None = None
    for token in range(start, end):
        found = quotations.speech_at(token)
        if found is None or cue in found:
            continue
        distance = min(abs(found.first - cue), abs(found.last - cue))
        if distance <= _NEAR and (best is None or distance < best[0]):
            best = (distance, found)
    return None if best is None else best[1]
