"""Find a model by the hash of its content, among files that may hold it."""

from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path

from poolviewer.core.errors import ModelUnchecked
from poolviewer.core.local_files import open_regular


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
