"""PoolViewer shows what convolution and pooling do to a picture, live.

From Python, `figure` draws what pooling made of a picture, `trace` follows one pooled pixel back
to the input in numbers, and `view` opens the window. Importing this package imports none of what
they need: Qt, TensorFlow and OpenCV come with the first call.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "Figure": "poolviewer.api.figures",
    "PoolViewerError": "poolviewer.core.errors",
    "Trace": "poolviewer.api.traces",
    "figure": "poolviewer.api.figures",
    "trace": "poolviewer.api.traces",
    "view": "poolviewer.api.windows",
}

__all__ = [*_HOMES, "__version__"]  # noqa: PLE0604 - what they are stands in __init__.pyi


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for the first time."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
