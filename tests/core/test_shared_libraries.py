"""Libraries that are opened before their package is imported."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from poolviewer.core.shared_libraries import open_libraries, open_unlocked
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


# Names the libraries of a folder that a process has open before and after.
OPENED = """
import sys
from pathlib import Path
from poolviewer.core.shared_libraries import open_unlocked
folder = Path(sys.argv[1])
print("libavcodec" in Path("/proc/self/maps").read_text())
open_unlocked(folder.glob("libavdevice*"))
print("libavcodec" in Path("/proc/self/maps").read_text())
"""


def test_a_library_and_all_it_needs_are_open():
    origin = Path(importlib.util.find_spec("av").origin)
    folder = origin.parents[1] / "av.libs"
    result = subprocess.run(
        [sys.executable, "-c", OPENED, str(folder)], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["False", str(sys.platform == "linux")]


def test_what_is_no_library_is_no_failure(tmp_path):
    (tmp_path / "lib.so").write_bytes(b"none")
    open_unlocked([tmp_path / "lib.so", tmp_path / "missing.so"])
