"""E-mails, one (.eml) or a mailbox of them (.mbox): newsletters, agencies' services, alerts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.core.errors import InputError
from annotator.formats.articles import article_record, clean, line_of, text_of_html, tidy
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.encoding import decode, refuse_binary

if TYPE_CHECKING:
    from email.message import Message

LARGEST = 100_000_000
"""Bytes of one message with its attachments."""
MOST_PARTS = 1_000
MOST_HEADERS = 20_000
"""Lines above the text of a message."""
DEEPEST = 30
"""Multiparts within each other."""
_FIELD = re.compile(rb"[!-9;-~]{1,70}:[ \t]?")
_USUAL = (b"from:", b"date:", b"subject:", b"received:", b"message-id:", b"mime-version:", b"return-path:",
          b"to:", b"delivered-to:", b"x-")  # fmt: skip
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_WIDER = {
    "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
}  # fmt: skip
"""By Python's names: encodings that mails claim, and those that they mean (as browsers take them, too)."""
_GET_AGAIN = "Save the message again from the mail program"


def sniff(source: Source) -> bool:
    """Whether it begins as a mailbox or a message does; only a name without a telling ending needs it."""
    if source.ending not in ("", ".eml", ".mbox", ".mbx"):
        return False
    head = source.head().removeprefix(b"\xef\xbb\xbf")
    return head.startswith(b"From ") or sum(_is_usual(line) for line in head.splitlines()[:12]) >= 2


def _is_usual(line: bytes) -> bool:
    return line.lower().startswith(_USUAL) and _FIELD.match(line) is not None


def read(intake: Intake) -> Iterator[Record]:
    """One record per message."""
    found = False
    for number, data in enumerate(_messages(intake.source), 1):
        found = True
        place = f"message {number}" if intake.source.ending in (".mbox", ".mbx") or number > 1 else ""
        record = _record(data, intake, place)
        if record is not None:
            yield record
    if not found:
        raise InputError("the file is empty", where=intake.source.name, cure=_GET_AGAIN)


def _messages(source: Source) -> Iterator[bytes]:
    """The messages of a mailbox, or the one of a file. Raises InputError where one is too large."""
    refuse_binary(source.head(), source.name)
    with source.open() as stream:
        lines: list[bytes] = []
        size = 0
        mailbox: bool | None = None
        blank = True
        while line := stream.readline(1_000_000):
            if mailbox is None:
                if not line.strip():
                    continue
                mailbox = line.startswith(b"From ")
                if mailbox:
                    continue
            elif mailbox and blank and line.startswith(b"From "):
                if lines:
                    yield b"".join(lines)
                lines, size = [], 0
                continue
            blank = not line.strip()
            if mailbox and line.startswith(b">") and line.lstrip(b">").startswith(b"From "):
                line = line[1:]
            lines.append(line)
            size += len(line)
            if size > LARGEST:
                raise InputError(
                    f"a message of this file has more than {LARGEST / 1e6:.0f} MB",
                    where=source.name,
                    cure="Save it without its attachments",
                )
        if lines:
            yield b"".join(lines)


def _record(data: bytes, intake: Intake, place: str) -> Record | None:
    message = parsed(data)
    if message is None:
        intake.report("this message cannot be read: its parts are damaged", place, _GET_AGAIN)
        return None
    known = ("subject", "from", "date", "message-id", "content-type", "received")
    if not any(_header(message, name) for name in known):
        intake.report(
            "this is no e-mail: it has neither sender nor subject nor date",
            place,
            "Name it .txt if it is a text",
        )
        return None
    try:
        text = text_of(message)
    except InputError as error:
        intake.report(error.problem.what, place, error.problem.cure)
        return None
    if not text.strip():
        intake.report(
            "this message holds no text, only attachments perhaps", place, "Leave it out, or import those"
        )
        return None
    names = [name or address for name, address in _addresses(message)]
    values = {
        "title": _header(message, "subject") or f"{intake.source.stem} {place}".strip(),
        "author": ", ".join(names),
        "published": _date(message),
        "external_id": _header(message, "message-id").strip("<>"),
        "language": _header(message, "content-language"),
        "publisher": _header(message, "list-id").split("<")[0].strip(' "')
        or _header(message, "organization"),
        "url": _header(message, "archived-at").strip("<>"),
    }
    return article_record(intake, place, text, values)


