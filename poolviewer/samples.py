"""The pictures, videos and models that come with the application."""

from poolviewer.core.messages import SourceRequest
from poolviewer.core.model_info import ModelFile
from poolviewer.resources import resource_path

MEDIA = (
    ("Chelsea, a cat (picture)", "samples/chelsea.png"),
    ("Coffee (picture)", "samples/coffee.png"),
    ("Coins (grey picture)", "samples/coins.png"),
    ("Big Buck Bunny (video)", "samples/bigbuckbunny.mp4"),
)
MODELS = (
    ("Edges: first block of VGG16 (model)", "samples/hed_block1.keras", "caffe"),
    ("Faces: P-Net of MTCNN (model)", "samples/mtcnn_pnet.keras", "-1-1"),
)


def all_samples() -> tuple[tuple[str, SourceRequest | ModelFile], ...]:
    """Return the names of all samples, and the wish for each."""
    media = [(name, SourceRequest(str(resource_path(path)))) for name, path in MEDIA]
    models = [
        (name, ModelFile(str(resource_path(path)), preprocessing=preprocessing))
        for name, path, preprocessing in MODELS
    ]
    return (*media, *models)
