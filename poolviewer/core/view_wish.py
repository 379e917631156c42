"""What a command line asks to be shown."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from poolviewer.core.model_info import ModelFile

if TYPE_CHECKING:  # the command line reads this before anything heavy is imported
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ViewWish:
    """A source, a network, and what to show of them.

    Parameters
    ----------
    source
        None for the sample.
    model
        Path of a Keras model; None for the tutorial's network.
    stage
        Name of the pooling layer; empty for the first.
    size, preprocessing
        Of the model's input, as in `ModelFile`.
    channel, pin
        The channel, and the ``(row, col)`` of the pinned pooled pixel.
    device
        ``auto``, ``cpu`` or ``gpu:N``; None for what the settings say.
    picture
        A picture itself, as in `SourceRequest`; the source is then its name.
    """

    source: str | None = None
    model: str | None = None
    stage: str = ""
    size: tuple[int, ...] | None = None
    preprocessing: str | None = None
    channel: int = 0
    pin: tuple[int, int] | None = None
    device: str | None = None
    picture: "NDArray[np.uint8] | None" = field(default=None, compare=False, repr=False)

    @property
    def explicit(self) -> frozenset[str]:
        """What of the view was asked for, and is not left to a saved view that is opened."""
        asked = {"model": self.model, "channel": self.channel, "pin": self.pin}
        return frozenset(name for name, value in asked.items() if value not in (None, 0))

    @property
    def model_file(self) -> ModelFile | None:
        """The wish for a model; None for the tutorial's network.

        Its path is whole, for it may be opened again from another folder.
        """
        if self.model is None:
            return None
        path = self.model
        with suppress(OSError):  # the present folder may be gone
            path = str(Path(path).absolute())
        return ModelFile(path, self.stage, self.size, self.preprocessing)
