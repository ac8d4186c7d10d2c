"""The words of a claim: from the tokens that a frame gives to trimmed, contiguous stretches."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.nlp.attribution.lexicon import Lexicon
from annotator.nlp.attribution.parse import Parse, Range
from annotator.nlp.attribution.quotations import Quotation, Quotations

_KEPT_FIRST = frozenset("“\"(‘'«„$#@£€[")
_KEPT_LAST = frozenset("”\")’'»%]?!")
_PARTS_OF_A_CUE = frozenset({"aux", "auxpass", "neg", "prt"})
_OWN_COMPLEMENTS = frozenset({"of", "for", "as", "about", "against", "with", "to", "that", "over"})
_MOST_PASSES = 4
_BREAKS = frozenset({",", ";", "—", "–", "--", "-", "("})


def runs(parse: Parse, tokens: Iterable[int]) -> list[Range]:
    """Tokens as stretches, over punctuation between them, without punctuation at their edges.

    Quotation marks and brackets at the edges stay.
    """
    found: list[list[int]] = []
    for token in sorted(tokens):
        if found and not parse.has_words(range(found[-1][1], token)):
            found[-1][1] = token + 1
        else:
            found.append([token, token + 1])
    trimmed = (_trimmed(parse, start, end) for start, end in found)
    return [each for each in trimmed if parse.has_words(range(*each))]


def _trimmed(parse: Parse, start: int, end: int) -> Range:
    while start < end and not parse.is_word(start) and parse.texts[start] not in _KEPT_FIRST:
        start += 1
    while end > start and not parse.is_word(end - 1) and not _stays_last(parse, start, end - 1):
        end -= 1
    return start, end


def _stays_last(parse: Parse, start: int, token: int) -> bool:
    text = parse.texts[token]
    if text not in _KEPT_LAST and not text.endswith("”"):
        return False
    return token > start


def without_cue(parse: Parse, cue: int, tokens: set[int]) -> set[int]:
    """What is left of a content without the cue's own auxiliaries and particles."""
    return tokens - {cue} - {each for each in parse.children[cue] if parse.deps[each] in _PARTS_OF_A_CUE}


def with_quotations(
    parse: Parse, quotations: Quotations, tokens: set[int], cue: int, source: int | None
) -> set[int]:
    """A content grown over every quotation of speech that it touches, never over the cue or its source."""
    grown = set(tokens)
    behind = max(tokens, default=parse.size) + 1
    follows = quotations.at(behind) if behind < parse.size else None
    if tokens and follows is not None and follows.first == behind and cue < min(tokens):
        grown.update(follows.tokens)  # “called him “a liar””, whatever the parser hung it on
    for quotation in {found for token in tokens if (found := quotations.at(token)) is not None}:
        if cue in quotation or (source is not None and source in quotation):
            continue
        words = [token for token in quotation.tokens if parse.is_word(token)]
        if quotation.is_speech or 2 * sum(token in tokens for token in words) > len(words):
            grown.update(quotation.tokens)
    return grown


def behind_colon(parse: Parse, quotations: Quotations, tokens: set[int], cue: int) -> set[int]:
    """Only the quotation of “Aides were angry: “A lie,” wrote one”: its introduction is the reporter's."""
    first = next((token for token in sorted(tokens) if quotations.speech_at(token)), None)
    if first is None or first == min(tokens) or cue < first:
        return tokens
    before = parse.before(first)
    if before is None or parse.texts[before] != ":":
        return tokens
    return {token for token in tokens if token >= first}


def cut_edges(parse: Parse, quotations: Quotations, lexicon: Lexicon, tokens: set[int], cue: int) -> set[int]:
    """A content without what the parser hung on it by mistake at its ends; see :data:`CUTS`."""
    for _ in range(_MOST_PASSES):
        stretches = runs(parse, tokens)
        if not stretches:
            return tokens
        cut = _first_cut(parse, quotations, lexicon, stretches, cue)
        if cut is None:
            return tokens
        tokens = tokens - set(range(*cut))
    return tokens


def _first_cut(
    parse: Parse, quotations: Quotations, lexicon: Lexicon, stretches: list[Range], cue: int
) -> Range | None:
    start, end = stretches[-1]
    for head in _ending_at(parse, start, end):
        part = (parse.left[head], end)
        if any(quotations.speech_at(token) for token in range(*part)):
            continue
        if any(rule(parse, lexicon, head, cue) for rule in CUTS):
            return part
    return None


def _ending_at(parse: Parse, start: int, end: int) -> list[int]:
    """Heads of the constituents that end where a stretch ends, the smallest first."""
    found: list[int] = []
    token = end - 1
    while token > start and not parse.is_word(token):
        token -= 1
    while parse.right[token] <= end + 1:
        if parse.left[token] > start:
            found.append(token)
        head = parse.heads[token]
        if head == token or not start <= head < end:
            break
        token = head
    return found


def occasion(parse: Parse, lexicon: Lexicon, head: int, cue: int) -> bool:
    """“… in an interview with CNN”, “… during a rally on Monday”: where it was said, if said at all."""
    if parse.deps[head] != "prep" or parse.lower[head] not in (
        "in",
        "on",
        "during",
        "at",
        "to",
        "via",
        "after",
    ):
        return False
    named = parse.child(head, "pobj")
    if named is None or parse.lemmas[named] not in lexicon.occasions:
        return False
    if parse.lower[head] == "on" and parse.entities[named] in ("DATE", "TIME"):
        return parse.heads[head] == cue
    return parse.lower[head] in ("in", "during", "via") and _is_said_here(parse, named)


def _is_said_here(parse: Parse, named: int) -> bool:
    return any(parse.deps[each] in ("det", "poss", "amod", "compound") for each in parse.children[named])


