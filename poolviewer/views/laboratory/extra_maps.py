"""Maps that an experiment made, beside each other and linked with the three maps."""

import pyqtgraph as pg
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from poolviewer.core.annotation import MapName, Outline
from poolviewer.core.laboratory.experiment import ExtraMap
from poolviewer.core.numbers import times
from poolviewer.drawing.map_picture import extra_picture
from poolviewer.drawing.palette import SPACING
from poolviewer.views.levels_bar import LevelsBar
from poolviewer.views.map_view import MapView


class ExtraMaps(QWidget):
    """Shows up to as many maps as there ever were; more views are made when they are needed.

    Parameters
    ----------
    master
        The view box of a map that all others are linked with.
    """

    # The `Pixel` of one of the maps under the mouse, or None.
    pixel_hovered = Signal(object)
    pixel_clicked = Signal(object)

    def __init__(self, master: pg.ViewBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._master = master
        self._shown: tuple[ExtraMap, ...] = ()
        self._cells: list[QWidget] = []
        self.views: list[MapView] = []
        self._bars: list[LevelsBar] = []
        self._is_mirrored = False
        # Later: whoever shows maps has not finished, and hears of the hover.
        self._rehover = QTimer(self, singleShot=True, interval=0)
        self._rehover.timeout.connect(self._on_rehover_timeout)
        # Not by pyqtgraph's own links: they align views on the screen, and so shift those that are
        # wider than the master.
        master.sigRangeChanged.connect(self._on_master_range_changed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACING)

    def show_maps(self, maps: tuple[ExtraMap, ...]) -> None:
        """Show other maps, or none."""
        while len(self.views) < len(maps):
            self._add_view()
        for number, cell in enumerate(self._cells):
            cell.setVisible(number < len(maps))
        for number, extra in enumerate(maps):
            if number >= len(self._shown) or extra is not self._shown[number]:
                self._show_map(number, extra)
        self._shown = maps
        self.setVisible(bool(maps))

    def show_outlines(self, outlines: tuple[tuple[Outline, ...], ...]) -> None:
        """Outline something in each of the maps; nothing in those beyond."""
        for number, view in enumerate(self.views):
            view.set_outlines(outlines[number] if number < len(outlines) else ())

    def set_mirrored(self, is_mirrored: bool) -> None:
        self._is_mirrored = is_mirrored
        for view in self.views:
            view.set_mirrored(is_mirrored)

    def _show_map(self, number: int, extra: ExtraMap) -> None:
        view, geometry = self.views[number], extra.geometry
        if number >= len(self._shown) or geometry != self._shown[number].geometry:
            self._rehover.start()
        view.set_title(extra.title)
        view.set_geometry(geometry)
        view.show_picture(extra_picture(extra))
        view.set_subtitle(times(*geometry.shape))
        self._bars[number].show_levels(*extra.levels, extra.colours)

    def _add_view(self) -> None:
        view, bar, cell = MapView(MapName.POOLED, ""), LevelsBar(), QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(view, 1)
        column.addWidget(bar)
        view.set_mirrored(self._is_mirrored)
        view.view_moved.connect(self._on_view_moved)
        view.pixel_hovered.connect(self.pixel_hovered)
        view.pixel_clicked.connect(self.pixel_clicked)
        self.views.append(view)
        self._bars.append(bar)
        self._cells.append(cell)
        self._row.addWidget(cell, 1)
        view.view_box.sigResized.connect(self._on_master_range_changed)
        self._on_master_range_changed()

    def _on_rehover_timeout(self) -> None:
        for view in self.views:
            view.refresh_hover()

    def _on_master_range_changed(self) -> None:
        for view in self.views:
            view.view_box.setRange(self._master.viewRect(), padding=0)

    def _on_view_moved(self) -> None:
        """Move the master, and with it all others, as one of them was moved by hand."""
        seen = self.views[self._number_of_sender()].view_box.viewRect()
        whole = self._master.viewRect()
        scale = min(seen.width() / whole.width(), seen.height() / whole.height())
        whole.setSize(whole.size() * scale)
        whole.moveCenter(seen.center())
        self._master.setRange(whole, padding=0)
        # As if the master had been moved: its panel keeps the world in sight, and is not fitted.
        self._master.sigRangeChangedManually.emit([True, True])

    def _number_of_sender(self) -> int:
        return next(number for number, view in enumerate(self.views) if view is self.sender())
