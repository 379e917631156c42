"""What a process makes for a while only: named after it, so that others can tidy up after it."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from secrets import token_hex


def temporary_for(target: Path) -> Path:
    """Return a new hidden name beside a file."""
    return target.with_name(f".{_prefix(os.getpid())}{token_hex(8)}.tmp")


def temporary_folder() -> Path:
    """Make a folder that only this user may enter; raises `OSError`."""
    return Path(tempfile.mkdtemp(prefix=_prefix(os.getpid())))  # mode 0700


def tidy_up_after(pid: int, path: str = "") -> None:
    """Take away what a process that was killed had begun.

    Parameters
    ----------
    path
        Of the file that it was to write; empty for none.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{_prefix(pid)}*"):
        shutil.rmtree(folder, ignore_errors=True)
    if not path:
        return
    with suppress(OSError):
        for begun in Path(path).resolve().parent.glob(f".{_prefix(pid)}*.tmp"):
            begun.unlink(missing_ok=True)


def _prefix(pid: int) -> str:
    return f"poolviewer-{pid}-"
