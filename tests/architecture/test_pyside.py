"""The installed PySide is sound: some releases lose a reference to `None` on every call.

Such a release aborts the process within a few thousand calls (``none_dealloc``).
"""

import sys

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter

CALLS = 5000
NOISE = 500


class Emitter(QObject):
    """Calls Python back through Qt."""

    emitted = Signal()

    def hear(self) -> None:
        """Return None to Qt."""


def _call_qt() -> None:
    """Call what returns None: methods, a slot, and functions of every module that is used."""
    emitter, timer = Emitter(), QTimer()
    emitter.emitted.connect(emitter.hear)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for _ in range(CALLS):
        timer.setInterval(5)
        emitter.setObjectName("emitter")
        emitter.emitted.emit()
        painter.setPen(QColor(1, 2, 3))
        painter.drawPoint(QPointF(1, 1))
        image.setDevicePixelRatio(1)
    painter.end()


def test_references_to_none_stay_level(qapp) -> None:
    before = sys.getrefcount(None)
    _call_qt()
    if sys.version_info >= (3, 12):
        return  # None is immortal there
    assert abs(sys.getrefcount(None) - before) < NOISE


def test_a_loss_would_be_seen() -> None:
    kept = [None] * CALLS
    before = sys.getrefcount(None)
    kept.clear()
    if sys.version_info < (3, 12):
        assert before - sys.getrefcount(None) > NOISE
