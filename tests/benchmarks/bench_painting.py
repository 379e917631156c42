"""All that the window paints for one frame, beside five bare pyqtgraph images of the same sizes."""

from collections.abc import Callable
from itertools import cycle

import pytest

from tests.benchmarks.cases import NETWORKS
from tests.benchmarks.figures import ratio
from tests.benchmarks.painting import BareImages, LiveWindow, until_painted
from tests.benchmarks.rounds import compare

LIMIT = 0.6
FRAMES = 6
SIZES = {"30×30": "32×32", "222×222": "224×224×64", "478×638": "640×480×64"}
AIMED = ("30×30", "222×222")


@pytest.mark.parametrize("name", SIZES, ids=("30", "222", "478"))
def test_painting(benchmark, qtbot, rig, record, is_quick, name: str) -> None:
    rig.use(NETWORKS[SIZES[name]])
    renderings = [rig.work() for _ in range(FRAMES)]
    rig.window.hide()
    live, bare = LiveWindow(), BareImages()
    for shown in (live, bare):
        qtbot.addWidget(shown.window)

    frames, images = cycle(renderings), cycle([pictures_of(one) for one in renderings])
    ms = compare(
        benchmark,
        lambda: painted(live.watch, lambda: live.show_rendering(next(frames))),
        {"bare": lambda: painted(bare.watch, lambda: bare.show_images(next(images)))},
        rounds=20 if is_quick else 200,
    )
    limit = LIMIT if name in AIMED else None
    record(ratio(f"{name} against five bare `ImageItem`s", (ms[""], ms["bare"]), limit))


def pictures_of(rendering):
    """Return the five pictures that the window shows of a frame."""
    activations, mosaics = rendering.activations, rendering.mosaics
    maps = (activations.feature_maps[:, :, 0], activations.pooled_maps[:, :, 0])
    return (activations.prepared.pixels, *maps, mosaics.feature, mosaics.pooled)


def painted(watch, act: Callable[[], object]) -> None:
    """Do something and wait until it is painted."""
    until_painted(watch, act)
