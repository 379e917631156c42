import errno
import os
import sys
import threading
from pathlib import Path

import pytest

from poolviewer.core.errors import ExportError
from poolviewer.export import files
from poolviewer.export.files import check_writable, write_whole, write_with


def _missing_folder(folder):
    return folder / "missing" / "x.png"


def _file_as_folder(folder):
    (folder / "file").write_text("")
    return folder / "file" / "x.png"


def _folder(folder):
    (folder / "x.png").mkdir()
    return folder / "x.png"


def _long_name(folder):
    return folder / ("x" * 300 + ".png")


def _impossible_name(folder):
    return folder / "x\0.png"


def _loop(folder):
    (folder / "x.png").symlink_to(folder / "x.png")
    return folder / "x.png"


def _pipe(folder):
    os.mkfifo(folder / "x.png")
    return folder / "x.png"


def _device(folder):
    (folder / "x.png").symlink_to(os.devnull)
    return folder / "x.png"


BAD = {
    _missing_folder: "does not exist",
    _file_as_folder: "does not exist",
    _folder: "is a folder",
    _long_name: "too long",
    _impossible_name: "not a possible file name",
    _loop: "x.png",
    _pipe: "is a pipe or a device",
    _device: "is a pipe or a device",
}


@pytest.mark.parametrize("make", BAD)
@pytest.mark.parametrize("act", [check_writable, lambda path: write_whole(path, b"x")])
def test_impossible_outputs_get_one_sentence(tmp_path, make, act):
    path = make(tmp_path)
    before = _names(tmp_path)
    with pytest.raises(ExportError, match=BAD[make]) as caught:
        act(path)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert _names(tmp_path) == before


def _names(folder):
    return sorted(str(path) for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "no permission"),
        (errno.EIO, "not written: input/output error"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failing_write_leaves_the_old_file_and_nothing_else(
    tmp_path, monkeypatch, code, words, step
):
    target = tmp_path / "x.png"
    target.write_bytes(b"old")

    def fail(*_):
        raise OSError(code, os.strerror(code))

    if step == "fsync":
        monkeypatch.setattr(files.os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ExportError, match=words):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == [str(target)]


def test_interrupt_leaves_nothing_and_passes(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "x.npz", b"new")
    assert _names(tmp_path) == []


@pytest.mark.parametrize("act", [check_writable, lambda path: write_whole(path, b"new")])
def test_protected_file_is_not_overwritten(tmp_path, monkeypatch, act):
    target = tmp_path / "x.png"
    target.write_bytes(b"old")
    # The tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(files.os, "access", lambda path, mode: Path(path) != target)
    with pytest.raises(ExportError, match="no permission"):
        act(target)
    assert target.read_bytes() == b"old"


def test_readers_see_the_old_file_or_the_new_one(tmp_path):
    target = tmp_path / "x.png"
    old, new = b"a" * 400_000, b"b" * 400_000
    write_whole(target, old)
    seen = set()
    done = threading.Event()

    def watch():
        while not done.is_set():
            seen.add(target.read_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(30):
        write_whole(target, new)
        write_whole(target, old)
    done.set()
    watcher.join(5)
    assert seen <= {old, new}


@pytest.mark.parametrize("mode", [0o022, 0o077])
def test_new_files_have_the_usual_mode(tmp_path, mode):
    before = os.umask(mode)
    try:
        write_whole(tmp_path / "x", b"")
    finally:
        os.umask(before)
    if sys.platform != "win32":
        assert (tmp_path / "x").stat().st_mode & 0o777 == 0o666 & ~mode


def test_a_link_stays_and_its_file_is_replaced(tmp_path):
    (tmp_path / "real.png").write_bytes(b"old")
    (tmp_path / "link.png").symlink_to(tmp_path / "real.png")
    write_whole(tmp_path / "link.png", b"new")
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "real.png").read_bytes() == b"new"


def test_a_disk_that_fills_up_is_said_so_whatever_fails_then(tmp_path):
    def write(file):
        try:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            raise ValueError("Can't close the ZIP file")  # as NumPy's does

    with pytest.raises(ExportError, match="disk is full"):
        write_with(tmp_path / "x.npz", write)
    assert _names(tmp_path) == []


def test_a_file_larger_than_allowed_leaves_nothing(tmp_path):
    import resource  # noqa: PLC0415 - Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    target = tmp_path / "x.png"
    write_whole(target, b"old")
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(ExportError, match="disk is full"):
            write_whole(target, bytes(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == [str(target)]


def test_a_folder_that_vanishes_meanwhile_gets_one_sentence(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()

    def write(file):
        file.write(b"half")
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()

    with pytest.raises(ExportError, match=r"folder of .* does not exist"):
        write_with(folder / "x.png", write)
    assert _names(tmp_path) == []


def test_a_folder_that_takes_nothing_gets_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "x.png").write_bytes(b"old")

    def refuse(*_args, **_options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)  # root may write everywhere
        with pytest.raises(ExportError, match="no permission"):
            write_whole(tmp_path / "x.png", b"new")
    assert (tmp_path / "x.png").read_bytes() == b"old"


def test_two_files_of_a_folder_can_be_written_at_once(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    write_with(first, lambda file: (write_whole(second, b"2"), file.write(b"1")))
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
