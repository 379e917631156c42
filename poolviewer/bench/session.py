"""Lead one window through all cases and take the figures of each."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from poolviewer.app import Application
from poolviewer.bench.pointer import Pointer
from poolviewer.core.benchmark import NETWORKS, Case, Samples, result_of
from poolviewer.core.messages import Failure, SourceRequest
from poolviewer.core.meters import PaintedFrame
from poolviewer.core.model_info import ModelFile, ModelSpec
from poolviewer.core.rendering import Rendering
from poolviewer.factories import save_vgg_block
from poolviewer.runtime.gaps import GapWatch

WARM_UP_MS = 300
CHECK_MS = 50
LONGEST_WAIT_S = 120.0

Span = Callable[[int], float]


class Session(QObject):
    """Sets up each case in the running application, waits until it flows, and measures.

    Parameters
    ----------
    application
        The whole application, not yet started.
    cases
        What to measure, one after the other.
    model_path
        Where the model is written that one of the networks is.
    span
        Returns for how many seconds the next case is measured when so many cases are left.
    """

    progressed = Signal(str, int)

    def __init__(
        self, application: Application, cases: tuple[Case, ...], model_path: str, span: Span
    ) -> None:
        super().__init__()
        self._window, self._controller = application.window, application.controller
        self._cases, self._model_path, self._span = list(cases), model_path, span
        self._case: Case | None = None
        self._network = ""
        self._newest: Rendering | None = None
        self._generation = -1
        self._is_measuring = False
        self._samples = Samples()
        self._started_s = self._changed_s = perf_counter()
        self._pointer = Pointer(self._window, self._controller)
        self._gaps = GapWatch(self)
        self._warm_up = QTimer(self, singleShot=True, interval=WARM_UP_MS)
        self._warm_up.timeout.connect(self._measure)
        # It also lets Python see an interrupt, which Qt's loop alone would not notice.
        self._check = QTimer(self, interval=CHECK_MS)
        self._check.timeout.connect(self._on_check_timeout)
        self._window.frame_painted.connect(self._on_frame_painted)
        application.failed.connect(self._on_failed)
        self.results: list[dict[str, Any]] = []
        self.problem = "its window was closed"

    def start(self) -> None:
        """Begin as soon as the application shows its first maps."""
        self._check.start()

    @Slot(object)
    def _on_frame_painted(self, painted: PaintedFrame) -> None:
        self._newest = painted.rendering
        if self._is_measuring:
            self._samples.add_frame(painted)
        elif self._case is None:
            self._next_case()
        elif self._is_case_shown(painted.rendering) and not self._warm_up.isActive():
            self._warm_up.start()

    @Slot()
    def _on_check_timeout(self) -> None:
        now_s = perf_counter()
        if self._is_measuring:
            is_over = now_s - self._started_s >= self._span(len(self._cases) + 1)
            if is_over and self._samples.are_enough:
                self._finish_case()
        if now_s - self._changed_s > LONGEST_WAIT_S:
            self._give_up("nothing was painted for two minutes")

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        self._give_up(failure.sentence.removesuffix("."))

    def _next_case(self) -> None:
        if not self._cases:
            self.problem = ""
            self._window.close()
            return
        self._case = case = self._cases.pop(0)
        self._changed_s = perf_counter()
        self._generation = self._newest.activations.frame.generation if self._newest else -1
        if case.network != self._network:
            self._network = case.network
            self._choose(case.network)
        self._controller.open_source(SourceRequest(f"synthetic:{case.source_fps}"))
        self.progressed.emit(case.words, len(self.results))

    def _choose(self, name: str) -> None:
        networks, spec = self._controller.networks, NETWORKS[name]
        if spec is None:
            save_vgg_block(self._model_path)
            networks.open_model(ModelFile(self._model_path))
        else:
            networks.set_network(spec)

    def _is_case_shown(self, rendering: Rendering) -> bool:
        """Whether maps come from the case's own source and network."""
        activations, spec = rendering.activations, NETWORKS[self._network]
        is_network = (
            isinstance(activations.network, ModelSpec)
            if spec is None
            else activations.network == spec
        )
        return is_network and activations.frame.generation > self._generation

    @Slot()
    def _measure(self) -> None:
        self._samples = Samples()
        self._before = *self._controller.metering.dropped, self._controller.metering.read
        self._started_s = perf_counter()
        self._is_measuring = True
        self._gaps.start()
        self._pointer.start(self._samples.hover)

    def _finish_case(self) -> None:
        assert self._case is not None  # noqa: S101 - for the type checker
        self._is_measuring = False
        self._pointer.stop()
        self._gaps.stop()
        samples, metering = self._samples, self._controller.metering
        samples.duration = perf_counter() - self._started_s
        samples.gaps = self._gaps.gaps_s
        samples.dropped_before_network = metering.dropped[0] - self._before[0]
        samples.dropped_before_screen = metering.dropped[1] - self._before[1]
        samples.read = metering.read - self._before[2]
        self.results.append(result_of(self._case, samples))
        self._next_case()

    def _give_up(self, problem: str) -> None:
        self.problem = problem
        self._window.close()
