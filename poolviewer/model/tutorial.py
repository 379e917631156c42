"""The tutorial's network as a Keras model: one convolution, one pooling."""

import keras

from poolviewer.core.errors import NetworkError
from poolviewer.core.network import NetworkSpec, problems

_POOLING_LAYERS = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}


def build_model(spec: NetworkSpec) -> keras.Model:
    """Build the network with weights that depend on its parameters and its seed alone.

    ``tf.random.set_seed`` does not fix the initial weights in Keras 3, which draws a seed for
    each layer from Python's generator; ``keras.utils.set_random_seed`` sets all three generators.

    Raises
    ------
    NetworkError
        If the parameters are impossible; the sentence says why.
    """
    found = problems(spec)
    if found:
        raise NetworkError(found[0].sentence)
    keras.utils.set_random_seed(spec.seed)
    stage = spec.stage
    layers = [
        keras.Input(spec.input.shape, name="input", dtype="float32"),
        keras.layers.Conv2D(
            spec.filters,
            spec.kernel_size,
            strides=spec.strides,
            padding=spec.padding,
            activation=spec.activation,
            data_format="channels_last",
            dtype="float32",
            name=stage.source_layer,
        ),
        _POOLING_LAYERS[spec.pool_kind](
            spec.pool_size,
            strides=spec.pool_strides,
            padding=spec.pool_padding,
            data_format="channels_last",
            dtype="float32",
            name=stage.name,
        ),
    ]
    return keras.Sequential(layers, name="tutorial")
