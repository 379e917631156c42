# What a type checker and an editor see of the package, whose parts are imported when they are used.
from poolviewer.api.figures import Figure as Figure
from poolviewer.api.figures import figure as figure
from poolviewer.api.traces import Trace as Trace
from poolviewer.api.traces import trace as trace
from poolviewer.api.windows import view as view
from poolviewer.core.errors import PoolViewerError as PoolViewerError

__version__: str
__all__ = ["Figure", "PoolViewerError", "Trace", "__version__", "figure", "trace", "view"]
