"""The two trained networks that come with PoolViewer, through the gate as a person opens them."""

import keras
import numpy as np
import pytest

from poolviewer.core.errors import NetworkError
from poolviewer.core.geometry import PixelBox
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.model_info import InputInfo, ModelFile, ModelSpec, StageInfo
from poolviewer.model.engine import open_model
from poolviewer.resources import resource_path
from poolviewer.sources.image import read_picture
from poolviewer.sources.prepare import prepare

from .cases import BUDGET, CHELSEA
from .stage_runs import assert_maps, by_keras

SIZES = [(32, 32), (101, 77), (224, 224)]
HED_MEAN = (104.00699, 116.66877, 122.67892)  # as its authors took it away, in BGR order
INPUTS = {
    "hed_block1": InputSpec(channel_order="bgr", mean=HED_MEAN),
    "mtcnn_pnet": InputSpec(channel_order="rgb", scaling="-1-1"),
}


@pytest.fixture(scope="module", params=INPUTS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def opened(name):
    return open_model(ModelFile(str(resource_path(f"samples/{name}.keras"))), BUDGET)


@pytest.fixture(scope="module")
def model(name):
    return keras.models.load_model(resource_path(f"samples/{name}.keras"), compile=False)


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def activations(request, name, opened):
    """Run a network on the cat at one size."""
    height, width = request.param
    own = INPUTS[name]
    spec = InputSpec(height, width, own.channel_order, own.scaling, mean=own.mean)
    network = ModelSpec(name, opened.info.digest, opened.info.stages[0].name, spec)
    runner, stage = opened.prepare(network, BUDGET)
    frame = Frame(read_picture(CHELSEA), SourceInfo("chelsea", "picture"))
    return runner.run(frame, prepare(frame, spec), network, stage, 1)


def stage_of(padding, **own):
    """Return a 2×2 maximum at any size."""
    return StageInfo(
        kind="max",
        pool_size=(2, 2),
        strides=(2, 2),
        padding=padding,
        data_format="channels_last",
        **own,
    )


STAGES = {
    "hed_block1": stage_of(
        "valid",
        name="block1_pool",
        source_shape=(None, None, 64),
        pooled_shape=(None, None, 64),
        source_layer="block1_conv2",
    ),
    "mtcnn_pnet": stage_of(
        "same",
        name="maxpooling1",
        source_shape=(None, None, 10),
        pooled_shape=(None, None, 10),
        source_layer="prelu1",
    ),
}


def test_what_is_known_of_it(name, opened, model):
    info = opened.info
    assert info.stages == (STAGES[name],)
    assert info.inputs == (InputInfo("image", (None, None, 3), "float32"),)
    assert (info.free_size, info.input.is_own_size) == ((True, True), True)
    assert not info.notes
    assert not info.obstacle
    assert [layer.name for layer in info.layers] == [layer.name for layer in model.layers]
    assert sum(layer.parameters for layer in info.layers) == model.count_params()


def test_maps_are_those_of_keras(model, activations):
    layer = model.get_layer(activations.stage.name)
    truth = by_keras(model, layer, activations.prepared.values[np.newaxis])
    assert_maps(activations, *truth, atol=1e-3, rtol=1e-4)
    assert np.ptp(activations.pooled_maps) > 1


def test_fields(name, activations):
    """Two 3×3 convolutions and a 2×2 pooling see 6×6 pixels; one convolution and it see 4×4."""
    stage, reach = activations.stage, {"hed_block1": 2, "mtcnn_pnet": 0}[name]
    window = stage.pooling.grid.window(5, 4)
    assert window == PixelBox(10, 8, 12, 10)
    # P-Net's convolution is `valid`: its first pixel lies at the input's second.
    assert stage.receptive_field(window) == PixelBox(10 - reach, 8 - reach, 14, 12)
    assert stage.field_undefined_by is None


def test_odd_sizes(name, activations):
    rows, cols = activations.stage.feature_shape
    pooled = activations.stage.pooled_shape
    if name == "hed_block1":
        assert (rows, cols) == activations.prepared.values.shape[:2]
        assert pooled == (rows // 2, cols // 2)
    else:
        assert pooled == ((rows + 1) // 2, (cols + 1) // 2)


def test_a_size_that_leaves_nothing(opened, name):
    spec = ModelSpec(name, opened.info.digest, opened.info.stages[0].name, InputSpec(1, 1))
    with pytest.raises(NetworkError, match="cannot take an input of 1×1×3"):
        opened.prepare(spec, BUDGET)
