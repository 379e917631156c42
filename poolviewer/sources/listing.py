"""Pictures in a folder, in the order a person expects."""

import os
import re
from pathlib import Path

from poolviewer.core.errors import SourceError
from poolviewer.core.local_files import shown_name
from poolviewer.sources.formats import PICTURE_ENDINGS


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key by which ``pool2`` comes before ``pool10``, whatever the case."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return tuple((1, int(p), "") if p.isdecimal() and p.isascii() else (0, 0, p) for p in parts)


def list_pictures(folder: Path) -> tuple[Path, ...]:
    """Return the files in a folder that are named like pictures, in natural order.

    Raises
    ------
    SourceError
        The folder cannot be read, or holds no picture.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if _is_named_like_picture(entry)]
    except OSError as error:
        raise SourceError(
            f"The folder {shown_name(folder)} cannot be read: "
            "check that it exists and ask its owner for permission."
        ) from error
    if not names:
        raise SourceError(
            f"The folder {shown_name(folder)} holds no pictures: "
            "choose one with PNG, JPEG, WebP, TIFF, BMP or GIF files."
        )
    return tuple(folder / name for name in sorted(names, key=lambda n: (natural_key(n), n)))


def _is_named_like_picture(entry: os.DirEntry[str]) -> bool:
    ending = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122  # a Path for each is slow
    return ending in PICTURE_ENDINGS and not entry.name.startswith(".") and not entry.is_dir()
