import numpy as np
import pytest

from poolviewer.core.display import COLOUR_MAP_NAMES, quantise
from poolviewer.drawing.colour_maps import are_dark, colour_table, colour_values, dark_shades
from poolviewer.drawing.palette import contrast


@pytest.mark.parametrize("name", COLOUR_MAP_NAMES)
def test_table_and_values_agree(name):
    values, table = colour_values(name), colour_table(name)
    assert values.shape == (256, 3)
    assert values.dtype == np.uint8
    assert not values.flags.writeable
    assert [f"{argb:08X}" for argb in table] == [f"FF{r:02X}{g:02X}{b:02X}" for r, g, b in values]


def test_grey_is_the_shade_itself():
    assert (colour_values("grey") == np.arange(256)[:, np.newaxis]).all()


def test_viridis_is_the_true_table():
    values = colour_values("viridis")
    assert values[[0, 85, 128, 170, 255]].tolist() == [
        [68, 1, 84], [49, 104, 142], [33, 145, 140], [53, 183, 121], [253, 231, 37],
    ]  # fmt: skip
    assert (np.diff(_lightness(values)) > -1e-3).all()


def test_diverging_is_neutral_in_the_middle_and_darkens_outward():
    values = colour_values("diverging").astype(int)
    assert (values[127] == values[128]).all()
    assert np.ptp(values[127]) == 0
    lightness = _lightness(values)
    assert (np.diff(lightness[:128]) >= 0).all()
    assert (np.diff(lightness[128:]) <= 0).all()
    assert values[0].tolist() != values[255].tolist()


@pytest.mark.parametrize("reach", [1.0, 0.37, 56.78, 3e-5])
def test_zero_has_the_neutral_colour(reach):
    levels = np.array([-reach, reach], np.float32)
    shade = quantise(np.zeros((1, 1), np.float32), levels)[0, 0]
    assert np.ptp(colour_values("diverging")[shade].astype(int)) == 0


@pytest.mark.parametrize("name", COLOUR_MAP_NAMES)
def test_numbers_on_every_shade_are_readable(name):
    for rgb, is_dark in zip(colour_values(name), dark_shades(name), strict=True):
        ground = "#{:02X}{:02X}{:02X}".format(*rgb)
        assert contrast(ground, "#FFFFFF" if is_dark else "#000000") >= 4.5


def test_are_dark_takes_pictures():
    picture = np.array([[[0, 0, 0], [255, 255, 255]], [[120, 0, 0], [255, 255, 0]]], np.uint8)
    assert are_dark(picture).tolist() == [[True, False], [True, False]]


def _lightness(values):
    linear = np.where(values <= 10, values / 255 / 12.92, ((values / 255 + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]
