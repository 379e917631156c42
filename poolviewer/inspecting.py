"""Describe a network without running it: what ``poolviewer inspect`` prints."""

import json

from poolviewer.core.budget import default_budget
from poolviewer.core.inspection import as_data, as_text
from poolviewer.core.model_info import ModelFile, ModelInfo
from poolviewer.core.network import PRESETS, tutorial_info
from poolviewer.core.protocols import Engine
from poolviewer.factories import check_model, create_engine


def inspect(path: str | None, input_shape: tuple[int, ...] | None, *, is_json: bool) -> str:
    """Describe a model, or the tutorial's network, for people or for programs.

    Raises
    ------
    ModelRefused, ModelUnchecked
        The file is unsound, or could not be checked.
    """
    if path is None:
        network = PRESETS["tutorial"]
        info, more = tutorial_info(network), {"seed": network.seed}
    else:
        check_model(path, default_budget())  # refuses in milliseconds; TensorFlow takes seconds
        info, more = load_info(create_engine(), ModelFile(path, input_shape=input_shape)), {}
    return json.dumps(as_data(info) | more, indent=2) + "\n" if is_json else as_text(info)


def load_info(engine: Engine, file: ModelFile) -> ModelInfo:
    """Open a model without anybody to tell how far it has got."""
    return engine.open_model(file, default_budget(), lambda _: None, lambda: False)
