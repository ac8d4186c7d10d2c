"""What a change of the codebook does to rows."""

from __future__ import annotations

import pytest

from annotator.core.changes import ActorChange
from annotator.core.codebook import Attribute, AttributeType, Codebook, Label
from annotator.core.commands import Accept, MakeSpan, SetAttribute
from annotator.core.errors import AnnotatorError, InputError, RuleError
from annotator.core.model import ActorRecord, Kind, Property, Target, Verdict
from annotator.core.moves import Move, Part, Touched
from annotator.core.records import replace
from annotator.session.editor import Editor
from annotator.store.codebooks import add_version
from annotator.store.repository import SqlRepository
from tests.store.conftest import MakeArticle
from tests.store.conftest import MakeSpan as Spans

PERSON, PLACE = ("entity", "Person"), ("entity", "Place")


def without(codebook: Codebook, *names: str) -> Codebook:
    return replace(codebook, labels=tuple(each for each in codebook.labels if each.name not in names))


@pytest.fixture
def editor(repository: SqlRepository, codebook: Codebook, article: MakeArticle, span: Spans) -> Editor:
    repository.add_articles([article(1, spans=[span("s1", 0, 10, kind=Kind.ENTITY)])], [])
    made = Editor(repository, codebook, "ana")
    made.open("a1")
    return made


def test_a_merge_is_undone_label_by_label(editor: Editor, repository: SqlRepository) -> None:
    for label, start in (("Person", 0), ("Place", 11), ("Place", 16)):
        editor.run(MakeSpan(Kind.ENTITY, label, ((start, start + 4),)))
    assert editor.page is not None
    before = dict(editor.page.spans)
    moves = [Move(Part.LABEL, PERSON, PLACE)]
    assert repository.touched(moves) == [Touched(1, 1)]
    editor.change_codebook(without(editor.codebook, "Person"), moves, "Merge")
    assert {each.label for each in editor.page.spans.values()} == {"Place"}
    assert {each.label for each in editor.page.suggestions.values()} == {"Place"}
    editor.undo()
    assert editor.page.spans == before
    assert editor.codebook.version == 1


def test_what_is_removed_takes_its_decisions_along_and_comes_back(
    editor: Editor, repository: SqlRepository
) -> None:
    editor.run(Accept(("s1",)))
    assert editor.page is not None
    before = editor.page.labels
    editor.change_codebook(without(editor.codebook, "Person"), [Move(Part.LABEL, PERSON, None)], "Remove")
    assert editor.page.spans == editor.page.suggestions == editor.page.decisions == {}
    assert list(repository.check()) == []
    editor.undo()
    assert editor.page.labels == before
    editor.redo()
    assert editor.page.spans == {}


def test_a_decision_whose_label_is_removed_is_a_rejection(editor: Editor) -> None:
    editor.run(MakeSpan(Kind.ENTITY, "Place", ((0, 10),)))  # decides the suggestion that lies there
    assert editor.page is not None
    decisions = dict(editor.page.decisions)
    assert decisions["s1"].verdict == Verdict.CHANGED
    editor.change_codebook(without(editor.codebook, "Place"), [Move(Part.LABEL, PLACE, None)], "Remove")
    assert editor.page.decisions["s1"].verdict == Verdict.REJECTED
    editor.undo()
    assert editor.page.decisions == decisions


def test_a_change_that_would_leave_labels_behind_is_refused(editor: Editor) -> None:
    with pytest.raises(RuleError, match=r"no place in that codebook: label “Person” \(1 suggestion\)"):
        editor.change_codebook(without(editor.codebook, "Person"), [], "Remove")
    assert editor.change_codebook(without(editor.codebook, "Work"), [], "Remove what nobody uses")
    assert editor.change_codebook(editor.codebook, [], "Nothing") is None


def test_attributes_of_records_are_carried(editor: Editor, repository: SqlRepository) -> None:
    old = Attribute(name="wing", type=AttributeType.CHOICE, records=True, choices=("left", "right"))
    editor.change_codebook(replace(editor.codebook, attributes=(*editor.codebook.attributes, old)), [], "Add")
    record = ActorRecord(
        id="r1", name="Malley", properties=(Property(name="wing", value="left", since="2020"),)
    )
    editor.run_project("make_actor", "Make", [ActorChange(None, record)])
    new = replace(old, name="side", choices=("L", "right"))
    attributes = tuple(new if each == old else each for each in editor.codebook.attributes)
    moves = [
        Move(Part.ATTRIBUTE, ("wing",), ("side",)), Move(Part.CHOICE, ("wing", "left"), ("side", "L")),
    ]  # fmt: skip
    assert repository.touched(moves) == [Touched(1), Touched(1)]
    editor.change_codebook(replace(editor.codebook, attributes=attributes), moves, "Rename")
    with repository._database.reading() as connection:
        rows = "SELECT name, value, since FROM actor_attributes"
        assert connection.exec_driver_sql(rows).all() == [("side", '"L"', "2020")]
    editor.undo()
    with repository._database.reading() as connection:
        assert connection.exec_driver_sql(rows).all() == [("wing", '"left"', "2020")]


