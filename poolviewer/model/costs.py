"""What one run of a graph costs in memory and work, from its shapes alone."""

from collections.abc import Callable
from math import prod

import tensorflow as tf

# A minute or so on two cores; a frame in the making cannot be called off.
MOST_OPERATIONS = 5 * 10**12

_FREE = frozenset(
    [
        "Placeholder",
        "Const",
        "Identity",
        "ReadVariableOp",
        "NoOp",
        "Reshape",
        "ExpandDims",
        "Squeeze",
    ]
)


def bytes_of(graph: tf.Graph) -> int:
    """Return the memory that all tensors of a graph take, those of open size left out."""
    tensors = (
        tensor
        for operation in graph.get_operations()
        if operation.type not in _FREE
        for tensor in operation.outputs
    )
    return sum(_length(tensor) * tensor.dtype.size for tensor in tensors)


def operations_of(graph: tf.Graph) -> int:
    """Return how many products and comparisons its convolutions, poolings and matrices take."""
    return sum(_operations(operation) for operation in graph.get_operations())


def _operations(operation: tf.Operation) -> int:
    count = _COUNTS.get(operation.type)
    return count(operation) if count else 0


def _convolution(operation: tf.Operation) -> int:
    kernel = operation.inputs[1]
    axes = 2 if operation.type.startswith("Depthwise") else kernel.shape.rank - 1
    return _length(operation.outputs[0]) * _taps(kernel, axes)


def _transposed_convolution(operation: tf.Operation) -> int:
    kernel = operation.inputs[1]
    return _length(operation.inputs[2]) * _taps(kernel, kernel.shape.rank - 1)


def _pooling(operation: tf.Operation) -> int:
    return _length(operation.outputs[0]) * int(prod(operation.get_attr("ksize")))


def _matrices(operation: tf.Operation) -> int:
    is_turned = operation.get_attr("transpose_a" if operation.type == "MatMul" else "adj_x")
    inner = operation.inputs[0].shape[-2 if is_turned else -1]
    return _length(operation.outputs[0]) * int(inner or 1)


def _labels_product(operation: tf.Operation) -> int:
    """Return the product of the lengths of all axes that a sum over products names."""
    terms = operation.get_attr("equation").decode().partition("->")[0].split(",")
    sizes = {
        label: size or 1
        for term, tensor in zip(terms, operation.inputs, strict=True)
        for label, size in zip(reversed(term), reversed(tensor.shape.as_list()), strict=False)
    }
    return prod(sizes.values())


def _taps(kernel: tf.Tensor, axes: int) -> int:
    """Return the product of the kernel's first lengths."""
    return prod(size or 1 for size in kernel.shape.as_list()[:axes])


def _length(tensor: tf.Tensor) -> int:
    return prod(tensor.shape.as_list()) if tensor.shape.is_fully_defined() else 0


_COUNTS: dict[str, Callable[[tf.Operation], int]] = {
    "Conv2D": _convolution,
    "Conv3D": _convolution,
    "DepthwiseConv2dNative": _convolution,
    "Conv2DBackpropInput": _transposed_convolution,
    "Conv3DBackpropInputV2": _transposed_convolution,
    "MaxPool": _pooling,
    "AvgPool": _pooling,
    "MaxPool3D": _pooling,
    "AvgPool3D": _pooling,
    "MatMul": _matrices,
    "BatchMatMulV2": _matrices,
    "BatchMatMulV3": _matrices,
    "Einsum": _labels_product,
}
