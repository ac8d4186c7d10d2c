"""Evidence of suggested claims in the file: kept, counted, and what follows for undecided suggestions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.core.codebook import Codebook
from annotator.core.commands import Accept, MakeSpan, Reject
from annotator.core.learning import Learned, OpenClaims, Tally, Use
from annotator.core.model import Kind
from annotator.core.ports import Evidence, Suggested, SuggestedRelation, SuggestedSpan
from annotator.core.tokens import Tokens
from annotator.session.editor import Editor
from annotator.session.learning import has_news, learned_in, relearn
from annotator.store.recovery import recover
from annotator.store.repository import SqlRepository, open_repository

RULES = "rules:attribution-1"
MODEL = f"spacy:m-1+{RULES}"
SAY, DENY = Evidence("say", "say clause", 0.96), Evidence("deny", "deny clause", 0.95)
SPANS = (
    SuggestedSpan(Kind.CLAIM, "Claim", ((22, 49),), RULES, 0.96, {}, SAY),
    SuggestedSpan(Kind.CUE, "Cue", ((11, 15),), RULES, 0.96),
    SuggestedSpan(Kind.ACTOR, "Actor", ((0, 10),), RULES, 0.96),
    SuggestedSpan(Kind.CLAIM, "Claim", ((51, 60),), RULES, 0.95, {}, DENY),
    SuggestedSpan(Kind.ENTITY, "Person", ((0, 10),), "spacy:m-1", 0.5),
)
LINKS = (
    SuggestedRelation("cued_by", 0, 1, RULES, 0.96),
    SuggestedRelation("made_by", 0, 2, RULES, 0.96),
    SuggestedRelation("made_by", 3, 2, RULES, 0.95),
)
REJECTED = Learned({"say": Tally(rejected=10, raw=9.6)})


@pytest.fixture
def filled(repository: SqlRepository, article: Any) -> SqlRepository:
    repository.add_articles([article(1), article(2)], [])
    tokens = Tokens.of([(0, 3), (4, 10)], [0], "m-1")
    found = [Suggested(each, SPANS, LINKS, tokens, ("spacy:", "rules:")) for each in ("a1", "a2")]
    repository.save_suggested(found, MODEL)
    return repository


@pytest.fixture
def editor(filled: SqlRepository, codebook: Codebook) -> Editor:
    made = Editor(filled, codebook, "ana")
    made.open("a1")
    return made


def span_id(repository: SqlRepository, start: int, kind: Kind = Kind.CLAIM, article: str = "a1") -> str:
    spans, _, _ = repository.open_suggestion_page(article)
    return next(span.id for span in spans if span.start == start and span.kind == kind)


def confidences(repository: SqlRepository, article: str = "a1") -> dict[tuple[str, int], float | None]:
    spans, _, _ = repository.open_suggestion_page(article)
    return {(str(span.kind), span.start): span.confidence for span in spans}


def as_version_1(path: Path) -> None:
    """What the file was before there was any evidence."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "DROP TABLE claim_evidence; DROP TABLE actor_refusals; DROP TABLE edit_actors;"
            "DELETE FROM migrations; PRAGMA user_version = 1;"
            "INSERT INTO migrations VALUES (1, 'Created', '');"
            "DROP INDEX actor_records_by_name; DROP TABLE actor_records; CREATE TABLE actor_records ("
            " id TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, external_id TEXT, note TEXT,"
            " PRIMARY KEY (id)) STRICT, WITHOUT ROWID;"
            "CREATE INDEX actor_records_by_name ON actor_records (name);"
            "DROP TABLE carried; ALTER TABLE codebooks DROP COLUMN edit;"
        )


def schema(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            f"{what} {name}": sorted(  # indexes in whatever order they were made
                row[what == "index_list" :] for row in connection.execute(f"PRAGMA {what}({name})")
            )
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table'"
            ).fetchall()
            for what in ("table_xinfo", "foreign_key_list", "index_list")
        }


def test_a_file_without_evidence_is_brought_up_to_date_with_its_labels(
    path: Path, filled: SqlRepository, editor: Editor
) -> None:
    editor.run(Accept((span_id(filled, 22),)))
    filled.close()
    new = schema(path)
    as_version_1(path)
    with closing(open_repository(path)) as old:
        assert path.with_name("news.annot.backup-v1").exists()
        assert schema(path) == new
        assert old.counts().by_annotator == {"ana": 1}
        assert confidences(old)["claim", 51] == 0.95
        assert old.open_claims() == []
        assert old.articles_to_suggest(MODEL) == ["a1", "a2"], "they are read again, for the evidence"
        assert list(old.check()) == []


def test_evidence_survives_and_goes_with_its_claim(path: Path, filled: SqlRepository) -> None:
    filled.close()
    with closing(open_repository(path)) as again:
        assert sorted(each.word for each in again.open_claims()) == ["deny", "say"]
        assert again.open_claims()[0] == OpenClaims("deny", 0.95, 0.95, 2)
        empty = Suggested("a1", (), (), Tokens.of([(0, 3)], [0], "m-1"), ("spacy:", "rules:"))
        again.save_suggested([empty], MODEL)
        assert {each.count for each in again.open_claims()} == {1}
        assert list(again.check()) == []


def test_decisions_are_counted_and_taken_back_by_undo(filled: SqlRepository, editor: Editor) -> None:
    editor.run(Accept((span_id(filled, 22),)))
    editor.run(Reject((span_id(filled, 51),)))
    assert filled.decision_tallies() == {"say": Tally(1, 0, 0, 0.96), "deny": Tally(0, 1, 0, 0.95)}
    editor.undo()
    assert filled.decision_tallies() == {"say": Tally(1, 0, 0, 0.96)}
    editor.redo()
    assert filled.decision_tallies()["deny"].rejected == 1


