"""A block as VGG networks begin with, written to a file to be opened like any other."""

from pathlib import Path

import keras

SIDE = 224
FILTERS = 64


def save_vgg_block(path: Path) -> None:
    """Save two convolutions 3×3 with ReLU and one 2×2 pooling, with fixed random weights."""
    keras.utils.set_random_seed(0)
    convolution = {"filters": FILTERS, "kernel_size": 3, "padding": "same", "activation": "relu"}
    layers = [
        keras.Input((SIDE, SIDE, 3), name="input"),
        keras.layers.Conv2D(name="block1_conv1", **convolution),
        keras.layers.Conv2D(name="block1_conv2", **convolution),
        keras.layers.MaxPooling2D(2, name="block1_pool"),
    ]
    keras.Sequential(layers, name="vgg_block").save(path)
