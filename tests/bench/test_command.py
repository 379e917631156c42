"""`poolviewer bench` from end to end, with as few frames as there can be."""

import json
import math
import os
import signal

import pytest
from PySide6.QtCore import QCoreApplication

from poolviewer.app import Application
from poolviewer.bench import command
from poolviewer.bench.session import Session
from poolviewer.core.benchmark import Case
from poolviewer.core.messages import Failure
from poolviewer.core.view_wish import ViewWish
from poolviewer.process import make_qt_application
from poolviewer.settings import Settings
from tests.processes import run_poolviewer

SPREADS = ("engine_ms", "paint_ms", "latency_ms", "hover_ms")
NUMBERS = ("painted_fps", "read_fps", "dropped", "dropped_before_network", "dropped_before_screen")
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def test_the_report_holds_every_figure():
    done = run_poolviewer("bench", "--json", "--seconds", "0.2", without=SCREENS)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert set(report) == {"machine", "start", "cases"}
    assert report["machine"]["platform"] == "offscreen"
    assert all(report["machine"].values())
    start = report["start"]
    assert set(start) == {"window_ms", "first_maps_ms", "longest_gap_ms"}
    assert 0 < start["longest_gap_ms"] < start["first_maps_ms"]
    assert 0 < start["window_ms"] < start["first_maps_ms"]
    assert [(case["network"], case["source_fps"]) for case in report["cases"]] == [
        (network, fps)
        for network in ("tutorial", "conv224", "vgg224", "conv640")
        for fps in (30, 60, 0)
    ]
    for case in report["cases"]:
        check_case(case)


def check_case(case):
    for name in NUMBERS:
        assert math.isfinite(case[name])
        assert case[name] >= 0
    for name in SPREADS:
        assert set(case[name]) == {"median", "p95"}
        assert 0 < case[name]["median"] <= case[name]["p95"] < math.inf
    assert 0 < case["gap_ms"]["p99"] <= case["gap_ms"]["max"] < math.inf
    assert case["painted_fps"] > 0
    assert case["seconds"] >= 0.2
    assert case["dropped"] == case["dropped_before_network"] + case["dropped_before_screen"]
    most = case["read_fps"] * case["seconds"] + 2  # counters are read one after the other
    assert max(case["dropped_before_network"], case["dropped_before_screen"]) <= most
    assert case["engine_ms"]["median"] < case["latency_ms"]["median"]


def test_people_get_a_table():
    options = ("--quick", "--network", "tutorial", "--fps", "60", "--platform", "offscreen")
    done = run_poolviewer("bench", *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert "offscreen, network on " in done.stdout
    assert done.stdout.splitlines()[-1].split()[:2] == ["tutorial", "60"]


@pytest.fixture
def session_of(qapp, tmp_path):
    """Make a session that would take a minute, and the application it measures."""
    make_qt_application()
    made = []

    def session():
        settings = Settings(tmp_path / "settings.ini")
        application = Application(qapp, ViewWish("synthetic:30"), settings)
        made.append(application)
        cases = (Case("tutorial", 60),)
        return application, Session(application, cases, str(tmp_path / "m.keras"), lambda _: 60.0)

    yield session
    QCoreApplication.sendPostedEvents()  # what the threads said last, before the windows go
    for application in made:
        application.window.deleteLater()


def test_an_interrupt_ends_it(session_of, qapp):
    application, session = session_of()
    before = signal.getsignal(signal.SIGINT)
    session.progressed.connect(lambda *_: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        command._run(qapp, application, session)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_failure_ends_it_with_its_sentence(session_of, qapp):
    application, session = session_of()
    failure = Failure("network", "The network could not run.")
    session.progressed.connect(lambda *_: application.failed.emit(failure))
    assert command._run(qapp, application, session)
    assert session.problem == "The network could not run"


def test_a_closed_window_is_no_report(session_of, qapp):
    application, session = session_of()
    session.progressed.connect(lambda *_: application.window.close())
    assert command._run(qapp, application, session)
    assert session.problem == "its window was closed"
    assert session.results == []


@pytest.mark.parametrize(
    "options",
    [
        ("--seconds", "0"),
        ("--seconds", "nan"),
        ("--seconds", "long"),
        ("--fps", "25"),
        ("--network", "resnet"),
    ],
)
def test_bad_options_are_refused(options):
    done = run_poolviewer("bench", *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("poolviewer bench: ")


def test_a_start_that_fails_is_one_sentence(tmp_path):
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").write_text("raise ImportError('no such thing')")
    path = os.pathsep.join((str(tmp_path), str(command.__file__).rpartition("/poolviewer/")[0]))
    done = run_poolviewer("bench", "--network", "tutorial", PYTHONPATH=path)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("poolviewer: The start could not be measured")
    assert "Traceback" not in done.stderr
