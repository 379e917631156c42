"""What a Python program asks of PoolViewer: figures, numbers, and the window."""

from poolviewer.api.figures import Figure, figure
from poolviewer.api.traces import Trace, trace
from poolviewer.api.windows import view
from poolviewer.core.errors import PoolViewerError

__all__ = ["Figure", "PoolViewerError", "Trace", "figure", "trace", "view"]
