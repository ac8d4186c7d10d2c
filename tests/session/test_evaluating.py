"""What is scored against what: suggestions, labels, gold files, and articles on one side only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.core.attributions import ATTRIBUTIONS, LINK, LINK_STRICT, RECALL, SOURCE_GIVEN_CONTENT
from annotator.core.commands import Accept, MakeSpan, Propose, Reject
from annotator.core.errors import InputError, UsageError
from annotator.core.evaluation import SPANS
from annotator.core.model import Article, Fragments, Kind, normalise_fragments
from annotator.core.ports import NewArticle, Suggested, SuggestedRelation, SuggestedSpan
from annotator.core.scoring import Counts, Measure, Row
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.session.evaluating import EvaluationReport, evaluate
from annotator.session.project import Project

DATA = Path(__file__).parents[1] / "data"
TEXT = "Smith said that Acme lied. Smith left."
ENTITIES, LINKS = Row(SPANS, "entity", Measure.EXACT), Row(ATTRIBUTIONS, LINK)


def add(project: Project, article: str, text: str, title: str = "") -> None:
    record = Article(id=article, text=text, sha256=sha256_of(text), title=title or article)
    project.repository.add_articles([NewArticle(article=record)], ())


def entity(start: int, end: int, sure: float | None = 0.9) -> SuggestedSpan:
    return SuggestedSpan(Kind.ENTITY, "Person", ((start, end),), "spacy:x", sure)


def suggest(
    project: Project, article: str, text: str, spans: list[Any], relations: list[Any] | None = None
) -> None:
    found = Suggested(article, tuple(spans), tuple(relations or ()), rough_tokens(text), ("spacy:", "rules:"))
    project.repository.save_suggested([found], "spacy:x")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """One article with three suggested entities, of 0.9, 0.5 and no confidence."""
    with Project.create(tmp_path / "p.annot") as project:
        add(project, "a1", TEXT, "Lies")
        suggest(project, "a1", TEXT, [entity(0, 5), entity(16, 20, 0.5), entity(21, 25, None)])
        yield project


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def native(text: str = TEXT, annotator: str | None = "eva", **more: Any) -> dict[str, Any]:
    spans = [{"id": f"{annotator}-e", "kind": "entity", "label": "Person", "start": 0, "end": 5}]
    own = {"spans": spans} if annotator else {}
    return {"format": "annotator/1", "id": f"g-{text}", "title": f"{text[:5]} …", "text": text} | own | {
        "annotator": annotator
    } | more  # fmt: skip


def counts(report: EvaluationReport) -> dict[Row, Counts]:
    return {each.row: each.counts for each in report.scores}


def told(report: EvaluationReport) -> list[str]:
    return [each.what for each in report.problems]


# -- suggestions -------------------------------------------------------------------------------------


def test_every_suggestion_counts_whatever_was_decided(project: Project, tmp_path: Path) -> None:
    gold = write(tmp_path / "g.jsonl", native())
    before = counts(evaluate(project, gold))
    assert before[ENTITIES] == Counts(1, 3, 1, 1)
    for name in ("ana", "ben"):
        editor = project.editor(name)
        page = editor.open("a1")
        ids = list(page.suggestions)
        editor.run(Accept((ids[0],)))
        editor.run(Reject((ids[1],)))
    assert counts(evaluate(project, gold)) == before


def test_least_leaves_out_what_is_less_sure_or_does_not_say(project: Project, tmp_path: Path) -> None:
    gold = write(tmp_path / "g.jsonl", native())
    assert counts(evaluate(project, gold, least=0.5))[ENTITIES] == Counts(1, 2, 1, 1)
    assert counts(evaluate(project, gold, least=0.51))[ENTITIES] == Counts(1, 1, 1, 1)
    assert counts(evaluate(project, gold, least=0.0))[ENTITIES].predicted == 2


def test_what_a_person_proposed_is_no_suggestion_of_the_model(project: Project, tmp_path: Path) -> None:
    editor = project.editor("ana")
    editor.open("a1")
    editor.run(MakeSpan(Kind.ACTOR, "Actor", ((0, 5),)))
    actor = next(iter(editor.page.spans))
    editor.run(Propose(actor))
    report = evaluate(project, write(tmp_path / "g.jsonl", native()))
    assert counts(report)[Row(SPANS, "actor", Measure.EXACT)] == Counts()


def test_nothing_suggested_is_said(tmp_path: Path) -> None:
    with Project.create(tmp_path / "q.annot") as project:
        add(project, "a1", TEXT)
        report = evaluate(project, write(tmp_path / "g.jsonl", native()))
    assert report.articles == 1
    assert [str(each).partition(": ")[2] for each in report.problems] == [
        "nothing has been suggested in these articles. Run annotator suggest first."
    ]


# -- the other program's numbers, by way of a project ------------------------------------------------


def test_claims_with_actors_and_cues_give_the_numbers_of_the_other_program(tmp_path: Path) -> None:
    predicted = {
        each["name"]: each["attributions"]
        for each in map(json.loads, (DATA / "gum_news_predictions.jsonl").read_text("utf-8").splitlines())
    }
    with Project.create(tmp_path / "gum.annot") as project:
        for line in map(json.loads, (DATA / "gum_news_dev.jsonl").read_text("utf-8").splitlines()):
            add(project, line["name"], line["text"])
            spans: dict[tuple[Kind, Fragments], SuggestedSpan] = {}

            def place(kind: Kind, ranges: Any, spans: Any = spans) -> int:
                key = kind, normalise_fragments(tuple((start, end) for start, end in ranges))
                spans.setdefault(key, SuggestedSpan(kind, kind.title(), key[1], "rules:x", 0.9))
                return list(spans).index(key)

            relations = []
            for each in predicted.get(line["name"], ()):
                claim = place(Kind.CLAIM, each["content"])
                for type_, kind, part in (("made_by", Kind.ACTOR, "source"), ("cued_by", Kind.CUE, "cue")):
                    if each[part]:
                        end = place(kind, each[part])
                        relations.append(SuggestedRelation(type_, claim, end, "rules:x", 0.9))
            suggest(project, line["name"], line["text"], list(spans.values()), relations)
        report = evaluate(project, DATA / "gum_news_dev.jsonl")
    assert report.problems == []
    assert report.articles == 12
    found = counts(report)
    assert {row.section for row in found} == {ATTRIBUTIONS, RECALL}
    for row, scores in [
        (Row(ATTRIBUTIONS, "source", Measure.PARTIAL), (55.0, 23.4, 32.8)),
        (Row(ATTRIBUTIONS, "cue", Measure.OVERLAP), (32.6, 10.3, 15.6)),
        (Row(ATTRIBUTIONS, "content", Measure.EXACT), (34.8, 16.7, 22.5)),
        (Row(ATTRIBUTIONS, "content", Measure.TOKEN), (83.8, 33.5, 47.9)),
        (Row(ATTRIBUTIONS, LINK), (65.3, 23.2, 34.2)),
        (Row(ATTRIBUTIONS, LINK_STRICT), (49.0, 17.4, 25.7)),
        (Row(ATTRIBUTIONS, SOURCE_GIVEN_CONTENT), (88.9, 61.5, 72.7)),
    ]:
        one = found[row]
        assert tuple(round(100 * each, 1) for each in (one.precision, one.recall, one.f1)) == scores
    assert found[Row(RECALL, LINK, "core")] == Counts(recalled=21, gold=92)


# -- annotators --------------------------------------------------------------------------------------


def label(project: Project, annotator: str, *places: tuple[int, int], article: str = "a1") -> None:
    editor = project.editor(annotator)
    editor.open(article)
    for place in places:
        editor.run(MakeSpan(Kind.ENTITY, "Person", (place,)))


def test_an_annotator_against_gold(project: Project, tmp_path: Path) -> None:
    add(project, "a2", "Lee left.")
    label(project, "ana", (0, 5), (16, 20))
    report = evaluate(project, write(tmp_path / "g.jsonl", native(), native("Lee left.")), annotator="ana")
    assert counts(report)[ENTITIES] == Counts(1, 2, 1, 1)
    assert (report.predicted, report.articles) == ("annotator:ana", 1)
    assert told(report) == ["1 article of the gold has not been labelled by ana: Lee l …"]


def test_two_annotators(project: Project) -> None:
    for number in (2, 3):
        add(project, f"a{number}", f"Lee left {number}.", f"Title {number}")
    label(project, "ana", (0, 5), (16, 20))
    label(project, "ana", (0, 3), article="a2")
    label(project, "ben", (16, 20))
    label(project, "ben", (0, 3), article="a3")
    report = evaluate(project, annotator="ana", against="ben")
    assert counts(report)[ENTITIES] == Counts(1, 2, 1, 1)
    assert (report.gold, report.articles) == ("annotator:ben", 1)
    assert told(report) == [
        "1 article that ben has labelled has not been labelled by ana: Title 3",
        "1 article that ana has labelled has not been labelled by ben: Title 2",
    ]
    back = evaluate(project, annotator="ben", against="ana")
    assert counts(back)[ENTITIES] == Counts(1, 1, 1, 2)
    assert counts(evaluate(project, annotator="ana", against="ana"))[ENTITIES].f1 == 1


def test_unknown_annotators(project: Project, tmp_path: Path) -> None:
    gold = write(tmp_path / "g.jsonl", native())
    with pytest.raises(InputError, match="nobody called eva has labelled in this project"):
        evaluate(project, gold, annotator="eva")
    label(project, "ana", (0, 5))
    with pytest.raises(InputError, match="Choose one of ana"):
        evaluate(project, annotator="ana", against="eva")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"gold": Path("g"), "annotator": "ana", "against": "ben"},
        {"against": "ben"},
        {"annotator": "ana", "against": "ben", "gold_annotator": "eva"},
        {"gold": Path("g"), "annotator": "ana", "least": 0.5},
    ],
)
def test_options_that_do_not_go_together(project: Project, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        evaluate(project, **options)


# -- gold --------------------------------------------------------------------------------------------


def test_several_gold_annotators_take_a_choice(project: Project, tmp_path: Path) -> None:
    gold = write(tmp_path / "g.jsonl", native(), native(annotator="fay", spans=[]))
    with pytest.raises(InputError) as refused:
        evaluate(project, gold)
    assert str(refused.value) == (
        f"{gold}, line 2: several annotators have labelled this article: eva, fay. "
        "Choose one with --gold-annotator NAME."
    )
    assert counts(evaluate(project, gold, gold_annotator="eva"))[ENTITIES].gold == 1
    assert counts(evaluate(project, gold, gold_annotator="fay"))[ENTITIES].gold == 0
    with pytest.raises(InputError, match="nobody called gus has labelled in this file"):
        evaluate(project, gold, gold_annotator="gus")


def test_gold_annotators_of_different_articles_need_no_choice(project: Project, tmp_path: Path) -> None:
    add(project, "a2", "Lee left.")
    gold = write(tmp_path / "g.jsonl", native(), native("Lee left.", annotator="fay"))
    assert evaluate(project, gold).articles == 2
    report = evaluate(project, gold, gold_annotator="fay")
    assert (report.articles, report.only_in_project) == (1, ["Lies"])


def test_a_corpus_has_no_annotators(project: Project) -> None:
    with pytest.raises(InputError, match="Leave out --gold-annotator"):
        evaluate(project, DATA / "gum_news_dev.jsonl", gold_annotator="eva")


def test_an_article_twice_in_the_gold_is_refused(project: Project, tmp_path: Path) -> None:
    gold = write(tmp_path / "g.jsonl", native(), native(id="other", spans=[]))
    report = evaluate(project, gold)
    assert (report.articles, report.scores) == (0, [])
    assert [str(each) for each in report.problems] == [
        f"{gold}, line 2: this article stands there twice, first in line 1. Leave one of the two lines out."
    ]


def test_gold_that_nobody_labelled(project: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nobody has labelled an article in this file"):
        evaluate(project, write(tmp_path / "g.jsonl", native(annotator=None)))


def test_a_gold_file_that_cannot_be_read(project: Project, tmp_path: Path) -> None:
    for path in (tmp_path / "gone.jsonl", tmp_path):
        with pytest.raises(InputError, match="this file cannot be read"):
            evaluate(project, path)


def test_articles_on_one_side_only_are_counted_and_some_named(project: Project, tmp_path: Path) -> None:
    for number in range(12):
        add(project, f"b{number}", f"Text {number}", f"Title {number}")
    gold = write(tmp_path / "g.jsonl", native(), native("Elsewhere."), native("Nowhere."))
    report = evaluate(project, gold)
    assert report.articles == 1
    assert report.only_in_gold == ["Elsew …", "Nowhe …"]
    assert len(report.only_in_project) == 12
    first, second = report.problems
    assert first.what == "2 articles of the gold have no counterpart in the project: Elsew …, Nowhe …"
    assert first.cure
    names = ", ".join(f"Title {number}" for number in range(10))
    assert second.what == f"12 articles of the project have no counterpart in the gold: {names} and 2 more"


def test_progress_is_told(project: Project, tmp_path: Path) -> None:
    texts = [f"Lee left {number}." for number in range(45)]
    for number, text in enumerate(texts):
        add(project, f"b{number}", text)
    seen: list[tuple[int, int]] = []
    evaluate(
        project, write(tmp_path / "g.jsonl", *map(native, texts)), progress=lambda *step: seen.append(step)
    )
    assert seen == [(20, 45), (40, 45)]
