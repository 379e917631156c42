"""Pictures of pixels: exact where they should be, with what they carry."""

import json
import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from poolviewer.core.errors import ExportError
from poolviewer.export.raster import jpeg_bytes, png_bytes, webp_bytes
from tests.drawing.painting import pixels_of

METADATA = {"schema": 1, "name": "Käse\n\udc80 ☃", "numbers": [1, 2.5, None]}


def image_of(colour="#123456"):
    image = QImage(7, 5, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def chunks_of(png):
    """Parse a PNG by hand; every check sum must be right."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, position = [], 8
    while position < len(png):
        length, kind = struct.unpack_from(">I4s", png, position)
        data = png[position + 8 : position + 8 + length]
        (check,) = struct.unpack_from(">I", png, position + 8 + length)
        assert check == zlib.crc32(kind + data)
        chunks.append((kind, data))
        position += 12 + length
    return chunks


def test_png_carries_its_metadata():
    chunks = chunks_of(png_bytes(image_of(), METADATA))
    assert [kind for kind, _ in chunks[:2]] == [b"IHDR", b"tEXt"]
    keyword, text = chunks[1][1].split(b"\0")
    assert keyword == b"poolviewer"
    assert json.loads(text.decode("ascii")) == METADATA
    assert chunks[-1] == (b"IEND", b"")


@pytest.mark.parametrize(("dots", "expected"), [(None, 3780), (7559, 7559)])
def test_png_knows_its_resolution(dots, expected):
    image = image_of()
    if dots:
        image.setDotsPerMeterX(dots)
        image.setDotsPerMeterY(dots)
    found = [data for kind, data in chunks_of(png_bytes(image, {})) if kind == b"pHYs"]
    assert [struct.unpack(">IIB", data) for data in found] == [(expected, expected, 1)]


def test_png_opens_with_the_same_pixels():
    rng = np.random.default_rng(0)
    image = image_of()
    for y, x in np.ndindex(5, 7):
        image.setPixelColor(x, y, QColor(*map(int, rng.integers(0, 256, 3))))
    loaded = QImage.fromData(png_bytes(image, METADATA))
    assert (pixels_of(loaded) == pixels_of(image)).all()
    assert json.loads(loaded.text("poolviewer")) == METADATA


def test_an_image_that_is_none_is_refused():
    with pytest.raises(ExportError, match="could not be turned into a PNG"):
        png_bytes(QImage(), {})


def noise():
    pixels = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
    image = QImage(pixels.data, 60, 40, 180, QImage.Format.Format_RGB888).copy()
    image.setDotsPerMeterX(7559)
    image.setDotsPerMeterY(7559)
    return pixels, image


def test_webp_is_exact_at_full_quality():
    pixels, image = noise()
    with Image.open(BytesIO(webp_bytes(image, 100))) as opened:
        assert opened.format == "WEBP"
        assert not opened.is_animated
        assert (np.asarray(opened.convert("RGB")) == pixels).all()
    assert len(webp_bytes(image, 50)) < len(webp_bytes(image, 100))


def test_jpeg_keeps_fine_colours_and_its_resolution():
    _, image = noise()
    with Image.open(BytesIO(jpeg_bytes(image, 95))) as opened:
        assert [layer[1:3] for layer in opened.layer] == [(1, 1)] * 3  # 4:4:4
        assert opened.info["dpi"] == (192, 192)
    assert len(jpeg_bytes(image, 60)) < len(jpeg_bytes(image, 95))


@pytest.mark.parametrize("make", [jpeg_bytes, webp_bytes])
def test_no_image_is_refused(make):
    with pytest.raises(ExportError, match="smaller scale"):
        make(QImage(), 95)


@pytest.mark.parametrize(("make", "width"), [(jpeg_bytes, 65_501), (webp_bytes, 16_384)])
def test_a_picture_larger_than_its_kind_may_be_gets_one_sentence(make, width):
    image = QImage(width, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with pytest.raises(ExportError, match=f"the figure has {width}: choose a smaller scale"):
        make(image, 95)
