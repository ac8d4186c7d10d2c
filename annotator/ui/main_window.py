"""The window: places the parts and joins their signals; decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import override

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.core.codebook import Codebook, Label
from annotator.core.commands import SetStatus
from annotator.core.errors import Problem
from annotator.core.model import Status
from annotator.runtime.settings import (
    ANNOTATOR,
    AUTO_SUGGEST,
    INSPECTOR_SIZES,
    LEAST_CERTAIN_FIRST,
    RECENT_PROJECTS,
    SPLITTER_SIZES,
    ZOOM,
    Setting,
    Settings,
)
from annotator.session.editor import Changed
from annotator.ui import style
from annotator.ui.actions import ACTIONS, MENUS
from annotator.ui.actors.identities import Identities
from annotator.ui.appearance import keep_places, restore_places, wanted_theme
from annotator.ui.beside import Beside
from annotator.ui.canvas.accessible import Speaker
from annotator.ui.canvas.hands import Hands
from annotator.ui.canvas.linking import Linking
from annotator.ui.canvas.review import Review
from annotator.ui.canvas.view import ArticleView
from annotator.ui.certainty import Certainty
from annotator.ui.checking import Checking
from annotator.ui.completing import Completing
from annotator.ui.controls import show_keys, spread
from annotator.ui.files import Files
from annotator.ui.finding import Finding
from annotator.ui.guiding import Guiding
from annotator.ui.keymap import KeyBook
from annotator.ui.listing import Listing
from annotator.ui.name_strip import NameStrip
from annotator.ui.notices import Notices
from annotator.ui.panels.articles import ArticlesPanel
from annotator.ui.panels.find_bar import FindBar
from annotator.ui.panels.find_project import FindPanel
from annotator.ui.panels.inspector import Inspector
from annotator.ui.panels.labels import LabelsPanel
from annotator.ui.safety import Safety
from annotator.ui.shortcuts import build, label_action, label_rows
from annotator.ui.slots import WindowSlots
from annotator.ui.status import StatusLine
from annotator.ui.theme import Theme
from annotator.ui.together import Together
from annotator.ui.twins import Twins
from annotator.ui.workbench import Workbench

LEAST_WITH_INSPECTOR = 1000
LEAST_WITH_LIST = 720
"""Widths in pixels below which the inspector and the list of articles leave the page its room."""

NO_ARTICLES = (
    "This project has no articles yet.\n\nDrop articles, tables or other tools’ labels here,\n"
    "import them with Ctrl+I, or paste one with Ctrl+Shift+V.\n\n"
    "Ctrl+B shows the codebook: the labels, and how to make your own."
)


class MainWindow(QMainWindow):
    """Articles on the left, the page in the middle, inspector and labels on the right."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.theme = wanted_theme(self.settings)
        self.bench = Workbench(settings, self)
        self.canvas = ArticleView(self.theme, self.bench.run)
        self.review = Review(self.canvas)
        self.hands = Hands(self.canvas, self.review)
        self.linking = Linking(self.canvas)
        self.speaker = Speaker(self.canvas)
        self.files = Files(self.bench, self)
        self.files.arrivals.begun.connect(lambda: self.canvas.setFocus())  # where Esc stops it
        self.slots = WindowSlots(self)
        self.articles = ArticlesPanel(self.theme)
        self.inspector = Inspector(self.theme)
        self.labels = LabelsPanel(self.theme)
        self.find_bar = FindBar(self.theme)
        self.find_panel = FindPanel(self.theme)
        self.status = StatusLine(self.theme)
        self.name_strip = NameStrip(self.theme)
        self.notices = Notices(self.theme, self.canvas)
        self.together = Together(self.bench, self.review, self.notices, self)
        self.finding = Finding(self.bench, self.canvas, self.find_bar, self.find_panel, self)
        self.keys = KeyBook(settings, self)
        self.beside = Beside(self)
        self.safety = Safety(self)
        self.listing = Listing(self)
        self.certainty = Certainty(self)
        self.completing = Completing(self)
        self.guiding = Guiding(self)
        self.checking = Checking(self)
        self.twins = Twins(self)
        self.identities = Identities(self)
        self._label_actions: list[str] = []
        self._label_codebook: Codebook | None = None
        self._place()
        self.actions_by_id = build(ACTIONS, self, self.canvas, self._slot)
        self.keys.apply(self.actions_by_id)
        show_keys(self, self.keys.map.keys)
        self._make_menus()
        self._join()
        self._restore()
        self.setAcceptDrops(True)
        self._show_project()

    # -- placing ------------------------------------------------------------------------------

    def _place(self) -> None:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.name_strip)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.find_bar)
        self.left = QStackedWidget(self)
        self.left.addWidget(self.articles)
        self.left.addWidget(self.find_panel)
        self.right = QSplitter(Qt.Orientation.Vertical, self)
        self.right.addWidget(self.inspector)
        self.right.addWidget(self.guiding.stack)
        self.right.setSizes([460, 320])
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        for widget in (self.left, middle, self.right):
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(1, 1)
        for nth in (0, 1, 2):
            self.splitter.setCollapsible(nth, nth != 1)
        for splitter in (self.splitter, self.right):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        whole = QWidget(self)
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.splitter, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)
        self.setMinimumSize(560, 400)
        self.resize(1440, 900)
        self.splitter.setSizes([262, 876, 302])

    def _make_menus(self) -> None:
        self._menus: dict[str, QMenu] = {}
        for title in MENUS:
            self._menus[title] = self.menuBar().addMenu(title)
        for row in ACTIONS:
            if not row.menu:
                continue
            menu = self._menus[row.menu]
            if row.separator:
                menu.addSeparator()
            menu.addAction(self.actions_by_id[row.id])
            if row.id == "open_project":
                self._recent = menu.addMenu("Open &recent")
                self._recent.aboutToShow.connect(self._fill_recent)
        status_menu = QMenu("&Status", self)
        for status in Status:
            action = status_menu.addAction(status.replace("_", " ").capitalize())
            action.triggered.connect(lambda _=False, each=status: self.completing.run(SetStatus(each)))
        self._menus["&Article"].insertMenu(self.actions_by_id["flag"], status_menu)

    def _fill_recent(self) -> None:
        self._recent.clear()
        for name in self.settings.get(RECENT_PROJECTS):
            action = self._recent.addAction(name)
            action.triggered.connect(lambda _=False, path=Path(name): self.bench.open(path))
        if self._recent.isEmpty():
            self._recent.addAction("No projects yet").setEnabled(False)

    def _slot(self, name: str) -> Callable[..., object]:
        """The method behind an action's ``part.method``."""
        part, _, method = name.partition(".")
        found: Callable[..., object] = getattr(getattr(self, part), method)
        return found

    def _show_label_actions(self, codebook: Codebook) -> None:
        """One action per label with a key, at the top of the Label menu."""
        if codebook == self._label_codebook:
            return
        self._label_codebook = codebook
        for name in self._label_actions:
            action = self.actions_by_id.pop(name)
            self.removeAction(action)
            action.setShortcuts([])  # it is still there until the event loop comes round
            action.deleteLater()
        rows = label_rows(codebook)
        labels = {label_action(each): each for each in codebook.labels}
        methods = {
            row.slot: partial(
                self.hands.label, labels[row.id.removesuffix("_on_top")], on_top=row.id.endswith("_on_top")
            )
            for row in rows
        }
        first = self._menus["&Label"].actions()[0]
        for row in rows:
            made = build([row], self, self.canvas, methods.__getitem__)
            self.actions_by_id |= made
            if row.menu:
                self._menus["&Label"].insertAction(first, made[row.id])
        self._label_actions = [row.id for row in rows]
        assert self.bench.project is not None
        self.keys.set_codebook(self.bench.project.codebook)
        self.keys.apply(self.actions_by_id)

    def _on_keys_changed(self) -> None:
        self.bench.use_keys(self.keys.own)
        codebook = self.bench.codebook
        if codebook is not None and codebook != self._label_codebook:
            self._show_label_actions(codebook)
            self.canvas.scene.codebook = codebook
            self.beside.show_selection()
        self.keys.apply(self.actions_by_id)
        show_keys(self, self.keys.map.keys)

    # -- joining ------------------------------------------------------------------------------

    def _join(self) -> None:
        bench, canvas = self.bench, self.canvas
        bench.page_left.connect(self.inspector.flush)
        bench.project_changed.connect(self._show_project)
        bench.codebook_changed.connect(self._show_codebook)
        bench.page_changed.connect(self._show_page)
        bench.edited.connect(self._on_edited)
        bench.stepped.connect(canvas.show_changes)
        bench.suggestions_arrived.connect(self._on_suggestions)
        bench.articles_added.connect(self._on_articles_added)
        bench.learner.changed.connect(lambda _: self.articles.reload())
        bench.told.connect(lambda kind, text: self.notices.tell(text, kind=kind))
        bench.trust_asked.connect(self._ask_for_trust)
        bench.failed.connect(self._on_failed)
        bench.project_left.connect(self.notices.leave_project)
        bench.suggesting.connect(self.status.set_suggesting)
        bench.model_known.connect(lambda origin, _: self.status.set_model(origin))
        bench.tasks.busy_changed.connect(self.status.set_task)
        canvas.armed_changed.connect(self.status.set_armed)
        canvas.told.connect(lambda text: self.notices.tell(text, kind="info"))
        canvas.menu_requested.connect(self.slots.show_menu)
        canvas.zoom_changed.connect(self._on_zoom)
        self.articles.article_chosen.connect(self._on_article_chosen)
        self.articles.problem_met.connect(self.notices.report)
        self.inspector.command_requested.connect(self.completing.run)
        self.inspector.arm_asked.connect(self._on_arm_asked)
        self.inspector.alike_asked.connect(self.together.alike)
        canvas.armed_changed.connect(self.inspector.article_view.set_armed)
        self.inspector.span_activated.connect(self._go_to_span)
        self.inspector.relation_activated.connect(self._go_to_relation)
        self.labels.span_activated.connect(self._go_to_span)
        self.labels.relation_activated.connect(self._go_to_relation)
        self.find_panel.open_asked.connect(self.slots.show_find_panel)
        self.find_panel.closed.connect(self.slots.leave_find_panel)
        self.status.stop_asked.connect(self.slots.stop)
        self.status.stop_suggesting_asked.connect(bench.stop_suggesting)
        self.status.name_asked.connect(self.slots.ask_name)
        self.name_strip.named.connect(self._on_named)
        self.keys.changed.connect(self._on_keys_changed)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system_theme)

    def _show_project(self) -> None:
        bench = self.bench
        project = bench.project
        self.beside.show_project()
        self.articles.set_source(project.repository if project else None, bench.annotator)
        self.status.set_name(bench.annotator)
        self.safety.show_state()
        if project is not None:
            assert bench.codebook is not None
            self._show_label_actions(bench.codebook)
        self._show_page()

    def _show_page(self) -> None:
        page, codebook = self.bench.page, self.bench.codebook
        self.canvas.empty_text = NO_ARTICLES if self.bench.project else ""
        if codebook is not None:
            shown, place = self.canvas.page, self.canvas.verticalScrollBar().value()
            self.canvas.set_page(page, codebook)
            if shown is not None and page is not None and shown.article.id == page.article.id:
                self.canvas.verticalScrollBar().setValue(place)  # it was only brought up to date
        self.labels.set_page(page, codebook)
        self.articles.set_current(page.article.id if page else None)
        self.beside.show_page()
        self.finding.follow_page()
        if page is not None and not self.left.isAncestorOf(QApplication.focusWidget() or self):
            self.canvas.setFocus()

    def _show_codebook(self) -> None:
        """Follow another codebook: its labels, their keys and looks, and what became of the page's."""
        codebook, canvas = self.bench.codebook, self.canvas
        assert codebook is not None
        self._show_label_actions(codebook)
        armed, span = canvas.armed, canvas.state.span
        self._show_page()
        canvas.arm(codebook.label(armed.kind, armed.name) if armed else None)
        if span in canvas.scene.marks:
            canvas.select_span(span, show=False)
        self.articles.reload()

    def _on_edited(self, changed: Changed) -> None:
        self.beside.edited(changed.edit.articles)
        if self.canvas.page is not self.bench.page or not changed.changes:
            return  # an undo opened another article, which is shown next; or only others were changed
        self.canvas.refresh(changed.changes)
        self.speaker.tell_changes(changed.changes)
        self.beside.changed(changed.changes)

    def _on_suggestions(self, article: str) -> None:
        page = self.bench.page
        if page is not None and page.article.id == article:
            self.canvas.refresh_suggestions()
            self.beside.changed(None)
        self.articles.refresh_article(article)

    def _on_articles_added(self) -> None:
        self.articles.reload()
        if self.bench.page is None:
            self.bench.open_first_article()
        if self.bench.worker is not None and self.settings.get(AUTO_SUGGEST):
            self.bench.worker.want_all()

    def _on_failed(self, problems: list[Problem]) -> None:
        self.notices.report_all(problems)

    def _ask_for_trust(self, folder: str) -> None:
        self.notices.tell(
            f"The settings name a spaCy pipeline in the folder {folder}. A pipeline can run programs on this "
            "computer: use it only if you trust whoever made it.",
            kind="problem",
            action=("Use it", lambda: self.bench.trust_model(folder)),
            stays=True,
        )

    # -- selection ----------------------------------------------------------------------------

    def _on_arm_asked(self, label: Label) -> None:
        self.canvas.arm(None if self.canvas.armed == label else label)

    def _go_to_span(self, span_id: str) -> None:
        self.canvas.select_span(span_id)

    def _go_to_relation(self, relation_id: str) -> None:
        self.canvas.select_relation(relation_id)

    def _on_article_chosen(self, article: str) -> None:
        self.inspector.flush()
        self.bench.open_article(article)

    def _on_zoom(self, zoom: float) -> None:
        self.status.set_zoom(zoom)
        self.settings.set(ZOOM, zoom)

    # -- name, look, place --------------------------------------------------------------------

    def _on_named(self, name: str) -> None:
        self.bench.set_annotator(name)
        self.status.set_name(self.bench.annotator)
        self.canvas.setFocus()

    def _follow_system_theme(self) -> None:
        self.use_theme(wanted_theme(self.settings))

    def use_theme(self, theme: Theme) -> None:
        """Dress every part anew."""
        if theme is self.theme:
            return
        self.theme = theme
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        style.apply(application, theme)
        spread(self, theme)
        self.canvas.set_theme(theme)
        self.status.set_armed(self.canvas.armed)

    def _restore(self) -> None:
        self.canvas.set_zoom(self.settings.get(ZOOM))
        self.review.least_certain_first = self.settings.get(LEAST_CERTAIN_FIRST)
        restore_places(self, self._splitters(), self.settings)
        if not self.settings.get(ANNOTATOR):
            self.name_strip.ask(self.bench.annotator)
        self.slots.check_views()

    def _splitters(self) -> dict[Setting[str], QSplitter]:
        return {SPLITTER_SIZES: self.splitter, INSPECTOR_SIZES: self.right}

    # -- events -------------------------------------------------------------------------------

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room(event.oldSize().width(), event.size().width())

    def _make_room(self, before: int, now: int) -> None:
        """In a narrow window the page comes first: the parts beside it go, and return with the room."""
        for part, least in ((self.right, LEAST_WITH_INSPECTOR), (self.left, LEAST_WITH_LIST)):
            if now < least <= before or (before < 0 and now < least):
                part.setVisible(False)
            elif before < least <= now and before >= 0:
                part.setVisible(True)
        self.slots.check_views()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()  # a link of a browser is no file

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files.import_paths(paths)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.inspector.flush()
        self.identities.flush()
        if not self.safety.may_close():
            event.ignore()
            return
        self.finding.stop()
        self.checking.stop()
        self.safety.stop()
        keep_places(self.window(), self._splitters(), self.settings)
        self.bench.close_project()
        event.accept()
