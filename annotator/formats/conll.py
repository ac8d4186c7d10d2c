"""CoNLL files: a token per line with its tag in the last column, an empty line behind each sentence.

They hold neither the articles' text nor offsets: read back, a text is its tokens with a space between
them and a line for each sentence. No two spans overlap, so each kind of span has a file of its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, groupby, zip_longest
from typing import NamedTuple

from msgspec import Struct

from annotator.core.model import Kind
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.text import excerpt
from annotator.formats import conll_table, conll_tags, conll_writer
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.conll_ontonotes import ONTONOTES_ENDINGS, is_ontonotes, ontonotes_records
from annotator.formats.conll_tags import ENDED, TAG, features_of, lent, seems_cut, spans_of
from annotator.formats.encoding import decode
from annotator.formats.foreign import Foreign, ForeignSpan
from annotator.formats.offsets import Offsets, Unit
from annotator.formats.plain import plain_record
from annotator.formats.streaming import CUT_OFF
from annotator.formats.text import title_of
from annotator.formats.token_text import LONGEST, PIECE, agreeing, joined, places_in, titled

DOCSTART = "-DOCSTART-"
_CHUNKS = frozenset(["NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP"])
"""Labels of the parts of sentences, which the third column of CoNLL-2003 has."""
_COLUMNS = re.compile(r"[ \t]+")
_PIPED = re.compile(r"\s*\S[^\s|]*(?:\|[^\s|]+){0,3}\|(?:O|[BIESLUM]-[^\s|]+)(?: |\r?\n|$)")
"""How files begin that have a sentence per line, its tokens with bars between word and tag."""
_COMMENT = re.compile(r"#\s*([\w.:]+)(?:\s+id)?\s*=\s*(.*)")
_NEW_ARTICLE = re.compile(
    r"#\s*newdoc\b(?:\s+id\s*=\s*(.*))?|#begin document\s*\(?([^)]*).*|#\s*(?:[\w-]+:)?document_id\s*=\s*(.*)"
)
_HEADER = "TOKEN\tNE-"
"""How the line begins that names the columns of files of HIPE, the shared tasks about old newspapers."""
_NO_SPACE = frozenset(("SpaceAfter=No", "NoSpaceAfter"))
"""What the last column of CoNLL-U, and that of HIPE, says of a token without a space behind it."""
_LINKS = "NEL-"
"""How the names of HIPE's columns begin that say what entities are in a knowledge base."""
_NO_LINK = frozenset(("_", "O", "NIL", ""))
_ID_RANGE = re.compile(r"\d+[-.]\d+")
_OTHER_ENDINGS = (".txt", ".tsv", ".train", ".testa", ".testb", ".dev", ".test", ".bioes", ".ner", "")
"""Of names of files that may be of this kind, which the first lines tell."""
_MOST_COLUMNS = 500
_LOOKED_AT = 2_000
"""Lines by which the columns are told."""
_TAGS = "Give each token a tag such as O, B-Person or I-Person in its last column"


class _Row(NamedTuple):
    number: int
    columns: list[str]


class _Shape(Struct, frozen=True):
    """What the columns of a file hold."""

    tabs: bool
    width: int
    token: int
    tags: tuple[int, ...] = ()
    layers: tuple[str, ...] = ()
    features: bool = False
    """It is CoNLL-U, where spans, if any, are features of the last column."""
    remarks: bool = False
    """Its last column holds remarks about the token."""
    links: tuple[int, ...] = ()
    """Columns that say what spans are in a knowledge base."""

    def columns(self, line: str) -> list[str]:
        return _split(line, self.tabs)


class _Sentence(Struct):
    rows: list[_Row] = []
    text: str = ""
    """As its comment has it."""


class _Doc(Struct):
    """One article."""

    line: int
    id: str = ""
    sentences: list[_Sentence] = []
    bare: bool = False
    """Nothing in the file says that it begins here."""

    def pieces(self) -> list[_Doc]:
        """Articles that it is divided into."""
        return [
            _Doc(each[0].rows[0].number, "", list(each), bare=True) for each in batched(self.sentences, PIECE)
        ]


def sniff(source: Source) -> bool:
    """Whether its ending says so, or its first lines are those of a file of this kind."""
    if source.ending in CONLL.endings:
        return True
    if source.ending not in (*_OTHER_ENDINGS, *conll_table.ENDINGS):
        return False
    text = source.head().decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if conll_table.is_table(text):
        return True
    if source.ending not in _OTHER_ENDINGS:
        return False
    if text.startswith((DOCSTART, _HEADER)) or is_ontonotes(text) or conll_tags.is_bare(text):
        return True
    lines = text.split("\n")[:_LOOKED_AT]
    rows = [line for line in lines[:-1] if line.strip() and not _is_comment(line)]
    parts = [_split(line, tabs=False) for line in rows]
    return (
        len(rows) >= 3
        and all(len(each) == len(parts[0]) > 1 and TAG.fullmatch(each[-1]) for each in parts)
        and any(each[-1] == "O" for each in parts)
        and any(each[-1][1:2] == "-" for each in parts)
    )


