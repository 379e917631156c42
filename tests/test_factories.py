"""What the threads make for themselves."""

from tests.processes import run_python

REPORT = """
import os, sys
from poolviewer.factories import create_engine
assert not {"cv2", "keras", "tensorflow"} & set(sys.modules)
print(type(create_engine()).__name__)
assert "cv2" in sys.modules
print(*[name for name in os.environ if name.startswith("QT_QPA")])
from poolviewer.sources.opencv import cv2
print(cv2.VideoCapture(63).isOpened())
"""


def test_opencv_keeps_our_settings_though_keras_imports_it_too():
    """Imported by Keras first, OpenCV would be loud and point Qt at plugins of its own."""
    # Another test may have imported Keras first, like any guest, and so set these in our process.
    theirs = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
    result = run_python(REPORT, without=("QT_QPA_PLATFORM", "OPENCV_LOG_LEVEL", *theirs))
    assert result.stderr == ""
    assert result.stdout.splitlines() == ["KerasEngine", "", "False"]
