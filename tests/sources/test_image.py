"""Pictures come out as the tutorial's cv2.imread gives them, and turned as their EXIF asks."""

import os
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.errors import SourceError
from poolviewer.sources.image import PictureSource, as_frame_picture, decode_picture, read_picture
from poolviewer.sources.opencv import cv2
from tests import media

GRADIENT = media.gradient()
WITH_ALPHA = np.dstack([GRADIENT, GRADIENT[:, :, 1]])
WIDE = GRADIENT.astype(np.uint16) * 257

ORDINARY = {
    "colour.png": media.encoded(".png"),
    "grey.png": media.encoded(".png", GRADIENT[:, :, 0]),
    "alpha.png": media.encoded(".png", WITH_ALPHA),
    "16bit.png": media.encoded(".png", WIDE),
    "16bit-grey.png": media.encoded(".png", WIDE[:, :, 0]),
    "palette.png": media.palette_png(),
    "colour.jpg": media.encoded(".jpg"),
    "grey.jpg": media.encoded(".jpg", GRADIENT[:, :, 0]),
    "turned.jpg": media.oriented_jpeg(6),
    "cmyk.jpg": media.CMYK_JPEG,
    "colour.webp": media.encoded(".webp"),
    "alpha.webp": media.encoded(".webp", WITH_ALPHA),
    "colour.tif": media.encoded(".tif"),
    "16bit.tif": media.encoded(".tif", WIDE),
    "big-endian.tif": media.tiff(GRADIENT, order=">"),
    "colour.bmp": media.encoded(".bmp"),
    "grey.bmp": media.encoded(".bmp", GRADIENT[:, :, 0]),
    "colour.gif": media.encoded(".gif"),
}


def assert_frame_picture(picture: np.ndarray) -> None:
    assert picture.dtype == np.uint8
    assert picture.ndim == 3
    assert picture.shape[2] == 3
    assert picture.flags.c_contiguous
    assert not picture.flags.writeable


@pytest.mark.parametrize("name", ORDINARY)
def test_equals_imread(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(ORDINARY[name])
    picture = read_picture(path)
    assert_frame_picture(picture)
    np.testing.assert_array_equal(picture, cv2.imread(str(path)))


@pytest.mark.parametrize("name", ["chelsea.png", "coffee.png", "coins.png"])
def test_samples_equal_imread(name: str) -> None:
    path = media.SAMPLES / name
    np.testing.assert_array_equal(read_picture(path), cv2.imread(str(path)))


@pytest.mark.parametrize("name", ["colour.png", "alpha.png", "16bit.png", "16bit.tif"])
def test_lossless_pictures_keep_their_values(name: str) -> None:
    np.testing.assert_array_equal(decode_picture(ORDINARY[name], name), GRADIENT)


def test_grey_is_repeated() -> None:
    picture = decode_picture(ORDINARY["grey.png"], "grey.png")
    np.testing.assert_array_equal(picture, np.repeat(GRADIENT[:, :, :1], 3, axis=2))


def test_palette_and_cmyk_become_bgr() -> None:
    palette = decode_picture(ORDINARY["palette.png"], "a")
    assert palette.tolist() == [[[255, 0, 0], [0, 0, 255]]]
    cmyk = decode_picture(media.CMYK_JPEG, "a")
    np.testing.assert_allclose(cmyk[4, [0, 7]], [[0, 0, 255], [255, 255, 0]], atol=3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
def test_turned_tiff(orientation: int, order: str) -> None:
    """Where cv2.imread gives up."""
    picture = decode_picture(media.tiff(GRADIENT, orientation, order), "a.tif")
    np.testing.assert_array_equal(picture, media.turned(GRADIENT, orientation))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_jpeg(orientation: int) -> None:
    stored = decode_picture(media.encoded(".jpg"), "a.jpg")
    picture = decode_picture(media.oriented_jpeg(orientation), "a.jpg")
    np.testing.assert_array_equal(picture, media.turned(stored, orientation))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.uint32])
def test_measured_values_are_refused(tmp_path: Path, dtype: type) -> None:
    path = tmp_path / "a.tif"
    values = np.full((4, 5), np.nan if issubclass(dtype, np.floating) else 7, dtype)
    path.write_bytes(media.encoded(".tif", values))
    with pytest.raises(SourceError) as caught:
        read_picture(path)
    expected = f"holds measured values ({np.dtype(dtype)}): save it with 8 or 16 bits a channel."
    assert str(caught.value) == f"a.tif {expected}"


@pytest.mark.parametrize("data", [b"", b"no picture", media.encoded(".png")[:50]])
def test_undecodable_bytes(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        decode_picture(data, "a.png")
    assert str(caught.value) == "a.png is damaged: save or fetch it again."


def test_name_that_is_not_utf8(tmp_path: Path) -> None:
    """Here cv2.imread ends the process."""
    path = tmp_path / os.fsdecode(b"caf\xe9.png")
    path.write_bytes(media.encoded(".png"))
    source = PictureSource(path)
    source.open()
    frame = source.read()
    assert frame is not None
    assert frame.name == "caf\N{REPLACEMENT CHARACTER}.png"
    np.testing.assert_array_equal(frame.picture, GRADIENT)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1)])
def test_thin_pictures_open(shape: tuple[int, int]) -> None:
    picture = decode_picture(media.encoded(".png", np.full((*shape, 3), 9, np.uint8)), "a.png")
    assert picture.shape == (*shape, 3)


def test_source_gives_its_picture_once_and_again_after_seek() -> None:
    source = PictureSource(media.SAMPLES / "coins.png")
    source.open()
    first = source.read()
    assert first is not None
    assert (first.name, first.index, first.source) == ("coins.png", 0, source.info)
    assert (source.info.kind, source.info.count, source.info.is_live) == ("picture", 1, False)
    assert first.captured_s > 0
    assert source.read() is None
    source.seek(5)
    again = source.read()
    assert again is not None
    assert again.picture is first.picture
    source.close()
    source.seek(0)
    assert source.read() is None


def test_pasted_picture_is_copied() -> None:
    pasted = GRADIENT.copy()
    source = PictureSource(Path("Pasted picture"), pasted)
    pasted[:] = 0
    source.open()
    frame = source.read()
    assert frame is not None
    assert frame.name == "Pasted picture"
    assert_frame_picture(frame.picture)
    np.testing.assert_array_equal(frame.picture, GRADIENT)


@pytest.mark.parametrize(
    "picture",
    [GRADIENT[:, :, 0], WITH_ALPHA, GRADIENT.astype(np.float32), GRADIENT[:0]],
)
def test_pasted_nonsense_is_refused(picture: np.ndarray) -> None:
    with pytest.raises(SourceError) as caught:
        PictureSource(Path("Pasted picture"), picture)
    assert str(caught.value) == (
        "The picture has no three 8-bit colour channels: copy it once more."
    )


def test_view_is_copied_and_owned_array_is_not() -> None:
    owned = GRADIENT.copy()
    assert as_frame_picture(owned) is owned
    view = GRADIENT[::2]
    assert_frame_picture(as_frame_picture(view))
    assert GRADIENT.flags.writeable
