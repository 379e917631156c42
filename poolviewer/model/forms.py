"""The forms in which Keras saves a model, each looked at before Keras may load it."""

import json
from pathlib import Path
from typing import Any

import h5py

from poolviewer.model.allocation import check_allocation
from poolviewer.model.archive import CONFIG, METADATA, WEIGHTS
from poolviewer.model.config_check import Config, check_config, clean
from poolviewer.model.findings import IsCancelled, Unsound
from poolviewer.model.signatures import DAMAGED
from poolviewer.model.strict_json import parse
from poolviewer.model.weights_file import HeldWeights, check_weights
from poolviewer.model.work_limits import check_work

_WEIGHTS_ALONE = (
    "holds weights alone, without the network they belong to: "
    "save the whole model with model.save(…)"
)
_OTHER_HDF5 = "is an HDF5 file without a Keras model: choose a model saved with model.save(…)"
_NO_WEIGHTS = "has no weights in it: save it again with model.save(…)"


def check_unpacked(
    folder: Path, budget_bytes: int, is_cancelled: IsCancelled
) -> tuple[Config, str]:
    """Check an unpacked ``.keras`` file of our own, and write its description anew.

    Returns
    -------
    tuple
        The description as Keras will read it, and the version of Keras that the file names.
    """
    config = parse((folder / CONFIG).read_bytes(), CONFIG)
    metadata = folder / METADATA
    about = parse(metadata.read_bytes(), METADATA) if metadata.exists() else {}
    clean(config)
    with h5py.File(folder / WEIGHTS, "r", locking=False) as file:
        held = check_weights(file, budget_bytes, is_cancelled)
    _check_network(config, held, budget_bytes)
    # In ASCII, because Keras reads it in whatever encoding the system has.
    (folder / CONFIG).write_text(json.dumps(config), encoding="ascii")
    return config, str(about.get("keras_version", ""))


def check_hdf5(path: Path, budget_bytes: int, is_cancelled: IsCancelled) -> tuple[Config, str]:
    """Check an HDF5 file of our own; returns what `check_unpacked` does."""
    with h5py.File(path, "r", locking=False) as file:
        held = check_weights(file, budget_bytes, is_cancelled)
        if "model_config" not in file.attrs:
            is_part = {"layers", "_layer_checkpoint_dependencies", "vars"} & set(file)
            is_part_of_legacy = "layer_names" in file.attrs or "layer_names0" in file.attrs
            raise Unsound(_WEIGHTS_ALONE if is_part or is_part_of_legacy else _OTHER_HDF5)
        config = parse(_bytes(file.attrs["model_config"]), "model_config")
        if not isinstance(file.get("model_weights"), h5py.Group):
            raise Unsound(_NO_WEIGHTS)
        writer = _bytes(file.attrs.get("keras_version", ""))
    _check_network(config, held, budget_bytes)
    return config, writer.decode("ascii", "replace")


def _check_network(config: Config, held: HeldWeights, budget_bytes: int) -> None:
    check_config(config)
    check_work(config)
    check_allocation(config, held, budget_bytes)


def _bytes(text: Any) -> bytes:  # noqa: ANN401  # HDF5 gives what the file holds
    """Return a text of an HDF5 file, which old versions of Keras wrote as bytes."""
    if isinstance(text, str):
        return text.encode("utf-8", "surrogateescape")
    if not isinstance(text, bytes):
        raise Unsound(DAMAGED)
    return text
