"""The status bar: what is waited for, where frames come from, how fast, and a pixel's number."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QStatusBar, QToolButton, QWidget

from poolviewer.core.explanation import channels_in_words
from poolviewer.core.messages import SourceInfo
from poolviewer.core.meters import Meters
from poolviewer.core.numbers import format_milliseconds, format_number, format_rate
from poolviewer.core.trace import InputTrace, PooledTrace, Trace
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.plain_text import shortened
from poolviewer.views.steady_label import SteadyLabel
from poolviewer.views.theme import TEXT_PX

SEPARATOR = "  ·  "
BUSY_WIDTH = 10 * SPACING
RATE = "frames painted per second"
MODEL = "what the network takes for one frame"
LATENCY = "from reading a frame to having painted it"
DROPPED = "frames that a newer one overtook"
DEVICE = "where the network runs; the tab Speed tells more"


class StatusLine(QStatusBar):
    """Source and meters at the left, the hovered pixel's value at the right.

    What can be called off has a moving bar before it and a button that calls it off; the line is
    as high as that button even without it, so that the maps keep their place.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left, self._value = ElidedLabel(), SteadyLabel()
        for label in (self._left, self._value):
            label.setFont(text_font(TEXT_PX))
        self._left.setObjectName("muted")
        self._build_busy()
        # Not at the labels: a style sheet takes the margins of a label away.
        self.setContentsMargins(SPACING, 0, SPACING, 0)
        self.addWidget(self._busy)
        self.addWidget(self._cancel)
        self.addWidget(self._left, 1)
        self.addPermanentWidget(self._value)
        self.setSizeGripEnabled(False)
        self._name, self._meters, self._phase, self._tip = "", "", "", ""
        self._is_frozen = False

    def show_source(self, source: SourceInfo | None, *, is_frozen: bool) -> None:
        remarks = [source.name, source.remark] if source else [self.tr("no source")]
        self._name = SEPARATOR.join(filter(None, remarks))
        self._is_frozen = is_frozen
        self._refresh()

    def show_meters(self, meters: Meters, device: str) -> None:
        """Show the speed; rates, latency and drops only of frames that come by themselves."""
        told = [(f"model {format_milliseconds(meters.model_s)}", MODEL)] if meters.model_s else []
        if meters.is_live:
            told.insert(0, (format_rate(meters.painted_per_s), RATE))
            if meters.latency.median_s:
                latency = format_milliseconds(meters.latency.median_s)
                told.append((f"latency {latency}", LATENCY))
            told.append((f"{meters.dropped} dropped", DROPPED))
        told.append((device, DEVICE))
        self._meters = SEPARATOR.join(text for text, _ in told)
        self._tip = "\n".join(f"{text}: {self.tr(meaning)}" for text, meaning in told)
        self._refresh()

    def show_phase(self, phase: str, *, can_cancel: bool) -> None:
        """Say what is waited for, and whether that can be called off."""
        self._phase = shortened(phase, self.fontMetrics(), self.width() // 2)
        self._busy.setVisible(can_cancel)
        self._cancel.setVisible(can_cancel)
        self._refresh()

    def show_value(self, trace: Trace | None) -> None:
        """Show one pixel's number."""
        self._value.show_text("" if trace is None else _value_in_words(trace))

    def _build_busy(self) -> None:
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedSize(BUSY_WIDTH, SPACING)
        self._busy.setAccessibleName(self.tr("A model is being opened"))
        self._busy.hide()
        self._cancel = QToolButton()
        self._cancel.setObjectName("small")
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.setToolTip(self.tr("Stop opening the model and keep the network (Escape)"))
        self._cancel.clicked.connect(self.cancelled)
        self._cancel.hide()
        self.setMinimumHeight(4 * SPACING)

    def _refresh(self) -> None:
        frozen = self.tr("frozen") if self._is_frozen else ""
        before = f"{self._phase}{SEPARATOR}" if self._phase else ""
        after = "".join(f"{SEPARATOR}{part}" for part in (frozen, self._meters) if part)
        self._left.show_parts(before, self._name, after, self._tip)


def _value_in_words(trace: Trace) -> str:
    place = f"({trace.row}, {trace.col})"
    if isinstance(trace, InputTrace):
        return f"input {place}: {'  '.join(channels_in_words(trace))}"
    name = "pooled" if isinstance(trace, PooledTrace) else "feature map"
    return f"{name} {place} = {format_number(trace.value)}"
