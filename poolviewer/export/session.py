"""The session that a figure's file carries."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.messages import Received
from poolviewer.core.network import Network
from poolviewer.core.origin import origin_of
from poolviewer.core.placement import own_size
from poolviewer.core.session import MOST_PICTURE_PIXELS, Session
from poolviewer.export.request import FigureRequest

_SAMPLES = 3  # along each side of what becomes one pixel

Picture = NDArray[np.uint8]


def session_of(request: FigureRequest) -> Session:
    """Return the view that a request shows, so that it can be opened again.

    What the network received is kept exactly; the picture itself up to 1 megapixel, and reduced
    beyond that. A network whose size follows the picture's then keeps the size that it ran at.
    """
    activations = request.activations
    frame, prepared = activations.frame, request.pristine or activations.prepared
    origin, picture = origin_of(frame), reduced(frame.picture)
    network = activations.network
    if picture is not frame.picture:
        network = _at_its_size(network)
    is_found = request.finding is not None and request.finding.traced is not None
    return Session(
        source=origin.source,
        kind=origin.kind,
        picture=picture,
        received=Received(network.input, prepared.pixels, prepared.placement),
        network=network,
        index=origin.index,
        name=origin.name,
        channel=request.channel,
        pin=request.person_pixel or (None if is_found else request.pixel),
        display=request.display,
        experiment=request.experiment,
    )


def reduced(picture: Picture) -> Picture:
    """Return a picture of at most 1 megapixel: the same, or the means of samples of a larger one.

    Without OpenCV, for an export may run where it was never loaded.
    """
    shape = own_size((picture.shape[0], picture.shape[1]), MOST_PICTURE_PIXELS)
    if shape == picture.shape[:2]:
        return picture
    total = np.zeros((*shape, 3), np.uint16)
    for row in range(_SAMPLES):
        lines = picture[_places(picture.shape[0], shape[0], row)]
        for col in range(_SAMPLES):
            total += lines[:, _places(picture.shape[1], shape[1], col)]
    return ((total + _SAMPLES**2 // 2) // _SAMPLES**2).astype(np.uint8)


def _places(length: int, count: int, sample: int) -> NDArray[np.intp]:
    """Return where one sample of each of ``count`` parts of a side lies."""
    middles = np.arange(count) + (sample + 0.5) / _SAMPLES
    return (middles * (length / count)).astype(np.intp)


def _at_its_size(network: Network) -> Network:
    return replace(network, input=replace(network.input, is_own_size=False))
