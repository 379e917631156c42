"""The chain's part of the controller: which step is unfolded, and which pixel is followed."""

from PySide6.QtCore import QObject, Slot

from poolviewer.core.chain_scene import followed, unfolded
from poolviewer.runtime.store import Store


class ChainController(QObject):
    """Keeps what a person chooses along the chain of the traced pixel."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    @Slot(object)
    def unfold(self, step: int | None) -> None:
        """Unfold a step, as `ChainStep.step`; None folds all."""
        self._store.update(chain_focus=unfolded(self._store.state, step))

    @Slot(int, int)
    def follow(self, step: int, tap: int) -> None:
        """Go on from a step with another of its taps."""
        self._store.update(chain_focus=followed(self._store.state, step, tap))
