"""Sources and an engine that do exactly what a test tells them, as no real one does."""

from dataclasses import replace
from threading import Event, Lock

import numpy as np

from poolviewer.core.errors import Cancelled, SourceError
from poolviewer.core.messages import Activations, Frame, SourceInfo, Versions
from poolviewer.core.network import NetworkSpec
from poolviewer.core.operations import Unknown
from poolviewer.core.pooling import pool

PACE_S = 0.001
LIMIT_S = 10.0
PICTURE = np.zeros((4, 6, 3), np.uint8)
PICTURE.flags.writeable = False


class StandInCamera:
    """A live source whose next reads fail as often as the test says.

    Parameters
    ----------
    name
        Its name; also what it writes into the log when it is opened and closed.
    log
        Shared by sources whose order matters.
    """

    # Reads from number `free_reads` on wait at the gate, which stands open at first.

    interval_s = 0.0

    def __init__(self, name="camera 0", log=None, opening_error=None):
        self.info = SourceInfo(name, "camera")
        self.log = [] if log is None else log
        self.opening_error = opening_error
        self.reads = 0
        self.free_reads, self.gate = 0, Event()
        self.gate.set()
        self._pace = Event()
        self._lock = Lock()
        self._errors = []

    def fail_with(self, *errors):
        """Let each of the next reads fail with one of these."""
        with self._lock:
            self._errors = list(errors)

    @property
    def failures_left(self):
        return len(self._errors)

    def open(self):
        self.log.append(f"open {self.info.name}")
        if self.opening_error:
            raise self.opening_error

    def read(self):
        self._pace.wait(PACE_S)
        if self.reads >= self.free_reads:
            self.gate.wait(LIMIT_S)
        with self._lock:
            if self._errors:
                raise self._errors.pop(0)
        self.reads += 1
        return Frame(PICTURE, self.info, self.reads - 1)

    def seek(self, index):
        raise AssertionError("a live source is not sought")

    def close(self):
        self.log.append(f"close {self.info.name}")


class StandInFolder:
    """Pictures by number, of which some cannot be read, and one or none at all."""

    interval_s = 0.0

    def __init__(self, count, broken=()):
        self.info = SourceInfo("folder", "folder", count)
        self.broken = broken
        self.closed = 0
        self._index, self._is_due = 0, True

    def open(self):
        pass

    def read(self):
        if not self._is_due or not self.info.count:
            return None
        self._is_due = False
        if self._index in self.broken:
            raise SourceError(f"{self._index}.png is damaged.")
        return Frame(PICTURE, self.info, self._index)

    def seek(self, index):
        self._index, self._is_due = min(max(index, 0), self.info.count - 1), True

    def close(self):
        self.closed += 1


class StandInEngine:
    """Counts its runs, waits where the test wants it to, and fails with what the test gives."""

    # Opening a model reports each of `phases`, and waits at the second gate until it is called off.

    versions = Versions({"test": "1"}, "nothing")

    def __init__(self):
        self.ran, self.configured, self.opened = [], [], []
        self.entered, self.gate = Event(), Event()
        self.opening, self.opening_gate = Event(), Event()
        self.gate.set()
        self.opening_gate.set()
        self.errors, self.refusals, self.models = [], [], {}
        self.phases = ("layer 1 of 2", "layer 2 of 2")
        self._network, self._generation = None, 0
        self.is_building = False
        self.layers, self.ran_with_steps = 1, []

    def open_model(self, file, budget_bytes, report, is_cancelled):
        self.is_building = True
        try:
            return self._opened(file, budget_bytes, report, is_cancelled)
        finally:
            self.is_building = False

    def _opened(self, file, budget_bytes, report, is_cancelled):
        self.opened.append((file, budget_bytes))
        for phase in self.phases:
            report(phase)
        self.opening.set()
        for _ in range(int(LIMIT_S / PACE_S)):
            if is_cancelled():
                raise Cancelled("It was called off.")
            if self.opening_gate.wait(PACE_S):
                break
        found = self.models[file.path]
        if isinstance(found, Exception):
            raise found
        return found

    def use_device(self, wish):
        self.device = wish
        return "" if wish in ("auto", "cpu") else f"There is no device {wish}."

    def configure(self, network, generation, budget_bytes):
        if self.refusals:
            raise self.refusals.pop(0)
        self.configured.append(generation)
        self._network, self._generation = network, generation

    def run(self, frame, prepared, *, has_steps=False):
        self.entered.set()
        self.gate.wait(LIMIT_S)
        self.ran.append(frame.index)
        if self.errors:
            raise self.errors.pop(0)
        network, generation = self._network, self._generation
        stage = NetworkSpec(network.input, filters=2).stage
        maps = np.full((*stage.feature_shape, stage.channels), frame.index, np.float32)
        pooled = pool(maps, stage.pooling).astype(np.float32)
        activations = Activations(
            frame, prepared, network, stage, maps, pooled, 0.0, generation,
            operations=tuple(Unknown() for _ in range(self.layers)),
        )  # fmt: skip
        if not has_steps or self.is_building:
            return activations
        self.ran_with_steps.append(frame.index)
        return replace(activations, step_maps=(None,) * self.layers)
