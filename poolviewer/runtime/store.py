"""The window's state, and the one way to change it."""

from collections.abc import Callable
from dataclasses import replace

from poolviewer.core.pin_history import followed
from poolviewer.core.protocols import Views
from poolviewer.core.view_state import Notice, ViewState
from poolviewer.runtime.differences import show_differences


class Store:
    """Holds the state and pushes every difference to the views.

    Attributes
    ----------
    follow
        Told of every new state, once the views show it.
    """

    def __init__(self, views: Views, state: ViewState) -> None:
        self.views = views
        self.follow: Callable[[ViewState], None] = _nobody
        self._state = state

    @property
    def state(self) -> ViewState:
        """What the window shows now."""
        return self._state

    def update(self, **changes: object) -> None:
        """Replace the state and show what is different now."""
        old, new = self._state, replace(self._state, **changes)  # type: ignore[arg-type]
        activations = new.rendering.activations if new.rendering else None
        is_altered = new.rendering is not None and bool(new.rendering.alteration)
        history = followed(old.history, activations, new.channel, new.pinned, is_altered=is_altered)
        self._state = replace(new, history=history)
        show_differences(self.views, old, self._state)
        self.follow(self._state)

    def notice_unless(self, *where: str) -> Notice | None:
        """Return the present notice, but not one about what works again."""
        notice = self._state.notice
        return None if notice is not None and notice.where in where else notice


def _nobody(_state: ViewState) -> None:
    """Follow no state."""
