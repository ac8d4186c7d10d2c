"""Running pipelines over articles: batches bounded by characters, long texts in pieces."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby
from typing import TYPE_CHECKING, Self

import numpy as np
from msgspec import Struct

from annotator.core.model import Fragments
from annotator.core.ports import Suggested, SuggestedRelation, SuggestedSpan, SuggestJob
from annotator.core.records import replace
from annotator.core.scheme import Scheme
from annotator.core.tiers import ATTRIBUTION
from annotator.nlp import convert, entities
from annotator.nlp.attribution import report
from annotator.nlp.attribution.lexicon import Lexicon, lexicon_of, parse_lexicon
from annotator.nlp.attribution.parse import Parse, Range
from annotator.nlp.attribution.suggestions import Suggestions
from annotator.nlp.pipelines import ORIGIN, Model, find_model, language_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_log = logging.getLogger(__name__)

RULES_FAILED = "The rules for claims failed on an article; what else was found in it is there."
BATCH = 20_000
"""Code points that one batch holds at most (or one piece): larger ones were slower and take more memory."""


class Analysed(Struct, frozen=True):
    """What was found in one article; one sentence where its pipeline can suggest nothing."""

    result: Suggested
    complaint: str | None


class _Piece(Struct):
    """A stretch of an article that is analysed at once; ``base`` is where it starts in the text."""

    article: _Open
    base: int
    length: int
    doc: Doc
    starts: convert.Ints
    ends: convert.Ints
    kept: convert.Ints | None
    seen: Doc
    """What the pipeline sees: ``doc``, or its tokens outside the furniture."""
    last: bool


class _Open(Struct):
    """An article whose pieces are being worked through."""

    job: SuggestJob
    found: list[tuple[int, int, str]] = []
    starts: list[convert.Ints] = []
    ends: list[convert.Ints] = []
    sentences: set[int] = set()
    reports: list[report.Report] = []
    rules_failed: bool = False


class Pipeline:
    """One loaded spaCy pipeline with the scheme of what it may suggest."""

    def __init__(self, model: Model, nlp: Language, scheme: Scheme) -> None:
        self.model = model
        self.nlp = nlp
        self.complaint = model.complaint(frozenset(scheme.entities))
        self._scheme = scheme
        self._lexicon = _lexicon_for(nlp, scheme)
        self._confidence = entities.confidences(nlp.meta)
        self._origins = (ORIGIN,) if self.complaint is None else ()
        if self._lexicon is not None:
            self._origins = (*self._origins, ATTRIBUTION)

    @classmethod
    def load(cls, model: Model, scheme: Scheme) -> Self:
        """Load it (this imports spaCy, which takes seconds). Raises ModelError if it cannot be."""
        from annotator.nlp.loading import load

        lexicon = parse_lexicon(scheme.lexicon) if scheme.suggests_claims else None
        parsed = lexicon is not None and lexicon.language == model.language
        cities = lexicon.cities if lexicon is not None and parsed else ()
        return cls(model, load(model, parsed=parsed, cities=cities), scheme)

    def analyse(
        self,
        jobs: Iterable[SuggestJob],
        *,
        batch: int = BATCH,
        stop: Callable[[], bool] = lambda: False,
    ) -> Iterator[Analysed]:
        """Work on articles one after another; each result comes as soon as its batch is done.

        ``stop`` is asked before each batch; once it says yes, the articles not given yet are left out.
        A text may have any length: it is cut after line breaks (or other whitespace) into pieces of
        about ``batch`` code points, whose tokens are exactly those of the whole.
        """
        size = min(batch, self.nlp.max_length // 2)
        pieces_in_order = chain.from_iterable(self._pieces(job, size) for job in jobs)
        for pieces in batches(pieces_in_order, lambda piece: piece.length, size):
            if stop():
                return
            for piece, doc in zip(pieces, self.nlp.pipe(p.seen for p in pieces), strict=True):
                self._collect(piece, doc)
                if piece.last:
                    yield self._finish(piece.article)

    def _pieces(self, job: SuggestJob, size: int) -> Iterator[_Piece]:
        article = _Open(job)
        for base, text, last in pieces_of(job.text, size):
            doc = self.nlp.make_doc(text)
            starts, ends = convert.bounds(doc)
            kept = convert.kept_tokens(starts, ends, _within(job.furniture, base, len(text)))
            seen = doc if kept is None else convert.only(doc, kept)
            yield _Piece(article, base, len(text), doc, starts, ends, kept, seen, last)

    def _collect(self, piece: _Piece, doc: Doc) -> None:
        """Take what the pipeline found in a piece over into the article's own offsets."""
        article = piece.article
        starts, ends = piece.starts + np.uint32(piece.base), piece.ends + np.uint32(piece.base)
        article.starts.append(starts)
        article.ends.append(ends)
        forced = [0, *convert.after_line_breaks(piece.doc)] if len(piece.doc) else []
        article.sentences.update(starts[forced].tolist())
        seen = np.arange(len(doc), dtype=np.uint32) if piece.kept is None else piece.kept
        if not len(doc):
            return
        article.sentences.update(starts[seen[convert.sentence_starts(doc)]].tolist())
        for entity in doc.ents:
            first, last = seen[entity.start], seen[entity.end - 1]
            article.found.append((int(starts[first]), int(ends[last]), entity.label_))
        if self._lexicon is not None:

            def place(ranges: Iterable[Range]) -> Fragments:
                return convert.fragments(seen, starts, ends, ranges)

            try:
                article.reports.extend(report.read(Parse(doc), self._lexicon, place))
            except Exception:  # a fault of the rules must not cost the entities and tokens
                _log.exception("the attribution rules failed")
                article.rules_failed = True

    def _finish(self, article: _Open) -> Analysed:
        job = article.job
        spans: tuple[SuggestedSpan, ...] = tuple(
            entities.suggested(
                job.text,
                article.found,
                job.furniture,
                self._scheme.entities,
                self._confidence,
                self.model.origin,
            )
        )
        found, relations = self._claims(article, len(spans))
        empty = np.zeros(0, dtype=np.uint32)
        tokens = convert.to_tokens(
            np.concatenate(article.starts or [empty]),
            np.concatenate(article.ends or [empty]),
            sorted(article.sentences),
            self.model.name,
        )
        result = Suggested(job.article, (*spans, *found), relations, tokens, self._origins)
        return Analysed(result, RULES_FAILED if article.rules_failed else self.complaint)

    def _claims(
        self, article: _Open, offset: int
    ) -> tuple[tuple[SuggestedSpan, ...], tuple[SuggestedRelation, ...]]:
        """What the attribution rules found; ``offset`` is how many spans stand before these."""
        if self._lexicon is None:
            return (), ()
        suggestions = Suggestions(self._scheme, self._lexicon.origin)
        suggestions.add(article.reports)
        persons = sorted((start, end) for start, end, label in article.found if label in ("PERSON", "PER"))
        suggestions.identify(article.job.text, persons)
        spans, relations = suggestions.result()
        return spans, tuple(
            replace(each, head=each.head + offset, tail=each.tail + offset) for each in relations
        )


