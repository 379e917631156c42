"""PNGs of our own making are read by others as they were drawn."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from poolviewer.core.errors import ExportError
from poolviewer.export.png import SIGNATURE, chunk, encode_png

FORMATS = QImage.Format


def noise(height, width, image_format=FORMATS.Format_RGB32):
    image = QImage(width, height, image_format)
    rows = np.frombuffer(image.bits(), np.uint8)
    rows[:] = np.random.default_rng(0).integers(0, 256, rows.size)
    return image


def read(data):
    """Decode with Pillow, which checks every chunk that it reads."""
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def rgba_of(image):
    plain = image.convertToFormat(FORMATS.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8)
    return rows.reshape(plain.height(), plain.width(), 4).copy()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 5), (700, 1203), (2, 400_000)])
@pytest.mark.parametrize("image_format", [FORMATS.Format_RGB32, FORMATS.Format_ARGB32])
def test_pixels_come_back(height, width, image_format):
    image = noise(height, width, image_format)
    picture = read(encode_png(image))
    assert picture.mode == ("RGBA" if image.hasAlphaChannel() else "RGB")
    assert (np.asarray(picture.convert("RGBA")) == rgba_of(image)).all()


def test_indexed_and_grey_images_come_back():
    for image_format in (FORMATS.Format_Grayscale8, FORMATS.Format_RGB16):
        image = noise(20, 31, image_format)
        assert (np.asarray(read(encode_png(image)).convert("RGBA")) == rgba_of(image)).all()


def test_long_pixels_are_cut_into_chunks():
    data = encode_png(noise(900, 1000))
    kinds, place = [], len(SIGNATURE)
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        body = data[place + 4 : place + 8 + length]
        assert struct.unpack_from(">I", data, place + 8 + length) == (zlib.crc32(body),)
        kinds.append(kind)
        place += 12 + length
    assert place == len(data)
    assert kinds.count(b"IDAT") == 2
    assert kinds[0] == b"IHDR"
    assert kinds[-1] == b"IEND"


def test_flat_pictures_stay_small():
    image = QImage(4000, 3000, FORMATS.Format_RGB32)
    image.fill(QColor("white"))
    assert len(encode_png(image)) < 200_000  # of 36 MB


def test_resolution_and_further_chunks_stand_in_it():
    image = noise(2, 2)
    image.setDotsPerMeterX(7559)
    image.setDotsPerMeterY(7559)
    picture = read(encode_png(image, chunk(b"tEXt", b"name\0words")))
    assert picture.info["name"] == "words"
    assert picture.info["dpi"] == pytest.approx((192, 192), abs=0.01)


def test_no_image_is_said():
    with pytest.raises(ExportError, match="smaller scale"):
        encode_png(QImage())
