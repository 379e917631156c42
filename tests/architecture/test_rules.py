"""Rules that no import contract can say, read from the source; each is shown to fail."""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "poolviewer"

# Every foreign module that may be imported at all, and by which of ours.
IMPORTERS = {
    "PySide6.QtCore": {
        "api",
        "app",
        "bench",
        "drawing",
        "export",
        "headless",
        "known_models",
        "process",
        "runtime",
        "self_test",
        "settings",
        "views",
    },
    "PySide6.QtGui": {"api", "bench", "drawing", "export", "headless", "process", "views"},
    "PySide6.QtSvg": {"drawing", "export", "views"},
    "PySide6.QtWidgets": {"api", "app", "bench", "process", "views"},
    "av": {"export.animation"},
    "cv2": {"sources.opencv"},
    "cv2_enumerate_cameras": {"sources"},
    "h5py": {"model"},
    "keras": {"model"},
    "numpy": {
        "api",
        "app",
        "batch",
        "core",
        "drawing",
        "export",
        "headless",
        "model",
        "runtime",
        "sessions",
        "sources",
        "views",
    },
    "pydantic": {"sessions"},
    "pyqtgraph": {"drawing", "views"},
    "tensorflow": {"model"},
    "tqdm": {"batch"},
}

Rule = Callable[[ast.AST], bool]


def _calls(*names: str) -> Rule:
    """Match a call of a function or method by its own name."""
    return lambda node: isinstance(node, ast.Call) and _name(node.func) in names


def _names(*names: str) -> Rule:
    return lambda node: isinstance(node, ast.Attribute | ast.Name) and _name(node) in names


def _is_thread_subclass(node: ast.AST) -> bool:
    bases = node.bases if isinstance(node, ast.ClassDef) else []
    return any(_name(base) in ("QThread", "Thread") for base in bases)


def _is_wait_without_limit(node: ast.AST) -> bool:
    is_wait = isinstance(node, ast.Call) and _name(node.func) in ("wait", "join", "waitForDone")
    return is_wait and isinstance(node.func, ast.Attribute) and not node.args and not node.keywords


def _is_lambda_connected(node: ast.AST) -> bool:
    """Match ``signal.connect(lambda …)``: it would run in the thread that emits."""
    return (
        isinstance(node, ast.Call)
        and _name(node.func) == "connect"
        and any(
            isinstance(arg, ast.Lambda) or (isinstance(arg, ast.Call) and _name(arg) == "partial")
            for arg in node.args
        )
    )


def _is_code_in_string(node: ast.AST) -> bool:
    """Match the built-ins; ``dialog.exec()`` is Qt's."""
    is_call_by_name = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return is_call_by_name and _name(node) in ("exec", "eval", "compile")


# Rule: what is forbidden, where (a prefix of the module; "" is everywhere), how to see it.
RULES: dict[str, tuple[tuple[str, ...], Rule]] = {
    "processEvents": (("",), _names("processEvents", "process_events")),
    "terminate()": (("",), _calls("terminate")),
    "blocking wait for a process, a socket or a future": (
        ("",),
        _names(
            "waitForFinished", "waitForStarted", "waitForReadyRead", "waitForConnected",
            "waitForBytesWritten", "waitForDisconnected", "waitForNewConnection",
            "BlockingQueuedConnection",
        ),
    ),
    "wait without a limit": (("",), _is_wait_without_limit),
    "nested event loop": (("runtime", "views"), _names("QEventLoop")),
    "subclass of a thread": (("",), _is_thread_subclass),
    "model.predict()": (("",), _calls("predict", "predict_on_batch")),
    "OpenCV window": (("",), _calls("imshow", "waitKey", "namedWindow")),
    "sleep": (("runtime", "views"), _calls("sleep", "msleep", "usleep")),
    "lambda for a worker's signal": (("app", "runtime", "wiring"), _is_lambda_connected),
    "import by name": (("",), _names("import_module", "__import__")),
    "code in a string": (("",), _is_code_in_string),
}  # fmt: skip

