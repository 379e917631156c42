"""The window's parts, and what a person wishes with them."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from poolviewer.core.display import DisplaySpec
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.network import Network, NetworkSpec
from poolviewer.core.proof import FORMS
from poolviewer.views.actions import ACTIONS, fill_menu_bar, make_actions
from poolviewer.views.camera_format_menu import CameraFormatMenu
from poolviewer.views.device_menu import DeviceMenu
from poolviewer.views.dialogs import Dialogs
from poolviewer.views.gallery import Gallery
from poolviewer.views.icons import icon
from poolviewer.views.laboratory.laboratory_panel import LaboratoryPanel
from poolviewer.views.laboratory.modes import MODES
from poolviewer.views.maps_and_gallery import MapsAndGallery
from poolviewer.views.maps_panel import MapsPanel
from poolviewer.views.model_dialogs import ModelDialogs
from poolviewer.views.notice_bar import NoticeBar
from poolviewer.views.opening import request_from_mime
from poolviewer.views.paint_clock import PaintClock
from poolviewer.views.recording_bar import RecordingBar
from poolviewer.views.replay_dialog import ReplayDialogs
from poolviewer.views.side_panel import SidePanel
from poolviewer.views.source_menus import Samples, SourceMenus
from poolviewer.views.status_line import StatusLine
from poolviewer.views.tool_bar import ToolBar
from poolviewer.views.transport_bar import TransportBar
from poolviewer.views.world_view import ZOOM_STEP

DEFAULT_SIZE = QSize(1280, 800)
SIDE_WIDTH = 320


class WishingWindow(QMainWindow):
    """Makes and arranges the widgets, and tells what the person wishes.

    Parameters
    ----------
    samples
        Names of the pictures, videos and models that come with the application, and the wish for
        each.
    """

    open_requested = Signal(object)
    model_requested = Signal(object)
    opening_cancelled = Signal()
    model_chosen = Signal()
    input_shape_given = Signal(object)
    recent_models_cleared = Signal()
    memory_limit_chosen = Signal(object)
    replay_limits_chosen = Signal(object)
    refused = Signal(str)
    cameras_requested = Signal()
    camera_format_chosen = Signal(object)
    freeze_toggled = Signal()
    step_requested = Signal(int)
    network_changed = Signal(object)
    display_changed = Signal(object)
    channel_selected = Signal(int)
    channel_stepped = Signal(int)
    pixel_hovered = Signal(object)
    pixel_clicked = Signal(object)
    pin_move_requested = Signal(int, int)
    unpin_requested = Signal()
    export_asked = Signal()
    export_repeated = Signal()
    copy_requested = Signal()
    record_requested = Signal()
    recording_chosen = Signal(object, object)
    recording_stopped = Signal()
    animation_requested = Signal()
    animation_chosen = Signal(object, object)
    recording_cancelled = Signal()
    notice_dismissed = Signal()
    theme_chosen = Signal(str)
    device_chosen = Signal(str)
    maps_painted = Signal()
    frame_painted = Signal(object)
    speed_watched = Signal(bool)
    experiment_chosen = Signal(object)
    experiment_confirmed = Signal()
    beside_hovered = Signal(object)
    beside_clicked = Signal(object)
    chain_watched = Signal(bool)
    chain_step_requested = Signal(object)
    chain_tap_requested = Signal(int, int)
    proof_requested = Signal(str)
    pixel_dragged = Signal(object, float, bool)
    drag_ended = Signal(bool)
    nudge_requested = Signal(float, bool)
    undo_requested = Signal()
    redo_requested = Signal()
    closed = Signal()

    def __init__(self, samples: Samples = ()) -> None:
        super().__init__()
        self.setWindowTitle("PoolViewer")
        self.setAcceptDrops(True)
        self._display = DisplaySpec()
        self._network: Network = NetworkSpec()
        self._model: ModelInfo | None = None
        self.paints = PaintClock(self)
        self.wishes = make_actions(self)
        self._menus = SourceMenus(self.wishes, samples, self)
        self._camera_format = CameraFormatMenu(self.wishes["camera_format"], self)
        self._devices = DeviceMenu(self)
        self.wishes["device"].setMenu(self._devices)
        self._dialogs, self._model_dialogs = Dialogs(self), ModelDialogs(self)
        self._replay_dialogs = ReplayDialogs(self)
        fill_menu_bar(self.menuBar(), self.wishes)
        self.tool_bar = ToolBar(self.wishes, self)
        self.addToolBar(self.tool_bar)
        self.notice_bar, self.maps, self.gallery = NoticeBar(), MapsPanel(), Gallery()
        self.laboratory = LaboratoryPanel(self.maps.pooled.view_box)
        self.side, self.status_line = SidePanel(), StatusLine()
        self.transport_bar = TransportBar(self.wishes)
        self.recording_bar = RecordingBar()
        self.setStatusBar(self.status_line)
        self._arrange()
        self._connect_actions()
        self._connect_models()
        self._connect_views()
        self._connect_laboratory()
        self._connect_proofs()
        self.resize(DEFAULT_SIZE)
        self.setMinimumSize(QSize(880, 560))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if data.hasUrls() or data.hasImage() or data.hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._open_mime(event.mimeData(), self.tr("What was dropped"))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once; the threads end behind the closed window."""
        event.accept()
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "wishes"):
            self._refresh_icons()

    def paste(self) -> None:
        """Open what is on the clipboard."""
        data = QGuiApplication.clipboard().mimeData() or QMimeData()  # None if it is empty
        self._open_mime(data, self.tr("The clipboard"))

    def _open_mime(self, data: QMimeData, what: str) -> None:
        request = request_from_mime(data)
        if request is None:
            self.refused.emit(
                self.tr("{} holds no picture, file or address: copy one and try again.").format(
                    what
                )
            )
        else:
            self._on_request_made(request)

    def _arrange(self) -> None:
        self._left = MapsAndGallery(self.maps, self.gallery, self.laboratory)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(self._left)
        across.addWidget(self.side)
        across.setStretchFactor(0, 1)
        across.setStretchFactor(1, 0)
        across.setChildrenCollapsible(False)
        across.setSizes([DEFAULT_SIZE.width() - SIDE_WIDTH, SIDE_WIDTH])
        self.side.setMinimumWidth(SIDE_WIDTH - 40)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice_bar)
        layout.addWidget(across, 1)
        layout.addWidget(self.transport_bar)
        layout.addWidget(self.recording_bar)
        self.setCentralWidget(central)

    def _connect_actions(self) -> None:
        handlers = {
            "open_file": self._dialogs.open_file,
            "open_folder": self._dialogs.open_folder,
            "open_url": self._dialogs.open_url,
            "paste": self.paste,
            "open_model": self._model_dialogs.open_model,
            "open_model_folder": self._model_dialogs.open_model_folder,
            "cancel_opening": self.opening_cancelled,
            "memory_limit": self._model_dialogs.ask_memory_limit,
            "export": self.export_asked,
            "save_figure": self.export_repeated,
            "copy_figure": self.copy_requested,
            "record": self.record_requested,
            "animate": self.animation_requested,
            "quit": self.close,
            "freeze": self.freeze_toggled,
            "step": self._on_step_triggered,
            "step_back": self._on_step_back_triggered,
            "replay_memory": self._replay_dialogs.ask,
            "fit": self.maps.fit,
            "zoom_in": self._on_zoom_in_triggered,
            "zoom_out": self._on_zoom_out_triggered,
            "original": self.maps.toggle_original,
            "mirror": self._on_mirror_triggered,
            "next_channel": self._on_next_channel_triggered,
            "previous_channel": self._on_previous_channel_triggered,
            "unpin": self.unpin_requested,
            "guide": self._dialogs.show_guide,
            "about": self._dialogs.show_about,
        }
        for name, handler in handlers.items():
            self.wishes[name].triggered.connect(handler)
        self._dialogs.source_chosen.connect(self._on_request_made)
        self._menus.source_chosen.connect(self.open_requested)
        self._menus.camera_number_requested.connect(self._dialogs.open_camera_number)
        self._menus.cameras_requested.connect(self.cameras_requested)
        self._camera_format.format_chosen.connect(self.camera_format_chosen)
        self._menus.theme_chosen.connect(self.theme_chosen)
        self._devices.device_chosen.connect(self.device_chosen)

    def _connect_models(self) -> None:
        self._menus.model_chosen.connect(self.model_requested)
        self._menus.recent_models_cleared.connect(self.recent_models_cleared)
        self._model_dialogs.model_requested.connect(self.model_requested)
        self._model_dialogs.input_shape_given.connect(self.input_shape_given)
        self._model_dialogs.memory_limit_chosen.connect(self.memory_limit_chosen)
        self.tool_bar.open_model_requested.connect(self._model_dialogs.open_model)
        self.tool_bar.model_chosen.connect(self.model_chosen)
        self.tool_bar.stage_chosen.connect(self._on_stage_chosen)
        self.side.network.stage_chosen.connect(self._on_stage_chosen)
        self.side.preprocessing.network_changed.connect(self.network_changed)
        self.status_line.cancelled.connect(self.opening_cancelled)

    def _connect_views(self) -> None:
        self.tool_bar.network_changed.connect(self.network_changed)
        self.tool_bar.display_changed.connect(self.display_changed)
        self.side.parameters.network_changed.connect(self.network_changed)
        self.side.trace.unpin_requested.connect(self.unpin_requested)
        self.maps.pixel_hovered.connect(self.pixel_hovered)
        self.maps.pixel_clicked.connect(self.pixel_clicked)
        self.maps.pin_move_requested.connect(self.pin_move_requested)
        self.maps.painted.connect(self.maps_painted)
        self.paints.frame_painted.connect(self.frame_painted)
        self.side.speed.watched.connect(self.speed_watched)
        self.gallery.channel_selected.connect(self.channel_selected)
        self.gallery.display_changed.connect(self.display_changed)
        self.transport_bar.freeze_toggled.connect(self.freeze_toggled)
        self._replay_dialogs.limits_chosen.connect(self.replay_limits_chosen)
        self.notice_bar.dismissed.connect(self.notice_dismissed)
        self.recording_bar.stop_requested.connect(self.recording_stopped)
        self.recording_bar.cancel_requested.connect(self.recording_cancelled)

    def _connect_laboratory(self) -> None:
        for mode in MODES:
            self.wishes[mode.name].triggered.connect(self._on_mode_triggered)
        self.laboratory.experiment_chosen.connect(self.experiment_chosen)
        self.laboratory.pin_requested.connect(self.pixel_clicked)
        self.laboratory.freeze_requested.connect(self.freeze_toggled)
        self.laboratory.extra_maps.pixel_hovered.connect(self.beside_hovered)
        self.laboratory.extra_maps.pixel_clicked.connect(self.beside_clicked)
        self.maps.confirmed.connect(self.experiment_confirmed)
        self.maps.sight_changed.connect(self.laboratory.show_sight)
        self.side.trace.watched.connect(self.chain_watched)
        self.side.trace.chain.step_requested.connect(self.chain_step_requested)
        self.side.trace.chain.tap_requested.connect(self.chain_tap_requested)
        self.maps.pixel_dragged.connect(self.pixel_dragged)
        self.maps.drag_ended.connect(self.drag_ended)
        self.maps.nudge_requested.connect(self.nudge_requested)
        self.wishes["undo"].triggered.connect(self.undo_requested)
        self.wishes["redo"].triggered.connect(self.redo_requested)
        self.wishes["redo"].setShortcuts([self.wishes["redo"].shortcut(), QKeySequence("Ctrl+Y")])

    def _connect_proofs(self) -> None:
        actions = [self.wishes[f"copy_{form}"] for form in FORMS]
        for action in actions:
            action.triggered.connect(self._on_copy_proof_triggered)
        self.side.trace.copy_button.offer(actions)

    def _refresh_icons(self) -> None:
        for spec in ACTIONS:
            if spec.icon:
                self.wishes[spec.name].setIcon(icon(spec.icon, self.palette()))

    def _on_request_made(self, request: object) -> None:
        is_model = isinstance(request, ModelFile)
        (self.model_requested if is_model else self.open_requested).emit(request)

    def _on_stage_chosen(self, stage: str) -> None:
        if isinstance(self._network, ModelSpec) and stage != self._network.stage:
            self.network_changed.emit(replace(self._network, stage=stage))

    def _on_mode_triggered(self) -> None:
        self.laboratory.toggle(self.sender().objectName())

    def _on_copy_proof_triggered(self) -> None:
        self.proof_requested.emit(self.sender().objectName().removeprefix("copy_"))

    def _on_step_triggered(self) -> None:
        self.step_requested.emit(1)

    def _on_step_back_triggered(self) -> None:
        self.step_requested.emit(-1)

    def _on_zoom_in_triggered(self) -> None:
        self.maps.zoom(1 / ZOOM_STEP)

    def _on_zoom_out_triggered(self) -> None:
        self.maps.zoom(ZOOM_STEP)

    def _on_mirror_triggered(self, is_mirrored: bool) -> None:
        self.display_changed.emit(replace(self._display, is_mirrored=is_mirrored))

    def _on_next_channel_triggered(self) -> None:
        self.channel_stepped.emit(1)

    def _on_previous_channel_triggered(self) -> None:
        self.channel_stepped.emit(-1)
