"""The window, opened by a Python program."""

import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from poolviewer.api.arguments import size_of, whole
from poolviewer.api.moments import Pin, pixel_of
from poolviewer.api.networks import Model, Wish
from poolviewer.api.pictures import Image, location_of, picture_of
from poolviewer.core.budget import default_budget
from poolviewer.core.errors import ArgumentError, ModelUnchecked, NetworkError, PoolViewerError
from poolviewer.core.interpreter import lasting_imports, responsive_interpreter
from poolviewer.core.local_files import is_folder, open_regular
from poolviewer.core.view_wish import ViewWish
from poolviewer.display_check import missing_display, missing_library
from poolviewer.factories import check_model
from poolviewer.model.importing import be_guest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

# ruff: noqa: PLC0415 - what the window needs is imported when it opens

LONGEST_NAME = 40


def view(
    model: Model = None,
    image: Image = None,
    *,
    pool: str | None = None,
    channel: int | None = None,
    pin: Pin = None,
    preprocess: str | None = None,
    size: Sequence[int] | None = None,
    device: str | None = None,
) -> None:
    """Open the window, and return when it is closed.

    For the main thread of a script, a terminal or a notebook. A `QApplication` that exists is
    used, and looks as before afterwards; while its event loop runs no window can be opened.

    Parameters
    ----------
    model
        As in `poolviewer.figure`. A `keras.Model` is saved to a private file, which is deleted
        when the window is closed, and opened as a file from anybody: one with ``Lambda`` or custom
        layers cannot be, and is shown by `poolviewer.figure` only.
    image
        As in `poolviewer.figure`, and cameras (``"camera:0"``) and streams, which then are live.
    pool, channel, pin, preprocess, size, device
        What the window begins with, as in `poolviewer.figure`; None for the device of the settings.

    Raises
    ------
    PoolViewerError
        With one sentence: there is no display, no window can be opened here, or the model or the
        image cannot be.

    Examples
    --------
    Opens a window::

        import poolviewer
        poolviewer.view("tutorial", "holiday.jpg", pin=(4, 7))
    """
    _check_display()
    wish = Wish(model, pool or "", size_of(size), preprocess, device or "auto")
    pixel = pixel_of(pin)
    with ExitStack() as stack:
        source, picture = _source_of(image)
        path = _model_file(wish, stack)
        shown = ViewWish(
            source=source,
            model=path,
            stage=wish.pool,
            size=wish.size,
            preprocessing=wish.preprocess,
            channel=0 if channel is None else whole(channel, "channel"),
            pin=(pixel.row, pixel.col) if pixel else None,
            device=device,
            picture=picture,
        )
        stack.enter_context(responsive_interpreter())
        _show(shown, is_lasting=not wish.is_living)


def _check_display() -> None:
    """Raise `PoolViewerError` where no window can be opened."""
    if threading.current_thread() is not threading.main_thread():
        raise PoolViewerError("A window opens in the main thread only: call view there.")
    why_not = missing_library() or missing_display()
    if why_not:
        raise PoolViewerError(f"{why_not.rstrip('.')}: save a figure instead.")
    from PySide6.QtCore import QCoreApplication, QThread
    from PySide6.QtWidgets import QApplication

    present = QCoreApplication.instance()
    if present is not None and not isinstance(present, QApplication):
        raise PoolViewerError(
            f"This process has a {type(present).__name__}, which cannot open windows: make it a "
            "QApplication."
        )
    if QThread.currentThread().loopLevel():
        raise PoolViewerError(
            "Qt's event loop runs in this process already, and PoolViewer needs its own: open it "
            "from a script or a terminal."
        )


def _source_of(image: object) -> tuple[str | None, Any]:
    """Return the location, and the pixels of what is a picture itself."""
    if image is None:
        return None, None
    location = location_of(image)
    if location is None:
        return picture_of(image)
    from poolviewer.sources.gate import check_path

    check_path(location)
    return location, None


def _model_file(wish: Wish, stack: ExitStack) -> str | None:
    """Return the path of a model; a living one is saved until the window is closed."""
    if wish.is_living:
        return _saved(wish.model, stack)
    path = wish.path
    if path is None and wish.model not in (None, "tutorial"):
        raise ArgumentError(f"Choose {wish.model} in the window: view begins with the tutorial's.")
    if path is None and (wish.size or wish.preprocess):
        raise ArgumentError("Size and preprocess go with a model: give one, too.")
    if path is not None and not is_folder(Path(path)):
        open_regular(Path(path), ModelUnchecked).close()
    return path


def _saved(model: Any, stack: ExitStack) -> str:  # noqa: ANN401 - Keras has no types
    """Save a living model where nobody else sees it; raises `NetworkError`."""
    name = re.sub(r"\W+", "-", model.name)[:LONGEST_NAME] or "model"
    path = Path(stack.enter_context(TemporaryDirectory(prefix="poolviewer-"))) / f"{name}.keras"
    try:
        model.save(path)
    except Exception as error:  # layers raise anything
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise NetworkError(f"The model {name} cannot be saved ({reason}).") from error
    check_model(str(path), default_budget())
    return str(path)


def _show(wish: ViewWish, *, is_lasting: bool) -> None:
    """Open the window and stay until it is closed; a model that does not last is forgotten."""
    be_guest()
    with lasting_imports():
        from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop

        from poolviewer.app import QUIT_TIMEOUT_MS, Application
        from poolviewer.process import ErrorReporter, InterruptWatch, make_qt_application
        from poolviewer.settings import Settings
    with _left_as_it_was(make_qt_application) as app:
        application = Application(app, wish)
        sys.excepthook = reporter = ErrorReporter()
        reporter.refused.connect(application.controller.refuse)
        loop = QEventLoop()
        application.window.closed.connect(loop.quit)
        with InterruptWatch(application.window):
            application.start()
            loop.exec()
            has_ended = application.stop(QUIT_TIMEOUT_MS)
        if not is_lasting:
            settings = Settings()
            settings.recent_models = tuple(p for p in settings.recent_models if p != wish.model)
        if not has_ended:  # its threads must not outlive it
            _UNFINISHED.append(application)
            return
        application.window.deleteLater()
        application.deleteLater()
        QCoreApplication.sendPostedEvents()  # what the threads said last, before the windows go
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


_UNFINISHED: list[object] = []


@contextmanager
def _left_as_it_was(make: Any) -> "Iterator[QApplication]":  # noqa: ANN401
    """Give the process its own look, names and hooks back."""
    from PySide6.QtWidgets import QApplication

    hook = sys.excepthook
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - checked before
    names = app.applicationName(), app.organizationName(), app.applicationVersion()
    sheet = app.styleSheet()
    app.setStyleSheet("")  # which hides the name of the style
    style, palette = app.style().name(), app.palette()
    icon, file = app.windowIcon(), app.desktopFileName()
    try:
        yield make()
    finally:
        sys.excepthook = hook
        app.setStyleSheet(sheet)
        app.setStyle(style)
        app.setPalette(palette)
        app.setWindowIcon(icon)
        app.setDesktopFileName(file)
        app.setApplicationName(names[0])
        app.setOrganizationName(names[1])
        app.setApplicationVersion(names[2])
