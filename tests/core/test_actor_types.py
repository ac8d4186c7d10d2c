"""What a new actor record is called, and which type it is guessed to have."""

from __future__ import annotations

import pytest

from annotator.core.actor_types import guessed_type
from annotator.core.model import Article, Kind, Span
from annotator.core.names import without_article
from annotator.core.page import Page
from annotator.core.text import sha256_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("the Students' Union", "organization"),
        ("the Ministry of Defence", "organization"),
        ("Labour Party", "organization"),
        ("Committee on Foreign Affairs", "organization"),
        ("the government", "organization"),
        ("University of Vienna", "organization"),
        ("Acme Inc.", "organization"),
        ("Rob Malley", "person"),
        ("the party leader", "person"),
        ("a spokesman for the ministry", "person"),
        ("the Secretary of State", "person"),
    ],
)
def test_the_head_word_tells_an_organization(name: str, kind: str) -> None:
    span = Span(id="s", kind=Kind.ACTOR, label="Actor", fragments=((0, len(name)),))
    article = Article(id="a", text=name, sha256=sha256_of(name))
    assert guessed_type(Page(article, "ana", spans={"s": span}), span) == kind


def test_what_an_entity_says_goes_before_the_head_word() -> None:
    name = "Soviet Union"
    span = Span(id="s", kind=Kind.ACTOR, label="Actor", fragments=((0, len(name)),))
    place = Span(id="e", kind=Kind.ENTITY, label="Place", fragments=((0, len(name)),))
    article = Article(id="a", text=name, sha256=sha256_of(name))
    assert guessed_type(Page(article, "ana", spans={"s": span, "e": place}), span) == "state"


@pytest.mark.parametrize(
    ("name", "before", "named"),
    [
        ("the Students' Union", "was told by ", "Students' Union"),
        ("The Students' Union", "", "Students' Union"),
        ("The Students' Union", "He left. ", "Students' Union"),
        ("The Hague", "judges in ", "The Hague"),
        ("an official", "said ", "official"),
        ("the", "", "the"),
        ("Theresa May", "", "Theresa May"),
    ],
)
def test_a_new_record_is_named_without_the_article(name: str, before: str, named: str) -> None:
    assert without_article(name, before) == named
