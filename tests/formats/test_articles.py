"""Web pages, PDF, Word, mail, feeds, Nexis and Factiva: what comes out of real-shaped files."""

from __future__ import annotations

import datetime
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from annotator.core.codebook import Codebook
from annotator.core.model import Article
from annotator.formats import registry
from annotator.formats.base import FileRead, Intake, Source, read_source
from annotator.formats.dates import day_of
from annotator.formats.feed import FEED
from annotator.formats.mail import unflowed
from annotator.formats.registry import reader_for
from tests.formats.making import docx, packed, pdf, rtf

DATA = Path(__file__).parents[1] / "data" / "articles"

type Read = Callable[..., FileRead]


def articles(found: FileRead) -> list[Article]:
    assert not found.problems, [str(each) for each in found.problems]
    assert not any(each.furnished or each.native or each.foreign for each in found.records)
    return [each.labels.article for each in found.records]


def sample(read: Read, name: str) -> list[Article]:
    return articles(read(name, (DATA / name).read_bytes()))


def problem(found: FileRead) -> str:
    (only,) = found.problems
    assert not found.records
    return str(only)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Monday, August 14, 2023", "2023-08-14"), ("August 14, 2023 Monday 10:00 AM GMT", "2023-08-14"),
        ("14 August 2023", "2023-08-14"), ("14. August 2023", "2023-08-14"), ("3. März 2021", "2021-03-03"),
        ("1er août 2020", "2020-08-01"),
        ("14 de agosto de 2023", "2023-08-14"), ("Aug. 3rd, 2019", "2019-08-03"),
        ("14.08.2023", "2023-08-14"), ("2023-08-14T10:00:00Z", "2023-08-14"), ("14/08/2023", "2023-08-14"),
        ("08/14/2023", "2023-08-14"), ("20230814", "2023-08-14"), ("3/4/2023", None),
        ("31 February 2023", None),
        ("14 Foo 2023", None), ("", None), ("99999999999999999999", None),
    ],
)  # fmt: skip
def test_days(written: str, day: str | None) -> None:
    assert day_of(written) == day


# -- web pages --------------------------------------------------------------------------------------


def test_page_with_its_metadata_and_without_its_furniture(read: Read) -> None:
    (article,) = sample(read, "news-jsonld.html")
    assert article.title == "Minister defends drone sales as critics call for a ban"
    assert article.author == "Maria Núñez, Tom O'Hara"
    assert article.publisher == "The Daily Record"
    assert article.published == "2023-08-16"
    assert article.language == "en-GB"
    assert article.url == "https://www.dailyrecord.example/politics/2023/08/16/minister-defends-drone-sales"
    assert "\n\n- a stop of all deliveries until an inquiry has ended;\n- a public register" in article.text
    assert "used.\n\nOpposition parties called the decision reckless. “The" in article.text
    for each in ("Home", "cookies", "Related", "reader's comment", "©", "newsletter", "not text"):
        assert each not in article.text


def test_page_in_an_old_encoding(read: Read) -> None:
    found = read("a.htm", (DATA / "news-latin1.html").read_bytes())
    (article,) = articles(found)
    assert found.encoding == "Windows-1252"
    assert (article.title, article.author) == ("Größte Brücke über die Mosel eröffnet", "Jürgen Weiß")
    assert (article.published, article.language) == ("2009-03-27", "de")
    assert article.text.startswith("Köln/Trier.")
    assert article.text.endswith("mitteilte.")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_pages(read: Read, codec: str) -> None:
    text = "<p>" + "Die Straße in Köln ist gesperrt, weil sie gebaut wird, sagte Weiß. " * 5 + "</p>"
    page = f'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html><body>{text * 3}</body></html>'
    (article,) = articles(read("a.xhtml", page.encode(codec)))
    assert "Straße in Köln" in article.text


def test_pages_without_text(read: Read) -> None:
    assert "no article's text" in problem(read("a.html", (DATA / "no-text.html").read_bytes()))
    assert "the page is empty" in problem(read("a.html", b" \n"))
    assert "PNG" in problem(read("a.html", b"\x89PNG\r\n\x1a\n\0\0"))


