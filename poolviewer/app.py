"""The composition root: builds the window, the controller and the threads, and wires them."""

import os
import signal
import socket
import sys
import traceback
from dataclasses import replace
from types import TracebackType
from typing import NoReturn, cast

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from poolviewer import __version__
from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.camera_format import CameraFormat
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Exported, SourceRequest, Versions
from poolviewer.core.model_info import ModelFile
from poolviewer.core.recording import RecordingChoices, Shot
from poolviewer.core.timeline import ReplayLimits
from poolviewer.core.view_state import ViewState
from poolviewer.core.view_wish import ViewWish
from poolviewer.drawing.palette import THEMES, Theme, ThemeName
from poolviewer.export.request import FigureRequest
from poolviewer.factories import (
    create_engine,
    create_recorder,
    export_figure,
    list_cameras,
    load_recorder,
    open_source,
    prepare,
)
from poolviewer.resources import SAMPLE_PICTURE, resource_path
from poolviewer.runtime.cameras import CameraPermission, Cameras
from poolviewer.runtime.capture import CaptureWorker
from poolviewer.runtime.controller import Controller, Job
from poolviewer.runtime.inference import InferenceWorker, Mailboxes
from poolviewer.runtime.jobs import JobWorker
from poolviewer.runtime.opening import OpeningWorker
from poolviewer.runtime.recorder import RecordingWorker
from poolviewer.runtime.recording import RecordingController
from poolviewer.runtime.threads import WorkerThread
from poolviewer.settings import SYSTEM_THEME, Settings
from poolviewer.views.main_window import MainWindow
from poolviewer.views.source_menus import Samples
from poolviewer.views.theme import (
    apply_colours,
    apply_style_sheet,
    apply_theme,
    system_theme,
)

SAMPLES = (
    ("Chelsea, a cat (picture)", "samples/chelsea.png"),
    ("Coffee (picture)", "samples/coffee.png"),
    ("Coins (grey picture)", "samples/coins.png"),
    ("Big Buck Bunny (video)", "samples/bigbuckbunny.mp4"),
)
SAMPLE_MODELS = (
    ("Edges: first block of VGG16 (model)", "samples/hed_block1.keras", "caffe"),
    ("Faces: P-Net of MTCNN (model)", "samples/mtcnn_pnet.keras", "-1-1"),
)
FIGURE_SCALE = 2.0
QUIT_TIMEOUT_MS = 10_000
LONGEST_UNPAINTED_MS = 1000


