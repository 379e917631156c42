"""Libraries open without the interpreter lock, and what cannot be opened is no failure."""

import importlib.util
import subprocess
import sys
from pathlib import Path

from poolviewer.core.loading import open_unlocked

# Names the libraries of a folder that a process has open before and after.
PROGRAM = """
import sys
from pathlib import Path
from poolviewer.core.loading import open_unlocked
folder = Path(sys.argv[1])
print("libavcodec" in Path("/proc/self/maps").read_text())
open_unlocked(folder.glob("libavdevice*"))
print("libavcodec" in Path("/proc/self/maps").read_text())
"""


def test_a_library_and_all_it_needs_are_open():
    origin = Path(importlib.util.find_spec("av").origin)
    folder = origin.parents[1] / "av.libs"
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["False", str(sys.platform == "linux")]


def test_what_is_no_library_is_no_failure(tmp_path):
    (tmp_path / "lib.so").write_bytes(b"none")
    open_unlocked([tmp_path / "lib.so", tmp_path / "missing.so"])
