"""Both arrays of one channel as tables, as the tutorial prints them, with the window marked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from poolviewer.core.annotation import Role
from poolviewer.core.geometry import PixelBox
from poolviewer.core.numbers import format_number
from poolviewer.core.rendering import Rendering
from poolviewer.core.trace import FeatureTrace, PooledTrace, Trace
from poolviewer.core.view_state import TraceScene
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import HALO, ROLE_COLOURS, SPACING
from poolviewer.views.concealed_label import ConcealedLabel
from poolviewer.views.theme import SMALL_PX

_Index = QModelIndex | QPersistentModelIndex
Marks = dict[tuple[int, int], Role]
MARK = int(Qt.ItemDataRole.UserRole)
WIDEST = "\N{MINUS SIGN}0.0001234 "


class ArrayModel(QAbstractTableModel):
    """A read-only table of one map, with some of its cells marked by a role's colour."""

    def __init__(self) -> None:
        super().__init__()
        self._values: NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)
        self._marks: Marks = {}
        self._bold = QFont()
        self._bold.setBold(True)

    @property
    def values(self) -> NDArray[np.float32]:
        """The map, float32 of shape (H, W)."""
        return self._values

    def show_values(self, values: NDArray[np.float32]) -> None:
        """Show other numbers; the view keeps its place if their shape is the same."""
        if values.shape != self._values.shape:
            self.beginResetModel()
            self._values, self._marks = values, {}
            self.endResetModel()
        else:
            self._values = values
            self._changed(PixelBox(0, 0, *values.shape))

    def mark(self, marks: Marks) -> None:
        """Mark cells, and no others."""
        touched = list(self._marks) + list(marks)
        self._marks = marks
        if touched and self._values.size:
            rows, cols = [row for row, _ in touched], [col for _, col in touched]
            self._changed(PixelBox(min(rows), min(cols), max(rows) + 1, max(cols) + 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else int(self._values.shape[0])

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else int(self._values.shape[1])

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return the number of a cell, or how it is marked."""
        cell = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return format_number(float(self._values[cell]))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        mark = self._marks.get(cell)
        return None if mark is None else self._marked(role, mark)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        """Number rows and columns from 0, as everywhere."""
        is_text = role == Qt.ItemDataRole.DisplayRole
        return str(section) if is_text else super().headerData(section, orientation, role)

    def _marked(self, role: int, mark: Role) -> QColor | QFont | Role | None:
        if role == Qt.ItemDataRole.BackgroundRole:
            return QColor(ROLE_COLOURS[mark])
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(HALO)
        if role == MARK:
            return mark
        is_bold = role == Qt.ItemDataRole.FontRole and mark is not Role.WINDOW
        return self._bold if is_bold else None

    def _changed(self, box: PixelBox) -> None:
        rows, cols = self._values.shape
        last_row, last_col = min(box.row_stop, rows) - 1, min(box.col_stop, cols) - 1
        self.dataChanged.emit(
            self.index(box.row_start, box.col_start), self.index(last_row, last_col)
        )


class CellDelegate(QStyledItemDelegate):
    """Frames the hovered cell, whose white ground alone would not be seen on a light table."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        if index.data(MARK) is Role.PIXEL:
            painter.setPen(QColor(HALO))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))


class ArrayTable(QTableView):
    """A table of one map that is copied as tab-separated values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.array = ArrayModel()
        self.array.setParent(self)
        self.setModel(self.array)
        self._followed: tuple[tuple[int, int], ...] = ()
        self.setItemDelegate(CellDelegate(self))
        font = text_font(SMALL_PX)
        self.setFont(font)
        metrics = QFontMetrics(font)
        self.horizontalHeader().setDefaultSectionSize(metrics.horizontalAdvance(WIDEST))
        self.horizontalHeader().setMinimumSectionSize(3 * SPACING)
        self.verticalHeader().setDefaultSectionSize(metrics.height() + SPACING // 2)
        self.verticalHeader().setMinimumSectionSize(2 * SPACING)
        self.setWordWrap(False)
        # By whole cells, Qt would leave a cell that it scrolls to half hidden.
        self.setVerticalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(self.ScrollMode.ScrollPerPixel)

    def copy(self) -> None:
        """Copy the selected cells, or the whole map if none is, at full precision."""
        QGuiApplication.clipboard().setText(self.as_tsv())

    def as_tsv(self) -> str:
        """Return the selected rectangle, or everything, as tab-separated values."""
        values = self.array.values
        cells = self.selectionModel().selectedIndexes()
        if cells:
            rows, cols = {cell.row() for cell in cells}, {cell.column() for cell in cells}
            values = values[min(rows) : max(rows) + 1, min(cols) : max(cols) + 1]
        return "\n".join("\t".join(row) for row in values.astype(str))

    def follow(self, *cells: tuple[int, int]) -> None:
        """Scroll to cells, the last above all; but once, so that a person may look elsewhere."""
        if cells != self._followed:
            self._followed = cells
            self._scroll_along()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep in sight what was scrolled to before there was room for it."""
        super().resizeEvent(event)
        self._scroll_along()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _scroll_along(self) -> None:
        """Scroll as little as needed, and never to half a number, which is another number."""
        for cell in self._followed:
            self.scrollTo(self.array.index(*cell))
        first = self.columnAt(0)
        cut = self.columnViewportPosition(first)
        if self._followed and first >= 0 and cut < 0:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + cut + self.columnWidth(first))


