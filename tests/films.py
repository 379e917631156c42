"""Videos as other programs write them: B-frames, uneven time stamps, edit lists, cut-off ends."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests import media

MS = Fraction(1, 1000)
COUNT = 200
_GAPS = np.random.default_rng(0).integers(5, 90, COUNT)
_JITTER = [int(stamp) for stamp in np.cumsum(_GAPS)]
X264 = ("libx264", {"g": "60", "bf": "3"})


def frame_of(index: int) -> np.ndarray:
    """Make a frame that moves and is noisy, with its index as bars in the upper rows."""
    picture = np.repeat(media.video_frame(index % 256), 2, axis=0)
    left = index * 3 % 64
    noise = np.random.default_rng(index).integers(0, 256, (48, 48, 3), np.uint8)
    picture[72:120, left : left + 48] = noise
    return picture


def encode(
    path: Path,
    codec: tuple[str, dict[str, str]],
    count: int = COUNT,
    stamp_ms: Callable[[int], int] | None = None,
) -> Path:
    """Write a video of 25 frames a second, or with time stamps of its own."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec[0], rate=25, options=codec[1])
        stream.width, stream.height, stream.pix_fmt = 128, 128, "yuv420p"
        if stamp_ms:
            stream.codec_context.time_base = MS
        for index in range(count):
            frame = av.VideoFrame.from_ndarray(frame_of(index), format="bgr24")
            frame.time_base = MS if stamp_ms else Fraction(1, 25)
            frame.pts = stamp_ms(index) if stamp_ms else index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def cut(path: Path, share: float) -> Path:
    """Cut a file off."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


FILMS: dict[str, Callable[[Path], Path]] = {
    "sample": lambda _: media.SAMPLES / "bigbuckbunny.mp4",
    "B-frames and edit list": lambda folder: encode(folder / "b.mp4", X264),
    "open groups": lambda folder: encode(
        folder / "o.mp4", ("libx264", {"g": "60", "bf": "3", "x264-params": "open-gop=1"})
    ),
    "no key frames but the first": lambda folder: encode(
        folder / "r.mp4", ("libx264", {"g": "60", "x264-params": "intra-refresh=1"})
    ),
    "slower half": lambda folder: encode(
        folder / "s.mp4", X264, stamp_ms=lambda i: i * 40 if i < 100 else 4000 + (i - 100) * 97
    ),
    "uneven MP4": lambda folder: encode(folder / "u.mp4", X264, stamp_ms=_JITTER.__getitem__),
    "uneven Matroska": lambda folder: encode(folder / "u.mkv", X264, stamp_ms=_JITTER.__getitem__),
    "uneven, by table": lambda folder: media.write_uneven_video(folder / "t.mp4", COUNT),
    "transport stream": lambda folder: encode(
        folder / "a.ts", ("mpeg2video", {"g": "12", "bf": "2"})
    ),
    "program stream": lambda folder: encode(
        folder / "a.mpg", ("mpeg2video", {"g": "12", "bf": "2"})
    ),
    "AVI whose stamps are out of order": lambda folder: encode(
        folder / "b.avi", ("mpeg4", {"g": "60", "bf": "2"})
    ),
    "Flash": lambda folder: encode(folder / "a.flv", ("flv1", {"g": "30"})),
    "cut-off AVI": lambda folder: cut(encode(folder / "c.avi", ("mpeg4", {"g": "30"})), 0.6),
    "cut-off Matroska": lambda folder: cut(encode(folder / "c.mkv", X264), 0.7),
    "cut-off transport stream": lambda folder: cut(encode(folder / "c.ts", X264), 0.7),
}
