"""The cost model as a picture that can be read on a light and on a dark page."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from tests.benchmarks.cost import PARTS, Point, fit, predicted

INK = "#767676"  # grey is readable on both
COLOURS = dict(zip(PARTS, ("#d55e00", "#56b4e9", "#009e73"), strict=True))
MARKS = dict(zip(PARTS, "osv", strict=True))
STYLE = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "font.family": "sans-serif",
    "font.size": 10,
    "svg.fonttype": "none",
    "svg.hashsalt": "poolviewer",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
# Each panel: the sweep, what its axis counts, the field of a point.
PANELS = (
    ("side", "input, pixels a side (64 channels)", "side"),
    ("channels", "channels (128×128)", "channels"),
    ("tiles", "visible tiles (256 channels, 32×32)", "tiles"),
)


def draw(points: Sequence[Point], path: Path) -> None:
    """Write one panel for each sweep: what was measured, and what the model says."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(10, 3.4), layout="constrained")
        axes = figure.subplots(1, len(PANELS), sharey=True)
        factors = fit(points)
        for panel, (sweep, label, field) in zip(axes, PANELS, strict=True):
            chosen = sorted(
                (p for p in points if p.sweep == sweep), key=lambda p: getattr(p, field)
            )
            _draw_panel(panel, chosen, field, factors)
            panel.set_xlabel(label)
        axes[0].set_ylabel("ms")
        axes[0].legend(frameon=False)
        figure.savefig(path, transparent=True, metadata={"Date": None})


def _draw_panel(panel: Axes, points: Sequence[Point], field: str, factors) -> None:
    x = [getattr(point, field) for point in points]
    for part in PARTS:
        measured = [getattr(point, part) for point in points]
        panel.plot(x, measured, MARKS[part], color=COLOURS[part], label=part, markersize=5)
        said = [predicted(point, factors[part]) for point in points]
        panel.plot(x, said, color=COLOURS[part], linewidth=1.2, alpha=0.7)
    panel.set_xscale("log", base=2)
    panel.set_yscale("log")
    panel.set_xticks(x, [str(value) for value in x])
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.minorticks_off()
    panel.grid(color=INK, alpha=0.25, linewidth=0.5)
    panel.spines[["top", "right"]].set_visible(False)
