"""Mapping files are read strictly, and written so that they are read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.errors import InputError
from annotator.core.mapping import FIELDS, ImportMapping, RelationEnds, SpanLabel, key_of
from annotator.core.mapping_file import mapping_from_toml, mapping_to_toml
from annotator.core.model import Kind
from annotator.formats.plain import SYNONYMS

FILE = """\
extend = true
[fields]
Lead = "title"
Page = "meta"
Ad = ""
[labels]
PER = "entity:Person"
"custom.Layer:X" = "claim:Claim"
MISC = ""
[relations]
SAYS = "made_by"
BY = { type = "made_by", turned = true }
COREF = ""
[attributes]
Polarity = "stance"
Lemma = ""
"""


def test_a_mapping_file_says_what_names_mean() -> None:
    assert mapping_from_toml(FILE) == ImportMapping(
        fields={"Lead": "title", "Page": "meta", "Ad": ""},
        labels={
            "PER": SpanLabel(Kind.ENTITY, "Person"),
            "custom.Layer:X": SpanLabel(Kind.CLAIM, "Claim"),
            "MISC": None,
        },
        relations={"SAYS": RelationEnds("made_by"), "BY": RelationEnds("made_by", True), "COREF": None},
        attributes={"Polarity": "stance", "Lemma": ""},
        extend=True,
    )


def test_an_empty_one_says_nothing() -> None:
    assert mapping_from_toml("") == ImportMapping()
    assert list(FIELDS) == list(SYNONYMS)
    assert (key_of("", "PER"), key_of("x", "PER")) == ("PER", "x:PER")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[labels]\nPER = 'entity'", "m.toml: the label “PER” cannot be 'entity'. Write \"KIND:NAME\""),
        ("[labels]\nPER = 'thing:Person'", "the label “PER” cannot be 'thing:Person'"),
        ("[labels]\nPER = 'entity: '", "the label “PER” cannot be"),
        ("[labels]\nPER = 3", "the label “PER” cannot be 3"),
        ("[labels]\na.b = 'entity:X'", "in quotes"),
        ("[label]\nPER = 'x'", "m.toml: a mapping has no 'label'. Did you mean labels"),
        ("zzz = 1", "It may have fields, labels"),
        ("extend = 'yes'", "“extend” must be true or false, not 'yes'"),
        ("labels = 3", "“labels” must be a table, not 3. Write [labels]"),
        ("[fields]\nLead = 'headline'", "the column “Lead” cannot be 'headline'. A column is one of text"),
        ("[fields]\nLead = 1", "the column “Lead” cannot be 1"),
        ("[relations]\nA = {type = 'x', turn = true}", "the relation “A” cannot be"),
        ("[relations]\nA = {type = 'x', turned = 1}", "the relation “A” cannot be"),
        ("[relations]\nA = {turned = true}", "the relation “A” cannot be"),
        ("[attributes]\nA = 1", "the attribute “A” cannot be 1"),
        ("[labels\n", "m.toml: this is not valid TOML"),
        ("a = " + "[" * 100_000, "this is not valid TOML"),
        ("a = 1" + "0" * 10_000, ""),
    ],
)
def test_what_is_wrong_is_one_line(text: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        mapping_from_toml(text, "m.toml")
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


NAMES = st.text(st.characters(codec="utf-8"), max_size=12)
STRIPPED = NAMES.map(str.strip).filter(bool)


@given(
    st.builds(
        ImportMapping,
        fields=st.dictionaries(NAMES, st.sampled_from([*FIELDS, "meta", ""]), max_size=4),
        labels=st.dictionaries(
            NAMES, st.none() | st.builds(SpanLabel, st.sampled_from(Kind), STRIPPED), max_size=4
        ),
        relations=st.dictionaries(
            NAMES, st.none() | st.builds(RelationEnds, STRIPPED, st.booleans()), max_size=4
        ),
        attributes=st.dictionaries(NAMES, NAMES, max_size=4),
        extend=st.booleans(),
    )
)
def test_what_is_written_is_read_back(mapping: ImportMapping) -> None:
    assert mapping_from_toml(mapping_to_toml(mapping)) == mapping
