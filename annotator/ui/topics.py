"""What of the codebook a control is about, so that one key can show its guideline."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from annotator.core.codebook import Attribute, Label, RelationType

type Topic = Label | Attribute | RelationType


def set_topic(widget: QWidget, topic: Topic) -> None:
    """Say what a control, with all the parts in it, is about."""
    widget.setProperty("topic", topic)


def topic_of(widget: QWidget | None) -> Topic | None:
    """What a control, or the nearest part around it, is about."""
    while widget is not None:
        topic = widget.property("topic")
        if isinstance(topic, (Label, Attribute, RelationType)):
            return topic
        widget = widget.parentWidget()
    return None
