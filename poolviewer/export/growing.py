"""A file that grows ahead of what is written into it, so that a full disk is known in time."""

import errno
import os
from io import FileIO
from pathlib import Path

from poolviewer.core.half_made import temporary_for
from poolviewer.export.files import target_of

LARGEST = 4_000_000_000  # what WebP can hold, and file systems of memory cards
STEP = 2**20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class GrowingFile:
    """A binary file under a hidden name, which gets its own name when it is complete.

    Zeros are kept on the disk before the place that is written to. When the disk has no more room
    for them, `is_full` turns true, and what is in work still fits into those that are there.

    Parameters
    ----------
    path
        The name in the end; a file of that name stays as it is until then.
    reserve_bytes
        How many zeros to keep.

    Raises `OSError` where the file cannot be made, or not even the first reserve fits.
    """

    def __init__(self, path: Path, reserve_bytes: int) -> None:
        self._target = target_of(path)
        self._temporary = temporary_for(self._target)
        self._reserve = reserve_bytes
        self._end = self._allocated = 0
        self._is_ignored = False
        self.is_full = False
        self._file = FileIO(self._temporary, "xb")
        try:
            self._allocate(reserve_bytes)
        except BaseException:
            self.discard()
            raise

    @property
    def size(self) -> int:
        """Bytes that were written."""
        return self._end

    def write(self, data: bytes) -> int:
        """Write at the present place; raises `OSError` if even the reserve was too small."""
        if self._is_ignored:
            return len(data)
        self._write_all(data)
        position = self._file.tell()
        self._end = max(self._end, position)
        self._allocated = max(self._allocated, position)
        self._keep_reserve()
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to another place; the end is that of what was written."""
        if whence == os.SEEK_END:
            offset, whence = self._end + offset, os.SEEK_SET
        if self._file.closed:
            return offset  # FFmpeg ends what was discarded, and prints an error met there
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the present place."""
        return 0 if self._file.closed else self._file.tell()

    def ignore_writes(self) -> None:
        """Drop whatever is written from now on: the file will be discarded."""
        self._is_ignored = True

    def complete(self) -> None:
        """Give the file its size and its name; with an `OSError`, nothing of it is left."""
        try:
            self._file.truncate(self._end)
            os.fsync(self._file.fileno())
            self._file.close()
            self._temporary.replace(self._target)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Remove the file; a second time does nothing."""
        self._is_ignored = True
        self._file.close()
        try:
            self._temporary.unlink(missing_ok=True)
        except OSError:
            return  # its folder has gone, and the file with it

    def _keep_reserve(self) -> None:
        """Reserve more where less is left than there shall be."""
        missing = self._end + self._reserve - self._allocated
        if self.is_full or missing <= 0:
            return
        if self._end + self._reserve > LARGEST:
            self.is_full = True
            return
        try:
            self._allocate(max(missing, STEP))
        except OSError as error:
            if error.errno not in _FULL:
                raise
            self.is_full = True

    def _allocate(self, count: int) -> None:
        """Write zeros behind all that is there."""
        place = self._file.tell()
        self._file.seek(self._allocated)
        try:
            self._write_all(bytes(count))
        finally:
            self._allocated = max(self._allocated, self._file.tell())
            self._file.seek(place)

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) or 0 :]
