"""The dialog before an import in which there is something to decide."""

from __future__ import annotations

from typing import override

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.core.codebook import Codebook
from annotator.core.errors import AnnotatorError, Problem
from annotator.core.mapping import ImportMapping
from annotator.core.records import replace
from annotator.core.text import counted
from annotator.formats.registry import AUTO, READERS
from annotator.session.surveying import Survey
from annotator.ui.controls import ComboBox, Themed, label
from annotator.ui.dialog_buttons import DialogButtons
from annotator.ui.formats import in_order, with_endings
from annotator.ui.importing.articles_page import ArticlesPage
from annotator.ui.importing.copies_page import CopiesPage
from annotator.ui.importing.draft import ImportDraft, enumerated, format_title
from annotator.ui.importing.labels_page import LabelsPage
from annotator.ui.importing.looking import Look, Wanted
from annotator.ui.importing.mapping_files import MappingFiles
from annotator.ui.notices import sentence
from annotator.ui.tasks import Tasks
from annotator.ui.theme import Theme

LOOKING = "Looking at the files"
MOST_PROBLEMS = 20
"""Problems that are listed."""
_AGAIN = 250
"""Milliseconds after a change before the files are looked at again."""


class ImportChoice(Struct, frozen=True):
    """How the person wants the files imported."""

    format: str
    mapping: ImportMapping
    as_suggestions: bool
    all_mine: bool
    """Whether the labels are those of who imports, whoever the files name."""
    skip_copies: bool
    """Whether articles that nearly repeat others are left out."""


