"""From a frame to exactly what the network receives."""

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.messages import Frame, PreparedInput
from poolviewer.core.network import InputSpec, Scaling
from poolviewer.core.placement import FitPlan, fit_plan
from poolviewer.sources.opencv import cv2


def prepare(frame: Frame, spec: InputSpec) -> PreparedInput:
    """Fit a frame to the network's input, order its channels and scale its values.

    Parameters
    ----------
    frame
        Its picture is uint8 of shape (H, W, 3), BGR.
    spec
        Size, channel order, scaling and fit.

    Returns
    -------
    PreparedInput
        Arrays of shape ``spec.shape``, contiguous and read-only. Stretched to BGR 0–255 the
        pixels are those of the tutorial's ``cv2.resize(picture, (width, height))``.
    """
    plan = fit_plan((frame.picture.shape[0], frame.picture.shape[1]), spec)
    pixels = _ordered(_fitted(frame.picture, plan, spec), spec)
    values = _scaled(pixels, spec.scaling)
    pixels.flags.writeable = values.flags.writeable = False
    return PreparedInput(values, pixels, plan.placement)


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
    return np.asarray(cv2.cvtColor(pixels, code), dtype=np.uint8).reshape(spec.shape)


def _scaled(pixels: NDArray[np.uint8], scaling: Scaling) -> NDArray[np.float32]:
    values = pixels.astype(np.float32)
    if scaling == "0-1":
        values /= np.float32(255)
    elif scaling == "-1-1":
        values /= np.float32(127.5)
        values -= np.float32(1)
    return values
