"""Putting it together: the outermost attributions of a text, each word in one content at most."""

from __future__ import annotations

from msgspec import Struct

from annotator.nlp.attribution import contents, headlines, sources
from annotator.nlp.attribution.cues import Cue, cue_words, find_cues
from annotator.nlp.attribution.frames import Frame, near_quotation
from annotator.nlp.attribution.lexicon import Lexicon, VerbClass
from annotator.nlp.attribution.parse import Parse, Range
from annotator.nlp.attribution.quotations import Quotation, Quotations

LEAST = 0.5
"""Confidence from which on an attribution is proposed at all."""
_LEAST_WITHIN_QUOTATION = 0.8
_WEAKEST_RESCUE = 0.12
_RESCUED = 0.72
_GOES_ON = 0.8
_FAR = 40
_SHORT = 5
"""Words up to which an unquoted content is often a slip of the parser."""
_SHORT_FACTOR = 0.92
_COMMUNICATES = frozenset(
    {"say", "tell", "demand", "call", "criticize", "praise", "blame", "promise", "voice", "speak", "state"}
)


class Attribution(Struct):
    """Who says what: all in token indices of the parse."""

    cue: Cue | None
    cue_at: tuple[Range, ...]
    source_head: int | None
    source_at: Range | None
    content: set[int]
    confidence: float
    rule: str
    addressee: int | None = None
    group: VerbClass | None = None
    anchor: int = 0
    """The token by which it is ordered: the cue's."""


