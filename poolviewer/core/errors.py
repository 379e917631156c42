"""Failures that a person is told about."""


class PoolViewerError(Exception):
    """A failure whose message is one sentence for a person: what happened and what to do."""


class SourceError(PoolViewerError):
    """A picture, video, stream or camera cannot be opened or read."""


class NetworkError(PoolViewerError):
    """A network cannot be built or run."""


class ModelRefused(NetworkError):  # noqa: N818  # what became of it, not what went wrong
    """A model file is unsound, or holds what is not opened."""


class ModelUnchecked(NetworkError):  # noqa: N818  # what became of it, not what went wrong
    """A model file could not be read to its end, so nothing is known of it."""


class ExportError(PoolViewerError):
    """A figure or a file of numbers cannot be made or written."""


class Cancelled(PoolViewerError):  # noqa: N818  # what became of it, not what went wrong
    """A person has called off what was going on."""
