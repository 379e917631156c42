"""The network's description against the list of what may stand in it, at every depth."""

import re
from collections.abc import Iterable
from typing import Any

from poolviewer.model.allowed import (
    BARE_CLASSES,
    CLASSES,
    DTYPES,
    FUNCTION_MODULES,
    FUNCTIONS,
    MODELS,
    RENAMED,
    VALUES,
)
from poolviewer.model.findings import Unsound, quoted
from poolviewer.model.signatures import DAMAGED
from poolviewer.model.strict_json import walk

Config = dict[str, Any]

_FUNCTION_KEY = re.compile(r"activation|.*_(activation|initializer|regularizer|constraint)")
_DTYPE_KEYS = ("dtype", "source_name")
_QUANTISED = re.compile(r"(int8|int4(/-?\d{1,6})?|float8)_from_(\w{1,20})")
WORDS_LIMIT = 512 * 2**20
_FILE_KEYS = ("vocabulary", "idf_weights")
_SAVE_AGAIN = "build the model without it and save it again"
_OWN_LAYERS = "PoolViewer opens Sequential and Functional models made of Keras’s own layers"
_AS_KERAS = "save the model under a name that ends in .keras"

_RUNS_CODE = {
    "Lambda": "a Lambda layer, which runs Python code from the file",
    "__lambda__": "a Lambda layer, which runs Python code from the file",
    "TFSMLayer": "a TFSMLayer, which runs another program",
    "TorchModuleWrapper": "a TorchModuleWrapper, which runs Python code from the file",
    "JaxLayer": "a JaxLayer, which runs Python code from the file",
    "FlaxLayer": "a FlaxLayer, which runs Python code from the file",
    "TFOpLambda": "a TFOpLambda of Keras 2, which Keras 3 cannot open",
    "SlicingOpLambda": "a SlicingOpLambda of Keras 2, which Keras 3 cannot open",
}
_NAMES_WITH_MODULE = frozenset(name for _, name in CLASSES)


def clean(config: Config) -> None:
    """Take out what is not needed to look at a network, and name what Keras 2 named otherwise.

    The settings for training would bring in optimizers, losses and metrics, even of nested
    models, whose settings `compile=False` does not reach. A recurrent layer that is not unrolled
    gives the same numbers, and takes no time for each step when it is loaded.
    """
    for _, value in walk(config):
        if isinstance(value, dict) and "class_name" in value:
            value.pop("compile_config", None)
            if isinstance(value.get("config"), dict) and "unroll" in value["config"]:
                value["config"]["unroll"] = False
            known_as = (str(value.get("module")), str(value["class_name"]))
            if known_as in RENAMED:
                value["module"], value["class_name"] = RENAMED[known_as]
                value["registered_name"] = None


def clear_initializers(config: Config) -> None:
    """Let Keras begin with zeros where the file's weights follow: some others take minutes."""
    for _, value in walk(config):
        if isinstance(value, dict):
            for key in value:
                if isinstance(key, str) and key.endswith("_initializer"):
                    value[key] = "zeros"


def check_config(config: Config) -> None:
    """Refuse a description that names anything which is not on the list.

    Raises
    ------
    Unsound
        A class, function or data type that is not allowed; no Sequential or Functional model;
        a layer that is called without any other layer's output, or reads another file.
    """
    for key, value in walk(config):
        if isinstance(value, dict):
            if "class_name" in value:
                _check_object(value)
            _check_files(value)
            _check_kinds(value)
            for node in _nodes(value):
                _check_node(node)
        elif isinstance(value, str):
            _check_text(key, value)
    _check_top(config)


def _check_top(config: Config) -> None:
    inner = config.get("config")
    if config.get("class_name") not in MODELS:
        raise Unsound(f"holds no whole network: {_OWN_LAYERS}")
    if not isinstance(inner, dict) or not isinstance(inner.get("layers"), list):
        raise Unsound(f"does not list its layers: {_OWN_LAYERS}")