def test_large_page_is_one_sentence(read: Read) -> None:
    assert "it may have" in problem(read("a.html", b"<p>" + b"x" * 50_000_000))


def test_half_characters_of_metadata_are_left_out(read: Read) -> None:
    page = (
        (DATA / "news-jsonld.html").read_text(encoding="utf-8").replace("Maria Núñez", "Maria \\ud83d Núñez")
    )
    (article,) = articles(read("a.html", page))
    assert not any("\ud800" <= c <= "\udfff" for c in f"{article.author}{article.title}{article.text}")


def test_web_archive(read: Read) -> None:
    page = (DATA / "news-latin1.html").read_bytes().decode("cp1252").encode("utf-8")
    data = (
        b"From: <Saved by Blink>\nSnapshot-Content-Location: https://bote.example/bruecke\n"
        b"Subject: =?utf-8?Q?Gr=C3=B6?=\n"
        b'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="x"\n\n'
        b"--x\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + page
        + b"\n--x--\n"
    )
    (article,) = articles(read("a.mhtml", data))
    assert article.url == "https://bote.example/bruecke"
    assert article.text.startswith("Köln/Trier.")


# -- PDF --------------------------------------------------------------------------------------------

LINES = [
    "Talks fail in Geneva", "", "The delegations left Geneva on Friday without an agree-",
    "ment, as the foreign minister said in front of reporters", "at noon (local time).",
    "Nobody wanted to say when the talks will be taken up again", "and whether they will be.",
]  # fmt: skip


@pytest.mark.parametrize("is_packed", [False, True])
def test_pdf(read: Read, is_packed: bool) -> None:
    info = {"Title": "Talks fail", "Author": "Jane Doe", "CreationDate": "D:20230816093000+02'00'"}
    (article,) = articles(read("a.pdf", pdf([LINES, ["Über die Straße."]], info, packed=is_packed)))
    assert (article.title, article.author, article.published) == ("Talks fail", "Jane Doe", "2023-08-16")
    assert (
        "without an agreement, as the foreign minister said in front of reporters at noon (local"
        in article.text
    )
    assert article.text.startswith("Talks fail in Geneva\n\n")
    assert article.text.endswith("Über die Straße.")


def test_title_of_a_pdf_that_is_only_a_file_name(read: Read) -> None:
    (article,) = articles(read("a.pdf", pdf([LINES], {"Title": "Microsoft Word - talks.docx"})))
    assert article.title == "Talks fail in Geneva"


def test_pdf_without_text_damaged_and_encrypted(read: Read) -> None:
    import pypdf

    assert "recognised (OCR)" in problem(read("a.pdf", pdf([[]])))
    whole = pdf([LINES])
    for data in (whole[:300], b"%PDF-1.4\n", b"%PDF-1.7\n" + bytes(range(256)) * 40):
        assert "a.pdf" in problem(read("a.pdf", data))
    writer = pypdf.PdfWriter(io.BytesIO(whole))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert "encrypted" in problem(read("a.pdf", out.getvalue()))


def test_pdf_that_unfolds_too_far(read: Read) -> None:
    data = pdf([["x" * 20_000_000]], packed=True)
    assert len(data) < 100_000
    assert "a.pdf" in problem(read("a.pdf", data))


# -- Word -------------------------------------------------------------------------------------------


