"""Find a model by the hash of its content, among files that may hold it."""

import json
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path

from poolviewer.core.errors import ModelUnchecked
from poolviewer.core.local_files import open_regular

RECENT_KEY = "models/recent"  # in the settings
MOST_RECENT = 8


def recent_from(text: object) -> tuple[str, ...]:
    """Read the paths of models opened before from the settings; what makes no sense is left out."""
    try:
        paths = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return ()
    strings = [p for p in paths if isinstance(p, str) and p] if isinstance(paths, list) else []
    return tuple(strings[:MOST_RECENT])


def model_by_digest(digest: str, paths: Iterable[str]) -> str | None:
    """Return the first file whose content has a SHA-256, in hexadecimal digits; None for none.

    Takes a second for each gigabyte. Files that are gone or cannot be read are passed over, as are
    folders. What is found is only worth a try: it may change until it is opened.
    """
    return next((path for path in paths if _digest_of(Path(path)) == digest), None)


def _digest_of(path: Path) -> str | None:
    try:
        with open_regular(path, ModelUnchecked) as file:
            return file_digest(file, "sha256").hexdigest()
    except (ModelUnchecked, OSError):
        return None
