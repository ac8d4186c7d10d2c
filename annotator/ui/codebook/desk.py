"""What the parts of the codebook's window share: the draft, what is wrong with it, and questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from annotator.core.carrying import Carrier
from annotator.core.drafting import Draft, Flaw
from annotator.core.drafting.effects import bearers, effect, lies_below, title_of
from annotator.core.errors import AnnotatorError
from annotator.core.moves import Move, Part, Touched
from annotator.core.ports import Repository

COUNT_AFTER = 250
"""Milliseconds without a change after which is counted what applying the draft would touch."""


class Answer(Struct, frozen=True):
    """One answer to a question: its words, and what it does. ``strong``: the one that is proposed."""

    words: str
    run: Callable[[], object]
    strong: bool = False


class Question(Struct, frozen=True):
    """Something to be decided in place. With ``choices`` (words, id) one of them is chosen first.

    What is done with the choice is ``chosen``; it stands before the other answers, under ``words``.
    """

    text: str
    answers: tuple[Answer, ...] = ()
    choices: tuple[tuple[str, int], ...] = ()
    words: str = ""
    chosen: Callable[[int], object] = lambda _: None


class CodebookDesk(QObject):
    """The draft of one project's codebook.

    Signals: ``changed`` (the draft, or whether it may be changed); ``counted`` (what it would do is known);
    ``asked`` (a :class:`Question`, or None for no question any more); ``shown`` (a part's id and the field
    to go to).
    """

    changed = Signal()
    counted = Signal()
    asked = Signal(object)
    shown = Signal(int, str)

    def __init__(self, draft: Draft, repository: Repository, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self.repository = repository
        self.refusal = ""
        """Why nothing can be changed, in a sentence; empty where it can."""
        self.effect = ""
        """What applying the draft would do, in a sentence."""
        self.flaws: list[Flaw] = []
        self._by_id: dict[int | None, list[Flaw]] = {}
        self._counting = QTimer(self, singleShot=True, interval=COUNT_AFTER)
        self._counting.timeout.connect(self.count)
        draft.listeners.append(self._on_changed)
        self._look()

    @property
    def may_edit(self) -> bool:
        """Whether the codebook can be changed."""
        return not self.refusal

    def refuse(self, why: str) -> None:
        """Let nothing be changed for this reason; an empty one: let it be changed."""
        if why != self.refusal:
            self.refusal = why
            self.changed.emit()

    def _look(self) -> None:
        self.flaws = self.draft.problems()
        self._by_id = {}
        for flaw in self.flaws:
            self._by_id.setdefault(flaw.id, []).append(flaw)

    def _on_changed(self) -> None:
        self._look()
        moves = self.draft.moves
        self.effect = self._effect(moves, [Touched()] * len(moves))
        self._counting.start()
        self.changed.emit()

    def flaw(self, id_: int | None, *fields: str) -> str:
        """What is wrong with some fields of a part (none named: any), in a sentence; empty for nothing."""
        found = (each.what for each in self._by_id.get(id_, ()) if not fields or each.field in fields)
        return next(found, "")

    # -- numbers --------------------------------------------------------------------------------

    def touched(self, moves: Sequence[Move]) -> list[Touched]:
        """How many labels, values and suggestions each move touches; none where the file cannot be asked."""
        try:
            return self.repository.touched(moves)
        except AnnotatorError:
            return [Touched()] * len(moves)

    def count(self) -> None:
        """Say what applying the draft as it is now would do."""
        self._counting.stop()
        moves = self.draft.moves
        self.effect = self._effect(moves, self.touched(moves) if moves else [], self._narrowed(moves))
        self.counted.emit()

    def _narrowed(self, moves: Sequence[Move]) -> tuple[int, int]:
        """What does not go with its bearer any more: values that go, relations that stay."""
        try:
            carrier = Carrier.between(self.draft.original, self.draft.codebook, moves)
            return self.repository.narrowed(carrier)
        except AnnotatorError:  # unfinished, or the file cannot be asked
            return 0, 0

    def _effect(
        self, moves: Sequence[Move], touched: Sequence[Touched], narrowed: tuple[int, int] = (0, 0)
    ) -> str:
        draft = self.draft
        return effect(draft.original, draft.codebook, moves, touched, narrowed) if draft.changed else ""

    def title(self) -> str:
        """What the edit is called that applies the draft."""
        return title_of(self.draft.original, self.draft.codebook, self.draft.moves)

    def borne(self, id_: int) -> list[tuple[Part, Touched]]:
        """How many labels, values and suggestions bear the words of a part and what goes with it, by sort."""
        words = self.draft.old_words(id_)
        codes = {old[0] for part, old in words if part is Part.CATEGORY}
        words = [
            (part, old) for part, old in words if part is not Part.CATEGORY or not lies_below(old[0], codes)
        ]
        numbers = self.touched([Move(part, old, None) for part, old in words]) if words else []
        found: dict[Part, Touched] = {}
        for (part, _), number in zip(words, numbers, strict=True):
            if number:
                found[part] = found.get(part, Touched()) + number
        if Part.ATTRIBUTE in found:
            found.pop(Part.CHOICE, None)
        return list(found.items())

    # -- deleting -------------------------------------------------------------------------------

    def delete(self, id_: int) -> None:
        """Delete a part; where labels bear it, ask what is to become of them first."""
        draft = self.draft
        if not self.may_edit or not draft.has(id_):
            return
        borne = self.borne(id_)
        if not borne:
            draft.remove(id_)
            return
        name = draft.name_of(id_)
        name = f"{name[0].upper()}{name[1:]}"
        said = " and ".join(bearers(part, number) for part, number in borne)
        total = sum(number.total for _, number in borne)
        off = any(part in (Part.LABEL, Part.RELATION) for part, _ in borne)
        verb = "is on" if borne[0][0] is Part.LABEL else "is in"
        choices = tuple((words, other) for words, other in draft.heirs(id_))
        self.asked.emit(
            Question(
                f"{name} {verb} {said}.",
                (
                    Answer(
                        f"Delete, and {'remove' if off else 'clear'} {said if total < 1000 else 'them'}",
                        lambda: draft.remove(id_),
                    ),
                ),
                choices,
                "Merge into",
                lambda other: draft.merge(id_, other),
            )
        )
