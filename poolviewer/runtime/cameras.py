"""What comes before a camera is opened: the list, the format, the permission."""

import sys
from collections.abc import Callable

from PySide6.QtCore import (
    QCameraPermission,
    QCoreApplication,
    QObject,
    QPermission,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from poolviewer.core.camera_format import (
    AS_DELIVERED,
    CameraFormat,
    camera_location,
    is_camera,
    parse_camera,
    with_format,
)
from poolviewer.core.errors import SourceError
from poolviewer.core.messages import CameraList, SourceInfo, SourceRequest

LOOK_EVERY_MS = 2000 if sys.platform == "linux" else 5000  # elsewhere it takes milliseconds
FORBIDDEN = (
    "PoolViewer may not use the camera: allow it in the system's settings under Privacy, and open "
    "the camera again."
)

Answer = Callable[[bool], None]


class CameraPermission(QObject):
    """Asks the system, and through it the person, whether cameras may be used.

    Only macOS and phones ask; elsewhere the answer is yes at once.
    """

    def ask(self, answer: Answer) -> None:
        """Call ``answer`` in this thread, now or when the person has decided."""
        app, wish = QCoreApplication.instance(), QCameraPermission()
        if app is None or app.checkPermission(wish) is Qt.PermissionStatus.Granted:
            answer(True)
            return

        def decided(permission: QPermission) -> None:
            answer(permission.status() is Qt.PermissionStatus.Granted)

        app.requestPermission(wish, self, decided)


class Cameras(QObject):
    """Keeps the list of cameras fresh, and turns a wish for one into what is opened.

    Lives in the user interface thread.

    Parameters
    ----------
    list_cameras
        A job for the background that returns a `CameraList`.
    wanted
        What cameras are asked to deliver, where a wish does not say it.
    ask
        Asks for the permission to use cameras, see `CameraPermission.ask`.
    """

    open_requested = Signal(object)
    refused = Signal(str)
    job_requested = Signal(object)

    def __init__(
        self,
        list_cameras: Callable[[], CameraList],
        wanted: CameraFormat,
        ask: Callable[[Answer], None],
    ) -> None:
        super().__init__()
        self._list_cameras = list_cameras
        self._wanted = wanted
        self._ask = ask
        self._device = ""
        self._is_looking = False
        self._wishes = 0
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    @Slot(object)
    def open(self, request: SourceRequest) -> None:
        """Ask for a source; before a camera, ask for the permission."""
        self._wishes += 1
        if not is_camera(request.location):
            self.open_requested.emit(request)
            return
        wish = self._wishes
        location = self._formatted(request.location)

        def answer(is_allowed: bool) -> None:
            if wish != self._wishes:
                return  # a newer wish has come meanwhile
            if is_allowed:
                self.open_requested.emit(SourceRequest(location))
            else:
                self.refused.emit(FORBIDDEN)

        self._ask(answer)

    @Slot(object)
    def choose_format(self, wanted: CameraFormat) -> None:
        """Ask cameras for another size or rate from now on, and the one that is on at once."""
        self._wanted = wanted
        if self._device:
            self.open(SourceRequest(camera_location(self._device, wanted)))

    @Slot()
    def begin_looking(self) -> None:
        """Look for cameras every few seconds from now on."""
        self._timer.start()

    @Slot()
    def stop_looking(self) -> None:
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Look for cameras in the background; never twice at the same time."""
        if not self._is_looking:
            self._is_looking = True
            self.job_requested.emit(self._list_cameras)

    @Slot(object)
    def on_job_done(self, result: object) -> None:
        """Take a new list."""
        if isinstance(result, CameraList):
            self._is_looking = False

    @Slot(object)
    def on_failed(self, _failure: object) -> None:
        self._is_looking = False

    @Slot(object, int)
    def on_source_opened(self, source: SourceInfo, _generation: int) -> None:
        """Remember which camera is on, if any."""
        self._device = source.name.removeprefix("camera ") if source.kind == "camera" else ""

    def _formatted(self, location: str) -> str:
        """Add the chosen format where the wish names none; an unsound wish is told later."""
        try:
            _, own = parse_camera(location.strip().partition(":")[2])
        except SourceError:
            return location
        return with_format(location, self._wanted) if own == AS_DELIVERED else location
