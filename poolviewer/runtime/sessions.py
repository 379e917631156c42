"""Restore a saved view: its network, and once its maps are there, all that was chosen on them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from PySide6.QtCore import QObject, Signal, Slot

from poolviewer.core.annotation import Pixel, geometry_of
from poolviewer.core.display import DisplaySpec
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.messages import Activations, FoundModel, SourceInfo
from poolviewer.core.model_info import ModelFile, ModelSpec
from poolviewer.core.network import Network
from poolviewer.core.session import Session
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.core.view_state import Notice
from poolviewer.runtime.networks import NetworkController
from poolviewer.runtime.store import Store

DIGITS = 12
SearchJob = Callable[[str, tuple[str, ...]], Callable[[], object]]
Explicit = frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Chosen:
    """What a person had chosen when a view was wished for.

    Where one is another by now, the person's newer wish counts. What changes by itself meanwhile,
    with new maps or with a view that was wished for before, is none.

    Parameters
    ----------
    mode
        Of the laboratory; empty while it is closed. Its settings may change without a person, as
        a step-through plays.
    networks
        How often a network was wished for.
    """

    channel: int
    pinned: Pixel | None
    mode: str
    networks: int

    def moved_along(self, before: "_Chosen", after: "_Chosen") -> "_Chosen":
        """Return what was chosen after a change that happened by itself."""
        return _Chosen(
            after.channel if self.channel == before.channel else self.channel,
            after.pinned if self.pinned == before.pinned else self.pinned,
            after.mode if self.mode == before.mode else self.mode,
            after.networks if self.networks == before.networks else self.networks,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    """What is still to be restored, and what the person had when it was wished for.

    Parameters
    ----------
    has_network
        Whether the network is restored too, or was chosen by the person.
    """

    session: Session
    explicit: Explicit
    chosen: _Chosen

    @property
    def has_network(self) -> bool:
        return "model" not in self.explicit


def find_nothing(digest: str, _paths: tuple[str, ...]) -> Callable[[], object]:
    """Make a job that finds no model."""

    def job() -> FoundModel:
        return FoundModel(digest, None)

    return job


class SessionController(QObject):
    """Brings the state to what a saved view shows.

    Parameters
    ----------
    store
        The window's state.
    networks
        Asked for the saved network.
    set_display, set_experiment
        Wishes of the controller and of the laboratory.
    search_job
        Makes the job that looks for a model by its hash among the models opened before.
    explicit
        What the command line chose for the first source: ``model``, ``channel``, ``pin``.
    """

    job_requested = Signal(object)

    def __init__(
        self,
        store: Store,
        networks: NetworkController,
        set_display: Callable[[DisplaySpec], None],
        set_experiment: Callable[[Experiment | None], None],
        search_job: SearchJob,
        *,
        explicit: Explicit = frozenset(),
    ) -> None:
        super().__init__()
        self._store = store
        self._networks = networks
        self._set_display = set_display
        self._set_experiment = set_experiment
        self._search_job = search_job
        self._explicit = explicit
        self._wish: _Wish | None = None
        self._chosen = self._now
        self._displays: tuple[DisplaySpec, DisplaySpec] | None = None

    @property
    def lasting_display(self) -> DisplaySpec:
        """How the person likes maps to be shown: not what a saved view brought along."""
        display = self._store.state.display
        if self._displays is None:
            return display
        own, saved = self._displays
        return own if _like(saved, display) == display else display

    def on_source_wished(self) -> None:
        """Note what the person has when another source is wished for."""
        self._chosen = self._now

    def on_source_opened(self, source: SourceInfo) -> None:
        """Begin to restore the view that a source was saved from; another source ends that."""
        self._wish = None
        self._networks.expect(None)
        explicit, self._explicit = self._explicit, frozenset()
        session = source.session
        if session is None:
            return
        if self._networks.wishes != self._chosen.networks:
            explicit |= {"model"}  # chosen after the view, while it was still being read
        self._wish = _Wish(session, explicit, self._chosen)
        if session.note:
            self._store.update(notice=Notice(printable(session.note), where="source"))
        self._show_display(session.display)
        if self._wish.has_network:
            before = self._now
            self._networks.cancel_opening()  # or the model that opens would replace the saved one
            self._restore_network(session.network)
            self._move_along(before, self._now)

    def on_rendered(self, activations: Activations, kept: dict[str, object]) -> dict[str, object]:
        """Return what changes with new maps: what is restored on them, and what else is kept.

        The experiment follows by itself.

        Parameters
        ----------
        kept
            The channel and the pinned pixel as far as they exist on these maps.
        """
        before = self._now
        changes = kept | self._restored(activations)
        after = replace(
            self._now,
            channel=cast("int", changes["channel"]),
            pinned=cast("Pixel | None", changes["pinned"]),
        )
        self._move_along(before, after)
        return changes

    def _restored(self, activations: Activations) -> dict[str, object]:
        wish = self._wish
        if wish is None or activations.frame.source.session is not wish.session:
            return {}
        if wish.has_network and not _is_same(activations.network, wish.session.network):
            return {}
        self._wish = None
        return self._changes(wish, activations)

    @Slot(object)
    def on_job_done(self, result: object) -> None:
        """Open the model that was found, or ask for it."""
        wish = self._wish
        if not isinstance(result, FoundModel) or wish is None or not wish.has_network:
            return
        network = wish.session.network
        if not isinstance(network, ModelSpec) or network.digest != result.digest:
            return
        if self._networks.wishes != wish.chosen.networks:
            self._networks.expect(None)
            self._wish = replace(wish, explicit=wish.explicit | {"model"})
            return
        if result.path is not None:
            self._networks.open_model(ModelFile(result.path, network.stage))
        else:
            name = printable(network.name, MAX_NAME)
            sentence = (
                f"This view was saved from {name} (SHA-256 {network.digest[:DIGITS]}…), which is "
                "not among the models opened before: open that file, and the view is restored."
            )
            self._store.update(notice=Notice(sentence, where="model"), phase="")
            self._store.views.ask_model(network)

    @property
    def _now(self) -> _Chosen:
        state = self._store.state
        mode = state.experiment.mode if state.experiment else ""
        return _Chosen(state.channel, state.pinned, mode, self._networks.wishes)

    def _move_along(self, before: _Chosen, after: _Chosen) -> None:
        """Take no change for a person's that happened by itself."""
        self._chosen = self._chosen.moved_along(before, after)
        if self._wish is not None:
            chosen = self._wish.chosen.moved_along(before, after)
            self._wish = replace(self._wish, chosen=chosen)

    def _restore_network(self, network: Network) -> None:
        state = self._store.state
        if not isinstance(network, ModelSpec):
            if network != state.network:
                self._networks.set_network(network)
            return
        self._networks.expect(network)
        if not self._networks.use_expected():
            self.job_requested.emit(self._search_job(network.digest, state.recent_models))

    def _show_display(self, saved: DisplaySpec) -> None:
        """Show maps as they were saved, in a gallery as large as it is here."""
        present = self._store.state.display
        display = _like(saved, present)
        own = self.lasting_display
        self._displays = own, saved
        if display != present:
            self._set_display(display)

    def _changes(self, wish: _Wish, activations: Activations) -> dict[str, object]:
        session, state, stage = wish.session, self._store.state, activations.stage
        changes: dict[str, object] = {}
        lacks: list[str] = []
        if "channel" not in wish.explicit and state.channel == wish.chosen.channel:
            changes["channel"] = min(session.channel, stage.channels - 1)
            if session.channel >= stage.channels:
                lacks.append(f"channel {session.channel}")
        if "pin" not in wish.explicit and state.pinned == wish.chosen.pinned:
            is_there = session.pin is None or _is_on(session.pin, activations)
            changes["pinned"] = session.pin if is_there else None
            if not is_there:
                lacks.append("the pinned pixel")
        if lacks:
            sentence = f"This network lacks {' and '.join(lacks)} of the saved view."
            changes["notice"] = Notice(sentence, where="source")
        if self._now.mode == wish.chosen.mode and session.experiment != state.experiment:
            self._set_experiment(session.experiment)
        return changes


def _like(saved: DisplaySpec, present: DisplaySpec) -> DisplaySpec:
    """Return how a saved view shows its maps, in the room that there is."""
    return replace(saved, room=present.room)


def _is_on(pixel: Pixel, activations: Activations) -> bool:
    rows, cols = geometry_of(activations.stage, pixel.map_name).shape
    return pixel.row < rows and pixel.col < cols


def _is_same(network: Network, saved: Network) -> bool:
    """Whether maps are those of a saved network; a model may have to run at a smaller size."""
    if isinstance(network, ModelSpec) and isinstance(saved, ModelSpec):
        return (network.digest, network.stage) == (saved.digest, saved.stage)
    return network == saved