def test_word_document(read: Read) -> None:
    import docx as library

    document = library.Document()
    document.add_heading("Talks fail", 1)
    document.add_paragraph("They left 😀\tearly.\nAt noon.")
    for each in ("one", "two"):
        document.add_paragraph(each, style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for nth, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"cell {nth}"
    document.add_paragraph("The end.")
    properties = document.core_properties
    properties.title, properties.author = "Talks", "Jane Doe"
    properties.created, properties.language = datetime.datetime(2023, 8, 16), "en-US"
    out = io.BytesIO()
    document.save(out)
    (article,) = articles(read("a.docx", out.getvalue()))
    assert article.text == (
        "Talks fail\n\nThey left 😀\tearly.\nAt noon.\n\n- one\n- two\n\n"
        "cell 0\tcell 1\ncell 2\tcell 3\n\nThe end."
    )
    assert (article.title, article.author) == ("Talks", "Jane Doe")
    assert (article.published, article.language) == ("2023-08-16", "en-US")


def test_properties_of_the_template_are_nobodys(read: Read) -> None:
    (article,) = articles(read("a.docx", docx("Talks fail", "They left.")))
    assert (article.title, article.author, article.published) == ("Talks fail", None, None)


def test_word_documents_that_are_wrong(read: Read) -> None:
    whole = docx("Text")
    assert "no text" in problem(read("a.docx", docx()))
    assert "cut off" in problem(read("a.docx", whole[: len(whole) // 2]))
    assert articles(read("a.docx", rtf("It is RTF.")))[0].text == "It is RTF."
    assert "no Word document" in problem(read("a.docx", b"text"))
    assert "damaged" in problem(read("a.docx", packed({"word/document.xml": "<w/>"})))


def test_word_documents_that_are_hostile(read: Read) -> None:
    source = zipfile.ZipFile(io.BytesIO(docx("Text")))
    members: dict[str, bytes | str] = {each: source.read(each) for each in source.namelist()}
    body = members["word/document.xml"]
    assert isinstance(body, bytes)
    declared = body.replace(
        b"<w:document", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document', 1
    )
    assert "document type" in problem(read("a.docx", packed({**members, "word/document.xml": declared})))
    huge = body.replace(b"Text", b"x" * 70_000_000)
    assert "unpacks to" in problem(read("a.docx", packed({**members, "word/document.xml": huge})))


# -- mail -------------------------------------------------------------------------------------------


def test_mail(read: Read) -> None:
    (article,) = sample(read, "letter.eml")
    assert article.text == (
        "Acme Corp denies “lies” that were told about it on Tuesday.\n\n😀 Nothing else is to be said."
    )
    assert (article.title, article.author) == ("Acme denies “lies”", "René Müller")
    assert (article.published, article.external_id) == ("2023-08-16", "abc123@acme.example")


def test_mailbox(read: Read) -> None:
    first, second = sample(read, "box.mbox")
    assert first.text == "The first text.\n\nFrom what is known, it is true."
    assert (second.title, second.text) == ("Second", "Straße gesperrt\n\nDie Straße ist gesperrt.")


@pytest.mark.parametrize(
    ("said", "meant", "text"),
    [("iso-8859-1", "cp1252", "“Café” – sí"), ("gb2312", "gbk", "朱镕基说"), ("Shift_JIS", "cp932", "髙橋①"),
     ("us-ascii", "utf-8", "“Café”"), ("unknown-8bit", "utf-8", "“Café”"),
     ("punycode", "ascii", "No text is in that-bcd9")],
)  # fmt: skip
def test_mail_in_more_than_it_says(read: Read, said: str, meant: str, text: str) -> None:
    head = f"From: a@b.c\nSubject: T\nContent-Type: text/plain; charset={said}\n\n".encode()
    assert articles(read("a.eml", head + text.encode(meant)))[0].text == text


def test_mail_without_text_or_sense(read: Read) -> None:
    assert "no text" in problem(read("a.eml", b"From: a@b.example\nSubject: x\n\n\n"))
    assert "no e-mail" in problem(read("a.eml", b"just a text\n"))
    assert "empty" in problem(read("a.mbox", b""))
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(900))
    assert "cannot be read" in problem(read("a.eml", b"From: a@b.example\n" + deep + b"\nx\n"))


def test_flowed_lines() -> None:
    assert unflowed("a \nb\n\n> q \n> r\n-- \nme") == "a b\n\n> q \n> r\n-- \nme"
    assert unflowed("a \nb", delete_space=True) == "ab"


# -- feeds ------------------------------------------------------------------------------------------


def test_rss(read: Read) -> None:
    first, second = sample(read, "feed-rss.xml")
    assert (
        first.text
        == "Smith 😀 said on Wednesday that Acme & Co lied.\n\nThe company denied it.\n\n- one\n- two"
    )
    assert (first.title, first.author, first.publisher) == (
        "Smith says Acme & Co lied",
        "Jane Doe",
        "Example News",
    )
    assert (first.published, first.language) == ("2023-08-16", "en-us")
    assert (first.url, first.external_id) == ("https://news.example/2023/smith", "https://news.example/?p=17")
    assert first.meta["categories"] == "Politics"
    assert (second.text, second.author) == (
        "The council said no to the plan.\nIt will vote again.",
        "John Roe",
    )


def test_atom(read: Read) -> None:
    first, second = sample(read, "feed-atom.atom")
    assert first.text == "Der Kanzler lehnt das Gesetz ab.\n\nDas Kabinett auch."
    assert (first.title, first.author, first.publisher) == ("Kanzler & Kabinett", "Max Muster", "Der Bote")
    assert (first.published, first.url, first.language) == ("2023-08-15", "https://bote.example/1", "de")
    assert second.text == "Ein Text."


def test_what_entries_take_from_their_feed(read: Read) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://post.example/news/">'
        "<title>The Post</title><author><name>Ann Smith</name></author>"
        '<entry><title>A</title><link href="1.html"/><summary>One text.</summary></entry>'
        '<entry><title>B</title><author><name>Bob</name></author><link href="/2"/>'
        "<summary>Two.</summary></entry>"
        "<entry><title>C</title></entry></feed>"
    )
    first, second = articles(read("a.xml", feed))
    assert (first.author, first.url) == ("Ann Smith", "https://post.example/news/1.html")
    assert (second.author, second.url) == ("Bob", "https://post.example/2")


def test_rdf(read: Read) -> None:
    (article,) = sample(read, "feed-rdf.rdf")
    assert (article.text, article.published) == ("The first text of all.", "2005-02-03")


def test_feed_with_what_feeds_have_by_mistake(read: Read) -> None:
    feed = (
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.example/rss-0.91.dtd">\n'
        '<rss version="0.91"><channel><title>A&nbsp;B</title><item><description>'
        "caf&eacute; &amp; bar</description></item></channel></rss>"
    )
    (article,) = articles(read("a.xml", feed))
    assert (article.text, article.publisher) == ("café & bar", "A B")


@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
def test_feed_that_is_no_xml_but_is_understood(read: Read, codec: str) -> None:
    """Bare ampersands, prefixes that nobody declared, UTF-8 where it says something else."""
    feed = (
        '<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><title>AT&T</title>'
        "<item><link>https://example.org/?a=1&b=2</link><dc:creator>Zoë Bé</dc:creator>"
        "<content:encoded><![CDATA[<p>Café & crème “brûlée”.</p>]]></content:encoded>"
        '<media:thumbnail url="x" media:rel="y"/></item></channel></rss>'
    )
    found = read("a.xml", feed.encode(codec))
    (article,) = articles(found)
    assert article.text == "Café & crème “brûlée”."
    assert (article.publisher, article.author) == ("AT&T", "Zoë Bé")
    assert article.url == "https://example.org/?a=1&b=2"
    assert found.encoding == {"utf-8": "UTF-8", "cp1252": "Windows-1252"}[codec]
    if codec != "utf-8":
        (problem,) = read("a.xml", feed.replace("iso-8859-1", "utf-8").encode(codec)).problems
        assert "this is not valid XML" in problem.what


def test_feed_that_declares_a_longer_prefix_than_it_lacks(read: Read) -> None:
    feed = (
        '<rss xmlns:dcterms="urn:terms"><channel><item><dc:creator>Ann</dc:creator>'
        "<description>Text.</description></item></channel></rss>"
    )
    (article,) = articles(read("a.xml", feed))
    assert (article.text, article.author) == ("Text.", "Ann")


def test_no_feed_takes_long_to_be_mended(read: Read) -> None:
    many = "".join(f"<p{nth}:a/><q{nth}:a xmlns:q{nth}='u'/>" for nth in range(8_000))
    begun = process_time()
    for odd in ("<?xml " * 16_000, many):
        assert "not valid XML" in problem(read("a.rss", f"<rss><channel><title>a & b</title>{odd}"))
    assert process_time() - begun < 3


def test_feed_is_told_by_its_first_element() -> None:
    before = b'\xef\xbb\xbf<?xml version="1.0"?>\n<?xml-stylesheet href="a"?>' + b"<!--<rss>-->" * 2_000
    for root, expected in ((b"<rss>", True), (b"<x><rss>", False), (b"<!--", False), (b"", False)):
        assert FEED.sniff is not None
        assert FEED.sniff(Source("a.xml", before + root)) is expected


def test_feeds_that_are_wrong(read: Read) -> None:
    whole = (DATA / "feed-rss.xml").read_bytes()
    assert "not valid XML" in problem(read("a.rss", whole[: len(whole) // 2]))
    assert "no feed" in problem(read("a.xml", b"<html/>"))
    assert "no item" in problem(read("a.rss", b"<rss><channel/></rss>"))
    titles = b"<rss><channel><item><title>x</title></item></channel></rss>"
    assert "no item of this feed has a text" in problem(read("a.rss", titles))
    bomb = b'<!DOCTYPE rss [<!ENTITY a "xxxxxxxx"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    for entity in (b"&a;", b"&b;", b""):
        text = (
            bomb + b"<rss><channel><item><description>" + entity + b"x</description></item></channel></rss>"
        )
        assert "entities" in problem(read("a.rss", text))


def test_json_feed(read: Read) -> None:
    first, second, third = sample(read, "feed.json")
    assert first.text == "Smith 😀 said that Acme & Co lied.\n\nThe company denied it.\n\n- one\n- two"
    assert (first.title, first.author) == ("Smith says Acme & Co lied", "Jane Doe, Max Roe")
    assert (first.publisher, first.language) == ("Example News", "en-US")
    assert (first.published, first.meta["published_time"]) == ("2023-08-16", "2023-08-16T18:30:02-07:00")
    assert (first.url, first.external_id) == ("https://news.example/2023/smith", "https://news.example/?p=17")
    assert first.meta["categories"] == "Politics, Trade"
    assert (second.text, second.author, second.language) == ("1 < 2 & so on.\n\nYes.", "The Desk", "de")
    assert (second.url, second.external_id) == ("https://other.example/2", "2")
    assert (third.text, third.published) == ("In short.", "2023-08-14")


@pytest.mark.parametrize("name", ["a.json", "a"])
def test_json_feed_is_told_by_what_is_in_it(name: str) -> None:
    version = '"version": "https://jsonfeed.org/version/1"'
    feeds = (
        f'\ufeff {{\n{version}, "title": "x", "items": []}}',
        f'{{"items": [], {version}}}',
        '{"title": "x", "items": [{"content_html": "<p>y"}, {"content_text": "y"}]}',
        f'{{{version}, "items": [' + '{"content_text": "y"},' * 10_000,
    )
    assert all(reader_for(Source(name, each.encode())) is FEED for each in feeds)
    others = (
        '{"items": [{"text": "y"}]}',
        f"[{{{version}}}]",
        '{"version": "1.1", "items": []}',
        '{"items": []}',
    )
    assert not any(reader_for(Source(name, each.encode())) is FEED for each in others)


@pytest.mark.parametrize(
    ("feed", "what"),
    [
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"content_text": "a"}', "cut off"),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', "this feed has no item"),
        ('{"version": "https://jsonfeed.org/version/1"}', "no list of “items”"),
        ('{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}', "no list of “items”"),
        ("[1]", "not valid XML"),
        ('{"items": [{"title": "x", "content_html": "<img>"}]}', "no item of this feed has a text"),
        ('{"items": [3]}', "an item must be an object, not a number"),
        ('{"items": [{"content_html": ["a"]}]}', "“content_html” must be a text, not a list"),
        ('{"items": [{"content_text": "a", "title": 3}]}', "“title” must be a text, not a number"),
        ('{"items": [{"content_text": "a", "id": true}]}', "“id” must be a text, not true or false"),
        ('{"items": [{"content_text": "a", "authors": {"name": "x"}}]}', "“authors” must be a list"),
        (
            '{"items": [{"content_text": "a", "authors": [{"name": 3}]}]}',
            "“name” must be a text, not a number",
        ),
        ('{"title": [], "items": [{"content_text": "a"}]}', "“title” must be a text, not a list"),
    ],
)
def test_json_feeds_that_are_wrong(codebook: Codebook, feed: str, what: str) -> None:
    found = read_source(Intake(Source("a.json", feed.encode()), codebook), FEED)
    (problem,) = found.problems
    assert what in problem.what
    assert problem.cure
    assert not found.records


def test_json_feed_that_is_not_utf8_names_the_line(codebook: Codebook) -> None:
    feed = '{"version": "https://jsonfeed.org/version/1",\n"items": [{"content_text": "café noir"}]}'
    (problem,) = read_source(Intake(Source("a.json", feed.encode("cp1252")), codebook), FEED).problems
    assert (problem.where, "not UTF-8" in problem.what) == ("a.json, line 2", True)


# -- Nexis and Factiva ------------------------------------------------------------------------------


def test_nexis_classic(read: Read) -> None:
    first, second = sample(read, "nexis-classic.txt")
    assert first.title == "Governor Signs Climate Bill Into Law"
    assert (first.publisher, first.author) == ("The New York Times", "JANE DOE and JOHN ROE")
    assert (first.published, first.language) == ("2023-08-14", "en")
    assert first.text == (
        "ALBANY -- Gov. Anna Smith on Monday signed a bill that will cut emissions by half, saying that the "
        "state ''cannot wait'' any longer.\n\n"
        "The opposition said the bill was a mistake: it would cost jobs.\n\n"
        "LENGTH of the bill was criticised, too."
    )
    assert first.meta["section"] == "Section A; Column 1; National Desk; Pg. 1"
    assert (second.title, second.publisher) == ("Ministers reject tax on flights", "The Guardian (London)")
    assert second.text == "Ministers have rejected a tax on flights."


def nexis_uni_is_right(found: list[Article]) -> None:
    first, second = found
    assert (first.title, first.publisher) == ("Governor Signs Climate Bill Into Law", "The New York Times")
    assert (first.author, first.published) == ("Jane Doe", "2023-08-14")
    assert (first.language, first.url) == ("en", "http://www.nytimes.com/")
    assert first.text.startswith("ALBANY -- Gov. Anna Smith")
    assert first.text.endswith("should.\n\nThe opposition said the bill was a mistake: it would cost jobs.")
    assert (second.title, second.publisher) == ("Der Kanzler lehnt ab", "Süddeutsche Zeitung")
    assert (second.author, second.published) == ("Max Muster", "2023-08-14")
    assert second.text == "Der Kanzler lehnt das Gesetz ab."


def test_nexis_uni(read: Read) -> None:
    nexis_uni_is_right(sample(read, "nexis-uni.txt"))


def test_nexis_uni_as_a_word_document(read: Read) -> None:
    lines = (DATA / "nexis-uni.txt").read_text(encoding="utf-8").split("\n")
    nexis_uni_is_right(articles(read("export.docx", docx(*lines))))
    for name in ("export.rtf", "export.doc", "export"):
        nexis_uni_is_right(articles(read(name, rtf(*lines))))


GERMAN = """                              1 von 2 DOKUMENTEN

                              Süddeutsche Zeitung

                            Montag 14. August 2023

Streit um das Heizungsgesetz

AUTOR: Von Max Muster

LÄNGE: 643 Wörter

HIGHLIGHT: Die Koalition
ist uneins.

Der Kanzler lehnt das Gesetz ab. Das sagte er am Montag in Berlin, nachdem die
Fraktion getagt hatte.

Die FDP ist dafür: „Wir stimmen zu.“

UPDATE: 15. August 2023

SPRACHE: GERMAN; DEUTSCH

                         Alle Rechte vorbehalten


                              2 von 2 DOKUMENTEN

                              taz

                            14. August 2023

Zweiter Titel

LÄNGE: 10 Wörter

Text zwei.
"""


def test_nexis_in_german_without_a_name_for_the_body(read: Read) -> None:
    first, second = articles(read("a.txt", GERMAN.encode("cp1252")))
    assert (first.title, first.author) == ("Streit um das Heizungsgesetz", "Max Muster")
    assert (first.publisher, first.published) == ("Süddeutsche Zeitung", "2023-08-14")
    assert first.language == "de"
    assert first.text == (
        "Der Kanzler lehnt das Gesetz ab. Das sagte er am Montag in Berlin, nachdem die Fraktion getagt "
        "hatte.\n\nDie FDP ist dafür: „Wir stimmen zu.“"
    )
    assert (second.title, second.publisher, second.text) == ("Zweiter Titel", "taz", "Text zwei.")


def test_nexis_classic_with_a_region_behind_the_edition(read: Read) -> None:
    content = """
                               1 of 1 DOCUMENTS


                               The Daily Post (England)

                            January 11, 2010 Monday
                                   Edition 1;
                                    Scotland

Bridge shut for the winter

BYLINE: Ann Smith

LENGTH: 12 words

The bridge is shut.

LOAD-DATE: January 11, 2010

LANGUAGE: ENGLISH

                       Copyright 2010 The Daily Post
                              All Rights Reserved
"""
    (found,) = articles(read("a.txt", content.encode()))
    assert (found.title, found.publisher) == ("Bridge shut for the winter", "The Daily Post (England)")


def test_nexis_uni_with_a_cover(read: Read) -> None:
    cover = [
        "User Name: = x", "Date and Time: Monday, August 14, 2023 10:00 AM EDT", "Documents (1)",
        "1. Governor Signs", "Client/Matter: -None-", "Search Terms: climate", "Narrowed by:", "News",
    ]  # fmt: skip
    lines = (DATA / "nexis-uni.txt").read_text(encoding="utf-8").split("\n")
    nexis_uni_is_right(articles(read("export.docx", docx(*cover, *lines))))


@pytest.mark.parametrize("name", ["factiva-fields.txt", "factiva-lines.txt"])
@pytest.mark.parametrize("ending", ["txt", "docx", "rtf"])
def test_factiva(read: Read, name: str, ending: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    made = {"docx": docx, "rtf": rtf}.get(ending)
    first, second = articles(read(f"a.{ending}", made(*text.split("\n")) if made else text))
    assert first.title.startswith("Fed Holds Rates")
    assert (first.author, first.publisher) == ("Nick T.", "The Wall Street Journal")
    assert (first.published, first.language) == ("2023-08-14", "en")
    assert first.external_id == "J000000020230814ej8e0000x"
    assert first.text.startswith(
        "The Federal Reserve held rates steady.\n\nOfficials said inflation is falling."
    )
    assert second.published == "2023-08-15"


def test_ordinary_texts_are_no_exports() -> None:
    for text in (b"Title\n\nLENGTH: it matters.\n", b"BODY\n\nText.", b"1 of 2\n\nText", b"Document 5\n"):
        assert registry.reader_for(Source("a.txt", text)).name == "text"


def test_the_libraries_come_only_with_their_files() -> None:
    code = (
        "import sys; from annotator.formats import registry; from annotator.formats.base import Source;"
        "files = [Source(f'x{ending}', b'<html>') for ending in registry.ENDINGS];"
        "[form.sniff(each) for form in registry.FORMATS if form.sniff for each in files];"
        "found = {name.partition('.')[0] for name in sys.modules};"
        "print(sorted(found & {'lxml', 'trafilatura', 'pypdf', 'docx', 'email', 'http', 'xml', 'zipfile'}))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


GARBAGE = (
    b"", b"\0" * 100, b"\xff\xfe\xfd" * 50, b"PK\x03\x04" + b"\0" * 50, b"%PDF-1.4", b"<" * 1000,
)  # fmt: skip


def test_garbage_never_traces_back(read: Read) -> None:
    for ending in set(registry.ENDINGS) - {".zip"}:
        for data in (
            b"",
            b"\0" * 100,
            b"\xff\xfe\xfd" * 50,
            b"PK\x03\x04" + b"\0" * 50,
            b"%PDF-1.4",
            b"<" * 1000,
        ):
            found: Any = read(f"a{ending}", data)
            assert found.problems or found.records


def test_factiva_as_a_word_document_without_a_line_about_rights(read: Read) -> None:
    body = "The minister said on Monday that nobody would be asked to pay for the bridge, whatever it costs."
    lines = [
        "Bridge to be built",
        "",
        "By Ann Smith",
        "",
        "300 words",
        "",
        "9 January 2023",
        "",
        "The Post",
        "",
        "POST",
        "",
        "English",
        "",
        body,
        "",
        body + " Again.",
        "",
        "Document POST000020230109dj1900j9s",
        "",
    ]
    (found,) = articles(read("export.docx", docx(*lines)))
    assert (found.title, found.publisher, found.language) == ("Bridge to be built", "The Post", "en")
    assert found.text == f"{body}\n\n{body} Again."


def test_factiva_as_a_web_page(read: Read) -> None:
    page = """<html><head><title>Factiva</title><script>var x = "<p>no</p>";</script></head><body>
<div id="navcontainer"><table><tr><td><h1>Dow Jones Factiva</h1></td></tr></table></div>
<form><div id="contentLeft"><div id="article-POST000020230109dj1900j9s" class="article">
<div class="article enArticle"><p>
</p><div>Home Desk; 1</div>
<div id="hd"><span class="enHeadline">Bridge to be built  </span>
</div><div class="author">By ANN SMITH  </div><div>Special to The Post</div>
<div>877 words</div><div>9 January 2023</div><div>The Post</div><div>POST</div><div>Late Edition</div>
<div>English</div><div>Copyright 2023 The Post.  </div>
<p class="articleParagraph enarticleParagraph">A <b>bridge</b> will be built.  </p>
<p class="articleParagraph enarticleParagraph">It is wide.</p>
<p>The Post Online</p><p>Document POST000020230109dj1900j9s</p></div></div>
<div class="article"><div class="article deArticle"><div id="hd"><span>Zweiter</span></div>
<div>12 Wörter</div><div>10 Januar 2023</div><div>Die Post</div><div>DPOST</div><div>Deutsch</div>
<p class="articleParagraph dearticleParagraph">Noch einer.</p><p>Dokument DPOST00020230110ej1a0000x</p>
</div></div></div></form></body></html>"""
    first, second = articles(read("Factiva.html", page.encode()))
    assert (first.title, first.author, first.publisher) == ("Bridge to be built", "ANN SMITH", "The Post")
    assert (first.published, first.language) == ("2023-01-09", "en")
    assert first.external_id == "POST000020230109dj1900j9s"
    assert first.text == "A bridge will be built.\n\nIt is wide."
    assert (second.title, second.publisher, second.language) == ("Zweiter", "Die Post", "de")
    assert (second.published, second.text) == ("2023-01-10", "Noch einer.")


def test_nexis_as_a_web_page(read: Read) -> None:
    def part(number: int, title: str, *paragraphs: str) -> str:
        lines = [f"{number} of 2 DOCUMENTS", "The Post (London)", "January 31, 2006", title]
        fields = [("BYLINE: ", "By ANN SMITH"), ("LENGTH: ", "12 words")]
        head = "".join(f"<BR><DIV><P><SPAN>{line}</SPAN></P>\n</DIV>\n" for line in lines)
        named = "".join(f"<BR><DIV><P><SPAN>{a}</SPAN><SPAN>{b}</SPAN></P>\n</DIV>\n" for a, b in fields)
        body = "".join(f"<P><SPAN> {each}</SPAN><SPAN>&nbsp;</SPAN></P>\n" for each in paragraphs)
        end = "<BR><DIV><P><SPAN>LOAD-DATE: </SPAN><SPAN>June 13, 2006</SPAN></P></DIV>"
        start = "<!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> -->\n"
        return f"{start}{head}{named}<BR><DIV>{body}</DIV>{end}"

    parts = (
        part(1, "Bridge to be built", "A bridge &amp; a road.", "It is wide."),
        part(2, "Another", "No more."),
    )
    head = "<HTML><HEAD><STYLE><!-- .c0 { } --></STYLE><TITLE>&nbsp;</TITLE></HEAD>"
    page = f"{head}<BODY>{''.join(parts)}</BODY></HTML>"
    first, second = articles(read("nexis.html", page.encode()))
    assert (first.title, first.author, first.publisher) == (
        "Bridge to be built", "ANN SMITH", "The Post (London)",
    )  # fmt: skip
    assert (first.published, first.text) == ("2006-01-31", "A bridge & a road.\n\nIt is wide.")
    assert (second.title, second.text) == ("Another", "No more.")