class Application(QObject):
    """One window with its controller and its threads.

    Parameters
    ----------
    app
        The process's QApplication.
    wish
        What to show first.
    settings
        What is remembered; the person's own if not given.
    """

    failed = Signal(object)

    def __init__(self, app: QApplication, wish: ViewWish, settings: Settings | None = None) -> None:
        super().__init__()
        self._app = app
        self._settings = settings or Settings()
        self._theme = _theme(self._settings.theme)
        apply_colours(app, self._theme)
        self.window = MainWindow(_samples())
        apply_style_sheet(app, self._theme)
        self.window.show_theme(self._settings.theme)
        if self._settings.geometry is not None:
            self.window.restoreGeometry(self._settings.geometry)
        self.window.show_memory_limit(self._settings.memory_limit)
        self.window.show_replay_limits(self._settings.replay_limits)
        boxes = Mailboxes.empty()
        self._state = ViewState(
            channel=wish.channel,
            pinned=Pixel(MapName.POOLED, *wish.pin) if wish.pin else None,
            display=self._settings.display,
            recent_models=self._settings.recent_models,
            is_looping=self._settings.is_looping,
        )
        self.controller = Controller(
            self.window, boxes, self._export_job, self._state, self._settings.input_of
        )
        self.controller.networks.set_budget(self._settings.memory_limit)
        self._device = wish.device or self._settings.device
        boxes.devices.put(self._device)
        self._boxes = boxes
        self._capture = CaptureWorker(
            open_source, boxes.frames, boxes.previews, self.controller.timeline.boxes
        )
        self._inference = InferenceWorker(create_engine, prepare, boxes)
        self._opening = OpeningWorker(boxes.openings)
        self._jobs = JobWorker()
        self._permission = CameraPermission()
        self.cameras = Cameras(list_cameras, self._settings.camera_format, self._permission.ask)
        self.window.show_camera_format(self._settings.camera_format)
        shots: Latest[Shot] = Latest()
        self.recording = RecordingController(
            self.controller.store, shots, self._snapshot, self._settings.recording
        )
        self._recorder = RecordingWorker(create_recorder, shots, load_recorder)
        self._threads = (
            WorkerThread(self._capture, "capture"),
            WorkerThread(self._inference, "inference"),
            WorkerThread(self._opening, "opening"),
            WorkerThread(self._jobs, "jobs"),
            WorkerThread(self._recorder, "recording"),
        )
        # With their timers they go when this object does, in this thread: collected as garbage by
        # another one, a running timer would end the process.
        for part in (self.controller, *self.controller.parts, self.cameras, self.recording):
            part.setParent(self)
        self._first_model = wish.model_file
        self._first_source = SourceRequest(wish.source or str(resource_path(SAMPLE_PICTURE)))
        # A window that opens minimised is not painted, and its threads start all the same.
        self._unpainted = QTimer(self, singleShot=True, interval=LONGEST_UNPAINTED_MS)
        self._unpainted.timeout.connect(self._start_threads)
        self._wire_window()
        self._wire_models()
        self._wire_workers()
        self._wire_cameras()
        self._wire_recording()
        self._wire_timeline()

    def start(self) -> None:
        """Show the window; the threads start behind it, once it has been painted."""
        self.controller.begin(self._first_model)
        self.window.maps_painted.connect(self._start_threads)
        self._unpainted.start()
        self.window.show()

    def stop(self) -> bool:
        """End every thread; return whether all ended in time."""
        self._unpainted.stop()
        for thread in self._threads:
            thread.request_stop()
        have_ended = [thread.wait(QUIT_TIMEOUT_MS) for thread in self._threads]
        return all(have_ended)

    @Slot()
    def _start_threads(self) -> None:
        self.window.maps_painted.disconnect(self._start_threads)
        self._unpainted.stop()
        for thread in self._threads:
            thread.start()
        timeline = self.controller.timeline
        timeline.set_looping(self._settings.is_looping)
        timeline.limit_replay(self._settings.replay_limits)
        self.cameras.open(self._first_source)

    @Slot(str)
    def choose_theme(self, name: str) -> None:
        """Dress the window, and remember it."""
        self._settings.theme = name
        self.window.show_theme(name)
        self._apply_theme(name)

    @Slot(str)
    def choose_device(self, wish: str) -> None:
        """Run the network on another device, and remember it."""
        self._settings.device = self._device = wish
        self._boxes.devices.put(wish)
        self.controller.work_requested.emit()

    @Slot(object)
    def _on_engine_ready(self, versions: Versions) -> None:
        self.window.show_devices(versions.devices, self._device)

    @Slot()
    def _on_window_closed(self) -> None:
        self.recording.stop()
        self.controller.networks.stop_waiting()
        self.controller.timeline.stop_telling()
        self.controller.metering.stop()
        self._settings.geometry = self.window.saveGeometry()
        self._settings.display = self.controller.state.display
        self._settings.is_looping = self.controller.state.is_looping

    @Slot(object)
    def _on_memory_limit_chosen(self, limit: int) -> None:
        self._settings.memory_limit = limit
        self.window.show_memory_limit(limit)
        self.controller.networks.set_budget(limit)

    @Slot(object)
    def _on_replay_limits_chosen(self, limits: ReplayLimits) -> None:
        self._settings.replay_limits = limits
        self.window.show_replay_limits(limits)
        self.controller.timeline.limit_replay(limits)

    @Slot(str, object)
    def _on_input_chosen(self, digest: str, spec: InputSpec) -> None:
        self._settings.remember_input(digest, spec)

    @Slot(object)
    def _on_recent_models_changed(self, paths: tuple[str, ...]) -> None:
        self._settings.recent_models = paths

    @Slot(object)
    def _on_camera_format_chosen(self, wanted: CameraFormat) -> None:
        self._settings.camera_format = wanted
        self.window.show_camera_format(wanted)

    @Slot()
    def _on_color_scheme_changed(self) -> None:
        if self._settings.theme == SYSTEM_THEME:
            self._apply_theme(SYSTEM_THEME)

    def _apply_theme(self, name: str) -> None:
        self._theme = _theme(name)
        apply_theme(self._app, self._theme)

    def _wire_window(self) -> None:
        window, controller = self.window, self.controller
        window.refused.connect(controller.refuse)
        window.freeze_toggled.connect(controller.toggle_freeze)
        window.display_changed.connect(controller.set_display)
        window.channel_selected.connect(controller.set_channel)
        window.channel_stepped.connect(controller.change_channel)
        window.pixel_hovered.connect(controller.hover)
        window.pixel_clicked.connect(controller.toggle_pin)
        window.pin_move_requested.connect(controller.move_pin)
        window.unpin_requested.connect(controller.unpin)
        window.export_requested.connect(controller.export)
        window.notice_dismissed.connect(controller.dismiss_notice)
        window.frame_painted.connect(controller.metering.on_frame_painted)
        window.speed_watched.connect(controller.metering.watch)
        window.theme_chosen.connect(self.choose_theme)
        window.device_chosen.connect(self.choose_device)
        window.closed.connect(self._on_window_closed)
        self._app.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    def _wire_models(self) -> None:
        window, networks, inference = self.window, self.controller.networks, self._inference
        window.network_changed.connect(networks.set_network)
        window.model_requested.connect(networks.open_model)
        window.opening_cancelled.connect(networks.cancel_opening)
        window.model_chosen.connect(networks.use_model)
        window.input_shape_given.connect(networks.answer_input_shape)
        window.recent_models_cleared.connect(networks.forget_recent_models)
        window.memory_limit_chosen.connect(self._on_memory_limit_chosen)
        networks.input_chosen.connect(self._on_input_chosen)
        networks.recent_models_changed.connect(self._on_recent_models_changed)
        networks.work_requested.connect(inference.process)
        opening = self._opening
        networks.opening_requested.connect(opening.process)
        inference.engine_made.connect(opening.use)
        opening.progressed.connect(networks.on_model_progressed)
        opening.opened.connect(networks.on_model_opened)
        opening.ended.connect(inference.process)

    def _wire_workers(self) -> None:
        controller, capture, inference = self.controller, self._capture, self._inference
        controller.open_requested.connect(capture.open)
        controller.freeze_changed.connect(capture.set_frozen)
        controller.work_requested.connect(inference.process)
        controller.job_requested.connect(self._jobs.run)
        capture.captured.connect(inference.process)
        capture.previewed.connect(controller.on_frame_previewed)
        capture.opened.connect(controller.on_source_opened)
        capture.recovered.connect(controller.on_source_recovered)
        inference.engine_ready.connect(controller.on_engine_ready)
        inference.engine_ready.connect(self._on_engine_ready)
        inference.device_refused.connect(controller.refuse)
        inference.ready.connect(controller.on_rendering_ready)
        inference.recovered.connect(controller.on_network_recovered)
        for worker in (capture, inference, self._opening, self._jobs):
            worker.failed.connect(controller.on_failed)
            worker.failed.connect(self.failed)
        self._jobs.done.connect(controller.on_job_done)

    def _wire_timeline(self) -> None:
        window, timeline, capture = self.window, self.controller.timeline, self._capture
        bar = window.transport_bar
        window.step_requested.connect(timeline.step)
        window.replay_limits_chosen.connect(self._on_replay_limits_chosen)
        bar.step_requested.connect(timeline.step)
        bar.seek_requested.connect(timeline.seek)
        bar.held.connect(timeline.hold)
        bar.looping_chosen.connect(timeline.set_looping)
        timeline.seek_requested.connect(capture.seek)
        timeline.hold_requested.connect(capture.set_frozen)
        timeline.looping_changed.connect(capture.set_looping)
        timeline.replay_limited.connect(capture.limit_replay)
        capture.moved.connect(timeline.on_moved)
        capture.paused.connect(timeline.on_paused)

    def _wire_cameras(self) -> None:
        window, cameras = self.window, self.cameras
        window.open_requested.connect(cameras.open)
        window.cameras_requested.connect(cameras.look)
        window.camera_format_chosen.connect(self._on_camera_format_chosen)
        window.camera_format_chosen.connect(cameras.choose_format)
        window.closed.connect(cameras.stop_looking)
        cameras.open_requested.connect(self.controller.open_source)
        cameras.refused.connect(self.controller.refuse)
        cameras.job_requested.connect(self._jobs.run)
        self._jobs.done.connect(cameras.on_job_done)
        self._jobs.failed.connect(cameras.on_failed)
        self._capture.opened.connect(cameras.on_source_opened)
        # Not at once: no timer may begin behind a closed window.
        window.cameras_requested.connect(cameras.begin_looking)

    def _wire_recording(self) -> None:
        window, recording, recorder = self.window, self.recording, self._recorder
        window.record_requested.connect(recording.ask)
        window.recording_chosen.connect(recording.start)
        window.recording_stopped.connect(recording.stop)
        window.recording_cancelled.connect(recording.cancel)
        recording.load_requested.connect(recorder.load)
        recording.begin_requested.connect(recorder.begin)
        recording.shot_left.connect(recorder.process)
        recording.finish_requested.connect(recorder.finish)
        recording.cancel_requested.connect(recorder.cancel)
        recording.choices_changed.connect(self._on_recording_choices_changed)
        recorder.progressed.connect(recording.on_progressed)
        recorder.recorded.connect(recording.on_recorded)
        recorder.failed.connect(recording.on_failed)
        recorder.failed.connect(self.failed)

    @Slot(object)
    def _on_recording_choices_changed(self, choices: RecordingChoices) -> None:
        self._settings.recording = choices

    def _snapshot(self, state: ViewState, scale: float) -> FigureRequest:
        """Return the wish for the figure of one moment of a recording."""
        return replace(figure_request(state, self._theme), scale=scale)

    def _export_job(self, state: ViewState, path: str | None) -> Job:
        """Return the job that draws the figure of a state and saves it, if there is a path."""
        request = figure_request(state, self._theme)

        def job() -> Exported:
            return export_figure(request, path)

        return job


