"""Animations written frame by frame: MP4, GIF, WebP and APNG; the only home of PyAV.

Independent of Qt and of any thread, but one writer belongs to one thread. Importing this module
loads FFmpeg's libraries, so it is imported where it is needed first.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import OutputContainer
from av.filter import Graph
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from poolviewer.core.errors import ExportError
from poolviewer.core.recording import RecordingKind, kind_of
from poolviewer.export.files import check_writable, explained, shown
from poolviewer.export.growing import GrowingFile

MILLISECONDS = Fraction(1, 1000)
HUNDREDTHS = Fraction(1, 100)
BT709 = 1  # of FFmpeg's colour spaces, primaries and curves alike: what players expect of video
NARROW_RANGE = 1
INDEX_BYTES = 4096  # of an MP4, and for each of its frames:
INDEX_BYTES_PER_FRAME = 32
SPARE_BYTES = 2**20
BUFFER_BYTES = 2**18


@dataclass(frozen=True, slots=True)
class Codec:
    """How one kind of file is encoded.

    Parameters
    ----------
    pixels
        FFmpeg's name of the pixel format.
    needs_even_sides
        Whether colours are stored for 2×2 pixels each.
    """

    name: str
    pixels: str
    options: Mapping[str, str] = field(default_factory=dict)
    container: Mapping[str, str] = field(default_factory=dict)
    time_base: Fraction = MILLISECONDS
    needs_even_sides: bool = False


CODECS: Mapping[RecordingKind, Codec] = {
    # Every packet comes out at once: the size is known, nothing is lost, the end takes no time.
    "mp4": Codec("libx264", "yuv420p",
                 {"crf": "18", "preset": "superfast", "tune": "zerolatency"}, {},
                 needs_even_sides=True),
    "gif": Codec("gif", "pal8", {}, {"loop": "0"}, HUNDREDTHS),
    # Frame by frame; the encoder of whole animations would keep them in memory until the end.
    "webp": Codec("libwebp", "yuv420p", {"quality": "90", "compression_level": "2"},
                  {"loop": "0"}),
    "apng": Codec("apng", "rgb24", {"pred": "up"}, {"plays": "0"}),
}  # fmt: skip


def check_animation(path: Path) -> RecordingKind:
    """Return the kind of animation a path asks for; raises `ExportError` if it cannot be made."""
    kind = kind_of(path.name)
    if kind is None:
        raise ExportError(
            f"{shown(path)} does not say how to record: its name must end in .mp4, .gif, .webp "
            "or .apng."
        )
    check_writable(path)
    return kind


class AnimationWriter:
    """Writes frames of one size with the times at which they begin.

    The file is there as a whole once `close` has returned, and until then only under a hidden
    name beside it. Every failure is an `ExportError`, after which nothing of it is left.

    Parameters
    ----------
    path
        Its ending chooses the kind; a file of that name is replaced.
    shape
        Rows and columns of every frame. An MP4 leaves out an odd last row or column.
    frames_per_s
        How long the last frame stays: one part of a second in so many.
    most_frames
        More are refused; the index of an MP4 has room for so many.
    """

    def __init__(
        self, path: Path, shape: tuple[int, int], frames_per_s: float, most_frames: int
    ) -> None:
        self._path = path
        kind = check_animation(path)
        self._codec = CODECS[kind]
        even = 2 if self._codec.needs_even_sides else 1
        self._shape = shape[0] // even * even, shape[1] // even * even
        self._interval_s = 1 / frames_per_s
        self._most_frames = most_frames
        self._frames, self._last_pts, self._last_s = 0, -1, 0.0
        self._last: VideoFrame | None = None
        self._container: OutputContainer | None = None
        index = INDEX_BYTES + INDEX_BYTES_PER_FRAME * (most_frames + 1)
        with explained(path):
            self._file = GrowingFile(path, 4 * shape[0] * shape[1] + SPARE_BYTES + index)
        with self._nothing_left():
            self._open(kind, index)

    @property
    def frames(self) -> int:
        """How many frames were added."""
        return self._frames

    @property
    def size_bytes(self) -> int:
        """How large the file is so far."""
        return self._file.size

    @property
    def is_full(self) -> bool:
        """Whether no more may be added: the disk has just enough room to `close`."""
        return self._file.is_full or self._frames >= self._most_frames

    def add(self, pixels: NDArray[np.uint8], time_s: float) -> None:
        """Add a frame, which is not kept and not copied unless it is needed.

        Parameters
        ----------
        pixels
            BGRA of shape (H, W, 4); alpha is left out.
        time_s
            When it begins, in seconds; a frame that is not later than the one before is put as
            soon behind it as the kind of file can tell.
        """
        with self._nothing_left():
            rows, cols = self._shape
            frame = VideoFrame.from_numpy_buffer(pixels[:rows, :cols], "bgra")
            frame.pts = max(round(time_s / self._codec.time_base), self._last_pts + 1)
            frame.time_base = self._codec.time_base
            self._encode(self._converted(frame))
            self._last_s = time_s
            self._frames += 1

    def close(self, end_s: float = 0.0) -> None:
        """Complete the file; its last frame stays until ``end_s`` where that is later."""
        with self._nothing_left():
            if self._last is None:
                raise ExportError("Nothing was recorded: there was no picture.")
            last_s = end_s - self._interval_s
            if last_s - self._last_s > self._interval_s / 2:
                self._last.pts = round(last_s / self._codec.time_base)
                self._encode(self._last)
            self._mux(None)
            if self._container is not None:
                self._container.close()
            self._file.complete()

    def abort(self) -> None:
        """Leave nothing."""
        self._file.discard()
        with suppress(av.FFmpegError, OSError, ValueError):
            if self._container is not None:
                self._container.close()

    def _open(self, kind: RecordingKind, index: int) -> None:
        codec, rate = self._codec, Fraction(1 / self._interval_s).limit_denominator(1000)
        options = dict(codec.container)
        if kind == "mp4":
            options["moov_size"] = str(index)  # before the pictures, so that it plays at once
        elif kind == "gif":
            options["final_delay"] = str(round(100 * self._interval_s))
        elif kind == "apng":
            options["final_delay"] = f"{rate.denominator}/{rate.numerator}"
        container = self._container = av.open(
            self._file, "w", format=kind, container_options=options, buffer_size=BUFFER_BYTES
        )
        stream: Any = container.add_stream(codec.name, rate, dict(codec.options))
        stream.height, stream.width = self._shape
        stream.pix_fmt = codec.pixels
        context = stream.codec_context
        stream.time_base = context.time_base = codec.time_base
        context.thread_count = 1  # the window wants the other processors
        if kind == "mp4":
            context.colorspace = context.color_primaries = context.color_trc = BT709
            context.color_range = NARROW_RANGE
        self._stream = stream
        self._graph = self._palette_graph() if kind == "gif" else None

    def _converted(self, frame: VideoFrame) -> VideoFrame:
        """Return a frame in the codec's pixel format."""
        if self._graph is not None:
            self._graph.vpush(frame)
            return self._graph.vpull()
        space = BT709 if self._codec.name == "libx264" else None
        return frame.reformat(format=self._codec.pixels, dst_colorspace=space)

    def _palette_graph(self) -> Graph:
        """Return filters that give each frame the 256 colours which suit it best."""
        graph = Graph()
        rows, cols = self._shape
        source = graph.add(
            "buffer", f"video_size={cols}x{rows}:pix_fmt=bgra:time_base=1/100:pixel_aspect=1/1"
        )
        split = graph.add("split")
        choose = graph.add("palettegen", "stats_mode=single:reserve_transparent=0")
        use, sink = graph.add("paletteuse", "new=1:dither=none"), graph.add("buffersink")
        source.link_to(split)
        split.link_to(use, 0, 0)
        split.link_to(choose, 1, 0)
        choose.link_to(use, 0, 1)
        use.link_to(sink)
        graph.configure()
        return graph

    def _encode(self, frame: VideoFrame) -> None:
        self._last, self._last_pts = frame, frame.pts or 0
        self._mux(frame)

    def _mux(self, frame: VideoFrame | None) -> None:
        """Encode a frame, or what is left of those before, and write what comes of it."""
        for packet in self._stream.encode(frame):
            packet.duration = round(self._interval_s / packet.time_base)
            self._stream.container.mux(packet)

    @contextmanager
    def _nothing_left(self) -> Iterator[None]:
        """Leave nothing behind a failure, and say it in one sentence."""
        try:
            with explained(self._path), _encoding(self._path):
                yield
        except BaseException:
            self.abort()
            raise


@contextmanager
def _encoding(path: Path) -> Iterator[None]:
    """Turn what FFmpeg cannot do into one sentence."""
    try:
        yield
    except av.FFmpegError as error:
        reason = (error.strerror or str(error)).lower()
        raise ExportError(f"{shown(path)} could not be encoded: {reason}.") from error
