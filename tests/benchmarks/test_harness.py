"""The benchmarks' own parts; what they measure is measured by ``make bench`` alone."""

import subprocess
import sys
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import page
from tests.benchmarks.cost import Point, fit, median_error, non_negative_fit, table
from tests.benchmarks.figures import Figure, Group, load, merged, ratio, save
from tests.benchmarks.live import figures_of
from tests.benchmarks.rounds import Turns, compare, seconds_of

ROOT = Path(__file__).parents[2]
MACHINE = {"processor": "one processor", "cores": "2", "memory": "8 GiB", "system": "Linux"}
FRAME = Figure("32×32 against the tutorial's loop", 250.4, "×", 200, is_least=True, note="as noted")
SLOW = Figure("32×32 against a bare `tf.function`", 1.2, "×", 1.15)
GROUPS = {
    "engine": Group("2026-11-21", MACHINE, (SLOW, Figure("a call", 0.5, "ms"))),
    "frame": Group("2026-11-22", MACHINE, (FRAME,)),
}


@pytest.mark.parametrize(
    ("value", "limit", "is_least", "is_met"),
    [
        (2.0, 2.0, False, True),
        (2.01, 2.0, False, False),
        (2.0, 2.0, True, True),
        (1.99, 2.0, True, False),
        (9.0, None, False, True),
    ],
)
def test_targets(value: float, limit: float | None, is_least: bool, is_met: bool) -> None:
    assert Figure("", value, "ms", limit, is_least).is_met is is_met


def test_ratios_say_what_they_were_made_of() -> None:
    faster = ratio("a frame", (1500, 2.5), 300, is_least=True)
    assert (faster.value, faster.is_met) == (600, True)
    assert faster.note == "2.50 ms against 1,500 ms"
    slower = ratio("the engine", (0.6, 0.5), 1.15)
    assert (slower.value, slower.is_met) == (pytest.approx(1.2), False)
    assert slower.note == "0.60 ms against 0.50 ms"


