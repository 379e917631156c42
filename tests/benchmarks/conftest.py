"""What the benchmarks share: the window, the record of numbers, and the page written from it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.benchmarks import page
from tests.benchmarks.cost import Point
from tests.benchmarks.cost import table as cost_table
from tests.benchmarks.figures import Figure, Group, load, merged, save

_FIGURES = pytest.StashKey[dict[str, list[Figure]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="few rounds; leave the page alone")


@pytest.fixture
def is_quick(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--quick", default=False))


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[[Figure], None]:
    """Keep a number; its group is the file's name without ``bench_``."""
    group = request.path.stem.removeprefix("bench_")
    figures = request.config.stash.setdefault(_FIGURES, {}).setdefault(group, [])
    return figures.append


@pytest.fixture
def keep_cost(is_quick: bool) -> Callable[[list[Point]], None]:
    """Take the points of the cost model: for the page, or of a quick run, for the eye."""

    def keep(points: list[Point]) -> None:
        from tests.benchmarks import cost_plot  # noqa: PLC0415 - matplotlib, which tests lack

        print(f"\n{cost_table(points)}")
        raw = page.HERE.parents[1] / ".benchmarks"
        cost_plot.draw(points, (raw if is_quick else page.HERE) / "cost.svg")
        if not is_quick:
            page.rewrite(page.PAGE, {"cost": f"\n\n{cost_table(points)}\n\n"})

    return keep


@pytest.fixture
def rig(qapp: QApplication, qtbot: QtBot) -> Iterator[Any]:
    """A window with everything behind it, driven step by step."""
    from tests.benchmarks.rig import Rig  # noqa: PLC0415 - TensorFlow, which not all need

    rig = Rig(qapp)
    qtbot.addWidget(rig.window)
    rig.open()
    yield rig
    rig.close()


@pytest.fixture
def frame() -> Iterator[Any]:
    """One frame of the synthetic source."""
    from poolviewer.sources.synthetic import SyntheticSource  # noqa: PLC0415 - OpenCV

    source = SyntheticSource("0")
    source.open()
    yield source.read()
    source.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of this run, and unless it was quick, bring the page up to date."""
    config = terminalreporter.config
    kept = config.stash.get(_FIGURES, {})
    if not kept:
        return
    from tests.benchmarks.machine import describe  # noqa: PLC0415 - the tests do without psutil

    today, machine = datetime.now(UTC).date().isoformat(), describe()
    groups = {name: Group(today, machine, tuple(figures)) for name, figures in kept.items()}
    terminalreporter.write_line(page.table(groups))
    if config.getoption("--quick"):
        return
    before = load(page.RESULTS)
    if config.getoption("keyword"):  # which may have chosen a part of a group
        groups = {name: merged(before.get(name), group) for name, group in groups.items()}
    groups = before | groups
    save(page.RESULTS, groups)
    page.write(groups)
