"""Writes CoNLL-2003 files with IOB2 tags, one for each kind of span: ``token -X- _ TAG``."""

from __future__ import annotations

import re
import shutil
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from typing import IO

from annotator.core.codebook import Codebook
from annotator.core.model import Kind, Span
from annotator.core.ports import ArticleLabels
from annotator.core.tokens import Tokens, rough_tokens
from annotator.formats.losing import Held, cannot_hold, count_common, without_overlaps
from annotator.formats.output import Losses, Output
from annotator.formats.text import title_of

_HOLDS = frozenset({Held.OVERLAPS, Held.TITLES})
"""Overlaps of different kinds; those of one kind are counted here."""
_OVERLAPS = "spans within or across longer ones of their kind"
_OFF_EDGE = "spans that begin or end within a token"
_SPACING = "articles with other spacing than single spaces and line breaks"
_SENTENCES = "ends of sentences within spans"
_TITLES = "titles of articles that are not their first line"
_TOKENS = "tokens that the format does not take"
_NAMES = "labels with spaces in their names"
_UNTOUCHED = "articles that nobody has labelled"
CANNOT_HOLD = (
    *cannot_hold(_HOLDS), _OVERLAPS, _OFF_EDGE, _SPACING, _SENTENCES, _TITLES, _TOKENS, _NAMES, _UNTOUCHED,
)  # fmt: skip

_SPACE = re.compile(r"\s")
_IN_MEMORY = 16 * 1024 * 1024

type _Range = tuple[int, int]


def write(articles: Iterable[ArticleLabels], output: Output) -> None:
    """``KIND.conll`` for each kind that has spans (``entity.conll`` at least), with all articles in each.

    Sentences end at the same tokens in all of them, so that the texts that are read back are equal.
    """
    assert output.file is not None
    with ExitStack() as stack:
        files: dict[Kind, IO[bytes]] = {
            kind: stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY)) for kind in Kind
        }
        used: set[Kind] = set()
        labels_of = _Labels(output.codebook, output.losses)
        for labels in articles:
            if labels.annotator is None:
                output.losses.add(_UNTOUCHED, "written with O, as if there were nothing to label")
            lost = count_common(labels, output.losses, _HOLDS)
            for kind, data in _article(lost, labels_of, output.losses):
                files[kind].write(data)
                if any(span.kind is kind for span in lost.spans):
                    used.add(kind)
        for kind in used or {Kind.ENTITY}:
            files[kind].seek(0)
        for kind in Kind:
            if kind in used or (not used and kind is Kind.ENTITY):
                with output.file(f"{kind}.conll") as stream:
                    shutil.copyfileobj(files[kind], stream)


class _Labels:
    """Names of labels without white space; each label of a kind keeps its own."""

    def __init__(self, codebook: Codebook, losses: Losses) -> None:
        self._losses = losses
        self._written: dict[tuple[Kind, str], str] = {}
        self._taken = {(each.kind, each.name) for each in codebook.labels if not _SPACE.search(each.name)}

    def __call__(self, kind: Kind, label: str) -> str:
        if not _SPACE.search(label):
            return label
        known = self._written.get((kind, label))
        if known is None:
            wanted = known = "_".join(label.split()) or "_"
            number = 1
            while (kind, known) in self._taken:
                number += 1
                known = f"{wanted}-{number}"
            self._taken.add((kind, known))
            self._written[kind, label] = known
            self._losses.add(_NAMES, "written with “_” instead")
        return known


def _article(labels: ArticleLabels, label_of: _Labels, losses: Losses) -> Iterator[tuple[Kind, bytes]]:
    """The lines of one article in the file of each kind."""
    text = labels.article.text
    tokens = labels.tokens
    if tokens is None or not len(tokens):
        tokens = rough_tokens(text)
    words = [each for each in zip(tokens.starts, tokens.ends, strict=True) if text[each[0] : each[1]].strip()]
    written = [_word(text[start:end], losses) for start, end in words]
    tagged = {kind: _tagged(labels.spans, kind, words, label_of, losses) for kind in Kind}
    breaks = _breaks(words, text, tokens, [each for spans in tagged.values() for each, _ in spans], losses)
    rebuilt = "".join(word + ("\n" if nth + 1 in breaks else " ") for nth, word in enumerate(written)).strip()
    key = labels.article.id or labels.article.sha256
    if rebuilt != text:
        losses.add(_SPACING, "written as tokens, which come back with a space between them", once=key)
    title = labels.article.title
    if title and title_of(rebuilt, "") != title:
        losses.add(_TITLES, once=key)
    starts = [f"{word} -X- _ " for word in written]
    ends = ["\n\n" if nth in breaks else "\n" for nth in range(1, len(written) + 1)]
    outside = [f"{start}O{end}" for start, end in zip(starts, ends, strict=True)]
    untagged = "".join(outside)
    for kind in Kind:
        lines = untagged
        if tagged[kind]:
            rows = outside.copy()
            for (first, last), label in tagged[kind]:
                rows[first] = f"{starts[first]}B-{label}{ends[first]}"
                for nth in range(first + 1, last + 1):
                    rows[nth] = f"{starts[nth]}I-{label}{ends[nth]}"
            lines = "".join(rows)
        yield kind, f"-DOCSTART- -X- -X- O\n\n{lines}\n".encode()


def _word(word: str, losses: Losses) -> str:
    """A token as a line can hold it."""
    if word.isalnum():
        return word
    taken = _SPACE.sub("_", word)
    if taken == "-DOCSTART-":
        taken = "-DOCSTART_"
    if taken != word:
        losses.add(_TOKENS, "written with “_” instead")
    return taken


def _tagged(
    spans: Sequence[Span], kind: Kind, words: Sequence[_Range], label_of: _Labels, losses: Losses
) -> list[tuple[_Range, str]]:
    """The spans of a kind that can be written, as first and last token, with the label."""
    of_kind = [span for span in spans if span.kind is kind]
    kept = without_overlaps(of_kind)
    losses.add(_OVERLAPS, number=len(of_kind) - len(kept))
    found: list[tuple[_Range, str]] = []
    starts, ends = [start for start, _ in words], [end for _, end in words]
    behind = 0
    for span in sorted(kept, key=lambda span: span.order):
        first, last = bisect_right(ends, span.start), bisect_left(starts, span.end) - 1
        if last < first or first < behind:
            # It shares a token with the one before it, or lies between two tokens.
            losses.add(_OVERLAPS)
            continue
        if starts[first] != span.start or ends[last] != span.end:
            losses.add(_OFF_EDGE, "widened to whole tokens")
        behind = last + 1
        found.append(((first, last), label_of(kind, span.label)))
    return found


def _breaks(
    words: Sequence[_Range], text: str, tokens: Tokens, spans: Iterable[_Range], losses: Losses
) -> set[int]:
    """Before which tokens a sentence begins: never within a span, and always behind a line break else."""
    starts = [start for start, _ in words]
    sentences = tokens.sentences or rough_tokens(text).sentences
    found = {bisect_left(starts, each) for each in sentences}
    found.update(nth for nth, (one, two) in enumerate(pairwise(words), 1) if "\n" in text[one[1] : two[0]])
    found &= set(range(1, len(words)))
    within = {place for first, last in spans for place in range(first + 1, last + 1)}
    losses.add(_SENTENCES, number=len(found & within))
    return found - within
