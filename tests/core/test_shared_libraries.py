"""Libraries that are opened before their package is imported."""

import sys

import pytest

from poolviewer.core.shared_libraries import open_libraries
from tests.processes import run_python

REPORT = """
from pathlib import Path
from poolviewer.core.shared_libraries import open_libraries

def is_open():
    return "cv2.abi3.so" in Path("/proc/self/maps").read_text()

before = is_open()
open_libraries("cv2", ["absent.so", "cv2.abi3.so"])
import sys
print(before, is_open(), "cv2" in sys.modules)
import poolviewer.sources.opencv
print(poolviewer.sources.opencv.cv2.norm.__name__)
"""


@pytest.mark.parametrize("package", ["no_such_package", "json"])
def test_what_is_not_there_is_left_out(package):
    open_libraries(package, ["no_such_library.so"])


def test_a_library_is_open_before_its_package_is_imported():
    expected = "False True False" if sys.platform == "linux" else "False False False"
    result = run_python(REPORT)
    assert result.stdout.splitlines() == [expected, "norm"], result.stderr
