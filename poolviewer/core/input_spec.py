"""What is made of a picture before a network gets it."""

from dataclasses import dataclass, replace
from math import isfinite
from typing import Literal

ChannelOrder = Literal["bgr", "rgb", "grey"]
Scaling = Literal["0-255", "0-1", "-1-1"]
Fit = Literal["stretch", "crop", "letterbox"]

SCALED_ENDS: dict[Scaling, tuple[float, float]] = {
    "0-255": (0, 255),
    "0-1": (0, 1),
    "-1-1": (-1, 1),
}


_SCALED_WORDS: dict[Scaling, str] = {"0-255": "x", "0-1": "x ÷ 255", "-1-1": "x ÷ 127.5 − 1"}


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What is made of a picture before the network gets it.

    Parameters
    ----------
    height, width
        Size of the network's input in pixels.
    channel_order
        ``"bgr"`` as OpenCV reads a picture, ``"rgb"``, or one channel ``"grey"``.
    scaling
        Range that the picture's 0–255 are mapped to, before mean and deviation.
    fit
        ``"stretch"`` to the size, ``"crop"`` the middle, or ``"letterbox"`` with black bars.
    channels
        Number of channels that the network takes where it is not that of the order: the order's
        channels are then repeated in turn, or the first of them taken.
    mean, deviation
        Subtracted from the scaled values and then divided by, for each channel of the order; one
        number stands for all channels, and none at all for 0 and 1.
    is_own_size
        Whether height and width follow the picture's own, as far as memory allows.
    """

    height: int = 32
    width: int = 32
    channel_order: ChannelOrder = "bgr"
    scaling: Scaling = "0-255"
    fit: Fit = "stretch"
    channels: int | None = None
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()
    is_own_size: bool = False

    @property
    def order_names(self) -> tuple[str, ...]:
        """The names of the order's channels, as they are made of the picture."""
        return ("grey",) if self.channel_order == "grey" else tuple(self.channel_order.upper())

    @property
    def channel_names(self) -> tuple[str, ...]:
        """The names of the network's channels; repeated ones are numbered from 2."""
        names = self.order_names
        rounds = (divmod(i, len(names)) for i in range(self.shape[2]))
        return tuple(f"{names[i]}{turn + 1 if turn else ''}" for turn, i in rounds)

    @property
    def channel_words(self) -> str:
        """Which channels the network gets, in a few words."""
        names = self.order_names
        count = self.shape[2]
        shown = " ".join(names[:count])
        return f"{shown} repeated" if count > len(names) else shown

    @property
    def shape(self) -> tuple[int, int, int]:
        """``(height, width, channels)``."""
        return self.height, self.width, self.channels or len(self.order_names)

    @property
    def value_range(self) -> tuple[float, float]:
        """The least and the greatest number that the network can get."""
        count = len(self.order_names)
        means, deviations = spread(self.mean, count, 0), spread(self.deviation, count, 1)
        taken = list(zip(means, deviations, strict=True))[: self.shape[2]]
        ends = [
            (end - mean) / deviation
            for mean, deviation in taken
            for end in SCALED_ENDS[self.scaling]
        ]
        return min(ends), max(ends)


def spread(numbers: tuple[float, ...], count: int, default: float) -> tuple[float, ...]:
    """Return one number for each of ``count`` channels."""
    if len(numbers) == count:
        return numbers
    return (numbers[0] if numbers else default,) * count


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """The part of an `InputSpec` that decides the numbers, not the size."""

    channel_order: ChannelOrder
    scaling: Scaling
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()


PREPROCESSINGS: dict[str, Preprocessing] = {
    "raw 0–255 BGR": Preprocessing("bgr", "0-255"),
    "raw 0–255 RGB": Preprocessing("rgb", "0-255"),
    "0–1 RGB": Preprocessing("rgb", "0-1"),
    "−1–1 RGB": Preprocessing("rgb", "-1-1"),
    "ImageNet mean (caffe)": Preprocessing("bgr", "0-255", (103.939, 116.779, 123.68)),
    "ImageNet mean and deviation (torch)": Preprocessing(
        "rgb", "0-1", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    ),
}
GREY_PREPROCESSINGS: dict[str, Preprocessing] = {
    "raw 0–255 grey": Preprocessing("grey", "0-255"),
    "0–1 grey": Preprocessing("grey", "0-1"),
    "−1–1 grey": Preprocessing("grey", "-1-1"),
}
CUSTOM = "custom"
# What the command line calls them.
SHORT_NAMES = {
    "raw-bgr": "raw 0–255 BGR",
    "raw-rgb": "raw 0–255 RGB",
    "0-1": "0–1 RGB",
    "-1-1": "−1–1 RGB",
    "caffe": "ImageNet mean (caffe)",
    "torch": "ImageNet mean and deviation (torch)",
}


def preprocessings_for(spec: InputSpec) -> dict[str, Preprocessing]:
    """Return the named preprocessings that suit a network: one of one channel gets grey."""
    if spec.shape[2] == 1:
        return GREY_PREPROCESSINGS
    return (
        PREPROCESSINGS | GREY_PREPROCESSINGS if spec.channels not in (None, 3) else PREPROCESSINGS
    )


def preprocessing_name(spec: InputSpec) -> str:
    """Return the name of the preprocessing that a spec has, or ``"custom"``."""
    own = Preprocessing(spec.channel_order, spec.scaling, spec.mean, spec.deviation)
    known = PREPROCESSINGS | GREY_PREPROCESSINGS
    return next((name for name, preset in known.items() if preset == own), CUSTOM)


def with_preprocessing(spec: InputSpec, preset: Preprocessing) -> InputSpec:
    """Return a spec of the same size with other numbers."""
    return replace(
        spec,
        channel_order=preset.channel_order,
        scaling=preset.scaling,
        mean=preset.mean,
        deviation=preset.deviation,
        channels=spec.shape[2],
    )


def numbers_in_words(spec: InputSpec) -> str:
    """Say how the network's numbers are made of the picture's, such as ``R G B, x ÷ 255``."""
    words = _SCALED_WORDS[spec.scaling]
    if any(spec.mean):
        words = f"{words} − {_written(spec.mean)}"
    if spec.deviation and set(spec.deviation) != {1.0}:
        words = f"({words}) ÷ {_written(spec.deviation)}"
    return f"{spec.channel_words}, {words}"


def _written(numbers: tuple[float, ...]) -> str:
    text = ", ".join(f"{number:g}" for number in numbers)
    return f"({text})" if len(numbers) > 1 else text


def number_problem(spec: InputSpec) -> str:
    """Say what is wrong with mean and deviation; empty if they can be used."""
    if not all(map(isfinite, (*spec.mean, *spec.deviation))):
        return "Mean and deviation must be finite numbers."
    if 0 in spec.deviation:
        return "The deviation must not be 0: the picture is divided by it."
    count = len(spec.order_names)
    if len(spec.mean) not in (0, 1, count) or len(spec.deviation) not in (0, 1, count):
        if count == 1:
            return "Mean and deviation take one number: grey is one channel."
        return f"Mean and deviation take one number, or {count}: one for each channel."
    return ""
