"""PoolViewer shows what convolution and pooling do to a picture, live."""

__version__ = "0.1.0"
