"""The composition root: builds the window, the controller and the threads, and wires them."""

import sys
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QDeadlineTimer, QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.camera_format import CameraFormat
from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.filming import Film
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import SourceRequest, Versions
from poolviewer.core.recording import RecordingChoices, RecordingSpec, Shot
from poolviewer.core.timeline import ReplayLimits
from poolviewer.core.view_state import ViewState
from poolviewer.core.view_wish import ViewWish
from poolviewer.drawing.palette import THEMES, Theme, ThemeName
from poolviewer.export.request import FigureRequest, chosen_request
from poolviewer.factories import (
    copy_as,
    create_engine,
    create_recorder,
    export_as,
    film_of_walk,
    list_cameras,
    load_recorder,
    open_source,
    prepare,
    preview_figure,
)
from poolviewer.process import ErrorReporter, InterruptWatch, leave, make_qt_application
from poolviewer.resources import SAMPLE_PICTURE, resource_path
from poolviewer.runtime.cameras import CameraPermission, Cameras
from poolviewer.runtime.capture import CaptureWorker
from poolviewer.runtime.controller import Controller, Job
from poolviewer.runtime.exporting import ExportController
from poolviewer.runtime.inference import InferenceWorker, Mailboxes
from poolviewer.runtime.jobs import JobWorker
from poolviewer.runtime.opening import OpeningWorker
from poolviewer.runtime.pace import Pace
from poolviewer.runtime.recorder import RecordingWorker
from poolviewer.runtime.recording import RecordingController
from poolviewer.samples import all_samples, search_job
from poolviewer.settings import SYSTEM_THEME, Settings
from poolviewer.views.main_window import MainWindow
from poolviewer.views.theme import (
    apply_colours,
    apply_style_sheet,
    apply_theme,
    system_theme,
)
from poolviewer.wiring import (
    Workers,
    wire_cameras,
    wire_exporting,
    wire_models,
    wire_recording,
    wire_timeline,
    wire_window,
    wire_workers,
)

