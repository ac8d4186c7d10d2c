"""The part of the project file that learns from decisions: what it reads of them, and writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.store.database import Database

if TYPE_CHECKING:
    from annotator.core.learning import Learned, OpenClaims, Tally


class LearningPart:
    """What :class:`annotator.store.repository.SqlRepository` does for learning."""

    _database: Database

    def decision_tallies(self) -> dict[str, Tally]:
        """What annotators decided on suggested claims, by the lemma of their cues."""
        from annotator.store import learning

        with self._database.reading() as connection:
            return learning.decision_tallies(connection)

    def hand_made_cues(self) -> list[str]:
        """The words of every cue that an annotator marked without a suggestion."""
        from annotator.store import learning

        with self._database.reading() as connection:
            return list(learning.hand_made_cues(connection))

    def open_claims(self) -> list[OpenClaims]:
        """Suggested claims with evidence that nobody has decided on, those that are equal together."""
        from annotator.store import learning

        with self._database.reading() as connection:
            return learning.open_claims(connection)

    def evidence_mark(self) -> str:
        """A text that changes whenever anybody has decided on or marked something; quickly found."""
        from annotator.store import learning

        with self._database.reading() as connection:
            return learning.evidence_mark(connection)

    def recalibrate(self, learned: Learned) -> Iterator[int]:
        """Bring undecided suggestions to what was learned, batch by batch, each in one transaction.

        Gives the number of spans changed by each.
        """
        from annotator.store import learning

        after = 0
        while True:
            with self._database.writing() as connection:
                pks = learning.articles_after(connection, after)
                changed = learning.recalibrate(connection, pks, learned) if pks else 0
            if not pks:
                return
            after = pks[-1]
            yield changed
