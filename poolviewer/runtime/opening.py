"""Open models in a background thread of its own, beside the network that goes on running."""

from PySide6.QtCore import QThread, Signal, Slot

from poolviewer.core.errors import Cancelled
from poolviewer.core.mailbox import Latest
from poolviewer.core.messages import Failure
from poolviewer.core.model_info import ModelFile
from poolviewer.core.protocols import Engine
from poolviewer.runtime.failures import sentence_of
from poolviewer.runtime.inference import OpenRequest
from poolviewer.runtime.threads import Worker


class OpeningWorker(Worker):
    """Takes the newest wish to open a model; a newer one, or the end, calls it off.

    Parameters
    ----------
    wishes
        Where the wishes are left.
    """

    progressed = Signal(str, int)
    opened = Signal(object, int)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, wishes: Latest[OpenRequest]) -> None:
        super().__init__()
        self._wishes = wishes
        self._engine: Engine | None = None

    @Slot(object)
    def use(self, engine: Engine) -> None:
        """Open models with an engine, which runs in another thread meanwhile."""
        self._engine = engine
        self.process()

    @Slot()
    def process(self) -> None:
        """Open what is wished for, if anything."""
        if self._engine is None or QThread.currentThread().isInterruptionRequested():
            return
        wish = self._wishes.take()
        if wish is not None and wish.file is not None:
            self._open(self._engine, wish, wish.file)
            self.ended.emit()

    def _open(self, engine: Engine, wish: OpenRequest, file: ModelFile) -> None:
        generation = wish.generation

        def report(words: str) -> None:
            self.progressed.emit(words, generation)

        def is_cancelled() -> bool:
            is_ending = QThread.currentThread().isInterruptionRequested()
            return is_ending or not self._wishes.is_empty

        try:
            info = engine.open_model(file, wish.budget_bytes, report, is_cancelled)
        except Cancelled:
            return  # whoever called it off knows
        except Exception as error:  # noqa: BLE001 - a worker never dies silently
            sentence = sentence_of(error, "This model cannot be opened")
            self.failed.emit(Failure("model", sentence, generation))
        else:
            self.opened.emit(info, generation)