QUIT_TIMEOUT_MS = 10_000
NETWORK_PATIENCE_MS = 1000
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
        self.window = MainWindow(all_samples())
        apply_style_sheet(app, self._theme)
        self.window.show_theme(self._settings.theme)
        if self._settings.geometry is not None:
            self.window.restoreGeometry(self._settings.geometry)
        else:
            available = self.window.screen().availableSize()
            self.window.resize(self.window.size().boundedTo(available))
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
            self.window,
            boxes,
            self._state,
            self._settings.input_of,
            search_job=search_job,
            explicit=wish.explicit,
        )
        self.controller.networks.set_budget(self._settings.memory_limit)
        self._device = wish.device or self._settings.device
        boxes.devices.put(self._device)
        self._boxes = boxes
        self._capture = CaptureWorker(
            open_source,
            boxes.frames,
            boxes.previews,
            self.controller.timeline.boxes,
            Pace(boxes.frames, boxes.renderings),
        )
        self._inference = InferenceWorker(create_engine, prepare, boxes)
        self._permission = CameraPermission()
        self.cameras = Cameras(list_cameras, self._settings.camera_format, self._permission.ask)
        self.window.show_camera_format(self._settings.camera_format)
        shots: Latest[Shot] = Latest()
        self.recording = RecordingController(
            self.controller.store, shots, self._snapshot, self._settings.recording, self._film
        )
        self.exporting = ExportController(
            self.controller.store, self._preview_job, self._file_job, self._settings.export
        )
        self._workers = Workers(
            self._capture,
            self._inference,
            OpeningWorker(boxes.openings),
            JobWorker(),
            RecordingWorker(create_recorder, shots, load_recorder),
        )
        self._threads = self._workers.in_threads()
        # With their timers they go when this object does, in this thread: collected as garbage by
        # another one, a running timer would end the process.
        parts = (self.cameras, self.recording, self.exporting)
        for part in (self.controller, *self.controller.parts, *parts):
            part.setParent(self)
        self._first_model = wish.model_file
        first = wish.source or str(resource_path(SAMPLE_PICTURE))
        self._first_source = SourceRequest(first, wish.picture)
        # A window that opens minimised is not painted, and its threads start all the same.
        self._unpainted = QTimer(self, singleShot=True, interval=LONGEST_UNPAINTED_MS)
        self._unpainted.timeout.connect(self._start_threads)
        self._wire()

    def start(self) -> None:
        """Show the window; the threads start behind it, once it has been painted."""
        self.controller.begin(self._first_model)
        self.window.maps_painted.connect(self._start_threads)
        self._unpainted.start()
        self.window.show()

    def stop(self, network_patience_ms: int = QUIT_TIMEOUT_MS) -> bool:
        """End every thread; return whether all ended in time.

        The network's thread may be given less time: nothing calls off an import of TensorFlow,
        and it has nothing to put away.
        """
        self._unpainted.stop()
        patience = QDeadlineTimer(network_patience_ms)
        for thread in self._threads:
            thread.request_stop()
        capture, network, *others = self._threads
        have_ended = [thread.wait(QUIT_TIMEOUT_MS) for thread in (capture, *others)]
        return network.wait(patience.remainingTime()) and all(have_ended)

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
        self._settings.display = self.controller.sessions.lasting_display
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
        self.exporting.renew()

    @Slot(object)
    def _on_export_choices_changed(self, choices: ExportChoices) -> None:
        self._settings.export = choices

    @Slot(object)
    def _on_recording_choices_changed(self, choices: RecordingChoices) -> None:
        self._settings.recording = choices

    def _wire(self) -> None:
        """Connect the parts with each other, and then what is remembered and told to others."""
        window, controller, workers = self.window, self.controller, self._workers
        wire_window(window, controller)
        wire_models(window, controller, workers)
        wire_workers(controller, workers)
        wire_cameras(window, controller, self.cameras, workers)
        wire_exporting(window, self.exporting, workers.jobs)
        wire_recording(window, self.recording, workers.recording)
        wire_timeline(window, controller, workers.capture)
        workers.inference.engine_ready.connect(self._on_engine_ready)
        for worker in (workers.capture, workers.inference, workers.opening, workers.jobs):
            worker.failed.connect(self.failed)
        workers.recording.failed.connect(self.failed)
        window.theme_chosen.connect(self.choose_theme)
        window.device_chosen.connect(self.choose_device)
        window.camera_format_chosen.connect(self._on_camera_format_chosen)
        window.memory_limit_chosen.connect(self._on_memory_limit_chosen)
        window.replay_limits_chosen.connect(self._on_replay_limits_chosen)
        window.closed.connect(self._on_window_closed)
        controller.networks.input_chosen.connect(self._on_input_chosen)
        controller.networks.recent_models_changed.connect(self._on_recent_models_changed)
        self.exporting.choices_changed.connect(self._on_export_choices_changed)
        self.recording.choices_changed.connect(self._on_recording_choices_changed)
        self._app.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    def _snapshot(self, state: ViewState, scale: float) -> FigureRequest:
        """Return the wish for the figure of one moment of a recording."""
        chosen = chosen_request(state, self._theme.name, self.exporting.choices)
        return replace(chosen, scale=scale)

    def _film(self, state: ViewState, wish: RecordingSpec) -> Film:
        """Return the wish for the animation of a state's step-through."""
        return film_of_walk(self._snapshot(state, wish.scale), wish)

    def _preview_job(self, state: ViewState, choices: ExportChoices, room: tuple[int, int]) -> Job:
        """Return the job that draws the preview of an export."""
        request = chosen_request(state, self._theme.name, choices)
        return lambda: preview_figure(request, choices, room)

    def _file_job(self, state: ViewState, choices: ExportChoices, is_copy: bool) -> Job:
        """Return the job that writes a file, or draws a figure for the clipboard."""
        request = chosen_request(state, self._theme.name, choices)
        return lambda: (copy_as if is_copy else export_as)(request, choices)


def _theme(name: str) -> Theme:
    return system_theme() if name == SYSTEM_THEME else THEMES[cast("ThemeName", name)]


def run(wish: ViewWish) -> int:
    """Open the window and stay until it is closed; return the exit code."""
    app = make_qt_application()
    application = Application(app, wish)
    sys.excepthook = reporter = ErrorReporter()
    reporter.refused.connect(application.controller.refuse)
    with InterruptWatch(application.window):
        application.start()
        code = app.exec()
        has_ended = application.stop(NETWORK_PATIENCE_MS)
    if not has_ended:
        QSettings().sync()
        leave(code)
    return code
