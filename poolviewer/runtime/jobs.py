"""Do slow jobs one after another in a background thread: write files, ask for cameras."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot

from poolviewer.core.messages import Failure
from poolviewer.runtime.failures import sentence_of
from poolviewer.runtime.threads import Worker


class JobWorker(Worker):
    """Runs callables that arrive by signal and emits what they return."""

    done = Signal(object)
    failed = Signal(object)

    @Slot(object)
    def run(self, job: Callable[[], object]) -> None:
        """Run one job; a failure is one sentence."""
        try:
            result = job()
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            self.failed.emit(Failure("export", sentence_of(error, "This did not work")))
        else:
            self.done.emit(result)
