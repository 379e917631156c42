"""Contestants that take turns, so that whatever else the machine does hits all of them alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Call = Callable[[], object]


@dataclass(slots=True)
class Turns:
    """The peers' part of every round; the subject's part is timed by pytest-benchmark.

    Parameters
    ----------
    peers
        What is measured once in every round. A peer that measures itself, because it runs in
        another process, returns its seconds as a float.
    burst
        How often the subject runs in a round.
    """

    peers: Mapping[str, Call]
    burst: int = 1
    seconds: dict[str, list[float]] = field(default_factory=dict)
    _count: int = 0

    def take(self) -> None:
        """Let every peer run, if a new round begins with the subject's next run."""
        if self._count % self.burst == 0:
            for name, call in self.peers.items():
                self.seconds.setdefault(name, []).append(seconds_of(call))
        self._count += 1


def seconds_of(call: Call) -> float:
    """Return how long a call takes, or what it says that it took."""
    start = time.perf_counter()
    told = call()
    elapsed = time.perf_counter() - start
    return told if isinstance(told, float) else elapsed


def mean_seconds(call: Call, count: int) -> float:
    """Return how long each of some calls in a row takes."""
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


def compare(
    benchmark: Any, subject: Call, peers: Mapping[str, Call], *, rounds: int, burst: int = 1
) -> dict[str, float]:
    """Run everybody in turn; return each one's median in milliseconds, the subject's as ``""``.

    Every round begins with one run of each peer and goes on with ``burst`` of the subject.
    """
    for call in (*peers.values(), subject):
        call()
    turns = Turns(peers, burst)
    benchmark.pedantic(subject, setup=turns.take, rounds=rounds * burst)
    medians = {name: 1000 * median(seconds) for name, seconds in turns.seconds.items()}
    medians[""] = 1000 * median(benchmark.stats.stats.data)
    benchmark.extra_info.update({f"{name} ms": ms for name, ms in medians.items() if name})
    return medians
