"""The status bar: where frames come from, how fast it goes, and the number under the mouse."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from poolviewer.core.messages import SourceInfo
from poolviewer.core.numbers import format_milliseconds, format_number
from poolviewer.core.trace import InputTrace, PooledTrace, Trace
from poolviewer.core.view_state import Meters
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.theme import TEXT_PX

SEPARATOR = "  ·  "


class StatusLine(QStatusBar):
    """Source and meters at the left, the hovered pixel's value at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left, self._value = ElidedLabel(), QLabel()
        for label in (self._left, self._value):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(text_font(TEXT_PX))
            label.setContentsMargins(SPACING, 0, SPACING, 0)
        self._left.setObjectName("muted")
        self.addWidget(self._left, 1)
        self.addPermanentWidget(self._value)
        self.setSizeGripEnabled(False)
        self._name, self._meters, self._phase = "", "", ""
        self._is_frozen = False

    def show_source(self, source: SourceInfo | None, *, is_frozen: bool) -> None:
        self._name = source.name if source else self.tr("no source")
        self._is_frozen = is_frozen
        self._refresh()

    def show_meters(self, meters: Meters, device: str) -> None:
        """Show the speed; rates and latencies only while frames keep coming."""
        parts = [f"model {format_milliseconds(meters.model_s)}"] if meters.model_s else []
        if meters.frames_per_s:
            parts.insert(0, f"{meters.frames_per_s:.0f} fps")
            parts.append(f"latency {format_milliseconds(meters.latency_s)}")
            parts.append(f"{meters.dropped} dropped")
        self._meters = SEPARATOR.join([*parts, device])
        self._refresh()

    def show_phase(self, phase: str) -> None:
        self._phase = phase
        self._refresh()

    def show_value(self, trace: Trace | None) -> None:
        """Show one pixel's number."""
        self._value.setText("" if trace is None else _value_in_words(trace))

    def _refresh(self) -> None:
        frozen = self.tr("frozen") if self._is_frozen else ""
        before = f"{self._phase}{SEPARATOR}" if self._phase else ""
        after = "".join(f"{SEPARATOR}{part}" for part in (frozen, self._meters) if part)
        self._left.show_parts(before, self._name, after)


def _value_in_words(trace: Trace) -> str:
    place = f"({trace.row}, {trace.col})"
    if isinstance(trace, InputTrace):
        values = "  ".join(f"{name} {format_number(value)}" for name, value in trace.values)
        return f"input {place}: {values}"
    name = "pooled" if isinstance(trace, PooledTrace) else "feature map"
    return f"{name} {place} = {format_number(trace.value)}"
