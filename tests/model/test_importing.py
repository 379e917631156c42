"""Importing TensorFlow: quiet, but never deaf."""

import os

import pytest

from tests.processes import ROOT, run_python

REPORT = """
import gc, os, sys
class Noise:
    def find_spec(self, name, path=None, target=None):
        if name == "keras":
            os.write(2, b"a line of somebody else\\nI am no chatter\\n")
noise = Noise()
sys.meta_path.insert(0, noise)
from poolviewer.model.importing import import_tensorflow
assert not {"keras", "tensorflow"} & set(sys.modules)
import_tensorflow()
print(gc.isenabled(), "tensorflow" in sys.modules, "matplotlib" in sys.modules)
os.write(2, b"afterwards\\n")
gc.disable()
import_tensorflow()
print(gc.isenabled())
"""
OPTIONAL = ("IPython", "matplotlib", "pandas", "sklearn")
SEEN = """
import sys
from poolviewer.model.importing import import_tensorflow
import_tensorflow()
optional = sys.argv[1:]
print([name for name in optional if name in sys.modules])
for name in optional:
    __import__(name)
print([name for name in optional if name in sys.modules] == optional)
"""
BROKEN = """
import gc, os
from poolviewer.core.errors import NetworkError
from poolviewer.model.importing import import_tensorflow
for _ in range(2):
    try:
        import_tensorflow()
    except NetworkError as error:
        print(error)
print(gc.isenabled())
os.write(2, b"afterwards\\n")
"""
LOUD = ("TF_CPP_MIN_LOG_LEVEL",)


@pytest.fixture(scope="module")
def report():
    return run_python(REPORT, without=LOUD)


def test_tensorflow_alone_chatters():
    """The reason for it all; where this fails, drop the filter."""
    assert "oneDNN" in run_python("import keras", without=LOUD).stderr


def test_only_other_lines_arrive(report):
    expected = ["a line of somebody else", "I am no chatter", "afterwards"]
    assert report.stderr.splitlines() == expected


def test_garbage_is_collected_as_before_and_nothing_else_is_loaded(report):
    assert report.returncode == 0, report.stderr
    assert report.stdout.split() == ["True", "True", "False", "False"]


def test_what_keras_imports_needlessly_is_kept_out(tmp_path):
    for name in OPTIONAL:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    result = run_python(SEEN, *OPTIONAL, PYTHONPATH=path)
    assert result.stdout.splitlines() == ["[]", "True"], result.stderr


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise ImportError('libnothing.so: cannot open\\nmore')", "libnothing.so: cannot open"),
        ("assert 0", "AssertionError"),
    ],
)
def test_broken_installation_is_one_sentence(tmp_path, body, reason):
    (tmp_path / "keras.py").write_text(body, encoding="utf-8")
    result = run_python(BROKEN, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    sentence = f"TensorFlow cannot be loaded ({reason}): install PoolViewer again."
    assert result.stdout.splitlines() == [sentence, sentence, "True"]
    assert result.stderr == "afterwards\n"
