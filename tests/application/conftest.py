"""Whole applications, started and ended."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtGui import QGuiApplication

from poolviewer.app import Application
from poolviewer.core.view_wish import ViewWish
from poolviewer.process import make_qt_application
from tests.media import SAMPLES

CAT = str(SAMPLES / "chelsea.png")
LONG_MS = 20_000


@pytest.fixture(autouse=True)
def _fresh(qapp):
    """Remember nothing from the test before."""
    make_qt_application()
    QSettings().clear()
    QGuiApplication.clipboard().clear()


@pytest.fixture
def start(qapp, qtbot):
    """Start applications, and end their threads behind the test."""
    started = []

    def start(source=None, **options):
        application = Application(qapp, ViewWish(source, **options))
        qtbot.addWidget(application.window)
        started.append(application)
        application.start()
        return application

    yield start
    for application in started:
        application.window.close()
        assert application.stop()
        application.deleteLater()
    QCoreApplication.sendPostedEvents()  # what the threads said last, before the windows go
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def started(start, wait):
    """Start an application and wait for its first maps."""

    def started(source=CAT, **options):
        application = start(source, **options)
        wait(lambda: application.controller.state.rendering is not None)
        return application

    return started


@pytest.fixture
def wait(qtbot):
    return lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS)