def _theme(name: str) -> Theme:
    return system_theme() if name == SYSTEM_THEME else THEMES[cast("ThemeName", name)]


def _samples() -> Samples:
    """Return the wish for everything that comes with the application."""
    media = [(name, SourceRequest(str(resource_path(path)))) for name, path in SAMPLES]
    models = [
        (name, ModelFile(str(resource_path(path)), preprocessing=preprocessing))
        for name, path, preprocessing in SAMPLE_MODELS
    ]
    return (*media, *models)


def figure_request(state: ViewState, theme: Theme) -> FigureRequest:
    """Return the wish for a figure of what the window shows."""
    assert state.rendering is not None  # noqa: S101 - the controller asks only with maps
    has_levels = state.rendering.display.has_levels_of(state.display)
    return FigureRequest(
        activations=state.rendering.activations,
        channel=state.channel,
        pixel=state.traced,
        is_pinned=state.pinned is not None,
        display=state.display,
        theme=theme.name,
        scale=FIGURE_SCALE,
        known_levels=state.rendering.levels if has_levels else None,
        versions=state.versions,
    )


def make_qt_application() -> QApplication:
    """Return the process's QApplication, named for settings, task bars and permissions."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("PoolViewer")
    app.setOrganizationName("PoolViewer")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("org.poolviewer.PoolViewer")
    app.setWindowIcon(QIcon(str(resource_path("icons/poolviewer.svg"))))
    return app


def run(wish: ViewWish) -> int:
    """Open the window and stay until it is closed; return the exit code."""
    app = make_qt_application()
    application = Application(app, wish)
    sys.excepthook = _Reporter(application.controller)
    with _InterruptWatch(application.window):
        application.start()
        code = app.exec()
        has_ended = application.stop()
    if not has_ended:
        leave(code)
    return code


def leave(code: int) -> NoReturn:
    """End the process at once: over a thread that hangs in a driver, Qt would abort at exit."""
    sys.stdout.flush()
    os._exit(code)


class _Reporter(QObject):
    """Says an unforeseen error in one sentence; the traceback is for those who ask for it.

    The error may come from any thread, so the sentence goes to the window by signal.
    """

    _refused = Signal(str)

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._refused.connect(controller.refuse)

    def __call__(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        if os.environ.get("POOLVIEWER_DEBUG"):
            traceback.print_exception(kind, error, where)
        self._refused.emit(
            f"Something inside PoolViewer failed ({kind.__name__}: {error}). What you see may be "
            "incomplete: try again, and report it if it happens again."
        )


class _InterruptWatch:
    """Closes the window on Ctrl+C in the terminal, which Qt's event loop would not notice."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGINT, lambda *_: None)
        self._fd_before = signal.set_wakeup_fd(self._writer.fileno())
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._window.close)

    def __exit__(self, *_: object) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._fd_before)
        signal.signal(signal.SIGINT, self._before)
        self._reader.close()
        self._writer.close()
