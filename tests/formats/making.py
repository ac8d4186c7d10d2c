"""Documents for tests of readers, made by hand where no writer of them is at hand."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping


def pdf(pages: list[list[str]], info: Mapping[str, str] | None = None, *, packed: bool = False) -> bytes:
    """A PDF whose pages have these lines, in Helvetica and Windows-1252."""
    objects: list[bytes] = []

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    tree = 2 + 2 * len(pages)
    for lines in pages:
        shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
        content = b"BT /F1 11 Tf 14 TL 72 760 Td\n" + shown + b"ET"
        extra = b""
        if packed:
            content, extra = zlib.compress(content), b" /Filter /FlateDecode"
        stream = add(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), extra, content))
        page = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R" % (tree, stream)
        kids.append(add(page + b" /Resources << /Font << /F1 %d 0 R >> >> >>" % font))
    refs = b" ".join(b"%d 0 R" % kid for kid in kids)
    assert add(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (refs, len(kids))) == tree
    root = add(b"<< /Type /Catalog /Pages %d 0 R >>" % tree)
    about = b""
    if info:
        entries = b" ".join(b"/%s (%s)" % (key.encode(), _escaped(value)) for key, value in info.items())
        about = b" /Info %d 0 R" % add(b"<< %s >>" % entries)
    out = io.BytesIO(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"trailer\n<< /Size %d /Root %d 0 R%s >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, root, about, table)
    )
    return out.getvalue()


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def rtf(*paragraphs: str) -> bytes:
    """A rich text with these paragraphs, as Word writes it: bytes in Windows-1252, else UTF-16 units."""

    def escaped(char: str) -> str:
        if char in "\\{}":
            return f"\\{char}"
        if " " <= char < "\x7f":
            return char
        if char == "\t":
            return "\\tab "
        units = char.encode("utf-16-le")
        if (code := char.encode("cp1252", "ignore")) and len(units) == 2:
            return f"\\'{code[0]:02x}"
        numbers = (
            int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)
        )
        return "".join(f"\\u{number}?" for number in numbers)

    body = "".join(f"\\pard {''.join(map(escaped, each))}\\par\r\n" for each in paragraphs)
    return f"{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Times;}}}}\\uc1\r\n{body}}}\r\n".encode("ascii")


def packed(members: Mapping[str, bytes | str]) -> bytes:
    """A ZIP archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(*paragraphs: str, **properties: object) -> bytes:
    """A Word document of plain paragraphs."""
    import docx as library

    document = library.Document()
    for each in paragraphs:
        document.add_paragraph(each)
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
