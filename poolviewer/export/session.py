"""The session that a figure's file carries."""

from poolviewer.core.messages import Received
from poolviewer.core.session import Session
from poolviewer.export.request import FigureRequest


def session_of(request: FigureRequest) -> Session:
    """Return the view that a request shows, so that it can be opened again."""
    activations = request.activations
    frame, prepared = activations.frame, activations.prepared
    return Session(
        source=frame.source.name,
        kind=frame.source.kind,
        picture=frame.picture,
        received=Received(activations.network.input, prepared.pixels, prepared.placement),
        network=activations.network,
        index=frame.index,
        name=frame.name,
        channel=request.channel,
        pin=request.pixel,
        display=request.display,
        experiment=request.experiment,
    )
