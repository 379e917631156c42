"""Turn what people wish and what threads report into one state, and show what changed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from poolviewer.core.annotation import Pixel, geometry_of
from poolviewer.core.display import DisplaySpec
from poolviewer.core.messages import (
    Activations,
    CameraList,
    Failure,
    SourceInfo,
    SourceRequest,
    Versions,
)
from poolviewer.core.model_info import ModelFile
from poolviewer.core.protocols import Views
from poolviewer.core.rendering import Rendering
from poolviewer.core.view_state import Notice, ViewState, moved_pin
from poolviewer.runtime.chains import ChainController
from poolviewer.runtime.dragging import DraggingController
from poolviewer.runtime.inference import Mailboxes
from poolviewer.runtime.laboratory import LaboratoryController
from poolviewer.runtime.metering import Metering
from poolviewer.runtime.networks import LOADING, NetworkController, Recall, recall_nothing
from poolviewer.runtime.proofs import ProofController
from poolviewer.runtime.sessions import Explicit, SearchJob, SessionController, find_nothing
from poolviewer.runtime.store import Store
from poolviewer.runtime.timeline import TimelineController

SLOW_S = 1.0
Job = Callable[[], object]


class Controller(QObject):
    """Holds the window's state and pushes every difference to the views.

    Lives in the user interface thread. Workers are reached by signals and mailboxes only; what
    belongs to an older source or network is dropped by its generation number.

    Parameters
    ----------
    views
        Where the state is shown.
    boxes
        The mailboxes shared with the workers.
    state
        The state to begin with.
    recall_input
        Returns what a person last chose for the input of the model with this digest.
    search_job
        Makes the job that looks for the model of a saved view.
    explicit
        What the command line chose for the first source, as `SessionController` takes it.
    """

    open_requested = Signal(object, int)
    work_requested = Signal()
    freeze_changed = Signal(bool)
    job_requested = Signal(object)

    def __init__(
        self,
        views: Views,
        boxes: Mailboxes,
        state: ViewState,
        recall_input: Recall = recall_nothing,
        *,
        search_job: SearchJob = find_nothing,
        explicit: Explicit = frozenset(),
    ) -> None:
        super().__init__()
        self._store = Store(views, state)
        self.networks = NetworkController(self._store, boxes, recall_input)
        self.timeline = TimelineController(self._store, self._set_frozen)
        self.metering = Metering(self._store, boxes)
        self.laboratory = LaboratoryController(self._store, boxes.inquiries, self._set_frozen)
        self.chains = ChainController(self._store)
        self.proofs = ProofController(self._store)
        self.dragging = DraggingController(self._store)
        self.sessions = SessionController(
            self._store,
            self.networks,
            self.set_display,
            self.laboratory.set_experiment,
            search_job,
            explicit=explicit,
        )
        self._boxes = boxes
        self._source_generation = 0
        self._requested_generation = 0
        self._advised = -1

    @property
    def parts(self) -> tuple[QObject, ...]:
        """What works beside it in the same thread."""
        return (
            self.networks,
            self.timeline,
            self.metering,
            self.laboratory,
            self.chains,
            self.proofs,
            self.dragging,
            self.sessions,
        )

    @property
    def store(self) -> Store:
        """The state, for the parts of the controller that are made beside it."""
        return self._store

    @property
    def state(self) -> ViewState:
        """What the window shows now."""
        return self._store.state

    def begin(self, model: ModelFile | None = None) -> None:
        """Show the first state and ask for the first network, or for a model."""
        state, views = self.state, self._store.views
        views.show_display(state.display)
        views.show_network(state.network, state.problems)
        views.show_layers(state.listed, state.network)
        views.show_recent_models(state.recent_models)
        views.show_source(None, is_frozen=False)
        self._boxes.displays.put(state.display)
        self.networks.begin(model)
        self._store.update(phase=LOADING)

    # Wishes of the person

    @Slot(object)
    def open_source(self, request: SourceRequest) -> None:
        """Ask for another source; what is on screen stays until its first frame arrives."""
        self._requested_generation += 1
        self._store.update(notice=self._lasting_notice())
        self.sessions.on_source_wished()
        self.open_requested.emit(request, self._requested_generation)

    @Slot(object)
    def hover(self, pixel: Pixel | None) -> None:
        """Remember the pixel under the mouse; it is traced again on every new frame."""
        self._store.update(hovered=pixel, hovered_beside=None)

    @Slot(object)
    def toggle_pin(self, pixel: Pixel) -> None:
        """Pin a pixel; a click on the pinned one lets it go. An experiment may answer instead."""
        if self.laboratory.answers(pixel):
            return
        is_pinned = pixel == self.state.pinned
        self._store.update(pinned=None if is_pinned else pixel, pinned_beside=None)

    @Slot()
    def unpin(self) -> None:
        self._store.update(pinned=None)

    @Slot(int, int)
    def move_pin(self, rows: int, cols: int) -> None:
        """Move the pin by whole pixels; without one, pin the traced pixel or the middle.

        An experiment may take the arrow keys instead.
        """
        if self.laboratory.moves(rows, cols):
            return
        self._store.update(pinned=moved_pin(self.state, rows, cols))

    @Slot(int)
    def set_channel(self, channel: int) -> None:
        """Show a channel large; numbers beyond the last or the first wrap around."""
        rendering = self.state.rendering
        if rendering is not None:
            self._store.update(channel=channel % rendering.activations.stage.channels)

    @Slot(int)
    def change_channel(self, step: int) -> None:
        """Show the channel whose tile stands ``step`` further on in the gallery."""
        rendering = self.state.rendering
        if rendering is not None:
            ordering = rendering.ordering
            place = ordering.place_of(self.state.channel) + step
            self.set_channel(int(ordering.channels[place % len(ordering.channels)]))

    @Slot(object)
    def set_display(self, display: DisplaySpec) -> None:
        self._store.update(display=display)
        self._boxes.displays.put(display)
        self.work_requested.emit()

    @Slot()
    def toggle_freeze(self) -> None:
        self._set_frozen(not self.state.is_frozen)

    @Slot()
    def dismiss_notice(self) -> None:
        self._store.update(notice=None)

    @Slot(str)
    def refuse(self, sentence: str) -> None:
        """Say why a wish cannot be met."""
        self._store.update(notice=Notice(sentence, is_error=True))

    # Facts from the workers and the screen

    @Slot(object, int)
    def on_source_opened(self, source: SourceInfo, generation: int) -> None:
        """Accept frames of a new source from now on."""
        self._source_generation = generation
        self.timeline.begin(generation)
        self.metering.restart()
        self._store.update(source=source, is_frozen=False, notice=self._lasting_notice())
        self.sessions.on_source_opened(source)
        self.freeze_changed.emit(False)

    @Slot()
    def on_frame_previewed(self) -> None:
        """Show the picture alone as long as there are no maps."""
        if self.state.rendering is not None:
            return  # the box stays full, and wakes nobody any more
        frame = self._boxes.previews.take()
        if frame is not None:
            self._store.update(preview=frame)

    @Slot(object)
    def on_engine_ready(self, versions: Versions) -> None:
        self._store.update(versions=versions, phase=self.networks.phase)

    @Slot()
    def on_rendering_ready(self) -> None:
        """Show the newest maps, unless they belong to an older source or network."""
        rendering = self._boxes.renderings.take()
        if rendering is None:
            return
        activations = rendering.activations
        is_stale = (
            activations.frame.generation < self._source_generation
            or not self.networks.is_wanted(activations.generation)
        )
        if is_stale:
            return
        before = self.state.rendering
        if before is None or before.activations.generation != activations.generation:
            self.metering.restart()  # what was dropped while a network was made does not count
        self.networks.on_rendered(activations.generation)
        changes = self.sessions.on_rendered(activations, self._kept_on(rendering))
        self._store.update(rendering=rendering, preview=None, **changes)
        if rendering.shown is None or rendering.shown.channel != self.state.channel:
            self._boxes.channels.put(self.state.channel)
        self._advise(activations)

    @Slot()
    def on_source_recovered(self) -> None:
        """Say no more that the source on screen is silent; a newer one may have been refused."""
        notice = self.state.notice
        if notice is not None and notice.generation <= self._source_generation:
            self._store.update(notice=self._store.notice_unless("source"))

    @Slot()
    def on_network_recovered(self) -> None:
        self._store.update(notice=self._store.notice_unless("network"))

    @Slot(object)
    def on_failed(self, failure: Failure) -> None:
        """Say what went wrong; what was on screen stays."""
        changes: dict[str, object] = {"phase": ""} if self.networks.on_failed(failure) else {}
        # How it goes on is said in the same place only: it may have been dismissed, or something
        # newer may be there to be read.
        notice = self.state.notice
        if not failure.is_going_on or (notice and notice.is_continued_by(failure)):
            changes["notice"] = Notice(
                failure.sentence, True, failure.where, generation=failure.generation
            )
        self._store.update(**changes)
        if failure.where == "source":
            self.metering.rest()

    @Slot(object)
    def on_job_done(self, result: object) -> None:
        """Take what a background job made."""
        if isinstance(result, CameraList):
            self._store.views.show_cameras(result.cameras)

    def _advise(self, activations: Activations) -> None:
        """Say once of each network that is too slow for frames that move what would help."""
        is_moving = activations.frame.source.is_moving and not self.state.is_frozen
        is_told = self._advised >= activations.generation
        if activations.model_s < SLOW_S or not is_moving or is_told or self.state.notice:
            return
        self._advised = activations.generation
        rows, cols = activations.network.input.shape[:2]
        sentence = (
            f"The network takes {activations.model_s:.1f} s for a frame at {rows}×{cols}: choose a "
            "smaller size at the lower right to see it move."
        )
        self._store.update(notice=Notice(sentence, where="network"))

    def _set_frozen(self, is_frozen: bool) -> None:
        self._store.update(is_frozen=is_frozen)
        self.metering.rest()
        self.freeze_changed.emit(is_frozen)

    def _lasting_notice(self) -> Notice | None:
        """Return a notice that another source does not settle: why there are no maps at all.

        What a model of the command line has to say may even come before the first source.
        """
        state, where = self.state, self.state.notice.where if self.state.notice else ""
        has_no_maps = where == "network" and state.rendering is None
        is_early = where == "model" and state.source is None
        return state.notice if has_no_maps or is_early else None

    def _kept_on(self, rendering: Rendering) -> dict[str, object]:
        """Return the channel and the pixels that still exist on new maps."""
        stage, state = rendering.activations.stage, self.state

        def kept(pixel: Pixel | None) -> Pixel | None:
            if pixel is None:
                return None
            rows, cols = geometry_of(stage, pixel.map_name).shape
            return pixel if pixel.row < rows and pixel.col < cols else None

        return {
            "channel": min(state.channel, stage.channels - 1),
            "pinned": kept(state.pinned),
            "hovered": kept(state.hovered),
        }
