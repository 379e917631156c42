"""Files written whole or not at all: the figure as a PNG, the numbers as an NPZ."""

import errno
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
from PySide6.QtGui import QImage

from poolviewer.core.errors import ExportError
from poolviewer.core.messages import Activations
from poolviewer.core.pooling import winners
from poolviewer.export.png import chunk, encode_png
from poolviewer.sessions.carriers import png_chunk

KEYWORD = "poolviewer"
DEFAULT_DOTS_PER_METRE = round(96 / 0.0254)

OutputKind = Literal["png", "npz"]

_ENDINGS: dict[str, OutputKind] = {".png": "png", ".npz": "npz"}
_NO_PERMISSION = "There is no permission to write {path}: choose another folder or name."
_IS_FULL = "{path} was not written because the disk is full: make room or choose another disk."
_SENTENCES = {
    errno.ENOENT: "The folder of {path} does not exist: make it first or choose another.",
    errno.ENOTDIR: "The folder of {path} does not exist: make it first or choose another.",
    errno.EISDIR: "{path} is a folder: give the name of a file.",
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EROFS: _NO_PERMISSION,
    errno.ENOSPC: _IS_FULL,
    errno.EDQUOT: _IS_FULL,
    errno.EFBIG: _IS_FULL,
    errno.ENAMETOOLONG: "The name of {path} is too long: choose a shorter one.",
}


def check_output(path: Path) -> OutputKind:
    """Return what kind of file a path asks for; raises `ExportError` if it cannot be written.

    Meant for before the work starts: it tries to write beside the file, and removes the trial.
    """
    kind = _ENDINGS.get(path.suffix.lower())
    if kind is None:
        raise ExportError(
            f"{shown(path)} does not say what to write: its name must end in .png for the "
            "figure or in .npz for the numbers."
        )
    check_writable(path)
    return kind


def check_writable(path: Path) -> None:
    """Raise `ExportError` where a file cannot be written; leaves no trace."""
    with explained(path):
        temporary = temporary_for(target_of(path))
        temporary.touch(exist_ok=False)
        temporary.unlink()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there as a whole or, with an `ExportError`, as it was before."""
    _write_whole(path, lambda file: file.write(data))


def save_png(path: Path, image: QImage, metadata: Mapping[str, Any]) -> None:
    """Write a figure; see `png_bytes`. Raises `ExportError`."""
    write_whole(path, png_bytes(image, metadata))


def png_bytes(image: QImage, metadata: Mapping[str, Any], session: bytes = b"") -> bytes:
    """Return a PNG with its resolution, and with metadata as JSON in an ASCII text chunk.

    An encoded session goes into a chunk of its own.
    """
    plain = QImage(image)
    if not plain.dotsPerMeterX():
        plain.setDotsPerMeterX(DEFAULT_DOTS_PER_METRE)
        plain.setDotsPerMeterY(DEFAULT_DOTS_PER_METRE)
    text = KEYWORD.encode() + b"\0" + _json(metadata).encode("ascii")
    carried = png_chunk(session) if session else b""
    return encode_png(plain, chunk(b"tEXt", text) + carried)


def save_npz(path: Path, activations: Activations, metadata: Mapping[str, Any]) -> None:
    """Write all numbers of a frame; `np.load` opens them without pickle. Raises `ExportError`.

    ``input`` (H, W, C), ``feature_maps`` (H, W, C), and ``pooled_maps`` (h, w, C) are float32;
    ``winners`` (h, w, C) is int64, the flat row-major index into H×W, -1 where nothing wins;
    ``metadata`` is JSON text.
    """
    who_won = winners(activations.feature_maps, activations.stage.pooling)
    text = np.array(_json(metadata))

    def write(file: BinaryIO) -> None:
        np.savez(
            file,
            allow_pickle=False,
            input=np.asarray(activations.prepared.values, dtype=np.float32),
            feature_maps=np.asarray(activations.feature_maps, dtype=np.float32),
            pooled_maps=np.asarray(activations.pooled_maps, dtype=np.float32),
            winners=who_won,
            metadata=text,
        )

    _write_whole(path, write)


def _write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    with explained(path):
        target = target_of(path)
        temporary = temporary_for(target)
        try:
            with temporary.open("xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def target_of(path: Path) -> Path:
    """Follow links, so that a linked file is replaced and not its link; raises `OSError`."""
    target = path.resolve()
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return target


def temporary_for(target: Path) -> Path:
    """Return a new hidden name beside a file."""
    return target.with_name(f".poolviewer-{secrets.token_hex(8)}.tmp")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a failure of the file system into one sentence."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        sentence = _SENTENCES.get(error.errno or 0, f"{{path}} was not written: {reason}.")
        raise ExportError(sentence.format(path=shown(path))) from error
    except (RuntimeError, ValueError) as error:
        raise ExportError(f"{shown(path)} is not a possible file name.") from error


def shown(path: Path) -> str:
    """Write a path so that every terminal and every font can show it."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _json(metadata: Mapping[str, Any]) -> str:
    return json.dumps(metadata, ensure_ascii=True, allow_nan=False)
