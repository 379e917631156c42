"""The submenu of sizes and rates."""

import pytest
from PySide6.QtWidgets import QWidget

from poolviewer.core.camera_format import AS_DELIVERED, CameraFormat
from poolviewer.views.actions import make_actions
from poolviewer.views.camera_format_menu import CameraFormatMenu


@pytest.fixture
def window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.wishes = make_actions(widget)
    widget.formats = CameraFormatMenu(widget.wishes["camera_format"], widget)
    widget.chosen = []
    widget.formats.format_chosen.connect(widget.chosen.append)
    return widget


def entries(window):
    return {a.text(): a for a in window.wishes["camera_format"].menu().actions() if a.text()}


def ticked(window):
    return [text for text, action in entries(window).items() if action.isChecked()]


def test_usual_sizes_and_rates_are_offered(window):
    assert list(entries(window)) == [
        "&Size as the camera likes", "320 × 240", "640 × 480", "1280 × 720", "1920 × 1080",
        "&Rate as the camera likes", "15 fps", "30 fps", "60 fps",
    ]  # fmt: skip
    assert ticked(window) == ["&Size as the camera likes", "&Rate as the camera likes"]


def test_size_and_rate_are_chosen_apart(window):
    entries(window)["1280 × 720"].trigger()
    window.formats.show_format(window.chosen[-1])
    entries(window)["15 fps"].trigger()
    window.formats.show_format(window.chosen[-1])
    assert window.chosen == [CameraFormat(1280, 720), CameraFormat(1280, 720, 15)]
    assert ticked(window) == ["1280 × 720", "15 fps"]
    entries(window)["&Size as the camera likes"].trigger()
    assert window.chosen[-1] == CameraFormat(rate=15)


def test_format_that_is_not_offered_is_ticked_nowhere(window):
    window.formats.show_format(CameraFormat(1, 2, 3))
    assert not ticked(window)
    window.formats.show_format(AS_DELIVERED)
    assert len(ticked(window)) == 2
