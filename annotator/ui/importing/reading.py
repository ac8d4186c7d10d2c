"""The beginning of an article as it would be read: on the page's paper, in the page's serif."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from annotator.session.surveying import Sample
from annotator.ui.controls import Themed
from annotator.ui.theme import SANS, SERIF, Theme

_META = 12
"""Entries of the metadata that are shown."""
_NAME, _VALUE = 40, 120
"""Characters of the name and the value of one of them."""


class Reading(Themed, QWidget):
    """Title, metadata and the beginning of the text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.view = QTextBrowser()
        self.view.setOpenLinks(False)
        self.view.setProperty("look", "paper")
        self.view.setAccessibleName("The article as it would be read")
        self.view.setTabChangesFocus(True)
        self.view.setMinimumHeight(56)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)

    def show_sample(self, sample: Sample | None, without: str = "No text.") -> None:
        """Show an article; None: there is none. ``without``: what one without a text says."""
        theme = self.theme
        if sample is None:
            self.view.setHtml("")
            return
        soft, ink = theme.soft.name(), theme.ink.name()
        parts = []
        if sample.title.strip():
            parts.append(
                f'<p style=\'font-family:"{SERIF}"; font-size:19px; font-weight:600; color:{ink}; '
                f"margin:0 0 4px 0;'>{escape(sample.title)}</p>"
            )
        meta = " &nbsp;·&nbsp; ".join(
            f"{escape(_short(name, _NAME))}&nbsp;"
            f"<span style='color:{ink}'>{escape(_short(value, _VALUE))}</span>"
            for name, value in sample.metadata[:_META]
        )
        if len(sample.metadata) > _META:
            meta += f" &nbsp;·&nbsp; and {len(sample.metadata) - _META} more"
        if meta:
            parts.append(
                f'<p style=\'font-family:"{SANS}"; font-size:13px; color:{soft}; '
                f"margin:0 0 9px 0;'>{meta}</p>"
            )
        if sample.beginning.strip():
            more = " …" if sample.characters > len(sample.beginning.strip()) + 1 else ""
            lines = [line for line in sample.beginning.strip().splitlines() if line.strip()]
            parts += [
                f'<p style=\'font-family:"{SERIF}"; font-size:16px; line-height:140%; color:{ink}; '
                f"margin:0 0 6px 0;'>{escape(line)}{more if nth == len(lines) - 1 else ''}</p>"
                for nth, line in enumerate(lines)
            ]
        else:
            parts.append(
                f"<p style='font-family:\"{SERIF}\"; font-size:16px; color:{soft}; margin:0;'>"
                f"{escape(without)}</p>"
            )
        self.view.setHtml("".join(parts))


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
