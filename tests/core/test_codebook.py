"""Reading and writing label schemes, and what they say."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import (
    RESERVED_KEYS,
    Attribute,
    AttributeType,
    Category,
    Codebook,
    Label,
    RelationType,
    codebook_from,
    codebook_from_toml,
    codebook_to,
)
from annotator.core.errors import InputError
from annotator.core.model import Kind

names = st.text("abcdefé 😀", min_size=1, max_size=6)
texts = st.text(max_size=8)
kinds = st.frozensets(st.sampled_from(Kind), min_size=1)


@st.composite
def attributes(draw: st.DrawFn, name: str) -> Attribute:
    type_ = draw(st.sampled_from(AttributeType))
    choices: tuple[str, ...] = ()
    if type_ in (AttributeType.CHOICE, AttributeType.MULTI_CHOICE):
        choices = tuple(draw(st.lists(names, min_size=1, max_size=3)))
    defaults: dict[AttributeType, st.SearchStrategy[Any]] = {
        AttributeType.CHOICE: st.sampled_from(choices or ("",)),
        AttributeType.MULTI_CHOICE: st.lists(st.sampled_from(choices or ("",))),
        AttributeType.CATEGORIES: st.just([]),
        AttributeType.BOOLEAN: st.booleans(),
        AttributeType.NUMBER: st.integers(-(1 << 53) + 1, (1 << 53) - 1)
        | st.floats(allow_nan=False, allow_infinity=False),
        AttributeType.TEXT: texts,
        AttributeType.DATE: st.dates().map(str),
    }
    return Attribute(
        name=name,
        type=type_,
        kinds=draw(st.frozensets(st.sampled_from(Kind))),
        relations=draw(st.booleans()),
        title=draw(texts),
        choices=choices,
        default=draw(st.none() | defaults[type_]),
        required=draw(st.booleans()),
    )


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    def some(strategy: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(strategy, unique=True, max_size=4))

    keys = some(st.sampled_from("abc123"))
    return Codebook(
        name=draw(names),
        version=draw(st.integers(-(1 << 53) + 1, (1 << 53) - 1)),
        labels=tuple(
            Label(
                name=name,
                kind=kind,
                key=keys.pop() if keys else "",
                colour=draw(names),
                description=draw(texts),
                short=draw(texts),
                models=tuple(draw(st.lists(names, max_size=2))),
            )
            for kind, name in some(st.tuples(st.sampled_from(Kind), names))
        ),
        attributes=tuple(draw(attributes(name)) for name in some(names)),
        categories=tuple(
            Category(code=code, title=draw(texts), definition=draw(texts)) for code in some(names)
        ),
        relation_types=tuple(
            RelationType(
                name=name, heads=draw(kinds), tails=draw(kinds), title=draw(texts), description=draw(texts)
            )
            for name in some(names)
        ),
    )


@given(codebooks())
def test_reading_is_the_inverse_of_writing(codebook: Codebook) -> None:
    written = codebook_to(codebook)
    assert codebook_from(written) == codebook
    assert codebook_from(json.loads(json.dumps(written))) == codebook
    assert codebook_to(codebook_from(written)) == written


def test_the_default_codebook_is_the_contract_s(codebook: Codebook) -> None:
    by_kind = {kind: [label.name for label in codebook.labels if label.kind == kind] for kind in Kind}
    assert by_kind == {
        Kind.ACTOR: ["Actor"],
        Kind.CLAIM: ["Claim"],
        Kind.CUE: ["Cue"],
        Kind.ENTITY: ["Person", "Organization", "Place", "Group", "Event", "Law", "Work"],
    }
    rules = {each.name: (set(each.heads), set(each.tails)) for each in codebook.relation_types}
    assert rules == {
        "made_by": ({"claim"}, {"actor"}),
        "addressed_to": ({"claim"}, {"actor"}),
        "about": ({"claim"}, {"actor", "entity"}),
        "cued_by": ({"claim"}, {"cue"}),
        "supports": ({"claim"}, {"claim"}),
        "attacks": ({"claim"}, {"claim"}),
        "affiliated_with": ({"actor"}, {"actor"}),
        "same_as": ({"actor"}, {"actor"}),
    }
    assert codebook.defaults(Kind.CLAIM) == {"stance": "unset"}
    assert codebook.defaults(Kind.ACTOR) == {}
    assert [each.name for each in codebook.attributes_of(Kind.CLAIM)] == [
        "categories", "stance", "form", "quotation", "date",
    ]  # fmt: skip
    models = {model: label.name for model, label in codebook.model_labels().items()}
    assert models["GPE"] == models["LOC"] == models["FAC"] == "Place"
    assert models["NORP"] == "Group"
    assert {"DATE", "CARDINAL", "MONEY"}.isdisjoint(models)
    assert codebook_from(codebook_to(codebook)) == codebook


def test_every_label_has_a_key_of_its_own_that_the_window_leaves_free(codebook: Codebook) -> None:
    keys = [label.key for label in codebook.labels]
    assert len(set(keys)) == len(keys)
    assert RESERVED_KEYS.isdisjoint(keys)
    for label in codebook.labels:
        assert codebook.label(label.kind, label.name) is label
    assert codebook.label(Kind.ACTOR, "Person") is None


def test_relation_types_between_keep_their_order(codebook: Codebook) -> None:
    def between(head: Kind, tail: Kind) -> list[str]:
        return [each.name for each in codebook.relation_types_between(head, tail)]

    assert between(Kind.CLAIM, Kind.ACTOR) == ["made_by", "addressed_to", "about"]
    assert between(Kind.ACTOR, Kind.CLAIM) == []
    assert between(Kind.CLAIM, Kind.CLAIM) == ["supports", "attacks"]
    assert codebook.relation_type("made_by") == codebook.relation_types[0]
    assert codebook.relation_type("knows") is None


def test_what_stands_above_the_words() -> None:
    assert Label(name="Organization", kind=Kind.ENTITY, short="org").shown == "org"
    assert Label(name="Place", kind=Kind.ENTITY).shown == "place"


GOOD: dict[str, Any] = {
    "name": "Small",
    "labels": [{"name": "Actor", "kind": "actor", "key": "a"}],
    "attributes": [{"name": "tone", "type": "choice", "kinds": ["actor"], "choices": ["warm", "cold"]}],
    "categories": [{"code": "health"}],
    "relations": [{"name": "knows", "heads": "actor", "tails": ["actor"]}],
}


def test_little_is_needed() -> None:
    small = codebook_from(GOOD)
    assert small.version == 1
    assert small.relation_types[0].title == "knows"
    assert small.attributes[0].title == "tone"
    assert small.categories[0].title == "health"
    assert codebook_from({"name": "Nothing"}) == Codebook(name="Nothing")


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("name",), None, "'name'"),
        (("name",), "", "'name'"),
        (("version",), "two", "'version' must be a whole number, not 'two'"),
        (("version",), True, "'version'"),
        (("labels",), {}, "'labels' must be a list of tables"),
        (("labels",), ["Actor"], "'labels' must be a list of tables"),
        (("labels", 0, "name"), 7, "'name' must be a text, not 7"),
        (("labels", 0, "kind"), None, "label 'Actor' needs one 'kind'"),
        (("labels", 0, "kind"), ["actor", "claim"], "label 'Actor' needs one 'kind'"),
        (("labels", 0, "kind"), "person", "must name span kinds"),
        (("labels", 0, "kind"), 4, "must name span kinds"),
        (("labels", 0, "key"), "R", "the key 'r' of label Actor is taken by the window"),
        (("labels", 0, "key"), "ab", "the key 'ab' of label Actor"),
        (("labels", 0, "models"), "PERSON", "'models' must be a list of texts"),
        (("labels", 0, "models"), [3], "'models' must be a list of texts"),
        (("attributes", 0, "type"), "colour", "attribute 'tone' has the unknown type 'colour'"),
        (("attributes", 0, "type"), ["choice"], "unknown type"),
        (("attributes", 0, "choices"), [], "attribute 'tone' needs 'choices'"),
        (("attributes", 0, "choices"), "warm", "'choices' must be a list of texts"),
        (("attributes", 0, "required"), "no", "'required' must be true or false, not 'no'"),
        (("attributes", 0, "relations"), ["x"], "'relations' must be true or false"),
        (("attributes", 0, "default"), "hot", "the default of attribute 'tone' is not allowed"),
        (("categories", 0, "code"), None, "'code'"),
        (("relations", 0, "heads"), [], "relation type 'knows' needs 'heads' and 'tails'"),
        (("relations", 0, "tails"), None, "'tails'"),
        (("relations", 0, "tails"), "people", "must name span kinds"),
    ],
)
def test_what_is_wrong_is_named(place: tuple[Any, ...], value: Any, told: str) -> None:
    data = copy.deepcopy(GOOD)
    inner: Any = data
    for step in place[:-1]:
        inner = inner[step]
    if value is None and place[-1] != "tails":
        inner.pop(place[-1], None)
    else:
        inner[place[-1]] = value
    with pytest.raises(InputError, match=r"mine\.toml: ") as raised:
        codebook_from(data, "mine.toml")
    assert told in str(raised.value)
    assert raised.value.problem.cure


@pytest.mark.parametrize("part", ["labels", "attributes", "categories", "relations"])
def test_nothing_stands_there_twice(part: str) -> None:
    data = copy.deepcopy(GOOD)
    data[part] = data[part] * 2
    with pytest.raises(InputError, match="stands there twice"):
        codebook_from(data)


def test_two_labels_may_not_share_a_key() -> None:
    data = copy.deepcopy(GOOD)
    data["labels"] += [{"name": "Claim", "kind": "claim", "key": "A"}]
    with pytest.raises(InputError, match="key 'a' stands there twice"):
        codebook_from(data)


def test_broken_toml_is_named() -> None:
    with pytest.raises(InputError, match=r"mine\.toml: this is not valid TOML"):
        codebook_from_toml("name = ", "mine.toml")
    assert codebook_from_toml('name = "x"') == Codebook(name="x")


@pytest.mark.parametrize(
    "toml",
    ["a = " + "[" * 5000, 'name = "N"\nversion = ' + "9" * 5000, 'name = "N"\nversion = 0x' + "f" * 9000],
)
def test_endless_numbers_and_brackets_are_refused(toml: str) -> None:
    with pytest.raises(InputError):
        codebook_from_toml(toml)


@pytest.mark.parametrize("value", ["", [], None, 3])
def test_a_codebook_is_a_table(value: Any) -> None:
    with pytest.raises(InputError, match="must be a table"):
        codebook_from(value)
