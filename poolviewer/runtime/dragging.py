"""Drags and single steps on pixels become changes of the experiment, and are taken back."""

from PySide6.QtCore import QObject, Slot

from poolviewer.core.annotation import Pixel
from poolviewer.core.laboratory.dragging import Gesture
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.runtime.store import Store


class DraggingController(QObject):
    """Gives what is dragged to the present experiment; lives in the user interface thread."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._gesture: Gesture | None = None

    @Slot(object, float, bool)
    def drag(self, pixel: Pixel, share: float, is_new: bool) -> None:
        """Drag a pixel to a share of its map's range, counted from where the drag began."""
        if is_new:
            self._gesture = Gesture.begun(self._store.state, pixel)
        self._go_on(share)

    @Slot(float, bool)
    def nudge(self, share: float, is_new: bool) -> None:
        """Move the pinned or hovered pixel on by a share of its map's range."""
        if is_new or self._gesture is None:
            self._gesture = Gesture.begun(self._store.state, self._store.state.traced)
        if self._gesture is not None:
            self._go_on(self._gesture.share + share)

    @Slot(bool)
    def end(self, is_taken_back: bool) -> None:
        """End a drag; one that is taken back leaves everything as it was before."""
        gesture, self._gesture = self._gesture, None
        if gesture and is_taken_back and self._store.state.experiment == gesture.present:
            self._show(gesture.before)

    @Slot()
    def undo(self) -> None:
        experiment = self._store.state.experiment
        if experiment is not None:
            self._show(experiment.undo())

    @Slot()
    def redo(self) -> None:
        experiment = self._store.state.experiment
        if experiment is not None:
            self._show(experiment.redo())

    def _go_on(self, share: float) -> None:
        gesture = self._gesture
        if gesture is None:
            return
        if self._store.state.experiment != gesture.present:
            self._gesture = None  # something else was chosen meanwhile, or undone
            return
        self._gesture = gesture.to(share)
        self._show(self._gesture.present)

    def _show(self, experiment: Experiment) -> None:
        if experiment != self._store.state.experiment:
            self._store.update(experiment=experiment)
