"""Arrays and PIL images become the very pictures that files of them do."""

import numpy as np
import pytest
from PIL import Image

from poolviewer.api.pictures import picture_of
from poolviewer.core.errors import ArgumentError, ArgumentTypeError
from poolviewer.sources.image import read_picture
from tests.media import SAMPLES

CAT = SAMPLES / "chelsea.png"
RGB = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)
GREY = RGB[:, :, 0]


def test_array_of_a_file_is_the_file():
    with Image.open(CAT) as image:
        for picture in (image, np.asarray(image)):
            np.testing.assert_array_equal(picture_of(picture)[1], read_picture(CAT))
        assert picture_of(image)[0] == CAT.name


@pytest.mark.parametrize(
    "array",
    [
        RGB,
        RGB[::-1, ::-1].copy()[::-1, ::-1],
        RGB / 255,
        (RGB / 255).astype(np.float32),
        np.dstack([RGB, GREY]),
        np.asfortranarray(RGB),
    ],
)
def test_colours_are_turned(array):
    before = array.copy()
    name, picture = picture_of(array)
    np.testing.assert_array_equal(picture, RGB[:, :, ::-1])
    assert (name, picture.dtype, picture.flags.writeable) == ("array", np.uint8, False)
    np.testing.assert_array_equal(array, before)
    assert not np.shares_memory(array, picture)


@pytest.mark.parametrize("array", [GREY, GREY[:, :, None], GREY.astype(np.float16) / 255])
def test_grey_is_repeated(array):
    np.testing.assert_array_equal(picture_of(array)[1], np.dstack([GREY] * 3))


def test_truth_is_black_and_white():
    picture = picture_of(GREY > 100)[1]
    assert set(np.unique(picture)) == {0, 255}
    np.testing.assert_array_equal(picture[:, :, 1] == 255, GREY > 100)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1", "LA"])
def test_every_mode_of_pil(mode):
    image = Image.fromarray(RGB).convert(mode)
    expected = np.asarray(image.convert("RGB"))[:, :, ::-1]
    np.testing.assert_array_equal(picture_of(image)[1], expected)


def test_sixteen_bits_are_reduced():
    deep = Image.fromarray(GREY.astype(np.uint16) * 257)
    assert deep.mode.startswith("I;16")
    np.testing.assert_array_equal(picture_of(deep)[1][:, :, 0], GREY)


@pytest.mark.parametrize(
    ("image", "kind", "words"),
    [
        (np.zeros((3, 3, 3, 3)), ArgumentError, "shape (3, 3, 3, 3)"),
        (np.zeros((3, 3, 2), np.uint8), ArgumentError, "shape (3, 3, 2)"),
        (np.zeros(3, np.uint8), ArgumentError, "shape (3,)"),
        (np.zeros((0, 3), np.uint8), ArgumentError, "not be empty"),
        (np.zeros((3, 3), np.int64), ArgumentTypeError, "int64"),
        (np.zeros((3, 3), complex), ArgumentTypeError, "complex128"),
        (np.array([["a"]]), ArgumentTypeError, "uint8"),
        (np.full((3, 3), 1.5), ArgumentError, "from 0 to 1"),
        (np.full((3, 3), -0.1), ArgumentError, "from 0 to 1"),
        (np.full((3, 3), np.nan), ArgumentError, "from 0 to 1"),
        ([[1, 2]], ArgumentTypeError, "type list"),
        (b"picture.png", ArgumentTypeError, "type bytes"),
        (Image.new("F", (3, 3)), ArgumentError, "mode F"),
    ],
)
def test_what_is_no_picture_is_told(image, kind, words):
    with pytest.raises(kind, match=r"picture|PIL") as caught:
        picture_of(image)
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert str(caught.value).count(". ") == 0
