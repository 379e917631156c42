"""Dress the application: Fusion with a palette of our own, light or dark."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from poolviewer.drawing.palette import DARK, LIGHT, Theme

TEXT_PX = 13
SMALL_PX = 12

_ROLES = {
    QPalette.ColorRole.Window: "background",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.BrightText: "error",
}

_STYLE = """
QToolBar {{ border: 0; border-bottom: 1px solid {border}; spacing: 1px; padding: 2px 8px; }}
QToolBar QLabel {{ padding: 0 4px; }}
QToolButton {{ padding: 4px 6px; border: 1px solid transparent; border-radius: 4px; }}
QToolButton:hover {{ background: {raised}; }}
QToolButton:checked {{ background: {raised}; border-color: {accent}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton[popupMode="1"] {{ padding-right: 18px; }}
QToolButton::menu-button {{ border: 0; width: 16px; }}
QToolButton[popupMode="2"]::menu-indicator {{ image: none; }}
QToolButton#small {{ padding: 2px 8px; border-color: {border}; }}
QToolButton#page {{ padding: 0; border-color: {border}; }}
QToolButton#small:checked {{ border-color: {accent}; }}
QToolButton#section, QToolButton#section:checked {{
    font-weight: 600; background: transparent; border-color: transparent;
}}
QToolButton#section:focus {{ border-color: {accent}; }}
#scrolling {{ combobox-popup: 0; }}
QTabBar::tab {{
    padding: 5px 7px; border: 0; border-bottom: 2px solid transparent; color: {muted};
}}
QTabBar::tab:hover {{ background: {raised}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QTabBar::tab:focus {{ background: {raised}; }}
#transport {{ border-top: 1px solid {border}; }}
QStatusBar {{ border-top: 1px solid {border}; }}
QStatusBar::item {{ border: 0; }}
QSplitter::handle {{ background: {border}; }}
QToolTip {{ color: {text}; background: {raised}; border: 1px solid {border}; padding: 4px; }}
#title {{ font-weight: 600; }}
#group {{ font-weight: 600; padding-top: 4px; }}
#muted {{ color: {muted}; }}
#problem {{ color: {error}; }}
#headline {{ font-size: 16px; font-weight: 600; }}
#noticeError {{ background: {raised}; border-left: 4px solid {error}; }}
#recording {{ border-top: 1px solid {border}; }}
#noticeInfo {{ background: {raised}; border-left: 4px solid {accent}; }}
#map {{ border: 1px solid {border}; }}
#map:focus {{ border-color: {accent}; }}
"""


def system_theme() -> Theme:
    """Return the theme that the system asks for; light where it does not say."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give every widget the theme's colours; setColorScheme alone does nothing on bare X11."""
    apply_colours(app, theme)
    apply_style_sheet(app, theme)


def apply_colours(app: QApplication, theme: Theme) -> None:
    """Set the style and the palette, which widgets that are being built ask for."""
    app.setStyle("Fusion")
    app.setPalette(palette_of(theme))


def apply_style_sheet(app: QApplication, theme: Theme) -> None:
    """Set what a palette cannot say.

    Once the widgets are built: Qt applies a style sheet anew to every widget that gets another
    parent, with all below it, which would be half the time that building the window takes.
    """
    app.setStyleSheet(
        _STYLE.format(
            border=theme.border,
            raised=theme.raised,
            accent=theme.accent,
            text=theme.text,
            muted=theme.muted,
            error=theme.error,
        )
    )


def palette_of(theme: Theme) -> QPalette:
    """Return a theme as a palette whose disabled text is muted."""
    palette = QPalette(QColor(theme.raised), QColor(theme.background))
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(getattr(theme, name)))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return palette
