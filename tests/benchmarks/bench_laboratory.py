"""A complete frame with the laboratory open, beside the same frame without it."""

from itertools import product
from statistics import median

import pytest

from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.lost import Lost
from tests.benchmarks.cases import NETWORKS, plain
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.rounds import mean_seconds

LIMIT = 1.5
FRAME_MS = 16.7  # at 60 frames a second
LOST = {
    f"What was lost: {view}{', flagged' if has_flags else ''}": Lost(view, has_flags=has_flags)
    for view, has_flags in product(("losers", "offsets", "margin", "nothing"), (False, True))
}
EXPERIMENTS = {**LOST, "Compare": Compare()}
# A round of either takes about as long.
BURSTS = {"32×32": 40, "640×480×64": 8}


@pytest.mark.parametrize("name", BURSTS, ids=plain)
def test_laboratory(rig, record, is_quick, name: str) -> None:
    rig.use(NETWORKS[name])
    burst, rounds = BURSTS[name], 3 if is_quick else 7
    seconds: dict[str, list[float]] = {}
    experiments = {"": None, **EXPERIMENTS}
    for _ in range(rounds):
        for words, experiment in experiments.items():
            rig.experiment(experiment)
            seconds.setdefault(words, []).append(mean_seconds(rig.frame, burst))
    rig.experiment(None)
    ms = {words: 1000 * median(times) for words, times in seconds.items()}
    for words in EXPERIMENTS:
        what = f"{name}, {words}"
        if name == "32×32":
            record(Figure(what, ms[words], "ms", FRAME_MS))
        else:
            record(ratio(what, (ms[words], ms[""]), LIMIT))
