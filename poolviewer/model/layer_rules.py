"""From a layer of Keras to how the rows and columns of its maps are used.

Only the very classes of Keras are known: a class made from one of them may do anything.
"""

from collections.abc import Callable, Sequence

import keras

from poolviewer.model.layer_use import AS_IT_IS, ONE_PIXEL, Layout, Rules, Shape, Use
from poolviewer.model.pixel_rules import (
    MIXING_ACTIVATIONS,
    PIXELWISE,
    application_rules,
    operation_rules,
    pointwise,
)
from poolviewer.model.spatial_rules import SPATIAL

_Handler = Callable[[Use], tuple[Rules, ...] | None]
_HANDLERS: dict[type, _Handler] = {**SPATIAL, **PIXELWISE}
# What has no public class is known by its module and name.
_PRIVATE: dict[str, _Handler] = {
    "keras.src.activations.": operation_rules,
    "keras.src.ops.": operation_rules,
    "keras.src.applications.": application_rules,
}


def links_of(
    layer: keras.Layer | keras.Operation,
    source_shapes: Sequence[Shape],
    output_shape: Shape,
    layout: Layout = "channels_last",
) -> tuple[Rules, ...] | None:
    """Return for each tensor that a layer reads how its rows and columns are used.

    Random layers are taken as at inference, where they let pass what they get.

    Parameters
    ----------
    layer
        A layer or an operation of a functional model.
    source_shapes, output_shape
        Shapes of the tensors that it reads and of the one that leaves it, without the batch.
    layout
        Where these have their channels if the layer has no data format of its own.

    Returns
    -------
    tuple of (rows, cols) or None
        None where it is not known; an axis whose rule is None is used pixel for pixel. Empty for
        a layer that reads nothing.
    """
    if not source_shapes:
        return ()
    use = Use.of(layer, source_shapes, output_shape, layout)
    if use is None:
        return None
    found = _rules_of(use)
    if found is None and all(source == ONE_PIXEL for source in use.sources):
        found = (AS_IT_IS,) * len(use.sources)  # there is nothing else that it could be made from
    return found if found is not None and _fit(use, found) else None


def _rules_of(use: Use) -> tuple[Rules, ...] | None:
    handler = _HANDLERS.get(type(use.layer))
    if handler is not None:
        return handler(use) if _has_known_activation(use) else None
    module = type(use.layer).__module__
    private = (rules for start, rules in _PRIVATE.items() if module.startswith(start))
    found = next(private, None)
    return found(use) if found is not None else None


def _has_known_activation(use: Use) -> bool:
    """Whether an activation within a layer, if there is one, takes every pixel for itself.

    Those that take the last axis do so where it is the channels'; else only the rules of layers
    that are known to take it, too, can say.
    """
    activation = getattr(use.layer, "activation", None)
    if activation is None:
        return True
    if isinstance(activation, keras.Layer):
        return PIXELWISE.get(type(activation)) is pointwise
    if not getattr(activation, "__module__", "").startswith("keras.src.activations"):
        return False
    is_last = use.layout == "channels_last" or type(use.layer) in PIXELWISE
    return is_last or activation.__name__ not in MIXING_ACTIVATIONS


def _fit(use: Use, found: tuple[Rules, ...]) -> bool:
    """Whether the rules have the lengths of the layer's maps: else they are not its rules."""
    if len(found) != len(use.sources):
        return False
    for rules, source in zip(found, use.sources, strict=True):
        for rule, entering, leaving in zip(rules, source, use.output, strict=True):
            before, after = (rule.source_size, rule.count) if rule else (entering, leaving)
            is_spread = rule is None and entering == 1
            if (before, after) != (entering, leaving) or not (rule or is_spread or before == after):
                return False
    return True
