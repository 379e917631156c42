"""Light and dark: readable, and icons go along."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette

from poolviewer.drawing.palette import DARK, LIGHT, contrast
from poolviewer.views.icons import icon
from poolviewer.views.main_window import MainWindow
from poolviewer.views.theme import apply_theme, palette_of, system_theme
from tests.drawing.painting import is_colour, pixels_of

THEMES = [LIGHT, DARK]
ROLE = QPalette.ColorRole
PAIRS = [
    (ROLE.WindowText, ROLE.Window), (ROLE.Text, ROLE.Base), (ROLE.Text, ROLE.AlternateBase),
    (ROLE.ButtonText, ROLE.Button), (ROLE.ToolTipText, ROLE.ToolTipBase),
    (ROLE.HighlightedText, ROLE.Highlight), (ROLE.PlaceholderText, ROLE.Base),
    (ROLE.PlaceholderText, ROLE.Window), (ROLE.Link, ROLE.Window), (ROLE.BrightText, ROLE.Window),
]  # fmt: skip


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
@pytest.mark.parametrize("group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled])
def test_every_text_can_be_read(theme, text, ground, group):
    palette = palette_of(theme)
    colours = [palette.color(group, role).name() for role in (text, ground)]
    assert contrast(*colours) >= 4.5


def ink(action):
    return pixels_of(action.icon().pixmap(QSize(40, 40)).toImage())


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_icons_have_the_colour_of_the_text(qapp, theme):
    image = icon("open", palette_of(theme)).pixmap(QSize(40, 40)).toImage()
    assert is_colour(pixels_of(image), theme.text).any()


def test_icons_follow_another_theme(show, qapp, qtbot):
    window = show(MainWindow(), 900, 600)
    assert is_colour(ink(window.wishes["open_file"]), DARK.text).any()
    apply_theme(qapp, LIGHT)
    qtbot.waitUntil(lambda: is_colour(ink(window.wishes["open_file"]), LIGHT.text).any())
    assert not is_colour(ink(window.wishes["open_file"]), DARK.text).any()


def test_the_window_has_the_colours_of_the_theme(show, qapp):
    window = show(MainWindow(), 900, 600)
    for theme in (LIGHT, DARK):
        apply_theme(qapp, theme)
        pixels = pixels_of(window.grab().toImage())
        assert is_colour(pixels, theme.background).mean() > 0.4


def test_the_system_is_light_or_dark(qapp):
    assert system_theme() in THEMES
