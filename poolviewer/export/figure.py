"""The annotated figure: the one renderer of the window, of every kind of file, and headless.

`draw_figure` draws with any painter, so that the same figure becomes an image, a page, a drawing or
a part of the window; `render_figure` makes an image of it, in any thread.
"""

from dataclasses import replace
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


def render_figure(request: FigureRequest) -> QImage:
    """Draw a figure at its scale; needs a `QGuiApplication`, but not its thread.

    Raises `ExportError` where it does not fit its size or the memory does not suffice.
    """
    request, scale = ready(request), request.scale
    element, style = composed(request)
    width, height = _size(element, style)
    check_pixels(width, height, scale)
    image = QImage(ceil(width * scale), ceil(height * scale), QImage.Format.Format_RGB32)
    if image.isNull():
        raise ExportError("There is not enough memory for the figure: choose a smaller scale.")
    image.fill(QColor(THEMES[request.theme].background))
    painter = QPainter(image)
    painter.scale(scale, scale)
    _draw(painter, request, element, style, scale)
    painter.end()
    image.setDotsPerMeterX(round(DOTS_PER_METRE * scale))
    image.setDotsPerMeterY(round(DOTS_PER_METRE * scale))
    return image


def figure_size(request: FigureRequest) -> tuple[float, float]:
    """Return width and height of a figure in logical pixels, 96 to the inch.

    Raises `ExportError` where it does not fit the size that it shall have.
    """
    return _size(*composed(ready(request)))


def reduced_text_scale(request: FigureRequest) -> float:
    """Return the size of a figure's text where it had to become smaller to fit; else 0."""
    spec = request.spec
    _, style = composed(ready(request))
    if style.unit >= style_of(spec).unit:
        return 0.0
    return style.unit / style_of(replace(spec, text_scale=1.0)).unit


def check_drawn(request: FigureRequest) -> None:
    """Raise `ExportError` where nothing of what was chosen is there to be drawn."""
    if any(request.spec.has(part) for part in ALWAYS_THERE):
        return
    element, style = composed(ready(request))
    drawn = (element.content, element.foot) if isinstance(element, Sheet) else (element,)
    if not any(part.height(style.inner_width) > 0 for part in drawn):
        raise ExportError(
            "The figure would be empty: nothing of the chosen parts is there. Choose others, "
            "or pin a pixel."
        )


def left_out(request: FigureRequest) -> tuple[str, ...]:
    """Name what a figure of a fixed height has no room for, the least important first."""
    element, _ = composed(ready(request))
    return element.left_out if isinstance(element, Sheet) else ()


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
    request = ready(request)
    return _draw(painter, request, *composed(request), ratio)


def _size(element: Element, style: Style) -> tuple[float, float]:
    if style.height is not None:
        return style.width * style.unit, style.height * style.unit
    height = (element.height(style.inner_width) + 2 * style.margin) * style.unit
    return style.width * style.unit, ceil(height / SPACING) * SPACING


def _draw(
    painter: QPainter, request: FigureRequest, element: Element, style: Style, ratio: float
) -> dict[MapName, DeviceMapping]:
    is_raster = painter.paintEngine().type() == QPaintEngine.Type.Raster
    fine = ratio if is_raster else max(ratio, DRAWING_RATIO)
    painter.save()
    painter.scale(style.unit, style.unit)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    canvas = Canvas(
        painter,
        THEMES[request.theme],
        fine * style.unit,
        ratio * style.unit,
        style.line_width,
        style.smallest_px,
    )
    element.draw(canvas, QPointF(style.margin, style.margin), style.inner_width)
    painter.restore()
    return {name: _in_pixels(found, style.unit) for name, found in canvas.places.items()}


def _in_pixels(place: DeviceMapping, unit: float) -> DeviceMapping:
    """Return a mapping to units as one to logical pixels."""
    return DeviceMapping(
        place.left * unit,
        place.top * unit,
        place.scale_x * unit,
        place.scale_y * unit,
        place.ratio / unit,
    )
