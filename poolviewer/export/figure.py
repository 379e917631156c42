"""The annotated figure: the one renderer of the window, of every kind of file, and headless.

`draw_figure` draws with any painter, so that the same figure becomes an image, a page, a drawing or
a part of the window; `render_figure` makes an image of it, in any thread.
"""

from dataclasses import dataclass, replace
from math import ceil

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter

from poolviewer.core.annotation import MapName
from poolviewer.core.errors import ExportError
from poolviewer.core.figure_spec import FigurePart, check_pixels
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.palette import SPACING, THEMES
from poolviewer.export.composition import composed
from poolviewer.export.elements import Canvas, Element, Sheet
from poolviewer.export.request import FigureRequest, ready
from poolviewer.export.style import Style, style_of

DOTS_PER_METRE = 96 / 0.0254
# Edges of a drawing without pixels lie on a grid so fine that nobody sees it.
DRAWING_RATIO = 4.0
ALWAYS_THERE: tuple[FigurePart, ...] = ("input", "feature", "pooled", "gallery")


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """A figure whose parts have found their places.

    Parameters
    ----------
    request
        With everything worked out that parts ask for.
    """

    request: FigureRequest
    element: Element
    style: Style

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in logical pixels, 96 to the inch."""
        style = self.style
        if style.height is not None:
            return style.width * style.unit, style.height * style.unit
        height = (self.element.height(style.inner_width) + 2 * style.margin) * style.unit
        return style.width * style.unit, ceil(height / SPACING) * SPACING

    @property
    def reduced_text_scale(self) -> float:
        """The size of the text where it had to become smaller to fit; else 0."""
        spec, unit = self.request.spec, self.style.unit
        if unit >= style_of(spec).unit:
            return 0.0
        return unit / style_of(replace(spec, text_scale=1.0)).unit

    @property
    def left_out(self) -> tuple[str, ...]:
        """What a fixed height has no room for, named for a person; the least important first."""
        return self.element.left_out if isinstance(self.element, Sheet) else ()

    def check_drawn(self) -> None:
        """Raise `ExportError` where nothing of what was chosen is there to be drawn."""
        if any(self.request.spec.has(part) for part in ALWAYS_THERE):
            return
        element, width = self.element, self.style.inner_width
        drawn = (element.content, element.foot) if isinstance(element, Sheet) else (element,)
        if not any(part.height(width) > 0 for part in drawn):
            raise ExportError(
                "The figure would be empty: nothing of the chosen parts is there. Choose others, "
                "or pin a pixel."
            )

    def image(self, scale: float) -> QImage:
        """Draw it; needs a `QGuiApplication`, but not its thread.

        Parameters
        ----------
        scale
            Device pixels for each logical pixel.

        Raises
        ------
        ExportError
            It is too large, or the memory does not suffice.
        """
        width, height = self.size
        check_pixels(width, height, scale)
        image = QImage(ceil(width * scale), ceil(height * scale), QImage.Format.Format_RGB32)
        if image.isNull():
            raise ExportError("There is not enough memory for the figure: choose a smaller scale.")
        image.fill(QColor(THEMES[self.request.theme].background))
        painter = QPainter(image)
        painter.scale(scale, scale)
        self.draw(painter, scale)
        painter.end()
        image.setDotsPerMeterX(round(DOTS_PER_METRE * scale))
        image.setDotsPerMeterY(round(DOTS_PER_METRE * scale))
        return image

    def draw(self, painter: QPainter, ratio: float = 1.0) -> dict[MapName, DeviceMapping]:
        """Draw it, without its background, as `draw_figure` does."""
        style = self.style
        is_raster = painter.paintEngine().type() == QPaintEngine.Type.Raster
        fine = ratio if is_raster else max(ratio, DRAWING_RATIO)
        painter.save()
        painter.scale(style.unit, style.unit)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        canvas = Canvas(
            painter,
            THEMES[self.request.theme],
            fine * style.unit,
            ratio * style.unit,
            style.line_width,
            style.smallest_px,
        )
        self.element.draw(canvas, QPointF(style.margin, style.margin), style.inner_width)
        painter.restore()
        return {name: _in_pixels(found, style.unit) for name, found in canvas.places.items()}


def arranged(request: FigureRequest) -> Arranged:
    """Put a figure together; raises `ExportError` where it does not fit its size."""
    request = ready(request)
    return Arranged(request, *composed(request))


def render_figure(request: FigureRequest) -> QImage:
    """Draw a figure at its scale; needs a `QGuiApplication`, but not its thread.

    Raises `ExportError` where it does not fit its size or the memory does not suffice.
    """
    return arranged(request).image(request.scale)


def figure_size(request: FigureRequest) -> tuple[float, float]:
    """Return width and height of a figure in logical pixels, 96 to the inch.

    Raises `ExportError` where it does not fit the size that it shall have.
    """
    return arranged(request).size


def draw_figure(
    painter: QPainter, request: FigureRequest, ratio: float = 1.0
) -> dict[MapName, DeviceMapping]:
    """Draw a figure, without its background, from the painter's origin.

    Parameters
    ----------
    ratio
        Device pixels for each of the painter's logical pixels; 1 for a drawing without pixels,
        such as SVG and PDF.

    Returns
    -------
    dict
        Where each map was put, in logical pixels.
    """
    return arranged(request).draw(painter, ratio)


def _in_pixels(place: DeviceMapping, unit: float) -> DeviceMapping:
    """Return a mapping to units as one to logical pixels."""
    return DeviceMapping(
        place.left * unit,
        place.top * unit,
        place.scale_x * unit,
        place.scale_y * unit,
        place.ratio / unit,
    )
