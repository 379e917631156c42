"""How a picture of any size becomes the network's input, and where it then lies in the world."""

from dataclasses import dataclass, replace
from math import sqrt

from poolviewer.core.geometry import PixelBox, Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.network import Network


@dataclass(frozen=True, slots=True)
class FitPlan:
    """Which pixels of a picture are resized into which pixels of the network's input.

    Parameters
    ----------
    crop
        The part of the picture that is kept, in the picture's pixels.
    target
        The part of the network's input that it fills, in the input's pixels.
    placement
        Where the whole picture, with what was cropped, lies in the world.
    """

    crop: PixelBox
    target: PixelBox
    placement: Rect


def fit_plan(picture_shape: tuple[int, int], spec: InputSpec) -> FitPlan:
    """Plan how a picture of ``(rows, columns)`` pixels becomes the network's input."""
    crop = PixelBox(0, 0, *picture_shape)
    target = PixelBox(0, 0, spec.height, spec.width)
    if spec.fit == "crop":
        crop = _centred((spec.height, spec.width), picture_shape)
    elif spec.fit == "letterbox":
        target = _centred(picture_shape, (spec.height, spec.width))
    return FitPlan(crop, target, _placement(picture_shape, crop, target))


def own_size(picture_shape: tuple[int, int], most_pixels: int) -> tuple[int, int]:
    """Return a picture's ``(rows, columns)``, made smaller in proportion to bear a limit."""
    rows, cols = picture_shape
    if not 0 < most_pixels < rows * cols:
        return picture_shape
    shrink = sqrt(most_pixels / (rows * cols))
    rows, cols = max(int(rows * shrink), 1), max(int(cols * shrink), 1)
    return min(rows, most_pixels), min(cols, most_pixels)  # a line cannot shrink to less than 1


def sized(network: Network, picture_shape: tuple[int, int]) -> Network:
    """Return a network at the size of a picture, if its size follows the picture's."""
    if not isinstance(network, ModelSpec) or not network.input.is_own_size:
        return network
    height, width = own_size(picture_shape, network.most_pixels)
    return replace(network, input=replace(network.input, height=height, width=width))


def _centred(aspect: tuple[int, int], within: tuple[int, int]) -> PixelBox:
    """Return the largest centred box of an aspect (rows, columns) within a shape."""
    scale = min(within[0] / aspect[0], within[1] / aspect[1])
    rows, cols = (max(1, min(w, round(a * scale))) for a, w in zip(aspect, within, strict=True))
    top, left = (within[0] - rows) // 2, (within[1] - cols) // 2
    return PixelBox(top, left, top + rows, left + cols)


def _placement(picture_shape: tuple[int, int], crop: PixelBox, target: PixelBox) -> Rect:
    (rows, cols), (target_rows, target_cols) = crop.shape, target.shape
    top = target.row_start - crop.row_start * target_rows / rows
    left = target.col_start - crop.col_start * target_cols / cols
    return Rect(
        top,
        left,
        top + picture_shape[0] * target_rows / rows,
        left + picture_shape[1] * target_cols / cols,
    )
