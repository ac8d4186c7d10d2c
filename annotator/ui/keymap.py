"""Which keys every action has: the table's, the codebook's letters, and what the person has changed.

Qt gives a key that two actions have to neither, so each key has one owner here. Keys are portable texts
as of QKeySequence: ``Ctrl+Shift+F``, ``R``, ``{``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

from annotator.core.codebook import Codebook
from annotator.core.records import replace
from annotator.runtime.settings import KEYMAP, Settings
from annotator.ui.action_row import ActionRow
from annotator.ui.actions import ACTIONS
from annotator.ui.shortcuts import label_action, label_rows

FIXED = "escape"
"""The action whose key cannot be taken away or changed: the way out of everything."""

_TWIN = "_on_top"
"""How the ids of the actions end that put a label over another; their keys follow the label's."""
_DEAF = range(0x01001100, 0x01020000)
"""Keys of Qt that only take part in writing others: AltGr, Compose, dead accents, input methods."""
_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock, Qt.Key.Key_Super_L, Qt.Key.Key_Super_R,
        Qt.Key.Key_Hyper_L, Qt.Key.Key_Hyper_R, Qt.Key.Key_AltGr,
    }
)  # fmt: skip


def is_modifier(event: QKeyEvent) -> bool:
    """Whether only Ctrl, Shift or the like went down, with a key still to come."""
    return Qt.Key(event.key()) in _MODIFIERS


def normal(key: str) -> str:
    """A key in its portable spelling; empty for what is no single key, or never arrives as one."""
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        return ""
    code = sequence[0].key()  # type: ignore[index]
    if code in _MODIFIERS or code == Qt.Key.Key_unknown or int(code) in _DEAF:
        return ""
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def pressed(event: QKeyEvent) -> str:
    """The key that was pressed; empty for one that cannot be a key of an action.

    Shift is part of a letter's key, but not of a sign that is typed with it: ``{``, not ``Shift+{``.
    """
    key = Qt.Key(event.key())
    if key in _MODIFIERS or int(key) in _DEAF:
        return ""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    if text.isprintable() and text.strip() and not text.isalnum():
        held &= ~Qt.KeyboardModifier.ShiftModifier
    return normal(QKeySequence(QKeyCombination(held, key)).toString(QKeySequence.SequenceFormat.PortableText))


class Keymap(Struct, frozen=True):
    """Who owns which key. ``keys``: action id → its keys; ``lost``: action id → keys that others own."""

    keys: Mapping[str, tuple[str, ...]] = {}
    owners: Mapping[str, str] = {}
    """Key → action id."""
    lost: Mapping[str, tuple[str, ...]] = {}


def resolve(
    rows: Sequence[ActionRow],
    own: Mapping[str, Sequence[str]],
    labels: Iterable[str] = (),
    given: Iterable[str] = (),
) -> Keymap:
    """Give every key one owner.

    ``own`` has what the person set, by action id; ``labels`` are the ids of the codebook's actions,
    ``given`` of those whose rows already have what the person set. The way out comes first, then a key
    that the person gave to an action, then the codebook's letters, then the table in its order. What is
    no key in ``own`` is ignored.
    """
    codebook, by_hand = set(labels), set(given)
    wanted: list[tuple[int, str, str]] = []
    for row in rows:
        usual = [each for each in map(normal, row.keys) if each]
        set_keys = own.get(row.id) if row.id != FIXED else None
        mine = usual if set_keys is None else [each for each in map(normal, set_keys) if each]
        if set_keys and not mine:
            mine = usual
        kept = set_keys is None or not set(usual) <= set(mine)  # what is left after one was taken away
        for key in dict.fromkeys(mine):
            mine_now = key not in usual or not kept or row.id in by_hand
            rank = 0 if row.id == FIXED else 1 if mine_now else 2 if row.id in codebook else 3
            wanted.append((rank, row.id, key))
    owners: dict[str, str] = {}
    for _, name, key in sorted(wanted, key=lambda each: each[0]):
        owners.setdefault(key, name)
    keys: dict[str, tuple[str, ...]] = {row.id: () for row in rows}
    lost: dict[str, tuple[str, ...]] = {}
    for _, name, key in wanted:
        found = keys if owners[key] == name else lost
        found[name] = (*found.get(name, ()), key)
    return Keymap(keys, owners, lost)


