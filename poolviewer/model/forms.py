"""The forms in which Keras saves a model, each looked at before Keras may load it."""

import json
from pathlib import Path

import h5py

from poolviewer.model.allocation import check_allocation
from poolviewer.model.archive import CONFIG, METADATA, WEIGHTS
from poolviewer.model.config_check import (
    Config,
    check_config,
    check_words,
    clean,
    clear_initializers,
)
from poolviewer.model.findings import IsCancelled
from poolviewer.model.strict_json import parse
from poolviewer.model.weights_process import HeldWeights, copy_weights_apart
from poolviewer.model.work_limits import check_work


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
    # The weights are replaced by a sound copy of them.
    given = (folder / WEIGHTS).rename(folder.parent / "weights.h5")
    held = copy_weights_apart(given, folder / WEIGHTS, budget_bytes, is_cancelled, is_whole=False)
    given.unlink()
    _check_network(config, held, budget_bytes)
    for words in folder.glob("assets/**/*.txt"):
        check_words(words.read_text(encoding="utf-8", errors="replace").splitlines())
    # In ASCII, because Keras reads it in whatever encoding the system has.
    (folder / CONFIG).write_text(json.dumps(config), encoding="ascii")
    return config, str(about.get("keras_version", ""))


def check_hdf5(
    given: Path, target: Path, budget_bytes: int, is_cancelled: IsCancelled
) -> tuple[Config, str]:
    """Make a sound copy of an HDF5 model; returns what `check_unpacked` does."""
    held = copy_weights_apart(given, target, budget_bytes, is_cancelled, is_whole=True)
    config = parse(held.model_config.encode("utf-8", "surrogateescape"), "model_config")
    _check_network(config, held, budget_bytes)
    with h5py.File(target, "r+", locking=False) as file:
        file.attrs["model_config"] = json.dumps(config)
    return config, held.keras_version


def _check_network(config: Config, held: HeldWeights, budget_bytes: int) -> None:
    clean(config)
    check_config(config)
    check_work(config)
    check_allocation(config, held, budget_bytes)
    if held.arrays:
        clear_initializers(config)
