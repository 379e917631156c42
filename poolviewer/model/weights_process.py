"""Runs the copying of weights in a process of its own, within bounds, and hears how it went."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from poolviewer.core.errors import ModelUnchecked
from poolviewer.model.findings import IsCancelled, Unsound, stop_if
from poolviewer.model.private_copy import NO_ROOM
from poolviewer.model.signatures import DAMAGED

_ROOT = Path(__file__).parents[2]
_POLL_S = 0.05
_BASE_S = 5
_BYTES_PER_S = 20 * 2**20


@dataclass(frozen=True, slots=True)
class HeldWeights:
    """What the weights of a file add up to, and what a whole model says of itself."""

    arrays: int
    bytes: int
    largest_side: int
    model_config: str = ""
    keras_version: str = ""


def copy_weights_apart(
    source: Path, target: Path, budget_bytes: int, is_cancelled: IsCancelled, *, is_whole: bool
) -> HeldWeights:
    """Make a sound copy of an HDF5 file; see `weights_copy.copy_weights`.

    Raises
    ------
    Unsound
        What the copying found; or it crashed, or did not end in a time that fits the size.
    ModelUnchecked
        There is no room for the copy, or no other process can be started.
    Cancelled
        A person called it off.
    """
    seconds = _BASE_S + source.stat().st_size // _BYTES_PER_S
    options = [str(source), str(target), str(budget_bytes), "whole" if is_whole else "part"]
    # Without -P a file h5py.py in the current folder would be run.
    command = [sys.executable, "-P", "-m", "poolviewer.model.weights_copy", *options, str(seconds)]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"},
        )
    except OSError as error:
        raise ModelUnchecked(
            f"The model cannot be checked: the system says “{os.strerror(error.errno or 0)}”."
        ) from error
    with process:
        try:
            output = _output_of(process, 4 * seconds, is_cancelled)
        finally:
            process.kill()
    return _result(output)


def _output_of(
    process: subprocess.Popen[bytes], seconds: float, is_cancelled: IsCancelled
) -> bytes:
    end = monotonic() + seconds
    while monotonic() < end:
        stop_if(is_cancelled)
        try:
            return process.communicate(timeout=_POLL_S)[0]
        except subprocess.TimeoutExpired:
            continue
    return b""


def _result(output: bytes) -> HeldWeights:
    try:
        result: dict[str, Any] = json.loads(output)
    except ValueError:  # It crashed, or had to be ended.
        raise Unsound(DAMAGED) from None
    if "full" in result:
        raise ModelUnchecked(NO_ROOM)
    if "unsound" in result:
        raise Unsound(result["unsound"])
    return HeldWeights(**result)