def also(source: Source) -> Iterable[str]:
    """Beside a file named by a kind of span, those of the kinds behind it: they hold the same articles."""
    kinds = [str(kind) for kind in Kind]
    later = kinds[kinds.index(source.stem) + 1 :] if source.stem in kinds else ()
    return tuple(f"{kind}{source.ending}" for kind in later)


def read(intake: Intake) -> Iterator[Record]:
    """The articles of a file, with the labels of the other kinds' files beside it."""
    besides = [beside for name in also(intake.source) if (beside := intake.source.beside(name)) is not None]
    others = [Intake(each, intake.codebook, problems=intake.problems) for each in besides]
    for together in zip_longest(*(agreeing(_records(each)) for each in (intake, *others))):
        if intake.problems:
            continue
        first = together[0]
        texts = {None if each is None else each.labels.article.text for each in together}
        if first is None or len(texts) > 1:
            names = ", ".join(f"“{each.short_name}”" for each in besides)
            cure = "Import files that do not belong together from different folders"
            intake.report(
                f"its articles are not those of {names} beside it", first.place if first else "", cure
            )
            return
        labels = [each.foreign for each in together if each is not None and each.foreign is not None]
        yield replace(first, foreign=Foreign(spans=tuple(span for each in labels for span in each.spans)))


def _records(intake: Intake) -> Iterator[Record]:
    """An article for each ``-DOCSTART-`` or ``# newdoc``; without, one, or many where that were too long."""
    source = intake.source
    decoded = decode(source.data, source.name)
    intake.encoding = decoded.encoding
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if is_ontonotes(text):
        yield from ontonotes_records(text, intake)
        return
    if conll_table.is_table(text):
        yield from conll_table.records(text, intake)
        return
    if _PIPED.match(text):
        text = _unpiped(text, intake)
    elif conll_tags.is_bare(text):
        text = conll_tags.with_tags(text)
    shape = _shape(_lines(text), source, intake)
    if shape is None:
        return
    docs = _docs(_lines(text), shape, intake, ended=text.endswith("\n"))
    for doc, otherwise in titled(docs, source.stem):
        text, places = _text(doc, shape)
        spans = tuple(_spans(doc, text, places, shape, intake))
        values = {"text": text, "title": title_of(text, otherwise), "external_id": doc.id or None}
        record = plain_record(values, {}, intake, f"line {doc.line}")
        if record is not None:
            labels = ArticleLabels(article=record.labels.article, annotator=None)
            yield Record(labels=labels, place=record.place, foreign=Foreign(spans=spans))


def _unpiped(text: str, intake: Intake) -> str:
    """With a line for each token, where there was one for each sentence: ``Ann|NNP|B-PER lives|VBZ|O``."""
    sentences = []
    for number, line in enumerate(_lines(text), 1):
        tokens = [token.rsplit("|", line.split(None, 1)[0].count("|")) for token in line.split()]
        wrong = next((each for each in tokens if not TAG.fullmatch(each[-1]) or len(each) < 2), None)
        if wrong is None:
            sentences.append("".join(f"{each[0]}\t{each[-1]}\n" for each in tokens))
        else:
            intake.report(
                f"“{excerpt('|'.join(wrong), 30)}” has no tag", f"line {number}",
                "Give each token a tag behind a bar, as in Ann|B-Person",
            )  # fmt: skip
    return "\n".join(sentences)


def _lines(text: str) -> Iterator[str]:
    """One line after the other: a list of them all would take many times the memory of the text."""
    return (line.removesuffix("\n") for line in io.StringIO(text, newline="\n"))


# -- columns ----------------------------------------------------------------------------------------


def _split(line: str, tabs: bool) -> list[str]:
    if tabs:
        return line.rstrip(" \t").split("\t", _MOST_COLUMNS)
    return _COLUMNS.split(line.strip(" \t"), _MOST_COLUMNS)


def _is_comment(line: str) -> bool:
    return line.startswith("#") and bool(
        _NEW_ARTICLE.match(line)
        or _COMMENT.match(line)
        or line.startswith(("#end document", "# newpar", "#\t"))
    )


