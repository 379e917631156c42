"""The laboratory below the maps: the chosen mode with its settings, its words and extra maps."""

from collections.abc import Mapping

import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from poolviewer.core.annotation import MapName, uncovered_rects
from poolviewer.core.geometry import PixelBox
from poolviewer.core.laboratory.experiment import Experiment, Finding
from poolviewer.core.messages import SourceInfo
from poolviewer.core.rendering import Rendering
from poolviewer.core.stage import Stage
from poolviewer.core.view_state import TraceScene
from poolviewer.drawing.overlay_legend import overlay_entries
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox
from poolviewer.views.laboratory.extra_maps import ExtraMaps
from poolviewer.views.laboratory.mode_panel import ModePanel
from poolviewer.views.laboratory.modes import MODES, Mode
from poolviewer.views.laboratory.overlay_legend import OverlayLegend
from poolviewer.views.laboratory.page_stack import PageStack
from poolviewer.views.laboratory.steady_words import SteadyWords


class LaboratoryPanel(QWidget):
    """Shows the mode of the present experiment; each mode keeps its last settings.

    The panel of a mode is made when it is first chosen, so that the window opens soon.

    Parameters
    ----------
    master
        The view box of a map that extra maps are linked with.
    """

    experiment_chosen = Signal(object)
    pin_requested = Signal(object)
    freeze_requested = Signal()

    def __init__(self, master: pg.ViewBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.extra_maps = ExtraMaps(master)
        self._experiment: Experiment | None = None
        self._source: tuple[SourceInfo | None, bool] = (None, False)
        self._sight: Mapping[MapName, PixelBox] = {}
        self._last: dict[str, Experiment] = {}
        self.panels: dict[str, ModePanel] = {}
        self.choice = ChoiceBox()
        self._stack, self._words, self.legend = PageStack(), SteadyWords(), OverlayLegend()
        self._stage: Stage | None = None
        self._has_uncovered = False
        self._build_choice()
        self._build_layout()

    @property
    def mode(self) -> Mode | None:
        """The mode of the present experiment; None while the laboratory is closed."""
        return None if self._experiment is None else mode_of(self._experiment)

    @property
    def words(self) -> str:
        """What the newest finding says."""
        return self._words.text

    def toggle(self, name: str) -> None:
        """Ask for a mode with its last settings, or to leave it."""
        is_present = self.mode is not None and self.mode.name == name
        self.experiment_chosen.emit(None if is_present else self._settings_of(name))

    def show_experiment(self, experiment: Experiment | None) -> None:
        """Show the settings of an experiment; None leaves the mode."""
        before, self._experiment = self.mode, experiment
        mode = self.mode
        if before is not None and before is not mode:
            self.panels[before.name].leave()
            self._forget()
        if mode is None or experiment is None:
            return
        self._last[mode.name] = experiment
        if mode.name not in self.panels:
            self._add_panel(mode)
        panel = self.panels[mode.name]
        panel.show_experiment(experiment)
        if panel is not self._stack.currentWidget():
            self._stack.setCurrentWidget(panel)
            self._stack.updateGeometry()
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(self.choice.findData(mode.name))

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show what the experiment found on the newest frame."""
        if self.mode is None:
            return
        finding = rendering.finding
        if finding is not None and type(finding.experiment) is type(self._experiment):
            self._show_finding(finding, rendering.activations.stage)
        self.panels[self.mode.name].show_rendering(rendering, channel)

    def show_trace(self, scene: TraceScene) -> None:
        """Show what is traced."""
        beside = scene.related.beside if scene.related else ()
        self.extra_maps.show_outlines(beside)
        if self.mode is not None:
            self.panels[self.mode.name].show_trace(scene)

    def show_source(self, source: SourceInfo | None, *, is_frozen: bool) -> None:
        """Show where frames come from and whether they stand still."""
        self._source = source, is_frozen
        for panel in self.panels.values():
            panel.show_source(source, is_frozen=is_frozen)

    def show_sight(self, boxes: Mapping[MapName, PixelBox]) -> None:
        """Tell which pixels of the three maps are in view."""
        self._sight = boxes
        for panel in self.panels.values():
            panel.show_sight(boxes)

    def _build_choice(self) -> None:
        for number, mode in enumerate(MODES):
            self.choice.addItem(self.tr(mode.title).replace("&", ""), mode.name)
            self.choice.setItemData(number, self.tr(mode.tip), Qt.ItemDataRole.ToolTipRole)
        self.choice.setAccessibleName(self.tr("Mode of the laboratory"))
        self.choice.setToolTip(self.tr("What is tried in the laboratory"))
        self.choice.activated.connect(self._on_choice_activated)

    def _add_panel(self, mode: Mode) -> None:
        panel = mode.make_panel()
        panel.show_source(self._source[0], is_frozen=self._source[1])
        panel.show_sight(self._sight)
        panel.experiment_changed.connect(self.experiment_chosen)
        panel.pin_requested.connect(self.pin_requested)
        panel.freeze_requested.connect(self.freeze_requested)
        self.panels[mode.name] = panel
        self._stack.addWidget(panel)

    def _show_finding(self, finding: Finding, stage: Stage) -> None:
        if stage is not self._stage:
            self._stage, self._has_uncovered = stage, bool(uncovered_rects(stage))
        self._words.show_text(_in_words(finding))
        overlays = finding.overlays.values()
        self.legend.show_entries(overlay_entries(overlays, has_uncovered=self._has_uncovered))
        self.extra_maps.show_maps(finding.maps)

    def _forget(self) -> None:
        """Show nothing of an experiment that was left."""
        self._words.show_text("")
        self.legend.show_entries(())
        self.extra_maps.show_maps(())

    def _build_layout(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2 * SPACING)
        row.addWidget(self._build_column(), 2)
        row.addWidget(self.extra_maps, 3)
        self.extra_maps.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(self._build_header())
        layout.addLayout(row, 1)

    def _build_header(self) -> QHBoxLayout:
        heading = QLabel(self.tr("Laboratory"))
        heading.setObjectName("title")
        close = QToolButton()
        close.setObjectName("small")
        close.setText(self.tr("Close"))
        close.setToolTip(self.tr("Close the laboratory and show the gallery"))
        close.clicked.connect(self._on_close_clicked)
        header = QHBoxLayout()
        header.addWidget(heading)
        header.addSpacing(SPACING)
        header.addWidget(self.choice)
        header.addStretch(1)
        header.addWidget(close)
        return header

    def _build_column(self) -> QScrollArea:
        """Put settings, words and meanings under each other; where it is low they scroll."""
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        for part in (self._stack, self.legend, self._words):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        return scroll

    def _settings_of(self, name: str) -> Experiment:
        """Return what was set last in a mode, or what it begins with."""
        return self._last.get(name) or next(mode.first for mode in MODES if mode.name == name)

    def _on_choice_activated(self) -> None:
        self.experiment_chosen.emit(self._settings_of(self.choice.currentData()))

    def _on_close_clicked(self) -> None:
        self.experiment_chosen.emit(None)


def mode_of(experiment: Experiment) -> Mode:
    """Return the mode that an experiment belongs to."""
    return next(mode for mode in MODES if mode.name == experiment.mode)


def _in_words(finding: Finding) -> str:
    return finding.obstacle or "\n".join(finding.sentences)
