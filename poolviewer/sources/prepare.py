"""From a frame to exactly what the network receives."""

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.input_spec import InputSpec, Scaling
from poolviewer.core.messages import Frame, PreparedInput
from poolviewer.core.placement import FitPlan, fit_plan
from poolviewer.sources.opencv import cv2


def prepare(frame: Frame, spec: InputSpec) -> PreparedInput:
    """Fit a frame to the network's input, order its channels and scale its values.

    Parameters
    ----------
    frame
        Its picture is uint8 of shape (H, W, 3), BGR.
    spec
        Size, fit, channel order, scaling, mean, deviation and number of channels.

    Returns
    -------
    PreparedInput
        Values of shape ``spec.shape``, contiguous and read-only. Stretched to BGR 0–255 the
        pixels are those of the tutorial's ``cv2.resize(picture, (width, height))``.
    """
    received = frame.received
    if received is not None and received.spec == spec:
        return PreparedInput(_values_of(received.pixels, spec), received.pixels, received.placement)
    plan = fit_plan((frame.picture.shape[0], frame.picture.shape[1]), spec)
    pixels = _ordered(_fitted(frame.picture, plan, spec), spec)
    pixels.flags.writeable = False
    return PreparedInput(_values_of(pixels, spec), pixels, plan.placement)


def _values_of(pixels: NDArray[np.uint8], spec: InputSpec) -> NDArray[np.float32]:
    values = _spread(_normalised(_scaled(pixels, spec.scaling), spec), spec)
    values.flags.writeable = False
    return values


def _fitted(picture: NDArray[np.uint8], plan: FitPlan, spec: InputSpec) -> NDArray[np.uint8]:
    rows, cols = plan.target.shape
    resized = np.asarray(cv2.resize(picture[plan.crop.slices], (cols, rows)), dtype=np.uint8)
    if (rows, cols) == (spec.height, spec.width):
        return resized
    pixels = np.zeros((spec.height, spec.width, 3), dtype=np.uint8)
    pixels[plan.target.slices] = resized
    return pixels


def _ordered(pixels: NDArray[np.uint8], spec: InputSpec) -> NDArray[np.uint8]:
    if spec.channel_order == "bgr":
        return pixels
    code = cv2.COLOR_BGR2GRAY if spec.channel_order == "grey" else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(pixels, code), dtype=np.uint8).reshape(
        (spec.height, spec.width, len(spec.order_names))
    )


def _scaled(pixels: NDArray[np.uint8], scaling: Scaling) -> NDArray[np.float32]:
    values = pixels.astype(np.float32)
    if scaling == "0-1":
        values /= np.float32(255)
    elif scaling == "-1-1":
        values /= np.float32(127.5)
        values -= np.float32(1)
    return values


def _normalised(values: NDArray[np.float32], spec: InputSpec) -> NDArray[np.float32]:
    """Subtract the mean from each channel and divide it by the deviation, in place.

    What float32 cannot hold becomes infinite or NaN, as the maps then show.
    """
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        if spec.mean:
            values -= np.array(spec.mean, dtype=np.float32)
        if spec.deviation:
            values /= np.array(spec.deviation, dtype=np.float32)
    return values


def _spread(values: NDArray[np.float32], spec: InputSpec) -> NDArray[np.float32]:
    """Repeat the channels in turn until there are as many as the network takes."""
    count = values.shape[2]
    if spec.shape[2] == count:
        return values
    return np.ascontiguousarray(values[:, :, np.arange(spec.shape[2]) % count])