def _check_object(value: Config) -> None:
    name = value["class_name"]
    if not isinstance(name, str):
        raise Unsound(f"has a class without a name: {DAMAGED.partition(': ')[2]}")
    if name in _RUNS_CODE:
        raise Unsound(f"holds {_RUNS_CODE[name]}: {_SAVE_AGAIN}")
    if name == "function":
        _check_function(value)
    elif name in VALUES and not value.get("module"):
        return
    elif "module" in value:
        _check_class(value["module"], name, value.get("registered_name"))
    elif name not in BARE_CLASSES:
        _refuse_bare(name)


def _check_class(module: object, name: str, registered: object) -> None:
    if not isinstance(module, str) or module.split(".")[0] != "keras":
        home = f" of {quoted(module)}" if isinstance(module, str) and module else ""
        raise Unsound(f"holds the class {quoted(name)}{home}: {_OWN_LAYERS}")
    if (module, name) not in CLASSES:
        raise Unsound(
            f"holds the class {quoted(f'{module}.{name}')}, which PoolViewer does not open: "
            f"{_SAVE_AGAIN}"
        )
    if registered not in (None, name):
        raise Unsound(f"holds the class {quoted(registered)} in place of {name}: {_OWN_LAYERS}")


def _refuse_bare(name: str) -> None:
    if name in _NAMES_WITH_MODULE:
        raise Unsound(f"holds {quoted(name)}, which HDF5 files cannot bring back: {_AS_KERAS}")
    raise Unsound(f"holds the class {quoted(name)}: {_OWN_LAYERS}")


def _check_function(value: Config) -> None:
    name, module = value.get("config"), value.get("module", "builtins")
    registered = value.get("registered_name")
    is_known = isinstance(name, str) and name in FUNCTIONS and module in FUNCTION_MODULES
    if not is_known or registered not in (None, "function", name):
        _refuse_function(name)


def _refuse_function(name: object) -> None:
    raise Unsound(
        f"names the function {quoted(name)}, which is not one of Keras’s activations, "
        f"initializers, regularizers or constraints: {_SAVE_AGAIN}"
    )


def _check_text(key: str, value: str) -> None:
    if key in _DTYPE_KEYS and not _is_dtype(value):
        raise Unsound(f"has the data type {quoted(value)}, which Keras does not have: correct it")
    if _FUNCTION_KEY.fullmatch(key) and value not in FUNCTIONS:
        _refuse_function(value)


def _check_files(value: Config) -> None:
    """A list of words is kept in the model; a text in its place is the name of a file."""
    for key in _FILE_KEYS:
        words = value.get(key)
        if isinstance(words, str):
            raise Unsound(f"reads the file {quoted(words)}: keep its words inside the model")
        if isinstance(words, list):
            check_words(str(word) for word in words)


def _check_kinds(value: Config) -> None:
    """NumPy would take a list or a dictionary for a kind of number of any size."""
    for key in _DTYPE_KEYS:
        kind = value.get(key)
        is_policy = isinstance(kind, dict) and "class_name" in kind
        if not (kind is None or isinstance(kind, str) or is_policy):
            raise Unsound(
                f"has the data type {quoted(kind)}, which Keras does not have: correct it"
            )


def check_words(words: Iterable[str]) -> None:
    """Refuse a vocabulary that NumPy would give the room of its longest word for each word."""
    lengths = [len(word) for word in words]
    if 4 * len(lengths) * max(lengths, default=0) > WORDS_LIMIT:
        raise Unsound(
            f"has {len(lengths):,} words, the longest of {max(lengths):,} characters: shorten it"
        )


def _is_dtype(value: str) -> bool:
    quantised = _QUANTISED.fullmatch(value)
    return (quantised[3] if quantised else value) in DTYPES


def _nodes(value: Config) -> list[Any]:
    nodes = value.get("inbound_nodes")
    return nodes if isinstance(nodes, list) else []


def _check_node(node: object) -> None:
    """A call without any layer's output would run at once, with whatever numbers it is given."""
    if isinstance(node, dict):
        is_fed = any(
            isinstance(value, dict) and value.get("class_name") == "__keras_tensor__"
            for _, value in walk(node)
        )
    else:
        is_fed = isinstance(node, list) and bool(node)
    if not is_fed:
        raise Unsound(f"calls a layer on nothing that another layer gives: {_SAVE_AGAIN}")
