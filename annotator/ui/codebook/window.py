"""The codebook's window: its sections, what applying the draft would do, and the way to do it."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QMenu,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.core.codebook import Codebook
from annotator.core.drafting import Draft
from annotator.core.errors import AnnotatorError
from annotator.ui.codebook.asking import AskStrip
from annotator.ui.codebook.attributes_page import AttributesPage
from annotator.ui.codebook.categories_page import CategoriesPage
from annotator.ui.codebook.desk import Answer, CodebookDesk, Question
from annotator.ui.codebook.fields import REDO, UNDO, Line
from annotator.ui.codebook.labels_page import LabelsPage
from annotator.ui.codebook.relations_page import RelationsPage
from annotator.ui.codebook.sharing import load_codebook, save_codebook
from annotator.ui.codebook.versions_page import VersionsPage
from annotator.ui.controls import Chip, Themed, hairline, label
from annotator.ui.notices import sentence
from annotator.ui.theme import Theme
from annotator.ui.workbench import Workbench

TABS = ("Labels", "Attributes", "Categories", "Relations", "Versions")


class CodebookWindow(Themed, QDialog):
    """Stays beside the main window while the person goes on labelling.

    Nothing of the project changes until Apply, which is one edit that Ctrl+Z takes back in the main
    window. Until then Ctrl+Z in here takes back what was done in here.
    Signal: ``applied`` (the project has the codebook).
    """

    applied = Signal()

    def __init__(self, bench: Workbench, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert bench.editor is not None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Codebook")
        self.resize(1120, 800)
        self.setMinimumSize(720, 480)
        self.theme = theme
        self._bench = bench
        self._applying = False
        self._closing = False
        self.desk = CodebookDesk(Draft(bench.editor.codebook), bench.editor.repository, self)
        self.name = Line("Name of the codebook", "Name of the codebook")
        self.name.setProperty("look", "title")
        self.start_chip = Chip("Start from", theme, trail="chevron", bare=True)
        self.load_chip = Chip("Load…", theme, bare=True)
        self.save_chip = Chip("Save as…", theme, bare=True)
        self.labels = LabelsPage(self.desk, theme)
        self.attributes = AttributesPage(self.desk, theme)
        self.categories = CategoriesPage(self.desk, theme)
        self.relations = RelationsPage(self.desk, theme)
        self.versions = VersionsPage(self.desk, theme)
        self.tabs = QTabWidget()
        self.tabs.tabBar().setAccessibleName("Parts of the codebook")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        pages = (self.labels, self.attributes, self.categories, self.relations, self.versions)
        for words, page in zip(TABS, pages, strict=True):
            self.tabs.addTab(page, words)
        self.strip = AskStrip(theme)
        self.said = label("", "quiet", wrap=True)
        self.said.setAccessibleName("What applying would do")
        self.flaw_chip = Chip("Show", theme)
        self.undo_chip = Chip("Undo", theme, key="Ctrl+Z", bare=True)
        self.discard_chip = Chip("Discard", theme, bare=True)
        self.apply_chip = Chip("Apply", theme, key="Ctrl+Enter", strong=True)
        self._place()
        self._join()
        self._follow_keeper()
        self._show()
        self.labels.list.view.setFocus()

    def _place(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addSpacing(4)  # its words begin where those of the tabs do
        top.addWidget(self.name, 1)
        top.addSpacing(12)
        for chip in (self.start_chip, self.load_chip, self.save_chip):
            top.addWidget(chip)
        upper = QVBoxLayout()
        upper.setContentsMargins(24, 16, 24, 0)
        upper.setSpacing(8)
        upper.addLayout(top)
        upper.addWidget(self.tabs, 1)
        end = QHBoxLayout()
        end.setContentsMargins(24, 12, 24, 14)
        end.setSpacing(8)
        end.addWidget(self.said, 1)
        for chip in (self.flaw_chip, self.undo_chip, self.discard_chip, self.apply_chip):
            end.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(hairline())
        column.addWidget(self.strip)
        column.addLayout(end)

    def _join(self) -> None:
        bench, desk = self._bench, self.desk
        desk.changed.connect(self._show)
        desk.counted.connect(self._say)
        desk.asked.connect(self.strip.ask)
        self.name.typed.connect(desk.draft.rename_codebook)
        self.name.left.connect(desk.draft.settle)
        self.start_chip.clicked.connect(self._offer_starts)
        self.load_chip.clicked.connect(lambda: load_codebook(self, bench.settings, self.take, self._tell))
        self.save_chip.clicked.connect(
            lambda: save_codebook(self, bench.settings, desk.draft.codebook, self._tell)
        )
        self.flaw_chip.clicked.connect(self.show_flaw)
        self.undo_chip.clicked.connect(desk.draft.undo)
        self.discard_chip.clicked.connect(self._ask_discard)
        self.apply_chip.clicked.connect(self.apply)
        self.tabs.currentChanged.connect(lambda _: desk.draft.settle())
        for keys, run in (
            (UNDO, desk.draft.undo),
            (REDO, desk.draft.redo),
            (("Ctrl+Return", "Ctrl+Enter"), self.apply),
        ):
            for each in keys:
                QShortcut(QKeySequence(each), self).activated.connect(run)
        bench.codebook_changed.connect(self._on_codebook_changed)
        bench.holding_changed.connect(self._follow_keeper)
        bench.project_changed.connect(self._on_project_changed)
        bench.keeper.guards.append(self._objects)

    # -- showing --------------------------------------------------------------------------------

    def _follow_keeper(self) -> None:
        self.desk.refuse(self._bench.keeper.read_only)

    def _show(self) -> None:
        draft, may = self.desk.draft, self.desk.may_edit
        book = draft.codebook
        self.name.show_text(book.name)
        self.name.setEnabled(may)
        numbers = (len(book.labels), len(book.attributes), len(book.categories), len(book.relation_types))
        for nth, number in enumerate(numbers):
            self.tabs.setTabText(nth, f"{TABS[nth]} {number:,}" if number else TABS[nth])
        for chip in (self.start_chip, self.load_chip):
            chip.setEnabled(may)
        self._enable(self.undo_chip, bool(draft.undoable) and may)
        self.undo_chip.setToolTip(draft.undoable)
        self._enable(self.discard_chip, draft.changed)
        self._say()

    def _say(self) -> None:
        """Say what applying would do, or why it cannot be."""
        desk = self.desk
        flaw = desk.flaws[0].what if desk.flaws else ""
        more = f" And {len(desk.flaws) - 1} more." if len(desk.flaws) > 1 else ""
        changed = desk.draft.changed
        words = desk.effect if changed else "Nothing is changed in the project until you apply."
        self._put(desk.refusal or (f"{flaw}{more}" if flaw else words), wrong=bool(flaw) and desk.may_edit)
        self.flaw_chip.setVisible(bool(flaw) and desk.may_edit)
        self._enable(self.apply_chip, desk.may_edit and changed and not flaw)
        self.apply_chip.setToolTip(desk.refusal or flaw)

    def _enable(self, chip: Chip, may: bool) -> None:
        """Let a chip be clicked or not; one that has the keyboard then gives it to the section, which Qt
        would give to the codebook's name, to be overwritten by the next key."""
        if not may and chip.hasFocus():
            parts = (self.labels, self.attributes, self.relations, self.versions)
            views: list[QWidget] = [self.categories.tree, *(each.list.view for each in parts)]
            next((each for each in views if each.isVisible()), self.tabs.tabBar()).setFocus()
        chip.setEnabled(may)

    def _put(self, words: str, *, wrong: bool) -> None:
        self.said.setText(words)
        look = "problem" if wrong else "quiet"
        if self.said.property("look") != look:
            self.said.setProperty("look", look)
            self.said.style().polish(self.said)

    def _tell(self, words: str, wrong: bool) -> None:
        """Say something in the place of what applying would do, until the next change."""
        self._put(words, wrong=wrong)

    def show_flaw(self) -> None:
        """Go to the first thing that is wrong."""
        for flaw in self.desk.flaws[:1]:
            if flaw.id is None:
                self.name.setFocus()
                return
            draft = self.desk.draft
            found: LabelsPage | AttributesPage | CategoriesPage | RelationsPage = self.labels
            if flaw.id in draft.attributes:
                found = self.attributes
            elif flaw.id in draft.category_ids:
                found = self.categories
            elif flaw.id in draft.relation_types:
                found = self.relations
            self.tabs.setCurrentWidget(found)
            found.go_to(flaw.id, flaw.field)

    # -- other codebooks ------------------------------------------------------------------------

    def _offer_starts(self) -> None:
        from annotator.session.codebooks import shipped_codebooks

        menu = QMenu(self)
        for _, what, book in shipped_codebooks():
            action = menu.addAction(f"{book.name}: {what[0].lower()}{what[1:]}".replace("&", "&&"))
            action.triggered.connect(lambda _=False, book=book: self.take(book))
        menu.addSeparator()
        empty = menu.addAction("An empty codebook")
        empty.triggered.connect(lambda: self.take(Codebook(name=self.desk.draft.codebook.name)))
        menu.popup(self.start_chip.mapToGlobal(self.start_chip.rect().bottomLeft()))

    def take(self, codebook: Codebook) -> None:
        """Have everything as in another codebook; what both have keeps its labels."""
        self.desk.draft.take(codebook, f"Take the codebook {codebook.name}")

    # -- applying -------------------------------------------------------------------------------

    def apply(self) -> bool:
        """Make the draft the project's codebook. Whether it is."""
        desk, editor = self.desk, self._bench.editor
        if editor is None or not desk.may_edit or desk.flaws or not desk.draft.changed:
            return False
        if editor.look_again():
            return False  # which has been told
        draft = desk.draft
        self._applying = True
        try:
            editor.change_codebook(draft.codebook, draft.moves, desk.title())
        except AnnotatorError as error:
            self._tell(sentence(error.problem), True)
            return False
        finally:
            self._applying = False
        self._begin_again()
        self._tell("Applied. Ctrl+Z in the main window takes it back.", False)
        self.applied.emit()
        return True

    def _begin_again(self) -> None:
        assert self._bench.editor is not None
        self.desk.draft.begin_again(self._bench.editor.codebook)
        self.desk.count()
        self.versions.read()

    def _on_codebook_changed(self) -> None:
        if self._applying or self._bench.editor is None:
            return
        if not self.desk.draft.changed:
            self._begin_again()
            return
        self.desk.asked.emit(
            Question(
                "The project’s codebook has been changed in the meantime; your changes here start from the "
                "older one.",
                (
                    Answer("Show the new one, without my changes", self._begin_again),
                    Answer("Put mine in its place", self._put_mine),
                ),
            )
        )

    def _put_mine(self) -> None:
        mine = self.desk.draft.codebook
        self._begin_again()
        self.desk.draft.take(mine)

    def _ask_discard(self) -> None:
        """Discard what was changed; the window's own undo brings it back."""
        self.desk.draft.discard()

    # -- closing --------------------------------------------------------------------------------

    def _on_project_changed(self) -> None:
        project = self._bench.project
        if project is None or project.repository is not self.desk.repository:
            self._leave()

    def _leave(self) -> None:
        self._closing = True
        self.close()

    def _objects(self) -> bool:
        """Whether the project must not be left yet, for something is not applied; it is asked about then."""
        if not self.desk.draft.changed:
            return False
        self.raise_()
        self.activateWindow()
        self._ask_to_close()
        return True

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closing or not self.desk.draft.changed:
            self._bench.keeper.guards.remove(self._objects)
            event.accept()
            return
        event.ignore()
        self._ask_to_close()

    def _ask_to_close(self) -> None:
        answers = [
            Answer("Apply and close", self._apply_and_close, strong=True),
            Answer("Close without applying", self._leave),
        ]
        if self.desk.flaws or not self.desk.may_edit:
            answers = answers[1:]
        self.desk.asked.emit(Question("What you changed here is not applied yet.", tuple(answers)))

    def _apply_and_close(self) -> None:
        if self.apply():
            self.close()

    @override
    def reject(self) -> None:
        if self.strip.isVisible():
            self.strip.ask(None)
        else:
            self.close()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QAbstractButton):
                focused.click()
            return  # Enter in a field is no answer
        super().keyPressEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and not self._applying:
            editor = self._bench.editor
            if editor is not None and not self._closing:
                editor.look_again()
