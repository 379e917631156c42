"""The annotated figure: three maps, the traced pixel in numbers, a legend, and a caption.

`draw_figure` draws with any painter, so that the same figure becomes an image, a page, or a part
of the window; `render_figure` makes an image of it, in any thread.
"""

from math import ceil

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from poolviewer.core.annotation import MapName, uncovered_rects
from poolviewer.core.errors import ExportError
from poolviewer.core.geometry import Rect
from poolviewer.drawing.legend import legend_entries
from poolviewer.drawing.mapping import DeviceMapping
from poolviewer.drawing.overlay_legend import overlay_entries
from poolviewer.drawing.palette import SPACING, THEMES
from poolviewer.export.elements import (
    HEADLINE_PX,
    SMALL_PX,
    Canvas,
    Column,
    Element,
    Legend,
    Line,
    OverlayLegend,
    Paragraph,
    Row,
    Rule,
    Stack,
    Title,
)
from poolviewer.export.maps import ColourBar, MapView, even_scale, visible_world
from poolviewer.export.request import FigureRequest
from poolviewer.export.trace_panel import trace_panel
from poolviewer.export.words import (
    MAP_TITLES,
    caption,
    finding_words,
    headline,
    making_words,
    shape_words,
    subline,
)

WIDTH = 1280.0
MARGIN = 4.0 * SPACING
GAP = 4.0 * SPACING
INNER = WIDTH - 2 * MARGIN
MAP_WIDTH = (INNER - 2 * GAP) / 3
TALLEST_MAP = 640.0
TALLEST_STACKED = 176.0
LEFTS = (0.0, MAP_WIDTH + GAP, 2 * (MAP_WIDTH + GAP))
DOTS_PER_METRE = 96 / 0.0254


def render_figure(request: FigureRequest) -> QImage:
    """Draw a figure at its scale; needs a `QGuiApplication`, but not its thread.

    Raises `ExportError` where the memory does not suffice.
    """
    width, height = figure_size(request)
    scale = request.scale
    image = QImage(ceil(width * scale), ceil(height * scale), QImage.Format.Format_RGB32)
    if image.isNull():
        raise ExportError("There is not enough memory for the figure: choose a smaller scale.")
    image.fill(QColor(THEMES[request.theme].background))
    painter = QPainter(image)
    painter.scale(scale, scale)
    draw_figure(painter, request, scale)
    painter.end()
    image.setDotsPerMeterX(round(DOTS_PER_METRE * scale))
    image.setDotsPerMeterY(round(DOTS_PER_METRE * scale))
    return image


def figure_size(request: FigureRequest) -> tuple[float, float]:
    """Return width and height of a figure in logical pixels."""
    height = figure_element(request).height(INNER) + 2 * MARGIN
    return WIDTH, ceil(height / SPACING) * SPACING


def draw_figure(
    painter: QPainter, request: FigureRequest, ratio: float = 1.0
) -> dict[MapName, DeviceMapping]:
    """Draw a figure, without its background, from the painter's origin.

    Parameters
    ----------
    ratio
        Device pixels for each of the painter's logical pixels.

    Returns
    -------
    dict
        Where each map was put.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    canvas = Canvas(painter, THEMES[request.theme], ratio)
    figure_element(request).draw(canvas, QPointF(MARGIN, MARGIN), INNER)
    return canvas.places


def figure_element(request: FigureRequest) -> Element:
    """Put a figure together."""
    stage = request.activations.stage
    has_uncovered = bool(uncovered_rects(stage))
    parts: list[Element] = [_header(request), _maps(request)]
    if request.trace is not None:
        parts += [Rule(), trace_panel(request, LEFTS, MAP_WIDTH)]
    if request.finding is not None:
        parts += [Paragraph(finding_words(request.finding)), _overlay_legend(request)]
    parts += [Legend(legend_entries(request.marks, has_uncovered=has_uncovered)), Rule()]
    parts += [Paragraph(caption(request), SMALL_PX, "muted")]
    return Stack(parts, gap=3 * SPACING)


def arrangement(world: Rect) -> tuple[float, bool]:
    """Return the scale of the maps, and whether they stand under each other: very wide ones do."""
    beside = min(MAP_WIDTH / world.width, TALLEST_MAP / world.height)
    under = min(INNER / world.width, TALLEST_STACKED / world.height)
    is_stacked = under > 1.5 * beside
    return even_scale(under if is_stacked else beside), is_stacked


def _overlay_legend(request: FigureRequest) -> Element:
    overlays = map(request.overlay_of, MapName)
    return OverlayLegend(overlay_entries(overlay for overlay in overlays if overlay))


def _header(request: FigureRequest) -> Element:
    title = Line(headline(request), HEADLINE_PX, is_bold=True)
    return Stack([title, Line(subline(request), tone="muted")], gap=SPACING / 2)


def _maps(request: FigureRequest) -> Element:
    world = visible_world(request.activations)
    scale, is_stacked = arrangement(world)
    blocks = [_map_block(request, name, scale, world.width * scale) for name in MapName]
    if is_stacked:
        return Stack(blocks, gap=3 * SPACING)
    return Row([Column(left, MAP_WIDTH, b) for left, b in zip(LEFTS, blocks, strict=True)])


def _map_block(request: FigureRequest, name: MapName, scale: float, width: float) -> Element:
    title = Title(MAP_TITLES[name], shape_words(request, name))
    making = Line(making_words(request.activations, name), tone="muted")
    return Stack(
        [
            Stack([title, making], gap=0),
            MapView(request, name, scale),
            ColourBar(request, name, width),
        ]
    )
