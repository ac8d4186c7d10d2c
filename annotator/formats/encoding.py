"""Bytes to text, never silently wrong: what is valid UTF-8 is UTF-8, the rest has to be plausible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

from annotator.core.errors import InputError

UTF8 = "UTF-8"
_REMOVE = "Get the file again, or remove it there"
_AS_UTF8 = "Save the file again as UTF-8"
_SAMPLE = 64 * 1024
"""Bytes that a guess is based on: the surroundings of the first bytes beyond ASCII."""

# Bytes that text does not hold: the C0 controls without tab, LF, VT, FF, CR, Ctrl-Z and ESC.
CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})
_ONLY_UTF8 = re.compile(rb"[a-z][\xc2-\xc5][\x80-\xbf]|\xc3[\x80-\xbf][a-z]")
"""A letter like “ö” beside a small one: Windows-1252 would have a capital and a symbol within the word."""
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


class Decoded(Struct, frozen=True):
    """A text and the name of the encoding it was in, as a person reads it."""

    text: str
    encoding: str


class _Magic(Struct, frozen=True):
    start: bytes
    name: str
    cure: str
    at: int = 0

    def fits(self, data: bytes) -> bool:
        """Marks of letters could also start a text: they count only where binary content follows."""
        if not data.startswith(self.start, self.at):
            return False
        head = data[:4096]
        return self.start in _TEXT_MARKS or len(head.translate(None, CONTROLS)) < len(head)


_TO_TEXT = "Save it as plain text (.txt) in the program it comes from, and import that"
_UNPACK = "Unpack it and import the files in it"
_NO_TEXT = "Import the article's text instead"

_MAGIC = (
    _Magic(b"%PDF-", "a PDF document", "Let its name end in .pdf, and import it"),
    _Magic(b"{\\rtf", "an RTF document", "Let its name end in .rtf, and import it"),
    _Magic(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document (.doc, .xls or .ppt)", _TO_TEXT),
    _Magic(b"SQLite format 3\0", "a database", "Open it as a project if it is one, or import text files"),
    _Magic(b"\x89PNG\r\n\x1a\n", "a PNG picture", _NO_TEXT),
    _Magic(b"\xff\xd8\xff", "a JPEG picture", _NO_TEXT),
    _Magic(b"GIF8", "a GIF picture", _NO_TEXT),
    _Magic(b"WEBP", "a WebP picture", _NO_TEXT, at=8),
    _Magic(b"II*\0", "a TIFF picture", _NO_TEXT),
    _Magic(b"MM\0*", "a TIFF picture", _NO_TEXT),
    _Magic(b"\x7fELF", "a program", _NO_TEXT),
    _Magic(b"MZ\x90\0", "a program", _NO_TEXT),
    _Magic(b"\xca\xfe\xba\xbe", "a program", _NO_TEXT),
    _Magic(b"ID3", "a sound file", _NO_TEXT),
    _Magic(b"OggS", "a sound or film file", _NO_TEXT),
    _Magic(b"ftyp", "a film file", _NO_TEXT, at=4),
    _Magic(b"RIFF", "a sound or film file", _NO_TEXT),
    _Magic(b"\x1f\x8b\x08", "a gzip archive", _UNPACK),
    _Magic(b"BZh", "a bzip2 archive", _UNPACK),
    _Magic(b"\xfd7zXZ\0", "an xz archive", _UNPACK),
    _Magic(b"\x28\xb5\x2f\xfd", "a zstd archive", _UNPACK),
    _Magic(b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    _Magic(b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    _Magic(b"ustar", "a tar archive", _UNPACK, at=257),
    _Magic(b"PAR1", "a Parquet table", "Save it as .csv or .jsonl, and import that"),
    _Magic(b"\x93NUMPY", "a NumPy array", _NO_TEXT),
)
_TEXT_MARKS = (b"%PDF-", b"{\\rtf")
"""Of kinds that may hold no byte that a text could not hold."""
_IN_ZIP = (
    (b"word/", "a Word document (.docx)", "Let its name end in .docx, and import it"),
    (b"xl/", "an Excel table (.xlsx)", "Save it as .csv, and import that"),
    (b"ppt/", "a PowerPoint presentation (.pptx)", _TO_TEXT),
    (b"mimetypeapplication/epub", "an e-book (.epub)", _TO_TEXT),
    (b"opendocument.spreadsheet", "a LibreOffice table (.ods)", "Save it as .csv, and import that"),
    (b"opendocument", "a LibreOffice document (.odt)", _TO_TEXT),
)


def refuse_binary(data: bytes, where: str) -> None:
    """Raise InputError that names what a file is, if its first bytes are those of a known kind."""
    if data.startswith(b"PK\x03\x04"):
        found = next(
            (each for each in _IN_ZIP if each[0] in data[:4096]),
            (b"", "a ZIP archive", "Let its name end in .zip, or unpack it"),
        )
        raise InputError(f"this is {found[1]}, not a text", where=where, cure=found[2])
    for magic in _MAGIC:
        if magic.fits(data):
            raise InputError(f"this is {magic.name}, not a text", where=where, cure=magic.cure)


def decode(data: bytes, where: str) -> Decoded:
    """The text of a file, without byte order mark; line ends stay as they are.

    UTF-8 and UTF-16 (UTF-32 too) by their byte order mark, else UTF-8 if it is valid, UTF-16 if its
    structure is plain, else what charset-normalizer is sure of, else Windows-1252 if that gives a
    plausible text. Raises InputError for everything else, saying what it seems to be.
    """
    for mark, codec, name in (
        (b"\xef\xbb\xbf", "utf-8", UTF8),
        (b"\xff\xfe\0\0", "utf-32-le", "UTF-32"),
        (b"\0\0\xfe\xff", "utf-32-be", "UTF-32"),
        (b"\xff\xfe", "utf-16-le", "UTF-16"),
        (b"\xfe\xff", "utf-16-be", "UTF-16"),
    ):
        if data.startswith(mark):
            return Decoded(_strictly(data[len(mark) :], codec, name, where), name)
    refuse_binary(data, where)
    if b"\0" in data:
        return _without_mark(data, where)
    if len(data.translate(None, CONTROLS)) < len(data) * 0.99:
        raise _binary(where)
    try:
        return Decoded(data.decode("utf-8"), UTF8)
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error, where)
        at = f"line {data.count(b'\n', 0, error.start) + 1}, byte {error.start + 1}"
    codec, name = _guess(data, where, at)
    return Decoded(_strictly(data, codec, name, where), name)


def _binary(where: str) -> InputError:
    return InputError("this is a binary file, not a text", where=where, cure=_NO_TEXT)


def _strictly(data: bytes, codec: str, name: str, where: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        cut = " because it breaks off in the middle of a character" if "truncated" in error.reason else ""
        at = f"line {data.count(b'\n', 0, error.start) + 1}, byte {error.start + 1}"
        raise InputError(
            f"this {name} text cannot be read at {at}{cut}",
            where=where,
            cure=f"Get the file again, or {_AS_UTF8[0].lower()}{_AS_UTF8[1:]}",
        ) from error


def _without_mark(data: bytes, where: str) -> Decoded:
    """UTF-16 without byte order mark: spaces and all ASCII have a NUL then, always on one side."""
    sample = data[:_SAMPLE]
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    codec = "utf-16-le" if low > high else "utf-16-be"
    plain = max(high, low) > 10 * min(high, low) and max(high, low) * 12 > len(sample) // 2
    if plain and len(data) % 2 == 0:
        text = data.decode(codec, "replace")
        if _readable(text[: _SAMPLE // 2]):
            return Decoded(_strictly(data, codec, "UTF-16", where), "UTF-16")
    if data.count(0) <= len(data) // 100 and len(data.translate(None, CONTROLS)) >= len(data) * 0.99:
        place = data.index(0)
        at = f"line {data.count(b'\n', 0, place) + 1}, byte {place + 1}"
        raise InputError(f"this text has a NUL byte at {at}, which no text has", where=where, cure=_REMOVE)
    raise _binary(where)


def _readable(text: str) -> bool:
    """Whether a text holds only characters that are assigned, and next to no controls."""
    odd = sum(
        c == "\ufffd" or (unicodedata.category(c) in {"Cc", "Cn", "Cs", "Co"} and not c.isspace())
        for c in text
    )
    return odd <= len(text) // 200


def _is_surrogate(data: bytes, place: int) -> bool:
    """Whether there is half a character in UTF-8, as broken programs write it."""
    return re.match(rb"\xed[\xa0-\xbf][\x80-\xbf]", data[place : place + 3]) is not None


def _refuse_damaged_utf8(data: bytes, error: UnicodeDecodeError, where: str) -> None:
    """Raise InputError for UTF-8 with a few broken places: no other encoding looks like that."""
    if _is_surrogate(data, error.start):
        line = data.count(b"\n", 0, error.start) + 1
        at = f"line {line}, byte {error.start + 1}"
        what = f"this UTF-8 text holds half a character (U+D800 to U+DFFF) in {at}"
        raise InputError(what, where=where, cure=_REMOVE)
    whole = data.decode("utf-8", "replace")
    broken = whole.count("\ufffd")
    sound = len(whole) - len(whole.encode("ascii", "ignore")) - broken
    if sound <= 2 * broken and (sound < broken or _ONLY_UTF8.search(data) is None):
        return
    line = data.count(b"\n", 0, error.start) + 1
    what = f"this UTF-8 text is damaged at line {line}, byte {error.start + 1}"
    if error.end >= len(data) and "unexpected end" in error.reason:
        what = "this UTF-8 text breaks off in the middle of a character; the file seems to be cut off"
    raise InputError(what, where=where, cure="Get the file again from where it comes from")


# -- neither UTF-8 nor UTF-16 -----------------------------------------------------------------------

_SURE = {
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "koi8_r": "KOI8-R",
    "koi8_u": "KOI8-U",
    "iso8859_2": "ISO-8859-2",
    "iso8859_5": "ISO-8859-5",
    "iso8859_7": "ISO-8859-7",
}
"""Encodings that charset-normalizer tells well from Windows-1252 where the words make sense."""
_COHERENT = 0.25
_CHAOTIC = 0.05


def _guess(data: bytes, where: str, at: str) -> tuple[str, str]:
    """Codec and name of the encoding of bytes that are not UTF-8, ``at`` some place at first.

    Raises InputError if none is sure.
    """
    from charset_normalizer import from_bytes

    sample = b"\n".join(_surroundings(data))
    matches = list(from_bytes(sample))
    western = any("cp1252" in (match.encoding, *match.could_be_from_charset) for match in matches)
    if matches and not western:
        best = matches[0]
        rival = any(other.coherence >= best.coherence for other in matches[1:] if other.chaos <= _CHAOTIC)
        if best.encoding in _SURE and best.coherence >= _COHERENT and best.chaos <= _CHAOTIC and not rival:
            return best.encoding, _SURE[best.encoding]
    if _plausible_western(sample):
        return "cp1252", "Windows-1252"
    seems = f"; it may be {matches[0].encoding}" if matches else ""
    what = f"the encoding of this text cannot be told: {at} is no UTF-8{seems}"
    raise InputError(what, where=where, cure=_AS_UTF8)


def _surroundings(data: bytes) -> Iterator[bytes]:
    """Pieces of at most ``_SAMPLE`` bytes in all, each around bytes beyond ASCII."""
    if len(data) <= _SAMPLE:
        yield data
        return
    taken = place = 0
    while taken < _SAMPLE and (found := _BEYOND_ASCII.search(data, place)):
        piece = data[max(place, found.start() - 200) : found.start() + 200]
        yield piece
        taken += len(piece)
        place = found.start() + 200


def _plausible_western(sample: bytes) -> bool:
    """Whether bytes read as Windows-1252 look like a text of a Western European language.

    At most every fourth letter may be beyond ASCII (in Icelandic every eighth is), and no symbol may
    stand between two letters, where another encoding has a letter.
    """
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    letters = beyond = 0
    for nth, c in enumerate(text):
        if c.isalpha():
            letters += 1
            beyond += c > "\x7f"
        elif c > "\x7f" and c != "\xad" and unicodedata.category(c)[0] not in "PZ":
            within_word = text[max(0, nth - 1) : nth].isalpha() and text[nth + 1 : nth + 2].isalpha()
            if within_word:
                return False
    return beyond * 4 <= max(letters, 4)
