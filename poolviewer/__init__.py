"""PoolViewer shows what convolution and pooling do to a picture, live.

From Python, `figure` draws what pooling made of a picture, `trace` follows one pooled pixel back
to the input in numbers, and `view` opens the window. Importing this package imports none of what
they need: Qt, TensorFlow and OpenCV come with the first call.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = ["Figure", "PoolViewerError", "Trace", "__version__", "figure", "trace", "view"]

if TYPE_CHECKING:
    from poolviewer.api import Figure, PoolViewerError, Trace, figure, trace, view
else:  # a type checker would take every misspelt name for one of these

    def __getattr__(name):  # noqa: ANN001, ANN202
        """Import what is offered when it is asked for the first time."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from poolviewer import api  # noqa: PLC0415

        return globals().setdefault(name, getattr(api, name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
