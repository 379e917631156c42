"""OpenCV without its own Qt: the only module that imports it."""

import ctypes
import os
from contextlib import suppress
from pathlib import Path

from poolviewer.core.shared_libraries import open_libraries

_VIDEO_FORMATS = (
    "mov,matroska,webm,avi,mpegts,mpeg,mpegvideo,ogg,flv,live_flv,asf,mpjpeg,mjpeg,rtsp"
)

# All of these are read while OpenCV loads or opens something; what a person has set stays.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
# FFmpeg must never follow a play list ("ffconcat", HLS) to another file or address.
os.environ.setdefault(
    "OPENCV_FFMPEG_CAPTURE_OPTIONS", f"rtsp_flags;prefer_tcp|format_whitelist;{_VIDEO_FORMATS}"
)
# A camera that sends nothing blocks its reader for 10 s otherwise; some need 3 to begin.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "4")
# macOS asks for the camera on the main thread only; without this OpenCV refuses all others.
os.environ.setdefault("OPENCV_AVFOUNDATION_SKIP_AUTH", "1")

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

open_libraries("cv2", ["cv2.abi3.so"])  # tens of milliseconds in which the window can answer
import cv2  # noqa: E402

# The import points Qt at OpenCV's own plugins, with which PySide6 cannot start.
for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

FFMPEG_BLOCK = 512 * 2**20


def _limit_ffmpeg() -> None:
    """Let FFmpeg take no block of memory larger than any frame that is shown.

    It believes what a file claims: kilobytes took gigabytes. Its library lies beside OpenCV's in
    the wheels for Linux and macOS; elsewhere there is none to be found, and no limit.
    """
    home = Path(cv2.__file__).parent
    for folder in (home.with_name("opencv_python.libs"), home / ".dylibs"):
        for path in folder.glob("libavutil*"):
            with suppress(OSError, AttributeError):
                ctypes.CDLL(str(path)).av_max_alloc(ctypes.c_size_t(FFMPEG_BLOCK))


_limit_ffmpeg()

__all__ = ["cv2"]
