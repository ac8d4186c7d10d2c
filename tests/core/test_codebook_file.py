"""What a person has mistyped in a codebook's file is refused in one line; a stored codebook is read."""

from __future__ import annotations

import tomllib

import pytest

from annotator.core.codebook import codebook_from, codebook_from_toml
from annotator.core.errors import InputError

LABEL = '[[labels]]\nname = "Person"\nkind = "entity"\n'
CURE = " Correct the codebook and load it again."


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('nmae = "x"', "the codebook has the unknown key 'nmae'; is 'name' meant?"),
        ('label = "x"', "the codebook has the unknown key 'label'; is 'labels' meant?"),
        (LABEL + 'kye = "p"', "[[labels]] 'Person' has the unknown key 'kye'; is 'key' meant?"),
        (LABEL + 'color = "law"', "[[labels]] 'Person' has the unknown key 'color'; is 'colour' meant?"),
        (
            '[[labels]]\nnmae = "Person"\nkind = "entity"',
            "[[labels]] number 1 has the unknown key 'nmae'; is 'name' meant?",
        ),
        (
            '[[attributes]]\nname = "form"\ntype = "text"\nrequierd = true',
            "[[attributes]] 'form' has the unknown key 'requierd'; is 'required' meant?",
        ),
        (
            '[[categories]]\ncode = "war"\nsummary = "x"',
            "[[categories]] 'war' has the unknown key 'summary'; there are code, title, definition",
        ),
        (
            '[[relations]]\nname = "by"\nheads = ["claim"]\ntail = ["actor"]',
            "[[relations]] 'by' has the unknown key 'tail'; is 'tails' meant?",
        ),
    ],
)
def test_an_unknown_key_is_named_with_its_table_and_the_nearest_one(toml: str, said: str) -> None:
    name = "" if "the codebook" in said and "nmae" in said else 'name = "Mine"\n'
    with pytest.raises(InputError) as caught:
        codebook_from_toml(name + toml, "mine.toml")
    mark = "" if said.endswith("?") else "."
    assert str(caught.value).startswith(f"mine.toml: {said}{mark}")
    assert str(caught.value).endswith(CURE)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("version = -2", "the version must be 0 or more, not -2"),
        (LABEL + 'colour = "mauve"', "label Person: the palette has no colour 'mauve'; there are person"),
        (LABEL + 'colour = ""', "label Person: the palette has no colour ''"),
        ('[[categories]]\ncode = "/"', "the category code '/' has an empty part"),
        ('[[categories]]\ncode = "a//b"', "the category code 'a//b' has an empty part"),
        ('[[categories]]\ncode = "a/ "', "the category code 'a/ ' has an empty part"),
        (LABEL.replace("Person", "Per\\nson"), r"the label 'Per\nson' has a line break"),
        (LABEL + 'short = "a\\u0007"', r"the short name 'a\x07' has a line break or a control character"),
        ('[[categories]]\ncode = "a\\u2028b"', r"the category code 'a\u2028b' has a line break"),
        (
            '[[attributes]]\nname = "form"\ntype = "choice"\nchoices = ["a\\tb"]',
            r"the choice 'a\tb' has a line break or a control character in it",
        ),
    ],
)
def test_oddities_are_refused_in_a_file_and_read_from_a_project(toml: str, said: str) -> None:
    text = f'name = "Mine"\n{toml}'
    with pytest.raises(InputError) as caught:
        codebook_from_toml(text, "mine.toml")
    assert str(caught.value).startswith(f"mine.toml: {said}")
    assert codebook_from(tomllib.loads(text)).name == "Mine"


def test_a_stored_codebook_of_a_newer_program_is_read() -> None:
    stored = {"name": "Mine", "icons": True, "labels": [{"name": "Person", "kind": "entity", "icon": "x"}]}
    assert codebook_from(stored).labels[0].name == "Person"
