"""The look of every standard widget: one style sheet and one palette, made from a theme.

Calm on purpose: paper, hairlines, no frames inside frames. Whatever has the keyboard shows it with a
2-pixel ring in the accent colour; fields and buttons keep room for it, so that nothing moves.

Labels take their part from a dynamic property, ``look``: ``heading``, ``quiet``, ``title``, ``quote``,
``empty`` (what an empty part says), ``problem``.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from annotator.ui.theme import SANS, SERIF, Theme, dark, font, light

TEXT = 14
SMALL = 13
HEADING = 12


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """``share`` (0 to 1) of the first colour, the rest of the second."""
    return QColor.fromRgbF(
        first.redF() * share + second.redF() * (1 - share),
        first.greenF() * share + second.greenF() * (1 - share),
        first.blueF() * share + second.blueF() * (1 - share),
    )


def apply(application: QApplication, theme: Theme) -> None:
    """Dress the whole application; to be called again when the theme changes."""
    apply_base(application, theme)
    application.setStyleSheet(style_sheet(theme))


def apply_base(application: QApplication, theme: Theme) -> None:
    """Style, colours and font; at the start the sheet follows when all widgets are there, at once."""
    application.setStyle("Fusion")
    application.setPalette(palette(theme))
    application.setFont(font(SANS, TEXT))


def theme_of(widget: QWidget) -> Theme:
    """The theme that a widget is dressed in, for dialogs, which live too shortly to be told."""
    return dark() if widget.palette().window().color().lightness() < 128 else light()


def palette(theme: Theme) -> QPalette:
    """The theme as a palette, for whatever the style sheet leaves to the base style."""
    made = QPalette()
    role = QPalette.ColorRole
    for part, colour in {
        role.Window: theme.panel,
        role.WindowText: theme.ink,
        role.Base: theme.raised,
        role.AlternateBase: theme.panel,
        role.Text: theme.ink,
        role.PlaceholderText: theme.faint,
        role.Button: theme.panel,
        role.ButtonText: theme.ink,
        role.BrightText: theme.bad,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.ink,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.ink,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.panel,
        role.Mid: theme.line,
        role.Dark: mix(theme.line, theme.ink, 0.7),
        role.Shadow: mix(theme.line, theme.ink, 0.5),
    }.items():
        made.setColor(part, colour)
    for part in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, part, theme.faint)
    return made


def style_sheet(theme: Theme) -> str:
    """The style sheet of the whole application."""
    colours = {
        name: getattr(theme, name).name()
        for name in (
            "page",
            "panel",
            "raised",
            "line",
            "ink",
            "soft",
            "faint",
            "accent",
            "on_accent",
            "selection",
            "row",
            "focus",
            "bad",
            "warn",
        )
    }
    colours["edge"] = mix(theme.faint, theme.line, 0.3).name()
    colours["thumb"] = mix(theme.faint, theme.line, 0.35).name()
    colours["thumb_over"] = theme.faint.name()
    colours["hover"] = mix(theme.line, theme.panel, 0.5).name()
    colours["deep"] = mix(theme.ink, theme.accent, 0.18).name()
    return _SHEET % {
        **colours,
        "text": f"{TEXT}px",
        "small": f"{SMALL}px",
        "heading": f"{HEADING}px",
        "serif": SERIF,
    }


_SHEET = """
QMainWindow, QDialog { background: %(panel)s; }
QMessageBox QLabel#qt_msgbox_informativelabel { min-width: 340px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMainWindow::separator { background: %(line)s; width: 1px; height: 1px; }
QToolTip { background: %(raised)s; color: %(ink)s; border: 1px solid %(line)s; padding: 5px 8px; }

QLabel { color: %(ink)s; background: transparent; }
QLabel:disabled { color: %(faint)s; }
QLabel[look="heading"] { color: %(soft)s; font-size: %(heading)s; font-weight: 600; }
QLabel[look="heading"][missing="true"] { color: %(warn)s; }
QLabel[look="quiet"] { color: %(soft)s; font-size: %(small)s; }
QLabel[look="problem"] { color: %(bad)s; font-size: %(small)s; }
QLabel[look="empty"] { color: %(soft)s; font-family: "%(serif)s"; font-size: 16px; }
QLabel[look="title"] { font-family: "%(serif)s"; font-size: 19px; font-weight: 600; }
QLabel[look="quote"] { font-family: "%(serif)s"; font-size: 16px; }
QLabel[look="link"] {
    color: %(soft)s; font-size: %(small)s; margin-left: -2px; border: 2px solid transparent;
    border-radius: 5px;
}
QLabel[look="link"]:focus { border-color: %(focus)s; }
QFrame[look="card"] { background: %(raised)s; border: 1px solid %(edge)s; border-radius: 9px; }
QWidget[look="strip"] { background: %(row)s; }
QFrame[look="hairline"] { background: %(line)s; border: none; }

