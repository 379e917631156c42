"""OpenCV, quiet and without its own Qt: the only module that imports it."""

import os

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
# A camera that sends nothing blocks its reader for 10 s otherwise.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
# macOS asks for the camera on the main thread only; without this OpenCV refuses all others.
os.environ.setdefault("OPENCV_AVFOUNDATION_SKIP_AUTH", "1")

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

import cv2  # noqa: E402

# The import points Qt at OpenCV's own plugins, with which PySide6 cannot start.
for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2"]
