"""OpenCV is loaded quietly and leaves Qt's environment as it was."""

import json
import os
import subprocess
import sys

import pytest

QT = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("OPENCV", "QT"))}
    command = [sys.executable, "-c", f"import os; {code}"]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env={**kept, **variables}
    )


@pytest.mark.parametrize("before", [{}, {QT[0]: "mine"}])
def test_qt_variables_stay(before: dict[str, str]) -> None:
    code = (
        f"import poolviewer.sources.opencv, json; print(json.dumps([os.getenv(n) for n in {QT}]))"
    )
    assert json.loads(run(code, **before).stdout) == [before.get(name) for name in QT]


def test_broken_files_are_not_commented_on(tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(200))
    code = (
        "from poolviewer.sources.opencv import cv2;"
        f"cv2.imread('none.png'); print(cv2.VideoCapture({str(tmp_path / 'a.mp4')!r}).isOpened())"
    )
    result = run(code)
    assert (result.stdout, result.stderr) == ("False\n", "")


def test_ffmpeg_follows_no_play_list(tmp_path) -> None:
    """Even what slips through the gate must not make FFmpeg open another file."""
    code = (
        "from tests.media import *; from pathlib import Path;"
        f"os.chdir({str(tmp_path)!r}); write_video(Path('secret.mp4'), 3, 'mp4v');"
        "Path('a.mp4').write_bytes(FFCONCAT);"
        "print([cv2.VideoCapture(n, cv2.CAP_FFMPEG).isOpened() for n in ('secret.mp4', 'a.mp4')])"
    )
    assert run(code).stdout == "[True, False]\n"
    default = run(code, OPENCV_FFMPEG_CAPTURE_OPTIONS="rtsp_flags;prefer_tcp")
    assert default.stdout == "[True, True]\n"
