"""Export and import against each other, on projects that annotators have really worked in."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import jsonschema
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from annotator.core import model
from annotator.core.commands import (
    Accept,
    AcceptRelation,
    Command,
    DeleteRelation,
    DeleteSpan,
    DrawRelation,
    FlipRelation,
    MakeSpan,
    MoveEdges,
    Reject,
    RejectRelation,
    Relabel,
    RetypeRelation,
    SetAttribute,
    SetLabelNote,
    SetNote,
    SetStatus,
)
from annotator.core.errors import InputError, RuleError
from annotator.core.model import Kind, Status, Target
from annotator.core.ports import ArticleFilter, Suggested, SuggestedRelation, SuggestedSpan
from annotator.nlp.tokenize import tokens_for
from annotator.runtime.resources import resource, seeds_folder
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths, import_text
from annotator.session.project import Project
from annotator.session.selecting import Selection
from annotator.store.parts import part_beside

KINDS = {
    Kind.ENTITY: ["Person", "Organization", "Place"],
    Kind.ACTOR: ["Actor"],
    Kind.CLAIM: ["Claim"],
    Kind.CUE: ["Cue"],
}
LABELS = [(kind, label) for kind, labels in KINDS.items() for label in labels]
ANY = ArticleFilter()
TYPES = ["made_by", "about", "cued_by", "supports", "same_as"]


@pytest.fixture(scope="session", autouse=True)
def tokenizer() -> None:
    """Loads spaCy before anything is drawn: loading it uses random numbers."""
    tokens_for("x", None)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "empty.annot"
    Project.create(path).close()
    return path


@pytest.fixture(scope="session")
def make(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Any]:
    folder = tmp_path_factory.mktemp("projects")
    numbers = iter(range(10**6))

    @contextlib.contextmanager
    def run() -> Iterator[Project]:
        path = folder / f"{next(numbers)}.annot"
        shutil.copy(empty, path)
        with Project.open(path) as project:
            yield project
        path.unlink()

    return run


@pytest.fixture
def project(make: Callable[[], Any]) -> Iterator[Project]:
    with make() as project:
        yield project


def exported(project: Project, folder: Path, *, suggestions: bool = True, **options: Any) -> bytes:
    out = folder / "out.jsonl"
    export_labels(project, out, include_suggestions=suggestions, selection=Selection(**options))
    return out.read_bytes()


# -- whatever annotators do -------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "Smith",
        "said",
        "😀",
        "Acme\u00a0Corp",
        "x\u0301y",
        "العربية",
        "\u2028",
        "\n\n",
        "\ufeff",
        "“no”",
        "3",
        "日本語",
    ]
)
TEXTS = st.lists(WORDS, min_size=4, max_size=12).map(" ".join)


@st.composite
def ranges(draw: st.DrawFn, text: str) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=4)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def suggested(draw: st.DrawFn, text: str, article: str) -> Suggested:
    spans = []
    for kind, label in draw(st.lists(st.sampled_from(LABELS), max_size=6)):
        origin = draw(st.sampled_from(["spacy:en_core_web_md-3.8.0", "rules:attribution-1"]))
        fragments = draw(ranges(text))
        known = {(span.kind, span.label, span.fragments) for span in spans}
        if any(text[a:b].strip() for a, b in fragments) and (kind, label, fragments) not in known:
            confidence = draw(st.sampled_from([None, 0.1, 0.875]))
            spans.append(SuggestedSpan(kind, label, fragments, origin, confidence))
    relations = []
    if len(spans) > 1:
        for _ in range(draw(st.integers(0, 4))):
            head, tail = draw(st.permutations(range(len(spans))))[:2]
            kinds = spans[head].kind, spans[tail].kind
            legal = [t for t in TYPES if RULES[t][0](kinds[0]) and RULES[t][1](kinds[1])]
            if legal:
                name = draw(st.sampled_from(legal))
                relations.append(SuggestedRelation(name, head, tail, "rules:attribution-1"))
    return Suggested(article, tuple(spans), tuple(relations), tokens_for(text, None), ("spacy:", "rules:"))


RULES: dict[str, Any] = {
    "made_by": (Kind.CLAIM.__eq__, Kind.ACTOR.__eq__),
    "about": (Kind.CLAIM.__eq__, (Kind.ACTOR, Kind.ENTITY).__contains__),
    "cued_by": (Kind.CLAIM.__eq__, Kind.CUE.__eq__),
    "supports": (Kind.CLAIM.__eq__, Kind.CLAIM.__eq__),
    "same_as": (Kind.ACTOR.__eq__, Kind.ACTOR.__eq__),
}


def command(data: st.DataObject, page: Any) -> Command:
    spans = st.sampled_from(sorted([*page.spans, *page.suggestions]) or ["none"])
    relations = st.sampled_from(sorted([*page.relations, *page.relation_suggestions]) or ["none"])
    kind, label = data.draw(st.sampled_from(LABELS))
    match data.draw(st.integers(0, 14)):
        case 0 | 1:
            return Accept((data.draw(spans),))
        case 2:
            return Reject((data.draw(spans),))
        case 3 | 4:
            return MakeSpan(kind, label, data.draw(ranges(page.text)))
        case 5:
            return Relabel(data.draw(spans), kind, label)
        case 6:
            return MoveEdges(data.draw(spans), data.draw(ranges(page.text)))
        case 7:
            return DeleteSpan(data.draw(spans))
        case 8 | 9:
            return AcceptRelation(data.draw(relations))
        case 10:
            return RejectRelation(data.draw(relations))
        case 11:
            return DrawRelation(data.draw(st.sampled_from(TYPES)), data.draw(spans), data.draw(spans))
        case 12:
            return data.draw(
                st.sampled_from(
                    [
                        RetypeRelation(data.draw(relations), data.draw(st.sampled_from(TYPES))),
                        FlipRelation(data.draw(relations)),
                        DeleteRelation(data.draw(relations)),
                    ]
                )
            )
        case 13:
            return SetAttribute(Target.SPAN, data.draw(spans), "stance", "oppose")
        case _:
            note = SetLabelNote(Target.SPAN, data.draw(spans), "n")
            return data.draw(st.sampled_from([SetStatus(Status.DONE), SetNote("note"), note]))


@contextlib.contextmanager
def repeatable_ids() -> Iterator[None]:
    """Ids that are the same in every run, for what is drawn depends on their order."""
    numbers = itertools.count(1)
    with (
        mock.patch.object(model, "os", SimpleNamespace(urandom=lambda size: next(numbers).to_bytes(size))),
        mock.patch.object(model, "time", SimpleNamespace(time=lambda: 1_800_000_000)),
    ):
        yield


def work(data: st.DataObject, project: Project, steps: int = 12) -> None:
    """Fill a project with two articles, suggestions, and what up to three annotators do."""
    texts = data.draw(st.lists(TEXTS, min_size=1, max_size=2, unique=True))
    for text in texts:
        import_text(project, text)
    ids = [row.id for row in project.repository.article_rows(ANY, "", 0, 10)]
    articles = {each: project.repository.suggest_job(each).text for each in ids}
    for name in data.draw(st.sampled_from([[], ["one"], ["one", "two"]])):
        results = [data.draw(suggested(text, each)) for each, text in articles.items()]
        project.repository.save_suggested(results, name)
        for _ in range(data.draw(st.integers(0, steps))):
            editor = project.editor(data.draw(st.sampled_from(["ana", "ben", "cem"])))
            page = editor.open(data.draw(st.sampled_from(ids)))
            with contextlib.suppress(RuleError):
                editor.run(command(data, page))


@settings(max_examples=30, phases=[Phase.reuse, Phase.generate])
@given(data=st.data())
def test_an_export_with_suggestions_comes_back_byte_for_byte(
    make: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    with make() as project:
        with repeatable_ids():
            work(data, project)
        first = exported(project, folder)
        first_own = exported(project, folder, suggestions=False)
        assert list(project.repository.check()) == []
    (folder / "in.jsonl").write_bytes(first)
    (folder / "own.jsonl").write_bytes(first_own)
    with make() as again:
        report = import_paths(again, [folder / "in.jsonl"])
        assert report.problems == []
        assert exported(again, folder) == first
        assert exported(again, folder, suggestions=False) == first_own
        assert list(again.repository.check()) == []
        assert import_paths(again, [folder / "in.jsonl"]).articles == 0
        assert exported(again, folder) == first
    with make() as own:
        assert import_paths(own, [folder / "own.jsonl"]).problems == []
        assert exported(own, folder, suggestions=False) == first_own
        assert list(own.repository.check()) == []


# -- files and folders ------------------------------------------------------------------------------


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def titles(project: Project) -> list[str]:
    return [row.title for row in project.repository.article_rows(ANY, "", 0, 100)]


def test_folders_are_searched_in_order(project: Project, tmp_path: Path) -> None:
    for name in ("b/two.txt", "a.txt", "c.csv", "b/.hidden.txt", ".git/no.txt", "readme.md", "b/_.DS_Store"):
        put(tmp_path, name, "text,title\nbody of c,c\n" if name.endswith("csv") else f"{name}\n\nbody")
    report = import_paths(project, [tmp_path])
    assert report.problems == []
    assert titles(project) == ["a.txt", "b/two.txt", "c"]
    assert (report.files, report.articles) == (3, 3)


def test_what_is_not_there_is_named(project: Project, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    good = put(tmp_path, "good.txt", "Good\n\nbody")
    odd = put(tmp_path, "notes.docx", "words")
    report = import_paths(project, [empty, tmp_path / "gone.txt", good, odd, put(tmp_path, "none.txt", "")])
    assert report.articles == 1
    assert [str(problem).removeprefix(f"{tmp_path}/").split(".")[0] for problem in report.problems] == [
        "empty: there is no article file in this folder",
        "gone",
        "notes",
        "none",
    ]
    assert all(problem.cure for problem in report.problems)


def test_a_file_is_taken_whole_or_not_at_all(project: Project, tmp_path: Path) -> None:
    bad = put(tmp_path, "bad.jsonl", '{"text": "one"}\n{"text": ""}\n{"text": "three"}\n')
    good = put(tmp_path, "good.jsonl", '{"text": "four"}\n')
    report = import_paths(project, [bad, good])
    assert report.articles == project.repository.counts().articles == 1
    (problem,) = report.problems
    assert problem.where == f"{bad}, line 2"


def test_duplicates_are_counted_within_and_against_the_project(project: Project, tmp_path: Path) -> None:
    first = put(tmp_path, "a.jsonl", '{"text": "x\\r\\ny"}\n{"text": "x\\ny", "title": "again"}\n')
    second = put(tmp_path, "b.txt", "x\ny")
    report = import_paths(project, [first, second])
    assert (report.articles, report.duplicates) == (1, 2)
    assert report.sentence == "1 article added; 2 duplicates skipped."
    assert import_paths(project, [second]).sentence == "No article added; 1 duplicate skipped."


def test_a_dry_run_changes_nothing_and_says_what_would_be(project: Project, tmp_path: Path) -> None:
    paths = [put(tmp_path, "a.txt", "x"), put(tmp_path, "b.txt", "x"), put(tmp_path, "c.jsonl", "{}")]
    report = import_paths(project, paths, dry_run=True)
    assert (report.articles, report.duplicates, len(report.problems)) == (1, 1, 1)
    assert report.sentence.startswith("1 article would be added")
    assert project.repository.counts().articles == 0


def test_furniture_is_found_and_encodings_are_named(project: Project, tmp_path: Path) -> None:
    text = "Café talks fail\n\nThe talks failed on Monday, the minister said.\n\nAlso Read: Something else\n"
    report = import_paths(project, [put(tmp_path, "a.txt", text.encode("cp1252"))])
    assert report.sentence.endswith("a.txt was read as Windows-1252.")
    (labels,) = project.repository.iter_labels()
    assert [text[a:b] for a, b in labels.article.furniture] == ["Also Read: Something else"]


def test_standard_input_by_its_content(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b'{"text": "one"}\n{"text": "two"}\n', b'[{"text": "three"}]', b"Four\n\nbody"):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        assert import_paths(project, ["-"]).problems == []
    assert project.repository.counts().articles == 4


def test_progress_goes_to_the_end(project: Project, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    paths = [put(tmp_path, f"{n}.jsonl", f'{{"text": "x{n}"}}\n' * 3) for n in range(3)]
    import_paths(project, paths, progress=lambda *each: seen.append(each))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]


def test_pasted_text(project: Project) -> None:
    assert import_text(project, "Talks fail\r\n\r\nThey left.").articles == 1
    assert import_text(project, "Talks fail\n\nThey left.", "Other title").duplicates == 1
    assert import_text(project, "Word " * 100, " A\n title ").articles == 1
    assert titles(project) == ["Talks fail", "A title"]
    with pytest.raises(InputError, match="no text"):
        import_text(project, " \n ")


# -- several annotators -----------------------------------------------------------------------------

TEXT = "Smith said that Acme lied. Jones denied it."


def line(annotator: str | None, *spans: dict[str, Any], **more: Any) -> str:
    record = {"format": "annotator/1", "id": "a1", "text": TEXT, "annotator": annotator, "spans": list(spans)}
    return json.dumps(record | more) + "\n"


def span(span_id: str, start: int, end: int, label: str = "Person", **more: Any) -> dict[str, Any]:
    return {"id": span_id, "kind": "entity", "label": label, "start": start, "end": end} | more


SPACY = {"origin": "spacy:en_core_web_md-3.8.0", "confidence": 0.5}


def labelled(project: Project) -> dict[str | None, set[tuple[str, str]]]:
    found = project.repository.iter_labels(suggestions=True)
    return {each.annotator: {(s.id, str(s.state)) for s in each.spans} for each in found}


def test_one_suggestion_and_what_each_annotator_thinks_of_it(project: Project, tmp_path: Path) -> None:
    content = (
        line("ana", span("s1", 0, 5, state="suggested", **SPACY), span("own", 16, 20, "Organization"))
        + line("ben", span("s1", 0, 5, state="rejected", **SPACY))
        + line("cem", span("c1", 0, 5, **SPACY))
        + line("dia", span("d1", 0, 5, "Organization", origin="annotator:dia"))
    )
    assert import_paths(project, [put(tmp_path, "a.jsonl", content)]).problems == []
    pages = {name: project.repository.load_page("a1", name) for name in ("ana", "ben", "cem", "dia", "eva")}
    assert {name: set(page.suggestions) for name, page in pages.items()} == {name: {"s1"} for name in pages}
    verdicts = {name: [(d.verdict, d.made) for d in page.decisions.values()] for name, page in pages.items()}
    assert verdicts == {
        "ana": [],
        "ben": [("rejected", None)],
        "cem": [("accepted", "c1")],
        "dia": [("changed", "d1")],
        "eva": [],
    }
    assert pages["cem"].spans["c1"].suggestion == "s1"


def test_what_a_model_proposed_stays_known(project: Project, tmp_path: Path) -> None:
    content = line("ana", span("a1", 0, 5, **SPACY))
    import_paths(project, [put(tmp_path, "a.jsonl", content)])
    page = project.repository.load_page("a1", "ana")
    (suggestion,) = page.suggestions.values()
    assert (suggestion.label, suggestion.origin, suggestion.state) == ("Person", SPACY["origin"], "suggested")
    assert page.decisions[suggestion.id].made == "a1"
    again = Suggested(
        "a1",
        (SuggestedSpan(Kind.ENTITY, "Person", ((0, 5),), "spacy:en_core_web_md-3.8.0", 0.5),),
        (),
        tokens_for(TEXT, None),
        ("spacy:",),
    )
    assert project.repository.save_suggested([again], "m") == 0
    assert project.repository.load_page("a1", "ana").open_suggestions() == []


def test_nobody_sees_what_another_accepted_in_an_export_without_suggestions(
    project: Project, tmp_path: Path
) -> None:
    content = line("ana", span("a1", 0, 5, **SPACY)) + line("ben", span("b1", 27, 32))
    import_paths(project, [put(tmp_path, "a.jsonl", content)])
    assert project.repository.load_page("a1", "ben").open_suggestions() == []
    assert not project.repository.load_page("a1", "ben").decisions


def test_labels_of_a_further_annotator_join_the_article(project: Project, tmp_path: Path) -> None:
    base = line("ana", span("x1", 0, 5), span("s1", 16, 20, "Organization", state="suggested", **SPACY))
    import_paths(project, [put(tmp_path, "ana.jsonl", base)])
    ben = line(
        "ben",
        span("y1", 0, 5),
        span("other", 16, 20, "Organization", state="rejected", **SPACY),
        status="done",
        note="n",
    )
    path = put(tmp_path, "ben.jsonl", ben)
    assert import_paths(project, [path], dry_run=True).labelled == 1
    report = import_paths(project, [path])
    assert (report.articles, report.labelled, report.labels, report.problems) == (0, 1, 1, [])
    assert "1 article got labels of further annotators" in report.sentence
    assert labelled(project) == {
        "ana": {("x1", "accepted"), ("s1", "suggested")},
        "ben": {("y1", "accepted"), ("s1", "rejected")},
    }
    assert list(project.repository.check()) == []
    before = exported(project, tmp_path)
    again = import_paths(project, [path])
    assert (again.duplicates, again.labelled, again.problems) == (1, 0, [])
    assert exported(project, tmp_path) == before


def test_small_files_are_saved_together_but_in_order(project: Project, tmp_path: Path) -> None:
    report = import_paths(
        project,
        [
            put(tmp_path, "a.txt", TEXT),
            put(tmp_path, "bad.jsonl", '{"text": "never"}\n{}'),
            put(tmp_path, "b.txt", "Second"),
            put(tmp_path, "again.txt", TEXT),
            put(tmp_path, "ana.jsonl", line("ana", span("x1", 0, 5))),
            put(tmp_path, "c.txt", "Third"),
        ],
    )
    assert (report.articles, report.duplicates, report.labelled, len(report.problems)) == (3, 1, 1, 1)
    assert titles(project) == [TEXT, "Second", "Third"]
    assert set(map(len, labelled(project).values())) == {0, 1}


def test_nothing_is_overwritten(project: Project, tmp_path: Path) -> None:
    import_paths(project, [put(tmp_path, "a.jsonl", line("ana", span("x1", 0, 5)))])
    before = exported(project, tmp_path)
    other = put(tmp_path, "b.jsonl", "\n" + line("ana", span("x1", 0, 5), span("x2", 27, 32)))
    (problem,) = import_paths(project, [other]).problems
    assert problem.where == f"{other}, line 2"
    assert "ana has other labels of this article in the project" in problem.what
    assert exported(project, tmp_path) == before


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (
            line("ana", span("x", 0, 5)) + line("ben", span("x", 0, 4)),
            "span x has the id of a different span",
        ),
        (line("ana", span("x", 0, 5)) + line("ana", span("y", 0, 5)), "already has other labels"),
        (line("ana") + line("ben", title="Other"), "title, metadata or furniture"),
        (line("ana") + line("ben", text="Other text"), "the article id a1 stands for another text"),
        (
            line("ana", span("s", 0, 5, state="suggested", **SPACY))
            + line("ben", span("s", 0, 4, state="suggested", **SPACY)),
            "the suggestion s stands for different spans",
        ),
        (
            line("ana", actors=[{"id": "p", "name": "A"}]) + line("ben", actors=[{"id": "p", "name": "B"}]),
            "the actor record p is described differently",
        ),
    ],
)
def test_contradictions_between_lines(project: Project, tmp_path: Path, content: str, what: str) -> None:
    path = put(tmp_path, "a.jsonl", content)
    (problem,) = import_paths(project, [path]).problems
    assert what in problem.what
    assert problem.where == f"{path}, line 2"
    assert project.repository.counts().articles == 0


def test_other_labels_of_a_text_in_another_tools_file_are_counted(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(
        '{"text": "Ann left.", "label": [[0, 3, "Person"]]}\n'
        '{"text": "Ann left.", "label": [[0, 3, "Organization"]]}\n'
        '{"text": "Ann left.", "label": [[0, 3, "Person"]]}\n',
        encoding="utf-8",
    )
    report = import_paths(project, [path], annotator="ana")
    assert (report.problems, report.articles, report.labels, report.duplicates) == ([], 1, 1, 1)
    assert report.sentence.endswith("not taken: 1 record whose text has other labels before.")


def test_contradictions_that_are_alike_are_one_line(project: Project, tmp_path: Path) -> None:
    content = line("ana") + "".join(line("ana", span("y", 0, n)) for n in range(1, 27))
    path = put(tmp_path, "a.jsonl", content)
    (problem,) = import_paths(project, [path]).problems
    assert problem.where == str(path)
    assert problem.what == (
        "ana already has other labels of the same article before (26 times): line 2, line 3, line 4, …"
    )


def test_ids_of_other_texts_are_one_line(project: Project, tmp_path: Path) -> None:
    def lines(text: str, *ids: int) -> str:
        return "".join(line("ana", id=f"a{n}", text=f"{text} {n} {at}") for at, n in enumerate(ids))

    import_paths(project, [put(tmp_path, "a.jsonl", lines("First", *range(40)))])
    (problem,) = import_paths(project, [put(tmp_path, "b.jsonl", lines("Other", *range(1_200)))]).problems
    assert problem.what == (
        "article ids stand for other texts in the project (40 times): "
        "a0 in line 1, a1 in line 2, a2 in line 3, …"
    )
    assert problem.cure == "Give the article an id of its own"
    (problem,) = import_paths(project, [put(tmp_path, "c.jsonl", lines("Same", 99, 99, 99))]).problems
    assert problem.what == (
        "article ids stand for other texts in this file (2 times): a99 in line 2, a99 in line 3"
    )
    assert project.repository.counts().articles == 40


def test_many_contradictions_stop_at_twenty(project: Project, tmp_path: Path) -> None:
    content = "".join(line(f"a{n}") + line(f"a{n}", span("y", 0, 5)) for n in range(26))
    problems = import_paths(project, [put(tmp_path, "a.jsonl", content)]).problems
    assert len(problems) == 21
    assert "first 20" in problems[-1].what


def test_relations_of_suggestions_are_theirs_again(project: Project, tmp_path: Path) -> None:
    claim = {"kind": "claim", "label": "Claim", "start": 11, "end": 25, **SPACY}
    actor = {"kind": "actor", "label": "Actor", "start": 0, "end": 5, **SPACY}
    relation = {"id": "r", "type": "made_by", "state": "suggested", **SPACY}
    content = line(
        "ana",
        claim | {"id": "c", "state": "suggested"},
        actor | {"id": "mine"},
        relations=[relation | {"head": "c", "tail": "mine"}],
    ) + line(
        "ben",
        claim | {"id": "c", "state": "suggested"},
        actor | {"id": "s", "state": "suggested"},
        relations=[relation | {"head": "c", "tail": "s"}],
    )
    assert import_paths(project, [put(tmp_path, "a.jsonl", content)]).problems == []
    stored = project.repository.load_page("a1", "eva").relation_suggestions["r"]
    assert (stored.head, stored.tail) == ("c", "s")


# -- out --------------------------------------------------------------------------------------------


def test_an_export_is_there_whole_or_not_at_all(project: Project, tmp_path: Path) -> None:
    import_text(project, "Talks")
    out = put(tmp_path, "out.jsonl", "older")

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_labels(project, out, progress=interrupt)
    assert out.read_text() == "older"
    assert os.listdir(tmp_path) == ["out.jsonl"]
    out.chmod(0o640)
    report = export_labels(project, out)
    assert report.sentence == f"1 article in 1 line with 0 spans and 0 relations written to {out}."
    assert out.stat().st_mode & 0o777 == 0o640


def test_export_removes_what_killed_ones_have_left(project: Project, tmp_path: Path) -> None:
    old, new, mine = part_beside(tmp_path / "a"), part_beside(tmp_path / "b"), tmp_path / ".out.jsonl.1.part"
    for each in (old, new, mine):
        each.write_text("half")
        if each != new:
            os.utime(each, (0, 0))
    export_labels(project, tmp_path / "out.jsonl")
    assert [each.exists() for each in (old, new, mine)] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (".", "this is a folder"),
        ("no/such/out.jsonl", "the folder of this file does not exist"),
        ("file/out.jsonl", "the folder of this file does not exist"),
        ("other.annot", "must not replace"),
        ("/proc/out.jsonl", "cannot be written"),
    ],
)
def test_places_that_cannot_be_written(project: Project, tmp_path: Path, name: str, what: str) -> None:
    put(tmp_path, "file", "x")
    shutil.copy(project.path, tmp_path / "other.annot")
    with pytest.raises(InputError, match=what) as caught:
        export_labels(project, tmp_path / name)
    assert caught.value.problem.cure


def test_a_link_stays_one(project: Project, tmp_path: Path) -> None:
    import_text(project, "Talks")
    target = put(tmp_path, "far/real.jsonl", "")
    (tmp_path / "link.jsonl").symlink_to(target)
    export_labels(project, tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert target.read_text().startswith('{"format"')


def test_filters(project: Project, tmp_path: Path) -> None:
    content = line("ana", span("x", 0, 5), status="done") + line("ben", span("y", 0, 5), status="in_progress")
    import_paths(project, [put(tmp_path, "a.jsonl", content)])
    import_text(project, "Untouched")

    def who(**options: Any) -> list[str | None]:
        return [json.loads(each)["annotator"] for each in exported(project, tmp_path, **options).splitlines()]

    assert who() == ["ana", "ben", None]
    assert who(annotator="ben") == ["ben"]
    assert who(statuses=frozenset({Status.DONE})) == ["ana"]
    assert who(statuses=frozenset({Status.NEW})) == [None]
    with pytest.raises(InputError, match=r"nobody called eva.*ana, ben"):
        export_labels(project, tmp_path / "x.jsonl", selection=Selection(annotator="eva"))


def test_only_what_is_decided_is_exported_by_default(project: Project, tmp_path: Path) -> None:
    content = line("ana", span("x", 0, 5), span("s", 16, 20, state="suggested", **SPACY)) + line(
        "ben", span("s", 16, 20, state="rejected", **SPACY)
    )
    import_paths(project, [put(tmp_path, "a.jsonl", content)])
    lines = [json.loads(each) for each in exported(project, tmp_path, suggestions=False).splitlines()]
    assert [[s["id"] for s in each["spans"]] for each in lines] == [["x"], []]
    assert {s["state"] for each in lines for s in each["spans"]} == {"accepted"}


def test_token_indices_are_spacys(project: Project, tmp_path: Path) -> None:
    import_paths(project, [put(tmp_path, "a.jsonl", line("ana", span("x", 16, 20), span("y", 16, 19)))])
    (got,) = (json.loads(each) for each in exported(project, tmp_path).splitlines())
    assert {s["id"]: (s["token_start"], s["token_end"]) for s in got["spans"]} == {
        "x": (3, 3),
        "y": (None, None),
    }


def test_every_line_fits_the_schema(project: Project, tmp_path: Path) -> None:
    schema = json.loads(resource("schema", "annotator-1.schema.json").read_text(encoding="utf-8"))
    import_paths(project, [seeds_folder(), put(tmp_path, "a.jsonl", line("ana", span("x", 0, 5)))])
    for each in exported(project, tmp_path).splitlines():
        jsonschema.validate(json.loads(each), schema, jsonschema.Draft202012Validator)


# -- from strangers ---------------------------------------------------------------------------------


def test_links_and_pipes_in_a_folder_are_not_followed(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (tmp_path / "private.txt").write_text("secret")
    (folder / "a.txt").write_text("An article.")
    (folder / "same.txt").symlink_to(folder / "a.txt")
    (folder / "link.txt").symlink_to(tmp_path / "private.txt")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.txt")
    report = import_paths(project, [folder])
    assert titles(project) == ["An article."]
    assert {Path(each.where).name for each in report.problems} <= {"link.txt", "pipe.txt"}
    assert "link.txt" in {Path(each.where).name for each in report.problems}


def test_half_a_character_that_was_pasted_is_refused(project: Project) -> None:
    with pytest.raises(InputError, match="half a character"):
        import_text(project, "Talks \ud800 fail")
