"""The networks of `keras.applications`: every pooling layer is found, and its maps are its own.

One of each family and size of building block; the others of a family only repeat more of them.
"""

import keras
import numpy as np
import pytest

from poolviewer.core.geometry import PixelBox
from poolviewer.core.model_info import ModelFile
from poolviewer.model.engine import open_model

from .cases import BUDGET
from .stage_runs import assert_maps, described, pooling_layers, run_stage

SIDE = 96
POOLINGS = {
    "ConvNeXtTiny": 1,
    "DenseNet121": 5,
    "EfficientNetB0": 17,
    "EfficientNetV2B0": 17,
    "InceptionResNetV2": 6,
    "InceptionV3": 14,
    "MobileNet": 1,
    "MobileNetV2": 1,
    "MobileNetV3Large": 9,
    "MobileNetV3Small": 10,
    "NASNetMobile": 61,
    "ResNet50": 2,
    "ResNet50V2": 5,
    "VGG16": 6,
    "VGG19": 6,
    "Xception": 5,
}
SAVED = (
    "ConvNeXtTiny",
    "DenseNet121",
    "EfficientNetB0",
    "MobileNetV2",
    "NASNetMobile",
    "ResNet50",
)


def built(name):
    keras.utils.set_random_seed(8)
    make = getattr(keras.applications, name)
    return make(weights=None, include_top=False, pooling="avg", input_shape=(SIDE, SIDE, 3))


def opened_from_file(model, folder):
    """Open a model as a person does: saved, through the gate, loaded."""
    path = folder / "net.keras"
    model.save(path)
    return open_model(ModelFile(str(path)), 4 * BUDGET)


@pytest.mark.parametrize("name", POOLINGS)
def test_every_pooling_of_an_application(name, tmp_path):
    model = built(name)
    pools = pooling_layers(model)
    opened = opened_from_file(model, tmp_path) if name in SAVED else described(model)
    stages = opened.info.stages
    assert len(stages) == POOLINGS[name]
    assert [stage.name for stage in stages] == [layer.name for layer in pools]
    shapes = {layer.name: (layer.input.shape[1:], layer.output.shape[1:]) for layer in pools}
    assert {s.name: (s.source_shape, s.pooled_shape) for s in stages} == shapes
    assert_some_maps(
        model, opened, [stages[i].name for i in {0, len(stages) // 2, -1 % len(stages)}]
    )


def assert_some_maps(model, opened, names):
    """Check some stages against one sub-model of Keras that gives the maps of them all."""
    found = [model.get_layer(name) for name in names]
    part = keras.Model(model.inputs[0], [end for one in found for end in (one.input, one.output)])
    values = np.random.default_rng(9).uniform(0, 255, (SIDE, SIDE, 3)).astype(np.float32)
    truth = [np.asarray(maps)[0] for maps in part(values[np.newaxis], training=False)]
    for name, source, pooled in zip(names, truth[::2], truth[1::2], strict=True):
        activations = run_stage(opened, name, values=values)
        tolerance = 1e-4 * max(float(np.abs(source).max()), 1e-6)
        assert_maps(activations, source, pooled, rtol=1e-3, atol=tolerance)
        assert np.ptp(source) > 0
        assert_field(activations.stage)


def assert_field(stage):
    """The pixel in the middle is made of the middle of the picture, among others."""
    assert stage.field_undefined_by is None
    row, col = (size // 2 for size in stage.pooled_shape)
    field = stage.receptive_field(stage.pooling.grid.window(row, col))
    middle = PixelBox.of_pixel(SIDE // 2, SIDE // 2)
    assert field.row_start <= middle.row_start < field.row_stop
    assert field.col_start <= middle.col_start < field.col_stop
