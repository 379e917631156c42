"""What ``poolviewer bench --json`` says, beside the targets of the live view."""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.figures import Figure

FPS = 60
# The target is 60 fps with under 1 % dropped, which 59.4 is.
LEAST_FPS = 0.99 * FPS
NETWORKS = {
    "tutorial": "tutorial network",
    "conv224": "224×224×64",
    "vgg224": "a VGG block at 224×224",
    "conv640": "640×480×64",
}


def figures_of(report: dict[str, Any]) -> Iterator[Figure]:
    """Return the one case with targets in full, and the frame rates of the others."""
    for case in report["cases"]:
        name = f"{NETWORKS[case['network']]}, {_rate(case['source_fps'])}"
        is_aimed = case["network"] == "tutorial" and case["source_fps"] == FPS
        yield from _aimed(name, case) if is_aimed else _plain(name, case)


def _aimed(name: str, case: dict[str, Any]) -> Iterator[Figure]:
    hover, gap = case["hover_ms"], case["gap_ms"]
    lost = 100 * case["dropped"] / (case["read_fps"] * case["seconds"])
    yield Figure(f"{name}: painted", case["painted_fps"], "fps", LEAST_FPS, is_least=True)
    yield Figure(f"{name}: dropped", lost, "%", 1)
    yield Figure(f"{name}: latency p95", case["latency_ms"]["p95"], "ms", 33)
    yield Figure(f"{name}: hover p95", hover["p95"], "ms", 16, note=f"median {hover['median']:.1f}")
    yield Figure(f"{name}: gap p99", gap["p99"], "ms", 16)
    yield Figure(f"{name}: longest gap", gap["max"], "ms", 33)


def _plain(name: str, case: dict[str, Any]) -> Iterator[Figure]:
    note = (
        f"engine {case['engine_ms']['median']:.1f} ms, paint {case['paint_ms']['median']:.1f} ms, "
        f"latency p95 {case['latency_ms']['p95']:.0f} ms, "
        f"longest gap {case['gap_ms']['max']:.0f} ms"
    )
    yield Figure(f"{name}: painted", case["painted_fps"], "fps", note=note)


def _rate(fps: float) -> str:
    return f"{fps:g} fps" if fps else "as many as go"
