"""Drawings: the same figure as the picture, sharp at every size, with text that is text."""

import json
import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import numpy as np
import pypdf
import pypdfium2
import pytest
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from poolviewer.core.annotation import MapName
from poolviewer.core.display import DisplaySpec
from poolviewer.core.figure_spec import PARTS, FigureSpec
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.messages import SourceInfo
from poolviewer.drawing.images import FINENESS_OF_PICTURES, for_any_viewer
from poolviewer.export import vector
from poolviewer.export.figure import figure_size, render_figure
from poolviewer.export.metadata import metadata
from poolviewer.export.vector import pdf_bytes, svg_bytes
from poolviewer.export.words import headline
from poolviewer.sessions.carriers import carried
from tests.drawing.painting import indexed, pixels_of

from .cases import activations_of, network, request_of

SVG = "{http://www.w3.org/2000/svg}"
SESSION = b'{"poolview":1, "text": "<&>"}'
ODD = "\x00\x01\x0b\x1b<&>\"'\ud800\udcff\ufffe\uffff]]>🎈猫\u202e.png"


def drawn_svg(data, scale):
    """Draw an SVG as Qt does."""
    renderer = QSvgRenderer(QByteArray(data))
    assert renderer.isValid()
    size = renderer.viewBoxF().size() * scale
    image = QImage(round(size.width()), round(size.height()), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return pixels_of(image)[:, :, :3].astype(int)


def drawn_pdf(data, scale):
    """Draw a page as Chrome does."""
    document = pypdfium2.PdfDocument(data)
    bitmap = document[0].render(scale=scale * 96 / 72)
    page = bitmap.to_numpy()[:, :, 2::-1].astype(int)  # a copy, before the bitmap goes
    document.close()
    return page


DRAWN = {"svg": (svg_bytes, drawn_svg), "pdf": (pdf_bytes, drawn_pdf)}


def drawn_as(kind, request, scale):
    make, draw = DRAWN[kind]
    return draw(make(request, SESSION), scale)


def picture_of(request):
    return pixels_of(render_figure(request))[:, :, :3].astype(int)


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"theme": "dark", "display": DisplaySpec("viridis", "shared", is_mirrored=True)},
        {"pixel": None},
    ],
)
def test_drawing_and_picture_are_the_same_figure(kind, options):
    request = request_of(scale=2.0, **options)
    drawing, picture = drawn_as(kind, request, 2), picture_of(request)
    assert drawing.shape == picture.shape
    difference = np.abs(drawing - picture).max(2)
    assert difference.mean() < 1  # the edges of letters
    assert (difference > 48).mean() < 0.01


@pytest.mark.parametrize("kind", DRAWN)
def test_no_paper_shines_through_at_the_edge_of_a_dark_page(kind):
    page = drawn_as(kind, request_of(theme="dark", spec=FigureSpec(width=777)), 4)
    for edge in (page[0], page[-1], page[:, 0], page[:, -1]):
        assert (edge == page[9, 9]).all()


def test_a_drawing_has_no_empty_groups():
    root = ET.fromstring(svg_bytes(request_of(), SESSION))
    assert all(len(group) for group in root.iter(f"{SVG}g"))


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_pixels_of_maps_are_sharp_at_every_size(kind, scale):
    """Whatever one device pixel of a map shows is a colour of the map, and at its place."""
    request = request_of(pixel=None)
    drawing, picture = drawn_as(kind, request, scale), picture_of(request)
    columns = slice(460, 820)
    rows = _rows_of_feature_map(request)
    large = picture.repeat(scale, 0).repeat(scale, 1)
    part = slice(rows.start * scale, rows.stop * scale), slice(460 * scale, 820 * scale)
    assert np.ptp(picture[rows, columns]) > 200
    np.testing.assert_allclose(drawing[part], large[part], atol=2)


