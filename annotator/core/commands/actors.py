"""Linking actor spans to actor records."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from annotator.core.changes import Change, ChangeSet, DecisionChange, SpanChange
from annotator.core.commands.base import Desk
from annotator.core.errors import RuleError
from annotator.core.model import Kind, Span
from annotator.core.records import replace
from annotator.core.text import counted


class LinkActor(Struct, frozen=True):
    """Have actor spans mean a record, or none; a suggested one is accepted along with it."""

    spans: tuple[str, ...]
    """Ids of own spans and open suggestions."""
    actor: str | None
    name: str = ""
    """What the record is called, for the title."""
    verb: ClassVar[str] = "link_actor"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Nothing to do for a span that means it already, and none to unlink from a suggestion.

        Raises RuleError for a span of another kind, and for a suggestion that is already decided.
        """
        spans = [desk.page.span(each) for each in dict.fromkeys(self.spans)]
        if self.actor is not None and any(span.kind != Kind.ACTOR for span in spans):
            raise RuleError("only an actor has an actor record", cure="Label it as an actor first")
        changes: list[Change] = []
        done: list[Span] = []
        made: set[tuple[Kind, tuple[tuple[int, int], ...]]] = set()
        for span in spans:
            if span.is_suggestion:
                if self.actor is None or (span.kind, span.fragments) in made:
                    continue
                made.add((span.kind, span.fragments))
                own, accepting = desk.accepted(span)
                changes += [SpanChange(None, replace(own, actor=self.actor)), *accepting[1:]]
            elif span.actor != self.actor:
                changes.append(SpanChange(span, replace(span, actor=self.actor, updated=desk.now)))
            else:
                continue
            done.append(span)
        # what is made first, then the decisions: runs of one kind are saved at once
        changes.sort(key=lambda change: isinstance(change, DecisionChange))
        return self._title(desk, done), desk.changes(changes)

    def _title(self, desk: Desk, spans: list[Span]) -> str:
        what = desk.quote(spans[0]) if len(spans) == 1 else counted(len(spans), "actor")
        if self.actor is None:
            return f"Unlink {what}"
        return f"Link {what} to {self.name or 'an actor record'}"
