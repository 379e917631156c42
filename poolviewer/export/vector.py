"""The figure as a drawing: SVG and PDF, in which text is text and every pixel of a map is sharp."""

import re
from base64 import b64encode
from math import ceil
from xml.etree import ElementTree as ET

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import (
    QColor,
    QFontInfo,
    QFontMetricsF,
    QPagedPaintDevice,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator

from poolviewer.core.errors import ExportError
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import THEMES
from poolviewer.export.figure import draw_figure, figure_size
from poolviewer.export.files import json_text
from poolviewer.export.metadata import metadata
from poolviewer.export.request import FigureRequest
from poolviewer.export.words import caption, headline
from poolviewer.sessions.carriers import KEYWORD, PDF_FILE_NAME

DOTS_PER_INCH = 96
FINEST = 4.0  # of the grid to which edges are moved
SVG_METADATA = "poolviewer-metadata"
PDF_METADATA = f"{SVG_METADATA}.json"
JSON_MIME = "application/json"

_SVG = "http://www.w3.org/2000/svg"
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FALLBACKS = "Arial, Helvetica, sans-serif"
# Qt knows "optimizeSpeed" alone, and browsers know the other alone; Qt passes over "@supports".
_STYLE = (
    "@supports (image-rendering: pixelated) "
    '{ image[image-rendering="optimizeSpeed"] { image-rendering: pixelated; } }'
)
# Without "<0009>" the space of a PDF would be copied as a tabulator: Qt knows one glyph for both.
_MEANINGS = re.compile(rb"beginbfrange\n.*?endbfrange", re.DOTALL)


def svg_bytes(request: FigureRequest, session: bytes) -> bytes:
    """Draw a figure as SVG 1.1 that carries an encoded session; raises `ExportError`."""
    width, height = figure_size(request)
    buffer = _buffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(DOTS_PER_INCH)
    generator.setSize(QSize(ceil(width), ceil(height)))
    generator.setViewBox(QRectF(0, 0, width, height))
    _draw(QPainter(generator), request, QSizeF(width, height))
    drawn = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", _data_of(buffer).decode("utf-8", "replace"))
    root = ET.fromstring(drawn)  # noqa: S314 - it was written a line above
    root.set("width", _millimetres(width))
    root.set("height", _millimetres(height))
    _improve_text(root)
    _drop_empty_groups(root)
    _describe(root, request, session)
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return written


def pdf_bytes(request: FigureRequest, session: bytes) -> bytes:
    """Draw a figure as a PDF page of its size with the session as an attachment.

    Raises
    ------
    ExportError
        Qt cannot draw it.
    """
    width, height = figure_size(request)
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setTitle(headline(request))
    writer.setCreator(f"PoolViewer {request.poolviewer}")
    writer.setPageSize(_page_size(width, height))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    # In the order of their names, as the format wants it.
    writer.addFileAttachment(PDF_METADATA, QByteArray(_json(request).encode()), JSON_MIME)
    writer.addFileAttachment(PDF_FILE_NAME, QByteArray(session), JSON_MIME)
    _draw(QPainter(writer), request, _page_of(writer))
    return _MEANINGS.sub(_with_spaces, _data_of(buffer))


def _draw(painter: QPainter, request: FigureRequest, ground: QSizeF) -> None:
    if not painter.isActive():
        raise ExportError("The figure could not be drawn: choose a smaller one.")
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    painter.fillRect(QRectF(0, 0, ground.width(), ground.height()), _background(request))
    draw_figure(painter, request, min(request.scale, FINEST))
    painter.end()


def _background(request: FigureRequest) -> QColor:
    return QColor(THEMES[request.theme].background)


def _page_size(width: float, height: float) -> QPageSize:
    """Return a page of whole points, the only ones that Qt knows, that holds the figure."""
    points = QSizeF(*(ceil(length * 72 / DOTS_PER_INCH) for length in (width, height)))
    # Exactly: Qt would take a paper of nearly the same size instead.
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    return QPageSize(points, QPageSize.Unit.Point, "Figure", exact)


def _page_of(device: QPagedPaintDevice) -> QSizeF:
    """Return the page's size in logical pixels, and what is cut off of the last ones."""
    return QSizeF(device.width() + 1, device.height() + 1)


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _data_of(buffer: QBuffer) -> bytes:
    return bytes(buffer.data().data())


def _json(request: FigureRequest) -> str:
    return json_text(metadata(request))


def _with_spaces(meanings: re.Match[bytes]) -> bytes:
    return meanings.group().replace(b"<0009>", b"<0020>")


def _millimetres(length: float) -> str:
    return f"{length / DOTS_PER_INCH * 25.4:.4f}mm"


def _improve_text(root: ET.Element) -> None:
    """Name fonts that others have, and keep every text as wide as it was with ours."""
    family = QFontInfo(text_font(14)).family().replace('"', "").replace("'", "")
    for element in root.iter():
        if element.tag == f"{{{_SVG}}}text":
            _keep_width(element)
        element.attrib.pop("font-family", None)
    root.set("font-family", f"'{family}', {_FALLBACKS}")


def _keep_width(element: ET.Element) -> None:
    text, is_bold = element.text or "", element.get("font-weight") == "700"
    font = text_font(float(element.get("font-size", "14")), is_bold=is_bold)
    width = QFontMetricsF(font).horizontalAdvance(text)
    if len(text) > 1 and width > 0:
        element.set("textLength", f"{width:.2f}")
        element.set("lengthAdjust", "spacingAndGlyphs")


def _drop_empty_groups(element: ET.Element) -> None:
    """Leave out the groups that Qt opens for states in which nothing is drawn."""
    for child in list(element):
        _drop_empty_groups(child)
        if child.tag == f"{{{_SVG}}}g" and not len(child):
            element.remove(child)


def _describe(root: ET.Element, request: FigureRequest, session: bytes) -> None:
    """Put the session first, where it is found at once, then what the figure is."""
    for name, text in (("title", headline(request)), ("desc", caption(request))):
        for element in root.findall(f"{{{_SVG}}}{name}"):
            element.text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    root.insert(
        0, _element("metadata", b64encode(session).decode("ascii"), KEYWORD.decode("ascii"))
    )
    root.insert(3, _element("metadata", _json(request), SVG_METADATA))
    root.insert(4, _element("style", _STYLE))


def _element(name: str, text: str, identity: str = "") -> ET.Element:
    element = ET.Element(f"{{{_SVG}}}{name}", {"id": identity} if identity else {})
    element.text = text
    return element


ET.register_namespace("", _SVG)
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