def parsed(data: bytes) -> Message | None:
    """A message out of its bytes; None where its parts are too many, too deep or beyond reading."""
    end = _END_OF_HEAD.search(data)
    if data.count(b"\n", 0, end.start() if end else len(data)) > MOST_HEADERS:
        return None
    if len(_BOUNDARY.findall(data)) > MOST_PARTS:
        return None
    try:
        from email import policy  # only where there is mail, not at every start
        from email.parser import BytesParser

        message = BytesParser(policy=policy.default).parsebytes(data)
        deep = [(message, 0)]
        for number, (part, depth) in enumerate(deep):
            if number > MOST_PARTS or depth > DEEPEST:
                return None
            if part.is_multipart():
                deep += [(each, depth + 1) for each in part.get_payload()]  # type: ignore[misc]
    except Exception:
        # The library raises what it comes across in damaged headers: AttributeError, IndexError …
        return None
    return message


def parts_of(message: Message) -> Iterator[Message]:
    """The parts that are no multiparts, without those of attached messages."""
    from email.message import Message

    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        kind = part.get_content_type()
        if (kind == "multipart/alternative" and part.is_multipart()) or (
            part.is_multipart() and (part is message or kind != "message/rfc822")
        ):
            waiting = [each for each in part.get_payload() if isinstance(each, Message)] + waiting
        elif not part.is_multipart():
            yield part


def text_of(message: Message) -> str:
    """The text of a message: its plain part, else its HTML one; attachments are none. Raises InputError."""
    plain: list[str] = []
    marked: list[str] = []
    for part in parts_of(message):
        try:
            kind = part.get_content_type()
            attached = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        except Exception:
            continue  # a header that the library cannot read belongs to no text
        if attached or kind not in ("text/plain", "text/html"):
            continue
        content = part_text(part)
        if content.strip():
            (plain if kind == "text/plain" else marked).append(content)
    if plain:
        return tidy("\n\n".join(plain))
    return tidy("\n\n".join(map(text_of_html, marked)))


def part_text(part: Message) -> str:
    """The text of one part in the encoding that it says, else in the one that it seems to have.

    Raises InputError where it has none.
    """
    try:
        data = part.get_payload(decode=True)
        charset = part.get_content_charset() or ""
    except Exception:
        return ""
    if not isinstance(data, bytes):
        return ""
    try:
        text = data.decode(_meant(charset or "utf-8"))
    except (LookupError, ValueError):
        text = decode(data, "").text
    if _parameter(part, "format") == "flowed" and part.get_content_type() == "text/plain":
        text = unflowed(text, delete_space=_parameter(part, "delsp") == "yes")
    return text


def _meant(charset: str) -> str:
    """The encoding that programs write which name a smaller one of its family. Raises LookupError."""
    name = codecs.lookup(charset).name
    if name == "punycode":
        raise LookupError  # of host names: no text is in it, and a long one would take for ever
    return _WIDER.get(name, name)


def _parameter(part: Message, name: str) -> str:
    try:
        return str(part.get_param(name) or "").lower()
    except Exception:
        return ""


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Lines of ``format=flowed`` (RFC 3676) as paragraphs: one that ends in a space goes on."""
    lines: list[str] = []
    goes_on = False
    for line in clean(text).split("\n"):
        quoted = line.startswith(">")
        line = line.removeprefix(" ")
        flowing = line.endswith(" ") and line != "-- " and not quoted
        content = line[:-1] if flowing and delete_space else line
        if goes_on and line != "-- " and not quoted:
            lines.append(content)
        else:
            lines.append(f"\n{content}")
        goes_on = flowing
    return "".join(lines)[1:]


def _header(message: Message, name: str) -> str:
    try:
        return line_of(str(message.get(name) or ""))
    except Exception:
        return ""  # the library stumbles over some damaged headers


def _addresses(message: Message) -> list[tuple[str, str]]:
    """Names and addresses of who wrote it."""
    from email.utils import getaddresses

    try:
        return [each for each in getaddresses([_header(message, "from")], strict=False) if any(each)][:20]
    except Exception:
        return []


def _date(message: Message) -> str:
    """When it was sent, as ISO 8601, or in the words of its header."""
    from email.utils import parsedate_to_datetime

    written = _header(message, "date")
    try:
        return parsedate_to_datetime(written).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return written


def web_archive(data: bytes) -> tuple[bytes, str] | None:
    """The page of a saved web archive (.mhtml), as its bytes and its address; None where there is none."""
    message = parsed(data)
    for part in parts_of(message) if message is not None else ():
        if part.get_content_type() == "text/html":
            try:
                text = part_text(part)
            except InputError:
                return None
            if text.strip():
                address = _header(part, "content-location") or _header(
                    message or part, "snapshot-content-location"
                )
                return text.encode("utf-8", "replace"), address
    return None


MAIL = Format(name="mail", title="e-mail", endings=(".eml", ".mbox", ".mbx"), sniff=sniff, read=read)
