"""Copying a window as proof: the controller's part."""

from PySide6.QtCore import QObject, Slot

from poolviewer.core.proof import FORMS, ProofError, ProofForm, proof_of
from poolviewer.core.view_state import Notice
from poolviewer.runtime.store import Store

NO_MAPS = "There are no maps yet: open a picture first."
CONCEALED = "The pooled value is hidden: it can be copied once it is revealed."


class ProofController(QObject):
    """Puts the traced pixel's window on the clipboard, and says so."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    @Slot(str)
    def copy(self, form: ProofForm) -> None:
        """Copy the window of the pinned or hovered pixel in one of `FORMS`."""
        self._store.update(notice=self._copied(form))

    def _copied(self, form: ProofForm) -> Notice:
        state = self._store.state
        if state.rendering is None:
            return Notice(NO_MAPS, is_error=True)
        if state.conceals:
            return Notice(CONCEALED, is_error=True)
        try:
            text = proof_of(state.rendering.activations, state.channel, state.explained, form)
        except ProofError as error:
            return Notice(str(error), is_error=True)
        alteration = state.rendering.alteration
        if alteration and form != "tsv":
            text = f"# {alteration.capitalize()}.\n{text}"
        self._store.views.copy_text(text)
        return Notice(f"Window copied as {FORMS[form]}.")
