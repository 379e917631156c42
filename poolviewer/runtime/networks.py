"""Choose, change and open networks: the part of the controller that speaks with the engine."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from poolviewer.core.budget import default_budget
from poolviewer.core.input_spec import InputSpec, number_problem
from poolviewer.core.local_files import shown_name
from poolviewer.core.messages import Failure
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.model_search import MOST_RECENT
from poolviewer.core.network import Network, NetworkSpec, Problem, problems
from poolviewer.core.text import printable
from poolviewer.core.view_state import Notice
from poolviewer.runtime.inference import Mailboxes, NetworkRequest, OpenRequest
from poolviewer.runtime.store import Store

LOADING = "Loading TensorFlow…"
PATIENCE_MS = 300
Recall = Callable[[str], InputSpec | None]


def recall_nothing(_digest: str) -> InputSpec | None:
    """Remember no input of any model."""
    return None


class NetworkController(QObject):
    """Asks for networks and models, and keeps count of which are wanted.

    Parameters
    ----------
    store
        The window's state.
    boxes
        The mailboxes shared with the workers.
    recall_input
        Returns what a person last chose for the input of the model with this digest.
    """

    work_requested = Signal()
    opening_requested = Signal()
    input_chosen = Signal(str, object)
    recent_models_changed = Signal(object)

    def __init__(self, store: Store, boxes: Mailboxes, recall_input: Recall) -> None:
        super().__init__()
        self._store = store
        self._boxes = boxes
        self._recall_input = recall_input
        self._generation = 0
        self._oldest = 0
        self._openings = self._wishes = 0
        self._file = ModelFile("")
        self._model: ModelInfo | None = None
        self._model_spec: ModelSpec | None = None
        self._budget_bytes = default_budget()
        self._expected: ModelSpec | None = None
        self._is_refused = False
        self._waiting = ""
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience_timeout)

    @property
    def phase(self) -> str:
        """What the window waits for once TensorFlow is loaded."""
        return self._opening_words if self._store.state.is_opening else ""

    @property
    def _opening_words(self) -> str:
        return f"Opening {shown_name(Path(self._file.path))}…"

    @property
    def wishes(self) -> int:
        """How often a network or a model was wished for."""
        return self._wishes

    def begin(self, file: ModelFile | None) -> None:
        """Ask for the first network, or for a model instead."""
        if file is None:
            self._request(self._store.state.network)
        else:
            self.open_model(file)

    def is_wanted(self, generation: int) -> bool:
        """Whether maps of a network's generation may still be shown."""
        return generation >= self._oldest

    @Slot(object)
    def set_network(self, network: Network) -> None:
        """Use other parameters at once, or say why they are impossible and keep the network."""
        self._wishes += 1
        found = _problems(network)
        if isinstance(network, ModelSpec):
            self._model_spec = network
        notice = self._store.notice_unless("network", "model")
        # What cannot be drawn makes room for the model that can.
        self._store.update(network=network, problems=found, model=self._model, notice=notice)
        if found:
            return
        if isinstance(network, ModelSpec):
            self.input_chosen.emit(network.digest, network.input)
        self._request(network)

    @Slot()
    def use_model(self) -> None:
        """Go back to the model that was opened last."""
        if self._model_spec is not None:
            self.set_network(self._model_spec)

    @Slot(object)
    def open_model(self, file: ModelFile) -> None:
        """Open a model; the present network goes on until it is there."""
        self._wishes += 1
        self._file = file
        self._put_opening(file)
        notice = self._store.notice_unless("model")
        phase = LOADING if self._is_loading else self._opening_words
        self._store.update(phase=phase, is_opening=True, question=None, notice=notice)

    def expect(self, network: ModelSpec | None) -> None:
        """Use the model that a saved view names as it was used there, as soon as it opens."""
        self._expected = network

    def use_expected(self) -> bool:
        """Use the model at hand where it is the expected one; return whether it is."""
        model, expected = self._model, self._expected
        if model is None or expected is None or model.digest != expected.digest:
            return False
        self._use(model, ModelFile("", expected.stage))
        return True

    @Slot(object)
    def answer_input_shape(self, shape: tuple[int, int, int] | None) -> None:
        """Open the model in question with an input shape; None gives it up."""
        question = self._store.state.question
        self._store.update(question=None)
        if question is not None and shape is not None:
            self.open_model(replace(question, input_shape=shape))

    @Slot()
    def cancel_opening(self) -> None:
        """Stop opening a model; the network before it goes on."""
        if self._store.state.is_opening:
            self._put_opening(None)
            phase = LOADING if self._is_loading else ""
            self._store.update(phase=phase, is_opening=False)
            self._fall_back()

    @Slot()
    def forget_recent_models(self) -> None:
        """Offer no model that was opened before."""
        self._set_recent(())

    @Slot(object)
    def set_budget(self, budget_bytes: int) -> None:
        """Let models take so much memory from now on."""
        self._budget_bytes = budget_bytes
        if self._is_refused:
            self.set_network(self._store.state.network)

    @Slot(str, int)
    def on_model_progressed(self, words: str, generation: int) -> None:
        """Say how far a model has been opened."""
        if generation == self._openings and self._store.state.is_opening:
            self._store.update(phase=words)

    @Slot(object, int)
    def on_model_opened(self, model: ModelInfo, generation: int) -> None:
        """Use an opened model, ask for its input shape, or say why nothing of it can be drawn."""
        if generation != self._openings:
            return
        self._store.update(phase="", is_opening=False)
        if model.needs_input_shape:
            self._store.update(question=self._file)
        elif model.obstacle:
            notice = Notice(printable(model.obstacle), is_error=True, where="model")
            self._store.update(model=model, notice=notice)
        else:
            self._use_new(model)
        self._fall_back()
        self._remember(self._file.path)

    def on_failed(self, failure: Failure) -> bool:
        """Take note of a failure; return whether it ends what the window waits for."""
        if failure.where == "network":
            if failure.generation == self._generation:
                self._refuse(failure.sentence)
            if self._is_loading:
                self._store.update(is_opening=False)  # without TensorFlow nothing ever opens
            return not self._store.state.is_opening
        is_present = failure.where == "model" and failure.generation == self._openings
        if is_present:
            self._store.update(is_opening=False)
            self._fall_back()
        return is_present

    def on_rendered(self, generation: int) -> None:
        """Stop waiting for a network whose maps are there."""
        if generation == self._generation:
            self.stop_waiting()

    def stop_waiting(self) -> None:
        """Say no more that the newest network takes its time; nobody may be there to hear it."""
        self._patience.stop()
        if self._waiting and self._store.state.phase == self._waiting:
            self._store.update(phase="")
        self._waiting = ""

    def _refuse(self, sentence: str) -> None:
        """Let the last good network go on, and say beside the field why the newest cannot be."""
        self._oldest = 0
        self.stop_waiting()
        if isinstance(self._store.state.network, ModelSpec):
            self._is_refused = True
            self._store.update(problems=(Problem("size", sentence),))

    @Slot()
    def _on_patience_timeout(self) -> None:
        state = self._store.state
        network = state.network
        name = network.stage.name if isinstance(network, NetworkSpec) else network.stage
        if state.source is not None and not state.phase:
            self._waiting = f"Calculating {printable(name)}…"
            self._store.update(phase=self._waiting)

    @property
    def _is_loading(self) -> bool:
        return self._store.state.phase == LOADING

    def _fall_back(self) -> None:
        """Ask for the first network where the model that was to come first did not come."""
        if not self._generation:
            self._request(self._store.state.network)

    def _use_new(self, model: ModelInfo) -> None:
        expected = self._expected
        is_expected = expected is not None and expected.digest == model.digest
        file = replace(self._file, stage=expected.stage) if expected and is_expected else self._file
        self._use(model, file)

    def _use(self, model: ModelInfo, file: ModelFile) -> None:
        """Use a model as a file asks for, and on the input that a saved view or a person chose."""
        expected = self._expected
        is_expected = expected is not None and expected.digest == model.digest
        own = expected.input if expected and is_expected else self._recall_input(model.digest)
        stage = model.find_stage(file.stage) or model.stages[0]
        network = model.used_at(stage, file.chosen_input(model, own))
        self._model, self._model_spec = model, network
        notice = self._greeting(model, file)
        self._store.update(model=model, network=network, problems=(), notice=notice)
        self._request(network)

    def _greeting(self, model: ModelInfo, file: ModelFile) -> Notice | None:
        """Say what a person should know of a model."""
        notes, wish = list(model.notes), file.stage
        notes += filter(None, [file.size_remark(model)])
        if self._expected is not None and self._expected.digest != model.digest:
            notes.insert(0, f"{model.name} is not the model that the view was saved from.")
        if model.find_stage(wish) is None:
            first = model.stages[0].name
            notes.insert(0, f"{model.name} has no pooling layer {wish}: {first} is shown.")
        return Notice(printable(" ".join(notes)), where="model") if notes else None

    def _request(self, network: Network) -> None:
        self._generation += 1
        if not self._store.state.is_opening:  # else the network before goes on until then
            self._oldest = self._generation
        self._is_refused = False
        self.stop_waiting()
        self._patience.start()
        request = NetworkRequest(network, self._generation, self._budget_bytes)
        self._boxes.networks.put(request)
        self.work_requested.emit()

    def _put_opening(self, file: ModelFile | None) -> None:
        self._openings += 1
        self._boxes.openings.put(OpenRequest(file, self._openings, self._budget_bytes))
        self.opening_requested.emit()

    def _remember(self, path: str) -> None:
        """Put a path first among the recent models."""
        before = (p for p in self._store.state.recent_models if p != path)
        self._set_recent((path, *before)[:MOST_RECENT])

    def _set_recent(self, paths: tuple[str, ...]) -> None:
        self._store.update(recent_models=paths)
        self.recent_models_changed.emit(paths)


def _problems(network: Network) -> tuple[Problem, ...]:
    if isinstance(network, NetworkSpec):
        return problems(network)
    sentence = number_problem(network.input)
    is_mean = bool(number_problem(replace(network.input, deviation=())))
    return (Problem("mean" if is_mean else "deviation", sentence),) if sentence else ()