def test_each_annotator_counts_once_also_where_only_the_cue_was_decided_on(
    filled: SqlRepository, editor: Editor, codebook: Codebook
) -> None:
    editor.run(Reject((span_id(filled, 11, Kind.CUE),)))
    assert filled.decision_tallies() == {"say": Tally(0, 1, 0, 0.96)}
    editor.run(Reject((span_id(filled, 22),)))
    assert filled.decision_tallies() == {"say": Tally(0, 1, 0, 0.96)}, "claim and cue are one decision"
    ben = Editor(filled, codebook, "ben")
    ben.open("a1")
    ben.run(Accept((span_id(filled, 22),)))
    assert filled.decision_tallies() == {"say": Tally(1, 1, 0, 1.92)}


def test_only_cues_that_nobody_proposed_are_hand_made(filled: SqlRepository, editor: Editor) -> None:
    editor.run(Accept((span_id(filled, 11, Kind.CUE),)))
    editor.run(MakeSpan(Kind.CUE, "Cue", ((16, 17), (18, 22))))
    editor.run(MakeSpan(Kind.CUE, "Cue", ((52, 61),)))
    assert filled.hand_made_cues() == ["😀 that", " was glad"]


def test_the_mark_moves_with_every_decision(filled: SqlRepository, editor: Editor) -> None:
    assert filled.evidence_mark() == "0:0"
    editor.run(Reject((span_id(filled, 22),)))
    marks = {filled.evidence_mark()}
    editor.undo()
    marks.add(filled.evidence_mark())
    assert len(marks | {"0:0"}) == 3


def test_only_undecided_suggestions_are_brought_up_to_date(filled: SqlRepository, editor: Editor) -> None:
    editor.run(Accept((span_id(filled, 22),)))
    before = filled.load_page("a1", "ana").spans
    assert sum(filled.recalibrate(REJECTED)) > 0
    low = REJECTED.confidence("say", 0.96)
    assert confidences(filled)["claim", 22] == 0.96, "decided"
    assert filled.load_page("a1", "ana").spans == before
    there = confidences(filled, "a2")
    assert there["claim", 22] == there["cue", 11] == low
    assert there["actor", 0] == there["claim", 51] == REJECTED.confidence("deny", 0.95)
    assert there["entity", 0] == 0.5
    assert sum(filled.recalibrate(REJECTED)) == 0
    sum(filled.recalibrate(Learned()))
    assert confidences(filled, "a2") == {("claim", 22): 0.96, ("claim", 51): 0.95, ("cue", 11): 0.96,
                                         ("actor", 0): 0.96, ("entity", 0): 0.5}  # fmt: skip
    assert list(filled.check()) == []


def test_a_word_switched_off_takes_its_undecided_claims_only(filled: SqlRepository, editor: Editor) -> None:
    editor.run(Reject((span_id(filled, 22),)))
    editor.undo()  # and could be redone
    sum(filled.recalibrate(Learned({}, {"say": Use.NEVER})))
    assert ("claim", 22) in confidences(filled, "a1")
    assert set(confidences(filled, "a2")) == {("claim", 51), ("actor", 0), ("entity", 0)}
    assert list(filled.check()) == []
    editor.redo()


@pytest.mark.parametrize("change", ["confidence = 7", "confidence = -1", "word = ''", f"word = '{'x' * 61}'"])
def test_what_a_stranger_put_there_is_no_evidence(
    path: Path, filled: SqlRepository, editor: Editor, change: str
) -> None:
    editor.run(Accept((span_id(filled, 22),)))
    editor.run(Reject((span_id(filled, 11, Kind.CUE, "a1"),)))
    filled.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE claim_evidence SET {change}")
    with closing(open_repository(path)) as forged:
        before = confidences(forged, "a2")
        assert forged.decision_tallies() == {}
        assert forged.open_claims() == []
        assert sum(forged.recalibrate(REJECTED)) == 0
        assert confidences(forged, "a2") == before
        relearn(forged)
        assert learned_in(forged) == Learned()
        assert not has_news(forged)


@pytest.mark.parametrize(
    "kept", ["{", "[]", '{"words": 3}', '{"words": {"say": [1, 0, 0, 7]}}', '{"words": {"": [1, 0, 0, 1]}}']
)
def test_an_unreadable_cache_of_what_was_learned_is_counted_anew(
    filled: SqlRepository, editor: Editor, kept: str
) -> None:
    editor.run(Accept((span_id(filled, 22),)))
    filled.set_setting("reporting_words_learned", kept)
    assert learned_in(filled) == Learned()
    assert has_news(filled)
    relearn(filled)
    assert learned_in(filled).tallies == {"say": Tally(1, 0, 0, 0.96)}


def test_evidence_is_recovered_and_missing_in_older_files(
    path: Path, filled: SqlRepository, codebook: Codebook, tmp_path: Path
) -> None:
    filled.close()
    report = recover(path, tmp_path / "new.annot", codebook)
    assert report.rows["claim_evidence"] == 4
    as_version_1(path)
    report = recover(path, tmp_path / "older.annot", codebook)
    assert report.problems == []
    assert not report.rows.get("suggested_by")
    with closing(open_repository(tmp_path / "older.annot")) as older:
        assert older.articles_to_suggest(MODEL) == ["a1", "a2"], "they are read again, for the evidence"
