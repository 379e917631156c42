"""Numbers in a network's description that would make Keras work without end while it loads."""

from typing import Any

from poolviewer.model.findings import Unsound
from poolviewer.model.strict_json import walk

LAYER_LIMIT = 5_000
CALL_LIMIT = 10_000
_LARGEST = 2**31 - 1
_FREE_KEYS = ("seed", "value", "salt", "vocabulary", "shared_object_id")

# Keys of layers and operations, and the largest number that may stand under each.
_LIMITS = {
    **dict.fromkeys(("kernel_size", "pool_size", "strides", "dilation_rate"), 65_536),
    **dict.fromkeys(("padding", "cropping", "height", "width", "n", "groups"), 65_536),
    **dict.fromkeys(("batch_shape", "batch_input_shape", "input_shape"), 2**24),
    **dict.fromkeys(("size", "repeats", "output_size", "num_layers"), 4_096),
    **dict.fromkeys(("fft_length", "frame_length", "num_mel_bins", "sequence_length"), 4_096),
    **dict.fromkeys(("indices_or_sections", "k", "num_classes", "num_tokens"), 65_536),
    **dict.fromkeys(("num_oov_indices", "rank", "ngrams", "max_boxes"), 1_024),
    **dict.fromkeys(("num_ops", "num_chains", "chain_depth", "power_iterations"), 64),
}


def check_work(config: dict[str, Any]) -> None:
    """Refuse a network of too many layers or calls, or with a number beyond its limit.

    Raises
    ------
    Unsound
        More than 5,000 layers; nested models whose calls multiply to more than 10,000; a pool
        size, padding, … that no picture needs.
    """
    layers = sum(
        len(value["layers"])
        for _, value in walk(config)
        if isinstance(value, dict) and isinstance(value.get("layers"), list)
    )
    _check_count(layers, LAYER_LIMIT, "layers")
    _check_count(_calls(config), CALL_LIMIT, "calls of layers")
    for key, value in walk(config):
        _check_number(key, value)


def _check_count(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise Unsound(f"has {_shown(count)} {what} and the limit is {limit:,}: simplify it")


def _calls(value: object) -> int:
    """Count how often layers are called when the network is put together.

    A nested model calls all its layers again each time it is called itself, so that thirty
    models which each call the one before twice are a thousand million calls.
    """
    if isinstance(value, list):
        return sum(map(_calls, value))
    if not isinstance(value, dict):
        return 0
    layers = value.get("layers")
    if isinstance(layers, list):
        return sum(_times_called(layer) * max(1, _calls(layer)) for layer in layers)
    return sum(map(_calls, value.values()))


def _times_called(layer: object) -> int:
    nodes = layer.get("inbound_nodes") if isinstance(layer, dict) else None
    return max(1, len(nodes)) if isinstance(nodes, list) else 1


def _check_number(key: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or key in _FREE_KEYS:
        return
    limit = _LIMITS.get(key, _LARGEST)
    if abs(value) > limit:
        raise Unsound(f"has {key}={_shown(value)} and the limit is {limit:,}: correct it")


def _shown(number: int) -> str:
    return f"{number:,}" if abs(number) < 10**15 else f"about {float(number):.0e}"
