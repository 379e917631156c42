"""Colours over a map's pixels, as an experiment found them."""

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from poolviewer.core.geometry import PixelBox, Rect
from poolviewer.core.laboratory.experiment import Overlay, OverlayColours
from poolviewer.drawing.colour_maps import are_dark, colour_values
from poolviewer.drawing.images import draw_upright, mirrored
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.marks import LEAST_FOR_MARKS, draw_marks, mark_colours
from poolviewer.drawing.screen_image import ScreenImage
from poolviewer.drawing.values import ValueGrid

# One colour for each code from 1 on, as ``#AARRGGBB``; code 0 is clear. Okabe and Ito's, those
# first that no outline has; the veil is no grey, which a pixel of a map may have itself.
OVERLAY_COLOURS: dict[OverlayColours, tuple[str, ...]] = {
    "veil": ("#C0303C6E",),
    # A bluish grey, which no grey map has: nothing is here yet, or nothing that may be seen.
    "cover": ("#FF6E7681",),
    "offsets": (
        "#C0009E73", "#C0CC79A7", "#C00072B2", "#C0F0E442", "#C0E69F00",
        "#C056B4E9", "#C0D55E00", "#C0000000", "#C0FFFFFF",
    ),
    "flips": ("#70009E73",),
}  # fmt: skip
SCALE_ALPHA = 208


@cache
def overlay_table(colours: OverlayColours) -> tuple[int, ...]:
    """Return the 256 colours of the codes as 32-bit ARGB; those beyond the list repeat it."""
    if colours in OVERLAY_COLOURS:
        listed = [QColor(name).rgba() for name in OVERLAY_COLOURS[colours]]
        return (0, *(listed[code % len(listed)] for code in range(255)))
    return (0, *(_scale_colour(colours, code) for code in range(1, 256)))


class OverlayImage:
    """An overlay in the screen's own format, made when it is first painted that way."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._images: dict[tuple[bool, bool], QImage] = {}

    def draw(
        self, painter: QPainter, rect: Rect, mapping: DeviceMapping, dirty: QRectF | None = None
    ) -> None:
        """Draw it over a rectangle of the world; signs only where it is dirty."""
        marks = self._overlay.marks
        width = mapping.rect(rect).width() / max(self._overlay.codes.shape[1], 1)
        has_room = width >= LEAST_FOR_MARKS
        is_marked = marks is not None and not has_room
        draw_upright(
            painter, self._image(is_marked, is_mirrored=mapping.is_mirrored), rect, mapping
        )
        if marks is not None and has_room:
            draw_marks(painter, marks, rect, mapping, dirty)

    def blended(self, rgb: NDArray[np.uint8], box: PixelBox) -> NDArray[np.uint8]:
        """Return the colours (rows, columns, 3) of some pixels as they are seen under it."""
        table = np.array(overlay_table(self._overlay.colours), np.uint32)
        argb = table[self._overlay.codes[box.slices]][..., np.newaxis]
        over = (argb >> np.array([16, 8, 0], np.uint32)) & 255
        alpha = (argb >> 24) / 255
        blend: NDArray[np.uint8] = np.rint(over * alpha + rgb * (1 - alpha)).astype(np.uint8)
        return blend

    def readable(self, grid: ValueGrid, picture: ScreenImage, box: PixelBox) -> ValueGrid:
        """Return numbers of a picture whose colour stands out on the overlay, too, in a box."""
        if self._overlay.codes.shape != grid.is_dark.shape:
            return grid
        is_dark = grid.is_dark.copy()
        is_dark[box.slices] = are_dark(self.blended(picture.rgb(box), box))
        return replace(grid, is_dark=is_dark)

    def _image(self, is_marked: bool, *, is_mirrored: bool) -> QImage:
        key = is_marked, is_mirrored
        if key not in self._images:
            self._images[key] = (
                mirrored(self._image(is_marked, is_mirrored=False))
                if is_mirrored
                else _image_of(self._overlay, is_marked=is_marked)
            )
        return self._images[key]


def _image_of(overlay: Overlay, *, is_marked: bool) -> QImage:
    codes, table = overlay.codes, list(overlay_table(overlay.colours))
    if is_marked and overlay.marks is not None:
        colours = mark_colours()
        last = 256 - len(colours)
        # The highest codes of a scale make room for the marks.
        codes = np.where(overlay.marks > 0, last - 1 + overlay.marks, np.minimum(codes, last - 1))
        table[last:] = [QColor(colour).rgba() for colour in colours]
    return _converted(np.ascontiguousarray(codes, np.uint8), table)


def _converted(codes: NDArray[np.uint8], table: list[int]) -> QImage:
    height, width = codes.shape
    image = QImage(codes.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    # Converted at once: the memory is the array's.
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _scale_colour(colours: OverlayColours, code: int) -> int:
    """Return a colour of a scale; a diverging one is clear in its middle."""
    name = "diverging" if colours == "diverging" else "viridis"
    red, green, blue = colour_values(name)[code].tolist()
    strength = min(abs(code - 128) / 64, 1) if colours == "diverging" else 1
    return QColor(red, green, blue, round(SCALE_ALPHA * strength)).rgba()
