"""What every test runs under: settings of its own, no screen, and nothing left behind.

A thread, a `QThread` or a top-level widget that outlives its test fails that test, and so does a
Qt warning: pytest-qt watches set-up and call (``qt_log_level_fail``), a hook here the tear-down.
"""

import gc
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

GRACE_S = 2.0

_HOME = tempfile.TemporaryDirectory(prefix="poolviewer-tests-", ignore_cleanup_errors=True)
_HAS_FAILED = pytest.StashKey[bool]()


def _isolate(home: Path) -> None:
    """Point everything that a test may read or write outside its folder into a temporary one.

    Subprocesses inherit it. `QStandardPaths` and `QSettings` follow the XDG folders on Linux.
    """
    for kind in ("CONFIG", "DATA", "CACHE", "STATE", "RUNTIME"):
        folder = home / kind.lower()
        folder.mkdir(mode=0o700)
        os.environ[f"XDG_{kind}_DIR" if kind == "RUNTIME" else f"XDG_{kind}_HOME"] = str(folder)
    os.environ["KERAS_HOME"] = str(home / "keras")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


_isolate(Path(_HOME.name))
settings.register_profile("unhurried", deadline=None)  # no test is measured by the clock
settings.load_profile("unhurried")


def pytest_configure() -> None:
    if sys.platform == "linux":
        return  # Qt's test mode would leave the XDG folders above and write below the real home.
    from PySide6.QtCore import QStandardPaths  # noqa: PLC0415 - most tests do without

    QStandardPaths.setTestModeEnabled(True)


def pytest_unconfigure() -> None:
    _HOME.cleanup()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a failure: its traceback holds the test's objects, which are then no leak."""
    report = yield
    if report.failed:
        item.stash[_HAS_FAILED] = True
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Fail on a Qt warning while widgets close and fixtures end; pytest-qt has stopped by then."""
    qt_core = sys.modules.get("PySide6.QtCore")
    if qt_core is None:
        return (yield)
    warnings: list[str] = []

    def keep(kind: Any, _context: object, text: str) -> None:
        is_platform = text.startswith("This plugin does not support")  # as in pyproject.toml
        if not is_platform and kind not in (
            qt_core.QtMsgType.QtDebugMsg,
            qt_core.QtMsgType.QtInfoMsg,
        ):
            warnings.append(text)

    previous = qt_core.qInstallMessageHandler(keep)
    try:
        result = yield
    finally:
        qt_core.qInstallMessageHandler(previous)
    if warnings:
        pytest.fail("Qt warned during tear-down:\n" + "\n".join(warnings), pytrace=False)
    return result


@pytest.fixture(autouse=True)
def _no_leaked_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and _is_own_thread(t)]
    for thread in left:
        thread.join(GRACE_S)
    _fail_on_leak(request, "threads", [t.name for t in left if t.is_alive()])


@pytest.fixture(autouse=True)
def _no_leaked_qthread(request: pytest.FixtureRequest) -> Iterator[None]:
    qt_core = sys.modules.get("PySide6.QtCore")
    if qt_core is None:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        # Held, so that a running QThread which the test dropped fails it instead of aborting Qt.
        started = _record_starts(qt_core, patch)
        yield
    left = [thread for thread in started if not _has_stopped(thread)]
    _fail_on_leak(request, "QThreads", [thread.objectName() or repr(thread) for thread in left])


@pytest.fixture(autouse=True)
def _no_leaked_widget(request: pytest.FixtureRequest) -> Iterator[None]:
    before = _top_level_widgets()
    yield
    left: list[Any] = []
    for generation in range(3):  # Widgets in reference cycles are young: spare the old objects.
        left = [w for w in _top_level_widgets() if not any(w is known for known in before)]
        if not left:
            return
        left.clear()
        gc.collect(generation)
    left = [w for w in _top_level_widgets() if not any(w is known for known in before)]
    names = [f"{type(widget).__name__} {widget.objectName()!r}" for widget in left]
    for widget in left:
        widget.close()
        widget.deleteLater()
    _fail_on_leak(request, "top-level widgets", names)


def _fail_on_leak(request: pytest.FixtureRequest, what: str, names: list[str]) -> None:
    if names and not request.node.stash.get(_HAS_FAILED, False):
        pytest.fail(f"The test leaks {what}: {', '.join(names)}", pytrace=False)


def _is_own_thread(thread: threading.Thread) -> bool:
    """Whether Python started it; a QThread that ran Python code stays listed as a dummy."""
    return not isinstance(thread, threading._DummyThread)


def _record_starts(qt_core: ModuleType, patch: pytest.MonkeyPatch) -> list[Any]:
    started: list[Any] = []
    start: Callable[..., None] = qt_core.QThread.start

    def recorded_start(thread: Any, *args: Any) -> None:
        started.append(thread)
        start(thread, *args)

    patch.setattr(qt_core.QThread, "start", recorded_start)
    return started


def _has_stopped(thread: Any) -> bool:
    """Whether a QThread ends by itself; one that does not is told to, for the next tests' sake."""
    try:
        if thread.wait(int(GRACE_S * 1000)):
            return True
        thread.quit()
        thread.wait(int(GRACE_S * 1000))
    except RuntimeError:  # deleteLater has taken the C++ object, which it does to none that runs.
        return True
    return False


def _top_level_widgets() -> list[Any]:
    qt_widgets = sys.modules.get("PySide6.QtWidgets")
    qt_core = sys.modules.get("PySide6.QtCore")
    if qt_widgets is None or qt_core is None or qt_widgets.QApplication.instance() is None:
        return []
    qt_core.QCoreApplication.sendPostedEvents(None, qt_core.QEvent.Type.DeferredDelete)
    widgets: list[Any] = qt_widgets.QApplication.topLevelWidgets()
    return widgets
