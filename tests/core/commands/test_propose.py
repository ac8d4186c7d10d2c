"""Proposing the other occurrences of a span's words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.commands import Accept, Desk, MakeSpan, Propose, Reject
from annotator.core.commands.propose import OCCURRENCE, occurrences
from annotator.core.model import Article, Kind, State
from annotator.core.page import Page
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens

TEXT = "The US said so. In USA the us, not US\u00a0steel, and the\nUS. About US in furniture."


def page_of(text: str) -> Page:
    return Page(Article(id="a", text=text, sha256=sha256_of(text)), "ana")


def found(text: str, words: str, *, case: bool = True) -> list[int]:
    start = text.index(words)
    fragments = ((start, start + len(words)),)
    return [begin for begin, _ in occurrences(text, rough_tokens(text), fragments, match_case=case)]


def test_whole_tokens_only_across_line_breaks_and_with_case_by_choice() -> None:
    assert found("US or USA or us or US", "US") == [19]
    assert found("US or USA or us or US", "US", case=False) == [13, 19]
    assert found("the US and the\nUS", "the US") == [11]
    assert found("Straße STRASSE", "Straße", case=False) == [7]


def test_an_edge_within_a_token_is_found_nowhere() -> None:
    assert list(occurrences("USA USA", rough_tokens("USA USA"), ((0, 2),), match_case=True)) == []
    assert list(occurrences("a b a b", rough_tokens("a b a b"), ((0, 1), (2, 3)), match_case=True)) == []


@given(st.lists(st.sampled_from(["US", "us", "Iran", "😀", "b.", "\n"]), min_size=1, max_size=30), st.data())
def test_every_occurrence_reads_like_the_words_and_none_is_missed(
    words: list[str], data: st.DataObject
) -> None:
    text = " ".join(words)
    tokens = rough_tokens(text)
    visible = [(a, b) for a, b in zip(tokens.starts, tokens.ends, strict=True) if text[a:b].strip()]
    if not visible:
        return
    start, end = data.draw(st.sampled_from(visible))
    got = list(occurrences(text, tokens, ((start, end),), match_case=True))
    assert got == [each for each in visible if text[slice(*each)] == text[start:end] and each != (start, end)]


def test_furniture_labels_and_former_suggestions_are_left_alone(codebook: Codebook) -> None:
    page = page_of(TEXT)
    furniture = TEXT.index("About")
    page.article = replace(page.article, furniture=((furniture, len(TEXT)),))
    desk = Desk(page, codebook, "2026-03-01T09:30:00.125Z")
    page.apply(MakeSpan(Kind.ENTITY, "Place", ((4, 6),)).plan(desk)[1])
    own = next(iter(page.spans))
    title, changes = Propose(own).plan(desk)
    assert title == "Propose “US” as Place in 2 places"
    page.apply(changes)
    made = page.open_suggestions()
    assert [TEXT[each.start - 4 : each.end] for each in made] == ["not US", "the\nUS"]
    assert {(each.origin, each.state, each.confidence) for each in made} == {
        (OCCURRENCE, State.SUGGESTED, None)
    }
    page.apply(Reject((made[0].id,)).plan(desk)[1])
    page.apply(Accept((made[1].id,)).plan(desk)[1])
    assert not Propose(own).plan(desk)[1]


def test_undoing_takes_the_proposals_away(codebook: Codebook) -> None:
    page = page_of(TEXT)
    desk = Desk(page, codebook, "")
    page.apply(MakeSpan(Kind.ENTITY, "Place", ((4, 6),)).plan(desk)[1])
    changes = Propose(next(iter(page.spans)), match_case=False).plan(desk)[1]
    assert len(changes.added_suggestions()) == 4
    assert changes.added_spans() == []
    page.apply(changes)
    page.apply(changes.inverted())
    assert page.suggestions == {}
    assert page.open_suggestions() == []
