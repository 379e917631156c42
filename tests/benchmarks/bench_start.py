"""How long a start takes: the version on the command line, the window, the first maps."""

import subprocess
import sys
from statistics import median

from tests.benchmarks.figures import Figure
from tests.benchmarks.rounds import compare

VERSION_LIMIT_MS, WINDOW_LIMIT_MS, GAP_LIMIT_MS = 150, 600, 33


def test_version(benchmark, record, is_quick) -> None:
    ms = compare(
        benchmark,
        lambda: python("-m", "poolviewer", "--version"),
        {"python -c pass": lambda: python("-c", "pass")},
        rounds=3 if is_quick else 15,
    )
    note = f"`python -c pass`: {ms['python -c pass']:.0f} ms"
    record(Figure("`poolviewer --version`", ms[""], "ms", VERSION_LIMIT_MS, note=note))


def test_window(record, is_quick) -> None:
    from poolviewer.bench.start import measure_warm_start  # noqa: PLC0415 - imports the application

    starts = [measure_warm_start() for _ in range(1 if is_quick else 5)]
    window_ms, maps_ms = (
        median(getattr(start, name) for start in starts) for name in ("window_ms", "first_maps_ms")
    )
    gaps = [start.longest_gap_ms for start in starts]
    record(Figure("window painted", window_ms, "ms", WINDOW_LIMIT_MS))
    record(Figure("first maps painted", maps_ms, "ms"))
    note = f"worst of {len(gaps)} starts {max(gaps):.0f} ms"
    record(Figure("longest gap until then", median(gaps), "ms", GAP_LIMIT_MS, note=note))


def python(*arguments: str) -> None:
    """Run a fresh interpreter to its end."""
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
