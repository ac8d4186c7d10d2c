"""The codebook's window by keyboard and mouse, on a real project: made, changed, applied, taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.codebook import AttributeType, Codebook, codebook_from_toml
from annotator.core.commands import DrawRelation, MakeSpan, SetAttribute
from annotator.core.model import Article, Kind, Span, State, Target
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project
from annotator.ui import choosing
from annotator.ui.codebook.window import CodebookWindow
from annotator.ui.controls import Chip, ComboBox
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.main_window import MainWindow

TEXT = "Rob Malley said in Doha that talks must go on. Malley left Doha on Friday."


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Path:
    path = tmp_path / "news.annot"
    with Project.create(path) as made:
        article = Article(id="a1", text=TEXT, sha256=sha256_of(TEXT), title="Talks")
        made.repository.add_articles([NewArticle(article=article)], [])
    return path


@pytest.fixture
def main(open_window: Callable[..., MainWindow], project: Path) -> MainWindow:
    return open_window(project)


@pytest.fixture
def window(main: MainWindow, qtbot: QtBot) -> CodebookWindow:
    main.actions_by_id["codebook"].trigger()
    made = main.findChild(CodebookWindow)
    assert made is not None
    qtbot.waitUntil(made.isActiveWindow)
    return made


def book(main: MainWindow) -> Codebook:
    assert main.bench.editor is not None
    return main.bench.editor.codebook


def label_id(window: CodebookWindow, name: str) -> int:
    return next(id_ for id_, each in window.desk.draft.labels.items() if each.name == name)


def category_id(window: CodebookWindow, code: str) -> int:
    draft = window.desk.draft
    return next(id_ for id_ in draft.category_ids if draft.category(id_).code == code)


def make(main: MainWindow, kind: Kind, label: str, words: str, nth: int = 0) -> str:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    changes = main.bench.run(MakeSpan(kind, label, ((start, start + len(words)),)))
    assert changes is not None
    return changes.added_spans()[0].id


def labels_on_page(main: MainWindow) -> list[tuple[str, str]]:
    assert main.bench.page is not None
    spans = sorted(main.bench.page.spans.values(), key=lambda each: each.order)
    return [(str(each.kind), each.label) for each in spans]


def answer(window: CodebookWindow, words: str, qtbot: QtBot) -> None:
    chip = next(
        each for each in window.strip.findChildren(Chip) if each.text().startswith(words) and each.isVisible()
    )
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)


def key(widget: QWidget, name: Qt.Key, qtbot: QtBot, *held: Qt.KeyboardModifier) -> None:
    modifiers = Qt.KeyboardModifier.NoModifier
    for each in held:
        modifiers |= each
    qtbot.keyClick(widget, name, modifiers)


def editor_of(window: CodebookWindow) -> QLineEdit:
    tree = window.categories.tree
    return next(each for each in tree.viewport().findChildren(QLineEdit) if each.isVisible())


# -- a new study, from nothing ------------------------------------------------------------------------


def test_a_codebook_is_made_from_nothing_and_labelled_with(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    window.take(Codebook(name="Study"))
    window.labels.list.add_chip.click()
    menu = next(each for each in window.labels.findChildren(QMenu) if each.isVisible())
    next(each for each in menu.actions() if each.text().startswith("For claims")).trigger()
    menu.close()
    qtbot.waitUntil(window.labels.name.hasFocus)
    assert not window.apply_chip.isEnabled()
    assert window.said.text() == "One of the labels for claims has no name."
    qtbot.keyClicks(window.labels.name, "Demand")
    key(window.labels.name, Qt.Key.Key_Tab, qtbot)
    key(window.labels.short, Qt.Key.Key_Tab, qtbot)
    assert window.labels.key.hasFocus()
    qtbot.keyClicks(window.labels.key, "d")
    window.tabs.setCurrentWidget(window.attributes)
    window.attributes.list.add_chip.click()
    qtbot.keyClicks(window.attributes.title, "How firm")
    qtbot.keyClicks(window.attributes.choices.line, "firm")
    key(window.attributes.choices.line, Qt.Key.Key_Return, qtbot)
    qtbot.keyClicks(window.attributes.choices.line, "soft")
    key(window.attributes.choices.line, Qt.Key.Key_Return, qtbot)
    qtbot.mouseClick(window.attributes.required, Qt.MouseButton.LeftButton, pos=QPoint(10, 12))
    assert "Removes 10 labels" in window.said.text()
    key(window.attributes.title, Qt.Key.Key_Return, qtbot, Qt.KeyboardModifier.ControlModifier)
    assert window.said.text().startswith("Applied.")
    (label,) = book(main).labels
    (attribute,) = book(main).attributes
    assert (label.name, label.kind, label.key) == ("Demand", Kind.CLAIM, "d")
    assert (attribute.name, attribute.type, attribute.choices) == (
        "how_firm",
        AttributeType.CHOICE,
        ("firm", "soft"),
    )
    assert attribute.required
    main.activateWindow()
    main.canvas.setFocus()
    qtbot.waitUntil(main.canvas.hasFocus)
    start = TEXT.index("talks")
    main.canvas.select_ranges(((start, start + len("talks must go on")),))
    qtbot.keyClicks(main.canvas, "d")
    assert labels_on_page(main) == [("claim", "Demand")]


def test_renaming_carries_the_labels_and_ctrl_z_brings_them_back(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    make(main, Kind.ENTITY, "Place", "Doha")
    make(main, Kind.ENTITY, "Place", "Doha", 1)
    window.labels.list.go_to(label_id(window, "Place"))
    window.labels.name.setFocus()
    window.labels.name.selectAll()
    qtbot.keyClicks(window.labels.name, "Site")
    qtbot.waitUntil(lambda: window.said.text() == "Renames 1 label on 2 spans.")
    window.apply_chip.click()
    assert labels_on_page(main) == [("entity", "Site"), ("entity", "Site")]
    assert not window.apply_chip.isEnabled()
    assert window.versions.list.model.rows[0].words == "Change the label Place to Site"
    main.actions_by_id["undo"].trigger()
    assert labels_on_page(main) == [("entity", "Place"), ("entity", "Place")]
    assert window.desk.draft.codebook.label(Kind.ENTITY, "Place") is not None, "the window follows"
    main.actions_by_id["redo"].trigger()
    assert labels_on_page(main) == [("entity", "Site"), ("entity", "Site")]


def test_ctrl_z_in_here_takes_back_what_was_done_in_here(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    make(main, Kind.ENTITY, "Place", "Doha")
    window.labels.list.go_to(label_id(window, "Place"))
    window.labels.name.setFocus()
    qtbot.keyClicks(window.labels.name, "sss")
    key(window.labels.name, Qt.Key.Key_Z, qtbot, Qt.KeyboardModifier.ControlModifier)
    assert window.labels.name.text() == "Place"
    assert labels_on_page(main) == [("entity", "Place")], "and nothing in the project"
    key(
        window.labels.name,
        Qt.Key.Key_Z,
        qtbot,
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.ShiftModifier,
    )
    assert window.labels.name.text() == "sssPlace"


def test_suggestions_are_counted_apart_from_labels(
    open_window: Callable[..., MainWindow], project: Path, qtbot: QtBot
) -> None:
    suggestions = [
        Span(id=f"s{nth}", kind=Kind.ENTITY, label="Place", fragments=((start, start + 4),),
             state=State.SUGGESTED, origin="model")
        for nth, start in enumerate((TEXT.index("said"), TEXT.index("talks"), TEXT.index("must")))
    ]  # fmt: skip
    with Project.open(project) as opened:
        article = Article(id="a2", text=f"{TEXT} Then", sha256=sha256_of(f"{TEXT} Then"), title="More")
        opened.repository.add_articles([NewArticle(article=article, spans=suggestions)], [])
    main = open_window(project)
    make(main, Kind.ENTITY, "Place", "Doha")
    main.actions_by_id["codebook"].trigger()
    window = main.findChild(CodebookWindow)
    assert window is not None
    window.labels.list.go_to(label_id(window, "Place"))
    window.labels.name.setFocus()
    window.labels.name.selectAll()
    qtbot.keyClicks(window.labels.name, "Site")
    qtbot.waitUntil(lambda: window.said.text() == "Renames 1 label on 1 span and 3 suggestions.")
    window.labels.list.delete_chip.click()
    assert window.strip.words.text() == "The label Site is on 1 span and 3 suggestions."


def test_deleting_a_label_that_is_used_asks_and_merges(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    make(main, Kind.ENTITY, "Place", "Doha")
    window.labels.list.go_to(label_id(window, "Place"))
    window.labels.list.view.setFocus()
    key(window.labels.list.view, Qt.Key.Key_Delete, qtbot)
    assert window.strip.isVisible()
    assert window.strip.words.text() == "The label Place is on 1 span."
    box = next(each for each in window.strip.findChildren(ComboBox) if each.isVisible())
    assert box.findText("Actor") < 0, "of the same kind only"
    box.setCurrentIndex(box.findText("Organization"))
    answer(window, "Merge into", qtbot)
    assert not window.strip.isVisible()
    window.desk.count()
    assert window.said.text() == "Merges 1 label on 1 span."
    assert window.apply()
    assert labels_on_page(main) == [("entity", "Organization")]
    main.actions_by_id["undo"].trigger()
    assert labels_on_page(main) == [("entity", "Place")]


def test_deleting_what_is_used_with_its_labels_or_not_at_all(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    make(main, Kind.ENTITY, "Place", "Doha")
    window.labels.list.go_to(label_id(window, "Place"))
    window.labels.list.delete_chip.click()
    key(window.strip, Qt.Key.Key_Escape, qtbot)
    assert not window.desk.draft.changed
    window.labels.list.delete_chip.click()
    answer(window, "Delete, and remove 1 span", qtbot)
    assert window.apply()
    assert labels_on_page(main) == []
    window.labels.list.go_to(label_id(window, "Law"))
    window.labels.list.delete_chip.click()
    assert not window.strip.isVisible(), "nothing bears it"
    assert "Law" not in [each.name for each in window.desk.draft.labels.values()]


# -- categories ---------------------------------------------------------------------------------------


def test_categories_are_typed_one_after_the_other_in_and_out(window: CodebookWindow, qtbot: QtBot) -> None:
    window.take(Codebook(name="Study"))
    window.tabs.setCurrentWidget(window.categories)
    tree = window.categories.tree
    tree.setFocus()
    key(tree, Qt.Key.Key_Return, qtbot)
    for words, after in (("Economy", Qt.Key.Key_Return), ("Trade", Qt.Key.Key_Tab)):
        qtbot.keyClicks(editor_of(window), words)
        key(editor_of(window), after, qtbot)
    key(editor_of(window), Qt.Key.Key_Return, qtbot)
    qtbot.keyClicks(editor_of(window), "Taxes")
    key(editor_of(window), Qt.Key.Key_Return, qtbot)
    qtbot.keyClicks(editor_of(window), "Health")
    key(editor_of(window), Qt.Key.Key_Backtab, qtbot)
    key(editor_of(window), Qt.Key.Key_Return, qtbot)
    key(editor_of(window), Qt.Key.Key_Escape, qtbot)
    codes = [each.code for each in window.desk.draft.codebook.categories]
    assert codes == ["economy", "economy/trade", "economy/taxes", "health"]


def test_a_category_is_moved_by_keys_and_by_the_mouse_and_its_claims_with_it(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    claim = make(main, Kind.CLAIM, "Claim", "talks must go on")
    main.bench.run(SetAttribute(Target.SPAN, claim, "categories", ["sanctions/relief"]))
    window.tabs.setCurrentWidget(window.categories)
    tree, model = window.categories.tree, window.categories.tree.model_
    tree.go_to(category_id(window, "sanctions"))
    tree.setFocus()
    key(tree, Qt.Key.Key_Right, qtbot, Qt.KeyboardModifier.AltModifier)
    assert window.desk.draft.category(tree.current or 0).code == "diplomacy/sanctions"
    key(tree, Qt.Key.Key_Left, qtbot, Qt.KeyboardModifier.AltModifier)
    assert not window.desk.draft.changed
    key(tree, Qt.Key.Key_Down, qtbot, Qt.KeyboardModifier.AltModifier)
    assert [each.code for each in window.desk.draft.codebook.categories].index("sanctions") > 4
    dragged = model.mimeData([model.index_of(category_id(window, "sanctions/relief"))])
    onto = model.index_of(category_id(window, "health"))
    assert not model.canDropMimeData(
        dragged, Qt.DropAction.MoveAction, -1, 0, model.index_of(category_id(window, "sanctions/relief"))
    )
    model.dropMimeData(dragged, Qt.DropAction.MoveAction, -1, 0, onto)
    window.desk.count()
    assert "Moves 1 category on 1 claim" in window.said.text()
    assert window.apply()
    assert main.bench.page is not None
    assert main.bench.page.spans[claim].attributes["categories"] == ["health/relief"]


def test_a_copied_list_becomes_categories(window: CodebookWindow, qtbot: QtBot) -> None:
    window.take(Codebook(name="Study"))
    window.tabs.setCurrentWidget(window.categories)
    QGuiApplication.clipboard().setText("Economy\n\tTrade: duties\n\tTaxes\nHealth\n")
    window.categories.tree.setFocus()
    key(window.categories.tree, Qt.Key.Key_V, qtbot, Qt.KeyboardModifier.ControlModifier)
    assert window.categories.take_chip.text() == "Add 4 categories"
    window.categories.take_chip.click()
    found = {each.code: each.definition for each in window.desk.draft.codebook.categories}
    assert found == {"economy": "", "economy/trade": "duties", "economy/taxes": "", "health": ""}


def test_what_only_records_have_is_not_called_required_of_an_article(
    window: CodebookWindow, qtbot: QtBot
) -> None:
    page = window.attributes
    window.tabs.setCurrentWidget(page)
    page.add()
    assert page.required.isVisible()
    page.records.click()
    page.kinds[Kind.CLAIM].click()
    qtbot.waitUntil(lambda: not page.required.isVisible())


def test_categories_that_nothing_takes_are_given_to_claims_at_once(
    window: CodebookWindow, qtbot: QtBot
) -> None:
    window.take(Codebook(name="Study"))
    page = window.categories
    window.tabs.tabBar().setFocus()
    window.tabs.setCurrentWidget(page)
    assert not page.filter.isVisible()
    assert not page.use_chip.isVisible()
    window.desk.draft.add_category("Economy")
    qtbot.waitUntil(page.use_chip.isVisible)
    assert page.filter.isVisible()
    page.use_chip.click()
    (attribute,) = window.desk.draft.codebook.attributes
    assert (attribute.name, attribute.type) == ("category", AttributeType.CATEGORIES)
    assert attribute.kinds == {Kind.CLAIM}
    qtbot.waitUntil(lambda: not page.use_chip.isVisible())


def test_the_filter_shows_what_fits_and_what_is_above_it(window: CodebookWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.categories)
    qtbot.keyClicks(window.categories.filter, "relief")
    model = window.categories.tree.model_
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    top = model.index(0, 0)
    assert (top.data(), model.index(0, 0, top).data()) == ("Sanctions", "Relief")
    window.categories.filter.setText("zzz")
    qtbot.waitUntil(lambda: window.categories.nothing.text() == "No category fits.")


# -- what is wrong ------------------------------------------------------------------------------------


def test_a_key_that_cannot_be_is_said_beside_the_field_and_below(
    window: CodebookWindow, qtbot: QtBot
) -> None:
    window.labels.list.go_to(label_id(window, "Person"))
    window.labels.key.setFocus()
    qtbot.keyClicks(window.labels.key, "r")
    assert "is the window’s own" in window.labels._key.problem.text()
    assert "is the window’s own" in window.said.text()
    assert not window.apply_chip.isEnabled()
    window.tabs.setCurrentWidget(window.relations)
    window.flaw_chip.click()
    assert window.labels.key.hasFocus()
    qtbot.keyClicks(window.labels.key, "a")
    assert "The key A is that of “Actor” and of “Person”" in window.said.text()
    qtbot.keyClicks(window.labels.key, "e")
    assert window.labels._key.hint.text() == "“Go to the attributes of the selected label” then has no key."
    assert window.apply_chip.isEnabled()
    key(window.labels.key, Qt.Key.Key_Backspace, qtbot)
    assert window.desk.draft.labels[label_id(window, "Person")].key == ""


def test_a_pale_colour_is_said_and_a_better_one_taken(window: CodebookWindow, qtbot: QtBot) -> None:
    window.labels.list.go_to(label_id(window, "Place"))
    colour = window.labels.colour
    qtbot.mouseClick(colour.own_chip, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(colour.line, "#9ad0ff")
    qtbot.waitUntil(lambda: any(each.isVisible() for each in colour._doubts.findChildren(Chip)))
    chip = next(each for each in colour._doubts.findChildren(Chip) if each.isVisible())
    assert chip.text().startswith("Take #")
    chip.click()
    taken = window.desk.draft.labels[label_id(window, "Place")].colour
    assert taken in chip.text()
    assert not colour._doubts.isVisible()
    colour.palette_field.setFocus()
    key(colour.palette_field, Qt.Key.Key_Right, qtbot)
    key(colour.palette_field, Qt.Key.Key_Right, qtbot)
    assert window.desk.draft.labels[label_id(window, "Place")].colour == "organization"
    own = colour.own_field
    qtbot.mouseClick(own, Qt.MouseButton.LeftButton, pos=own.box(30).center().toPoint())
    assert window.desk.draft.labels[label_id(window, "Place")].colour == own.colours[30]


# -- the rest of the forms ----------------------------------------------------------------------------


def test_choices_are_renamed_moved_and_pasted(window: CodebookWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.attributes)
    stance = next(id_ for id_, each in window.desk.draft.attributes.items() if each.name == "stance")
    window.attributes.list.go_to(stance)
    choices = window.attributes.choices
    choices.view.selectRow(1)
    choices.view.setFocus()
    key(choices.view, Qt.Key.Key_Up, qtbot, Qt.KeyboardModifier.AltModifier)
    assert next(iter(window.desk.draft.choices(stance).values())) == "oppose"
    key(choices.view, Qt.Key.Key_Return, qtbot)
    editor = next(each for each in choices.view.viewport().findChildren(QLineEdit))
    editor.selectAll()
    qtbot.keyClicks(editor, "against")
    key(editor, Qt.Key.Key_Return, qtbot)
    QGuiApplication.clipboard().setText("neutral\nmixed\n")
    choices.line.setFocus()
    key(choices.line, Qt.Key.Key_V, qtbot, Qt.KeyboardModifier.ControlModifier)
    assert list(window.desk.draft.choices(stance).values()) == [
        "against",
        "support",
        "ambivalent",
        "unset",
        "neutral",
        "mixed",
    ]


def test_a_relation_says_what_it_joins(window: CodebookWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.relations)
    window.relations.list.add_chip.click()
    qtbot.keyClicks(window.relations.title, "answers to")
    qtbot.mouseClick(window.relations.heads[Kind.ACTOR], Qt.MouseButton.LeftButton)
    assert window.relations.sentence.text() == "An actor or a claim  →  answers to  →  an actor"
    assert window.relations.rule.isVisible()
    assert window.relations.rule.text() == (
        "The rule goes by kind, not by label: from any actor label or any claim label to any actor label "
        "of the codebook."
    )
    made = list(window.desk.draft.relation_types.values())[-1]
    assert made.name == "answers_to"
    for kind in (Kind.ACTOR, Kind.CLAIM):
        qtbot.mouseClick(window.relations.heads[kind], Qt.MouseButton.LeftButton)
    assert window.relations._heads.problem.text() == "Say what the relation “answers to” starts from."
    assert window.relations.rule.text() == "The rule goes by kind, not by label."


def test_an_empty_list_of_attributes_says_what_an_attribute_is(window: CodebookWindow) -> None:
    window.take(Codebook(name="Empty"))
    window.tabs.setCurrentWidget(window.attributes)
    assert window.attributes.list.nothing.isVisible()
    assert "An attribute is a question about a span" in window.attributes.list.nothing.text()


def test_a_guideline_is_shown_as_it_is_written(window: CodebookWindow, qtbot: QtBot) -> None:
    window.labels.list.go_to(label_id(window, "Person"))
    window.labels.guideline.edit.selectAll()
    qtbot.keyClicks(window.labels.guideline.edit, "A **named** human.")
    assert window.labels.guideline.view.toPlainText() == "A named human."
    assert window.desk.draft.labels[label_id(window, "Person")].guideline == "A **named** human."


# -- files, versions, closing -------------------------------------------------------------------------


def test_saved_as_a_file_and_loaded_again(
    window: CodebookWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine"
    monkeypatch.setattr(choosing, "file_to_save", lambda *_, **__: str(path))
    window.save_chip.click()
    written = tmp_path / "mine.toml"
    assert window.said.text() == "Saved as mine.toml."
    assert codebook_from_toml(written.read_text("utf-8")) == window.desk.draft.codebook
    written.write_text(written.read_text("utf-8").replace('"General news"', '"Other news"', 1), "utf-8")
    monkeypatch.setattr(choosing, "file_to_open", lambda *_, **__: str(written))
    window.load_chip.click()
    assert window.said.text() == "Names the codebook “Other news”."
    window.desk.draft.undo()
    written.write_text("name = 3", "utf-8")
    window.load_chip.click()
    assert "'name' must be a text, not 3" in window.said.text()
    assert not window.desk.draft.changed


def test_an_older_version_is_looked_at_and_taken(main: MainWindow, window: CodebookWindow) -> None:
    window.desk.draft.remove(label_id(window, "Law"))
    assert window.apply()
    window.tabs.setCurrentWidget(window.versions)
    versions = window.versions
    assert not versions.restore_chip.isEnabled(), "the newest is what there is"
    versions.list.view.selectRow(1)
    assert versions.effect.text() == "Taking it adds 1 label."
    assert 'name = "Law"' in versions.text.toPlainText()
    versions.restore_chip.click()
    assert window.apply()
    assert book(main).label(Kind.ENTITY, "Law") is not None


def test_closing_with_changes_asks_in_place(main: MainWindow, window: CodebookWindow, qtbot: QtBot) -> None:
    window.desk.draft.rename_codebook("Other")
    window.close()
    assert window.isVisible()
    key(window.strip, Qt.Key.Key_Escape, qtbot)
    window.close()
    answer(window, "Apply and close", qtbot)
    assert not window.isVisible()
    assert book(main).name == "Other"


def test_closing_without_applying_leaves_the_project_alone(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    window.desk.draft.rename_codebook("Other")
    window.close()
    answer(window, "Close without applying", qtbot)
    assert not window.isVisible()
    assert book(main).name == "General news"


def test_discarding_can_be_taken_back(window: CodebookWindow) -> None:
    window.desk.draft.rename_codebook("Other")
    window.discard_chip.click()
    assert window.name.text() == "General news"
    assert not window.apply_chip.isEnabled()
    window.undo_chip.click()
    assert window.name.text() == "Other"


def test_somebody_elses_change_meanwhile_is_said(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    window.desk.draft.rename_codebook("Mine")
    assert main.bench.editor is not None
    from annotator.core.records import replace

    main.bench.editor.change_codebook(replace(book(main), name="Theirs"), (), "Change the codebook")
    assert "has been changed in the meantime" in window.strip.words.text()
    answer(window, "Put mine", qtbot)
    assert window.apply()
    assert book(main).name == "Mine"


def test_where_the_project_can_only_be_read_everything_says_so(
    main: MainWindow, window: CodebookWindow
) -> None:
    main.bench.keeper.read_only = "Ben has this project open."
    main.bench.holding_changed.emit()
    assert window.said.text() == "Ben has this project open."
    for page in (window.labels, window.attributes, window.categories, window.relations):
        window.tabs.setCurrentWidget(page)
        assert not page.form.isEnabled()
    assert not window.labels.list.add_chip.isEnabled()
    assert not window.categories.add_chip.isEnabled()
    for chip in (window.apply_chip, window.start_chip, window.load_chip):
        assert not chip.isEnabled()
    assert window.save_chip.isEnabled()
    main.bench.keeper.read_only = ""


def test_another_project_closes_it(main: MainWindow, window: CodebookWindow, tmp_path: Path) -> None:
    main.bench.open(tmp_path / "other.annot", create=True)
    assert not window.isVisible()
    assert main.bench.keeper.guards == []


def test_what_is_not_applied_is_asked_about_before_the_project_is_left(
    main: MainWindow, window: CodebookWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.desk.draft.rename_codebook("Mine")
    assert not main.bench.open(tmp_path / "other.annot", create=True)
    assert window.strip.words.text() == "What you changed here is not applied yet."
    key(window.strip, Qt.Key.Key_Escape, qtbot)
    main.close()
    assert main.isVisible()
    answer(window, "Close without applying", qtbot)
    assert main.bench.open(tmp_path / "other.annot", create=True)


def test_a_category_to_merge_into_is_found_by_any_part_of_it(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    claim = make(main, Kind.CLAIM, "Claim", "talks must go on")
    main.bench.run(SetAttribute(Target.SPAN, claim, "categories", ["sanctions/relief"]))
    window.tabs.setCurrentWidget(window.categories)
    window.categories.tree.go_to(category_id(window, "sanctions"))
    window.categories.tree.setFocus()
    key(window.categories.tree, Qt.Key.Key_Delete, qtbot)
    assert window.strip.words.text() == "The category Sanctions is in 1 claim."
    box = next(each for each in window.strip.findChildren(ComboBox) if each.isVisible())
    line = box.lineEdit()
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, "nothing like it")
    answer(window, "Merge into", qtbot)
    assert window.strip.isVisible()
    line.selectAll()
    qtbot.keyClicks(line, "Negoti")
    popup = box.completer().popup()
    assert popup.model().index(0, 0).data() == "Diplomacy / Negotiation"
    key(popup, Qt.Key.Key_Down, qtbot)
    key(popup, Qt.Key.Key_Return, qtbot)
    answer(window, "Merge into", qtbot)
    codes = [each.code for each in window.desk.draft.codebook.categories]
    assert "diplomacy/negotiation/relief" in codes
    assert window.apply()
    assert main.bench.page is not None
    assert main.bench.page.spans[claim].attributes["categories"] == ["diplomacy/negotiation/relief"]


def test_a_new_project_with_a_codebook_of_its_own_begins_with_making_it(
    main: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path = tmp_path / "study.annot"
    monkeypatch.setattr(choosing, "file_to_save", lambda *_, **__: str(path))

    def choose() -> None:
        dialog = main.findChild(NewProjectDialog)
        assert dialog is not None
        dialog.findChildren(QRadioButton)[-1].click()
        dialog.accept()

    QTimer.singleShot(0, choose)
    main.files.new_project()
    qtbot.waitUntil(lambda: main.findChild(CodebookWindow) is not None)
    window = main.findChild(CodebookWindow)
    assert window is not None
    assert window.name.text() == "study"
    window.labels.add(Kind.ACTOR)
    qtbot.keyClicks(window.labels.name, "Actor")
    assert window.apply()
    assert [each.name for each in book(main).labels] == ["Actor"]


def test_what_was_clicked_and_is_of_no_use_any_more_does_not_lead_into_the_name(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    for chip in (window.apply_chip, window.undo_chip, window.discard_chip):
        window.labels.name.setFocus()
        qtbot.keyClicks(window.labels.name, "x")
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
        assert not chip.isEnabled()
        assert window.labels.list.view.hasFocus()
    qtbot.keyClicks(window.focusWidget(), "x")
    assert book(main).name == window.name.text() == "General news"


def test_a_narrow_window_keeps_colours_in_their_rows_and_shows_the_label_whole(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    window.resize(window.minimumSize())
    field = window.labels.colour
    field.own_chip.setChecked(True)
    qtbot.waitUntil(field.own_field.isVisible)
    for swatches in (field.palette_field, field.own_field):
        first, last = swatches.box(0), swatches.box(swatches.columns - 1)
        assert first.top() == last.top()
        assert last.right() <= swatches.width()
    preview = window.labels.preview
    qtbot.waitUntil(lambda: preview.height() == preview.heightForWidth(preview.width()))
    assert preview.height() > preview.sizeHint().height(), "one above the other"


def test_what_narrowing_clears_and_leaves_is_counted(
    main: MainWindow, window: CodebookWindow, qtbot: QtBot
) -> None:
    claim = make(main, Kind.CLAIM, "Claim", "talks must go on")
    actor = make(main, Kind.ACTOR, "Actor", "Rob Malley")
    main.bench.run(SetAttribute(Target.SPAN, claim, "stance", "oppose"))
    main.bench.run(DrawRelation("made_by", claim, actor))
    draft = window.desk.draft
    stance = next(id_ for id_, each in draft.attributes.items() if each.name == "stance")
    made_by = next(id_ for id_, each in draft.relation_types.items() if each.name == "made_by")
    draft.change(stance, kinds=frozenset({Kind.ENTITY}))
    words = "Clears 1 value where the attribute does not belong any more"
    qtbot.waitUntil(lambda: window.said.text().startswith(words))
    draft.change(made_by, heads=frozenset({Kind.ENTITY}))
    words += ", leaves 1 drawn relation that the new rules do not allow"
    qtbot.waitUntil(lambda: window.said.text().startswith(words))
    assert window.apply()
    assert main.bench.page is not None
    assert "stance" not in main.bench.page.spans[claim].attributes
    assert len(main.bench.page.relations) == 1


def test_an_empty_codebook_is_offered_where_that_of_another_project_was_open(
    main: MainWindow, window: CodebookWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    assert main.bench.open(tmp_path / "new.annot", create=True, codebook=Codebook(name="Mine"))

    def offered() -> bool:
        return [each.name.text() for each in main.findChildren(CodebookWindow) if each.isVisible()] == [
            "Mine"
        ]

    qtbot.waitUntil(offered)
