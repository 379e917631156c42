"""What stands above and below the maps: the notice, the status line, levels and legend."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QToolButton

from poolviewer.core.annotation import MapName, Pixel, Role
from poolviewer.core.messages import SourceInfo
from poolviewer.core.meters import Meters, Spread
from poolviewer.core.trace import InputTrace
from poolviewer.core.view_state import Notice
from poolviewer.drawing.palette import DARK, ROLE_COLOURS
from poolviewer.views.legend_panel import ENTRIES, LegendPanel
from poolviewer.views.levels_bar import LevelsBar
from poolviewer.views.notice_bar import NoticeBar
from poolviewer.views.status_line import StatusLine
from tests.drawing.painting import is_colour, pixels_of
from tests.views.renderings import SMALL, rendering_of, scene_of

PICTURE = SourceInfo("cat.png", "picture")
CAMERA = SourceInfo("camera 0", "camera")
LIVE = Meters(True, 30.1, 29.7, 0.0006, latency=Spread(0.0094, 0.012), dropped_before_screen=3)


def status_texts(line):
    return [label.text() for label in line.findChildren(QLabel)]


def edge(bar):
    """Return the colour of the bar's left edge."""
    return bar.grab().toImage().pixelColor(1, bar.height() // 2).name().upper()


# Notice


def test_a_notice_is_plain_text(show):
    bar = show(NoticeBar(), 600, 40)
    bar.show_notice(Notice("<b>bold.png</b> & friends cannot be read."))
    label = bar.findChild(QLabel)
    assert label.text() == bar.text == "<b>bold.png</b> & friends cannot be read."
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert bar.isVisible()


def test_an_error_differs_from_news_and_nothing_hides_it(show):
    bar = show(NoticeBar(), 600, 40)
    bar.show_notice(Notice("No camera was found.", is_error=True))
    assert edge(bar) == DARK.error
    bar.show_notice(Notice("Figure copied."))
    assert edge(bar) == DARK.accent
    bar.show_notice(None)
    assert not bar.isVisible()
    assert bar.text == ""


def test_a_notice_can_be_dismissed(show, qtbot):
    bar = show(NoticeBar(), 600, 40)
    bar.show_notice(Notice("Figure copied."))
    with qtbot.waitSignal(bar.dismissed):
        qtbot.mouseClick(bar.findChild(QToolButton), Qt.MouseButton.LeftButton)


def test_a_long_notice_wraps(show):
    bar = show(NoticeBar(), 300, 40)
    bar.show_notice(Notice("A sentence that is much longer than the bar is wide. " * 5))
    assert bar.heightForWidth(300) > 3 * bar.fontMetrics().height()


# Status


def test_a_picture_tells_no_rate(show):
    line = show(StatusLine(), 900, 30)
    line.show_source(PICTURE, is_frozen=False)
    line.show_meters(Meters(model_s=0.0006), "CPU")
    assert status_texts(line)[0] == "cat.png  ·  model 0.6 ms  ·  CPU"


def test_opening_a_model_can_be_cancelled(show, qtbot):
    line = show(StatusLine(), 900, 30)
    line.show_source(PICTURE, is_frozen=False)
    cancel, busy = line.findChild(QToolButton), line.findChild(QProgressBar)
    assert not cancel.isVisible()
    height = line.height()
    line.show_phase("Opening <b>vgg</b>.keras: layer 1 of 9", can_cancel=True)
    assert busy.isVisible()
    assert (busy.minimum(), busy.maximum()) == (0, 0)
    assert "Opening <b>vgg</b>.keras: layer 1 of 9  ·  cat.png" in status_texts(line)[0]
    assert line.minimumSizeHint().height() <= line.minimumHeight() <= height  # the maps stay
    with qtbot.waitSignal(line.cancelled):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    line.show_phase("", can_cancel=False)
    assert not cancel.isVisible()
    assert not busy.isVisible()


def test_a_long_phase_leaves_room_for_the_rest(show):
    line = show(StatusLine(), 900, 30)
    line.show_phase("Opening " + "n" * 246 + ".keras", can_cancel=True)
    line.show_meters(Meters(model_s=0.001), "CPU")
    assert status_texts(line)[0].endswith("CPU")
    assert ".keras" in status_texts(line)[0]


def test_of_many_channels_the_first_are_told(show):
    line = show(StatusLine(), 900, 30)
    line.show_value(InputTrace(1, 2, tuple((f"R{n}", float(n)) for n in range(40))))
    text = status_texts(line)[-1]
    assert text.startswith("input (1, 2): R0 0  R1 1.000")
    assert text.endswith("R7 7.000  … 32 more")


def test_a_camera_tells_everything(show):
    line = show(StatusLine(), 900, 30)
    line.show_phase("Loading TensorFlow…", can_cancel=False)
    line.show_source(CAMERA, is_frozen=True)
    line.show_meters(LIVE, "GPU")
    assert status_texts(line)[0] == (
        "Loading TensorFlow…  ·  camera 0  ·  frozen  ·  30 fps  ·  model 0.6 ms  ·  "
        "latency 9.4 ms  ·  3 dropped  ·  GPU"
    )
    line.show_phase("", can_cancel=False)
    line.show_source(None, is_frozen=False)
    assert status_texts(line)[0].startswith("no source  ·  30 fps")


def test_a_source_that_stalls_tells_no_rate_and_no_latency(show):
    line = show(StatusLine(), 900, 30)
    line.show_source(CAMERA, is_frozen=False)
    line.show_meters(Meters(is_live=True, model_s=0.0006, dropped_before_network=2), "CPU")
    assert status_texts(line)[0] == "camera 0  ·  0 fps  ·  model 0.6 ms  ·  2 dropped  ·  CPU"


def test_the_meters_say_what_they_mean(show):
    line = show(StatusLine(), 900, 30)
    line.show_meters(LIVE, "CPU")
    tip = line.findChildren(QLabel)[0].toolTip()
    assert "30 fps: frames painted per second" in tip
    assert "latency 9.4 ms: from reading" in tip


def test_the_value_moves_nothing_while_it_changes(show, qtbot):
    line = show(StatusLine(), 900, 30)
    _, value = line.findChildren(QLabel)
    trace = scene_of(rendering_of(SMALL), Pixel(MapName.POOLED, 1, 2)).trace
    line.show_value(trace)
    qtbot.waitUntil(lambda: value.width() > 50 and value.geometry().right() > 800)
    QCoreApplication.sendPostedEvents()
    assert value.fontMetrics().horizontalAdvance(value.text()) <= value.contentsRect().width()
    asked = LayoutRequests(line)
    line.show_value(replace(trace, value=0.0))
    assert value.text().endswith("= 0")
    QCoreApplication.sendPostedEvents()
    assert asked.count == 0
    line.show_value(None)
    QCoreApplication.sendPostedEvents()
    assert asked.count > 0
    assert value.width() == 0


class LayoutRequests(QObject):
    """Counts how often a widget is asked to lay out its children."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_a_long_name_leaves_room_for_the_rest(show):
    line = show(StatusLine(), 700, 30)
    line.show_source(
        SourceInfo("a very long name of a file " * 9 + ".png", "picture"), is_frozen=False
    )
    line.show_meters(LIVE, "CPU")
    left = line.findChildren(QLabel)[0]
    assert left.fontMetrics().horizontalAdvance(left.text()) <= left.width()
    assert left.text().endswith("CPU")
    assert "….png" in left.text() or ".png" in left.text()
    assert "very long name" in left.toolTip()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (MapName.POOLED, "pooled (1, 2) = "),
        (MapName.FEATURE, "feature map (1, 2) = "),
        (MapName.INPUT, "input (1, 2): B "),
    ],
)
def test_the_value_under_the_mouse_is_told(show, name, words):
    line = show(StatusLine(), 900, 30)
    line.show_value(scene_of(rendering_of(SMALL), Pixel(name, 1, 2)).trace)
    assert status_texts(line)[1].startswith(words)
    line.show_value(None)
    assert status_texts(line)[1] == ""


# Levels and legend


def test_levels_tell_their_range(show):
    bar = show(LevelsBar(), 300, 18)
    before = pixels_of(bar.grab().toImage())
    bar.show_levels(-1.5, 22.0, "viridis")
    assert bar.toolTip() == "Shades run from −1.500 to 22.00"
    pixels = pixels_of(bar.grab().toImage())
    assert (pixels != before).any()
    assert is_colour(pixels, "#440154").any()
    assert is_colour(pixels, "#FDE725").any()


def test_levels_give_way_to_a_text(show):
    bar = show(LevelsBar(), 300, 18)
    bar.show_text("chelsea.png")
    assert (pixels_of(bar.grab().toImage()) != pixels_of(LevelsBar_empty(show))).any()


def LevelsBar_empty(show):
    return show(LevelsBar(), 300, 18).grab().toImage()


@pytest.mark.parametrize("size", [(300, 220), (300, 150), (150, 144)])
def test_the_legend_shows_every_role(show, size):
    panel = show(LegendPanel(), *size)
    pixels = pixels_of(panel.grab().toImage())
    for role in (Role.FIELD, Role.WINDOW, Role.WINNER, Role.PIXEL, Role.PINNED):
        assert is_colour(pixels, ROLE_COLOURS[role]).any()
    for number in range(len(ENTRIES)):
        assert panel.rect().contains(panel._rect(number).toAlignedRect())
