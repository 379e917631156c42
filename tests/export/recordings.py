"""Recordings read back, each with a library that did not write it where there is one."""

from dataclasses import dataclass

import av
import numpy as np

from poolviewer.sources.opencv import cv2


@dataclass
class Film:
    """Frames of shape (H, W, 3), BGR; when each begins, and when the last ends, in seconds."""

    frames: list
    times: list
    length: float


def read_animation(path):
    """Read a GIF, WebP or APNG with OpenCV."""
    is_read, animation = cv2.imreadanimation(str(path))
    assert is_read
    ends = np.cumsum(animation.durations) / 1000
    assert animation.loop_count == 0  # for ever
    times = [0.0, *map(float, ends[:-1])]
    return Film([frame[:, :, :3] for frame in animation.frames], times, float(ends[-1]))


def read_video(path):
    """Read an MP4, or what else FFmpeg knows, with PyAV."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        decoded = list(container.decode(stream))
        frames = [frame.to_ndarray(format="bgr24") for frame in decoded]
        return Film(frames, [frame.time for frame in decoded], container.duration / 1e6)


def read(path):
    return read_video(path) if path.suffix == ".mp4" else read_animation(path)


def difference(one, other):
    """Return the root mean square difference of two pictures."""
    return float(np.sqrt(np.mean((one.astype(float) - other.astype(float)) ** 2)))
