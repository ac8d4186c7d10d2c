"""Tables with a token in each row, as the one of Kaggle's that many learn with: ``Sentence #,Word,POS,Tag``.

The first column says which sentence a token is of, in each row or in that of its first token. There are no
articles in it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from annotator.core.text import BOM, excerpt
from annotator.formats.base import Intake, Record
from annotator.formats.conll_tags import ENDED, TAG, seems_cut, spans_of
from annotator.formats.plain import plain_name
from annotator.formats.streaming import CUT_OFF
from annotator.formats.table import csv_reader
from annotator.formats.token_text import Sentence, in_pieces
from annotator.formats.token_text import records as records_of

ENDINGS = (".csv", ".tsv", ".tab", ".txt", "")
_SENTENCE = ("sentence#", "sentenceidx", "sentenceid", "sentencenumber")
_WORD = ("word", "token")
_TAG = ("tag", "ner", "nertag")
_LONGEST_HEADER = 1000
_DELIMITERS = ",;\t"


def is_table(text: str) -> bool:
    """Whether a text begins with the names of these columns."""
    return _delimiter(text) is not None


def _delimiter(text: str) -> str | None:
    head = text[:_LONGEST_HEADER].removeprefix(BOM).partition("\n")[0]
    return next((each for each in _DELIMITERS if None not in _columns(_header(head, each))), None)


def _header(line: str, delimiter: str) -> list[str]:
    return [plain_name(each.strip().strip('"')) for each in line.split(delimiter)]


def _columns(header: list[str]) -> tuple[int | None, ...]:
    """Where sentence, word and tag stand; None for what does not."""
    wanted = (_SENTENCE, _WORD, _TAG)
    return tuple(next((nth for nth, name in enumerate(header) if name in names), None) for names in wanted)


def records(text: str, intake: Intake) -> Iterator[Record]:
    """One article of all sentences, or many where these are too many for one."""
    return records_of(in_pieces(_sentences(text.removeprefix(BOM), intake)), intake)


def _sentences(text: str, intake: Intake) -> Iterator[Sentence]:
    delimiter = _delimiter(text)
    assert delimiter is not None
    reader = csv_reader(text, delimiter)
    header = [plain_name(each) for each in next(reader)]
    sentence, word, tag = (each for each in _columns(header) if each is not None)
    least = max(sentence, word, tag)
    rows: list[tuple[int, str, str]] = []
    tags: set[str] = set()
    newest = ""
    """The tag of the last row, if no row before has it."""
    current, number, line = "", 0, reader.line_num + 1
    try:
        for row in reader:
            number, line = line, reader.line_num + 1
            if not any(row) and len(row) in (0, len(header)):
                continue
            if not least < len(row) <= len(header):
                what = f"this row has {len(row)} columns, the header {len(header)}"
                intake.report(what, f"line {number}", "Put words that hold the delimiter in quotes")
            elif not row[word].strip():
                intake.report("its word is empty", f"line {number}", "Write the word into its column")
            elif not TAG.fullmatch(row[tag]):
                what = f"“{excerpt(row[tag], 30)}” is no tag"
                intake.report(what, f"line {number}", "Give each word a tag such as O, B-Person or I-Person")
            else:
                if row[sentence].strip() not in ("", current):
                    current = row[sentence].strip()
                    if rows:
                        yield _sentence(rows)
                    rows = []
                rows.append((number, row[word], row[tag]))
                newest = "" if row[tag] in tags else row[tag]
                tags.add(row[tag])
    except csv.Error as error:
        what = str(error)
        if "unexpected end" in what:
            what = "a quote that opens in this row is never closed"
        intake.report(f"the table cannot be read: {what}", f"line {line}", "Double the quotes within words")
    if newest and not text.endswith(("\n", "\r")) and tag == len(header) - 1 and seems_cut(newest, tags):
        intake.report(CUT_OFF, f"line {number}", ENDED)
    if rows:
        yield _sentence(rows)


def _sentence(rows: list[tuple[int, str, str]]) -> Sentence:
    lines, words, tags = zip(*rows, strict=True)
    return Sentence(words, list(spans_of(tags)), lines)
