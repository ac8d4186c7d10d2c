"""Actor records as a table, to and fro."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.errors import InputError
from annotator.core.model import ActorRecord, Alias, Property
from annotator.formats import actors_csv
from annotator.formats.base import Intake, Source

CODEBOOK = Codebook(
    name="test",
    attributes=(
        Attribute(name="party", type=AttributeType.TEXT, records=True),
        Attribute(name="seats", type=AttributeType.NUMBER, records=True),
        Attribute(name="roles", type=AttributeType.MULTI_CHOICE, choices=("a;b", "c|d"), records=True),
        Attribute(name="active", type=AttributeType.BOOLEAN, records=True),
    ),
)


def read(data: str | bytes) -> tuple[list[actors_csv.Row], list[str]]:
    intake = Intake(
        source=Source("t.csv", data.encode() if isinstance(data, str) else data), codebook=CODEBOOK
    )
    return actors_csv.read(intake), [str(each) for each in intake.problems]


def written(*records: ActorRecord, bom: bool = False) -> bytes:
    stream = io.BytesIO()
    actors_csv.write(records, CODEBOOK, stream, bom=bom)
    return stream.getvalue()


def record_of(row: actors_csv.Row) -> ActorRecord:
    properties = [each for group in row.properties.values() for each in group]
    properties.sort(key=lambda each: (each.name, each.since))
    return ActorRecord(id=row.id, properties=tuple(properties), **row.values)


def test_the_table_is_this() -> None:
    record = ActorRecord(
        id="q1",
        name="Oskar Lafontaine",
        type="person",
        aliases=(Alias("Lafontaine"), Alias("Лафонтен", "ru"), Alias("=cmd|x")),
        properties=(
            Property(name="party", value="SPD", until="2005-05-30"),
            Property(name="party", value="Linke", since="2007-06-16", until="2022-03-17"),
            Property(name="roles", value=["a;b", "c|d"], since="1985-04-09"),
        ),
        external_id="Q2514",
        note="-1",
    )
    assert written(record).decode() == (
        "id,name,type,aliases,external_id,note,party,seats,roles,active\n"
        "q1,Oskar Lafontaine,person,Lafontaine | Лафонтен@ru | =cmd\\|x,Q2514,'-1,"
        "SPD [..2005-05-30] | Linke [2007-06-16..2022-03-17],,a\\;b; c\\|d [1985-04-09..],\n"
    )
    rows, problems = read(written(record, bom=True))
    assert problems == []
    assert [record_of(row) for row in rows] == [record]


TEXT = st.text(
    st.sampled_from("ab\\|@;[]=+-'\t\r\n,\"é😀 ."), min_size=1, max_size=8
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip
DAY = st.sampled_from(["", "2001-02-03"])


@given(
    st.builds(
        ActorRecord,
        id=st.just("r"),
        name=TEXT,
        type=st.sampled_from(["person", "other"]),
        aliases=st.lists(
            st.builds(Alias, TEXT, st.sampled_from([None, "en", "pt-BR"])), unique=True, max_size=3
        ).map(tuple),
        properties=st.lists(
            st.one_of(
                st.builds(
                    Property, name=st.just("party"), value=TEXT, since=st.sampled_from(["", "2001-02-03"])
                ),
                st.builds(
                    Property,
                    name=st.just("seats"),
                    value=st.integers(-5, 5) | st.just(0.5),
                    until=st.just("2001-02-03"),
                ),
                st.builds(Property, name=st.just("active"), value=st.booleans()),
                st.builds(Property, name=st.just("roles"), value=st.just(["c|d", "a;b"])),
            ),
            unique_by=lambda each: (each.name, each.since),
            max_size=4,
        ).map(lambda all_: tuple(sorted(all_, key=lambda each: (each.name, each.since)))),
        external_id=st.none() | TEXT,
        note=st.none() | TEXT,
    )
)
def test_what_is_written_is_read_again(record: ActorRecord) -> None:
    rows, problems = read(written(record))
    assert problems == []
    assert [record_of(row) for row in rows] == [record]


@given(TEXT)
def test_no_cell_is_a_formula(text: str) -> None:
    record = ActorRecord(id=text, name=text, aliases=(Alias(text),), note=text, external_id=text)
    for row in csv.reader(io.StringIO(written(record).decode(), newline="")):
        assert not [cell for cell in row if cell[:1] in set("=+-@\t\r") - {""} and cell]


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("name\n\n,\n \n", None),
        ("name,type\nA\n", "t.csv, line 2: this row has 1 columns, the header 2."),
        ("name;type\n;person\n", "t.csv, line 2: the record has no name."),
        ("name,x\nA,1\n", "t.csv, line 1: the column “x” is no attribute of actor records in the codebook."),
        ("id,name\nq,A\nr,B\nq,C\n", "t.csv, line 4: the id “q” stands in line 2 already."),
        ("name,party\nA,SPD [2001-02-30..]\n", "the date “2001-02-30” is not written like 2026-03-31."),
        ("name,party\nA,SPD [2002-01-01..2001-01-01]\n", "ends before it begins."),
        ("name,party\nA,SPD | FDP\n", "t.csv, line 2: two values of party begin on the same day."),
        ("name,seats\nA,many\n", "seats takes a number, not 'many'."),
        ("name,active\nA,perhaps\n", "active takes true or false, not 'perhaps'."),
        ("name,roles\nA,e\n", "roles takes some of"),
        ('name\nA\n"B\n', "t.csv, line 3: the table cannot be read"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(table: str, what: str | None) -> None:
    rows, problems = read(table)
    if what is None:
        assert (rows, problems) == ([], [])
    else:
        assert len(problems) == 1
        assert what in problems[0]


@pytest.mark.parametrize("table", ["", "\n\n", "id,type\nq,person\n", "name,Name\nA,B\n"])
def test_what_is_no_table_of_records_is_refused(table: str) -> None:
    with pytest.raises(InputError):
        read(table)


def test_tabs_and_semicolons_and_other_encodings_are_read() -> None:
    for table in ("Name\tAliases\nÉmile\tÉ. | X@FR\n", "name;aliases\nÉmile;É.|X@FR\n"):
        rows, problems = read(table.encode("utf-16"))
        assert problems == []
        assert rows[0].values == {"name": "Émile", "aliases": (Alias("É."), Alias("X", "FR"))}
