"""How a picture of any size becomes the network's input, and where it then lies in the world."""

from dataclasses import dataclass

from poolviewer.core.geometry import PixelBox, Rect
from poolviewer.core.network import InputSpec


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
