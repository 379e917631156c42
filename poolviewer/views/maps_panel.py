"""The three linked maps side by side: input, feature map, pooled map."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from poolviewer.core.annotation import MapName, geometry_of, uncovered_rects
from poolviewer.core.chain_scene import StepMark
from poolviewer.core.geometry import Rect
from poolviewer.core.laboratory.concealment import belonging, conceals_numbers, seen_overlays
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.messages import Frame
from poolviewer.core.rendering import Rendering, shades_of
from poolviewer.core.stage import Stage
from poolviewer.core.view_state import TraceScene
from poolviewer.drawing.map_picture import channel_picture, input_picture
from poolviewer.drawing.palette import SPACING
from poolviewer.views.equal_columns import EqualColumns
from poolviewer.views.levels_bar import LevelsBar
from poolviewer.views.map_view import MapView

HEADER_HEIGHT = 3 * SPACING
EMPTY_INPUT = "Open a picture, a video or a camera, or drop one here."
EMPTY_MAPS = "No maps yet."
CONCEALED = "hidden until it is answered"


class MapsPanel(QWidget):
    """Shows one channel of a rendering in three maps that pan and zoom together."""

    pixel_hovered = Signal(object)
    pixel_clicked = Signal(object)
    pin_move_requested = Signal(int, int)
    pixel_dragged = Signal(object, float, bool)
    drag_ended = Signal(bool)
    nudge_requested = Signal(float, bool)
    confirmed = Signal()
    # The pixels of each map that are in view, by its name.
    sight_changed = Signal(object)
    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.input = MapView(MapName.INPUT, self.tr("Input"))
        self.feature = MapView(MapName.FEATURE, self.tr("Feature map"))
        self.pooled = MapView(MapName.POOLED, self.tr("Pooled map"))
        self._views = {
            MapName.INPUT: self.input,
            MapName.FEATURE: self.feature,
            MapName.POOLED: self.pooled,
        }
        self._levels = {name: LevelsBar() for name in self._views}
        self._stage: Stage | None = None
        self._rendering: Rendering | None = None
        self._experiment: Experiment | None = None
        self._channel = 0
        self._shown: dict[MapName, tuple[object, ...]] = {}
        self._extent = Rect(0, 0, 1, 1)
        self._input_shape = (0, 0)
        self._is_fitted = True
        self._build_original_button()
        self._build_layout()
        self._link()
        self.input.set_placeholder(self.tr(EMPTY_INPUT))
        self._refit = QTimer(self, singleShot=True, interval=0)
        self._refit.timeout.connect(self._on_refit_timeout)
        # Later: whoever shows maps or mirrors them has not finished, and hears of the hover.
        self._rehover = QTimer(self, singleShot=True, interval=0)
        self._rehover.timeout.connect(self._on_rehover_timeout)

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show the input and one channel of both maps."""
        activations = rendering.activations
        if activations.stage != self._stage:
            self._set_stage(activations.stage)
        self._rendering, self._channel = rendering, channel
        levels, colours = rendering.levels, rendering.display.colour_map
        if self._is_other(
            MapName.INPUT, activations.prepared, activations.frame, activations.network
        ):
            self._show_input(rendering)
        for name, maps, ranges in (
            (MapName.FEATURE, activations.feature_maps, levels.feature),
            (MapName.POOLED, activations.pooled_maps, levels.pooled),
        ):
            low, high = map(float, ranges[channel])
            if self._is_other(name, activations, channel, low, high, colours):
                self._show_map(name, maps[:, :, channel], ranges[channel], channel)
            elif name is MapName.POOLED:
                self.pooled.view.painted.emit()  # what is on the screen already
        self._show_finding()

    def show_experiment(self, experiment: Experiment | None) -> None:
        """Show no more colours of an experiment that was left, and nothing that is concealed."""
        self._experiment = experiment
        for name, view in self._views.items():
            view.set_draggable(experiment is not None and name in experiment.draggable)
        self._show_finding()

    def show_preview(self, picture: NDArray[np.uint8], placement: Rect, extent: Rect) -> None:
        """Show a picture alone, before there are maps."""
        self.input.set_placeholder("")
        self.input.show_backdrop(picture, placement)
        if extent != self._extent:
            self._extent = extent
            self.fit()

    def show_trace(self, scene: TraceScene) -> None:
        """Outline a trace in all three maps."""
        for name, view in self._views.items():
            view.set_outlines(scene.outlines.get(name, ()))

    def show_step_marks(self, marks: Sequence[StepMark]) -> None:
        """Outline what the steps of a chain read, in all three maps."""
        for view in self._views.values():
            view.set_step_marks(marks)

    def show_phase(self, phase: str) -> None:
        """Say in the empty maps what they wait for."""
        for view in (self.feature, self.pooled):
            if not view.has_picture:
                view.set_placeholder(phase or self.tr(EMPTY_MAPS))

    def set_mirrored(self, is_mirrored: bool) -> None:
        for view in self._views.values():
            view.set_mirrored(is_mirrored)
        self._rehover.start()

    def fit(self) -> None:
        """Show all of every map."""
        self._is_fitted = True
        for view in self._views.values():
            view.fit(self._extent)
        self._rehover.start()

    def zoom(self, factor: float) -> None:
        self.input.zoom(factor)

    def toggle_original(self) -> None:
        """Show the full-resolution picture instead of the network's input, or the other way."""
        self._original.toggle()

    def height_for(self, width: int) -> int:
        """Return the height at which the maps are square."""
        return width // len(self._views) + self.height() - int(self.input.view.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refit.start()

    def _build_original_button(self) -> None:
        self._original = QToolButton()
        self._original.setText(self.tr("Original"))
        self._original.setObjectName("small")
        self._original.setCheckable(True)
        self._original.setToolTip(
            self.tr("Show the full-resolution picture instead of what the network receives (O)")
        )
        self._original.toggled.connect(self._on_original_toggled)
        self.input.header.addWidget(self._original)

    def _build_layout(self) -> None:
        grid = EqualColumns()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(SPACING // 2)
        for column, (name, view) in enumerate(self._views.items()):
            grid.addWidget(view, 0, column)
            grid.addWidget(self._levels[name], 1, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(grid, 1)
        self._original.setFixedHeight(HEADER_HEIGHT)
        for view in self._views.values():
            view.header.addStrut(HEADER_HEIGHT)

    def _link(self) -> None:
        """Link the maps in a ring, so that moving any of them moves the others."""
        views = tuple(self._views.values())
        for view, master in zip(views, (*views[1:], views[0]), strict=True):
            view.view_box.setXLink(master.view_box)
            view.view_box.setYLink(master.view_box)
            view.pixel_hovered.connect(self.pixel_hovered)
            view.pixel_clicked.connect(self.pixel_clicked)
            view.pin_move_requested.connect(self.pin_move_requested)
            view.pixel_dragged.connect(self.pixel_dragged)
            view.drag_ended.connect(self.drag_ended)
            view.nudge_requested.connect(self.nudge_requested)
            view.view.confirmed.connect(self.confirmed)
            view.view_moved.connect(self._on_view_moved)
        self.pooled.painted.connect(self.painted)

    def _set_stage(self, stage: Stage) -> None:
        self._stage = stage
        for name, view in self._views.items():
            view.set_geometry(geometry_of(stage, name))
            view.set_placeholder("")
        self.feature.set_uncovered(uncovered_rects(stage))
        self._rehover.start()
        is_other_input = stage.input_shape[:2] != self._input_shape
        if is_other_input or (stage.extent != self._extent and self._is_fitted):
            self._extent = stage.extent
            self.fit()
        self._extent, self._input_shape = stage.extent, stage.input_shape[:2]

    def _is_other(self, name: MapName, *shown: object) -> bool:
        """Whether a map is not yet on the screen; what it shows is remembered."""
        before, self._shown[name] = self._shown.get(name), shown
        return before is None or any(
            new is not old and new != old for new, old in zip(shown, before, strict=True)
        )

    def _show_input(self, rendering: Rendering) -> None:
        activations, prepared = rendering.activations, rendering.activations.prepared
        spec = activations.network.input
        extent = activations.stage.input_geometry.extent
        is_original = self._original.isChecked()
        self.input.show_backdrop(
            activations.frame.picture,
            prepared.placement,
            None if is_original else extent,
            is_above=is_original,
        )
        self.input.show_picture(input_picture(activations))
        shape = "×".join(map(str, spec.shape))
        is_whole = spec.shape[:2] == activations.frame.picture.shape[:2]
        reduced = self.tr(" · reduced") if spec.is_own_size and not is_whole else ""
        self.input.set_subtitle(
            f"{shape} · {spec.channel_words}{reduced}", self.tr("What the network receives")
        )
        self._levels[MapName.INPUT].show_text(_frame_in_words(activations.frame))

    def _show_map(
        self,
        name: MapName,
        values: NDArray[np.floating],
        levels: NDArray[np.floating],
        channel: int,
    ) -> None:
        assert self._rendering is not None and self._stage is not None  # noqa: S101, PT018
        colours = self._rendering.display.colour_map
        shades = shades_of(self._rendering, name, channel)
        geometry = geometry_of(self._stage, name)
        self._views[name].show_picture(channel_picture(values, shades, colours, geometry))
        rows, cols = geometry.shape
        self._views[name].set_subtitle(f"{rows}×{cols} · channel {channel}")
        self._levels[name].show_levels(float(levels[0]), float(levels[1]), colours)

    def _show_finding(self) -> None:
        """Lay the finding's colours over the maps, if they belong to this mode and channel."""
        experiment, rendering = self._experiment, self._rendering
        newest = rendering.finding if rendering else None
        finding = belonging(newest, experiment, self._channel)
        overlays = seen_overlays(experiment, finding)
        for name, view in self._views.items():
            is_concealed = conceals_numbers(experiment, name)
            view.set_overlay(overlays.get(name), is_concealed=is_concealed)
        conceals = conceals_numbers(experiment, MapName.POOLED)
        self._levels[MapName.POOLED].conceal(self.tr(CONCEALED) if conceals else "")

    def _on_view_moved(self) -> None:
        self._is_fitted = False
        for view in self._views.values():
            view.keep_in_sight(self._extent)
        self._rehover.start()

    def _on_refit_timeout(self) -> None:
        if self._is_fitted:
            self.fit()

    def _on_rehover_timeout(self) -> None:
        for view in self._views.values():
            view.refresh_hover()
        if self._stage is not None:
            self.sight_changed.emit({name: view.seen for name, view in self._views.items()})

    def _on_original_toggled(self) -> None:
        if self._rendering is not None:
            self._show_input(self._rendering)


def _frame_in_words(frame: Frame) -> str:
    """Name a picture, and say which of several it is."""
    if frame.source.kind == "folder":
        return f"{frame.name} · {frame.index + 1} of {frame.source.count}"
    return f"{frame.name} · frame {frame.index}" if frame.source.is_moving else frame.name