class Analyser:
    """The pipelines of a run: the main one, and those of other languages once an article needs them."""

    def __init__(self, wanted: str | None, scheme: Scheme) -> None:
        """``wanted`` as for :func:`find_model`. Raises ModelError if it is not there."""
        self._wanted = wanted
        self._scheme = scheme
        self._models: dict[str | None, Model] = {None: find_model(wanted)}
        self._pipelines: dict[Model, Pipeline] = {}

    @property
    def complaint(self) -> str | None:
        """One sentence where the main pipeline can suggest nothing, else None."""
        return self._models[None].complaint(frozenset(self._scheme.entities))

    def pipeline(self, language: str | None) -> Pipeline:
        """The pipeline of a language, loaded if it was not yet. Raises ModelError."""
        code = language_of(language)
        if code not in self._models:
            self._models[code] = find_model(self._wanted, code)
        model = self._models[code]
        if model not in self._pipelines:
            self._pipelines[model] = Pipeline.load(model, self._scheme)
            _log.info("loaded %s", model.name)
        return self._pipelines[model]

    def analyse(
        self, jobs: Iterable[SuggestJob], *, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Analysed]:
        """Work on articles of any language, in order; see :meth:`Pipeline.analyse`."""
        for pipeline, run in groupby(jobs, key=lambda job: self.pipeline(job.language)):
            yield from pipeline.analyse(run, stop=stop)
            if stop():
                return


def _lexicon_for(nlp: Language, scheme: Scheme) -> Lexicon | None:
    """The scheme's lexicon, if the pipeline reads its language and does all that the rules look at."""
    if not scheme.suggests_claims or not _can_be_read(nlp):
        return None
    lexicon = lexicon_of(scheme)
    return lexicon if lexicon.language == nlp.lang else None


def _can_be_read(nlp: Language) -> bool:
    """Whether a pipeline does all that the rules look at."""
    parts = set(nlp.pipe_names)
    return {"parser", "tagger"} <= parts and bool({"lemmatizer", "trainable_lemmatizer"} & parts)


def pieces_of(text: str, size: int) -> Iterator[tuple[int, str, bool]]:
    """A text in pieces of about ``size`` code points: where each starts, the piece, whether it is the last.

    Cut after the last line break, else sentence, else space, and all whitespace that follows it, which
    is where no token of a tokenizer that splits on whitespace can be cut; inside a word only if it is
    longer than ``size``.
    """
    start = 0
    while len(text) - start > size:
        places = (text.rfind(mark, start, start + size) + len(mark) for mark in ("\n", ". ", " "))
        cut = next((place for place in places if place > start + 1), start + size)
        furthest = min(cut + size, len(text))
        while cut < furthest and text[cut].isspace():
            cut += 1
        yield start, text[start:cut], cut == len(text)
        start = cut
    if start < len(text) or not text:
        yield start, text[start:], True


def batches[T](items: Iterable[T], length: Callable[[T], int], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of items, in order, whose lengths (code points) sum up to at most ``size``, or of one item."""
    batch: list[T] = []
    filled = 0
    for item in items:
        if batch and filled + length(item) > size:
            yield batch
            batch, filled = [], 0
        batch.append(item)
        filled += length(item)
    if batch:
        yield batch


def _within(furniture: Fragments, base: int, length: int) -> Fragments:
    """The furniture of a piece, in the piece's own offsets."""
    end = base + length
    return tuple(
        (max(begin, base) - base, min(stop, end) - base)
        for begin, stop in furniture
        if begin < end and stop > base
    )