QMenuBar { background: %(panel)s; color: %(ink)s; border: none; padding: 3px 6px; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 5px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: %(row)s; color: %(ink)s; }
QMenu { background: %(raised)s; color: %(ink)s; border: 1px solid %(line)s; padding: 5px; }
QMenu::item { padding: 6px 28px 6px 24px; border-radius: 5px; background: transparent; }
QMenu::item:selected { background: %(row)s; }
QMenu::item:disabled { color: %(faint)s; }
QMenu::separator { height: 1px; background: %(line)s; margin: 5px 10px; }
QMenu::icon { padding-left: 6px; }

QToolBar { background: %(panel)s; border: none; spacing: 2px; padding: 2px 6px; }
QToolButton, QPushButton {
    color: %(ink)s; background: transparent; border: 2px solid transparent; border-radius: 7px;
    padding: 4px 8px; outline: none;
}
QPushButton { border: 1px solid %(edge)s; background: %(raised)s; padding: 6px 15px; }
QToolButton[look="quiet"] { color: %(soft)s; font-size: %(small)s; }
QToolButton:hover { background: %(hover)s; }
QPushButton:hover { border-color: %(faint)s; }
QToolButton:pressed, QToolButton:checked, QPushButton:pressed { background: %(row)s; }
QToolButton:focus { border-color: %(focus)s; }
QPushButton:focus { border: 2px solid %(focus)s; padding: 5px 14px; }
QPushButton:default { background: %(accent)s; color: %(on_accent)s; border-color: %(accent)s; }
QPushButton:default:hover { background: %(deep)s; border-color: %(deep)s; }
QPushButton:default:focus { border: 2px solid %(ink)s; }
QPushButton:disabled, QPushButton:default:disabled {
    color: %(faint)s; background: transparent; border-color: %(line)s;
}
QToolButton:disabled { color: %(faint)s; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
    background: %(raised)s; color: %(ink)s; border: 1px solid %(line)s; border-radius: 7px;
    padding: 5px 8px; selection-background-color: %(selection)s; selection-color: %(ink)s;
    placeholder-text-color: %(faint)s;
}
QPlainTextEdit, QTextEdit { padding: 4px 5px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover { border-color: %(edge)s; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QComboBox:on {
    border: 2px solid %(focus)s; padding: 4px 7px;
}
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid %(focus)s; padding: 3px 4px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { background: transparent; color: %(faint)s; }
QLineEdit[wrong="true"] { border: 2px solid %(bad)s; padding: 4px 7px; }
QLineEdit[look="title"] {
    background: transparent; border-color: transparent; font-family: "%(serif)s"; font-size: 19px;
    font-weight: 600; padding: 3px 5px;
}
QLineEdit[look="title"]:hover { border-color: %(edge)s; }
QLineEdit[look="title"]:focus { border: 2px solid %(focus)s; padding: 2px 4px; background: %(raised)s; }
QLineEdit[look="cell"] { padding: 1px 4px; border-radius: 5px; }
QLineEdit[look="cell"]:focus { padding: 0 3px; }
QHeaderView QComboBox, QTableView QComboBox { border-color: %(edge)s; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView, QAbstractItemView[look="popup"] {
    background: %(raised)s; color: %(ink)s; border: 1px solid %(line)s; padding: 4px; outline: 0;
    selection-background-color: %(row)s; selection-color: %(ink)s;
}
QComboBoxPrivateContainer { background: %(raised)s; border: none; }
QComboBox QAbstractItemView, QDialog QComboBox QAbstractItemView,
QDialog QComboBox QAbstractItemView:focus {
    border: 1px solid %(edge)s; border-radius: 0; padding: 4px;
}
QComboBox QAbstractItemView::item:disabled { color: %(soft)s; }
QComboBox QAbstractItemView::item, QAbstractItemView[look="popup"]::item {
    padding: 5px 8px; border-radius: 5px; min-height: 18px;
}
QComboBox QAbstractItemView::item:selected, QAbstractItemView[look="popup"]::item:selected {
    background: %(row)s; color: %(ink)s;
}

QListView, QTreeView, QTableView {
    background: transparent; color: %(ink)s; border: none; outline: 0; gridline-color: %(line)s;
    selection-background-color: %(row)s; selection-color: %(ink)s;
}
QDialog QTableView[look=""], QDialog QListView, QDialog QTreeView {
    background: %(raised)s; border: 1px solid %(line)s; border-radius: 7px;
}
QTreeView[look="tree"] { show-decoration-selected: 0; }
QTreeView[look="tree"]::branch, QTreeView[look="tree"]::item { background: transparent; }
QListView:focus, QTreeView:focus, QTableView:focus { outline: 0; }
QDialog QTableView:focus, QDialog QListView:focus, QDialog QTreeView:focus {
    border: 2px solid %(focus)s;
}
QDialog QTreeView[look="tree"] { padding: 3px; }
QDialog QTreeView[look="tree"]:focus { padding: 2px; }
QListView::item, QTreeView::item, QTableView::item { padding: 4px 6px; border: none; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
    background: %(row)s; color: %(ink)s;
}
QTextEdit[look="list"] { padding: 6px 7px; }
QTextEdit[look="list"]:focus { padding: 5px 6px; }
QTextEdit[look="preview"] { background: transparent; padding: 7px 9px; }
QTextEdit[look="preview"]:focus { padding: 6px 8px; }
QTextEdit[look="reading"] {
    background: transparent; border: 2px solid transparent; border-radius: 7px; padding: 2px 4px;
}
QTextEdit[look="reading"]:focus { border-color: %(focus)s; padding: 2px 4px; }
QTextEdit[look="paper"] { background: %(page)s; padding: 12px 16px; }
QTextEdit[look="paper"]:focus { padding: 11px 15px; }
QTableView[look="names"] { selection-background-color: transparent; }
QDialog QTableView[look="names"], QDialog QTableView[look="sheet"] {
    background: %(raised)s; border: 1px solid %(line)s; border-radius: 7px;
}
QTableView[look="names"] QHeaderView::section { padding: 5px 10px; }
QTableView[look="sheet"] QHeaderView::section { padding: 5px 12px; }
QTableView[look="sheet"]::item { padding: 4px 9px; }
QDialog QTableView[look="sheet"] { padding: 1px; }
QDialog QTableView[look="sheet"]:focus { border: 2px solid %(focus)s; padding: 0; }
QTableView[look="names"]::item, QTableView[look="names"]::item:selected {
    background: transparent; padding: 0;
}
QTableView[look="offered"] {
    background: %(raised)s; border: 1px solid %(edge)s; border-radius: 7px; padding: 3px;
    selection-background-color: transparent;
}
QTableView[look="offered"]::item, QTableView[look="offered"]::item:selected {
    background: transparent; padding: 0;
}
QTableView[look="rows"], QTableView[look="parts"] { selection-background-color: transparent; }
QTableView[look="rows"]::item, QTableView[look="rows"]::item:selected,
QTableView[look="parts"]::item, QTableView[look="parts"]::item:selected {
    background: transparent; padding: 0;
}
QDialog QTableView[look="parts"], QDialog QTableView[look="parts"]:focus {
    background: transparent; border: none;
}
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
    background: transparent; color: %(soft)s; border: none; border-bottom: 1px solid %(line)s;
    padding: 5px 6px; font-size: %(small)s;
}
QTableCornerButton::section { background: transparent; border: none; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: %(thumb)s; border-radius: 3px; margin: 4px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: %(thumb_over)s; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QSplitter::handle { background: %(line)s; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: %(edge)s; }
QSplitter[look="gap"]::handle { background: transparent; }

QTabWidget::pane { border: none; border-top: 1px solid %(line)s; }
QTabBar::tab {
    background: transparent; color: %(soft)s; border: none; border-bottom: 2px solid transparent;
    padding: 7px 12px 5px 12px;
}
QTabBar::tab:hover { color: %(ink)s; }
QTabBar::tab:selected { color: %(ink)s; border-bottom-color: %(accent)s; }
QTabBar::tab:selected:focus { border: 2px solid %(focus)s; border-radius: 5px; padding: 5px 10px; }

QSlider { min-height: 24px; border: 2px solid transparent; border-radius: 7px; }
QSlider:focus { border-color: %(focus)s; }
QSlider::groove:horizontal { background: %(edge)s; height: 4px; border-radius: 2px; margin: 0 6px; }
QSlider::sub-page:horizontal { background: %(edge)s; height: 4px; border-radius: 2px; margin: 0 6px; }
QSlider::add-page:horizontal { background: %(accent)s; height: 4px; border-radius: 2px; margin: 0 6px; }
QSlider::handle:horizontal {
    background: %(accent)s; width: 14px; height: 14px; margin: -5px -6px; border-radius: 7px;
}

QProgressBar {
    background: %(line)s; border: none; border-radius: 2px; max-height: 4px; min-height: 4px;
    color: transparent;
}
QProgressBar::chunk { background: %(accent)s; border-radius: 2px; }

QStatusBar { background: %(panel)s; color: %(soft)s; border: none; border-top: 1px solid %(line)s; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: %(soft)s; font-size: %(small)s; padding: 2px 6px; }

QDockWidget { color: %(soft)s; }
QGroupBox { border: none; margin-top: 20px; color: %(soft)s; }
QGroupBox::title { subcontrol-origin: margin; left: 0; font-weight: 600; }
"""
