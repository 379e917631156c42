"""The layers of a network as a tree, in which the pooling stages stand out and can be chosen."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFont, QFontMetrics, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from poolviewer.core.model_info import LayerInfo, ModelInfo, Shape, StageInfo
from poolviewer.core.text import printable
from poolviewer.drawing.palette import SPACING
from poolviewer.views.icons import icon
from poolviewer.views.plain_text import plain_tip

NAME, KIND, SHAPE, PARAMETERS = range(4)
LONGEST_TEXT = 300
MEASURED = 8
MARGINS = 3  # branch, sign and frame, in indentations
STAGE = int(Qt.ItemDataRole.UserRole)
KIND_SHARE = 0.36
LEAST_NAME, LEAST_KIND = 20 * SPACING, 13 * SPACING
ROW = QSize(0, 22)
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LayerTree(QTreeWidget):
    """Lists layers nested as their models are; Enter or a double click chooses a stage."""

    stage_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: dict[str, QTreeWidgetItem] = {}
        self._plain: list[QTreeWidgetItem] = []
        self._shown = ""
        self._icons = QIcon(), QIcon()
        self._widest: tuple[int, ...] = (0, 0, 0, 0)
        self.setHeaderLabels(
            [self.tr("Layer"), self.tr("Kind"), self.tr("Output"), self.tr("Weights")]
        )
        for column, tip in enumerate(
            (
                self.tr("Name in the model; a bold name with a sign is a pooling stage"),
                self.tr("Class of the layer"),
                self.tr("Rows × columns × channels that leave the layer; ? where it is open"),
                self.tr("Number of weights"),
            )
        ):
            self.headerItem().setToolTip(column, tip)
        self.headerItem().setTextAlignment(SHAPE, RIGHT)
        self.headerItem().setTextAlignment(PARAMETERS, RIGHT)
        self.setAccessibleName(self.tr("Layers of the network"))
        self.setUniformRowHeights(True)
        self.setIndentation(3 * SPACING // 2)
        self.setIconSize(QSize(2 * SPACING, 2 * SPACING))
        self.setItemDelegateForColumn(NAME, _NameDelegate(self))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(5 * SPACING)
        self.itemActivated.connect(self._on_item_activated)

    def show_model(self, model: ModelInfo) -> None:
        """List the layers of a model."""
        stages = {stage.name: stage for stage in model.stages}
        self.setUpdatesEnabled(False)
        self.clear()
        self._stages, self._plain, self._shown = {}, [], ""
        self._icons = icon("stage", self.palette()), icon("stage_shown", self.palette())
        rows = self._rows(model.layers, stages)
        for row in rows[:1]:  # the others are as high
            row.setSizeHint(NAME, ROW)
        self.addTopLevelItems(rows)
        self.expandAll()
        self.setRootIsDecorated(any(layer.depth or len(layer.stages) > 1 for layer in model.layers))
        self._keep_stages_only()
        self._widest = self._widths(model)
        self._share_out()
        self.setUpdatesEnabled(True)

    def mark(self, stage: str) -> None:
        """Mark the stage that is shown, and scroll to it; none if it is not listed."""
        for name in (self._shown, stage):
            if name in self._stages:
                self._dress(self._stages[name], is_shown=name == stage)
        self._shown = stage
        if stage in self._stages:
            self.setCurrentItem(self._stages[stage])

    def show_stages_only(self, is_only: bool) -> None:
        """Leave out the layers that are no stage and hold none."""
        for item in self._plain:
            item.setHidden(is_only)
        self._keep_in_sight()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()
        self._keep_in_sight()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the signs anew in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_stages"):
            self._icons = icon("stage", self.palette()), icon("stage_shown", self.palette())
            for name, item in self._stages.items():
                self._dress(item, is_shown=name == self._shown)

    def _rows(
        self, layers: tuple[LayerInfo, ...], stages: dict[str, StageInfo]
    ) -> list[QTreeWidgetItem]:
        """Return the outermost layers; those of models within are their children."""
        top: list[QTreeWidgetItem] = []
        outer: list[QTreeWidgetItem] = []
        for layer in layers:
            item = self._row(layer, stages)
            del outer[layer.depth :]
            if outer:
                outer[-1].addChild(item)
            else:
                top.append(item)
            outer.append(item)
        return top

    def _row(self, layer: LayerInfo, stages: dict[str, StageInfo]) -> QTreeWidgetItem:
        weights = f"{layer.parameters:,}" if layer.parameters else ""
        item = _item(layer.short_name, layer.kind, in_words(layer.output_shape), weights)
        if len(layer.stages) == 1:
            self._add_stage(item, layer.stages[0], layer, stages)
            return item
        item.setToolTip(NAME, _tip(layer.name, layer.kind, _counted(layer.parameters)))
        self._plain.append(item)
        for name in layer.stages:
            shape = stages[name].pooled_shape if name in stages else None
            use = _item(name.rpartition("/")[2], "", in_words(shape), "")
            self._add_stage(use, name, layer, stages)
            item.addChild(use)
        return item

    def _add_stage(
        self, item: QTreeWidgetItem, name: str, layer: LayerInfo, stages: dict[str, StageInfo]
    ) -> None:
        self._stages[name] = item
        item.setData(NAME, STAGE, name)
        words = stage_words(stages[name]) if name in stages else ""
        item.setToolTip(NAME, _tip(name, layer.kind, words, _counted(layer.parameters)))
        self._dress(item, is_shown=False)

    def _dress(self, item: QTreeWidgetItem, *, is_shown: bool) -> None:
        font = self.font()
        font.setBold(True)
        item.setFont(NAME, font)
        item.setIcon(NAME, self._icons[is_shown])
        ground = QBrush(self.palette().alternateBase()) if is_shown else QBrush()
        for column in range(self.columnCount()):
            item.setBackground(column, ground)
        state = self.tr("stage, shown now") if is_shown else self.tr("stage")
        item.setData(NAME, Qt.ItemDataRole.AccessibleTextRole, f"{item.text(NAME)}, {state}")

    def _keep_stages_only(self) -> None:
        """Strike from what can be left out whatever holds a stage."""
        kept: set[int] = set()
        for item in self._stages.values():
            parent: QTreeWidgetItem | None = item.parent()
            while parent is not None:
                kept.add(id(parent))
                parent = parent.parent()
        self._plain = [item for item in self._plain if id(item) not in kept]

    def _keep_in_sight(self) -> None:
        if self._shown in self._stages:
            self.scrollToItem(self._stages[self._shown])

    def _widths(self, model: ModelInfo) -> tuple[int, ...]:
        """Return the widths at which every text of a column is whole."""
        layers = model.layers
        texts = (
            {layer.short_name for layer in layers},
            {layer.kind for layer in layers},
            {in_words(layer.output_shape) for layer in layers}
            | {in_words(stage.pooled_shape) for stage in model.stages},
            {f"{layer.parameters:,}" for layer in layers},
        )
        bold = QFont(self.font())
        bold.setBold(True)
        head, metrics = self.headerItem(), QFontMetrics(bold)
        name, *others = (
            _widest({head.text(column), *found}, metrics) + SPACING
            for column, found in enumerate(texts)
        )
        deepest = max((layer.depth for layer in layers), default=0) + MARGINS
        return name + deepest * self.indentation(), *others

    def _share_out(self) -> None:
        """Give shapes their room, and share out the rest; weights only where there is enough."""
        name, kind, shape, weights = self._widest
        rest = max(self.viewport().width() - shape, LEAST_NAME)
        has_weights = rest - weights >= min(name, LEAST_NAME) + min(kind, LEAST_KIND)
        self.setColumnHidden(PARAMETERS, not has_weights)
        rest -= weights if has_weights else 0
        kind = min(kind, max(rest - name, int(rest * KIND_SHARE)))
        for column, width in enumerate((rest - kind, kind, shape, weights)):
            self.setColumnWidth(column, width)

    def _on_item_activated(self, item: QTreeWidgetItem) -> None:
        stage = item.data(NAME, STAGE)
        if stage:
            self.stage_chosen.emit(stage)


class _NameDelegate(QStyledItemDelegate):
    """Leaves the middle out of a long name: layers differ at their ends."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


