"""What every command is given and gives back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from msgspec import Struct

from annotator.core.changes import (
    Change,
    ChangeSet,
    DecisionChange,
    ProgressChange,
    RelationChange,
    SpanChange,
)
from annotator.core.codebook import Codebook
from annotator.core.errors import RuleError
from annotator.core.model import (
    Decision,
    Fragments,
    Kind,
    Relation,
    Span,
    State,
    Status,
    Target,
    Verdict,
    new_id,
)
from annotator.core.page import Page
from annotator.core.records import replace
from annotator.core.text import excerpt, slice_of


class Desk(Struct, frozen=True):
    """What a command works with: the page, the codebook and the time of the edit."""

    page: Page
    codebook: Codebook
    now: str

    @property
    def origin(self) -> str:
        """The origin of what the annotator makes."""
        return f"annotator:{self.page.annotator}"

    def changes(self, changes: Sequence[Change]) -> ChangeSet:
        """The change set; labelling a new article also puts it in progress."""
        progress = self.page.progress
        everything = list(changes)
        labelled = any(not isinstance(each, ProgressChange) for each in changes)
        if labelled and progress.status == Status.NEW:
            started = replace(progress, status=Status.IN_PROGRESS)
            everything.append(ProgressChange(progress, started))
        return ChangeSet(self.page.article.id, tuple(everything))

    def own_span(self, span_id: str) -> Span:
        """The annotator's own span. Raises RuleError for a suggestion or an unknown id."""
        span = self.page.span(span_id)
        if span.is_suggestion:
            raise RuleError("this is still a suggestion", cure="Accept it first with Enter")
        return span

    def quote(self, span: Span) -> str:
        """The span's text in quotation marks, short enough for a menu."""
        return f"“{excerpt(slice_of(self.page.text, span.fragments), 30)}”"

    def accepted(
        self,
        suggestion: Span,
        *,
        kind: Kind | None = None,
        label: str | None = None,
        fragments: Fragments | None = None,
    ) -> tuple[Span, list[Change]]:
        """The own span that accepting a suggestion makes, and the changes that do it.

        With another kind, label or fragments the decision is recorded as a change and the span's
        origin is the annotator; accepted as it stands it keeps the suggestion's origin and confidence.
        """
        kind = kind or suggestion.kind
        label = label or suggestion.label
        fragments = fragments or suggestion.fragments
        if not self.page.is_open(suggestion):
            raise RuleError("this suggestion is already decided", cure="Ctrl+Z takes it back")
        same = (kind, label, fragments) == (suggestion.kind, suggestion.label, suggestion.fragments)
        known = {attribute.name for attribute in self.codebook.attributes_of(kind)}
        kept = {k: v for k, v in suggestion.attributes.items() if same or k in known}
        own = Span(
            id=new_id(),
            kind=kind,
            label=label,
            fragments=fragments,
            attributes=self.codebook.defaults(kind) | kept,
            actor=suggestion.actor if kind == suggestion.kind else None,
            origin=suggestion.origin if same else self.origin,
            confidence=suggestion.confidence if same else None,
            annotator=self.page.annotator,
            suggestion=suggestion.id,
            created=self.now,
            updated=self.now,
            note=suggestion.note,
        )
        verdict = Verdict.ACCEPTED if same else Verdict.CHANGED
        decision = self.decision(suggestion.id, Target.SPAN, verdict, own.id)
        return own, [SpanChange(None, own), DecisionChange(None, decision)]

    def accepted_relation(self, suggestion: Relation, head: str, tail: str) -> tuple[Relation, list[Change]]:
        """The own relation between two own spans that accepting a suggested one makes, and the changes."""
        fresh = self.new_relation(suggestion.type, head, tail)
        own = replace(
            fresh,
            attributes={**fresh.attributes, **suggestion.attributes},
            origin=suggestion.origin,
            confidence=suggestion.confidence,
            suggestion=suggestion.id,
            note=suggestion.note,
        )
        decision = self.decision(suggestion.id, Target.RELATION, Verdict.ACCEPTED, own.id)
        return own, [RelationChange(None, own), DecisionChange(None, decision)]

    def decision(self, suggestion: str, target: Target, verdict: Verdict, made: str | None) -> Decision:
        """The annotator's decision, dated now."""
        return Decision(
            suggestion=suggestion,
            target=target,
            verdict=verdict,
            annotator=self.page.annotator,
            made=made,
            decided_at=self.now,
        )

    def reject_instead(self, suggestion: str | None, made: str) -> list[Change]:
        """Turns the decision that made a label into a rejection, for a label that is deleted."""
        decision = self.page.decisions.get(suggestion or "")
        if decision is None or decision.made != made:
            return []
        rejected = self.decision(decision.suggestion, decision.target, Verdict.REJECTED, None)
        return [DecisionChange(decision, rejected)]

    def new_relation(self, type_: str, head: str, tail: str) -> Relation:
        """A fresh own relation between two own spans with the codebook's defaults."""
        return Relation(
            id=new_id(),
            type=type_,
            head=head,
            tail=tail,
            attributes={
                each.name: each.default
                for each in self.codebook.relation_attributes()
                if each.default is not None
            },
            origin=self.origin,
            annotator=self.page.annotator,
            created=self.now,
            updated=self.now,
        )

    def new_span(self, kind: Kind, label: str, fragments: Fragments) -> Span:
        """A fresh own span with the codebook's defaults."""
        return Span(
            id=new_id(),
            kind=kind,
            label=label,
            fragments=fragments,
            attributes=self.codebook.defaults(kind),
            state=State.ACCEPTED,
            origin=self.origin,
            annotator=self.page.annotator,
            created=self.now,
            updated=self.now,
        )


class Command(Protocol):
    """One verb. ``verb`` is its stable name in the edit log."""

    verb: ClassVar[str]

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """A title for the undo menu, and the changes. Raises RuleError where it is not allowed.

        An empty change set means that there is nothing to do.
        """
        ...
