"""The input of a model as a picture, or why no picture can be its input."""

from dataclasses import dataclass

import keras
import tensorflow as tf

from poolviewer.core.input_spec import PREPROCESSINGS, InputSpec, with_preprocessing
from poolviewer.core.model_info import InputInfo
from poolviewer.model.stages import CONVOLUTIONS, LAYERS, data_format_of
from poolviewer.model.structure import leaves

Layers = list[keras.Layer]
_SCALERS = (keras.layers.Rescaling, keras.layers.Normalization)


@dataclass(frozen=True, slots=True)
class PictureInput:
    """How a model takes a picture.

    Parameters
    ----------
    height, width
        None where they may be chosen.
    channels
        Number of channels.
    dtype
        Kind of number that it takes, such as ``"float32"``.
    is_channels_first
        Whether channels come before rows and columns.
    is_flat
        Whether it takes rows and columns alone, of one channel.
    """

    height: int | None
    width: int | None
    channels: int
    dtype: str = "float32"
    is_channels_first: bool = False
    is_flat: bool = False

    @property
    def free_size(self) -> tuple[bool, bool]:
        """Whether height and width may be chosen."""
        return self.height is None, self.width is None

    def shape(self, side: int | None) -> tuple[int | None, int | None, int]:
        """Return ``(height, width, channels)`` with what may be chosen as long as ``side``."""
        return self.height or side, self.width or side, self.channels

    def received(self, batch: tf.Tensor) -> tf.Tensor:
        """Cast a batch (1, H, W, C); for whole numbers it is rounded and kept in their range."""
        dtype = tf.as_dtype(self.dtype)
        if dtype.is_integer:
            return tf.saturate_cast(tf.round(batch), dtype)
        return tf.cast(batch, dtype)

    def arranged(self, received: tf.Tensor) -> tf.Tensor:
        """Put the axes in the model's own order."""
        if self.is_flat:
            return received[..., 0]
        return tf.transpose(received, (0, 3, 1, 2)) if self.is_channels_first else received


def picture_input(info: InputInfo, model: keras.Model) -> PictureInput:
    """Return how a model takes a picture; `why_no_picture` must have found nothing."""
    is_first = data_format_of(leaves(model)) == "channels_first"
    if len(info.shape) == 2:
        return PictureInput(*info.shape, 1, info.dtype, is_flat=True)
    height, width, channels = (*info.shape[1:], info.shape[0]) if is_first else info.shape
    return PictureInput(height, width, channels or 3, info.dtype, is_first)


def why_no_picture(name: str, info: InputInfo, model: keras.Model) -> str:
    """Say in one sentence why no picture can be a model's input; empty if one can."""
    listed = "so its layers are listed and nothing can be drawn."
    if info.dtype == "string":
        return f"{name} takes text, not pictures, {listed}"
    rank = len(info.shape)
    if rank == 3 or (rank == 2 and _has_maps(leaves(model))):
        return ""
    words = {
        0: "single numbers",
        1: "single numbers or tokens",
        2: "sequences",
        4: "volumes or videos",
    }
    kind = words.get(rank, f"arrays of {rank} axes")
    if rank == 1 and info.shape[0] is not None:
        kind = f"lists of {info.shape[0]} numbers"
    return f"{name} takes {kind}, not pictures, {listed}"


def default_spec(
    picture: PictureInput, shape: tuple[int, int, int], model: keras.Model
) -> InputSpec:
    """Choose what a model gets before the person has chosen anything.

    A model that scales by itself, or takes bytes, gets 0–255; else 0–1, which most are trained on.
    """
    scales_itself = any(isinstance(layer, _SCALERS) for layer in leaves(model)[:8])
    is_raw = scales_itself or tf.as_dtype(picture.dtype).is_integer
    preset = PREPROCESSINGS["raw 0–255 RGB" if is_raw else "0–1 RGB"]
    spec = InputSpec(*shape[:2], channels=shape[2], is_own_size=all(picture.free_size))
    spec = with_preprocessing(spec, preset)
    return spec if shape[2] != 1 else _grey(spec)


def channel_note(name: str, channels: int) -> str:
    """Say what is made of a picture's three channels where the model takes another number."""
    if channels == 3:
        return ""
    if channels == 1:
        return f"{name} takes 1 channel: pictures are made grey."
    if channels == 2:
        return f"{name} takes 2 channels: it gets the first two of R, G and B."
    return f"{name} takes {channels} channels: R, G and B are repeated in turn to fill them."


def _grey(spec: InputSpec) -> InputSpec:
    return InputSpec(
        spec.height, spec.width, "grey", spec.scaling, channels=1, is_own_size=spec.is_own_size
    )


def _has_maps(layers: Layers) -> bool:
    return any(isinstance(layer, (*CONVOLUTIONS, *LAYERS)) for layer in layers)