class Reader:
    """Reads one text. :meth:`attributions` gives the result, in the order of the cues."""

    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        self.parse = parse
        self.lexicon = lexicon
        self.quotations = Quotations(parse)
        self._taken: set[int] = set()
        self._found: list[Attribution] = []

    def attributions(self, least: float = LEAST) -> list[Attribution]:
        """Every attribution of at least a confidence."""
        parse = self.parse
        cues = list(find_cues(parse, self.quotations, self.lexicon))
        outside = [cue for cue in cues if self.quotations.speech_at(cue.token) is None]
        strong = [cue for cue in outside if cue.confidence >= least]
        self._add_ready_made(headlines.dash_quotations(parse, self.quotations))
        for cue in sorted(strong, key=self._height):
            self._build(cue)
        self._add_ready_made(headlines.colon_lines(parse, self.quotations, self.lexicon.cities))
        self._rescue([cue for cue in outside if cue.confidence >= _WEAKEST_RESCUE])
        self._continue()
        self._first_halves()
        for cue in cues:
            if self.quotations.speech_at(cue.token) and cue.confidence >= _LEAST_WITHIN_QUOTATION:
                self._build(cue)
        return sorted(
            (each for each in self._found if each.confidence >= least), key=lambda each: each.anchor
        )

    def _height(self, cue: Cue) -> float:
        """How far down the tree it reports from: a parenthesis reports from above what it hangs on."""
        if cue.frame.hangs_on is not None:
            return self.parse.depth(cue.frame.hangs_on) - 0.5
        return self.parse.depth(cue.token)

    # -- one cue -------------------------------------------------------------------------------

    def _build(self, cue: Cue, forced: Quotation | None = None, confidence: float | None = None) -> bool:
        """Take a cue as an attribution, unless a content that was found before holds it."""
        parse, quotations = self.parse, self.quotations
        if cue.token in self._taken:
            return False
        source = cue.source
        source_at = None if source is None else sources.mention(parse, source.head, cue.token)
        cue_at = cue_words(parse, cue)
        own = {cue.token, *cue.frame.helpers, *(token for each in cue_at for token in range(*each))}
        if source_at is not None:
            own.update(range(*source_at))
        tokens = set(cue.frame.content)
        addressee = cue.frame.addressee
        if addressee is not None and cue.group is not None and cue.group.addressee:
            tokens -= set(parse.subtree(addressee))
        else:
            addressee = addressee if cue.frame.name == "clause" else None
        if forced is not None:
            tokens |= set(forced.tokens)
        tokens = contents.without_cue(parse, cue.token, tokens) - own - self._taken
        if not parse.has_words(tokens):
            quotation = near_quotation(parse, quotations, cue.token)
            if quotation is None:
                return False
            tokens = set(quotation.tokens) - own - self._taken
        tokens = contents.with_quotations(
            parse, quotations, tokens, cue.token, None if source is None else source.head
        )
        tokens -= own | self._taken
        tokens = contents.behind_colon(parse, quotations, tokens, cue.token)
        if cue.rule != "according to" and cue.frame.name != "parenthetical":
            tokens = contents.cut_edges(parse, quotations, self.lexicon, tokens, cue.token)
        if not contents.runs(parse, tokens):
            return False
        if confidence is None:
            short = sum(map(parse.is_word, tokens)) < _SHORT and not self._quoted(tokens)
            short = short and not any(parse.lower[token] == "that" for token in tokens)
            confidence = cue.confidence * (_SHORT_FACTOR if short else 1)
        self._found.append(
            Attribution(
                cue,
                cue_at,
                None if source is None else source.head,
                source_at,
                tokens,
                confidence,
                cue.rule,
                addressee,
                cue.group,
                cue.token,
            )
        )
        self._taken |= tokens
        return True

    def _add_ready_made(self, found: list[headlines.Line]) -> None:
        for line in found:
            words = set(range(*line.content))
            if self._taken & words or line.cue in self._taken:
                continue
            if any(line.source[0] <= each.anchor < line.content[1] for each in self._found):
                continue
            self._found.append(
                Attribution(
                    None, (), line.head, line.source, words, line.confidence, line.rule, anchor=line.cue
                )
            )
            self._taken |= words

    def _quoted(self, tokens: set[int]) -> bool:
        return any(self.quotations.at(token) is not None for token in tokens)

    # -- quotations that no cue has claimed ----------------------------------------------------

    def _rescue(self, cues: list[Cue]) -> None:
        """Give every quotation of speech that is left to somebody: see the three rules it asks."""
        for quotation in self.quotations.all:
            if not quotation.is_speech:
                continue
            taken = sum(token in self._taken for token in quotation.tokens)
            if taken > len(quotation.tokens) / 2:
                continue
            if not (
                self._same_sentence(quotation) or self._weak_cue(quotation, cues) or self._goes_on(quotation)
            ):
                self._before_colon(quotation)

    def _sentences(self, quotation: Quotation) -> set[int]:
        return {self.parse.sentence_of[quotation.first], self.parse.sentence_of[quotation.last]}

    def _join(self, attribution: Attribution, quotation: Quotation) -> None:
        words = set(quotation.tokens) - self._taken
        attribution.content |= words
        self._taken |= words

    def _same_sentence(self, quotation: Quotation) -> bool:
        """““A,” he said, “and B.””: the other half of an interrupted quotation."""
        numbers = self._sentences(quotation)
        near = [
            each
            for each in self._found
            if self.parse.sentence_of[each.anchor] in numbers
            and each.anchor not in quotation
            and any(self.quotations.at(token) not in (None, quotation) for token in each.content)
            and abs(each.anchor - quotation.first) < _FAR
        ]
        if not near:
            return False
        best = min(
            near, key=lambda each: min(abs(each.anchor - quotation.first), abs(each.anchor - quotation.last))
        )
        between = range(min(best.anchor, quotation.first), max(best.anchor, quotation.first))
        if any(
            token in self._taken and token not in best.content and self.quotations.at(token) is None
            for token in between
            if self.parse.is_word(token)
        ):
            return False
        self._join(best, quotation)
        return True

    def _weak_cue(self, quotation: Quotation, cues: list[Cue]) -> bool:
        """A verb beside it that would not do as a cue without the quotation."""
        used = {each.anchor for each in self._found}
        numbers = self._sentences(quotation)
        near = (
            sorted(
                (min(abs(cue.token - quotation.first), abs(cue.token - quotation.last)), cue.token, cue)
                for cue in cues
                if self.parse.sentence_of[cue.token] in numbers
                and cue.token not in self._taken
                and cue.token not in used
                and cue.token not in quotation
                and cue.source is not None
                and cue.source.head not in quotation
                and self.parse.pos[cue.token] == "VERB"
            )
            if cues
            else []
        )
        if not near or near[0][0] > 8:
            return False
        return self._build(near[0][2], quotation, max(near[0][2].confidence, _RESCUED))

    def _goes_on(self, quotation: Quotation) -> bool:
        """A quotation that starts a sentence goes on with the speech before it."""
        parse = self.parse
        first = quotation.first
        if parse.sentences[parse.sentence_of[first]][0] != first:
            return False
        before = [each for each in self._found if max(max(each.content), each.anchor) < first]
        if not before:
            return False
        last = max(before, key=lambda each: max(max(each.content), each.anchor))
        end = max(max(last.content), last.anchor)
        quoted = any(self.quotations.speech_at(token) for token in last.content)
        sentences = parse.sentence_of[first] - parse.sentence_of[end]
        paragraphs = parse.paragraphs[first] - parse.paragraphs[end]
        start, stop = parse.sentences[parse.sentence_of[quotation.last]]
        alone = not any(parse.is_word(t) and self.quotations.at(t) is None for t in range(start, stop))
        previous = parse.before(first)
        colon = previous is not None and parse.texts[previous] == ":"
        same_paragraph = paragraphs == 0 and sentences <= 1 and (quoted or last.confidence >= 0.6)
        reported = last.group is not None and last.group.name in _COMMUNICATES
        next_paragraph = (
            0 < paragraphs <= 2 and sentences <= 2 and alone and (quoted or (reported and sentences == 1))
        )
        if not (same_paragraph or next_paragraph or (colon and paragraphs <= 2)):
            return False
        if quoted or colon:
            self._join(last, quotation)
        else:  # what was said indirectly, said again in the speaker's own words: a claim of its own
            words = set(quotation.tokens) - self._taken
            sure = min(last.confidence, _GOES_ON)
            self._found.append(
                Attribution(None, (), last.source_head, last.source_at, words, sure, "goes on", anchor=first)
            )
            self._taken |= words
        return True

    def _before_colon(self, quotation: Quotation) -> bool:
        """“He had this to say:” and then the quotation, in the same or the next paragraph."""
        parse = self.parse
        colon = parse.before(quotation.first)
        if (
            colon is None
            or parse.texts[colon] != ":"
            or parse.paragraphs[quotation.first] - parse.paragraphs[colon] > 2
        ):
            return False
        start, end = parse.sentences[parse.sentence_of[colon]]
        verb = next(
            (t for t in range(start, end) if parse.heads[t] == t and parse.pos[t] in ("VERB", "AUX")), None
        )
        if verb is None or verb in self._taken or any(each.anchor == verb for each in self._found):
            return False
        source = sources.source_of_verb(parse, verb)
        if source is None:
            return False
        cue = Cue(
            verb, "colon", _RESCUED, source, Frame("quotation", frozenset(quotation.tokens), quoted=True)
        )
        return self._build(cue, quotation)

    def _first_halves(self) -> None:
        """““The plan,” he said, “is dead””: a first half too short to be speech by itself."""
        for quotation in self.quotations.all:
            behind = quotation.last + 1
            if quotation.is_speech or self.parse.texts[quotation.last - 1] != ",":
                continue
            for each in self._found:
                starts = {each.anchor, *(at[0] for at in (*each.cue_at, each.source_at) if at is not None)}
                if behind in starts and self._quoted(each.content) and quotation.last < min(each.content):
                    self._join(each, quotation)

    def _continue(self) -> None:
        """Contents that end in a quotation take the quotations of the sentences that follow."""
        claimed = {self.parse.sentence_of[each.anchor] for each in self._found}
        for each in list(self._found):
            last = max(each.content)
            if self.quotations.speech_at(last) is None and not any(
                self.quotations.speech_at(token) for token in each.content
            ):
                continue
            words = contents.continuation(self.parse, self.quotations, each.content, each.anchor, claimed)
            words -= self._taken
            each.content |= words
            self._taken |= words
