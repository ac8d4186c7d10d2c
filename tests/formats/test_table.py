from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def lines_of(found: Any) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_columns_by_their_names(read: Any) -> None:
    content = "ID,Headline,Body,Date,Link,Source,By-line,Lang,Section\n"
    content += "7,Talks,They met.,2026-03-01,u,AP,Ana,en,World\n"
    (record,) = read("a.csv", content).records
    article = record.labels.article
    assert (article.external_id, article.title, article.text) == ("7", "Talks", "They met.")
    assert (article.published, article.url, article.publisher) == ("2026-03-01", "u", "AP")
    assert (article.author, article.language, article.meta) == ("Ana", "en", {"Section": "World"})


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_told_by_the_header(read: Any, delimiter: str) -> None:
    content = f"title{delimiter}text\nA; b, c{delimiter}One\n".replace("A; b, c", '"A; b, c"')
    (record,) = read("a.csv", content).records
    assert (record.labels.article.title, record.labels.article.text) == ("A; b, c", "One")


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
def test_a_first_line_for_excel_tells_the_delimiter(read: Any, first: str) -> None:
    found = read("a.csv", first + "title,text;text\na,b;One.\nc,d;\n")
    assert [str(each) for each in found.problems] == [
        "a.csv, line 4: the text is empty. Remove the record or give it its text."
    ]
    found = read("a.csv", first + "title,text;text\na,b;One.\n")
    (article,) = (each.labels.article for each in found.records)
    assert article.text == "One."
    assert article.meta == {"title,text": "a,b"}


def test_fields_over_several_lines_and_beyond_the_usual_limit(read: Any) -> None:
    long = "word " * 60_000
    found = read("a.csv", f'text,title\r\n"one\r\ntwo ""three""",T\r\n"{long}",U\r\n')
    assert [r.labels.article.text for r in found.records] == ['one\ntwo "three"', long]
    assert [r.place for r in found.records] == ["line 2", "line 4"]


def test_missing_text_column_is_named(read: Any) -> None:
    (line,) = lines_of(read("a.csv", "title,contents\nA,b\n"))
    assert "no text column" in line
    assert "title, contents" in line
    assert line.startswith("a.csv: ")


def test_ragged_rows_and_empty_texts_are_named(read: Any) -> None:
    found = read("a.csv", 'title,text\nA,"x\ny"\nB\nC,d,e\n\nD,\nE,ok\n')
    assert not found.records
    assert [line.split(": ")[0] for line in lines_of(found)] == [
        "a.csv, line 4",
        "a.csv, line 5",
        "a.csv, line 7",
    ]


def test_unclosed_quote_is_named(read: Any) -> None:
    (line,) = lines_of(read("a.csv", 'title,text\nA,x\nB,"y\nC,z\n'))
    assert line.startswith("a.csv, line 3: ")
    assert "never closed" in line


def test_dates_that_are_not_iso(read: Any) -> None:
    (line,) = lines_of(read("a.csv", "text,date\nx,2026-02-01\ny,3 March 2026\n"))
    assert line.startswith("a.csv, line 3: the date “3 March 2026”")


def test_time_of_publication_is_kept(read: Any) -> None:
    (record,) = read("a.csv", "text,date\nx,2026-02-01T10:00:00Z\n").records
    assert record.labels.article.published == "2026-02-01"
    assert record.labels.article.meta == {"published_time": "2026-02-01T10:00:00Z"}


def test_tsv_takes_quotes_as_characters_where_they_enclose_nothing(read: Any) -> None:
    (record,) = read("a.tsv", 'title\ttext\n"No" again\tHe said "no" twice.\n').records
    assert record.labels.article.title == '"No" again'
    (record,) = read("a.tsv", 'title\ttext\nT\t"one\ttwo\nthree"\n').records
    assert record.labels.article.text == "one\ttwo\nthree"


def test_a_header_without_rows_and_columns_twice(read: Any) -> None:
    assert "no article" in lines_of(read("a.csv", "title,text\n"))[0]
    assert "twice" in lines_of(read("a.csv", "text,a,a\nx,y,z\n"))[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(
                lambda t: t.strip("\ufeff")
            ),
            st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=50).map(
                lambda t: f"x{t}"
            ),
        ),
        min_size=1,
    ),
    st.sampled_from([("csv", ","), ("csv", ";"), ("tsv", "\t")]),
)
def test_what_csv_writes_is_read_back(read: Any, rows: list[tuple[str, str]], kind: tuple[str, str]) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=kind[1])
    writer.writerow(("note", "text"))
    writer.writerows(rows)
    found = read(f"a.{kind[0]}", stream.getvalue())
    assert [r.labels.article.text for r in found.records] == [text for _, text in rows]
    assert [r.labels.article.meta.get("note", "") for r in found.records] == [note for note, _ in rows]


def test_what_has_thousands_of_columns_is_no_table(read: Any) -> None:
    (told,) = lines_of(read("a.csv", ";" * 1_000_000))
    assert "1,000,001 columns" in told
