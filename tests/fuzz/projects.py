"""Project files as strangers may make them, and everything the program does with one after opening it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine

from annotator.core.commands import MakeSpan
from annotator.core.errors import AnnotatorError, RuleError
from annotator.core.model import ActorRecord, Alias, Kind, Property
from annotator.core.moves import Move, Part
from annotator.core.ports import ArticleFilter
from annotator.core.records import replace
from annotator.session.actors_table import export_actors, import_actors
from annotator.session.editor import Editor
from annotator.session.exporting import export_labels
from annotator.session.finding import find_in_project
from annotator.session.importing import import_paths
from annotator.session.project import Project

from . import samples
from .mutation import HOSTILE

PEOPLE = ("ana", "bea")


def make(path: Path) -> None:
    """A small project with labels of two people, suggestions, decisions, edits, and some undone."""
    from annotator.core.commands import Accept, AcceptRelation, DrawRelation, Reject, SetFlag, SetNote
    from annotator.core.ports import Suggested, SuggestedRelation, SuggestedSpan
    from annotator.core.tokens import rough_tokens

    with Project.create(path) as project:
        given = path.with_name("given-first.jsonl")
        given.write_bytes(samples.native()[0])
        import_paths(project, [given])
        given.unlink()
        repository = project.repository
        for row in repository.article_rows(ArticleFilter(), "ana", 0, 9):
            text = repository.load_page(row.id, "ana").text
            spans = tuple(
                SuggestedSpan(kind, label, ((start, start + 4),), "rules:1", 0.5)
                for kind, label, start in (
                    (Kind.CLAIM, "Claim", 0),
                    (Kind.ACTOR, "Actor", 6),
                    (Kind.CUE, "Cue", 11),
                )
            )
            links = (
                SuggestedRelation("made_by", 0, 1, "rules:1"),
                SuggestedRelation("cued_by", 0, 2, "rules:1"),
            )
            repository.save_suggested(
                [Suggested(row.id, spans, links, rough_tokens(text), ("rules:",))], "rules:1"
            )
        editor = project.editor("ana")
        page = editor.open("a2")
        first, second, third = [each.id for each in sorted(page.suggestions.values(), key=lambda s: s.start)]
        link = next(iter(page.relation_suggestions))
        for command in (
            Accept((first,)), Accept((second,)), Reject((third,)), AcceptRelation(link), SetFlag(True),
            SetNote("see"),
        ):  # fmt: skip
            with contextlib.suppress(RuleError):
                editor.run(command)
        own = [each.id for each in page.spans.values()]
        if len(own) > 1:
            with contextlib.suppress(RuleError):
                editor.run(DrawRelation("made_by", own[0], own[1]))
        editor.undo()
        editor.undo()
        _use_records(editor)
        _recode(editor)
        repository.set_setting("last_article:ana", "a2")


def _use_records(editor: Editor) -> None:
    """Records made, linked, merged and refused."""
    assert editor.page is not None
    own = [each.id for each in editor.page.spans.values() if each.kind == Kind.ACTOR]
    dated = (Property(name="party", value="A", since="2020-01-01"),)
    editor.actors.create(ActorRecord(id="z1", name="Rob", aliases=(Alias("R. M.", "en"),)), own)
    editor.actors.create(ActorRecord(id="z2", name="Robert Malley", properties=dated))
    editor.actors.create(ActorRecord(id="z3", name="Bob"))
    editor.actors.merge(["z2"], "z1")
    editor.actors.keep_apart("z3", "z1")


def _recode(editor: Editor) -> None:
    """A label renamed, another one and an attribute removed; all of it undone, and one half done again."""
    for label, new in (("Claim", "Said"), ("Cue", None)):
        codebook = editor.codebook
        labels = [
            replace(each, name=new or each.name) if each.name == label else each
            for each in codebook.labels
            if new or each.name != label
        ]
        kind = next((str(each.kind) for each in codebook.labels if each.name == label), None)
        if kind is None:
            continue
        attributes = codebook.attributes if new else codebook.attributes[1:]
        moves = [Move(Part.LABEL, (kind, label), (kind, new) if new else None)]
        moves += [Move(Part.ATTRIBUTE, (each.name,), None) for each in codebook.attributes[:1] if not new]
        after = replace(codebook, labels=tuple(labels), attributes=attributes)
        editor.change_codebook(after, moves, f"Change {label}")
    editor.undo()
    editor.undo()
    editor.redo()


@cache
def prepare() -> None:
    """Load spaCy, and have all projects of this process share their compiled statements.

    Every input is a project of its own: compiling the statements, which depend on none, anew for each took
    three quarters of the time. SpaCy, which exporting loads late, loads C libraries; no input makes it do so.
    """
    from annotator.nlp.tokenize import tokens_for
    from annotator.store import database

    tokens_for("Some words.", "en")

    make_engine = database.create_engine
    first: list[Engine] = []

    def sharing(*arguments: Any, **options: Any) -> Engine:
        engine = make_engine(*arguments, **options)
        first.append(engine)
        engine.dialect = first[0].dialect  # by which, and the statement, it is looked up
        engine._compiled_cache = first[0]._compiled_cache
        del first[1:]
        return engine

    database.create_engine = sharing  # type: ignore[assignment]


@cache
def small() -> bytes:
    """The bytes of a small project."""
    with tempfile.TemporaryDirectory(prefix="annotator-fuzz-") as folder:
        path = Path(folder) / "small.annot"
        make(path)
        return path.read_bytes()


def make_lenient(path: Path) -> None:
    """A small project whose tables take values of any type, as a damaged or forged file has them."""
    path.write_bytes(small())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        connection.execute("PRAGMA writable_schema=ON")
        rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type='table'").fetchall()
        for name, sql in rows:
            if sql and "STRICT" in sql:
                new = sql.replace(" STRICT", "").replace("WITHOUT ROWID,", "WITHOUT ROWID").rstrip(", ")
                new = new.replace(" NOT NULL", "")
                lines = [each for each in new.split("\n") if "CONSTRAINT" not in each and "CHECK" not in each]
                new = "\n".join(lines).replace(", \n)", "\n)").replace(",\n)", "\n)")
                connection.execute("UPDATE sqlite_schema SET sql=? WHERE name=?", (new, name))
        connection.execute("PRAGMA writable_schema=RESET")
        connection.commit()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA integrity_check").fetchall()


_SCHEMA = (
    "CREATE TRIGGER t AFTER INSERT ON edits BEGIN DELETE FROM spans; END",
    "CREATE TRIGGER t AFTER UPDATE ON progress BEGIN SELECT load_extension('x'); END",
    "CREATE VIEW v AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT x FROM n",
    "CREATE VIRTUAL TABLE v USING fts5(a)",
    "CREATE VIRTUAL TABLE v USING dbstat",
    "CREATE INDEX i ON spans (length(note))",
    "CREATE TABLE extra (a, b GENERATED ALWAYS AS (a || a))",
    "DROP VIEW article_words",
    "DROP TRIGGER article_retitled",
    "DROP TABLE article_index",
    "DROP TABLE spans; CREATE VIEW spans AS SELECT * FROM relations",
    "DROP TABLE settings",
    "DROP TABLE decisions",
    "DROP TABLE codebooks",
    "DROP TABLE article_tokens; CREATE TABLE article_tokens (article_pk, source, data)",
    "ALTER TABLE articles RENAME COLUMN title TO title2",
    "ALTER TABLE spans ADD COLUMN more GENERATED ALWAYS AS (id)",
    "DELETE FROM codebooks",
    "DELETE FROM article_texts",
    "DELETE FROM articles",
    "DELETE FROM annotators",
    "UPDATE article_index_data SET block=randomblob(20)",
    "PRAGMA user_version=0",
    "PRAGMA user_version=999",
    "PRAGMA user_version=-1",
    "PRAGMA application_id=1",
)

_JSON_COLUMNS = (
    "fragments", "attributes", "meta", "furniture", "data", "changes", "before", "after", "value",
)  # fmt: skip


def spoil(path: Path, random: Random) -> None:
    """Write one or a few hostile values, or change the schema."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        if random.random() < 0.1:
            with contextlib.suppress(sqlite3.Error):
                connection.executescript(random.choice(_SCHEMA))
            if random.random() < 0.5:
                return
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite%' "
                "AND name NOT LIKE 'article_index%'"
            )
        ]
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            name = random.choice([*names, "spans", "articles", "codebooks", "edits"])
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            if not columns:
                continue
            column = random.choice(columns)
            where = "" if random.random() < 0.5 else " WHERE random() % 2"
            with contextlib.suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):
                old = connection.execute(f'SELECT "{column}" FROM {name} LIMIT 1').fetchone()
                value = _value(random, column, old[0] if old else None)
                text = "CAST(? AS TEXT)" if isinstance(value, bytes) and random.random() < 0.5 else "?"
                connection.execute(f'UPDATE {name} SET "{column}"={text}{where}', (value,))