def _shape(lines: Iterable[str], source: Source, intake: Intake) -> _Shape | None:
    """What the columns hold, by the first lines; reports it where that cannot be told."""
    sample: list[_Row] = []
    names: list[str] = []
    tabs = False
    for number, line in enumerate(lines, 1):
        if line.startswith("# global.columns"):
            names = line.partition("=")[2].split()
        if not sample and line.startswith(_HEADER):
            names = line.split("\t")
            continue
        if not line.strip() or _is_comment(line) or line.startswith(DOCSTART):
            continue
        if not sample or all(row.columns[0].startswith("#") for row in sample):
            tabs = "\t" in line.strip()
        sample.append(_Row(number, _split(line, tabs)))
        if len(sample) >= _LOOKED_AT:
            break
    words = [row for row in sample if not row.columns[0].startswith("#")] or sample
    width = len(words[0].columns) if words else 0
    rows = [
        row
        for row in sample
        if len(row.columns) == width and (row.columns[0][:1] != "#" or TAG.fullmatch(row.columns[-1]))
    ]
    if not rows:
        intake.report(
            "there is no token in this file", cure="Choose a file with a token and its tag per line"
        )
        return None
    if names[:1] == ["TOKEN"] and len(names) == width:
        found = [
            each
            for each in range(1, width)
            if all(TAG.fullmatch(row.columns[each]) for row in rows) and not _is_chunks(rows, each)
        ]
        links = tuple(each for each in range(width) if names[each].startswith(_LINKS))
        named = tuple(names[each] for each in found)
        return _Shape(tabs, width, 0, tuple(found), named, remarks=True, links=links)
    numbered = (
        width > 2
        and all(row.columns[0].isdecimal() or _ID_RANGE.fullmatch(row.columns[0]) for row in rows)
        and any(row.columns[1] not in ("-X-", "_") for row in rows)
    )
    token = 1 if numbered else 0
    if names and "FORM" in names:
        token = names.index("FORM")
    if width >= 10 and numbered and not all(TAG.fullmatch(row.columns[-1]) for row in rows):
        return _Shape(tabs, width, token, features=True, remarks=True)
    tags = [each for each in range(token + 1, width) if all(TAG.fullmatch(row.columns[each]) for row in rows)]
    tags = [each for each in tags if each == width - 1 or not _is_chunks(rows, each)]
    if width - 1 not in tags and token < width - 1:
        wrong = next(row for row in rows if not TAG.fullmatch(row.columns[-1]))
        what = f"“{excerpt(wrong.columns[-1], 30)}” is no tag"
        intake.report(what, f"line {wrong.number}", _TAGS)
        return None
    if not tags:
        intake.report("there is only one column, and no tags", f"line {rows[0].number}", _TAGS)
        return None
    if len(tags) > 1:
        layers = tuple(names[each] if len(names) == width else f"column {each + 1}" for each in tags)
    else:
        layers = (source.stem if source.stem in Kind else "",)
    return _Shape(tabs, width, token, tuple(tags), layers)


def _is_chunks(rows: Sequence[_Row], column: int) -> bool:
    """Whether a column has the parts of sentences, or nothing at all."""
    return {row.columns[column][2:] for row in rows} - {""} <= _CHUNKS


def _docs(lines: Iterable[str], shape: _Shape, intake: Intake, *, ended: bool) -> Iterator[_Doc]:
    """The articles with their sentences; reports lines that are not as the others."""
    doc = _Doc(1, bare=True)
    most = LONGEST
    sentence = _Sentence()
    separator = "\t" if shape.tabs else " "
    plain = shape.tags == (shape.width - 1,)
    known: set[str] = set()
    """Tags that have been looked at."""
    number, newest = 0, (-1, "")
    """Line and tag where one came up that none before has."""
    inside = 0
    """Up to which token of CoNLL-U the words stand in a token that is there already."""
    for number, line in enumerate(lines, 1):
        columns = line.split(separator, shape.width)
        if (
            plain
            and len(columns) == shape.width
            and columns[-1] in known
            and line[0] not in "#-"
            and "" not in columns
            and (shape.tabs or "\t" not in line)
        ):  # nearly all lines
            sentence.rows.append(_Row(number, columns))
            continue
        new = line.startswith(DOCSTART) or (_NEW_ARTICLE.match(line) if line.startswith("#") else None)
        if not line.strip() or new:
            if sentence.rows:
                doc.sentences.append(sentence)
                sentence = _Sentence()
            if doc.bare and len(doc.sentences) > most:
                *whole, doc = doc.pieces()
                yield from whole
                most = PIECE
            inside = 0
        if new:
            if doc.sentences:
                yield doc
            id_ = "" if new is True else next((each for each in new.groups() if each), "")
            doc = _Doc(number, id_.strip())
            continue
        if not line.strip() or (not sentence.rows and line.startswith(_HEADER)):
            continue
        columns = shape.columns(line)
        if line.startswith("#") and not _is_row(line, columns, shape):
            comment = _COMMENT.fullmatch(line)
            if comment is not None and comment[1] == "text":
                sentence.text = comment[2].strip()
            continue
        if len(columns) != shape.width:
            what = f"it has {len(columns)} columns, but the lines before have {shape.width}"
            intake.report(what, f"line {number}", "Give each token the same number of columns")
            continue
        wrong = next((columns[each] for each in shape.tags if not TAG.fullmatch(columns[each])), None)
        if wrong is not None:
            intake.report(f"“{excerpt(wrong, 30)}” is no tag", f"line {number}", _TAGS)
            continue
        if shape.features and columns[0].isdecimal() and int(columns[0][:9]) <= inside:
            token = sentence.rows[-1].columns
            token[-1] = lent(token[-1], columns[-1])
            continue
        if shape.features and not columns[0].isdecimal():
            last = columns[0].partition("-")[2]
            if not last.isdecimal():  # a token that was left out in the text, as 5.1
                continue
            inside = int(last[:9])
        if not columns[shape.token]:
            intake.report("its token is empty", f"line {number}", "Write the token into its column")
            continue
        if plain and columns[-1] not in known:
            newest = number, columns[-1]
        known.update(columns[each] for each in shape.tags)
        sentence.rows.append(_Row(number, columns))
    if not ended and newest[0] == number and seems_cut(newest[1], known):
        intake.report(CUT_OFF, f"line {number}", ENDED)
    if sentence.rows:
        doc.sentences.append(sentence)
    if doc.sentences:
        yield doc


