"""Actor records that may be one: finding them, and saying that two are not the same."""

from __future__ import annotations

from annotator.core.changes import RefusalChange
from annotator.core.duplicates import Pair, duplicates
from annotator.core.errors import RuleError
from annotator.core.history import Edit
from annotator.core.model import ActorRecord, Refusal
from annotator.core.names import plain
from annotator.core.text import excerpt
from annotator.session.registered import Registered


class Doubles(Registered):
    """The part of :class:`annotator.session.actors.Actors` that concerns likely duplicates."""

    def duplicates(self, limit: int = 100) -> list[Pair]:
        """Records that are likely to be one, the likeliest first, with the reason.

        Without those of which the annotator has said that they are not the same.
        """
        found = duplicates(self.registry, limit + len(self._refusals))
        return [each for each in found if not self._are_apart(each.a, each.b)][:limit]

    def keep_apart(self, first: str, second: str) -> Edit | None:
        """Say that two records are not the same: they are no likely duplicates any more.

        Nor is one proposed for the other's name. For this annotator; undo takes it back.
        """
        kept, other = (self.registry.resolve(self._known(each).id) for each in (first, second))
        if self._are_apart(kept, other):
            return None
        made = Refusal(annotator=self._editor.annotator, words=plain(other.name), actor=kept.id, article="")
        title = f"{excerpt(other.name, 30)} is not {excerpt(kept.name, 30)}"
        return self._editor.run_project("refuse_actor", title, [RefusalChange(None, made)])

    def _are_apart(self, first: ActorRecord, second: ActorRecord) -> bool:
        said = {
            (each.words, each.actor)
            for each in self._refusals
            if not each.article and each.annotator == self._editor.annotator
        }
        return bool(said & {(plain(second.name), first.id), (plain(first.name), second.id)})

    def _members(self, actor: str) -> tuple[str, ...]:
        return self.registry.members(self._known(actor).id)

    def _known(self, actor: str) -> ActorRecord:
        record = self.registry.records.get(actor)
        if record is None:
            raise RuleError("that actor record is no longer there", cure="Choose another one")
        return record
