"""Failures that a person is told about."""

from poolviewer.core.text import printable


class PoolViewerError(Exception):
    """A failure whose message is one sentence for a person: what happened and what to do.

    It is shown in one line, whatever names from files it holds.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


class SourceError(PoolViewerError):
    """A picture, video, stream or camera cannot be opened or read."""


class SessionRefused(SourceError):
    """A saved session is damaged, harmful, or of a version that is not known."""


class NetworkError(PoolViewerError):
    """A network cannot be built or run."""


class ModelRefused(NetworkError):
    """A model file is unsound, harmful, or of a kind that cannot be opened."""


class ModelUnchecked(NetworkError):
    """A model file could not be checked, because it could not be read whole."""


class Cancelled(PoolViewerError):
    """A person called off what was going on."""


class ExportError(PoolViewerError):
    """A figure or a file of numbers cannot be made or written."""


class ArgumentError(PoolViewerError, ValueError):
    """A program asks for something that there is not, or gives what cannot be used."""


class ArgumentTypeError(PoolViewerError, TypeError):
    """A program gives something of a kind that cannot be used."""
