"""Guidelines in Markdown, shown without ever loading anything: no picture, no file, no address.

A codebook comes from other people. So tags stay what was typed, a picture is named by its words, and a
link is plain text with its address after it, to be read or copied and never to be opened by a click.
"""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextListFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from annotator.ui.controls import Themed
from annotator.ui.theme import SERIF, Theme, font

TEXT = 15
"""Pixels of the running text. The first heading is a fifth larger, the others only bolder."""
LEADING = 118
"""Percent of the height of a line that the next one begins below it."""
_INDENT = 20
"""Pixels that a list is set in."""
_MARK = 200
"""Percent that the space between a list's mark and its words is wide."""
_MARKS = (QTextListFormat.Style.ListDisc, QTextListFormat.Style.ListCircle, QTextListFormat.Style.ListSquare)
_DIALECT = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class MarkdownDocument(QTextDocument):
    """A document made from Markdown that loads nothing, whatever it names."""

    def __init__(self, text: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        self.setIndentWidth(_INDENT)
        self.setDefaultFont(font(SERIF, TEXT))
        self.set_markdown(text)

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing: neither a picture nor a style sheet, from wherever."""
        return None

    def set_markdown(self, text: str) -> None:
        """Show other Markdown."""
        self.setMarkdown(text, _DIALECT)
        for start, length, words in reversed(list(self._named())):
            cursor = QTextCursor(self)
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(words, QTextCharFormat())
        block = self.begin()
        while block.isValid():
            self._set(block)
            block = block.next()

    def _named(self) -> list[tuple[int, int, str]]:
        """Pictures and links: where each stands, how long, and the plain words in its place."""
        found: list[tuple[int, int, str]] = []
        block = self.begin()
        while block.isValid():
            link: tuple[int, int, str, str] | None = None
            place = block.begin()
            while not place.atEnd():
                fragment = place.fragment()
                place += 1
                form = fragment.charFormat()
                words = fragment.text()
                if form.isImageFormat():
                    name = form.property(QTextFormat.Property.ImageAltText) or form.toImageFormat().name()
                    words = f"[picture: {name}]"
                href = form.anchorHref() if form.isAnchor() else ""
                if link is not None and href != link[3]:
                    found.append(_plain_link(link))
                    link = None
                if href:
                    start, length, before, _ = link or (fragment.position(), 0, "", href)
                    link = (start, length + fragment.length(), before + words, href)
                elif form.isImageFormat():
                    found.append((fragment.position(), fragment.length(), words))
            if link is not None:
                found.append(_plain_link(link))
            block = block.next()
        return found

    def _set(self, block: QTextBlock) -> None:
        """Sizes and distances of a paragraph, as on the page."""
        cursor = QTextCursor(block)
        level = block.blockFormat().headingLevel()
        space = QTextBlockFormat()
        space.setLineHeight(LEADING, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        listed = block.textList() is not None
        space.setTopMargin(14 if level and block.position() else 0)
        space.setBottomMargin(3 if listed else 5 if level else 9)
        cursor.mergeBlockFormat(space)
        if listed and block.textList().format().style() in _MARKS:
            marked = QTextCharFormat()
            marked.setFontStretch(_MARK)
            cursor.mergeBlockCharFormat(marked)
        if level:
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            larger = QTextCharFormat()
            larger.setProperty(QTextFormat.Property.FontSizeAdjustment, 1 if level == 1 else 0)
            larger.setFontWeight(QFont.Weight.DemiBold)
            cursor.mergeCharFormat(larger)
        place = block.begin()
        while not place.atEnd():
            fragment = place.fragment()
            place += 1
            if fragment.charFormat().fontWeight() > QFont.Weight.DemiBold:
                cursor.setPosition(fragment.position())
                keep = QTextCursor.MoveMode.KeepAnchor
                cursor.setPosition(fragment.position() + fragment.length(), keep)
                stressed = QTextCharFormat()
                stressed.setFontWeight(QFont.Weight.DemiBold)  # the heaviest face that is bundled
                cursor.mergeCharFormat(stressed)


def _plain_link(link: tuple[int, int, str, str]) -> tuple[int, int, str]:
    """A link's words with its address after them, where the words are not the address."""
    start, length, words, href = link
    bare = href.removeprefix("mailto:")
    return (start, length, words if words.strip() in (href, bare) else f"{words} ({bare})")


class MarkdownView(Themed, QTextBrowser):
    """Shows Markdown to read, to select and to copy; arrow and page keys scroll."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setDocument(MarkdownDocument(parent=self))
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def set_markdown(self, text: str) -> None:
        """Show other Markdown, from its beginning."""
        document = self.document()
        assert isinstance(document, MarkdownDocument)
        document.set_markdown(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing, like the document."""
        return None
