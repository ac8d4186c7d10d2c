"""Actor records of the open project: looking them up, and every edit of them and of their links.

Each method that changes something is one edit of the edit log, which one undo takes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core.actor_ports import LoggedEdit, Mention
from annotator.core.changes import (
    ActorChange,
    ProjectChange,
    RefusalChange,
)
from annotator.core.commands import Command, LinkActor
from annotator.core.duplicates import Pair
from annotator.core.errors import RuleError
from annotator.core.history import Edit
from annotator.core.model import ActorRecord, Kind, Refusal, Span
from annotator.core.names import plain
from annotator.core.page import Page
from annotator.core.proposals import words_of
from annotator.core.records import replace
from annotator.core.registry import Match
from annotator.core.text import counted, excerpt
from annotator.session.proposing import Proposing

if TYPE_CHECKING:
    from annotator.session.editor import Editor


class Alike(Struct, frozen=True):
    """A link of all spans with the same words that has been looked up and not been carried out."""

    editor: Editor
    words: str
    """As the span that was asked about has them."""
    record: ActorRecord
    count: int
    """Own spans and suggestions that it links."""
    plans: tuple[tuple[Page, Command], ...]
    """For each article its page and the command."""
    everywhere: bool
    first: tuple[ProjectChange, ...] = ()
    """What makes the record, where it is a new one."""

    @property
    def title(self) -> str:
        """What it does, for menu and question: “Link 12 × “Malley” to Rob Malley in 5 articles”."""
        where = f" in {counted(len(self.plans), 'article')}" if self.everywhere else ""
        words = excerpt(self.words, 30)
        return f"Link {self.count:,} × “{words}” to {excerpt(self.record.name, 30)}{where}"

    def run(self) -> Edit | None:
        """Carry it out as one edit, which one undo takes back. Raises as :meth:`Editor.run`."""
        return self.editor.run_across(LinkActor.verb, self.title, self.plans, first=self.first)


class Actors(Proposing):
    """The registry of the open project, kept in step with the file, and the edits of it."""

    # -- looking ------------------------------------------------------------------------------

    def mentions(
        self, actor: str, offset: int = 0, limit: int = 100, *, annotator: str | None = None
    ) -> list[Mention]:
        """The spans of an identity over all articles in context, by article and place in it.

        Of one annotator, or of all; as the file has them.
        """
        return self._editor.repository.mentions(self._members(actor), annotator, offset, limit)

    def mention_counts(self, annotator: str | None = None) -> dict[str, int]:
        """By id of the identities: their spans over all articles, of one annotator or of all.

        Records without any are left out.
        """
        return self.registry.gathered(self._editor.repository.mention_counts(annotator))

    def history(self, actor: str) -> list[LoggedEdit]:
        """What was done to a record and to those that are merged into it, the latest first."""
        return self._editor.repository.actor_history(self._members(actor))

    # -- linking ------------------------------------------------------------------------------

    def link(self, span_ids: Iterable[str], actor: str | None) -> Edit | None:
        """Link actor spans of the open page to a record's identity, or to none.

        Suggestions are accepted with it. None where all are linked so already. Raises RuleError for a
        span of another kind, or a record that is not there.
        """
        record = None if actor is None else self.registry.resolve(self._known(actor).id)
        return self._link(tuple(span_ids), record)

    def _link(
        self, span_ids: tuple[str, ...], record: ActorRecord | None, first: Sequence[ProjectChange] = ()
    ) -> Edit | None:
        page = self._editor.page
        assert page is not None, "an article must be open"
        command = _to(record, span_ids)
        what = counted(len(span_ids), "actor")
        if len(span_ids) == 1:
            what = f"“{excerpt(words_of(page, page.span(span_ids[0])), 30)}”"
        title = f"Unlink {what}"
        if record is not None:
            name = excerpt(record.name, 30)
            title = f"New actor record {name} for {what}" if first else f"Link {what} to {name}"
        return self._editor.run_across(command.verb, title, [(page, command)], first=first)

    def create(self, record: ActorRecord, link: Iterable[str] = ()) -> Edit | None:
        """Add a record, and link spans of the open page to it, as one edit.

        Raises RuleError as :meth:`link`, for a record without a name, and for an id that is taken.
        """
        record = tidy(replace(record, merged_into=None))
        if record.id in self.registry.records:
            raise RuleError(f"there is an actor record {record.id} already", cure="Give it another id")
        link, made = tuple(link), ActorChange(None, record)
        if link:
            return self._link(link, record, [made])
        return self._editor.run_project("new_actor", f"New actor record {excerpt(record.name)}", [made])

    def accept(self, span: str) -> Edit | None:
        """Link a span to the record that is proposed for it. Raises RuleError where none is."""
        match = self.proposed(span)
        if match is None:
            raise RuleError("no actor record is proposed here", cure="Choose one")
        return self.link([span], match.record.id)

    def alike(
        self,
        span: str,
        *,
        everywhere: bool = False,
        actor: str | None = None,
        new: ActorRecord | None = None,
        suggestions: bool = False,
    ) -> Alike | None:
        """The link of all own actor spans with the words of a span of the open page to its record.

        Those that mean somebody else stay: only spans without a record are linked, and those that mean whom
        the span has meant so far. ``everywhere``: in the whole project, else in the open article. ``actor``:
        the record, where it is not the span's own; ``new``: one that is made along with it. ``suggestions``:
        undecided suggested actors with these words are accepted and linked, too. None where the span has no
        record and none is given, or nothing is left to link.
        """
        page = self._editor.page
        if page is None:
            return None
        asked = page.span(span)
        actor = actor or asked.actor
        if new is not None:
            record = tidy(replace(new, merged_into=None))
        elif actor is not None:
            record = self.registry.resolve(self._known(actor).id)
        else:
            return None
        words = words_of(page, asked)
        wanted = plain(words)
        here = [each for each in page.spans.values() if each.kind == Kind.ACTOR]
        if suggestions:
            here += [each for each in page.open_suggestions() if each.kind == Kind.ACTOR]
        pages = [(page, [each for each in here if plain(words_of(page, each)) == wanted])]
        if everywhere:
            found = self._editor.repository.spans_reading(
                self._editor.annotator, wanted, suggestions=suggestions
            )
            for other in found:
                if other.article.id != page.article.id:
                    other.show_less_certain(page.shows_less_certain)
                    pages.append((other, [*other.spans.values(), *other.open_suggestions()]))
        plans, count = [], 0
        for each, spans in pages:
            ids = self._to_link(spans, self._identity(asked.actor), record.id)
            if ids:
                count += len(ids)
                plans.append((each, _to(record, ids)))
        first = () if new is None else (ActorChange(None, record),)
        return Alike(self._editor, words, record, count, tuple(plans), everywhere, first) if plans else None

    def _to_link(self, spans: Iterable[Span], so_far: str | None, actor: str) -> tuple[str, ...]:
        """Ids of the spans that a link changes; of suggestions over the same words only the first."""
        ids: list[str] = []
        seen = set()
        for span in spans:
            meant = self._identity(span.actor)
            if span.is_suggestion:
                if (span.kind, span.fragments) in seen:
                    continue
                seen.add((span.kind, span.fragments))
            elif meant is not None and (meant != so_far or meant == actor):
                continue
            ids.append(span.id)
        return tuple(ids)

    def _identity(self, actor: str | None) -> str | None:
        return self.registry.resolve(actor).id if actor in self.registry.records else None

    def refuse(self, span: str, actor: str) -> Edit | None:
        """Never propose a record again for what a span of the open page says.

        In the open article where the words are the record's name or alias, and nowhere at all where they
        only are near to it. For this annotator; undo takes it back.
        """
        page = self._editor.page
        assert page is not None, "an article must be open"
        words = words_of(page, page.span(span))
        record = self.registry.resolve(self._known(actor).id)
        exact = any(
            self.registry.resolve(each.actor).id == record.id for each in self.registry.index.equal(words)
        )
        made = Refusal(
            annotator=self._editor.annotator,
            words=plain(words),
            actor=record.id,
            article=page.article.id if exact else "",
        )
        if made in self._refusals:
            return None
        title = f"“{excerpt(words, 30)}” is not {excerpt(record.name, 30)}"
        return self._editor.run_project("refuse_actor", title, [RefusalChange(None, made)])

    # -- records ------------------------------------------------------------------------------

    def edit(self, record: ActorRecord) -> Edit | None:
        """Give a record other values; what others have changed of it meanwhile stays.

        None where nothing changes. Raises RuleError where it is gone or would have no name. Its
        ``merged_into`` is left alone.
        """
        before = self._known(record.id)
        after = tidy(replace(record, merged_into=before.merged_into))
        if after == before:
            return None
        title = f"Change the actor record {excerpt(after.name)}"
        if after.name != before.name:
            title = f"Rename {excerpt(before.name, 30)} to {excerpt(after.name, 30)}"
        return self._editor.run_project("edit_actor", title, [ActorChange(before, after)])

    def put_all(self, records: Iterable[ActorRecord], title: str) -> Edit | None:
        """Add the records whose id is new, and give the others these values, all as one edit.

        None where nothing changes. Raises RuleError for a record without a name.
        """
        changes = []
        for record in records:
            before = self.registry.records.get(record.id)
            after = tidy(replace(record, merged_into=before.merged_into if before else None))
            if after != before:
                changes.append(ActorChange(before, after))
        return self._editor.run_project("put_actors", title, changes)

    def merge(self, ids: Iterable[str], into: str) -> Edit | None:
        """Merge records into another one: from now on they all are one identity, with all their spans.

        None where they are one already. Raises RuleError for records that are gone.
        """
        target = self.registry.resolve(self._known(into).id)
        merged = {}
        for each in ids:
            record = self.registry.resolve(self._known(each).id)
            if record.id != target.id:
                merged[record.id] = record
        changes = [ActorChange(each, replace(each, merged_into=target.id)) for each in merged.values()]
        names = [excerpt(each.name, 30) for each in merged.values()]
        what = names[0] if len(names) == 1 else counted(len(names), "actor record")
        return self._editor.run_project(
            "merge_actors", f"Merge {what} into {excerpt(target.name, 30)}", changes
        )

    def unmerge(self, actor: str) -> Edit | None:
        """Make a record that was merged into another one an identity again, with its own spans.

        None where it is one. Raises RuleError where it is gone.
        """
        record = self._known(actor)
        if record.merged_into is None:
            return None
        target = self.registry.resolve(actor)
        title = f"Take {excerpt(record.name, 30)} out of {excerpt(target.name, 30)}"
        return self._editor.run_project(
            "unmerge_actor", title, [ActorChange(record, replace(record, merged_into=None))]
        )

    def split(self, actor: str, span_ids: Sequence[str], record: ActorRecord) -> Edit | None:
        """Add a record, and move own spans of a record's identity, in any articles, to it.

        Raises RuleError where a span is not the annotator's own or not one of this identity.
        """
        wanted = set(span_ids)
        record = tidy(replace(record, merged_into=None))
        if record.id in self.registry.records:
            raise RuleError(f"there is an actor record {record.id} already", cure="Give it another id")
        plans = list(self._moved(actor, wanted, record))
        if not wanted or sum(len(command.spans) for _, command in plans) != len(wanted):
            raise RuleError(
                "only your own mentions of this actor can be moved", cure="Choose among those that are yours"
            )
        old = self.registry.resolve(actor)
        what = counted(len(wanted), "mention")
        title = f"Split {excerpt(record.name, 30)} from {excerpt(old.name, 30)} with {what}"
        return self._editor.run_across("split_actor", title, plans, first=[ActorChange(None, record)])

    def _moved(
        self, actor: str, wanted: set[str] | None, record: ActorRecord | None
    ) -> Iterator[tuple[Page, LinkActor]]:
        """For each article its page and the command that links own spans of an identity elsewhere."""
        page = self._editor.page
        members = self._members(actor) if wanted is not None else (actor,)
        if page is not None:
            ids = tuple(
                each.id
                for each in page.spans.values()
                if each.actor in members and (wanted is None or each.id in wanted)
            )
            if ids:
                yield page, _to(record, ids)
        others = self._editor.repository.spans_of(
            self._editor.annotator, members, None if wanted is None else sorted(wanted)
        )
        for other in others:
            if page is None or other.article.id != page.article.id:
                yield other, _to(record, tuple(other.spans))

    def delete(self, actor: str, *, unlink: bool = False) -> Edit | None:
        """Delete a record. ``unlink``: the annotator's spans are unlinked first, in the same edit.

        Raises RuleError where spans mean it that are not unlinked, or records are merged into it.
        """
        record = self._known(actor)
        if any(each.merged_into == actor for each in self.registry.records.values()):
            raise RuleError("other actor records are merged into this one", cure="Take them out of it first")
        plans = list(self._moved(actor, None, None)) if unlink else []
        counts = self._editor.repository.mention_counts()
        left = counts.get(actor, 0) - sum(len(command.spans) for _, command in plans)
        if left > 0:
            cure = "Only their annotators can unlink them; merge the record into another one instead"
            raise RuleError(
                f"{counted(left, 'mention')} of other annotators mean this record"
                if unlink
                else f"{counted(left, 'mention')} mean this record",
                cure=cure if unlink else "Unlink them first, or merge the record into another one",
            )
        refused = self._editor.repository.refusals(actor)
        last: list[ProjectChange] = [RefusalChange(each, None) for each in refused]
        last.append(ActorChange(record, None))
        title = f"Delete the actor record {excerpt(record.name)}"
        return self._editor.run_across("delete_actor", title, plans, last=last)


def _to(record: ActorRecord | None, span_ids: tuple[str, ...]) -> LinkActor:
    return LinkActor(span_ids, None, "") if record is None else LinkActor(span_ids, record.id, record.name)


def tidy(record: ActorRecord) -> ActorRecord:
    """A record as it is kept: names on one line, each alias once, properties in order."""
    name = " ".join(record.name.split())
    if not name:
        raise RuleError("an actor record needs a name", cure="Give it one")
    aliases = {
        (each.language or None, text): replace(each, name=text, language=each.language or None)
        for each in record.aliases
        if (text := " ".join(each.name.split())) and (text != name or each.language)
    }
    properties = {(each.name, each.since): each for each in record.properties}
    return replace(
        record,
        name=name,
        type=record.type or "other",
        aliases=tuple(aliases.values()),
        properties=tuple(properties[key] for key in sorted(properties)),
        external_id=(record.external_id or "").strip() or None,
        note=(record.note or "").strip() or None,
    )


__all__ = ["Actors", "Alike", "LoggedEdit", "Match", "Mention", "Pair"]