def test_a_word_that_came_with_a_change_and_is_in_use_keeps_it_from_being_undone(
    editor: Editor, repository: SqlRepository
) -> None:
    first = editor.codebook.labels[0]
    added = replace(first, name="Speaker", key="z")
    editor.change_codebook(
        replace(editor.codebook, labels=(*editor.codebook.labels, added)), [], "Add Speaker"
    )
    other = Editor(repository, repository.codebook(), "ben")
    other.open("a1")
    other.run(MakeSpan(Kind.ACTOR, "Speaker", ((0, 4),)))
    with pytest.raises(RuleError, match=r"“Add Speaker” stays as it is.*“Speaker” \(1 span\)"):
        editor.undo()
    assert editor.undo() is None
    assert editor.codebook.label(Kind.ACTOR, "Speaker")


def test_an_edit_by_an_older_codebook_is_saved_in_todays_words(
    editor: Editor, repository: SqlRepository, codebook: Codebook
) -> None:
    """As of another window that could not write for a while."""
    other = Editor(repository, codebook, "ben")
    other.open("a1")
    labels = tuple(replace(each, name="Human") if each.name == "Person" else each for each in codebook.labels)
    move = Move(Part.LABEL, PERSON, ("entity", "Human"))
    other.look_again = lambda: False  # type: ignore[method-assign]
    editor.change_codebook(replace(codebook, labels=labels), [move], "Rename")
    other.run(MakeSpan(Kind.ENTITY, "Person", ((11, 15),)))
    assert [each.label for each in repository.load_page("a1", "ben").spans.values()] == ["Human"]
    assert list(repository.check()) == []


@pytest.mark.parametrize("target", [None, ("health",)])
def test_a_category_that_was_removed_or_merged_comes_back_to_its_claims(
    editor: Editor, target: tuple[str, ...] | None
) -> None:
    values = {"stance": "oppose", "categories": ["rights", "health"]}
    editor.run(MakeSpan(Kind.CLAIM, "Claim", ((0, 10),)))
    (claim,) = (each.id for each in editor.page.spans.values())  # type: ignore[union-attr]
    for name, value in values.items():
        editor.run(SetAttribute(Target.SPAN, claim, name, value))
    left = tuple(each for each in editor.codebook.categories if each.code.split("/")[0] != "rights")
    editor.change_codebook(
        replace(editor.codebook, categories=left), [Move(Part.CATEGORY, ("rights",), target)], "Less"
    )
    assert editor.page.spans[claim].attributes["categories"] == ["health"]  # type: ignore[union-attr]
    editor.undo()
    assert editor.page.spans[claim].attributes["categories"] == ["rights", "health"]  # type: ignore[union-attr]
    editor.redo()
    assert editor.page.spans[claim].attributes["categories"] == ["health"]  # type: ignore[union-attr]


def test_a_codebook_that_could_not_be_read_back_is_refused(editor: Editor, repository: SqlRepository) -> None:
    nameless = replace(editor.codebook, labels=(*editor.codebook.labels, Label(name="", kind=Kind.CLAIM)))
    with pytest.raises(InputError, match="'name' must be a text"):
        editor.change_codebook(nameless, [], "Add a label")
    last = replace(editor.codebook, version=(1 << 53) - 1)
    with repository._database.writing() as connection:
        add_version(connection, last)
    editor.look_again()
    with pytest.raises(InputError, match="too large a number"):
        editor.change_codebook(replace(last, name="Another"), [], "Rename it")
    assert repository.codebook() == last


@pytest.mark.parametrize("forged", ["1", "{}", "[", '{"article_pk":1}'])
def test_forged_rows_of_what_was_taken_away_are_told(
    editor: Editor, repository: SqlRepository, forged: str
) -> None:
    editor.run(Accept(("s1",)))
    editor.change_codebook(without(editor.codebook, "Person"), [Move(Part.LABEL, PERSON, None)], "Remove")
    with repository._database.writing() as connection:
        connection.exec_driver_sql("UPDATE carried SET before = ?", (forged,))
    with pytest.raises(AnnotatorError):
        editor.undo()
    assert repository.codebook() == editor.codebook
