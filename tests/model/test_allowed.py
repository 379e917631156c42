"""The list of what a model file may name is real, and holds nothing that runs code."""

import importlib

import keras
import pytest
from keras.src.api_export import get_symbol_from_name
from keras.src.ops.operation import Operation

from poolviewer.model.allowed import BARE_CLASSES, CLASSES, FUNCTIONS, LAYERS, MODELS, RENAMED

HARMLESS = (
    Operation,
    keras.initializers.Initializer,
    keras.regularizers.Regularizer,
    keras.constraints.Constraint,
    keras.dtype_policies.DTypePolicy,
    keras.dtype_policies.DTypePolicyMap,
    keras.quantizers.Quantizer,
    keras.quantizers.QuantizationConfig,
)
REFUSED = {"FlaxLayer", "InputSpec", "JaxLayer", "Lambda", "Layer", "TFSMLayer"} | {
    "TorchModuleWrapper",
    "Wrapper",
}


def found(module, name):
    """Find a class as Keras does."""
    symbol = get_symbol_from_name(f"{module}.{name}")
    return symbol or vars(importlib.import_module(module)).get(name)


@pytest.mark.parametrize("module", sorted({module for module, _ in CLASSES}))
def test_classes_are_what_they_seem(module):
    listed = [(home, name) for home, name in CLASSES if home == module]
    kinds = {name: found(home, name) for home, name in listed}
    assert all(isinstance(kind, type) and issubclass(kind, HARMLESS) for kind in kinds.values())


def test_what_keras_has_and_is_not_opened():
    every = {name for name, kind in vars(keras.layers).items() if isinstance(kind, type)}
    assert every - LAYERS == REFUSED
    assert not REFUSED & (BARE_CLASSES | MODELS | FUNCTIONS)


def test_new_names_are_allowed():
    assert set(RENAMED.values()) <= CLASSES
    assert not set(RENAMED) & CLASSES
