"""Tables with the column names, and days, of newsrooms that do not write English."""

from __future__ import annotations

import pytest

from annotator.core.codebook import Codebook
from annotator.core.model import now
from annotator.formats.base import Intake, Record
from annotator.formats.plain import fields_of
from annotator.formats.source import Source
from annotator.formats.table import read_csv


def read(text: str) -> tuple[list[Record], list[str]]:
    intake = Intake(Source("a.csv", text.encode()), Codebook(name="x"), "ana", now())
    return list(read_csv(intake)), [str(each) for each in intake.problems]


@pytest.mark.parametrize(
    "names",
    [
        ["Überschrift", "Text", "Datum", "Quelle", "Autor"],
        ["U\u0308berschrift", "Volltext", "Erscheinungs-Datum", "ZEITUNG", "Verfasser"],
        ["Titre", "Texte", "date", "Journal", "Auteur"],
        ["Titular", "Texto", "Fecha", "Fuente", "autores"],
        ["Titolo", "Testo", "Data di pubblicazione", "Testata", "Autore"],
    ],
)
def test_columns_are_known_in_other_languages(names: list[str]) -> None:
    fields = ("title", "text", "published", "publisher", "author")
    assert fields_of(names) == dict(zip(fields, names, strict=True))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("01.05.2024", "2024-05-01"),
        ("1.5.2024", "2024-05-01"),
        ("2024/05/01", "2024-05-01"),
        ("23/05/2024", "2024-05-23"),
    ],
)
def test_days_are_read_as_they_are_written(written: str, day: str) -> None:
    records, problems = read(f"Text;Datum\nEs regnet.;{written}\n")
    assert problems == []
    assert [each.labels.article.published for each in records] == [day]
    assert records[0].labels.article.meta == {}


def test_a_time_of_the_day_is_kept() -> None:
    ((record,), _) = read("Text;Datum\nEs regnet.;01.05.2024 14:30\n")
    assert record.labels.article.published == "2024-05-01"
    assert record.labels.article.meta == {"published_time": "01.05.2024 14:30"}


@pytest.mark.parametrize("written", ["3/4/2024", "31.02.2024", "01.05.2024-x", "gestern", "2024"])
def test_days_that_are_not_sure_are_told(written: str) -> None:
    records, problems = read(f"Text;Datum\nEs regnet.;{written}\n")
    assert records == []
    assert len(problems) == 1
    assert f"“{written}” is not written like 2026-03-31" in problems[0]