def _is_row(line: str, columns: list[str], shape: _Shape) -> bool:
    """Whether a line that begins with ``#`` is one of a token, and not a comment."""
    if len(columns) != shape.width or shape.token > 0:
        return False
    return bool(shape.tags) and all(TAG.fullmatch(columns[each]) for each in shape.tags)


# -- texts and spans --------------------------------------------------------------------------------


def _text(doc: _Doc, shape: _Shape) -> tuple[str, list[list[tuple[int, int]]]]:
    """The article's text, and where in it the tokens of each sentence stand."""
    parts: list[str] = []
    places: list[list[tuple[int, int]]] = []
    length = 0
    for sentence in doc.sentences:
        tokens = [row.columns[shape.token] for row in sentence.rows]
        text, found = sentence.text, places_in(sentence.text, tokens)
        if not text or len(found) < len(tokens):
            spaces = [True] * len(tokens)
            if shape.remarks:
                spaces = [_NO_SPACE.isdisjoint(row.columns[-1].split("|")) for row in sentence.rows]
            spaces[-1] = False
            text, found = joined(tokens, spaces)
        places.append([(length + start, length + end) for start, end in found])
        parts.append(text)
        length += len(text) + 1
    return "\n".join(parts), places


def _spans(
    doc: _Doc, text: str, places: Sequence[Sequence[tuple[int, int]]], shape: _Shape, intake: Intake
) -> Iterator[ForeignSpan]:
    """The spans of an article, layer by layer; a span ends with its sentence."""
    offsets = Offsets(text)
    number = 0
    for sentence, bounds in zip(doc.sentences, places, strict=True):
        for column in shape.links:
            for value, _ in groupby(row.columns[column] for row in sentence.rows):
                if value not in _NO_LINK:
                    intake.leave_out("link to a knowledge base")
        for row in sentence.rows if shape.features else ():
            for _ in range(features_of(row.columns[-1]).get("Entity", "").count("(")):
                intake.leave_out("mention in a chain of coreference")
        for layer, tags in _tags(sentence, shape):
            for label, first, last in spans_of(tags):
                row = sentence.rows[first]
                fragment = offsets.fragment(bounds[first][0], bounds[last][1])
                if fragment is None or not offsets.text[fragment[0] : fragment[1]].strip():
                    intake.report("a span needs more than white space", f"line {row.number}", "Tag it with O")
                    continue
                number += 1
                name = label or layer or intake.source.stem
                yield ForeignSpan(
                    f"{layer or 'span'}:{number}", name, (fragment,), layer, place=f"line {row.number}"
                )


def _tags(sentence: _Sentence, shape: _Shape) -> Iterator[tuple[str, list[str]]]:
    """The tags of each layer."""
    for column, layer in zip(shape.tags, shape.layers, strict=True):
        yield layer, [row.columns[column] for row in sentence.rows]
    if shape.features:
        features = [features_of(row.columns[-1]) for row in sentence.rows]
        for name in sorted({name for each in features for name in each}):
            tags = [each.get(name, "O") for each in features]
            if all(TAG.fullmatch(tag) for tag in tags):
                yield name, tags


CONLL = Format(
    name="conll",
    title="CoNLL (IOB2) file",
    endings=(".conll", ".iob", ".iob2", ".bio", ".conllu", ".conllup", *ONTONOTES_ENDINGS),
    unit=Unit.TOKENS,
    cannot_hold=conll_writer.CANNOT_HOLD,
    sniff=sniff,
    read=read,
    write=conll_writer.write,
    many=True,
    also=also,
)