BREACHES = {
    "processEvents": "app.processEvents()",
    "terminate()": "self._thread.terminate()",
    "blocking wait for a process, a socket or a future": "process.waitForFinished(10)",
    "wait without a limit": "self._thread.wait()",
    "nested event loop": "loop = QtCore.QEventLoop()",
    "subclass of a thread": "class Worker(QtCore.QThread): pass",
    "model.predict()": "model.predict(batch, verbose=0)",
    "OpenCV window": "cv2.imshow('x', y)",
    "sleep": "def f():\n    import time\n    time.sleep(1)",
    "lambda for a worker's signal": "worker.done.connect(lambda: view.update())",
    "import by name": "importlib.import_module('cv2')",
    "code in a string": "exec('import cv2')",
}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


MODULES = dict(_modules())


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_kept(rule: str) -> None:
    places, breaks = RULES[rule]
    breaches = [
        f"poolviewer.{module}:{node.lineno}"
        for module, tree in MODULES.items()
        if _is_within(module, places)
        for node in ast.walk(tree)
        if breaks(node)
    ]
    assert not breaches, f"{rule}: {breaches}"


@pytest.mark.parametrize("rule", RULES)
def test_rule_can_fail(rule: str) -> None:
    _, breaks = RULES[rule]
    assert any(breaks(node) for node in ast.walk(ast.parse(BREACHES[rule])))


def test_rules_look_where_the_code_is() -> None:
    for places, _ in RULES.values():
        for place in places:
            assert any(_is_within(module, (place,)) for module in MODULES), place


@pytest.mark.parametrize("module", MODULES)
def test_foreign_imports_are_where_they_may_be(module: str) -> None:
    assert not _strays(module, MODULES[module])


def test_every_permission_to_import_is_used() -> None:
    used = {name for tree in MODULES.values() for name in _foreign_imports(tree)}
    assert set(IMPORTERS) - used <= {"cv2_enumerate_cameras"}  # not needed on Linux


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("sources.image", "import cv2"),
        ("export.recording", "import av"),
        ("sources", "from cv2 import imread"),
        ("runtime.capture", "from PySide6 import QtGui"),
        ("runtime", "import PySide6.QtWidgets as widgets"),
        ("export.figure", "from PySide6.QtWidgets import QApplication"),
        ("drawing", "from PySide6 import QtCore, QtWidgets"),
        ("views.map_view", "from pyqtgraph.Qt import QtWidgets"),
        ("core.display", "from scipy import ndimage"),
        ("core", "from PySide6 import QtCore"),
        ("cli", "def main():\n    import numpy"),
        ("app", "import PySide6"),
    ],
)
def test_stray_import_is_seen(module: str, line: str) -> None:
    assert _strays(module, ast.parse(line))


def _strays(module: str, tree: ast.Module) -> list[str]:
    return [
        name
        for name in _foreign_imports(tree)
        if not _is_within(module, tuple(IMPORTERS.get(name, ())))
    ]


def _foreign_imports(tree: ast.Module) -> set[str]:
    """Return what a module imports from outside: packages, but Qt by module."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(_known_by(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            names.update(map(_known_by, inner))
    return {name for name in names if name.split(".")[0] not in _OWN_AND_STANDARD}


_OWN_AND_STANDARD = {"poolviewer", *sys.stdlib_module_names}


def _known_by(dotted: str) -> str:
    """Shorten a dotted name to the part that `IMPORTERS` speaks of."""
    parts = dotted.split(".")
    has_rooms = parts[0] == "PySide6" or parts[:2] == ["pyqtgraph", "Qt"]
    return ".".join(parts[: 2 if has_rooms else 1])


def _is_within(module: str, places: tuple[str, ...]) -> bool:
    return any(not place or module == place or module.startswith(f"{place}.") for place in places)


def _name(node: ast.AST) -> str:
    """Return the last part of a name, an attribute or a call; empty for anything else."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
