"""Which keys every action has: the table's, the codebook's letters, and what the person has changed.

Qt gives a key that two actions have to neither, so each key has one owner here. Keys are portable texts
as of QKeySequence: ``Ctrl+Shift+F``, ``R``, ``{``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

from annotator.core.codebook import Codebook
from annotator.runtime.settings import KEYMAP, Settings
from annotator.ui.actions import ACTIONS, ActionRow
from annotator.ui.shortcuts import label_action, label_rows

FIXED = "escape"
"""The action whose key cannot be taken away or changed: the way out of everything."""

_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock, Qt.Key.Key_unknown,
        Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_Dead_Acute, Qt.Key.Key_Dead_Grave,
    }
)  # fmt: skip


def normal(key: str) -> str:
    """A key in its portable spelling; empty for what is no single key."""
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        return ""
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def pressed(event: QKeyEvent) -> str:
    """The key that was pressed; empty while only Ctrl, Shift and the like are held.

    Shift is part of a letter's key, but not of a sign that is typed with it: ``{``, not ``Shift+{``.
    """
    key = Qt.Key(event.key())
    if key in _MODIFIERS:
        return ""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    if text.isprintable() and text.strip() and not text.isalnum():
        held &= ~Qt.KeyboardModifier.ShiftModifier
    return normal(QKeySequence(QKeyCombination(held, key)).toString(QKeySequence.SequenceFormat.PortableText))


@dataclass(frozen=True, slots=True)
class Keymap:
    """Who owns which key. ``keys``: action id → its keys; ``lost``: action id → keys that others own."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    """Key → action id."""
    lost: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def resolve(
    rows: Sequence[ActionRow], own: Mapping[str, Sequence[str]], labels: Iterable[str] = ()
) -> Keymap:
    """Give every key one owner.

    ``own`` has what the person set, by action id; ``labels`` are the ids of the codebook's actions. The
    way out comes first, then what the person set, then the codebook's letters, then the table in its order.
    """
    codebook = set(labels)

    def rank(row: ActionRow) -> int:
        return 0 if row.id == FIXED else 1 if row.id in own else 2 if row.id in codebook else 3

    keys: dict[str, tuple[str, ...]] = {}
    lost: dict[str, tuple[str, ...]] = {}
    owners: dict[str, str] = {}
    for row in sorted(rows, key=rank):
        set_keys = own.get(row.id) if row.id != FIXED else None
        wanted = [normal(key) for key in (row.keys if set_keys is None else set_keys)]
        wanted = [key for key in dict.fromkeys(wanted) if key]
        keys[row.id] = tuple(key for key in wanted if owners.setdefault(key, row.id) == row.id)
        gone = tuple(key for key in wanted if key not in keys[row.id])
        if gone:
            lost[row.id] = gone
    return Keymap(keys, owners, lost)


def with_keys(codebook: Codebook, own: Mapping[str, Sequence[str]]) -> Codebook:
    """The codebook with the label keys that the person has set; a label without a key keeps none."""
    labels = []
    for label in codebook.labels:
        keys = own.get(label_action(label))
        labels.append(label if keys is None else replace(label, key=(keys[0].lower() if keys else "")))
    return replace(codebook, labels=tuple(labels))


class KeyBook(QObject):
    """The keymap that is in force, and the way to change it. Signal: ``changed``, after each change."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._codebook: Codebook | None = None
        self.rows: list[ActionRow] = list(ACTIONS)
        self.map = Keymap()
        self._resolve()

    @property
    def own(self) -> dict[str, list[str]]:
        """What the person has set, by action id."""
        return self._settings.get(KEYMAP)

    def set_codebook(self, codebook: Codebook) -> None:
        """Take the labels of another codebook, as it is in the project."""
        self._codebook = codebook
        self._resolve()

    def _resolve(self) -> None:
        labels = label_rows(with_keys(self._codebook, self.own)) if self._codebook else []
        self.rows = [*ACTIONS, *labels]
        own = {name: keys for name, keys in self.own.items() if not name.startswith("label_")}
        self.map = resolve(self.rows, own, [row.id for row in labels])

    def row(self, name: str) -> ActionRow:
        """The action of that id. Raises KeyError."""
        return next(row for row in self.rows if row.id == name)

    def apply(self, actions: Mapping[str, QAction]) -> None:
        """Give the keys to the actions of the window."""
        for name, action in actions.items():
            action.setShortcuts([QKeySequence(key) for key in self.map.keys.get(name, ())])

    def objection(self, name: str, key: str) -> str:
        """Why an action cannot simply have a key, in a sentence; empty where it can."""
        owner = self.map.owners.get(key)
        if owner is None or owner == name:
            return ""
        words = self.row(owner).words
        if owner == FIXED:
            return f"{key} is the way out of everything and stays so. Press another key."
        return f"{key} is the key of “{words}”."

    def give(self, name: str, key: str) -> None:
        """Let an action have this key and no other; whoever had it loses it."""
        owner = self.map.owners.get(key)
        if FIXED in (name, owner) or not key:
            return
        own = self.own
        if owner is not None and owner != name:
            own[owner] = [each for each in self.map.keys[owner] if each != key]
        own[name] = [key]
        self._save(own)

    def take(self, name: str) -> None:
        """Let an action have no key."""
        if name != FIXED:
            self._save({**self.own, name: []})

    def reset(self, name: str | None = None) -> None:
        """Give an action, or (None) every action, its usual keys again."""
        self._save({} if name is None else {each: keys for each, keys in self.own.items() if each != name})

    def _save(self, own: dict[str, list[str]]) -> None:
        self._settings.set(KEYMAP, own)
        self._resolve()
        self.changed.emit()
