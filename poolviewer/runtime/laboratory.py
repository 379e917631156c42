"""The laboratory's part of the controller: which experiment is made, and on what."""

from PySide6.QtCore import QObject, Signal, Slot

from poolviewer.core.annotation import Pixel
from poolviewer.core.laboratory.experiment import Experiment, Inquiry
from poolviewer.core.mailbox import Latest
from poolviewer.core.view_state import ViewState
from poolviewer.runtime.store import Store


class LaboratoryController(QObject):
    """Asks the inference thread for what the state wants to know besides the maps.

    Parameters
    ----------
    store
        The window's state.
    inquiries
        The mailbox of the inference worker.
    """

    work_requested = Signal()

    def __init__(self, store: Store, inquiries: Latest[Inquiry]) -> None:
        super().__init__()
        self._store = store
        self._inquiries = inquiries
        self._asked = Inquiry()
        store.follow = self._follow

    @Slot(object)
    def set_experiment(self, experiment: Experiment | None) -> None:
        """Make an experiment on every frame, with other settings or none from now on."""
        self._store.update(experiment=experiment)

    @Slot(bool)
    def watch_chain(self, is_watched: bool) -> None:
        """Say whether the chain of a traced pixel can be seen."""
        self._store.update(has_chain=is_watched)

    def answers(self, pixel: Pixel) -> bool:
        """Let the experiment take a click; return whether it did."""
        state = self._store.state
        answer = state.experiment.clicked(pixel, state.finding) if state.experiment else None
        if answer is not None:
            self._store.update(experiment=answer)
        return answer is not None

    def _follow(self, state: ViewState) -> None:
        inquiry = state.inquiry
        if inquiry != self._asked:
            self._asked = inquiry
            self._inquiries.put(inquiry)
            self.work_requested.emit()
