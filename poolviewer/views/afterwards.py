"""Work that may wait until what a person looks at has been painted."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

Shown = TypeVar("Shown")

# Not 0: Qt serves timers of no time only when nothing else waits, which live may be never.
SOON_MS = 1


class Afterwards(QObject, Generic[Shown]):
    """Shows the newest of what it is given, a moment later; what was overtaken is never shown.

    Parameters
    ----------
    show
        Called from the event loop, after the paint that it shall not delay.
    """

    def __init__(self, show: Callable[[Shown], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._waiting: list[Shown] = []
        self._timer = QTimer(self, singleShot=True, interval=SOON_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def is_waiting(self) -> bool:
        """Whether something was given that is not shown yet."""
        return bool(self._waiting)

    def show_later(self, shown: Shown) -> None:
        """Show something soon; the moment does not move on, so that it comes while more does."""
        self._waiting = [shown]
        if not self._timer.isActive():
            self._timer.start()

    def _on_timer_timeout(self) -> None:
        newest = self._waiting.pop()
        self._show(newest)
