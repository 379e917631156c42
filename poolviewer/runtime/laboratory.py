"""The laboratory's part of the controller: which experiment is made, and on what."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from poolviewer.core.annotation import Pixel
from poolviewer.core.laboratory.experiment import Experiment, Inquiry
from poolviewer.core.laboratory.related import Beside
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
    freeze
        Makes the picture stand still.
    """

    work_requested = Signal()

    def __init__(
        self, store: Store, inquiries: Latest[Inquiry], freeze: Callable[[bool], None]
    ) -> None:
        super().__init__()
        self._freeze = freeze
        self._store = store
        self._inquiries = inquiries
        self._asked = Inquiry()
        store.follow = self._follow

    @Slot(object)
    def set_experiment(self, experiment: Experiment | None) -> None:
        """Make an experiment on every frame, with other settings or none from now on."""
        self._hold_still(experiment)
        self._store.update(experiment=experiment)

    @Slot(bool)
    def watch_chain(self, is_watched: bool) -> None:
        """Say whether the chain of a traced pixel can be seen."""
        self._store.update(has_chain=is_watched)

    def answers(self, pixel: Pixel) -> bool:
        """Let the experiment take a click; return whether it did."""
        state = self._store.state
        answer = state.experiment.clicked(pixel, state.finding) if state.experiment else None
        return self._took(answer)

    def moves(self, rows: int, cols: int) -> bool:
        """Let the experiment take the arrow keys; return whether it did.

        They move what is seen: in a mirrored window, right is towards smaller columns.
        """
        state = self._store.state
        step = -cols if state.display.is_mirrored else cols
        experiment = state.experiment
        return self._took(experiment.moved(rows, step, state.finding) if experiment else None)

    @Slot()
    def confirm(self) -> None:
        """Let the experiment take the Enter key."""
        state = self._store.state
        self._took(state.experiment.confirmed(state.finding) if state.experiment else None)

    @Slot(object)
    def hover_beside(self, pixel: Pixel | None) -> None:
        """Remember the pixel of a map beside the three under the mouse, and what belongs to it."""
        point = self._beside(pixel)
        self._store.update(hovered=point and point.pixel, hovered_beside=point)

    @Slot(object)
    def pin_beside(self, pixel: Pixel) -> None:
        """Pin what belongs to a pixel of a map beside the three; once more lets it go."""
        point = self._beside(pixel)
        if point is None or point.pixel is None:
            return
        is_pinned = point == self._store.state.beside and self._store.state.pinned is not None
        self._store.update(
            pinned=None if is_pinned else point.pixel, pinned_beside=None if is_pinned else point
        )

    def _beside(self, pixel: Pixel | None) -> Beside | None:
        finding = self._store.state.latest_finding
        if pixel is None or finding is None:
            return None
        return finding.experiment.beside(pixel.row, pixel.col, finding)

    def _took(self, answer: Experiment | None) -> bool:
        if answer is not None:
            self.set_experiment(answer)
        return answer is not None

    def _hold_still(self, experiment: Experiment | None) -> None:
        """Freeze a moving picture for an experiment that is made on one that stands still."""
        source, is_frozen = self._store.state.source, self._store.state.is_frozen
        is_moving = source is not None and source.is_moving and not is_frozen
        if experiment is not None and experiment.needs_still and is_moving:
            self._freeze(True)

    def _follow(self, state: ViewState) -> None:
        inquiry = state.inquiry
        if inquiry != self._asked:
            self._asked = inquiry
            self._inquiries.put(inquiry)
            self.work_requested.emit()