def test_numbers_come_back_from_their_file(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    assert load(path) == {}
    save(path, GROUPS)
    assert load(path) == GROUPS


def test_a_part_of_a_group_is_measured_again() -> None:
    faster, added = Figure(SLOW.what, 1.1, "×", 1.15), Figure("two calls", 0.9, "ms")
    after = Group("2026-11-23", MACHINE, (added, faster))
    again = merged(GROUPS["engine"], after)
    assert again.figures == (faster, GROUPS["engine"].figures[1], added)
    assert again.date == after.date
    assert merged(None, after) is after


def test_table_says_what_is_met() -> None:
    lines = page.table(GROUPS).splitlines()
    assert lines[2].startswith("| **A complete frame")  # as on the page, not by the alphabet
    assert lines[3] == "| 32×32 against the tutorial's loop (as noted) | 250 × | ≥ 200 × | yes |"
    assert "| 1.20 × | ≤ 1.15 × | **no** |" in lines[5]
    assert lines[6] == "| a call | 0.50 ms | | |"


def test_summary_counts_targets_and_names_the_machine() -> None:
    words = page.summary(GROUPS)
    assert words.startswith(
        "1 of 2 targets are met. Measured on 2026-11-21 and 2026-11-22: one pro"
    )
    assert page.headline(GROUPS) == "250 times at 32×32 (2026-11-22)"


def test_only_marked_parts_of_a_page_are_written(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("a<!-- table -->old\nlines<!-- /table -->b", encoding="utf-8")
    page.rewrite(path, {"table": "\\1 new"})
    assert path.read_text(encoding="utf-8") == "a<!-- table -->\\1 new<!-- /table -->b"
    with pytest.raises(ValueError, match="no place for cost"):
        page.rewrite(path, {"cost": ""})


def test_pages_have_a_place_for_every_part(tmp_path: Path) -> None:
    copies = [tmp_path / "page.md", tmp_path / "readme.md"]
    for path, copy in zip((page.PAGE, page.README), copies, strict=True):
        copy.write_bytes(path.read_bytes())
    page.write(GROUPS, *copies)
    page.rewrite(copies[0], {"cost": "|"})
    assert page.table(GROUPS) in copies[0].read_text(encoding="utf-8")
    assert page.headline(GROUPS) in copies[1].read_text(encoding="utf-8")


def test_page_shows_the_numbers_of_the_file() -> None:
    """Nobody has changed a number by hand, in either place."""
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.table(load(page.RESULTS)) in text


def _case(network: str, source_fps: int, painted_fps: float, **changes) -> dict:
    times = {"median": 1.0, "p95": 5.0}
    case = {"network": network, "source_fps": source_fps, "painted_fps": painted_fps, "dropped": 3}
    case |= {f"{name}_ms": times for name in ("engine", "paint", "latency", "hover")}
    return case | {"read_fps": 60.0, "seconds": 10.0, "gap_ms": {"p99": 9.0, "max": 40.0}} | changes


def test_live_figures_meet_or_miss_their_targets() -> None:
    cases = [_case("tutorial", 60, 59.5), _case("conv640", 0, 33.0)]
    *aimed, other = figures_of({"cases": cases})
    assert [figure.is_met for figure in aimed] == [True, True, True, True, True, False]
    assert aimed[1].value == 0.5  # percent: 3 of 600 frames
    assert (other.what, other.limit) == ("640×480×64, as many as go: painted", None)


def test_peers_take_turns_before_every_burst() -> None:
    order: list[str] = []
    turns = Turns({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, burst=3)
    for _ in range(6):
        turns.take()
        order.append("-")
    assert "".join(order) == "ab---ab---"
    assert [len(seconds) for seconds in turns.seconds.values()] == [2, 2]


def test_a_call_may_time_itself() -> None:
    assert seconds_of(lambda: 2.5) == 2.5
    start = time.perf_counter()
    measured = seconds_of(lambda: sum(range(1000)))
    assert 0 < measured <= time.perf_counter() - start


class _Pedantic:
    """The part of pytest-benchmark that `compare` uses, so that the tests do without it."""

    def __init__(self) -> None:
        self.extra_info: dict[str, float] = {}
        self.data: list[float] = []
        self.stats = self

    def pedantic(self, target, *, setup, rounds: int) -> None:
        for _ in range(rounds):
            setup()
            self.data.append(seconds_of(target))


def test_medians_are_in_milliseconds() -> None:
    told = iter([9.0, 0.001, 0.002, 0.004])  # the first is the warm-up
    ms = compare(_Pedantic(), lambda: next(told), {"slow": lambda: 0.5}, rounds=1, burst=3)
    assert ms == pytest.approx({"": 2.0, "slow": 500.0})


def _points(**made: tuple[float, ...]) -> list[Point]:
    """Return points of many sizes, whose times follow from the factors given."""
    sizes = product((32, 300), (1, 64), (4, 64), (1000, 500_000))
    bare = [Point("side", *size, 0, 0, 0) for size in sizes]
    return [
        replace(p, **{part: float(np.dot(p.sizes, factors)) for part, factors in made.items()})
        for p in bare
    ]


def test_cost_model_finds_what_made_the_times() -> None:
    made = {
        "engine": (0.5, 0, 2, 0, 0),
        "render": (0.1, 3, 1, 0.2, 4),
        "paint": (1.5, 0.5, 0, 0.7, 2),
    }
    points = _points(**made)
    found = fit(points)
    for part, factors in made.items():
        assert found[part] == pytest.approx(np.array(factors), abs=1e-9)
        assert median_error(points, part, found[part]) < 1e-6
    assert "| engine | 0.5 | – | 2 | – | – | 0 % |" in table(points)


def test_no_cost_is_negative() -> None:
    sizes = np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])
    assert non_negative_fit(sizes, np.array([3.0, 2.0, 1.0])).min() == 0


def test_missing_extras_are_named() -> None:
    """The environment of the tests may lack them: then the benchmarks say so, and how to go on."""
    code = (
        "import importlib.util, sys; importlib.util.find_spec = lambda name: None\n"
        "from tests.benchmarks.__main__ import main; sys.exit(main([]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "tf_keras: type make bench" in done.stderr


def test_a_frame_goes_from_capture_to_paint(qapp, qtbot) -> None:
    from tests.benchmarks.cases import network  # noqa: PLC0415 - with TensorFlow
    from tests.benchmarks.rig import Rig  # noqa: PLC0415

    rig = Rig(qapp)
    qtbot.addWidget(rig.window)
    rig.open()
    rig.use(network(40, 50, 16))
    before = rig.controller.state.rendering
    rig.frame()
    after = rig.controller.state.rendering
    assert after is not None
    assert after is not before
    assert after.activations.feature_maps.shape == (38, 48, 16)
    assert after.mosaics.page.count == 16
    rendering = rig.work()
    assert rig.controller.state.rendering is after
    rig.show(rendering)
    assert rig.controller.state.rendering is rendering
    rig.close()
