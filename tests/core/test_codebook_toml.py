"""A codebook as TOML: read back it is the same, and people can read it."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import (
    Attribute,
    AttributeType,
    Category,
    Codebook,
    Label,
    RelationType,
    codebook_from_toml,
)
from annotator.core.codebook_toml import codebook_to_toml
from annotator.core.colours import PALETTE
from annotator.core.model import Kind
from annotator.session.codebooks import shipped_codebooks

_words = st.text(st.characters(codec="utf-8"), max_size=30)
_lines = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30)
_names = _lines.filter(bool).map(lambda each: each[:12])
_kinds = st.frozensets(st.sampled_from(list(Kind)), min_size=1)
_colours = st.sampled_from([*PALETTE, "#3A6EA5"])
_codes = st.lists(
    _names.map(lambda each: each.replace("/", "")).filter(str.strip), min_size=1, max_size=3
).map("/".join)
_labels = st.builds(
    Label, name=_names, kind=st.sampled_from(list(Kind)), colour=_colours, description=_words, short=_lines,
    guideline=_words, models=st.lists(_lines, max_size=2).map(tuple),
)  # fmt: skip
_plain = st.builds(
    Attribute, name=_names, kinds=_kinds, relations=st.booleans(), records=st.booleans(), title=_lines,
    type=st.just(AttributeType.TEXT), default=st.none() | _words, required=st.booleans(), guideline=_words,
)  # fmt: skip
_yes_no = st.builds(
    Attribute, name=_names, type=st.just(AttributeType.BOOLEAN), default=st.none() | st.booleans()
)
_numbers = st.builds(
    Attribute, name=_names, type=st.just(AttributeType.NUMBER),
    default=st.none() | st.integers(-(10**6), 10**6) | st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
_codebooks = st.builds(
    Codebook,
    name=_names,
    version=st.integers(0, 99),
    labels=st.lists(_labels, max_size=4, unique_by=lambda each: (each.kind, each.name)).map(tuple),
    attributes=st.lists(_plain | _yes_no | _numbers, max_size=4, unique_by=lambda each: each.name).map(tuple),
    categories=st.lists(
        st.builds(Category, code=_codes, title=_lines, definition=_words),
        max_size=4,
        unique_by=lambda each: each.code,
    ).map(tuple),
    relation_types=st.lists(
        st.builds(
            RelationType, name=_names, heads=_kinds, tails=_kinds, title=_lines, description=_words,
            guideline=_words,
        ),
        max_size=3,
        unique_by=lambda each: each.name,
    ).map(tuple),
)  # fmt: skip


@given(_codebooks)
def test_read_back_it_is_the_same(codebook: Codebook) -> None:
    assert codebook_from_toml(codebook_to_toml(codebook)) == codebook


def test_guidelines_stand_over_several_lines_and_empty_keys_are_left_out() -> None:
    label = Label(
        name="Actor", kind=Kind.ACTOR, key="a", guideline="Mark **who** speaks.\n\n- Not the paper\n"
    )
    text = codebook_to_toml(Codebook(name="Mine", labels=(label,)))
    assert text == (
        'name = "Mine"\nversion = 1\n\n[[labels]]\nname = "Actor"\nkind = "actor"\nkey = "a"\n'
        'colour = "neutral"\nguideline = """\nMark **who** speaks.\n\n- Not the paper\n"""\n'
    )
    assert set(tomllib.loads(text)) == {"name", "version", "labels"}


def test_the_shipped_ones_explain_every_label_and_relation() -> None:
    shipped = shipped_codebooks()
    assert [name for name, _, _ in shipped] == ["general-news", "political-claims", "discourse-network"]
    for _, line, codebook in shipped:
        assert line
        assert all(each.guideline and each.description and each.key for each in codebook.labels)
        assert all(each.guideline for each in codebook.relation_types)
        assert [each.name for each in codebook.record_attributes()] == ["party", "country", "role"]
        assert codebook.categories
        assert codebook.relation_type("made_by")
