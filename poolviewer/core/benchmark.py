"""What `poolviewer bench` measures, and its figures as data and as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.meters import PaintedFrame, spread
from poolviewer.core.network import NetworkSpec

UNLIMITED = 0
RATES = (30, 60, UNLIMITED)
VGG = "vgg224"
NETWORKS: Mapping[str, NetworkSpec | None] = {
    "tutorial": NetworkSpec(),
    "conv224": NetworkSpec(InputSpec(224, 224)),
    VGG: None,  # a model of its own
    "conv640": NetworkSpec(InputSpec(480, 640)),
}
_HEADINGS = (
    "network", "source", "painted", "dropped", "engine", "paint", "latency", "hover", "gap"
)  # fmt: skip
_UNITS = ("", "fps", "fps", "", "ms, p95", "ms, p95", "ms, p95", "ms, p95", "p99, max")


@dataclass(frozen=True, slots=True)
class Case:
    """A network on a source of so many frames per second; 0 for as many as are taken."""

    network: str
    source_fps: int

    @property
    def words(self) -> str:
        rate = f"{self.source_fps} fps" if self.source_fps else "any rate"
        return f"{self.network} at {rate}"


@dataclass(frozen=True, slots=True)
class BenchWish:
    """What to measure.

    Parameters
    ----------
    networks, rates
        Names and frames per second to take the cases from.
    seconds
        How long each case is measured; None to share out a minute.
    is_json
        Whether programs are to read it.
    """

    networks: tuple[str, ...] = tuple(NETWORKS)
    rates: tuple[int, ...] = RATES
    seconds: float | None = 10.0
    is_json: bool = False

    @property
    def cases(self) -> tuple[Case, ...]:
        """Every network at every rate; one network after the other."""
        return tuple(Case(*case) for case in product(self.networks, self.rates))


@dataclass(slots=True)
class Samples:
    """What one case gave; all times in seconds.

    Parameters
    ----------
    engine, paint, latency
        Of each frame that was painted.
    hover
        From a mouse event to the painted highlight.
    gaps
        Between ticks of the window's 5 ms timer.
    duration
        How long it was measured.
    read
        Frames that the source gave meanwhile.
    """

    engine: list[float] = field(default_factory=list)
    paint: list[float] = field(default_factory=list)
    latency: list[float] = field(default_factory=list)
    hover: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    duration: float = 0.0
    read: int = 0
    dropped_before_network: int = 0
    dropped_before_screen: int = 0

    @property
    def are_enough(self) -> bool:
        """Whether there is at least one sample of everything."""
        return bool(len(self.latency) > 1 and self.hover)

    def add_frame(self, painted: PaintedFrame) -> None:
        """Take the times of a painted frame."""
        activations = painted.rendering.activations
        self.engine.append(activations.model_s)
        self.paint.append(painted.paint_s)
        self.latency.append(painted.painted_s - activations.frame.captured_s)


def result_of(case: Case, samples: Samples) -> dict[str, Any]:
    """Return the figures of one case, ready for JSON; times in milliseconds."""
    by_network, by_screen = samples.dropped_before_network, samples.dropped_before_screen
    return {
        "network": case.network,
        "source_fps": case.source_fps,
        "read_fps": _rounded(samples.read / samples.duration),
        "painted_fps": _rounded(len(samples.latency) / samples.duration),
        "dropped": by_network + by_screen,
        "dropped_before_network": by_network,
        "dropped_before_screen": by_screen,
        "engine_ms": _spread(samples.engine),
        "paint_ms": _spread(samples.paint),
        "latency_ms": _spread(samples.latency),
        "hover_ms": _spread(samples.hover),
        "gap_ms": gap_figures(samples.gaps),
        "seconds": _rounded(samples.duration),
    }


def gap_figures(gaps_s: Sequence[float]) -> dict[str, float]:
    """Return the 99th percentile and the longest of the gaps, in milliseconds."""
    gaps = gaps_s or (0.0,)
    return {"p99": milliseconds(float(np.percentile(gaps, 99))), "max": milliseconds(max(gaps))}


def milliseconds(seconds: float) -> float:
    """Return a duration in milliseconds, to a microsecond."""
    return _rounded(seconds * 1000)


def table(report: Mapping[str, Any]) -> str:
    """Write a report as a table for people."""
    rows = [_HEADINGS, _UNITS, *(_row(case) for case in report["cases"])]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(_cells(row, widths)).rstrip() for row in rows]
    start, machine = report["start"], report["machine"]
    return "\n".join(
        [
            f"{machine['cpu']}, {machine['cores']} cores, {machine['os']}",
            f"{machine['platform']}, network on {machine['device']}",
            "",
            f"Start: window after {start['window_ms']:.0f} ms, first maps after "
            f"{start['first_maps_ms']:.0f} ms, longest pause {start['longest_gap_ms']:.0f} ms",
            "",
            *lines,
            "",
        ]
    )


def _row(case: Mapping[str, Any]) -> tuple[str, ...]:
    times = (case[name] for name in ("engine_ms", "paint_ms", "latency_ms", "hover_ms", "gap_ms"))
    return (
        case["network"],
        str(case["source_fps"] or "any"),
        f"{case['painted_fps']:.1f}",
        str(case["dropped"]),
        *("  ".join(f"{value:.1f}" for value in pair.values()) for pair in times),
    )


def _cells(row: Iterable[str], widths: Iterable[int]) -> list[str]:
    pairs = list(zip(row, widths, strict=True))
    return [pairs[0][0].ljust(pairs[0][1]), *(text.rjust(width) for text, width in pairs[1:])]


def _spread(durations_s: Sequence[float]) -> dict[str, float]:
    found = spread(durations_s)
    return {"median": milliseconds(found.median_s), "p95": milliseconds(found.p95_s)}


def _rounded(number: float) -> float:
    return round(number, 3)
