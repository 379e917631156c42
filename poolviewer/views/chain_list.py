"""The layers behind the traced pixel, one line each, from the pooled value to the input."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from poolviewer.core.chain_step import Chain, ChainStep
from poolviewer.core.numbers import format_number
from poolviewer.core.step_detail import agreement, row_in_words
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.step_marks import draw_number
from poolviewer.views.plain_text import plain_tip

ROW_HEIGHT = 22
MOST_ROWS = 8
SIGN = 16
NAME, VALUE = range(2)
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class ChainModel(QAbstractTableModel):
    """The steps of a chain: their sign and layer, and their pixel with its value."""

    def __init__(self, ratio: float) -> None:
        super().__init__()
        self._steps: tuple[ChainStep, ...] = ()
        self._ratio = ratio
        self._signs: dict[int, QPixmap] = {}

    @property
    def steps(self) -> tuple[ChainStep, ...]:
        return self._steps

    def show_steps(self, steps: tuple[ChainStep, ...]) -> None:
        """Take other steps; as long as they are as many, only their words change."""
        if len(steps) == len(self._steps):
            self._steps = steps
            if steps:
                self.dataChanged.emit(self.index(0, 0), self.index(len(steps) - 1, VALUE))
            return
        self.beginResetModel()
        self._steps = steps
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._steps)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        step = self._steps[row]
        if role == Qt.ItemDataRole.DisplayRole:
            return printable(step.layer, MAX_NAME) if column == NAME else _value(step)
        if role == Qt.ItemDataRole.DecorationRole and column == NAME:
            return self._sign(row + 1)
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, ROW_HEIGHT)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == VALUE:
            return RIGHT
        return self._said(row + 1, role)

    def _said(self, number: int, role: int) -> str | None:
        """Return a step in full, for tips and screen readers."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row_in_words(number, self._steps[number - 1]))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_in_words(number, self._steps[number - 1])
        return None

    def _sign(self, number: int) -> QPixmap:
        if number not in self._signs:
            side = round(SIGN * self._ratio)
            pixmap = QPixmap(side, side)
            pixmap.setDevicePixelRatio(self._ratio)
            painter = QPainter(pixmap)
            draw_number(painter, QRectF(0, 0, SIGN, SIGN), number)
            painter.end()
            self._signs[number] = pixmap
        return self._signs[number]


class ChainList(QTreeView):
    """Lists the steps; the arrow keys or a click unfold one, Enter or a second click folds it."""

    # The step, as `ChainStep.step`, or None to fold.
    step_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ChainModel(self.devicePixelRatioF())
        self.setModel(self._model)
        self._is_showing = False
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIconSize(QSize(SIGN, SIGN))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAllColumnsShowFocus(True)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Layers behind the traced pixel"))
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(SPACING)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    @property
    def steps(self) -> tuple[ChainStep, ...]:
        """What is listed."""
        return self._model.steps

    def show_chain(self, chain: Chain | None, unfolded: ChainStep | None) -> None:
        """List the steps of a chain, and mark the one that is unfolded."""
        self._is_showing = True
        steps = chain.steps if chain else ()
        has_other_rows = len(steps) != len(self.steps)
        self._model.show_steps(steps)
        if has_other_rows:
            rows = min(len(steps), MOST_ROWS)
            self.setFixedHeight(rows * ROW_HEIGHT + 2 * self.frameWidth())
        self._fit_values()
        self._mark(steps, unfolded)
        self._is_showing = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.selectionModel().isRowSelected(index.row()):
            self._toggle(index)
        else:
            super().mousePressEvent(event)

    def _toggle(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        is_unfolded = self.selectionModel().isRowSelected(index.row())
        self.step_chosen.emit(None if is_unfolded else self.steps[index.row()].step)

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._is_showing and current.isValid():
            self.step_chosen.emit(self.steps[current.row()].step)

    def _fit_values(self) -> None:
        """Give the values the room that they need; it only grows, so that live ones stand still."""
        metrics = self.fontMetrics()
        needed = max((metrics.horizontalAdvance(_value(step)) for step in self.steps), default=0)
        needed += 2 * SPACING
        if needed > self.columnWidth(VALUE):
            self.setColumnWidth(VALUE, needed)

    def _mark(self, steps: tuple[ChainStep, ...], unfolded: ChainStep | None) -> None:
        selection = self.selectionModel()
        if unfolded is None:
            selection.clearSelection()
            return
        row = next(row for row, step in enumerate(steps) if step is unfolded)
        index = self._model.index(row, 0)
        if not selection.isRowSelected(row) or self.currentIndex().row() != row:
            flags = selection.SelectionFlag.ClearAndSelect | selection.SelectionFlag.Rows
            selection.setCurrentIndex(index, flags)


def _value(step: ChainStep) -> str:
    row, col, _ = step.pixel
    sign, _ = agreement(step)
    return f"({row}, {col}) = {format_number(step.map_value)} {sign}"
