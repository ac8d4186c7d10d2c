"""The inspector's view of the article itself, while nothing in it is selected."""

from __future__ import annotations

import re
from html import escape
from typing import override

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.core.codebook import Codebook, Label
from annotator.core.commands import Command, SetFlag, SetNote, SetStatus
from annotator.core.model import Article, Status
from annotator.core.page import Page
from annotator.core.text import excerpt
from annotator.ui import icons
from annotator.ui.controls import Chip, Themed, label, spread, tip
from annotator.ui.flow import FlowLayout, empty_layout
from annotator.ui.panels.note_edit import NoteEdit
from annotator.ui.panels.section import Section
from annotator.ui.panels.wording import counted, missing_words, short_date
from annotator.ui.theme import Theme
from annotator.ui.topics import set_topic

_STATUSES = (
    (Status.NEW, "New"),
    (Status.IN_PROGRESS, "In progress"),
    (Status.DONE, "Done"),
    (Status.SKIPPED, "Skipped"),
)


def article_lines(article: Article) -> list[str]:
    """What is known of an article besides title and text, as quiet lines."""
    who = [part for part in (article.publisher, article.author) if part]
    when = [part for part in (short_date(article.published), article.language) if part]
    return [" · ".join(parts) for parts in (who, when) if parts]


def short_url(url: str, limit: int = 44) -> str:
    """An address without its scheme, shortened in the end."""
    _, _, rest = url.partition("://")
    return excerpt(re.split("[?#]", rest)[0].rstrip("/") or url, limit)


def count_words(page: Page) -> str:
    """How many labels the article has and how many suggestions wait."""
    waiting = len(page.open_suggestions())
    parts = [counted(len(page.spans), "label")]
    parts += [counted(len(page.relations), "relation")] if page.relations else []
    parts += [f"{counted(waiting, 'suggestion')} to decide"] if waiting else []
    return " · ".join(parts)


class ArticleView(Themed, QWidget):
    """Metadata, status, flag, note, a small count, and the labels to hold ready for the mouse.

    Signals: ``command_requested`` (a Command), ``arm_asked`` (a Label), ``missing_asked`` (to go to the
    first required attribute that is missing).
    """

    command_requested = Signal(object)
    arm_asked = Signal(object)
    missing_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.title = label("", "title", wrap=True)
        self.lines = label("", "quiet", wrap=True)
        self.link = label("", "link")
        self.link.setTextFormat(Qt.TextFormat.RichText)
        self.link.setOpenExternalLinks(True)
        self.link.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.counts = label("", "quiet", wrap=True)
        self.missing = Chip("", theme, icon="warning", action="next_missing")
        self.missing.setToolTip("Go to the first one. The article can be finished when nothing is missing.")
        self.missing.clicked.connect(self.missing_asked)
        self._missing = Section("", above=12)
        self._missing.add(self.missing)
        self._status = Section("Status")
        row = FlowLayout(gap=4, row_gap=4)
        self.statuses: dict[Status, Chip] = {}
        for status, name in _STATUSES:
            chip = Chip(name, theme, icon=icons.STATUS_ICONS[status], checkable=True, bare=True)
            chip.setAccessibleName(f"Status: {name}")
            chip.clicked.connect(lambda _=False, status=status: self._on_status(status))
            self.statuses[status] = chip
            row.addWidget(chip)
        self._status.column.addLayout(row)
        self.flag = Chip("Flag", theme, icon="flag", action="flag", checkable=True, bare=True)
        self.flag.clicked.connect(self._on_flag)
        self._status.add(self.flag)
        self._labels = Section("Label with double clicks and drags")
        self._label_row = FlowLayout(gap=4, row_gap=4)
        self._labels.column.addLayout(self._label_row)
        self.labels: dict[Label, Chip] = {}
        self._armed: Label | None = None
        self.note = NoteEdit()
        self.note.setAccessibleName("Note on the article")
        self._note = Section("Note on the article")
        self._note.add(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addSpacing(8)
        for each in (self.lines, self.link, self.counts):
            column.addWidget(each)
            column.addSpacing(3)
        column.addWidget(self._missing)
        column.addWidget(self._status)
        column.addWidget(self._labels)
        column.addWidget(self._note)
        column.addStretch(1)
        self.note.given.connect(self._on_note)
        self.set_missing(0)

    def set_missing(self, count: int) -> None:
        """How many required attributes the labels lack; nothing is said where there are none."""
        self._missing.setVisible(count > 0)
        self.missing.set_words(missing_words(count))

    def show_article(self, page: Page, codebook: Codebook, *, fresh: bool) -> None:
        """Show the page's article; not ``fresh``, it is the same one once more."""
        article = page.article
        if list(self.labels) != list(codebook.labels):
            self._show_labels(codebook)
        self.title.setText(article.title or "Untitled article")
        lines = article_lines(article)
        self.lines.setText("\n".join(lines))
        self.lines.setVisible(bool(lines))
        self.link.setVisible(bool(article.url))
        if article.url:
            self._show_link(article.url)
        self.counts.setText(count_words(page))
        for status, chip in self.statuses.items():
            chip.setChecked(status == page.progress.status)
        self.flag.setChecked(page.progress.flagged)
        self.flag.set_words("Flagged" if page.progress.flagged else "Flag", self._flag_icon())
        self.note.set_note(page.progress.note, fresh=fresh)

    def _show_labels(self, codebook: Codebook) -> None:
        empty_layout(self._label_row)
        self.labels = {}
        for each in codebook.labels:
            chip = Chip(
                each.name, self.theme, key=each.key.upper(), hue=each.colour, checkable=True, bare=True
            )
            chip.setAccessibleName(f"Label with {each.name}")
            chip.setToolTip(tip(each.description))
            set_topic(chip, each)
            chip.setChecked(each == self._armed)
            chip.clicked.connect(lambda _=False, each=each: self.arm_asked.emit(each))
            self.labels[each] = chip
            self._label_row.addWidget(chip)

    def set_armed(self, armed: Label | None) -> None:
        """Mark the label that a double click or a drag makes."""
        self._armed = armed
        for each, chip in self.labels.items():
            chip.setChecked(each == armed)

    def _show_link(self, url: str) -> None:
        safe = url.lower().startswith(("http://", "https://"))
        words = escape(short_url(url))
        ink = self.theme.accent.name()
        self.link.setText(f'<a href="{escape(url)}" style="color:{ink}">{words}</a>' if safe else words)
        self.link.setToolTip(tip(url))

    def _flag_icon(self) -> str:
        return "flag_set" if self.flag.isChecked() else "flag"

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        spread(self, theme)

    # -- asking for changes -----------------------------------------------------------------------

    def _ask(self, command: Command) -> None:
        self.command_requested.emit(command)

    def _on_status(self, status: Status) -> None:
        for each, chip in self.statuses.items():
            chip.setChecked(each == status)
        self._ask(SetStatus(status))

    def _on_flag(self, flagged: bool) -> None:
        self._ask(SetFlag(flagged))

    def _on_note(self, note: str | None) -> None:
        self._ask(SetNote(note))

    def flush(self) -> None:
        """Ask for everything that was typed and not asked for yet."""
        self.note.flush()

    def focus_first_attribute(self) -> bool:
        """Put the keyboard on the status."""
        next(iter(self.statuses.values())).setFocus()
        return True