def _value(random: Random, column: str, old: Any) -> Any:
    """A hostile value: of another type, or JSON that is not what it should be."""
    if column in _JSON_COLUMNS and random.random() < 0.7:
        from .mutation import Maker

        seed = old.encode() if isinstance(old, str) else b"{}"
        return Maker(random, [seed], (b"[",), "json").json(seed).decode("utf-8", "replace")
    value = random.choice(
        (*HOSTILE, b"", b"\xff\xfe", b"\0" * 9, b"H\xff\xff\xff\xff\xff\xff\xff\xff", "[" * 3000)
    )
    if isinstance(value, bool) or value is None or isinstance(value, (int, float, str, bytes)):
        return value
    return json.dumps(value)


def go_through(path: Path, folder: Path, random: Random) -> str:
    """Some of what window and command line do with a project, as far as it goes."""
    outcome = "whole"

    def tried(what: Any) -> None:
        nonlocal outcome
        if random.random() < 0.6:
            return
        try:
            what()
        except AnnotatorError as error:
            outcome = "".join(c for c in error.problem.what if c.isascii() and c.isalpha())[:60]

    with Project.open(path) as project:
        repository = project.repository
        tried(lambda: list(repository.check()))
        tried(repository.counts)
        tried(repository.annotators)
        for which in (ArticleFilter(), ArticleFilter(search="iran"), ArticleFilter(flagged=True)):
            tried(lambda which=which: repository.count_articles(which, "ana"))
            tried(lambda which=which: repository.article_rows(which, "ana", 0, 50))
        for suggestions in (False, True):
            tried(lambda s=suggestions: export_labels(project, folder / "out.jsonl", include_suggestions=s))
        tried(lambda: list(find_in_project(repository, _wanted())))
        tried(lambda: repository.setting("last_article:ana"))
        tried(lambda: repository.open_above("ana", 0.1))
        tried(repository.codebook_versions)
        tried(lambda: repository.codebook_version(1))
        tried(lambda: repository.touched([Move(part, ("claim", "Claim"), None) for part in Part]))
        tried(lambda: export_actors(project, folder / "out.csv"))
        tried(lambda: import_actors(project.editor("ana"), folder / "out.csv"))
        tried(lambda: _look_up(project.editor("ana")))
        for who in PEOPLE:
            tried(lambda w=who: _change(project.editor(w)))
        for article in ("a1", "a2"):
            for who in PEOPLE:
                tried(lambda a=article, w=who: _label(project, a, w))
            tried(lambda a=article: repository.suggest_job(a))
            tried(lambda a=article: _suggest(project, a))
    return outcome


