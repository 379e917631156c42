"""What Keras would allocate for a network, worked out from its description before it does."""

import math
from collections.abc import Sequence
from typing import Any

from poolviewer.model.findings import Unsound, size_in_words
from poolviewer.model.shapes import Config, Shape, number, per_axis, product, shape_after
from poolviewer.model.strict_json import walk
from poolviewer.model.weights_process import HeldWeights

# Keys of layers that become a side of an array of weights.
_SIDES = frozenset(
    (
        "units",
        "filters",
        "input_dim",
        "output_dim",
        "depth_multiplier",
        "key_dim",
        "value_dim",
        "head_dim",
    )
)
_ITEM = 4
_SLACK = 64 * 2**20
_LARGER = 8  # int4 weights are unpacked, float64 is twice the item above
_PASSES = 20
_GATES = {"LSTM": 4, "LSTMCell": 4, "GRU": 3, "GRUCell": 3, "SimpleRNN": 1, "SimpleRNNCell": 1}


def check_allocation(config: Config, held: HeldWeights, budget_bytes: int) -> None:
    """Refuse a network that is larger than its weights, or than the budget if it has none.

    Raises
    ------
    Unsound
        A layer is wider than any array in the file; or all layers together need far more memory
        than the weights have, or than may be used.
    """
    if held.arrays:
        for key, value in walk(config):
            if key in _SIDES and isinstance(value, int) and value > held.largest_side:
                raise Unsound(
                    f"asks for {key}={value:,} and its weights hold {held.largest_side:,} at most: "
                    "save or fetch it again"
                )
    needed = _ITEM * count_values(config, held.largest_side or 1)[0]
    if held.arrays and needed > _LARGER * held.bytes + _SLACK:
        raise Unsound(
            f"needs {size_in_words(needed)} for its weights and holds {size_in_words(held.bytes)}: "
            "save or fetch it again"
        )
    if needed > budget_bytes:
        raise Unsound(
            f"needs {size_in_words(needed)} for its weights and the memory that may be used is "
            f"{size_in_words(budget_bytes)}: raise the limit or choose a smaller model"
        )


def count_values(config: Config, unknown: int) -> tuple[int, Shape | None]:
    """Return how many values the weights of a network have, and the shape that leaves it.

    Parameters
    ----------
    config
        The network's description.
    unknown
        The width to assume where a shape is not known.
    """
    return _Counter(unknown).count_model(config, [])


class _Counter:
    """Counts the values of weights, following shapes from layer to layer."""

    def __init__(self, unknown: int) -> None:
        self._unknown = unknown

    def count_model(self, model: Config, given: Sequence[Shape | None]) -> tuple[int, Shape | None]:
        """Return how many values a model's weights have, and the shape that leaves it."""
        config = _dict(model.get("config"))
        layers = [layer for layer in _list(config.get("layers")) if isinstance(layer, dict)]
        if model.get("class_name") == "Sequential":
            return self._count_chain(model, config, layers, given)
        return self._count_graph(layers, given, _names_in(config.get("output_layers")))

    def _count_chain(
        self, model: Config, config: Config, layers: list[Config], given: Sequence[Shape | None]
    ) -> tuple[int, Shape | None]:
        starts = [*_built_shapes(model), *_shapes_in(config.get("build_input_shape"))]
        shape = next((s for s in [*given, *starts] if s is not None), None)
        total = 0
        for layer in layers:
            count, shape = self._count_layer(layer, [shape])
            total += count
        return total, shape

    def _count_graph(
        self, layers: list[Config], given: Sequence[Shape | None], outputs: list[str]
    ) -> tuple[int, Shape | None]:
        """Go through the layers until each had its turn; what remains has no known shape."""
        shapes: dict[str, Shape | None] = {}
        waiting, total, inputs = list(layers), 0, list(given)
        for _ in range(_PASSES):
            left = []
            for layer in waiting:
                calls = [_names_in(node) for node in _list(layer.get("inbound_nodes"))] or [[]]
                if any(name not in shapes for names in calls for name in names):
                    left.append(layer)
                    continue
                outside = [inputs.pop(0)] if inputs and calls == [[]] else []
                after = [
                    self._count_layer(layer, [shapes[name] for name in names] or outside)
                    for names in calls
                ]
                total += max(count for count, _ in after)
                shapes[_name_of(layer)] = max((shape for _, shape in after), key=_size)
            if len(left) == len(waiting):
                break
            waiting = left
        total += sum(self._count_layer(layer, [None])[0] for layer in left)
        return total, shapes.get(outputs[0]) if outputs else None

    def _count_layer(
        self, layer: Config, shapes: Sequence[Shape | None]
    ) -> tuple[int, Shape | None]:
        kind, config = str(layer.get("class_name")), _dict(layer.get("config"))
        if isinstance(config.get("layers"), list):
            return self.count_model(layer, shapes)
        first = _shapes_in(config.get("batch_shape", config.get("batch_input_shape")))
        if kind == "InputLayer":
            return 0, _narrowed([*first, None][0], shapes[0] if shapes else None)
        if not any(shapes) and first:
            shapes = first
        inner = config.get("layer", config.get("cell"))
        if isinstance(inner, dict):
            return self._count_wrapper(kind, inner, shapes)
        entering = [shapes[0] if shapes else None, *_built_shapes(layer)]
        counts = [self._values(kind, config, shape) for shape in entering]
        return max(counts), shape_after(kind, config, shapes)

    def _count_wrapper(
        self, kind: str, inner: Config, shapes: Sequence[Shape | None]
    ) -> tuple[int, Shape | None]:
        if kind == "TimeDistributed":
            inside = [shape[1:] if shape else None for shape in shapes]
            count, after = self._count_layer(inner, inside)
            return count, None if after is None else (None, *after)
        count, after = self._count_layer(inner, shapes)
        if kind == "SpectralNormalization":
            return count, after
        return (2 if kind == "Bidirectional" else 1) * count, None

    def _values(self, kind: str, config: Config, shape: Shape | None) -> int:
        """Count the values of the weights of one layer that makes them itself."""
        is_first = config.get("data_format") == "channels_first"
        width = None if not shape else shape[0 if is_first else -1]
        if kind == "PReLU" and shape:
            shared = _list(config.get("shared_axes"))
            own = [n for axis, n in enumerate(shape, 1) if axis not in shared]
            return math.prod(self._unknown if n is None else n for n in own)
        return _values_of(kind, config, self._unknown if width is None else width)


