"""One number that leaves a layer, worked out anew in float64 from what enters it.

Written without the application's own arithmetic, tap by tap, so that the two can be held against
each other and both against TensorFlow.
"""

import numpy as np

from poolviewer.core.element_functions import value
from poolviewer.core.operations import (
    Activation,
    Concatenation,
    Convolution,
    Identity,
    Merge,
    Normalisation,
    Pad,
    Pool,
    Scaling,
    Unknown,
)
from poolviewer.core.precision import epsilon, rounded, smallest

PIXELS = 12
# Sums of thousands of products are rounded again and again, in an order of TensorFlow's own.
ROUNDINGS = 40


def assert_steps_agree(activations, seed=0, roundings=ROUNDINGS):
    """Work out some pixels of every step; return the names of the layers that are not followed."""
    generator = np.random.default_rng(seed)
    steps = activations.stage.graph.steps
    assert len(steps) == len(activations.operations) == len(activations.precisions)
    unfollowed = []
    for index, (step, operation) in enumerate(zip(steps, activations.operations, strict=True)):
        made = activations.map_of(index)
        assert made is None or made.shape[:2] == step.shape
        if isinstance(operation, Unknown):
            unfollowed.append(step.name)
            continue
        sources = [activations.map_of(link.source) for link in step.links]
        assert made is not None
        for place in generator.integers(0, made.shape, (PIXELS, 3)).tolist():
            assert_number(activations, index, sources, place, roundings)
    return unfollowed


def assert_number(activations, index, sources, place, roundings=ROUNDINGS):
    operation, precision = activations.operations[index], activations.precisions[index]
    read = [source if precision == "float32" else rounded(source, precision) for source in sources]
    expected, size = number(operation, read, *place)
    name = activations.stage.graph.steps[index].name
    found = float(activations.map_of(index)[tuple(place)])
    off = abs(found - expected)
    tolerance = roundings * epsilon(precision) * size + 2 * smallest(precision)
    assert off <= tolerance, (name, place, found, expected)


def number(operation, sources, row, col, channel):
    """Return the number, and how large those are that it was summed from."""
    if isinstance(operation, Convolution):
        return _convolved(operation, sources[0], row, col, channel)
    if isinstance(operation, Pool):
        return _pooled(operation.pooling, sources[0][:, :, channel], row, col)
    if isinstance(operation, Pad):
        return _padded(operation.before, sources[0][:, :, channel], row, col)
    if isinstance(operation, Concatenation):
        chosen = np.concatenate([source[row, col] for source in sources])[channel]
        return float(chosen), abs(float(chosen))
    numbers = [_spread(source, row, col, channel) for source in sources]
    if isinstance(operation, Merge):
        return _merged(operation.kind, numbers)
    return _pointwise(operation, numbers[0], channel)


def _pointwise(operation, x, channel):
    if isinstance(operation, Identity):
        return x, abs(x)
    if isinstance(operation, Activation):
        result = float(value(operation.function.of_channel(channel), x))
        return result, abs(result) + abs(x)
    if isinstance(operation, Scaling):
        factor, offset = float(operation.factor[channel]), float(operation.offset[channel])
        return x * factor + offset, abs(x * factor) + abs(offset)
    assert isinstance(operation, Normalisation)
    mean, variance, gamma, beta = (
        float(each[channel])
        for each in (operation.mean, operation.variance, operation.gamma, operation.beta)
    )
    factor = gamma / np.sqrt(variance + operation.epsilon)
    return (x - mean) * factor + beta, abs(factor) * (abs(x) + abs(mean)) + abs(beta)


def _spread(source, row, col, channel):
    return float(
        source[tuple(i % n for i, n in zip((row, col, channel), source.shape, strict=True))]
    )


def _convolved(operation, source, row, col, channel):
    rows, cols = operation.grid.rows, operation.grid.cols
    kernel = operation.kernel_of(channel).astype(np.float64)
    channels = kernel.shape[2]
    group = 0 if operation.groups == 1 else channel * operation.groups // operation.kernel.shape[3]
    products = []
    for tap_row in range(rows.size):
        for tap_col in range(cols.size):
            r = row * rows.stride - rows.pad_before + tap_row * rows.dilation
            c = col * cols.stride - cols.pad_before + tap_col * cols.dilation
            if 0 <= r < source.shape[0] and 0 <= c < source.shape[1]:
                seen = source[r, c, group * channels : (group + 1) * channels]
                products.extend(seen.astype(np.float64) * kernel[tap_row, tap_col])
    bias = 0.0 if operation.bias is None else float(operation.bias[channel])
    total, size = float(np.sum(products)) + bias, float(np.sum(np.abs(products))) + abs(bias)
    if operation.function is None:
        return total, size
    result = float(value(operation.function.of_channel(channel), total))
    return result, size + abs(result)


def _pooled(pooling, source, row, col):
    found = source[pooling.grid.window(row, col).slices].astype(np.float64)
    if pooling.kind == "max":
        return float(found.max()), float(np.abs(found).max())
    return float(found.mean()), float(np.abs(found).mean())


def _padded(before, source, row, col):
    r, c = row - before[0], col - before[1]
    inside = 0 <= r < source.shape[0] and 0 <= c < source.shape[1]
    found = float(source[r, c]) if inside else 0.0
    return found, abs(found)


def _merged(kind, numbers):
    if kind == "multiply":
        return float(np.prod(numbers)), abs(float(np.prod(numbers)))
    size = float(np.sum(np.abs(numbers)))
    results = {
        "add": np.sum(numbers),
        "subtract": numbers[0] - numbers[-1],
        "average": np.mean(numbers),
        "maximum": np.max(numbers),
        "minimum": np.min(numbers),
    }
    return float(results[kind]), size
