"""A file that grows ahead of what is written, and knows in time that the disk is full."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from poolviewer.export.growing import STEP, GrowingFile

# Runs where no file may become larger than the limit: for the system, that is a full disk.
LIMITED = """
import resource, sys
from pathlib import Path
from poolviewer.export.growing import GrowingFile
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
file = GrowingFile(Path(sys.argv[1]), 400_000)
written = 0
while not file.is_full:
    written += file.write(b"x" * 50_000)
written += file.write(b"y" * 300_000)  # what was in work
file.seek(0)
file.write(b"head")
file.complete()
print(written)
"""


def names(folder):
    return [path.name for path in folder.iterdir()]


def run_limited(program, *args):
    """Run a program in a process of its own."""
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, args)],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_file_holds_exactly_what_was_written(tmp_path):
    file = GrowingFile(tmp_path / "a.bin", 5000)
    assert file.write(b"0123456789") == 10
    assert file.seek(2) == 2
    file.write(b"xy")
    assert (file.tell(), file.size) == (4, 10)
    assert file.seek(0, os.SEEK_END) == 10
    file.write(b"z" * 3 * STEP)
    file.complete()
    assert (tmp_path / "a.bin").read_bytes() == b"01xy456789" + b"z" * 3 * STEP
    assert names(tmp_path) == ["a.bin"]


def test_what_is_skipped_is_on_the_disk_already(tmp_path):
    file = GrowingFile(tmp_path / "a.bin", 100_000)
    (hidden,) = tmp_path.iterdir()
    assert hidden.stat().st_blocks * 512 >= 100_000
    file.seek(50_000)
    file.write(b"end")
    assert hidden.stat().st_size >= 150_003
    file.complete()
    assert (tmp_path / "a.bin").read_bytes() == bytes(50_000) + b"end"


def test_until_it_is_complete_the_old_file_stays(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"old")
    file = GrowingFile(tmp_path / "a.bin", 10)
    file.write(b"new")
    assert (tmp_path / "a.bin").read_bytes() == b"old"
    file.complete()
    assert (tmp_path / "a.bin").read_bytes() == b"new"


@pytest.mark.parametrize("times", [1, 2])
def test_a_discarded_file_leaves_nothing(tmp_path, times):
    file = GrowingFile(tmp_path / "a.bin", 10)
    file.write(b"new")
    for _ in range(times):
        file.discard()
    assert file.write(b"more") == 4  # FFmpeg may still want to write its end
    assert file.seek(2) == 2
    assert file.tell() == 0
    assert names(tmp_path) == []


def test_a_full_disk_is_known_while_there_is_still_room(tmp_path):
    result = run_limited(LIMITED, tmp_path / "a.bin")
    assert result.returncode == 0, result.stderr
    written = int(result.stdout)
    assert 1_000_000 < written <= 1_500_000
    data = (tmp_path / "a.bin").read_bytes()
    assert data == b"head" + b"x" * (written - 300_004) + b"y" * 300_000
    assert names(tmp_path) == ["a.bin"]


@pytest.mark.parametrize("room", [200_000, 0])
def test_without_room_for_the_reserve_there_is_no_file(tmp_path, room):
    program = LIMITED.replace("1_500_000", str(room))
    result = run_limited(program, tmp_path / "a.bin")
    assert "OSError: [Errno 27] File too large" in result.stderr
    assert names(tmp_path) == []


def test_more_than_the_reserve_fails(tmp_path):
    program = LIMITED.replace("300_000", "900_000")
    result = run_limited(program, tmp_path / "a.bin")
    assert "File too large" in result.stderr
    assert "Traceback" in result.stderr
    assert "a.bin" not in names(tmp_path)


def test_a_file_that_may_grow_no_more_is_full(tmp_path, monkeypatch):
    monkeypatch.setattr("poolviewer.export.growing.LARGEST", 3_000_000)
    file = GrowingFile(tmp_path / "a.bin", 100_000)
    file.write(bytes(2_000_000))
    assert not file.is_full
    file.write(bytes(950_000))
    assert file.is_full
    file.discard()


@pytest.mark.parametrize("end", ["complete", "discard"])
def test_a_folder_that_goes_away_takes_the_file_along(tmp_path, end):
    folder = tmp_path / "folder"
    folder.mkdir()
    file = GrowingFile(folder / "a.bin", 10)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    file.write(b"lost")
    if end == "complete":
        with pytest.raises(OSError, match="No such file") as caught:
            file.complete()
        assert caught.value.errno == errno.ENOENT
    else:
        file.discard()
    assert names(tmp_path) == []


def test_an_end_that_fails_leaves_nothing(tmp_path):
    path = tmp_path / "a.bin"
    file = GrowingFile(path, 10)
    file.write(b"abc")
    path.mkdir()
    with pytest.raises(OSError):
        file.complete()
    assert list(tmp_path.iterdir()) == [path]
