"""The pictures, videos and models that come with the application."""

from collections.abc import Callable

from poolviewer.core.messages import FoundModel, SourceRequest
from poolviewer.core.model_info import ModelFile
from poolviewer.core.model_search import model_by_digest
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


def model_paths() -> tuple[str, ...]:
    """Return the paths of the sample models."""
    return tuple(str(resource_path(path)) for _, path, _ in MODELS)


def search_job(digest: str, paths: tuple[str, ...]) -> Callable[[], FoundModel]:
    """Make the job that looks for a model by its hash, among some files and the samples."""

    def job() -> FoundModel:
        return FoundModel(digest, model_by_digest(digest, (*paths, *model_paths())))

    return job


def all_samples() -> tuple[tuple[str, SourceRequest | ModelFile], ...]:
    """Return the names of all samples, and the wish for each."""
    media = [(name, SourceRequest(str(resource_path(path)))) for name, path in MEDIA]
    models = [
        (name, ModelFile(str(resource_path(path)), preprocessing=preprocessing))
        for name, path, preprocessing in MODELS
    ]
    return (*media, *models)
