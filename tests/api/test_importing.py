"""What importing the package brings in, and what drawing leaves behind, in fresh processes."""

import json
import re
import shutil
import subprocess
import sys

import pytest

import poolviewer
from tests.processes import ROOT, run_python

HEAVY = ("PySide6", "tensorflow", "keras", "numpy", "cv2", "pydantic", "pyqtgraph", "av", "PIL")
LOOK = f"import sys, json; print(json.dumps([m for m in {HEAVY} if m in sys.modules]))"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_import_is_light():
    done = run_python(f"import poolviewer; dir(poolviewer); {LOOK}")
    assert (json.loads(done.stdout), done.stderr) == ([], "")


def test_names_are_listed():
    names = {"Figure", "PoolViewerError", "Trace", "figure", "trace", "view", "__version__"}
    assert set(poolviewer.__all__) == names
    assert names <= set(dir(poolviewer))
    for name in names:
        assert getattr(poolviewer, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'pool'"):
        _ = poolviewer.pool


@pytest.mark.parametrize("name", ["figure", "trace", "view"])
def test_documentation_says_what_types_cannot(name):
    text = getattr(poolviewer, name).__doc__
    for heading in ("Parameters", "Raises", "Examples"):
        assert f"    {heading}\n    {'-' * len(heading)}\n" in text


@pytest.mark.parametrize("name", ["Figure", "figure", "trace"])
def test_documented_examples_are_true(name):
    code = (
        "import doctest, sys, poolviewer\n"
        "text = getattr(poolviewer, sys.argv[1]).__doc__\n"
        "test = doctest.DocTestParser().get_doctest(text, {}, 'example', None, 0)\n"
        "assert test.examples\n"
        "sys.exit(doctest.DocTestRunner().run(test).failed)"
    )
    done = run_python(code, name)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_qt_is_free_again_after_a_figure():
    """A program's own windows come later, on their own platform."""
    code = """
import os, threading
from poolviewer import figure
drawn = figure().to_array()
again = []
thread = threading.Thread(target=lambda: again.append(figure().to_array()))
thread.start()
thread.join()
assert (again[0] == drawn).all()
from PySide6.QtWidgets import QApplication
assert QApplication.instance() is None
assert "QT_QPA_PLATFORM" not in os.environ
app = QApplication(["mine", "-platform", "minimal"])
assert app.platformName() == "minimal"
assert figure().to_array().shape[1:] == drawn.shape[1:]
assert QApplication.instance() is app
"""
    done = run_python(code, without=("QT_QPA_PLATFORM", "DISPLAY"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_other_backend_is_told():
    code = """
import sys, types, poolviewer
backend = types.SimpleNamespace(backend=lambda: "jax")
sys.modules["keras"] = types.SimpleNamespace(backend=backend, Model=int)
poolviewer.figure()
"""
    done = run_python(code)
    assert "Keras runs on jax in this process" in done.stderr


@pytest.fixture(scope="module")
def example():
    """Return the program that the README shows."""
    section = README.partition("## From Python")[2].partition("\n## ")[0]
    return re.search(r"```python\n(.*?)```", section, re.DOTALL).group(1)


def test_readme_example_runs(example, tmp_path):
    shutil.copy(ROOT / "resources" / "samples" / "chelsea.png", tmp_path / "cat.png")
    done = run_python(example, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "window" in done.stdout
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"cat.png", *re.findall(r'save\("(.*?)"', example)}


def test_programs_are_checked_strictly(example, tmp_path):
    script, wrong = tmp_path / "script.py", tmp_path / "wrong.py"
    script.write_text(
        f"{example}\nimport poolviewer as p\n"
        "box: tuple[int, int] | None = p.trace(pin=(4, 7)).winner\n"
        "p.view('tutorial', 'cat.png')\n"
        "shape: tuple[int, ...] = p.figure(theme='dark').pooled_map.shape\n",
        encoding="utf-8",
    )
    wrong.write_text("import poolviewer\npoolviewer.figure(theme='blue').show()\n")
    # As for an installed package, whose own modules are not reported.
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"]
    command += ["--config-file", "", "--cache-dir"]
    done = [
        subprocess.run(
            [*command, tmp_path / "cache", path],
            cwd=tmp_path,
            env={"MYPYPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        for path in (script, wrong)
    ]
    assert done[0].returncode == 0, done[0].stdout
    assert 'has no attribute "show"' in done[1].stdout
    assert "'blue'" in done[1].stdout