def with_keys(
    codebook: Codebook, own: Mapping[str, Sequence[str]], *, without_lost: bool = False
) -> Codebook:
    """The codebook with the label keys that the person has set; a label without a key keeps none.

    ``without_lost``: nor does a label whose usual key the person has given to something else.
    """
    given = {normal(key) for keys in own.values() for key in keys}
    labels = []
    for label in codebook.labels:
        set_keys = own.get(label_action(label))
        keys = [each for each in map(normal, set_keys or ()) if each]
        if set_keys is None or (set_keys and not keys):
            lost = without_lost and label.key and normal(label.key) in given
            labels.append(replace(label, key="") if lost else label)
        else:
            labels.append(replace(label, key=(keys[0].lower() if keys else "")))
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
        changed = self.own
        own = {name: keys for name, keys in changed.items() if not name.startswith("label_")}
        # a label's key that the person has set is in its row already; it goes before other letters
        given = [row.id for row in labels if row.id.removesuffix(_TWIN) in changed]
        self.map = resolve(self.rows, own, [row.id for row in labels], given)

    def row(self, name: str) -> ActionRow:
        """The action of that id. Raises KeyError."""
        return next(row for row in self.rows if row.id == name)

    def apply(self, actions: Mapping[str, QAction]) -> None:
        """Give the keys to the actions of the window."""
        for name, action in actions.items():
            action.setShortcuts([QKeySequence(key) for key in self.map.keys.get(name, ())])

    def fixed(self, name: str) -> str:
        """Why an action's keys cannot be changed, in a sentence; empty where they can."""
        if name == FIXED:
            return "This key is the way out of everything and stays as it is."
        if name.startswith("label_") and name.endswith(_TWIN):
            return "This key follows the label's own: change that one."
        return ""

    def has_one(self, name: str) -> bool:
        """Whether an action has one key at most: a label's stands in the codebook's place."""
        return name.startswith("label_")

    def notes(self) -> dict[str, str]:
        """What became of the keys that an action has lost, by action id."""
        return {
            name: " ".join(self.objection(name, key) for key in keys) for name, keys in self.map.lost.items()
        }

    def objection(self, name: str, key: str) -> str:
        """Why an action cannot simply have a key, in a sentence; empty where it can."""
        owner = self.map.owners.get(key)
        if owner is None or owner == name:
            return ""
        words = self.row(owner).words
        if owner == FIXED:
            return f"{key} is the way out of everything and stays so. Press another key."
        return f"{key} is the key of “{words}”."

    def owners_but_labels(self) -> dict[str, str]:
        """What the window's own keys do, by key: those that a label's key would take away."""
        return {key: row.words for row in ACTIONS if row.id != FIXED for key in map(normal, row.keys) if key}

    def give(self, name: str, key: str, *, besides: bool = False) -> None:
        """Let an action have this key and no other (``besides``: others too); whoever had it loses it."""
        owner = self.map.owners.get(key)
        if self.fixed(name) or owner == FIXED or not key:
            return
        own = self.own
        if owner is not None and owner != name:
            own[owner] = [each for each in self.map.keys[owner] if each != key]
        besides = besides and not self.has_one(name)
        kept = [each for each in self.map.keys[name] if each != key] if besides else []
        own[name] = [*kept, key]
        self._save(own)

    def take(self, name: str) -> None:
        """Let an action have no key."""
        if not self.fixed(name):
            self._save({**self.own, name: []})

    def reset(self, name: str | None = None) -> None:
        """Give an action, or (None) every action, its usual keys again."""
        self._save({} if name is None else {each: keys for each, keys in self.own.items() if each != name})

    def _save(self, own: dict[str, list[str]]) -> None:
        self._settings.set(KEYMAP, own)
        self._resolve()
        self.changed.emit()
