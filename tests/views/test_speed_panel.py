"""The meters in full, for whoever opens their tab."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QToolButton

from poolviewer.core.meters import Meters, Spread
from poolviewer.views.speed_panel import GROUPS, SpeedPanel

LIVE = Meters(
    True, 59.6, 29.7, 0.0006, 0.0003, 0.0021, Spread(0.0094, 0.0123), 7, 3, 0.012,
    ((32, 32, 3), (30, 30, 64), (15, 15, 64)),
)  # fmt: skip
TEXT = """\
Source\t60 fps
Painted\t30 fps
Dropped before the network\t7
Dropped before the screen\t3
Latency, median\t9.4 ms
Latency, 95 of 100\t12 ms
Model\t0.6 ms
Levels and tiles\t0.3 ms
Painting\t2.1 ms
Longest pause\t12 ms
Runs on\tCPU
Input\t32×32×3
Feature maps\t30×30×64
Pooled maps\t15×15×64"""


def texts(panel):
    return [label.text() for label in panel.findChildren(QLabel)]


def test_everything_is_told_and_copied(show, qtbot):
    panel = show(SpeedPanel(), 320, 500)
    panel.show_meters(LIVE, "CPU")
    shown = texts(panel)
    for line in TEXT.splitlines():
        name, value = line.split("\t")
        assert name in shown
        assert value in shown
    qtbot.mouseClick(panel.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == TEXT


def test_a_picture_has_times_but_no_rates(show):
    panel = show(SpeedPanel(), 320, 500)
    panel.show_meters(Meters(model_s=0.0006, paint_s=0.002), "")
    lines = dict(line.split("\t") for line in panel.as_text().splitlines())
    assert lines["Model"] == "0.6 ms"
    assert lines["Painting"] == "2.0 ms"
    rest = {value for name, value in lines.items() if name not in ("Model", "Painting")}
    assert rest == {"–"}


def test_every_line_says_what_it_means(show):
    panel = show(SpeedPanel(), 320, 500)
    labels = {label.text(): label.toolTip() for label in panel.findChildren(QLabel)}
    for title, rows in GROUPS:
        assert title in labels
        for row in rows:
            assert labels[row.name]


def test_hidden_it_does_nothing(show, qtbot):
    panel = show(SpeedPanel(), 320, 500)
    with qtbot.waitSignal(panel.watched) as left:
        panel.hide()
    assert left.args == [False]
    before = texts(panel)
    panel.show_meters(LIVE, "CPU")
    assert texts(panel) == before
    with qtbot.waitSignal(panel.watched) as seen:
        panel.show()
    assert seen.args == [True]
    assert "60 fps" in texts(panel)


def test_it_fits_a_narrow_side(show):
    panel = show(SpeedPanel(), 280, 500)
    panel.show_meters(LIVE, "CPU")
    assert panel.horizontalScrollBar().maximum() == 0
