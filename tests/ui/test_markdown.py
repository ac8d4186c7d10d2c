"""Guidelines in Markdown: shown as they are meant, and nothing is ever loaded or opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtNetwork import QTcpServer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.ui.markdown import MarkdownDocument, MarkdownView
from annotator.ui.theme import light


def plain(text: str) -> str:
    return MarkdownDocument(text).toPlainText()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [the handbook](https://example.org/h).", "See the handbook (https://example.org/h)."),
        ("See <https://example.org/h>.", "See https://example.org/h."),
        ("See [**the** book](file:///etc/passwd)", "See the book (file:///etc/passwd)"),
        ("[one](http://a)[two](http://b)", "one (http://a)two (http://b)"),
        ("Ask <ana@example.org>.", "Ask ana@example.org."),
        ("![a map](/etc/map.png) here", "[picture: a map] here"),
        ('<img src="http://a/b.png"> x', '<img src="http://a/b.png"> x'),
        ("<b>not</b> bold", "<b>not</b> bold"),
        ("", ""),
    ],
)
def test_links_pictures_and_tags_are_plain_words(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_headings_lists_and_stress_are_shown_as_such() -> None:
    document = MarkdownDocument("# Claim\n\nWhat **somebody** says.\n\n- one\n- two\n")
    heading = document.begin()
    assert heading.blockFormat().headingLevel() == 1
    assert document.lastBlock().textList() is not None
    words = heading.next()
    assert [each.fragment().text() for each in words if each.fragment().charFormat().fontWeight() > 500] == [
        "somebody"
    ]


def test_nothing_is_asked_of_disk_or_network(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = QTcpServer()
    assert server.listen()
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"no picture")
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    address = f"http://127.0.0.1:{server.serverPort()}/x.png"
    view = MarkdownView(light(), "Guideline")
    qtbot.addWidget(view)
    view.set_markdown(f"![one]({address}) ![two]({picture})\n\n[a link]({address})\n\n<img src='{address}'>")
    view.resize(400, 300)
    view.show()
    QApplication.processEvents()
    view.grab()
    kind = QTextDocument.ResourceType.ImageResource
    assert view.document().resource(kind, QUrl.fromLocalFile(str(picture))) is None
    assert view.document().resource(kind, QUrl(address)) is None
    link = view.toPlainText().index("a link")
    cursor = view.textCursor()
    cursor.setPosition(link + 2)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.cursorRect(cursor).center())
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert not view.anchorAt(view.cursorRect(cursor).center())
    assert opened == []
    assert not server.waitForNewConnection(50)[0]
