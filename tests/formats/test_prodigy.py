"""Prodigy's JSON Lines: real-shaped files, what is wrong in others, and there and back again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from annotator.core.codebook import Codebook
from annotator.core.model import Article, Kind, Progress, Relation, Span, Status
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.formats.base import FileRead, Intake, Source, read_source
from annotator.formats.foreign import Foreign
from annotator.formats.json_labels import UNLABELLED
from annotator.formats.naming import written_label
from annotator.formats.prodigy import AMBIGUOUS, PRODIGY, SAME
from annotator.formats.prodigy_answers import repeated_inputs
from annotator.formats.registry import reader_for
from tests.formats.lines import articles, came_back, read_back, same_article, told, written

DATA = Path(__file__).parent.parent / "data" / "prodigy"
TEXT = "Smith 😀 said Acme Corp lied."


def read(*tasks: Any, name: str = "tasks.jsonl") -> FileRead:
    content = "\n".join(json.dumps(task, ensure_ascii=False) for task in tasks).encode()
    return read_source(Intake(Source(name, content), Codebook(name="test")), PRODIGY)


def read_file(name: str) -> list[Foreign]:
    source = Source.of(DATA / name)
    assert reader_for(source) is PRODIGY
    found = read_source(Intake(source, Codebook(name="test")), PRODIGY)
    assert not found.problems
    return [each.foreign for each in found.records if each.foreign is not None]


def words(foreign: Foreign, text: str) -> list[tuple[str, str]]:
    return [(span.label, text[span.fragments[0][0] : span.fragments[0][1]]) for span in foreign.spans]


def problem(*tasks: Any) -> str:
    found = read(*tasks)
    assert not found.records
    (only,) = found.problems
    return str(only)


def test_answers_of_ner_manual() -> None:
    accepted, rejected, ignored = read_file("ner_manual.jsonl")
    assert accepted.progress.status is Status.DONE
    assert not any(span.suggested or span.rejected for span in accepted.spans)
    assert rejected.progress.status is Status.DONE
    assert all(span.suggested and span.rejected for span in rejected.spans)
    assert len(rejected.spans) == 2
    assert ignored.progress.status is Status.SKIPPED
    assert accepted.annotator is None  # a session without a name is nobody


def test_hashes_are_kept_and_given_back() -> None:
    found = read_source(Intake(Source.of(DATA / "ner_manual.jsonl"), Codebook(name="test")), PRODIGY)
    first = found.records[0].labels.article
    assert first.meta["_input_hash"] == 1886699658
    assert first.meta["source"] == "The New York Times"
    line = ArticleLabels(article=replace(first, id="a"), annotator="ana", progress=Progress(Status.DONE))
    task = json.loads(written(PRODIGY, [line], Codebook(name="test"))[0])
    assert (task["_input_hash"], task["_task_hash"]) == (1886699658, -1952856502)
    assert task["meta"] == {"source": "The New York Times"}
    assert task["_annotator_id"] == "ana"


def test_two_annotators_of_one_article() -> None:
    ana, ben = read_file("spans_manual.jsonl")
    assert (ana.annotator, ben.annotator) == ("news-ana", "news-ben")
    assert [span.label for span in ana.spans] == ["CLAIM", "ACTOR", "PLACE"]


def test_answers_about_one_text_are_one_record() -> None:
    def answered(start: int, end: int, label: str, answer: str, **more: Any) -> dict[str, Any]:
        spans = [{"start": start, "end": end, "label": label, "score": 0.5, "source": "m"}]
        meta = {"score": start / 100}
        return {"text": TEXT, "_input_hash": 4, "spans": spans, "answer": answer, "meta": meta, **more}

    found = read(
        answered(0, 5, "PERSON", "accept"),
        {"text": "Other.", "_input_hash": 5, "spans": [], "answer": "ignore"},
        answered(13, 22, "PERSON", "reject"),
        answered(13, 22, "ORG", "accept", note="?"),
        answered(0, 5, "PERSON", "reject"),
        answered(0, 5, "ORG", "accept", _annotator_id="news-ben"),
    )
    assert not found.problems
    other, mine, ben = found.records
    assert other.place == "line 2"
    assert mine.foreign is not None
    assert ben.foreign is not None
    assert [(each.label, each.fragments[0][0], each.rejected) for each in mine.foreign.spans] == [
        ("PERSON", 0, False),
        ("PERSON", 13, True),
        ("ORG", 13, False),
    ]
    assert mine.foreign.progress == Progress(Status.DONE, note="?")
    assert ben.foreign.annotator == "news-ben"
    assert mine.labels.article == ben.labels.article


def test_each_span_may_have_an_answer_of_its_own() -> None:
    """As Prodigy itself merges binary answers; `db-in` takes such tasks, and training looks at them."""

    def task(*answers: str | None, **more: Any) -> dict[str, Any]:
        places = ((0, 5, "PERSON"), (13, 22, "ORG"), (23, 27, "VERB"))
        spans = [{"start": start, "end": end, "label": label} for start, end, label in places]
        for span, answer in zip(spans, answers, strict=True):
            span.update({} if answer is None else {"answer": answer})
        return {"text": TEXT, "spans": spans, "answer": "accept", **more}

    def states(foreign: Foreign | None) -> list[str]:
        assert foreign is not None
        each = [*foreign.spans, *foreign.relations]
        return ["rejected" if it.rejected else "suggested" if it.suggested else "accepted" for it in each]

    links = [
        {"head": 0, "child": 1, "label": "A", "head_span": {"start": 0, "end": 5, "label": "PERSON"},
         "child_span": {"start": 13, "end": 22, "label": "ORG"}},
        {"head": 0, "child": 1, "label": "B", "head_span": {"start": 0, "end": 5, "label": "PERSON"},
         "child_span": {"start": 23, "end": 27, "label": "VERB"}},
    ]  # fmt: skip
    (record,) = read(task("accept", "reject", "ignore", relations=links)).records
    assert states(record.foreign) == ["accepted", "rejected", "suggested", "rejected", "suggested"]
    (record,) = read(task(None, "accept", "ignore", answer="reject")).records
    assert states(record.foreign) == ["rejected"] * 3
    same = {"_input_hash": 4}
    found = read(task("ignore", "ignore", "reject", **same), task("reject", "accept", "ignore", **same))
    assert states(found.records[0].foreign) == ["rejected", "accepted", "rejected"]


def test_repeated_inputs_are_found_across_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(b'{"text":"x","_input_hash": %d}\n' % (n % 7 - 3) for n in range(50))
    for chunk in (1, 7, 64, 65, 1000, 1 << 22):
        monkeypatch.setattr("annotator.formats.prodigy_answers._CHUNK", chunk)
        found = repeated_inputs(Source("x", data))
        assert sum(found.values()) == 50
        assert set(found) == set(range(-3, 4))


def test_relations_between_spans_and_plain_tokens() -> None:
    (only,) = read_file("relations.jsonl")
    assert words(only, TEXT) == [("ACTOR", "Smith"), ("CLAIM", "Acme Corp lied"), (UNLABELLED, "said")]
    assert [(each.type, each.head, each.tail) for each in only.relations] == [
        ("BY", "1", "0"),
        ("CUE", "1-head", "1"),
    ]


def test_relations_without_spans_of_their_ends() -> None:
    task = json.loads((DATA / "relations.jsonl").read_text(encoding="utf-8"))
    for relation in task["relations"]:
        del relation["head_span"], relation["child_span"]
    (record,) = read(task).records
    assert record.foreign is not None
    assert [(each.head, each.tail) for each in record.foreign.relations] == [("1", "0"), ("1-head", "1")]
    del task["relations"][1]
    task["spans"].append({**task["spans"][1], "start": 18, "token_start": 4, "text": "Corp lied"})
    assert "the head of relation 1 is token 5, at which 2 spans end" in problem(task)


def test_classifications_stay_in_the_metadata() -> None:
    found = read_source(Intake(Source.of(DATA / "textcat_choice.jsonl"), Codebook(name="test")), PRODIGY)
    assert found.records[0].labels.article.meta["accept"] == ["TECH"]
    assert found.records[1].labels.article.meta["label"] == "TECH"


def test_tasks_without_answer_are_not_done() -> None:
    first, second = read_file("to_annotate.jsonl")
    assert first.progress == second.progress == Progress()
    assert len(first.spans) == 1


def test_own_keys_of_spans_are_attributes() -> None:
    span = {
        "start": 0,
        "end": 5,
        "label": "A",
        "stance": "con",
        "attributes": {"n": 2},
        "pattern": 3,
        "x": {},
    }
    (record,) = read({"text": TEXT, "spans": [span], "note": "n", "flagged": True}).records
    assert record.foreign is not None
    assert record.foreign.spans[0].attributes == {"stance": "con", "n": 2, "x": "{}"}
    assert record.foreign.progress == Progress(Status.NEW, True, "n")


def test_offsets_of_a_text_with_two_characters_to_a_line_end() -> None:
    text = "One.\r\nSmith 😀 lied."
    (record,) = read(
        {"text": text, "spans": [{"start": 6, "end": 11, "label": "A", "text": "Smith"}]}
    ).records
    assert record.foreign is not None
    assert record.labels.article.text == "One.\nSmith 😀 lied."
    assert record.foreign.spans[0].fragments == ((5, 10),)


@pytest.mark.parametrize(
    ("task", "wrong"),
    [
        (
            {"spans": [{"start": 0, "end": 99, "label": "A"}]},
            "span 1 runs from 0 to 99, but the text has only 28",
        ),
        ({"spans": [{"start": -1, "end": 3, "label": "A"}]}, "span 1 runs from -1 to 3"),
        ({"spans": [{"start": 5, "end": 5, "label": "A"}]}, "span 1 is empty: it runs from 5 to 5"),
        ({"spans": [{"start": "0", "end": 5}]}, "span 1 has no whole number as its start, but '0'"),
        ({"spans": [{"start": True, "end": 5}]}, "as its start, but True"),
        ({"spans": [{"start": 0, "end": 5, "text": "Jones"}]}, "span 1 is “Jones” in the file, but “Smith”"),
        ({"spans": [7]}, "span 1 must be an object, not a number"),
        ({"spans": {}}, "“spans” must be a list, not an object"),
        ({"spans": [], "relations": [[]]}, "relation 1 must be an object, not a list"),
        ({"spans": [], "relations": [{"head": 9, "child": 1}]}, "the head of relation 1 is no token or span"),
        ({"answer": "maybe"}, "“answer” cannot be 'maybe'"),
        ({"answer": {}}, "“answer” cannot be {}"),
        ({"text": 5}, "“text” must be a text, not a number"),
    ],
)
def test_each_wrong_thing_is_one_line(task: dict[str, Any], wrong: str) -> None:
    said = problem({"text": TEXT, **task})
    assert wrong in said
    assert said.startswith("tasks.jsonl, line 1: ")
    assert "\n" not in said


def test_broken_lines() -> None:
    good = json.dumps({"text": TEXT, "spans": []}).encode()
    for data, wrong in (
        (good + b"\n" + good[:20], "line 2: the file breaks off in the middle"),
        (good + b"\n{nonsense}\n", "line 2: this is not valid JSON"),
        (good + b'\n{"text":"\xff\xfe broken"}\n', "line 2: this is not UTF-8: byte 10 of the line"),
        (good + b'\n{"text":"caf\xe9", "spans":[]}\n', "line 2: this is not UTF-8: byte 13 of the line"),
        (good + b"\n[]\n", "line 2: a record must be an object, not a list"),
    ):
        found = read_source(Intake(Source("t.jsonl", data), Codebook(name="test")), PRODIGY)
        assert wrong in str(found.problems[0])
        assert not found.records


@given(lines=articles())
@settings(max_examples=150, deadline=None)
def test_there_and_back(lines: list[ArticleLabels], codebook: Codebook) -> None:
    data, _ = written(PRODIGY, lines, codebook)
    records = came_back(PRODIGY, data, codebook)
    assert len(records) == len(lines)
    for record, line in zip(records, lines, strict=True):
        assert same_article(record, line.article)
        assert record.foreign is not None
        assert record.foreign.annotator == line.annotator
        assert record.foreign.progress == line.progress
        assert read_back(record) == told(_as_prodigy_tells_it(line, codebook), codebook, everything=True)


def _as_prodigy_tells_it(line: ArticleLabels, codebook: Codebook) -> ArticleLabels:
    """The line without relations whose two ends have the same words and label."""
    ends = {  # it has no fragments: all of a span is written
        each.id: (written_label(codebook, each.kind, each.label), each.start, each.end) for each in line.spans
    }
    return replace(line, relations=tuple(r for r in line.relations if ends[r.head] != ends[r.tail]))


def test_a_relation_between_spans_that_are_the_same_for_prodigy_is_left_out(codebook: Codebook) -> None:
    article = Article(id="a", text=TEXT, sha256=sha256_of(TEXT))
    who: dict[str, Any] = {"annotator": "ana", "origin": "annotator:ana"}
    one, other = (Span(id=i, kind=Kind.ACTOR, label="Actor", fragments=((0, 5),), **who) for i in "xy")
    relation = Relation(id="r", type="same_as", head="x", tail="y", **who)
    line = ArticleLabels(article=article, annotator="ana", spans=(one, other), relations=(relation,))
    data, losses = written(PRODIGY, [line], codebook)
    assert losses.found == {(SAME, "left out"): 1}
    (record,) = came_back(PRODIGY, data, codebook)
    assert record.foreign is not None
    assert (len(record.foreign.spans), record.foreign.relations) == (2, ())


def test_a_written_task_is_what_prodigy_documents() -> None:
    article = Article(id="a", text=TEXT, sha256=sha256_of(TEXT))
    who: dict[str, Any] = {"annotator": "ana", "origin": "annotator:ana"}
    spans = (
        Span(id="s1", kind=Kind.ACTOR, label="ACTOR", fragments=((0, 5),), **who),
        Span(id="s2", kind=Kind.CLAIM, label="CLAIM", fragments=((13, 27),), **who),
        Span(id="s3", kind=Kind.CUE, label="CUE", fragments=((9, 12),), **who),
    )
    line = ArticleLabels(
        article=article, annotator="ana", progress=Progress(Status.DONE), spans=spans,
        relations=(Relation(id="r", type="BY", head="s2", tail="s1", **who),), tokens=rough_tokens(TEXT),
    )  # fmt: skip
    data, losses = written(PRODIGY, [line], Codebook(name="test"))
    task = json.loads(data)
    first = {"text": "Smith", "start": 0, "end": 5, "id": 0, "ws": True}
    assert task["tokens"][0] == first
    actor = {"start": 0, "end": 5, "token_start": 0, "token_end": 0, "label": "ACTOR"}
    claim = {"start": 13, "end": 27, "token_start": 3, "token_end": 5, "label": "CLAIM"}
    assert task["spans"] == [
        {"text": "Smith", "type": "span", **actor},
        {"text": "aid", "start": 9, "end": 12, "type": "span", "label": "CUE"},
        {"text": "Acme Corp lied", "type": "span", **claim},
    ]
    assert task["relations"] == [
        {"head": 5, "child": 0, "head_span": claim, "child_span": actor, "label": "BY"}
    ]
    assert task["answer"] == "accept"
    assert "_input_hash" not in task
    assert not losses


def test_losses_are_counted(codebook: Codebook) -> None:
    from tests.formats.test_native import LABELS

    more = Span(id="s5", kind=Kind.ENTITY, label="Person", fragments=((13, 27),), origin="annotator:ana")
    line = replace(LABELS, spans=(*LABELS.spans, more))
    _, losses = written(PRODIGY, [line], codebook)
    found = {what: number for (what, _), number in losses.found.items()}
    assert found == {
        "suggestions": 1, "discontinuous spans": 1, "actor records with details": 1, "ranges of furniture": 1,
        AMBIGUOUS: 1,
    }  # fmt: skip
    assert set(found) <= set(PRODIGY.cannot_hold)


def test_pairs_of_a_text_and_its_entities() -> None:
    """What spaCy 2 was trained with; its offsets are code points."""
    content = """[
    ["Ann 😀 met \\"Bob\\".", {"entities": [[0, 3, "PER"], [11, 14, "PER"]]}],
    ["Nobody.", { "entities": [] }]
]"""
    source = Source("train.json", content.encode())
    assert reader_for(source) is PRODIGY
    found = read_source(Intake(source, Codebook(name="test")), PRODIGY)
    assert not found.problems
    texts = [each.labels.article.text for each in found.records]
    assert texts == ['Ann 😀 met "Bob".', "Nobody."]
    assert found.records[0].foreign is not None
    spans = found.records[0].foreign.spans
    assert [texts[0][a:b] for each in spans for a, b in each.fragments] == ["Ann", "Bob"]


_PAIR = '["Ann left.", {"entities": [[0, 3, "PER"]], "cats": {"news": 1}}]'


@pytest.mark.parametrize(
    "content",
    [
        '[["Ann left.", {"cats": {"news": 1.0}, "entities": [[0, 3, "PER"]]}]]',
        '\ufeff[\n["Ann left.",{"links":{},"entities":[[0,3,"PER"]],"cats":{"news":1.0}}]\n]',
        f"{_PAIR}\n",
        f"\ufeff\n{_PAIR}\n",
        f'{{"classes": ["PER"], "annotations": [null, {_PAIR}]}}',
        f'{{\n"classes": ["PER"],\n"annotations": [{_PAIR}, null]\n}}',
    ],
)
def test_pairs_of_every_kind(content: str) -> None:
    """With categories, and as NER Annotator has them: in an object, null for what nobody has labelled."""
    source = Source("train.json", content.encode())
    assert reader_for(source) is PRODIGY
    found = read_source(Intake(source, Codebook(name="test")), PRODIGY)
    assert not found.problems
    (record,) = found.records
    assert record.foreign is not None
    assert [(each.label, each.fragments) for each in record.foreign.spans] == [("PER", ((0, 3),))]
    assert (record.labels.article.text, record.labels.article.meta) == ("Ann left.", {"cats": {"news": 1}})


@pytest.mark.parametrize(
    "content",
    [
        '[["Ann left.", {"cats": {"news": 1, "sport": 0}}], ["Bob", {"cats": {"sport": 1}, "links": {}}]]',
        '["Ann left.", {"cats": {"news": 1, "sport": 0}}]\n["Bob", {"cats": {"sport": 1}}]\n',
    ],
)
def test_pairs_that_teach_categories_alone(content: str) -> None:
    source = Source("train.json", content.encode())
    found = read_source(Intake(source, Codebook(name="test")), reader_for(source))
    assert not found.problems
    assert [(each.labels.article.text, each.labels.article.meta) for each in found.records] == [
        ("Ann left.", {"cats": {"news": 1, "sport": 0}}),
        ("Bob", {"cats": {"sport": 1}}),
    ]


def test_pairs_in_lines() -> None:
    content = f'{_PAIR}\n["Bob left.", {{"entities": []}}]\n["broken", {{"ent'
    found = read_source(Intake(Source("train.jsonl", content.encode()), Codebook(name="test")), PRODIGY)
    assert [each.where for each in found.problems] == ["train.jsonl, line 3"]
    whole = Source("train.jsonl", content.rpartition("\n")[0].encode())
    found = read_source(Intake(whole, Codebook(name="test")), reader_for(whole))
    assert [each.labels.article.text for each in found.records] == ["Ann left.", "Bob left."]


def test_pairs_with_long_texts() -> None:
    content = f'[["{"a " * 25_000}", {{"entities": [[0, 1, "A"]]}}]]'
    assert reader_for(Source("train.json", content.encode())) is PRODIGY


@pytest.mark.parametrize(
    "item", ['["a"]', "3", '["a", {"entities": {}}]', '{"a": 1}', '[3, {"entities": []}]']
)
def test_what_is_no_pair_among_others_is_a_problem(item: str) -> None:
    content = f'{{"annotations": [["a", {{"entities": []}}], {item}]}}'
    found = read_source(Intake(Source("a.json", content.encode()), Codebook(name="test")), PRODIGY)
    (problem,) = found.problems
    assert (problem.where, "no pair" in problem.what) == ("a.json, annotation 2", True)


@pytest.mark.parametrize(
    "pair", ['["a", {"entities": [[0, 1]]}]', '["a", {"entities": {}}]', '["a", {"entities": []}, 3]']
)
def test_what_is_no_such_pair_is_a_problem(pair: str) -> None:
    found = read_source(Intake(Source("a.json", f"[{pair}]".encode()), Codebook(name="test")), PRODIGY)
    assert len(found.problems) == 1
