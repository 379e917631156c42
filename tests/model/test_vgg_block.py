"""The model that `poolviewer bench` opens goes through the gate like any other."""

from poolviewer.core.budget import default_budget
from poolviewer.core.model_info import ModelFile
from poolviewer.model.engine import open_model
from poolviewer.model.vgg_block import save_vgg_block


def test_the_block_is_a_vgg_networks_first(tmp_path):
    path = tmp_path / "vgg_block.keras"
    save_vgg_block(path)
    info = open_model(ModelFile(str(path)), default_budget()).info
    assert [(layer.name, layer.output_shape) for layer in info.layers] == [
        ("block1_conv1", (224, 224, 64)),
        ("block1_conv2", (224, 224, 64)),
        ("block1_pool", (112, 112, 64)),
    ]
    (stage,) = info.stages
    assert (stage.pool_size, stage.source_shape) == ((2, 2), (224, 224, 64))
    assert not info.obstacle
