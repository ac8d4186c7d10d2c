from __future__ import annotations

import contextlib
import io
import random
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.errors import InputError
from annotator.formats.encoding import Decoded, decode

FRENCH = (
    "Le président a déclaré que la réunion était très importante. L’été dernier, les élus ont voté "
    "à l’unanimité une loi « historique » sur l’énergie."
)
GERMAN = "Der Außenminister erklärte, die Maßnahmen müssten überprüft werden. „Nein“, sagte er – und ging."
POLISH = "Prezydent powiedział, że jutrzejsze spotkanie będzie ważne. Wśród gości są również posłowie."
RUSSIAN = "Президент заявил, что завтрашняя встреча будет важной для всех участников переговоров."


def decoded_or_none(content: bytes) -> str | None:
    """None where the text is refused."""
    with contextlib.suppress(InputError):
        return decode(content, "a.txt").text
    return None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_is_never_taken_for_something_else(text: str) -> None:
    decoded = decode(text.encode(), "a.txt")
    assert (decoded.text, decoded.encoding) == (text.removeprefix("\ufeff"), "UTF-8")


@pytest.mark.parametrize("text", [FRENCH, GERMAN, RUSSIAN, "emoji 😀 and a\u0301, العربية\u00a0\u2028 نص"])
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(text: str, codec: str) -> None:
    assert decode(text.encode(codec), "a.txt").text == text


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [FRENCH, GERMAN])
def test_utf16_without_mark(text: str, mark: str) -> None:
    decoded = decode(text.encode(mark), "a.txt")
    assert (decoded.text, decoded.encoding) == (text, "UTF-16")


@pytest.mark.parametrize(
    "text",
    [FRENCH, GERMAN, "The minister’s café", "“No,” she said — and left.", "naïve", "£5", "Málaga: ¿qué?"],
)
def test_windows_1252(text: str) -> None:
    decoded = decode(text.encode("cp1252"), "a.txt")
    assert (decoded.text, decoded.encoding) == (text, "Windows-1252")


@pytest.mark.parametrize(
    ("text", "codec"), [(POLISH, "cp1250"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (RUSSIAN, "utf-16-le")]
)
def test_other_encodings_are_right_or_refused(text: str, codec: str) -> None:
    assert decoded_or_none(text.encode(codec)) in (text, None)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("首相は会議が重要だと述べた。明日の会合で。" * 3, "shift_jis"),
        ("Ο πρόεδρος δήλωσε", "iso8859_7"),
        ("總統說", "big5"),
    ],
)
def test_scripts_that_are_not_western_never_become_western(text: str, codec: str) -> None:
    assert decoded_or_none(text.encode(codec)) in (text, None)


def _docx() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (_docx(), "Word document"),
        (b"PK\x03\x04" + bytes(100), "ZIP"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"\x7fELF\x02\x01\x01" + bytes(64), "program"),
        (b"SQLite format 3\0" + bytes(84), "database"),
        (b"{\\rtf1\\ansi Hello}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "Office"),
        (bytes(random.Random(1).randbytes(4000)), "binary"),
        (bytes(1000), "binary"),
        (b"text with a \0 in it, and no more", "binary"),
        (b"\x01\x02\x03\x04" * 50 + b"abc", "binary"),
    ],
)
def test_binary_files_are_named_and_refused(content: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        decode(content, "a.txt")
    assert caught.value.problem.cure


def test_text_that_starts_like_a_binary_file() -> None:
    assert decode(b"RIFF is what workers call it.", "a.txt").text.startswith("RIFF")
    assert decode(b"ID3 was signed.", "a.txt").text.startswith("ID3")


def test_damaged_utf8_is_not_mistaken_for_western() -> None:
    with pytest.raises(InputError, match="damaged at line 2"):
        decode("Über\n".encode() + b"\xff" + "ä ö ü é à".encode(), "a.txt")
    with pytest.raises(InputError, match="cut off"):
        decode("Die Maßnahmen müssen überprüft werden ü".encode()[:-1], "a.txt")


@pytest.mark.parametrize("sound", ["Köln", "für", "café", "Straße", "Müller Köln", "naïf"])
@pytest.mark.parametrize("broken", [b"t\xffwn", b"K\xf6ln", b"K\xc3ln", b"\x93"])
def test_one_broken_byte_beside_one_sound_letter_is_damage(sound: str, broken: bytes) -> None:
    data = sound.encode() + b" LOC\n" + b"word O\n" * 100 + broken + b" O\n"
    with pytest.raises(InputError, match="damaged at line 102, byte") as raised:
        decode(data, "a.conll")
    assert raised.value.problem.cure == "Get the file again from where it comes from"


@pytest.mark.parametrize(
    "text",
    [
        "Die Zeile „MENÜ“ steht da; „CAFÉ“ auch",
        "« C'est arrivé\xa0», dit-il à\xa0« la gare »",
        "le CAFÉ–bar, où l'on est « ÉTÉ\xa0»",
        "A “IRMÔ e o “IRMÔ é de lá",
        "DAS MENÜ™ für",
    ],
)
def test_western_texts_with_bytes_that_could_be_utf8_are_read(text: str) -> None:
    assert decode(text.encode("cp1252"), "a") == Decoded(text, "Windows-1252")


def test_cut_utf16_says_so() -> None:
    with pytest.raises(InputError, match="breaks off"):
        decode("abc".encode("utf-16")[:-1], "a.txt")


def test_large_texts_take_bounded_time() -> None:
    plain = b"All the news that fits. " * 1_000_000
    for content in (plain, plain + "café".encode("cp1252"), plain + "café".encode()):
        started = time.perf_counter()
        assert decode(content, "a.txt").text.startswith("All the news")
        assert time.perf_counter() - started < 3
