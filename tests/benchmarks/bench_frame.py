"""A complete frame, captured to painted, beside the tutorial's loop and keract."""

import pytest

from tests.benchmarks.cases import NETWORKS, plain
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.peers import Keract, Tutorial
from tests.benchmarks.rounds import compare, mean_seconds

TARGETS = {"32×32": 200, "224×224×64": 60, "640×480×64": 25}
KERACT_TARGET = 300
BURST = 60  # a second of the live view
SCREEN = "until the X server has drawn it"


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
                SCREEN: lambda: mean_seconds(rig.frame_on_screen, BURST // 3),
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
    record(Figure(f"{name}, {SCREEN}", ms.pop(SCREEN), "ms"))
    for peer in filter(None, ms):
        times = ms[peer], ms[""]
        record(ratio(f"{name} against {peer}", times, limits.get(peer), is_least=True))
