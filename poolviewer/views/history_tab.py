"""The pinned pooled pixel over the last frames: its value, its winner, and how often that moved."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from poolviewer.core.numbers import format_number
from poolviewer.core.pin_history import (
    MOST_FRAMES,
    Moment,
    PinHistory,
    Subject,
    as_table,
    switches,
)
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox
from poolviewer.views.concealed_label import CONCEALED
from poolviewer.views.strip_chart import StripChart

HINT = (
    "Pin a pixel of the pooled map with a click: while frames come, its value and the position "
    "that won are drawn here, frame by frame.\n\nThe value may stand still while the winner "
    "moves: that is what pooling is for."
)
LENGTHS = (100, 300, MOST_FRAMES)
REFRESH_MS = 66


class HistoryTab(QWidget):
    """Shows the pinned pixel over time; it costs nothing while it is not seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = PinHistory()
        self._is_concealed = False
        self._hint, self._headline, self._summary = QLabel(), QLabel(), QLabel()
        self.chart: StripChart | None = None  # made when it is first seen: plots take long to make
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._on_refresh_timeout)
        self._build_tools()
        self._build_layout()
        self._show_hint(self.tr(HINT))

    @property
    def summary(self) -> str:
        """What the chart shows, in words."""
        return self._summary.text()

    @property
    def hint(self) -> str:
        """What stands in place of the chart; empty where there is one."""
        return self._hint.text()

    def show_history(self, history: PinHistory) -> None:
        """Show a history soon: several a moment are drawn as one."""
        self._history = history
        if self.isVisible() and not self._refresh.isActive():
            self._refresh.start()

    def conceal(self, *, is_concealed: bool) -> None:
        """Hide the numbers, or show them again."""
        if is_concealed != self._is_concealed:
            self._is_concealed = is_concealed
            self._on_refresh_timeout()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_refresh_timeout()

    def _on_refresh_timeout(self) -> None:
        if not self.isVisible():
            return
        subject = self._history.subject
        if subject is None or self._is_concealed:
            self._show_hint(self.tr(CONCEALED if self._is_concealed else HINT))
            return
        chart = self._made_chart()
        self._show_hint("")
        moments = self._history.last(self.lengths.currentData())
        pixel = subject.pixel
        place = self.tr("Pooled ({}, {}), channel {}")
        self._headline.setText(place.format(pixel.row, pixel.col, subject.channel))
        self._summary.setText(self._in_words(subject, moments))
        chart.show_lanes(are_shown=subject.kind == "max")
        chart.show_moments(moments, subject.window_shape, self._history.current)

    def _in_words(self, subject: Subject, moments: tuple[Moment, ...]) -> str:
        values = [moment.value for moment in moments]
        low, high = format_number(min(values)), format_number(max(values))
        count = len(moments)
        frames = self.tr("1 frame") if count == 1 else self.tr("{} frames").format(count)
        spread = self.tr("Pooled value {} to {} in {}.").format(low, high, frames)
        if subject.kind != "max":
            return f"{spread} {self.tr('Average pooling has no winner.')}"
        moves = switches(moments)
        words = {0: self.tr("The winner never moved."), 1: self.tr("The winner moved once.")}
        moved = words.get(moves, self.tr("The winner moved {} times.").format(moves))
        return f"{spread} {moved}"

    def _show_hint(self, hint: str) -> None:
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        for widget in (self._headline, self._summary, self._tools, self.chart):
            if widget is not None:
                widget.setVisible(not hint)

    def _made_chart(self) -> StripChart:
        if self.chart is None:
            self.chart = StripChart()
            self.chart.setAccessibleName(self.tr("Pooled value and winner, frame by frame"))
            self._content.insertWidget(self._content.indexOf(self._tools), self.chart, 1)
        return self.chart

    def _build_tools(self) -> None:
        self.lengths = ChoiceBox()
        for length in LENGTHS:
            self.lengths.addItem(self.tr("last {} frames").format(length), length)
        self.lengths.setCurrentIndex(1)
        self.lengths.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.lengths.setAccessibleName(self.tr("Frames"))
        self.lengths.setToolTip(self.tr("How many frames are shown and counted"))
        self.lengths.activated.connect(self._on_refresh_timeout)
        self.copy = QToolButton()
        self.copy.setObjectName("small")
        self.copy.setText(self.tr("Copy"))
        self.copy.setToolTip(self.tr("Copy frame, time, value and winner as a table"))
        self.copy.clicked.connect(self._on_copy_clicked)
        self._tools = QWidget()
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.lengths)
        row.addStretch(1)
        row.addWidget(self.copy)

    def _build_layout(self) -> None:
        self._headline.setObjectName("headline")
        for label in (self._hint, self._summary):
            label.setObjectName("muted")
        for label in (self._hint, self._headline, self._summary):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._content = QVBoxLayout(self)
        self._content.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        self._content.setSpacing(SPACING)
        for widget in (self._headline, self._summary, self._hint, self._tools):
            self._content.addWidget(widget)
        self._content.addStretch(0)

    def _on_copy_clicked(self) -> None:
        moments = self._history.last(self.lengths.currentData())
        QGuiApplication.clipboard().setText(as_table(moments))
