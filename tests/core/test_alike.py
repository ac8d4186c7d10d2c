"""Which suggestions are decided together."""

from __future__ import annotations

from annotator.core.alike import alike_of, confident, equal_relations, equal_spans
from annotator.core.model import Article, Kind, Relation, Span, State
from annotator.core.page import Page
from annotator.core.text import sha256_of

TEXT = "Rob Malley met Iran. Rob\nMalley left iran. Iran said no to Iran."


def suggestion(nth: int, words: str, label: str = "Place", sure: float | None = 0.8, of: int = 0) -> Span:
    start = -1
    for _ in range(of + 1):
        start = TEXT.index(words, start + 1)
    return Span(
        id=f"s{nth}",
        kind=Kind.ENTITY,
        label=label,
        fragments=((start, start + len(words)),),
        state=State.SUGGESTED,
        confidence=sure,
    )


def page_with(*spans: Span, relations: tuple[Relation, ...] = ()) -> Page:
    article = Article(id="a", text=TEXT, sha256=sha256_of(TEXT))
    return Page(
        article,
        "ana",
        suggestions={each.id: each for each in spans},
        relation_suggestions={each.id: each for each in relations},
    )


def test_equal_is_text_label_and_kind_whatever_the_line_break_but_not_the_case() -> None:
    page = page_with(
        suggestion(1, "Rob Malley", "Person"),
        suggestion(2, "Rob\nMalley", "Person"),
        suggestion(3, "Iran"),
        suggestion(4, "iran"),
        suggestion(5, "Iran", of=1),
        suggestion(6, "Iran", "Group", of=2),
    )
    assert equal_spans(page, alike_of(page, page.suggestions["s1"])) == ("s1", "s2")
    assert equal_spans(page, alike_of(page, page.suggestions["s5"])) == ("s3", "s5")


def test_what_is_decided_is_no_longer_among_them() -> None:
    own = Span(id="o", kind=Kind.ENTITY, label="Group", fragments=((15, 19),), annotator="ana")
    page = page_with(suggestion(3, "Iran"), suggestion(5, "Iran", of=1))
    wanted = alike_of(page, page.suggestions["s3"])
    assert TEXT[15:19] == "Iran"
    page = Page(page.article, "ana", spans={"o": own}, suggestions=page.suggestions)
    assert equal_spans(page, wanted) == ("s5",)


def test_relations_are_equal_by_type_and_by_both_ends() -> None:
    def link(nth: str, type_: str, head: str, tail: str) -> Relation:
        return Relation(id=nth, type=type_, head=head, tail=tail, state=State.SUGGESTED)

    page = page_with(
        suggestion(1, "Rob Malley", "Person"),
        suggestion(2, "Rob\nMalley", "Person"),
        suggestion(3, "Iran"),
        suggestion(5, "Iran", of=1),
        relations=(
            link("r1", "about", "s1", "s3"),
            link("r2", "about", "s2", "s5"),
            link("r3", "same_as", "s2", "s5"),
            link("r4", "about", "s5", "s1"),
        ),
    )
    assert equal_relations(page, page.relation("r1")) == ("r1", "r2")


def test_confident_ones_without_a_second_label_for_the_same_words() -> None:
    page = page_with(
        suggestion(1, "Rob Malley", "Person", 0.9),
        suggestion(3, "Iran", "Place", 0.7),
        suggestion(4, "Iran", "Group", 0.8),
        suggestion(5, "Iran", "Place", None, of=1),
        suggestion(6, "iran", "Place", 0.69),
    )
    assert confident(page, 0.7) == (("s1", "s4"), ())
    assert confident(page, 0.95) == ((), ())
