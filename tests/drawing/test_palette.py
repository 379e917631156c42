from itertools import combinations, product

import pytest
from PySide6.QtGui import QColor

from poolviewer.core.annotation import Role
from poolviewer.drawing.palette import ROLE_COLOURS, THEMES, contrast

GROUNDS = ("background", "surface", "raised")
TEXTS = ("text", "muted", "accent", "error", "warning")


@pytest.mark.parametrize(("theme", "ground", "text"), [*product(THEMES, GROUNDS, TEXTS)])
def test_every_text_is_readable_on_every_ground(theme, ground, text):
    colours = THEMES[theme]
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_text_on_the_accent_is_readable(theme):
    assert contrast(THEMES[theme].on_accent, THEMES[theme].accent) >= 4.5


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_every_role_has_a_colour_of_its_own():
    assert set(ROLE_COLOURS) == set(Role)
    for first, second in combinations(map(QColor, ROLE_COLOURS.values()), 2):
        parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)
        assert sum(abs(a - b) for a, b in parts) > 60


def test_roles_are_okabe_and_ito():
    assert ROLE_COLOURS[Role.WINDOW] == "#E69F00"
    assert ROLE_COLOURS[Role.WINNER] == "#D55E00"
    assert ROLE_COLOURS[Role.FIELD] == "#56B4E9"
    assert ROLE_COLOURS[Role.PINNED] == "#F0E442"