def _wanted() -> Any:
    from annotator.core.finding import Wanted

    return Wanted("the")


def _label(project: Project, article: str, who: str) -> None:
    """What the window reads of a page, then an edit, and back again."""
    editor = project.editor(who)
    page = editor.open(article)
    for span in (*page.visible_spans(), *page.spans.values(), *page.suggestions.values()):
        assert 0 <= span.start < span.end <= len(page.text), span.fragments
        assert isinstance(span.label, str)
        page.relations_of(span.id)
    tokens = page.tokens
    if tokens is not None:
        for at in (0, len(page.text) // 2, len(page.text)):
            tokens.snap(at, at, page.text)
            tokens.sentence_at(at, page.text)
            tokens.step(tokens.at(at), 1, page.text)
    assert page.article.title[:1] is not None
    with contextlib.suppress(RuleError):
        editor.run(MakeSpan(Kind.CLAIM, "Claim", ((1, 9),)))
    for _ in range(4):
        editor.undo()
    for _ in range(2):
        editor.redo()


def _look_up(editor: Editor) -> None:
    """What the window's list of actors does with records, then edits of them, and back again."""
    actors = editor.actors
    actors.registry.search("rob")
    for record in actors.registry.identities():
        actors.mentions(record.id)
        actors.history(record.id)
    actors.mention_counts()
    actors.duplicates()
    editor.open("a2")
    actors.proposals()
    for act in (
        lambda: actors.unmerge("z2"), lambda: actors.delete("z3"), lambda: actors.merge(["z1"], "z2"),
    ):  # fmt: skip
        with contextlib.suppress(RuleError):
            act()
    for _ in range(4):
        editor.undo()


def _change(editor: Editor) -> None:
    """Steps back over changes of the codebook, forth again, and a new change."""
    for step in (editor.undo, editor.undo, editor.undo, editor.redo, editor.redo):
        with contextlib.suppress(RuleError):
            step()
    with contextlib.suppress(RuleError):
        _recode(editor)


def _suggest(project: Project, article: str) -> None:
    from annotator.core.ports import Suggested, SuggestedSpan
    from annotator.core.tokens import rough_tokens

    found = (SuggestedSpan(Kind.ENTITY, "Person", ((2, 5),), "spacy:x", 0.5),)
    project.repository.save_suggested([Suggested(article, found, (), rough_tokens("a b"), ("spacy:",))], "x")
