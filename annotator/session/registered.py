"""The registry of actor records of the open project, kept in step with the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from annotator.core.actor_ports import ActorsMark
from annotator.core.changes import ActorChange, ChangeSet, RefusalChange, SpanChange, carried
from annotator.core.model import Refusal
from annotator.core.records import replace
from annotator.core.registry import Registry

if TYPE_CHECKING:
    from annotator.session.editor import Editor


class Registered:
    """All records and refusals of the project, with the edits that are in memory and not in the file."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._registry: Registry | None = None
        self._refusals: set[Refusal] = set()
        self._refused = 0
        """Grows with each change of the refusals."""
        self._mark: ActorsMark | None = None
        self._revision = 0
        """What the revisions of the next registry start from."""

    @property
    def registry(self) -> Registry:
        """All records, with the edits that are not saved yet; read from the file at first use.

        Raises ProjectError where that cannot be done.
        """
        if self._registry is None:
            repository = self._editor.repository
            mark = repository.actors_mark()
            registry = Registry(repository.actors())
            registry.revision += self._revision
            self._refusals = set(repository.refusals())
            self._registry, self._mark = registry, mark
            for edit in self._editor.unsaved.edits:
                self._carry(edit.changes)
        return self._registry

    def refresh(self) -> bool:
        """Take over what imports and other programs changed in the file; whether anything was.

        Nothing happens before the registry was first asked for. Raises ProjectError.
        """
        if self._registry is None or self._editor.repository.actors_mark() == self._mark:
            return False
        self.forget()
        return True

    def forget(self) -> None:
        """Read everything again when it is next asked for."""
        if self._registry is not None:
            self._revision = self._registry.revision + 1
            self._registry = None

    def follow(self, changesets: Iterable[ChangeSet]) -> None:
        """Take over what an edit, its undoing or redoing changed: as the file has it, once it is there."""
        if self._registry is None:
            return
        changesets = list(changesets)
        changes = [each for changeset in changesets for each in changeset.changes]
        spans = (each.after for each in changes if isinstance(each, SpanChange))
        # a record that a label means again has come back with it
        about = {each.actor for each in spans if each is not None and each.actor is not None}
        about -= self._registry.records.keys()
        about |= {each.key for each in changes if isinstance(each, ActorChange)}
        if not about and not any(isinstance(each, RefusalChange) for each in changes):
            return
        if self._editor.unsaved:
            self._carry(changesets)
            return
        repository = self._editor.repository
        assert self._mark is not None
        mark = repository.actors_mark()
        about |= repository.actors_changed(self._mark.edit)
        there = repository.actors(about)
        for each in about:
            if each in there:
                self._registry.put(there[each])
            else:
                self._registry.remove(each)
                self._unname(each)
        self._refusals = set(repository.refusals())
        self._refused += 1
        self._mark = mark
        if len(self._registry.records) != mark.records:  # an import meanwhile
            self.forget()

    def _carry(self, changesets: Iterable[ChangeSet]) -> None:
        assert self._registry is not None
        for changeset in changesets:
            for change in changeset.changes:
                if isinstance(change, ActorChange):
                    record = carried(self._registry.records.get(change.key), change)
                    if record is None:
                        self._registry.remove(change.key)
                    else:
                        self._registry.put(record)
                elif isinstance(change, RefusalChange):
                    self._refusals -= {change.before} if change.before else set()
                    self._refusals |= {change.after} if change.after else set()
                    self._refused += 1

    def _unname(self, actor: str) -> None:
        """The open page's suggestions name a record no longer that was deleted, as in the file."""
        page = self._editor.page
        if page is None or all(each.actor != actor for each in page.suggestions.values()):
            return
        spans = [
            replace(each, actor=None) if each.actor == actor else each for each in page.suggestions.values()
        ]
        page.replace_suggestions(spans, list(page.relation_suggestions.values()))
