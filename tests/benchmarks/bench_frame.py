"""A complete frame, captured to painted, beside the tutorial's loop and keract."""

import pytest

from tests.benchmarks.cases import NETWORKS, plain
from tests.benchmarks.figures import ratio
from tests.benchmarks.peers import Keract, Tutorial
from tests.benchmarks.rounds import compare

TARGETS = {"32×32": 200, "224×224×64": 60, "640×480×64": 25}
KERACT_TARGET = 300
BURST = 20


@pytest.mark.parametrize("name", NETWORKS, ids=plain)
def test_complete_frame(benchmark, rig, record, is_quick, name: str) -> None:
    network = NETWORKS[name]
    rig.use(network)
    tutorial = Tutorial(network)
    keract = Keract(network.input.height, network.input.width)
    try:
        ms = compare(
            benchmark,
            rig.frame,
            {
                "the tutorial's loop": lambda: tutorial.frame(rig.capture().picture),
                "the same, artists reused": lambda: tutorial.frame_with_reused_artists(
                    rig.capture().picture
                ),
                "`model.predict` alone": lambda: tutorial.predict(rig.capture().picture),
                "keract": keract.frame,
            },
            rounds=2 if is_quick else 9,
            burst=BURST,
        )
    finally:
        keract.close()
        tutorial.close()
    limits = {"the tutorial's loop": TARGETS[name]}
    if name == "32×32":
        limits["keract"] = KERACT_TARGET
    for peer in filter(None, ms):
        times = ms[peer], ms[""]
        record(ratio(f"{name} against {peer}", times, limits.get(peer), is_least=True))
