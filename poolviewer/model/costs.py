"""What one run of a graph costs in memory and work, from its shapes alone."""

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
    inputs, outputs = operation.inputs, operation.outputs
    if operation.type == "Conv2D":
        return _length(outputs[0]) * _taps(inputs[1], 3)
    if operation.type == "DepthwiseConv2dNative":
        return _length(outputs[0]) * _taps(inputs[1], 2)
    if operation.type == "Conv2DBackpropInput":  # a transposed convolution
        return _length(inputs[2]) * _taps(inputs[1], 3)
    if operation.type in ("MaxPool", "AvgPool"):
        return _length(outputs[0]) * int(prod(operation.get_attr("ksize")))
    if operation.type in ("MatMul", "BatchMatMulV2", "BatchMatMulV3"):
        return _length(outputs[0]) * int(inputs[0].shape[-1] or 1)
    return 0


def _taps(kernel: tf.Tensor, axes: int) -> int:
    """Return the product of the kernel's first lengths."""
    return prod(size or 1 for size in kernel.shape.as_list()[:axes])


def _length(tensor: tf.Tensor) -> int:
    return prod(tensor.shape.as_list()) if tensor.shape.is_fully_defined() else 0