class NumbersTab(QWidget):
    """The feature map and the pooled map of one channel as numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feature, self.pooled = ArrayTable(), ArrayTable()
        self._waiting: tuple[Rendering, int] | None = None
        self._scene = TraceScene()
        self._concealed, self._tables = ConcealedLabel(), QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        outer.addWidget(self._concealed)
        outer.addWidget(self._tables, 1)
        layout = QVBoxLayout(self._tables)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        for title, table in (
            (self.tr("Feature map"), self.feature),
            (self.tr("Pooled map"), self.pooled),
        ):
            table.setAccessibleName(title)
            layout.addLayout(self._header(title, table))
            layout.addWidget(table, 1)

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show one channel of a rendering; put off while the tab is hidden."""
        self._waiting = (rendering, channel)
        self._refresh()

    def show_trace(self, scene: TraceScene) -> None:
        """Mark the window or the pools of a trace, and scroll to them."""
        self._scene = scene
        self._mark()

    def conceal(self, *, is_concealed: bool) -> None:
        """Hide the numbers, or show them again."""
        self._concealed.setVisible(is_concealed)
        self._tables.setVisible(not is_concealed)

    def showEvent(self, event: Any) -> None:  # noqa: ANN401
        super().showEvent(event)
        self._refresh()
        self._mark()

    def _header(self, title: str, table: ArrayTable) -> QHBoxLayout:
        label = QLabel(title)
        label.setObjectName("title")
        button = QToolButton()
        button.setObjectName("small")
        button.setText(self.tr("Copy"))
        button.setToolTip(self.tr("Copy the selection, or the whole map, as tab-separated values"))
        button.clicked.connect(table.copy)
        header = QHBoxLayout()
        header.addWidget(label, 1)
        header.addWidget(button)
        return header

    def _refresh(self) -> None:
        if self._waiting is None or not self.isVisible():
            return
        (rendering, channel), self._waiting = self._waiting, None
        activations = rendering.activations
        self.feature.array.show_values(activations.feature_maps[:, :, channel])
        self.pooled.array.show_values(activations.pooled_maps[:, :, channel])

    def _mark(self) -> None:
        if not self.isVisible():
            return
        feature, pooled = marks_of(self._scene.trace, is_pinned=self._scene.is_pinned)
        for table, marks in ((self.feature, feature), (self.pooled, pooled)):
            table.array.mark(marks)
            table.follow(*((max(marks), min(marks)) if marks else ()))


def marks_of(trace: Trace | None, *, is_pinned: bool = False) -> tuple[Marks, Marks]:
    """Return the cells that a trace marks in the feature map and in the pooled map."""
    own = Role.PINNED if is_pinned else Role.PIXEL
    if isinstance(trace, PooledTrace):
        box = trace.window
        feature: Marks = {
            (row, col): Role.WINDOW
            for row in range(box.row_start, box.row_stop)
            for col in range(box.col_start, box.col_stop)
        }
        if trace.winner:
            feature[trace.winner] = Role.WINNER
        return feature, {(trace.row, trace.col): own}
    if isinstance(trace, FeatureTrace):
        pooled: Marks = {
            (feed.row, feed.col): Role.WINNER if feed.has_won else Role.WINDOW
            for feed in trace.feeds
        }
        return {(trace.row, trace.col): own}, pooled
    return {}, {}
