"""The slider of the transport bar: a click goes there, keys step."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from poolviewer.core.timeline import Timeline

PAGES = 10  # Page Up and Page Down go a tenth of the whole


class Scrubber(QSlider):
    """Shows a timeline and emits the frame that is wished for; it knows no other frames.

    While it is held, what is shown elsewhere does not move it.
    """

    seek_requested = Signal(int)
    step_requested = Signal(int)
    held = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._first = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTracking(True)
        self.valueChanged.connect(self._on_value_changed)

    def show_timeline(self, timeline: Timeline, *, is_live: bool) -> None:
        """Show where the frame lies; a live one is always at the end."""
        if self.isSliderDown():
            return
        # A range from 0, so that nothing is painted anew as the frames of a live source go by.
        self._first = timeline.first
        span = max(timeline.last - timeline.first, 0)
        value = span if is_live else timeline.position - timeline.first
        with QSignalBlocker(self):
            self.setRange(0, span)
            self.setPageStep(max(span // PAGES, 1))
            self.setValue(value)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle to where the mouse is."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.setSliderDown(True)
        self.held.emit(True)
        self.setSliderPosition(self._value_at(event.position().x()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)
            self.held.emit(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step as the wheel turns, away from the person forwards."""
        turned = event.angleDelta().y()
        if turned:
            self.step_requested.emit(1 if turned > 0 else -1)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrows: a live source has gaps in its numbers, so they are no seeks."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: 1,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        else:
            self.step_requested.emit(step)

    def _value_at(self, x: float) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, control = self.style(), QStyle.ComplexControl.CC_Slider
        handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        room = self.width() - handle.width()
        start = round(x) - handle.width() // 2
        return QStyle.sliderValueFromPosition(0, self.maximum(), start, room)

    def _on_value_changed(self, value: int) -> None:
        self.seek_requested.emit(self._first + value)
