"""Descriptions of models as the engine gives them, made by hand."""

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.model_info import InputInfo, LayerInfo, ModelInfo, ModelSpec, StageInfo

TORCH = InputSpec(
    8, 8, "rgb", "0-1", channels=3, mean=(0.485, 0.456, 0.406), deviation=(0.229, 0.224, 0.225)
)
NASTY = "<b>bold</b>\nname & " + "x" * 200


def layer(name, kind="Conv2D", depth=0, shape=(6, 6, 2), parameters=100, stages=()):
    return LayerInfo(name, kind, depth, shape, parameters, stages)


def stage(name, source="conv", kind="max", **options):
    return StageInfo(
        name,
        kind,
        (2, 2),
        (2, 2),
        "valid",
        "channels_last",
        (6, 6, 2),
        (3, 3, 2),
        source,
        **options,
    )


def model_info(name="vgg.keras", digest="d1", stages=("pool1", "pool2"), **options):
    """Return a chain of convolutions, each with a pooling behind it."""
    layers = [layer("input", "InputLayer", shape=(None, None, 3), parameters=0)]
    for number, pool in enumerate(stages):
        layers += [
            layer(f"conv{number}"),
            layer(pool, "MaxPooling2D", shape=(3, 3, 2), parameters=0, stages=(pool,)),
        ]
    made = {
        "inputs": (InputInfo("input", (None, None, 3), "float32"),),
        "layers": tuple(layers),
        "stages": tuple(stage(name) for name in stages),
        "input": TORCH,
    }
    return ModelInfo(name, digest, **{**made, **options})


def nested_info():
    """Return a model within a model, whose pooling is used twice."""
    pools = ("inner/pool", "inner/pool#2")
    layers = (
        layer("input", "InputLayer", shape=(None, None, 3), parameters=0),
        layer("inner", "Functional", parameters=1234),
        layer("inner/conv", depth=1),
        layer("inner/pool", "MaxPooling2D", 1, (None, 3, 2), 0, pools),
        layer("dense", "Dense", shape=(10,), parameters=1290),
    )
    return model_info(
        "nested.keras", "dn", pools, layers=layers, free_size=(True, True), most_pixels=10_000
    )


def unseen_info():
    """Return a model that cannot be drawn."""
    return model_info(
        "speech.keras", "du", (), layers=(layer("lstm", "LSTM", shape=(None, 128)),),
        obstacle="speech.keras takes no picture: choose a model with a two-dimensional input.",
    )  # fmt: skip


def spec_of(info, stage_name=None, spec=None):
    """Return a model as it is used at its first stage, or another."""
    name = stage_name or info.stages[0].name
    return ModelSpec(info.name, info.digest, name, spec or info.input, info.most_pixels)
