"""Which actor record each span of the open page is likely to mean, as its annotator sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from annotator.core.model import ActorRecord, Span
from annotator.core.names import plain
from annotator.core.page import Page
from annotator.core.proposals import open_spans, propose, recent_in, words_of
from annotator.core.registry import Match
from annotator.session.doubles import Doubles

if TYPE_CHECKING:
    from annotator.session.editor import Editor

type _Known = dict[tuple[str, bool], Match | None]


class Proposing(Doubles):
    """The part of :class:`annotator.session.actors.Actors` that concerns proposals."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._memo: tuple[object, _Known] = (None, {})
        """What was proposed for words (with near names or without), and for which state of everything."""
        self._recent: tuple[object, list[str]] = (None, [])

    def recent(self) -> list[str]:
        """Ids of the identities linked in the open article by the annotator, latest first."""
        page = self._editor.page
        if page is None:
            return []
        state = (id(page), page.revision, self.registry.revision)
        if self._recent[0] != state:
            self._recent = state, recent_in(page, self.registry)
        return self._recent[1]

    def proposals(self) -> Mapping[str, Match]:
        """By id of the spans of the open page: the record proposed for it.

        Of the own actor spans without a record and of the suggested ones in sight.
        """
        page = self._editor.page
        if page is None:
            return {}
        found = ((each.id, self._proposal(page, each, self.recent(), near=True)) for each in open_spans(page))
        return {span: match for span, match in found if match is not None}

    def proposed(self, span: str) -> Match | None:
        """The record proposed for one span of the open page."""
        page = self._editor.page
        if page is None:
            return None
        there = page.spans.get(span) or page.suggestions.get(span)
        if there is None or there not in open_spans(page):
            return None
        return self._proposal(page, there, self.recent(), near=True)

    def is_named(self, span: Span) -> bool:
        """Whether a record is proposed for an actor of the open page since it is named so.

        This costs next to nothing; a name that is only near is not looked for.
        """
        page = self._editor.page
        if page is None or (span.actor is not None and not span.is_suggestion):
            return False
        return self._proposal(page, span, self.recent(), near=False) is not None

    def _proposal(self, page: Page, span: Span, recent: list[str], *, near: bool) -> Match | None:
        registry, words = self.registry, words_of(page, span)
        if span.actor in registry.records:
            record = registry.resolve(span.actor or "")
            refused = self._is_refused(page, words, record, True)
            return None if refused else Match(record, record.name, 1.0, True)
        state = (page.article.id, registry.revision, self._refused, tuple(recent))
        if self._memo[0] != state:
            self._memo = state, {}
        known = self._memo[1]
        if (words, near) not in known:
            known[words, near] = propose(
                registry,
                words,
                page.article.language,
                recent,
                lambda record, exact: not self._is_refused(page, words, record, exact),
                near=near,
            )
        return known[words, near]

    def _is_refused(self, page: Page, words: str, record: ActorRecord, exact: bool) -> bool:
        wanted = plain(words)
        return any(
            each.words == wanted
            and each.annotator == self._editor.annotator
            and (each.article == page.article.id or (not each.article and not exact))
            and each.actor in self.registry.records
            and self.registry.resolve(each.actor).id == record.id
            for each in self._refusals
        )
