"""How fast it goes, in full: rates, times, latency and drops as a quiet table."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from poolviewer.core.meters import Meters
from poolviewer.core.numbers import format_milliseconds, format_rate, times
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.views.plain_text import plain_tip
from poolviewer.views.theme import TEXT_PX

NONE = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: its name, what it means, and how it is read from the meters."""

    name: str
    meaning: str
    value: Callable[[Meters, str], str]


def _live(meters: Meters, text: str) -> str:
    return text if meters.is_live else NONE


def _time(seconds: float | None) -> str:
    return format_milliseconds(seconds) if seconds else NONE


def _size(meters: Meters, number: int) -> str:
    return times(*meters.sizes[number]) if meters.sizes else NONE


GROUPS: tuple[tuple[str, tuple[Row, ...]], ...] = (
    ("Frames", (
        Row("Source", "Frames read from the camera or file per second, also those that are never "
            "painted", lambda m, _: _live(m, format_rate(m.source_per_s))),
        Row("Painted", "Frames that reached the screen per second",
            lambda m, _: _live(m, format_rate(m.painted_per_s))),
        Row("Dropped before the network", "Frames that a newer one overtook while the network "
            "was busy", lambda m, _: _live(m, str(m.dropped_before_network))),
        Row("Dropped before the screen", "Frames that ran through the network and were overtaken "
            "before the window could paint them",
            lambda m, _: _live(m, str(m.dropped_before_screen))),
    )),
    ("From reading to painting", (
        Row("Latency, median", "From the end of a frame’s reading to the end of its painting: "
            "half of the frames take less", lambda m, _: _live(m, _time(m.latency.median_s))),
        Row("Latency, 95 of 100", "95 of 100 frames are painted within this time",
            lambda m, _: _live(m, _time(m.latency.p95_s))),
    )),
    ("Time of one frame", (
        Row("Model", "What the network takes, in the background",
            lambda m, _: _time(m.model_s)),
        Row("Levels and tiles", "Shades, order and mosaics of all channels, in the background",
            lambda m, _: _time(m.render_s)),
        Row("Painting", "What the window takes to show a frame and to paint all that it changed",
            lambda m, _: _time(m.paint_s)),
    )),
    ("Window", (
        Row("Longest pause", "The longest time in the last five seconds in which the window did "
            "not answer; 5 ms is none", lambda m, _: _time(m.longest_gap_s)),
    )),
    ("Network", (
        Row("Runs on", "Where the network is computed", lambda _, device: device),
        Row("Input", "Rows × columns × channels", lambda m, _: _size(m, 0)),
        Row("Feature maps", "Rows × columns × channels", lambda m, _: _size(m, 1)),
        Row("Pooled maps", "Rows × columns × channels", lambda m, _: _size(m, 2)),
    )),
)  # fmt: skip


class SpeedPanel(QScrollArea):
    """Shows the meters; ``watched`` tells whether anybody sees them. Hidden, it does nothing."""

    watched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._meters, self._device = Meters(), ""
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACING)
        self._grid.setVerticalSpacing(SPACING // 2)
        self._grid.setColumnStretch(0, 1)
        self._values: list[tuple[Row, QLabel]] = []
        for title, rows in GROUPS:
            self._add_title(title)
            for row in rows:
                self._add_row(row)
        self._build_layout()

    def show_meters(self, meters: Meters, device: str) -> None:
        """Show how fast it goes; put off while the panel is hidden."""
        self._meters, self._device = meters, device
        if self.isVisible():
            self._refresh()

    def as_text(self) -> str:
        """Return the table as lines of name, tab and value."""
        return "\n".join(f"{row.name}\t{self._value(row)}" for row, _ in self._values)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        self.watched.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.watched.emit(False)

    def _value(self, row: Row) -> str:
        return row.value(self._meters, self._device) or NONE

    def _refresh(self) -> None:
        for row, label in self._values:
            text = self._value(row)
            if text != label.text():
                label.setText(text)

    def _add_title(self, title: str) -> None:
        label = QLabel(self.tr(title))
        label.setObjectName("title")
        place = self._grid.rowCount()
        self._grid.addWidget(label, place, 0, 1, 2)
        self._grid.setRowMinimumHeight(place, 3 * SPACING)

    def _add_row(self, row: Row) -> None:
        name, value = QLabel(self.tr(row.name)), QLabel(NONE)
        name.setObjectName("muted")
        value.setFont(text_font(TEXT_PX))
        value.setAccessibleName(self.tr(row.name))
        value.setAlignment(Qt.AlignmentFlag.AlignRight)
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for column, label in enumerate((name, value)):
            label.setToolTip(plain_tip(self.tr(row.meaning)))
            self._grid.addWidget(label, self._grid.rowCount() - column, column)
        self._values.append((row, value))

    def _build_layout(self) -> None:
        copy = QToolButton()
        copy.setObjectName("small")
        copy.setText(self.tr("Copy"))
        copy.setToolTip(self.tr("Copy the table as text"))
        copy.clicked.connect(self._on_copy_clicked)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(self._grid)
        layout.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self.setWidget(content)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.as_text())
