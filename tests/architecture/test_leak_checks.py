"""The checks of ``conftest.py`` can fail: each is shown a test that breaks it."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HEAD = """
import threading
import pytest
from PySide6.QtCore import QObject, QThread, QTimer, qWarning
from PySide6.QtWidgets import QApplication, QMenu, QWidget

kept = []

class Sulker(QWidget):
    def closeEvent(self, event):
        qWarning("sulking")

@pytest.fixture
def late():
    yield
    qWarning("too late")
"""

LEAKS = {
    "E*test_thread*leaks threads: straggler": """
def test_thread():
    threading.Thread(target=threading.Event().wait, name="straggler", daemon=True).start()
""",
    "E*test_qthread*leaks QThreads: straggler": """
def test_qthread(qtbot):
    thread = QThread(objectName="straggler")
    thread.start()
""",
    "E*test_widget*leaks top-level widgets: QWidget 'straggler'": """
def test_widget(qtbot):
    kept.append(QWidget(objectName="straggler"))
""",
    "E*test_hidden_menu*leaks top-level widgets: QMenu 'straggler'": """
def test_hidden_menu(qtbot):
    kept.append(QMenu(objectName="straggler"))
""",
    "E*test_warning_in_fixture*Qt warned during tear-down:*too late": """
def test_warning_in_fixture(late):
    pass
""",
    "E*test_warning_while_closing*Qt warned during tear-down:*sulking": """
def test_warning_while_closing(qtbot):
    kept.append(Sulker())
    qtbot.addWidget(kept[-1])
""",
    "F*test_warning*Qt messages with level WARNING or above emitted": """
def test_warning(qtbot):
    qWarning("straggler")
""",
    "F*test_own_warning_of_qt*QObject::startTimer": """
def test_own_warning_of_qt(qtbot):
    QObject().startTimer(-1)
""",
    "F*test_exception_in_thread*PytestUnhandledThreadExceptionWarning": """
def test_exception_in_thread():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
""",
    "F*test_exception_in_slot*Exceptions caught in Qt event loop": """
def test_exception_in_slot(qtbot):
    QTimer.singleShot(0, lambda: 1 / 0)
    QApplication.processEvents()
""",
}

TIDY = """
def test_thread():
    thread = threading.Thread(target=print)
    thread.start()
    thread.join()
def test_qthread(qtbot):
    thread = QThread()
    with qtbot.waitSignal(thread.started):
        thread.start()
    thread.quit()
    assert thread.wait(5000)
def test_qthread_that_deletes_itself(qtbot):
    thread = QThread()
    thread.finished.connect(thread.deleteLater)
    with qtbot.waitSignal(thread.destroyed):
        thread.start()
        thread.quit()
def test_closed_widget(qtbot):
    widget = QWidget()
    QMenu(widget)
    qtbot.addWidget(widget)
    widget.show()
def test_widget_in_a_reference_cycle(qtbot):
    widget = QWidget()
    widget.itself = widget
def test_plot(qtbot):
    import pyqtgraph
    view = pyqtgraph.GraphicsLayoutWidget()
    view.addPlot().getViewBox().getMenu(None)
    qtbot.addWidget(view)
"""


@pytest.fixture
def checked(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder of tests under this project's own configuration and checks."""
    pytester.makepyprojecttoml((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    return pytester


def test_every_leak_fails_its_own_test_and_no_other(checked: pytest.Pytester) -> None:
    tidy = [f"\ndef test_tidy_{n}(qtbot):\n    QWidget()\n" for n, _ in enumerate(LEAKS)]
    tests = "".join(leak + after for leak, after in zip(LEAKS.values(), tidy, strict=True))
    result = checked.runpytest_subprocess(checked.makepyfile(HEAD + tests))
    fails = sum(expected.startswith("F") for expected in LEAKS)
    errors = len(LEAKS) - fails
    result.assert_outcomes(failed=fails, errors=errors, passed=errors + len(tidy))
    output = " ".join(result.outlines)
    for expected in LEAKS:
        assert fnmatch(output, f"*{expected[2:]}*"), expected


def test_tidy_tests_pass(checked: pytest.Pytester) -> None:
    result = checked.runpytest_subprocess(checked.makepyfile(HEAD + TIDY))
    result.assert_outcomes(passed=TIDY.count("def test_"))


def test_failed_test_is_not_blamed_for_leaks_too(checked: pytest.Pytester) -> None:
    source = "def test_fails(qtbot):\n    widget = QWidget()\n    assert not widget\n"
    result = checked.runpytest_subprocess(checked.makepyfile(HEAD + source))
    result.assert_outcomes(failed=1)


def test_settings_of_the_person_are_out_of_reach(checked: pytest.Pytester) -> None:
    source = """
from pathlib import Path
from PySide6.QtCore import QSettings, QStandardPaths
def test_paths(qapp):
    home = str(Path.home())
    for kind in QStandardPaths.StandardLocation:
        if "Config" in kind.name or "Data" in kind.name or "Cache" in kind.name:
            assert not QStandardPaths.writableLocation(kind).startswith(home)
    assert not QSettings("PoolViewer", "PoolViewer").fileName().startswith(home)
"""
    result = checked.runpytest_subprocess(checked.makepyfile(source))
    result.assert_outcomes(passed=1)


def test_pure_test_imports_no_widgets_and_no_network(checked: pytest.Pytester) -> None:
    source = """
import sys
def test_modules():
    assert not {"tensorflow", "keras", "cv2", "pyqtgraph"} & set(sys.modules)
"""
    result = checked.runpytest_subprocess(checked.makepyfile(source))
    result.assert_outcomes(passed=1)