class ImportDialog(Themed, QDialog):
    """Looks at the files, shows what they hold, and lets the person say what becomes of it.

    Signal: ``looked`` (a Survey), after each look; ``choice`` is what was decided, once it was accepted.
    """

    looked = Signal(object)

    def __init__(
        self,
        theme: Theme,
        wanted: Wanted,
        codebook: Codebook,
        annotator: str,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle("Import")
        self._wanted = wanted
        self._tasks = tasks
        tasks.busy_changed.connect(self._on_stepped)
        self._codebook = codebook
        self._look: Look | None = None
        self._asked = False
        """Whether Import was pressed while the files were looked at again."""
        self.draft: ImportDraft | None = None
        self._again = QTimer(self, interval=_AGAIN, singleShot=True)
        self._again.timeout.connect(self.look)
        self.head = label("", "quiet", wrap=True)
        self.format = ComboBox(theme)
        self.format.setAccessibleName("Format")
        self.format.setMinimumContentsLength(40)
        self.format.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.format.addItem("As recognised", AUTO)
        for form in in_order(READERS.values()):
            self.format.addItem(with_endings(form), form.name)
        self.format.activated.connect(self._on_format)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setAccessibleName("What to decide")
        self.tabs.tabBar().setAccessibleName("What to decide")
        # They are this dialog's also while they are no tab: Python must not delete them in another thread.
        self.articles = ArticlesPage(theme, self.tabs)
        self.labels = LabelsPage(theme, annotator, self.tabs)
        self.copies = CopiesPage(theme, self.tabs)
        self._pages: tuple[QWidget, ...] = (self.articles, self.labels, self.copies)
        for page in self._pages:
            page.hide()
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the bar is where the keyboard goes
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.problems_said = label("", "problem", wrap=True)
        self.problems = QPlainTextEdit()
        self.problems.setReadOnly(True)
        self.problems.setTabChangesFocus(True)
        self.problems.setMinimumHeight(52)
        self.problems.setAccessibleName("Problems of the files")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of the look into the files")
        self.looking = label("Looking at the files …", "empty")
        self.why = label("", "problem", wrap=True)
        self.files = MappingFiles(self)
        self.save = QPushButton("&Save mapping…")
        self.load = QPushButton("L&oad mapping…")
        self.buttons = DialogButtons("Import")
        self.go = self.buttons.go
        self.buttons.cancel.setAutoDefault(False)  # while there is nothing yet, Enter does nothing
        for button in (self.save, self.load):
            self.buttons.addButton(button, DialogButtons.ButtonRole.ResetRole)
        self.save.clicked.connect(self._on_save)
        self.load.clicked.connect(self._on_load)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.articles.changed.connect(self._on_changed)
        self.labels.changed.connect(self._on_changed)
        self.labels.whose_changed.connect(self._show_foot)
        self.copies.changed.connect(self._show_foot)
        # a page that is hidden gives the focus away button by button, which takes the default one away
        self.tabs.currentChanged.connect(lambda: QTimer.singleShot(0, self.buttons, self.buttons.make_usual))
        self._lay_out()
        self._show_foot()

    def _lay_out(self) -> None:
        waiting = QWidget()
        middle = QVBoxLayout(waiting)
        middle.addStretch(2)
        middle.addWidget(self.looking, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addSpacing(12)
        middle.addWidget(self.progress, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(3)
        self.progress.setFixedWidth(280)
        found = QWidget()
        pages = QVBoxLayout(found)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.setSpacing(8)
        pages.addWidget(self.head)
        pages.addWidget(self.tabs, 1)
        pages.addWidget(self.problems_said)
        pages.addWidget(self.problems)
        pages.addStretch(0)
        self.stack = QStackedWidget()
        self.stack.addWidget(waiting)
        self.stack.addWidget(found)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(label("Import", "title"))
        top.addStretch(1)
        self.format_said = label("&Format", "heading")
        self.format_said.setBuddy(self.format)
        for widget in (self.format_said, self.format, self.why):  # nothing moves when they come
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
            widget.hide()
        top.addWidget(self.format_said)
        top.addWidget(self.format)
        column.addLayout(top)
        column.addWidget(self.stack, 1)
        column.addWidget(self.why)
        column.addWidget(self.buttons)
        self.setMinimumWidth(600)
        parent = self.parentWidget()
        room = parent.size() if parent else QSize(1060, 800)
        self.resize(min(980, max(600, room.width() - 80)), min(760, max(440, room.height() - 40)))

    # -- looking ------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the files, as the mapping stands; an older look that is not done is dropped."""
        self._again.stop()
        self._drop_look()
        mapping = self.draft.mapping() if self.draft else self._wanted.mapping
        look = Look(replace(self._wanted, mapping=mapping))
        self._look = look
        self.progress.setRange(0, 0)
        self._tasks.run(
            LOOKING,
            look,
            lambda survey: self._on_found(look, survey),
            lambda error: self._on_failed(look, error),
        )
        self._show_foot()

    def _drop_look(self) -> None:
        if self._look is not None:
            self._look.stop()
            self._look = None

    @property
    def is_looking(self) -> bool:
        """Whether the files are looked at just now, or will be at once."""
        return self._look is not None or self._again.isActive()

    def _on_stepped(self, what: str, done: int, total: int) -> None:
        if what != LOOKING:
            return
        self.progress.setRange(0, max(1, total))
        self.progress.setValue(done)

    def _on_found(self, look: Look, found: object) -> None:
        if look is not self._look:
            return
        self._look = None
        survey: Survey = found  # type: ignore[assignment]
        self.show_survey(survey)
        self.looked.emit(survey)
        if self._asked:
            self._asked = False
            self.accept()

    def _on_failed(self, look: Look, error: Exception) -> None:
        if look is not self._look:
            return
        self._look = None
        self._asked = False
        what = f"these files could not be looked into ({type(error).__name__})"
        cure = "The log says more"
        problem = error.problem if isinstance(error, AnnotatorError) else Problem(what, cure=cure)
        failed = replace(self.draft.survey if self.draft else Survey(), problems=[problem])
        self.show_survey(failed)
        self.looked.emit(failed)

    def show_survey(self, survey: Survey) -> None:
        """Show what was found; what the person has decided already stays."""
        first = self.draft is None
        if self.draft is None:
            self.draft = ImportDraft(survey, self._codebook)
        else:
            self.draft.follow(survey)
        draft = self.draft
        self.buttons.cancel.setAutoDefault(True)
        self.stack.setCurrentIndex(1)
        self.format_said.show()
        self.format.show()
        self.head.setText(draft.head_sentence() if survey.files else "Nothing could be read.")
        titles = list(dict.fromkeys(format_title(each.format) for each in survey.files if each.format))
        if self.format.currentData() == AUTO:
            shown = enumerated(titles) if len(titles) < 3 else f"{len(titles)} formats"
            self.format.setItemText(0, f"As recognised: {shown}" if titles else "As recognised")
        self._show_pages(draft)
        if first:
            self._focus_page()
        self._show_problems(survey, draft.problems())
        self._show_foot()

    def _show_pages(self, draft: ImportDraft) -> None:
        wanted: list[tuple[QWidget, str]] = []
        if draft.has_columns or any(each.samples for each in draft.survey.files):
            self.articles.show_draft(draft)
            wanted.append((self.articles, "&Articles"))
        if draft.has_names:
            self.labels.show_draft(draft)
            wanted.append((self.labels, "&Labels"))
        if self.copies.show_survey(draft.survey):
            wanted.append((self.copies, "&Near-duplicates"))
        here = [self.tabs.widget(nth) for nth in range(self.tabs.count())]
        if here != [page for page, _ in wanted]:
            while self.tabs.count():
                self.tabs.removeTab(0)
            for page in self._pages:
                page.setParent(self.tabs)
            for page, words in wanted:
                self.tabs.addTab(page, words)
            if draft.has_names and not draft.why_not():
                self.tabs.setCurrentWidget(self.labels)
            elif draft.survey.copies and not draft.has_columns:
                self.tabs.setCurrentWidget(self.copies)
        self.tabs.tabBar().setVisible(len(wanted) > 1)
        self.tabs.setVisible(bool(wanted))

    def _focus_page(self) -> None:
        """Give the keyboard to what there is to decide first."""
        page = self.tabs.currentWidget()
        if self.tabs.isHidden():
            self.format.setFocus()
        elif page is self.labels:
            self.labels.table.setFocus()
        elif page is self.articles:
            boxes = self.articles.table.header.boxes
            (boxes[0] if boxes else self.articles.table).setFocus()
        else:
            self.copies.view.setFocus()

    def _show_problems(self, survey: Survey, problems: list[Problem]) -> None:
        self.problems_said.setVisible(bool(problems))
        self.problems.setVisible(bool(problems))
        more = len(problems) - MOST_PROBLEMS
        lines = [sentence(each) for each in problems[:MOST_PROBLEMS]]
        if more > 0:
            lines.append(f"and {more:,} more")
        self.problems.setPlainText("\n".join(lines))
        they = "it is" if len(problems) == 1 else "they are"
        bad = survey.unread + sum(each.problems > 0 for each in survey.files)
        what = f"nothing can be imported until {they} put right"
        if survey.articles and bad:
            what = (
                f"{counted(bad, 'file')} {'is' if bad == 1 else 'are'} left out, the others can be imported"
            )
        elif survey.articles:  # such as a folder without articles
            what = "what is right can be imported"
        self.problems_said.setText(f"{counted(len(problems), 'problem')}: {what}.")
        alone = self.tabs.isHidden()
        lines_high = self.problems.fontMetrics().lineSpacing() * max(3, 2 * len(lines)) + 22
        self.problems.setMaximumHeight(lines_high if alone else 110)

    # -- deciding -----------------------------------------------------------------------------

    def _on_format(self) -> None:
        self._wanted = replace(self._wanted, format=self.format.currentData())
        self.draft = None  # other names, other columns
        self.look()

    def _on_changed(self) -> None:
        self._again.start()
        self._show_foot()

    def _show_foot(self) -> None:
        draft = self.draft
        reason = (draft.why_not() or self.labels.why_not()) if draft else ""
        self.why.setText(reason)
        self.why.setVisible(bool(reason))
        count = draft.survey.articles - draft.survey.known if draft else 0
        if draft and self.copies.skips:
            count = max(0, count - self.copies.count)
        otherwise = "Import labels" if draft and draft.has_names and draft.survey.articles else "Import"
        self.go.setText(f"Import {counted(count, 'article')}" if count else otherwise)
        ready = draft is not None and not reason and draft.survey.articles > 0
        waits = draft is not None and not reason and self.is_looking
        self.go.setEnabled(ready or waits)
        for button in (self.save, self.load):
            button.setVisible(draft is not None and (draft.has_columns or draft.has_foreign_names))

    def _on_save(self) -> None:
        if self.draft is not None:
            self.files.save(self.draft.mapping())

    def _on_load(self) -> None:
        mapping = self.files.load()
        if mapping is not None and self.draft is not None:
            self.draft.take(mapping)
            self._show_pages(self.draft)
            self._on_changed()

    def choice(self) -> ImportChoice:
        """What was decided."""
        assert self.draft is not None
        return ImportChoice(
            format=self._wanted.format,
            mapping=self.draft.mapping(),
            as_suggestions=self.labels.as_suggestions,
            all_mine=self.labels.all_mine,
            skip_copies=self.copies.skips,
        )

    @override
    def accept(self) -> None:
        """Import; where the files are looked at again just now, as soon as nothing is found wrong."""
        if not self.go.isEnabled():
            return
        if self.is_looking:
            self._asked = True
            return
        super().accept()

    def stop(self) -> None:
        """Look no more."""
        self._again.stop()
        self._drop_look()

    @override
    def done(self, result: int) -> None:
        self.stop()
        super().done(result)
