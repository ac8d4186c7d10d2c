"""What the window's own menu items and keys do: moving between articles, parts and dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from annotator.core.codebook import Codebook
from annotator.core.commands import Relabel, SetStatus
from annotator.core.model import Kind, Status
from annotator.core.text import slice_of
from annotator.runtime.paths import log_folder
from annotator.runtime.settings import LEAST_CERTAIN_FIRST, RECENT_COMMANDS, THEME, UI_SCALE
from annotator.ui.appearance import stepped_scale, wanted_theme
from annotator.ui.canvas.hit import Hit
from annotator.ui.commands import entries, remember
from annotator.ui.controls import tip
from annotator.ui.palette import Entry
from annotator.ui.shortcuts import SheetRow, key_sheet

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class WindowSlots(QObject):
    """Slots of the actions that concern the window as a whole."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.bench.project_changed.connect(lambda: QTimer.singleShot(0, self, self._offer_codebook))

    def leave_as(self, status: Status) -> None:
        """Mark the article as done or skipped and open the next one."""
        self._window.inspector.flush()
        if self._window.bench.page is None:
            return
        if status is Status.DONE and self._window.completing.holds_back():
            return
        after = self._window.articles.next_id(1)
        if self._window.bench.run(SetStatus(status)) is None:
            return
        if after is None:
            self._window.notices.tell("That was the last article of the list.", kind="done")
        else:
            self._window.bench.open_article(after)

    def accept(self) -> None:
        """Add the chosen fragments to their label, else accept the suggestion and go on."""
        if not self._window.hands.take_fragments():
            self._window.review.accept()

    def toggle_order(self) -> None:
        """Go through the suggestions by confidence or by place, and remember it."""
        review = self._window.review
        review.least_certain_first = not review.least_certain_first
        self._window.settings.set(LEAST_CERTAIN_FIRST, review.least_certain_first)
        self.check_views()

    def step_article(self, by: int) -> None:
        """Open the next (1) or previous (-1) article of the list."""
        article = self._window.articles.next_id(by)
        if article is None:
            end = "last" if by > 0 else "first"
            self._window.notices.tell(f"This is the {end} article of the list.", kind="info")
            return
        self._window.inspector.flush()
        self._window.bench.open_article(article)

    def copy_text(self) -> None:
        """Copy the selected text, or the selected span's."""
        page, state = self._window.bench.page, self._window.canvas.state
        if page is None:
            return
        ranges = tuple(state.ranges)
        if not ranges and state.span in self._window.canvas.scene.marks:
            ranges = self._window.canvas.scene.marks[state.span].fragments
        if ranges:
            QGuiApplication.clipboard().setText(slice_of(page.text, ranges))

    def focus_search(self) -> None:
        """Go to the search field of the articles."""
        self._window.left.setCurrentWidget(self._window.articles)
        self._window.left.setVisible(True)
        self.check_views()
        self._window.articles.focus_search()

    def show_find_panel(self) -> None:
        """Show what finds in all articles in the place of their list."""
        self._window.left.setCurrentWidget(self._window.find_panel)
        self._window.left.setVisible(True)
        self.check_views()

    def leave_find_panel(self) -> None:
        """Back to the list of articles; the page gets the keyboard."""
        self._window.left.setCurrentWidget(self._window.articles)
        self._window.canvas.setFocus()

    def focus_note(self) -> None:
        """Go to the note of whatever is selected."""
        self._window.right.setVisible(True)
        self._window.beside.now()
        self._window.inspector.focus_note()

    def focus_attributes(self) -> None:
        """Go to the attributes of the selected label."""
        self._window.right.setVisible(True)
        self._window.beside.now()
        self._window.inspector.focus_first_attribute()

    def toggle_list(self) -> None:
        """Show or hide the articles."""
        self._window.left.setVisible(not self._window.left.isVisible())
        self.check_views()

    def toggle_inspector(self) -> None:
        """Show or hide the right part."""
        self._window.right.setVisible(not self._window.right.isVisible())
        self.check_views()

    def check_views(self) -> None:
        """Tick the menu items of the parts that are shown."""
        self._window.actions_by_id["show_list"].setChecked(not self._window.left.isHidden())
        self._window.actions_by_id["show_inspector"].setChecked(not self._window.right.isHidden())
        self._window.actions_by_id["least_certain_first"].setChecked(self._window.review.least_certain_first)
        self._window.actions_by_id["show_less_certain"].setChecked(self._window.certainty.shown)

    def toggle_full_screen(self) -> None:
        """The whole screen, and back."""
        window = self._window.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def quit(self) -> None:
        """Close the window, and with it the program."""
        self._window.window().close()

    def stop(self) -> None:
        """Stop the import or export that runs; the keyboard goes from the button back to the article."""
        by_key = self._window.status.isAncestorOf(QApplication.focusWidget() or self._window)
        self._window.bench.tasks.stop()
        if by_key:
            self._window.canvas.setFocus()

    def escape(self) -> None:
        """Give up what is under way; from another part, back to the article."""
        if self._window.canvas.hasFocus() or self._window.canvas.state.drawing:
            window = self._window
            left = window.hands.escape() or window.finding.leave() or window.guiding.leave()
            if not (left or window.bench.tasks.stop()):
                self._window.notices.clear_problems()
        else:
            self._window.inspector.flush()
            self._window.canvas.setFocus()

    def show_keys(self) -> None:
        """Show the sheet of keys."""
        from annotator.ui.dialogs.keys import KeysDialog

        window, book = self._window, self._window.keys

        def sheet() -> list[SheetRow]:
            return key_sheet(window.bench.codebook, book.map.keys, book.notes())

        dialog = KeysDialog(book, sheet, window.theme, window)
        dialog.show()
        dialog.activateWindow()

    def show_words(self) -> None:
        """Show the reporting words and what the project has learned about them."""
        from annotator.ui.dialogs.words import WordsDialog

        if self._window.bench.project is not None:
            dialog = WordsDialog(self._window.bench.learner, self._window.theme, self._window)
            dialog.show()
            dialog.activateWindow()

    def show_codebook(self) -> None:
        """Show the codebook to look at and to change; the window that is open already, if there is one."""
        from annotator.ui.codebook.window import CodebookWindow

        window = self._window
        if window.bench.editor is None:
            return
        open_ = next((each for each in window.findChildren(CodebookWindow) if each.isVisible()), None)
        if open_ is None:  # one that was closed a moment ago may still be there
            open_ = CodebookWindow(window.bench, window.theme, window)
            open_.labels.set_owners(window.keys.owners_but_labels())
        open_.show()
        open_.raise_()
        open_.activateWindow()

    def _offer_codebook(self) -> None:
        """Where there is nothing to label with, show the codebook, in which that is made."""
        bench = self._window.bench
        if bench.codebook is not None and not bench.codebook.labels and not bench.keeper.read_only:
            self.show_codebook()

    def show_palette(self) -> None:
        """Offer every command by name."""
        from annotator.ui.dialogs.palette import Palette

        window = self._window
        palette = Palette(entries(window), window.settings.get(RECENT_COMMANDS), window.theme, window)
        palette.chosen.connect(self._on_command_chosen)
        palette.open()

    def _on_command_chosen(self, entry: Entry) -> None:
        remember(self._window, entry.id)
        entry.run()

    def show_about(self) -> None:
        """Show version and licences."""
        from annotator.ui.dialogs.about import AboutDialog

        AboutDialog(self._window.theme, self._window).show()

    def open_logs(self) -> None:
        """Show the folder of the log files."""
        log_folder().mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))

    def toggle_theme(self) -> None:
        """From light to dark or back, and remember it."""
        self._window.settings.set(THEME, "light" if self._window.theme.dark else "dark")
        self._window.use_theme(wanted_theme(self._window.settings))

    def step_scale(self, by: int) -> None:
        """Make the interface larger (1) or smaller (-1) from the next start on; 0: as the system has it."""
        settings = self._window.settings
        before = settings.get(UI_SCALE)
        scale = stepped_scale(before, by) if by else 1.0
        settings.set(UI_SCALE, scale)
        words = f"{scale:.0%} of its usual size" if scale != 1.0 else "its usual size"
        when = "already has" if scale == before else "will have"
        tail = "." if scale == before else " when Annotator starts next."
        self._window.notices.tell(f"The interface {when} {words}{tail}", kind="info")

    def ask_name(self) -> None:
        """Ask, in the strip above the page, who is labelling."""
        self._window.name_strip.ask(self._window.bench.annotator)

    # -- the menu under the right button ------------------------------------------------------

    def show_menu(self, found: Hit, at: QPoint) -> None:
        """Everything that can be done with what was clicked."""
        page, codebook = self._window.bench.page, self._window.bench.codebook
        if page is None or codebook is None:
            return
        menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        state = self._window.canvas.state
        suggested = bool(
            (state.span and state.span not in page.spans)
            or (state.relation and state.relation not in page.relations)
        )
        if suggested:
            menu.addAction(self._window.actions_by_id["accept"])
            menu.addAction(self._window.actions_by_id["reject"])
            if len(self._window.canvas.state.alike) > 1:
                self._add_alike_menu(menu, len(self._window.canvas.state.alike))
            menu.addSeparator()
        if state.span:
            self._add_relabel_menu(menu, codebook, state.span)
            if page.span(state.span).kind is Kind.ACTOR:
                menu.addAction(self._window.actions_by_id["identity"])
            for name in ("relate", "repeat", "pin", "propose"):
                menu.addAction(self._window.actions_by_id[name])
        elif state.ranges:
            for label in codebook.labels:
                action = menu.addAction(label.name)
                action.setToolTip(tip(label.description))
                action.triggered.connect(lambda _=False, each=label: self._window.hands.label(each))
        if state.relation:
            menu.addAction(self._window.actions_by_id["flip"])
            for words, end in zip(("head", "tail"), self._ends(state.relation), strict=False):
                action = menu.addAction(f"Go to its {words}")
                action.triggered.connect(lambda _=False, end=end: self._window.canvas.select_span(end))
        if (state.span or state.relation) and not suggested:
            menu.addAction(self._window.actions_by_id["delete"])
        if not menu.isEmpty():
            menu.addSeparator()
        if found.offset is not None:
            here = found.offset
            start = page.text.rfind("\n", 0, here) + 1
            inside = page.in_furniture(start, max(here, start + 1))
            words = "Bring the paragraph back" if inside else "Paragraph is furniture"
            action = menu.addAction(words)
            action.triggered.connect(lambda _=False: self._window.hands.toggle_furniture_at(here))
        menu.addAction(self._window.actions_by_id["flag"])
        menu.popup(at)

    def _ends(self, relation: str) -> tuple[str, ...]:
        link = self._window.canvas.scene.links.get(relation)
        return (link.head, link.tail) if link else ()

    def _add_alike_menu(self, menu: QMenu, count: int) -> None:
        for accept, verb in ((True, "Accept"), (False, "Reject")):
            action = menu.addAction(f"{verb} all {count} alike here")
            action.triggered.connect(
                lambda _=False, accept=accept: self._window.together.alike(accept, False)
            )
        menu.addAction(self._window.actions_by_id["accept_alike_everywhere"])
        menu.addAction(self._window.actions_by_id["reject_alike_everywhere"])

    def _add_relabel_menu(self, menu: QMenu, codebook: Codebook, span_id: str) -> None:
        relabel = menu.addMenu("Label as")
        relabel.setToolTipsVisible(True)
        for label in codebook.labels:
            action = relabel.addAction(label.name)
            action.setToolTip(tip(label.description))
            action.triggered.connect(
                lambda _=False, each=label: self._window.bench.run(Relabel(span_id, each.kind, each.name))
            )