def _rows_of_feature_map(request):
    """Return where the feature map lies, 30 pixels of 12 logical pixels each."""
    from poolviewer.export.figure import draw_figure  # noqa: PLC0415

    image = QImage(1, 1, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    mapping = draw_figure(painter, request)[MapName.FEATURE]
    painter.end()
    rect = mapping.snapped(request.activations.stage.feature_geometry.extent)
    assert (rect.left(), rect.width(), rect.height()) == (460, 360, 360)
    return slice(round(rect.top()), round(rect.bottom()))


@pytest.mark.parametrize("width", [0.3, 1, 7, 10.5, 100, 4000])
@pytest.mark.parametrize("shape", [(1, 256), (3, 4), (300, 300)])
def test_images_are_enlarged_by_whole_factors_within_bounds(shape, width):
    shades = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    image = indexed(shades, [0xFF000000 + 0x10101 * value for value in range(256)])
    larger = for_any_viewer(image, QRectF(0, 0, width, width))
    assert larger.width() * larger.height() <= 2**22
    if larger.width() < image.width():
        assert width * FINENESS_OF_PICTURES < shape[1]
        return
    times_y, times_x = larger.height() // shape[0], larger.width() // shape[1]
    expected = pixels_of(image).repeat(times_y, 0).repeat(times_x, 1)
    assert (pixels_of(larger) == expected).all()


def test_transparent_images_stay_so():
    image = QImage(2, 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0x80400000)
    larger = for_any_viewer(image, QRectF(0, 0, 10, 10))
    assert larger.pixelColor(0, 0).alpha() == 0x80
    assert larger.size().width() == 40


def root_of(request):
    return ET.fromstring(svg_bytes(request, SESSION))


def test_text_of_an_svg_is_text():
    texts = [element.text for element in root_of(request_of()).iter(f"{SVG}text")]
    words = " ".join(texts)
    assert headline(request_of()) in texts
    assert "Receptive field" in texts
    assert "32×32×3" in words
    assert "\N{MINUS SIGN}" in words
    assert "\N{NO-BREAK SPACE}=" in words


def test_text_of_an_svg_has_fonts_everywhere_and_keeps_its_width():
    root = root_of(request_of())
    assert root.get("font-family").endswith(", Arial, Helvetica, sans-serif")
    assert not [element for element in root.iter() if element is not root
                and element.get("font-family")]  # fmt: skip
    for element in root.iter(f"{SVG}text"):
        assert len(element.text) < 2 or float(element.get("textLength")) > 0


def test_an_svg_carries_session_and_metadata():
    request = request_of()
    root = root_of(request)
    assert root[0].tag == f"{SVG}metadata"
    assert root[0].get("id") == "poolviewer-session"
    assert carried(BytesIO(svg_bytes(request, SESSION)), "SVG") == SESSION
    (described,) = root.findall(f"{SVG}metadata[@id='poolviewer-metadata']")
    assert json.loads(described.text) == json.loads(json.dumps(metadata(request)))
    assert root.find(f"{SVG}title").text == headline(request)
    assert "picture.png" in root.find(f"{SVG}desc").text
    width, height = figure_size(request)
    assert root.get("viewBox").split()[2:] == [f"{width:g}", f"{height:g}"]
    assert float(root.get("width").removesuffix("mm")) == pytest.approx(width / 96 * 25.4)


@pytest.mark.parametrize("words", ["title", "caption"])
def test_words_of_a_person_that_xml_forbids_do_not_spoil_a_drawing(words):
    data = svg_bytes(request_of(spec=FigureSpec(**{words: ODD})), SESSION)
    shown = "".join("".join(ET.fromstring(data).itertext()).split())
    assert "🎈猫" in shown
    assert "\x0b" not in shown


@pytest.mark.parametrize("name", [ODD, "x" * 400, "", "\u202e\u200f", "]]>"])
def test_every_name_makes_sound_drawings(name):
    activations = activations_of(source=SourceInfo(name, "picture"))
    frame = replace(activations.frame, name=name)
    request = request_of(replace(activations, frame=frame))
    assert root_of(request).find(f"{SVG}title") is not None
    assert pypdf.PdfReader(BytesIO(pdf_bytes(request, SESSION))).pages[0].extract_text()


def test_maps_in_an_svg_are_crisp_in_browsers_and_in_qt():
    text = svg_bytes(request_of(), SESSION).decode()
    assert re.search(r"@supports \(image-rendering: pixelated\)", text)
    assert 'image-rendering="optimizeSpeed"' in text


def reader_of(request):
    return pypdf.PdfReader(BytesIO(pdf_bytes(request, SESSION)))


def test_text_of_a_pdf_is_text():
    text = reader_of(request_of()).pages[0].extract_text()
    assert headline(request_of()) in text
    assert "32×32×3" in text
    assert "\N{MINUS SIGN}" in text
    assert "0.8478, 0.2726, 0.7952)\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}0.8478" in text
    assert "\t" not in text
    assert "Receptive field" in text  # and no ligature


def test_a_pdf_carries_session_and_metadata():
    request = request_of()
    reader = reader_of(request)
    assert reader.attachments["poolviewer-session.json"] == [SESSION]
    assert carried(BytesIO(pdf_bytes(request, SESSION)), "PDF") == SESSION
    (described,) = reader.attachments["poolviewer-metadata.json"]
    assert json.loads(described) == json.loads(json.dumps(metadata(request)))
    assert reader.metadata.title == headline(request)
    assert reader.metadata.creator == f"PoolViewer {request.poolviewer}"
    assert len(reader.pages) == 1


@pytest.mark.parametrize("size", [(321.26, 500.3), (794, 1123), (1280, 1024), (5000, 70)])
def test_a_page_holds_its_figure_and_no_more(size, monkeypatch):
    """A4 in whole pixels is no A4, and a column of a paper has no whole number of points."""
    monkeypatch.setattr(vector, "figure_size", lambda _request: size)
    width, height = size
    request = request_of(theme="dark")
    ground = drawn_as("pdf", request, 1)[:, [0, 1]]
    assert (ground == ground[0, 0]).all()
    box = reader_of(request).pages[0].mediabox
    assert 0 <= float(box.width) - width * 0.75 < 1
    assert 0 <= float(box.height) - height * 0.75 < 1


def test_drawings_of_everything_stay_small():
    """Noise in 64 channels, and a large picture of noise: nothing is harder to pack."""
    spec = FigureSpec(parts=PARTS)
    request = request_of(activations_of(network(filters=64), picture_shape=(1080, 1920)), spec=spec)
    assert len(svg_bytes(request, SESSION)) < 3_000_000
    assert len(pdf_bytes(request, SESSION)) < 3_000_000


def test_no_image_of_a_drawing_is_left_coarse():
    """Whoever draws one: a viewer may smooth it."""
    root = root_of(request_of(spec=FigureSpec(parts=PARTS), scale=2.0))
    images = list(root.iter(f"{SVG}image"))
    assert len(images) > 8
    for element in images:
        data = element.get("{http://www.w3.org/1999/xlink}href").partition(",")[2]
        image = QImage.fromData(QByteArray.fromBase64(data.encode()))
        assert image.width() >= FINENESS_OF_PICTURES * float(element.get("width")) - 1
        assert image.height() >= FINENESS_OF_PICTURES * float(element.get("height")) - 1


def test_a_cover_hides_nothing_that_could_be_laid_bare():
    """Two figures that differ only in what an open question conceals hold the same images."""
    activations = activations_of()
    others = replace(activations, pooled_maps=activations.pooled_maps[::-1].copy())
    concealed = [request_of(each, experiment=Predict()) for each in (activations, others)]
    told = [request_of(each, pixel=None) for each in (activations, others)]
    assert images_of(concealed[0]) == images_of(concealed[1])
    assert images_of(told[0]) != images_of(told[1])


def images_of(request):
    href = "{http://www.w3.org/1999/xlink}href"
    return [element.get(href) for element in root_of(request).iter(f"{SVG}image")]
