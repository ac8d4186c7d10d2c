"""What the codebook says about a label, an attribute or a relation type, to be read beside the page."""

from __future__ import annotations

from typing import override

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from annotator.core.codebook import Attribute, AttributeType, Label, RelationType
from annotator.core.model import Kind
from annotator.ui.controls import Chip, Themed, label, spread
from annotator.ui.markdown import MarkdownView
from annotator.ui.theme import Theme
from annotator.ui.topics import Topic

WHERE = "Write one in File → Codebook…"


class Guideline(Struct, frozen=True):
    """What there is to read: a title, one quiet line on what it is, and the text.

    Without a text (``markdown`` is empty) the description, and what is lacking.
    """

    title: str
    about: str
    markdown: str = ""
    description: str = ""
    lacks: str = ""


def guideline_of(topic: Topic) -> Guideline:
    """The guideline of a topic; without one its description, and that is said plainly."""
    match topic:
        case Label():
            title, about = topic.name, f"{topic.kind.capitalize()} label"
            about += f" · key {topic.key.upper()}" if topic.key else ""
            description = topic.description
        case RelationType():
            ends = (" or ".join(sorted(each)) for each in (topic.heads, topic.tails))
            title, about = topic.title or topic.name, f"Relation · {' → '.join(ends)}"
            description = topic.description
        case Attribute():
            title, about = topic.title or topic.name, _attribute_words(topic)
            description = f"One of: {', '.join(topic.choices)}." if topic.choices else ""
    if topic.guideline.strip():
        return Guideline(title, about, topic.guideline)
    lacks = f"The codebook has no guideline for {title} yet. {WHERE}"
    return Guideline(title, about, description=description, lacks=lacks)


def _attribute_words(attribute: Attribute) -> str:
    whose = [f"{kind}s" for kind in Kind if kind in attribute.kinds]
    whose = [each.replace("entitys", "entities") for each in whose]
    whose += ["relations"] if attribute.relations else []
    whose += ["actor records"] if attribute.records else []
    words = f"Attribute of {', '.join(whose)}" if whose else "Attribute"
    several = attribute.type in (AttributeType.MULTI_CHOICE, AttributeType.CATEGORIES)
    return words + (" · several values" if several else "") + (" · required" if attribute.required else "")


class GuidelinePanel(Themed, QWidget):
    """Shows one guideline. Signal: ``closed``, when the person has read it."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName("guideline")
        self.setAccessibleName("Guideline")
        self.topic: Topic | None = None
        self.title = label("", "title", wrap=True)
        self.about = label("", "quiet", wrap=True)
        self.description = label("", wrap=True)
        self.lacks = label("", "quiet", wrap=True)
        self.text = MarkdownView(theme, "Guideline")
        self.text.setProperty("look", "reading")
        self.text.installEventFilter(self)
        self.shut = Chip("", theme, icon="close", bare=True)
        self.shut.setAccessibleName("Close the guideline")
        self.shut.setToolTip("Close the guideline (Esc)")
        self.shut.clicked.connect(self.closed)
        self.shut.installEventFilter(self)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.shut, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 12, 12)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addSpacing(4)
        column.addWidget(self.text, 1)
        column.addWidget(self.description)
        column.addWidget(self.lacks)
        column.addStretch(0)
        self.setMinimumSize(220, 150)

    def show_topic(self, topic: Topic) -> None:
        """Show what the codebook says about it, from the beginning unless it is shown already."""
        found = guideline_of(topic)
        if topic == self.topic:
            return
        had = self.has_keyboard
        self.topic = topic
        self.title.setText(found.title)
        self.about.setText(found.about)
        self.description.setText(found.description)
        self.lacks.setText(found.lacks)
        for each in (self.description, self.lacks):
            each.setVisible(bool(each.text()))
        self.text.set_markdown(found.markdown)
        self.text.setAccessibleName(f"Guideline for {found.title}")
        self.text.setAccessibleDescription(found.about)
        parts = (found.title, found.about, found.description, found.lacks)
        self.shut.setAccessibleDescription("" if found.markdown else "\n".join(filter(None, parts)))
        self.text.setVisible(bool(found.markdown))
        if had:
            self.take_keyboard()

    def take_keyboard(self) -> None:
        """Put the keyboard into the text; where there is none, on what closes it, which tells the rest."""
        (self.shut if self.text.isHidden() else self.text).setFocus()

    @property
    def has_keyboard(self) -> bool:
        """Whether the keyboard is in here."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        spread(self, theme)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc closes; it is else the window's key."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.closed.emit()
                return True
        return super().eventFilter(watched, event)
