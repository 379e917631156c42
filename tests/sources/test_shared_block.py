"""Memory that two processes see: it grows, cannot be cut short, and leaves nothing behind."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.sources.shared_block import SharedBlock

WRITE = """
import sys
import numpy as np
from poolviewer.sources.shared_block import SharedBlock
SharedBlock(sys.argv[1]).write(np.arange(60, dtype=np.uint8).reshape(4, 5, 3))
"""


def other_of(block: SharedBlock) -> SharedBlock:
    """Return what another process would have: the same memory under a number of its own."""
    return SharedBlock(str(os.dup(int(block.handle))))


def test_other_process_writes() -> None:
    with closing(SharedBlock()) as block:
        command = [sys.executable, "-c", WRITE, block.handle]
        subprocess.run(command, pass_fds=block.inherited, check=True, timeout=60)
        picture = block.read((4, 5, 3))
        np.testing.assert_array_equal(picture.ravel(), np.arange(60))
        assert picture.flags.owndata


def test_larger_and_smaller_pictures_follow_each_other() -> None:
    with closing(SharedBlock()) as block, closing(other_of(block)) as other:
        for side in (4, 9, 3, 300, 1):
            picture = np.full((side, side, 3), side % 251, np.uint8)
            other.write(picture)
            np.testing.assert_array_equal(block.read((side, side, 3)), picture)


def test_what_was_never_written_is_not_touched() -> None:
    with closing(SharedBlock()) as block, pytest.raises(SourceError, match="broke down"):
        block.read((100, 100, 3))


def test_writer_cannot_cut_it_short() -> None:
    with closing(SharedBlock()) as block, closing(other_of(block)) as other:
        other.write(np.ones((10, 10, 3), np.uint8))
        with pytest.raises(PermissionError):
            os.ftruncate(int(other.handle), 1)


def test_nothing_is_left_behind() -> None:
    before = set(Path("/dev/fd").iterdir())
    block = SharedBlock()
    block.write(np.ones((10, 10, 3), np.uint8))
    assert not list(Path("/dev/shm").glob("poolviewer*"))
    block.close()
    assert set(Path("/dev/fd").iterdir()) == before