def in_words(shape: Shape | None) -> str:
    """Write a shape such as ``30×30×64``, with a question mark for what is open."""
    if shape is None:
        return "?"
    return "×".join("?" if length is None else str(length) for length in shape)


def stage_words(stage: StageInfo) -> str:
    """Say what a stage does, and between which shapes."""
    kind = stage.kind.replace("_", " ")
    parts = [f"{kind} {in_words(stage.pool_size)}" if stage.pool_size else kind]
    if stage.strides:
        parts.append(f"strides {in_words(stage.strides)}")
    if stage.padding:
        parts.append(stage.padding)
    shapes = f"{in_words(stage.source_shape)} → {in_words(stage.pooled_shape)}"
    added = "added by PoolViewer after" if stage.is_added else "after"
    return f"{', '.join(parts)}: {shapes}, {added} {stage.source_layer}"


def _tip(*lines: str) -> str:
    return plain_tip("\n".join(printable(line[:LONGEST_TEXT]) for line in lines if line))


def _counted(weights: int) -> str:
    return f"{weights:,} weights" if weights else ""


def _widest(texts: set[str], metrics: QFontMetrics) -> int:
    """Return the width of the widest text, which is among those of the most letters."""
    most = sorted(texts, key=len)[-MEASURED:]
    return max(metrics.horizontalAdvance(text[:LONGEST_TEXT]) for text in most)


def _item(*texts: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([printable(text[:LONGEST_TEXT]) for text in texts])
    item.setTextAlignment(SHAPE, RIGHT)
    item.setTextAlignment(PARAMETERS, RIGHT)
    return item