def _values_of(kind: str, config: Config, width: int) -> int:
    """Count the values of the weights of a layer whose input is `width` values wide."""
    if kind in ("Dense", "EinsumDense"):
        sides = _list(config.get("output_shape")) or [config.get("units")]
        return (width + 1) * math.prod(number(side) or 1 for side in sides)
    if kind in _GATES:
        units = number(config.get("units")) or 1
        return _GATES[kind] * units * (width + units + 2)
    if kind == "Embedding":
        return (number(config.get("input_dim")) or 1) * (number(config.get("output_dim")) or 1)
    if kind in ("MultiHeadAttention", "GroupQueryAttention"):
        heads = number(config.get("num_heads", config.get("num_query_heads"))) or 1
        size = number(config.get("key_dim", config.get("head_dim"))) or 1
        return 4 * (width + 1) * heads * max(size, number(config.get("value_dim")) or 1)
    if "Conv" in kind:
        return _values_of_convolution(kind, config, width)
    return 4 * width if "Normalization" in kind else 0


def _values_of_convolution(kind: str, config: Config, width: int) -> int:
    rank = 3 if "3D" in kind else 2 if "2D" in kind else 1
    kernel = math.prod(per_axis(config.get("kernel_size"), rank))
    filters = number(config.get("filters")) or 1
    multiplied = width * (number(config.get("depth_multiplier")) or 1)
    if "Depthwise" in kind:
        return (kernel + 1) * multiplied
    if "Separable" in kind:
        return kernel * multiplied + (multiplied + 1) * filters
    if "LSTM" in kind:
        return 4 * filters * (kernel * (width + filters) + 1)
    return (kernel * -(-width // (number(config.get("groups")) or 1)) + 1) * filters


def _narrowed(own: Shape | None, given: Shape | None) -> Shape | None:
    """Return an input's own shape, with what it leaves open taken from what enters."""
    if own is None or given is None or len(own) != len(given):
        return given if own is None else own
    return tuple(g if o is None else o for o, g in zip(own, given, strict=True))


def _built_shapes(layer: Config) -> list[Shape | None]:
    """Return the shapes with which Keras builds a layer before it is called."""
    return _shapes_in(layer.get("build_config"))


def _shapes_in(value: object) -> list[Shape | None]:
    """Return every shape in a value, without its batch."""
    found: list[Shape | None] = []
    for _, item in walk(value):
        if isinstance(item, list) and not any(isinstance(size, list | dict) for size in item):
            found.append(tuple(number(size) for size in item[1:]))
    return found


def _names_in(nodes: object) -> list[str]:
    """Return the layers whose outputs enter, of calls as Keras 3 or as Keras 2 writes them."""
    names: list[str] = []
    for key, item in walk(nodes):
        if isinstance(item, dict) and item.get("class_name") == "__keras_tensor__":
            names += [
                str(name) for name in _list(_dict(item.get("config")).get("keras_history"))[:1]
            ]
        elif key != "keras_history" and isinstance(item, list) and len(item) in (3, 4):
            names += [item[0]] if isinstance(item[0], str) and isinstance(item[1], int) else []
    return names


def _name_of(layer: Config) -> str:
    return str(layer.get("name", _dict(layer.get("config")).get("name")))


def _size(shape: Shape | None) -> float:
    """Return by which the largest of shapes is found; one that is not known is larger than any."""
    size = None if shape is None else product(shape)
    return math.inf if size is None else size


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
