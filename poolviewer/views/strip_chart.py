"""A pooled value and the position that won, frame by frame, one above the other."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from poolviewer.core.annotation import Role
from poolviewer.core.numbers import MINUS
from poolviewer.core.pin_history import Moment
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import ROLE_COLOURS, SPACING
from poolviewer.views.theme import SMALL_PX

MOST_LANES = 9
LONGEST_GAP = 4  # usual steps between frames; over more of them no line is drawn
AXIS_WIDTH = 7 * SPACING


class _Axis(pg.AxisItem):
    """Writes a true minus sign, as all other numbers do."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the words for ticks."""
        return [text.replace("-", MINUS) for text in super().tickStrings(values, scale, spacing)]


class _FrameAxis(pg.AxisItem):
    """Names the frames that stand at whole numbers: the frames of a source that were seen."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.frames: Sequence[int] = ()

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers of the frames at ticks."""
        places = [(value, round(value)) for value in values]
        return [
            str(self.frames[place]) if value == place and 0 <= place < len(self.frames) else ""
            for value, place in places
        ]


class StripChart(pg.GraphicsLayoutWidget):
    """Two plots over the same frames: the value above, the winner's position below.

    Each position of the window has a lane, in row-major order from the top, as the window has.
    The frames stand side by side as they were seen; a line is broken where others came between.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setBackground(None)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # No PlotItem: it makes a dozen menus, which outlive it.
        self.value, self.lanes = (self.addViewBox(row, 1, enableMenu=False) for row in range(2))
        self._frame_axis = _FrameAxis()
        self.axes: list[pg.AxisItem] = [_Axis("left"), _Axis("left"), self._frame_axis]
        self.value_curve, self.lane_curve = pg.PlotCurveItem(), pg.PlotCurveItem()
        self.cursors = [pg.InfiniteLine(angle=90, movable=False) for _ in range(2)]
        self._arrange()
        self._shape = (0, 0)
        self._dress()

    def show_moments(
        self, moments: Sequence[Moment], window_shape: tuple[int, int], current: int
    ) -> None:
        """Plot moments, and mark the one on the screen."""
        if window_shape != self._shape:
            self._shape = window_shape
            self._label_lanes()
        frames = [moment.index for moment in moments]
        self._frame_axis.frames = frames
        self._frame_axis.picture = None  # drawn anew: equal places may hold other frames
        places, values = np.arange(len(frames)), np.array([moment.value for moment in moments])
        is_joined = _are_joined(np.array(frames, dtype=np.float64))
        self.value_curve.setData(places, values, connect=is_joined & _are_finite(values))
        columns = window_shape[1]
        winners = [m.winner[0] * columns + m.winner[1] if m.winner else np.nan for m in moments]
        edges = np.stack([places - 0.5, places + 0.5], axis=1).ravel()
        lanes, is_step = np.repeat(winners, 2), np.ones(len(edges), dtype=bool)
        is_step[1::2] = is_joined
        self.lane_curve.setData(edges, lanes, connect=is_step & _are_finite(lanes))
        if frames:
            self.value.setXRange(-0.5, len(frames) - 0.5, padding=0)
            self._fit_values(values)
        is_past = current in frames and current != frames[-1]
        for cursor in self.cursors:
            cursor.setPos(frames.index(current) if is_past else 0)
            cursor.setVisible(is_past)

    def show_lanes(self, *, are_shown: bool) -> None:
        """Show which position won, or hide it where nothing can win."""
        self.lanes.setVisible(are_shown)
        self.axes[1].setVisible(are_shown)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "cursors"):
            self._dress()

    def _arrange(self) -> None:
        for axis, (row, column), view in zip(
            self.axes, ((0, 0), (1, 0), (2, 1)), (self.value, self.lanes, self.lanes), strict=True
        ):
            self.addItem(axis, row, column)
            axis.linkToView(view)
            axis.setStyle(tickFont=text_font(SMALL_PX))
            axis.enableAutoSIPrefix(False)
        for axis in self.axes[:2]:
            axis.setWidth(AXIS_WIDTH)
        for view, curve, cursor in zip(
            (self.value, self.lanes), (self.value_curve, self.lane_curve), self.cursors, strict=True
        ):
            view.setMouseEnabled(False, False)
            view.addItem(curve)
            view.addItem(cursor, ignoreBounds=True)
        self.lanes.setXLink(self.value)
        self.lanes.invertY()

    def _fit_values(self, values: NDArray[np.float64]) -> None:
        finite = values[np.isfinite(values)]
        if finite.size == 0:
            return
        low, high = float(finite.min()), float(finite.max())
        # A value that stands still lies in the middle, with ticks that can be read.
        margin = (high - low) / 10 or abs(high) / 10 or 1.0
        self.value.setYRange(low - margin, high + margin, padding=0)

    def _label_lanes(self) -> None:
        rows, columns = self._shape
        count = rows * columns
        step = -(-count // MOST_LANES)
        ticks = [(lane, str(divmod(lane, columns))) for lane in range(0, count, step)]
        self.axes[1].setTicks([ticks])
        self.lanes.setYRange(-0.5, count - 0.5, padding=0)

    def _dress(self) -> None:
        """Take the theme's colours, which pyqtgraph does not follow, and keeps the old ground."""
        palette = self.palette()
        self.setBackgroundBrush(palette.window())
        self.resetCachedContent()
        muted, text = palette.placeholderText().color(), palette.windowText().color()
        for axis in self.axes:
            axis.setPen(QPen(palette.mid().color()))
            axis.setTextPen(QPen(muted))
        self.value_curve.setPen(_cosmetic(text, 1.5))
        self.lane_curve.setPen(_cosmetic(QColor(ROLE_COLOURS[Role.WINNER]), 2.5))
        for cursor in self.cursors:
            cursor.setPen(_cosmetic(palette.highlight().color(), 1.5))


def _cosmetic(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen


def _are_joined(frames: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether a line goes on from each frame: not where many in between were not seen."""
    steps = np.diff(frames)
    usual = np.median(steps) if len(steps) else 1.0
    return np.append(steps <= LONGEST_GAP * usual, [False] * min(len(frames), 1))


def _are_finite(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether each value and the next are numbers."""
    is_finite = np.isfinite(values)
    are_finite: NDArray[np.bool_] = is_finite & np.append(is_finite[1:], is_finite[-1:])
    return are_finite