def following_report(parse: Parse, lexicon: Lexicon, head: int, cue: int) -> bool:
    """“…, adding that …”, “…, and she declared that …”, “… and rejected the idea”: the next report.

    A coordinated verb with a subject of its own needs a comma before it; one without shares the cue's
    subject where it has the cue's tense and the verb that it hangs on has not.
    """
    if parse.pos[head] != "VERB" or parse.lemmas[head] not in lexicon.verbs:
        return False
    reports = parse.has(head, "ccomp", "xcomp", "dobj", "oprd") or parse.has(head, "prep")
    if parse.deps[head] == "advcl" and parse.tags[head] == "VBG":
        return reports and _behind_break(parse, head)
    if parse.deps[head] != "conj":
        return False
    if parse.has(head, "nsubj"):
        return (parse.has(head, "ccomp") and _behind_break(parse, head)) or _after_comma_and(parse, head)
    above = parse.heads[head]
    subject = parse.child(above, "nsubj", "nsubjpass")
    if parse.has(head, "ccomp") and (
        parse.lemmas[head] in lexicon.plain_speech
        or (subject is not None and _is_thing(parse, lexicon, subject))
    ):
        return True
    return reports and parse.tags[head] == parse.tags[cue] != parse.tags[above] and parse.tags[cue] == "VBD"


def _is_thing(parse: Parse, lexicon: Lexicon, noun: int) -> bool:
    """Whether a noun is neither a name, a pronoun nor one that can speak."""
    return (
        parse.pos[noun] == "NOUN"
        and not parse.entities[noun]
        and parse.lemmas[noun] not in lexicon.persons
        and parse.lemmas[noun] not in lexicon.documents
    )


def _after_comma_and(parse: Parse, head: int) -> bool:
    """Whether “, and” or “, but” stands before a clause that reports plainly."""
    start = parse.left[head]
    coordinator = parse.before(start)
    comma = None if coordinator is None else parse.before(coordinator)
    return (
        coordinator is not None
        and comma is not None
        and parse.lower[coordinator] in ("and", "but", "while")
        and parse.texts[comma] == ","
        and parse.has(head, "ccomp")
    )


def absolute_report(parse: Parse, lexicon: Lexicon, head: int, cue: int) -> bool:
    """“…, with his aides requesting that …”: a report of its own in an absolute construction."""
    if parse.deps[head] != "prep" or parse.lower[head] != "with" or not _behind_break(parse, head):
        return False
    return any(
        parse.tags[token] == "VBG"
        and parse.lemmas[token] in lexicon.verbs
        and parse.has(token, "ccomp", "dobj", "xcomp")
        for token in parse.subtree(head)
        if parse.heads[token] == head or parse.heads[parse.heads[token]] == head
    )


def contrast(parse: Parse, lexicon: Lexicon, head: int, cue: int) -> bool:
    """“…, while critics say …”: another report set against the first."""
    if parse.deps[head] not in ("advcl", "conj") or parse.lemmas[head] not in lexicon.verbs:
        return False
    marked = any(parse.lower[each] in ("while", "although", "though", "but") for each in parse.children[head])
    return marked and parse.has(head, "nsubj") and parse.has(head, "ccomp", "xcomp")


def relative_comment(parse: Parse, lexicon: Lexicon, head: int, cue: int) -> bool:
    """The reporter's own clause behind a comma: “…, which opens in June”."""
    if (
        parse.deps[head] != "relcl"
        or not _behind_break(parse, head)
        or parse.right[head] - parse.left[head] < 3
    ):
        return False
    clause = parse.heads[parse.heads[head]]
    return not any(parse.lower[each] == "it" for each in parse.children[clause])  # “it is he who …”


def own_adjunct(parse: Parse, lexicon: Lexicon, head: int, cue: int) -> bool:
    """What hangs on the cue itself: “on Monday”, “last week”."""
    hangs = parse.deps[head] in ("prep", "npadvmod") and parse.heads[head] == cue
    return hangs and parse.lower[head] not in _OWN_COMPLEMENTS


CUTS = (occasion, following_report, absolute_report, contrast, relative_comment, own_adjunct)
"""Each says whether the constituent that a token heads, at the end of a content, is no part of it."""


def _behind_break(parse: Parse, head: int) -> bool:
    before = parse.before(parse.left[head])
    first = parse.texts[parse.left[head]]
    return first in _BREAKS or (before is not None and parse.texts[before] in _BREAKS)


def continuation(
    parse: Parse, quotations: Quotations, tokens: set[int], cue: int, claimed: set[int]
) -> set[int]:
    """The quotations of the following sentences that go on with a quoted content.

    A sentence goes on if it starts with a quotation of speech (or inside one) and holds at most a few
    words outside; in another paragraph it must be quotation through and through. ``claimed`` are the
    numbers of sentences with a cue of their own.
    """
    last = max(max(tokens), cue)
    number, paragraph = parse.sentence_of[last], parse.paragraphs[last]
    added: set[int] = set()
    while number + 1 < len(parse.sentences):
        number += 1
        start, end = parse.sentences[number]
        quotation = quotations.speech_at(start)
        if number in claimed or quotation is None or parse.paragraphs[start] - paragraph > 2:
            break
        outside = [t for t in range(start, end) if parse.is_word(t) and quotations.at(t) is None]
        if len(outside) > 3 or (parse.paragraphs[start] != paragraph and outside):
            break
        added.update(_until(quotation, start, end))
        paragraph = parse.paragraphs[start]
    return added


def _until(quotation: Quotation, start: int, end: int) -> range:
    return range(max(quotation.first, 0) if quotation.first <= start else start, min(quotation.last + 1, end))
