"""The one window: it arranges the widgets, hands them what they show and passes wishes on."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QSplitter, QVBoxLayout, QWidget

from poolviewer.core.camera_format import CameraFormat
from poolviewer.core.device import Device
from poolviewer.core.display import DisplaySpec
from poolviewer.core.geometry import Rect
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.meters import Meters
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.network import Network, NetworkSpec, Problem
from poolviewer.core.pin_history import PinHistory
from poolviewer.core.recording import RecordingChoices, RecordingProgress
from poolviewer.core.rendering import Rendering
from poolviewer.core.timeline import ReplayLimits, Transport
from poolviewer.core.view_state import Notice, TraceScene
from poolviewer.views.actions import ACTIONS, fill_menu_bar, make_actions
from poolviewer.views.afterwards import Afterwards
from poolviewer.views.camera_format_menu import CameraFormatMenu
from poolviewer.views.device_menu import DeviceMenu
from poolviewer.views.dialogs import Dialogs, show_dialog
from poolviewer.views.gallery import Gallery
from poolviewer.views.icons import icon
from poolviewer.views.maps_and_gallery import MapsAndGallery
from poolviewer.views.maps_panel import MapsPanel
from poolviewer.views.model_dialogs import ModelDialogs
from poolviewer.views.notice_bar import NoticeBar
from poolviewer.views.opening import request_from_mime
from poolviewer.views.paint_clock import PaintClock
from poolviewer.views.record_dialog import RecordDialog
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


class MainWindow(QMainWindow):
    """Shows what it is given, as the controller's `Views`, and emits what the person wishes.

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
    export_requested = Signal(object)
    record_requested = Signal()
    recording_chosen = Signal(object, object)
    recording_stopped = Signal()
    recording_cancelled = Signal()
    notice_dismissed = Signal()
    theme_chosen = Signal(str)
    device_chosen = Signal(str)
    maps_painted = Signal()
    frame_painted = Signal(object)
    speed_watched = Signal(bool)
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
        self.side, self.status_line = SidePanel(), StatusLine()
        self.transport_bar = TransportBar(self.wishes)
        self._texts = Afterwards[TraceScene](self._show_texts, self)
        self.recording_bar = RecordingBar()
        self.setStatusBar(self.status_line)
        self._arrange()
        self._connect_actions()
        self._connect_models()
        self._connect_views()
        self.resize(DEFAULT_SIZE)
        self.setMinimumSize(QSize(880, 560))
        self.show_phase("", can_cancel=False)
        self.maps.pooled.view.setFocus()

    # What the controller shows

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show the maps of one frame, and one channel of them large."""
        with self.paints.showing(rendering):
            self.maps.show_rendering(rendering, channel)
            self.gallery.show_rendering(rendering, channel)
            self.side.numbers.show_rendering(rendering, channel)

    def show_preview(self, frame: Frame, placement: Rect, extent: Rect) -> None:
        """Show a picture alone, placed in the world, while the network is not ready."""
        self.maps.show_preview(frame.picture, placement, extent)

    def show_trace(self, scene: TraceScene) -> None:
        """Show a trace in the maps at once, and in words and numbers a moment later."""
        self.maps.show_trace(scene)
        self._texts.show_later(scene)
        self.wishes["unpin"].setEnabled(scene.is_pinned)
        # Qt would let up to 5 ms pass before it paints what has changed.
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.UpdateRequest))

    def _show_texts(self, scene: TraceScene) -> None:
        self.side.trace.show_trace(scene)
        self.side.numbers.show_trace(scene)
        self.status_line.show_value(scene.hovered or scene.trace)

    def show_history(self, history: PinHistory) -> None:
        """Show what became of the pinned pixel, frame by frame."""
        self.side.history.show_history(history)

    def show_network(self, network: Network, problems: tuple[Problem, ...]) -> None:
        """Show the network's parameters and what is wrong with them."""
        self._network = network
        self.side.show_network(network, problems)
        self.tool_bar.show_network(network)
        if isinstance(network, ModelSpec):
            stages = self._model.stages if self._model else ()
            self.tool_bar.show_stages(tuple(stage.name for stage in stages), network.stage)
        elif not problems:
            self.tool_bar.show_stages((network.stage.name,), network.stage.name)

    def show_layers(self, listed: ModelInfo | None, network: Network) -> None:
        """List the layers and stages of a network, and mark the stage in use if it is its own."""
        self.side.network.show_layers(listed, network)

    def show_model(self, model: ModelInfo | None) -> None:
        """Offer the model that is at hand, or none; one that cannot be drawn is only listed."""
        if model is not None and not model.obstacle:
            self._model = model
            self.side.preprocessing.show_model(model)
            self.tool_bar.show_model(model.name)
        elif model is not None:
            self.side.tabs.setCurrentWidget(self.side.network)

    def show_recent_models(self, paths: tuple[str, ...]) -> None:
        self._menus.show_recent_models(paths)

    def show_memory_limit(self, limit: int) -> None:
        self._model_dialogs.show_memory_limit(limit)

    def ask_input_shape(self, file: ModelFile | None) -> None:
        """Ask for the input shape of a model that does not know its own, or stop asking."""
        self._model_dialogs.ask_input_shape(file)

    def show_display(self, display: DisplaySpec) -> None:
        """Show which colour map and levels are chosen, and mirror the maps or not."""
        self._display = display
        self.tool_bar.show_display(display)
        self.gallery.show_display(display)
        self.maps.set_mirrored(display.is_mirrored)
        self.wishes["mirror"].setChecked(display.is_mirrored)

    def show_source(self, source: SourceInfo | None, *, is_frozen: bool) -> None:
        """Show where frames come from and whether they stand still."""
        self.status_line.show_source(source, is_frozen=is_frozen)
        self.setWindowTitle(f"{source.name} — PoolViewer" if source else "PoolViewer")
        is_moving = source is not None and source.is_moving
        can_step = is_moving or (source is not None and source.kind == "folder")
        self.wishes["freeze"].setEnabled(is_moving)
        self.wishes["freeze"].setChecked(is_frozen)
        self.wishes["step"].setEnabled(can_step)
        self.wishes["step_back"].setEnabled(can_step)

    def show_transport(self, transport: Transport) -> None:
        """Show where in its source the frame lies, and what can be gone to."""
        self.transport_bar.show_transport(transport)

    def show_replay_limits(self, limits: ReplayLimits) -> None:
        self._replay_dialogs.show_limits(limits)

    def show_phase(self, phase: str, *, can_cancel: bool) -> None:
        """Say what the window waits for; empty for nothing."""
        self.maps.show_phase(phase)
        self.status_line.show_phase(phase, can_cancel=can_cancel)
        self.wishes["cancel_opening"].setEnabled(can_cancel)
        # One key cannot mean two things at once: Escape goes to what is more urgent.
        for name, has_key in (("cancel_opening", can_cancel), ("unpin", not can_cancel)):
            self.wishes[name].setShortcuts([QKeySequence("Escape")] if has_key else [])

    def show_notice(self, notice: Notice | None) -> None:
        self.notice_bar.show_notice(notice)

    def show_meters(self, meters: Meters, device: str) -> None:
        self.status_line.show_meters(meters, device)
        self.side.speed.show_meters(meters, device)

    def show_cameras(self, cameras: tuple[tuple[str, str], ...]) -> None:
        self._menus.show_cameras(cameras)

    def show_camera_format(self, chosen: CameraFormat) -> None:
        self._camera_format.show_format(chosen)

    def show_devices(self, devices: tuple[Device, ...], wish: str) -> None:
        """Offer what can run the network, and tick what was wished for."""
        self._devices.show_devices(devices, wish)

    def show_theme(self, theme: str) -> None:
        self._menus.show_theme(theme)

    def show_recording(self, recording: RecordingProgress | None) -> None:
        """Show how far a recording has come, or that there is none."""
        self.recording_bar.show_recording(recording)
        text = self.tr("R&ecord…") if recording is None else self.tr("Stop r&ecording")
        self.wishes["record"].setText(text)

    def ask_recording(self, choices: RecordingChoices) -> None:
        """Ask how to record, beginning with what was chosen last."""
        dialog = RecordDialog(choices, self)
        dialog.recording_chosen.connect(self.recording_chosen)
        show_dialog(dialog)

    def copy_image(self, image: object) -> None:
        """Put a picture on the clipboard."""
        if isinstance(image, QImage):
            QGuiApplication.clipboard().setImage(image)

    # What the person does

    def event(self, event: QEvent) -> bool:
        """Time painting; leave Space to a button that has the focus: elsewhere it freezes."""
        if event.type() == QEvent.Type.UpdateRequest:
            return self.paints.update(super().event, event)
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if event.type() == QEvent.Type.ShortcutOverride and is_space:
            event.setAccepted(isinstance(self.focusWidget(), QAbstractButton))
            return True
        return super().event(event)

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
        left = MapsAndGallery(self.maps, self.gallery)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(left)
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
            "save_figure": self._dialogs.save_figure,
            "copy_figure": self._on_copy_figure_triggered,
            "record": self.record_requested,
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
        self._dialogs.figure_path_chosen.connect(self.export_requested)
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

    def _on_copy_figure_triggered(self) -> None:
        self.export_requested.emit(None)

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
