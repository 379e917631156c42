"""Copies the sound parts of an HDF5 file into a new one; runs in a process of its own.

The library behind h5py can crash or never end on a damaged file, with Python's lock held, so
that no thread could stop it. Keras then only ever opens the copy, which the same library wrote.
"""

import errno
import json
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from poolviewer.model.findings import Unsound
from poolviewer.model.signatures import CUT_OFF, DAMAGED
from poolviewer.model.weights_file import check_members, check_notes

_BLOCK = 16 * 2**20
_OWN_MEMORY = 2**30
_NOTES = re.compile(r"(layer_names|weight_names)\d{0,4}|backend|keras_version|name|dtype")
_TOP_NOTES = ("model_config", "keras_version")
_WEIGHTS_ALONE = (
    "holds weights alone, without the network they belong to: "
    "save the whole model with model.save(…)"
)
_OTHER_HDF5 = "is an HDF5 file without a Keras model: choose a model saved with model.save(…)"
_SMALL_FLOATS = (
    "holds bfloat16 weights, which HDF5 files cannot bring back: "
    "save the model under a name that ends in .keras"
)
_NO_WEIGHTS = "has no weights in it: save it again with model.save(…)"


def copy_weights(
    source: Path, target: Path, budget_bytes: int, *, is_whole: bool
) -> dict[str, Any]:
    """Copy what Keras reads, and say what it adds up to.

    Parameters
    ----------
    source, target
        The file to read, and the file to make.
    budget_bytes
        How many bytes the weights may have.
    is_whole
        Whether the file is a whole model, rather than the weights out of a ``.keras`` file.

    Returns
    -------
    dict
        As JSON can carry it: ``arrays``, ``bytes`` and ``largest_side`` of the weights, and of a
        whole model ``model_config`` and ``keras_version``.

    Raises
    ------
    Unsound
        See `check_members`; or no whole model. A damaged file raises whatever h5py makes of it.
    """
    with h5py.File(source, "r", locking=False) as old, h5py.File(target, "x") as new:
        notes = _top_notes(old) if is_whole else {}
        _copy_notes(old, new)
        shapes, total = [], 0
        for path, found, size in check_members(old, budget_bytes, is_whole=is_whole):
            total += size
            if isinstance(found, h5py.Group):
                _copy_notes(found, new.require_group(path))
            else:
                if is_whole and found.dtype.kind == "V":
                    raise Unsound(_SMALL_FLOATS)
                shapes.append(found.shape or ())
                _copy_array(found, new, path)
    largest = max((side for shape in shapes for side in shape), default=0)
    return {"arrays": len(shapes), "bytes": total, "largest_side": largest, **notes}


def _top_notes(file: h5py.File) -> dict[str, str]:
    check_notes(file.id)
    if "model_config" not in file.attrs:
        is_newer = {"layers", "_layer_checkpoint_dependencies", "vars"} & set(file)
        is_older = "layer_names" in file.attrs or "layer_names0" in file.attrs
        raise Unsound(_WEIGHTS_ALONE if is_newer or is_older else _OTHER_HDF5)
    if not isinstance(file.get("model_weights", getlink=True), h5py.HardLink):
        raise Unsound(_NO_WEIGHTS)
    return {name: _text(file.attrs.get(name, "")) for name in _TOP_NOTES}


def _text(value: object) -> str:
    """Return a text of an HDF5 file, which old versions of Keras wrote as bytes."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if not isinstance(value, str):
        raise Unsound(DAMAGED)
    return value


def _copy_notes(old: h5py.HLObject, new: h5py.HLObject) -> None:
    for name in filter(_NOTES.fullmatch, old.attrs):
        value = old.attrs[name]
        is_text = isinstance(value, np.ndarray) and value.dtype == object
        new.attrs.create(name, value, dtype=h5py.string_dtype() if is_text else None)


def _copy_array(old: h5py.Dataset, new: h5py.File, path: str) -> None:
    if old.shape is None:
        raise Unsound(DAMAGED)
    made = new.create_dataset(path, old.shape, old.dtype)
    _copy_notes(old, made)
    if not old.shape:
        made[()] = old[()]
        return
    rows = max(1, _BLOCK // max(1, old.nbytes // max(1, old.shape[0])))
    for start in range(0, old.shape[0] if old.size else 0, rows):
        made[start : start + rows] = old[start : start + rows]


def main(arguments: list[str]) -> None:
    """Copy one file, and print the result or the finding as JSON."""
    source, target, budget, kind, seconds = arguments
    _limit_resources(int(budget), int(seconds))
    try:
        result = copy_weights(Path(source), Path(target), int(budget), is_whole=kind == "whole")
    except Unsound as finding:
        result = {"unsound": str(finding)}
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        result = {"full": True} if full else {"unsound": _reason(error)}
    except Exception as error:  # noqa: BLE001  # h5py may raise anything at all on a damaged file
        result = {"unsound": _reason(error)}
    sys.stdout.write(json.dumps(result))


def _reason(error: Exception) -> str:
    return CUT_OFF if "truncated file" in str(error) else DAMAGED


def _limit_resources(budget_bytes: int, seconds: int) -> None:
    """Bound what a damaged file may cost; where the system cannot, the caller's clock does."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, _OWN_MEMORY + budget_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS bounds no memory
            resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    main(sys.argv[1:])
