"""A live source reads in a process of its own, which may hang, crash, be killed, or be fast."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import Frame
from poolviewer.sources.live import LONGEST_WAIT_S, LiveSource
from poolviewer.sources.reading_process import Arrived
from poolviewer.sources.stream import StreamSource
from tests.mjpeg_server import MjpegServer, mjpeg_server

LIMIT_S = 20.0
BROKEN = "The process that reads it broke down: try again, or choose another source."


def next_frame(source: LiveSource) -> Frame:
    """Read until a frame comes; raises what `read` raises."""
    end_s = time.monotonic() + LIMIT_S
    while time.monotonic() < end_s:
        frame = source.read()
        if frame is not None:
            return frame
    raise AssertionError("no frame came")


@contextmanager
def reading(server: MjpegServer) -> Iterator[StreamSource]:
    source = StreamSource(server.url)
    source.open()
    try:
        yield source
    finally:
        source.close()


def pid_of(source: LiveSource) -> int:
    assert source._process is not None
    return source._process.pid


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    return stat.rpartition(")")[2].split()[0] == "Z"


def wait_for_end(pid: int) -> None:
    end_s = time.monotonic() + LIMIT_S
    while not has_ended(pid):
        assert time.monotonic() < end_s, f"process {pid} goes on"
        os.sched_yield()


def test_frames_own_their_memory_and_bear_the_time_of_their_reading() -> None:
    with mjpeg_server("serve") as server, reading(server) as source:
        frames = [next_frame(source) for _ in range(3)]
        now_s = time.perf_counter()
    assert all(frame.picture.flags.owndata for frame in frames)
    assert not any(frame.picture.flags.writeable for frame in frames)
    assert frames[0].captured_s < frames[1].captured_s < frames[2].captured_s <= now_s
    indices = [frame.index for frame in frames]
    assert indices == sorted(set(indices))


def test_time_of_a_frame_is_that_of_its_reading_not_of_its_asking() -> None:
    source = StreamSource("http://127.0.0.1:9/")
    picture = np.zeros((2, 2, 3), np.uint8)
    assert source._frame(Arrived(picture, count=4, read_s=12.5)).captured_s == 12.5


def test_size_changes_on_the_way() -> None:
    with mjpeg_server("resize") as server, reading(server) as source:
        seen: dict[tuple[int, ...], np.ndarray] = {}
        while len(seen) < 3:
            frame = next_frame(source)
            seen[frame.picture.shape] = frame.picture
        assert len(server.requests) == 1  # it was not connected anew
    assert set(seen) == {(48, 64, 3), (240, 320, 3), (24, 20, 3)}
    assert all(len(np.unique(picture)) == 1 for picture in seen.values())


def test_silence_is_no_frame_and_no_failure() -> None:
    with mjpeg_server("stall") as server, reading(server) as source:
        while next_frame(source).index < 9:
            pass
        started_s = time.monotonic()
        assert source.read() is None
        assert time.monotonic() - started_s >= 0.9 * LONGEST_WAIT_S


def test_pause_is_followed_by_what_is_new() -> None:
    """Nobody asks for a while; what piled up meanwhile is not handed over."""
    with mjpeg_server("serve") as server, reading(server) as source:
        first = next_frame(source)
        while server.sent < first.index + 40:
            os.sched_yield()
        assert next_frame(source).index > first.index + 20


def test_source_without_limit_keeps_only_its_newest() -> None:
    """The server sends as fast as it can; the process keeps up without keeping anything."""
    with mjpeg_server("flood") as server, reading(server) as source:
        next_frame(source)
        start = resident_bytes(pid_of(source))
        last = next_frame(source)
        while last.index < 3000:
            last = next_frame(source)
        assert resident_bytes(pid_of(source)) - start < 32 * 2**20


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_crash_is_a_failure_and_the_next_read_connects_anew(number: int) -> None:
    with mjpeg_server("serve") as server, reading(server) as source:
        last = next_frame(source)
        os.kill(pid_of(source), number)
        with pytest.raises(SourceError) as caught:
            _read_on(source)
        assert str(caught.value) == BROKEN
        assert next_frame(source).index > last.index


def _read_on(source: LiveSource) -> None:
    for _ in range(1000):
        source.read()


def test_process_that_does_not_answer_is_ended_at_once() -> None:
    with mjpeg_server("serve") as server:
        source = StreamSource(server.url)
        source.open()
        next_frame(source)
        pid = pid_of(source)
        os.kill(pid, signal.SIGSTOP)
        while source.read() is not None:
            pass
        source.close()
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # it has ended, and nothing of it is left to wait for


def test_process_ends_when_it_hangs_while_connecting() -> None:
    with mjpeg_server("silent") as server, reading(server) as source:
        pid = pid_of(source)
        assert source.read() is None
    assert has_ended(pid)


PARENT = """
import sys
import time
from poolviewer.sources.stream import StreamSource
source = StreamSource(sys.argv[1])
source.open()
while source.read() is None:
    pass
print(source._process.pid, flush=True)
time.sleep(100)
"""


def test_process_ends_with_one_that_was_killed() -> None:
    with mjpeg_server("serve") as server:
        command = [sys.executable, "-c", PARENT, server.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
            assert parent.stdout is not None
            pid = int(parent.stdout.readline())
            assert not has_ended(pid)
            parent.kill()
        wait_for_end(pid)


def test_password_is_no_argument_of_the_process() -> None:
    with mjpeg_server("serve") as server:
        url = server.url.replace("//", "//bob:secret@")
        source = StreamSource(url)
        source.open()
        try:
            next_frame(source)
            arguments = Path(f"/proc/{pid_of(source)}/cmdline").read_bytes()
        finally:
            source.close()
    assert b"poolviewer.sources.reader" in arguments
    assert b"secret" not in arguments


def test_opening_again_ends_the_first_process_and_counts_on() -> None:
    with mjpeg_server("serve") as server, reading(server) as source:
        first, frame = pid_of(source), next_frame(source)
        source.open()
        assert has_ended(first)
        assert next_frame(source).index == frame.index + 1
        source.seek(0)
        assert source.interval_s == 0
