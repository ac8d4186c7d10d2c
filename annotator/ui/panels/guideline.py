"""What the codebook says about a label, an attribute or a relation type, to be read beside the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import override

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from annotator.core.codebook import Attribute, AttributeType, Label, RelationType
from annotator.core.model import Kind
from annotator.ui.controls import Chip, Themed, label, spread
from annotator.ui.markdown import MarkdownView
from annotator.ui.theme import Theme
from annotator.ui.topics import Topic


@dataclass(frozen=True, slots=True)
class Guideline:
    """What there is to read: a title, one quiet line on what it is, the text, and what is lacking."""

    title: str
    about: str
    markdown: str
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
    if description:
        return Guideline(
            title, about, _as_it_stands(description), "The codebook has no guideline for it yet."
        )
    return Guideline(title, about, "", f"The codebook says nothing about {title} yet.")


def _attribute_words(attribute: Attribute) -> str:
    whose = [f"{kind}s" for kind in Kind if kind in attribute.kinds]
    whose = [each.replace("entitys", "entities") for each in whose]
    whose += ["relations"] if attribute.relations else []
    whose += ["actor records"] if attribute.records else []
    words = f"Attribute of {', '.join(whose)}" if whose else "Attribute"
    several = attribute.type in (AttributeType.MULTI_CHOICE, AttributeType.CATEGORIES)
    return words + (" · several values" if several else "") + (" · required" if attribute.required else "")


def _as_it_stands(text: str) -> str:
    """Plain text as Markdown that shows it letter by letter."""
    return "".join(f"\\{each}" if each in r"\`*_{}[]()<>#+-.!|~" else each for each in text)


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
        self.lacks = label("", "quiet", wrap=True)
        self.text = MarkdownView(theme, "Guideline")
        self.text.setProperty("look", "reading")
        self.text.installEventFilter(self)
        self.shut = Chip("", theme, icon="close", bare=True)
        self.shut.setAccessibleName("Close the guideline")
        self.shut.setToolTip("Close the guideline (Esc)")
        self.shut.clicked.connect(self.closed)
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
        column.addWidget(self.lacks)
        column.addStretch(0)
        self.setMinimumSize(220, 150)

    def show_topic(self, topic: Topic) -> None:
        """Show what the codebook says about it, from the beginning unless it is shown already."""
        found = guideline_of(topic)
        if topic == self.topic:
            return
        self.topic = topic
        self.title.setText(found.title)
        self.about.setText(found.about)
        self.lacks.setText(found.lacks)
        self.lacks.setVisible(bool(found.lacks))
        self.text.set_markdown(found.markdown)
        self.text.setAccessibleName(f"Guideline for {found.title}")
        self.text.setAccessibleDescription(". ".join(each for each in (found.about, found.lacks) if each))

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
