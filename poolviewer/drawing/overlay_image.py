"""Colours over a map's pixels, as an experiment found them."""

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from poolviewer.core.geometry import Rect
from poolviewer.core.laboratory.experiment import Overlay, OverlayColours
from poolviewer.drawing.images import draw_upright, mirrored
from poolviewer.drawing.mapping import DeviceMapping

# One colour for each code from 1 on, as ``#AARRGGBB``; code 0 is clear.
OVERLAY_COLOURS: dict[OverlayColours, tuple[str, ...]] = {
    "veil": ("#B4808080",),
    "offsets": ("#A0E69F00", "#A056B4E9", "#A0009E73", "#A0CC79A7", "#A0F0E442", "#A00072B2"),
}


def overlay_table(colours: OverlayColours) -> list[int]:
    """Return the 256 colours of the codes as 32-bit ARGB; those beyond the list repeat it."""
    listed = [QColor(name).rgba() for name in OVERLAY_COLOURS[colours]]
    return [0, *(listed[code % len(listed)] for code in range(255))]


class OverlayImage:
    """An overlay in the screen's own format, mirrored once, when that is first needed."""

    def __init__(self, overlay: Overlay) -> None:
        height, width = overlay.codes.shape
        codes = np.ascontiguousarray(overlay.codes)
        image = QImage(codes.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(overlay_table(overlay.colours))
        # Converted at once: the memory is the array's.
        self._image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self._mirrored: QImage | None = None

    def draw(self, painter: QPainter, rect: Rect, mapping: DeviceMapping) -> None:
        """Draw it over a rectangle of the world."""
        draw_upright(painter, self._turned(mapping), rect, mapping)

    def _turned(self, mapping: DeviceMapping) -> QImage:
        if not mapping.is_mirrored:
            return self._image
        if self._mirrored is None:
            self._mirrored = mirrored(self._image)
        return self._mirrored
