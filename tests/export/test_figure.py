import threading
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from PySide6.QtGui import QColor, QImage, QPainter

from poolviewer.core import figure_spec
from poolviewer.core.annotation import (
    MapName,
    Pixel,
    Role,
    geometry_of,
    outlines_of,
    uncovered_rects,
)
from poolviewer.core.display import COLOUR_MAP_NAMES, DisplaySpec, quantise
from poolviewer.core.errors import ExportError
from poolviewer.core.laboratory.experiment import Finding, Overlay, Subject
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.messages import SourceInfo
from poolviewer.drawing.colour_maps import colour_values
from poolviewer.drawing.outlines import ROLE_STYLES
from poolviewer.drawing.overlay_image import overlay_table
from poolviewer.drawing.palette import ROLE_COLOURS, THEMES
from poolviewer.export.figure import draw_figure, figure_size, render_figure
from tests.drawing.painting import bounds, is_colour, pixels_of

from .cases import POOLED, activations_of, network, odd_requests, request_of

SCALES = (1.0, 2.0, 3.0)
MARGIN = 24  # what must stay empty of the 32 pixels around a figure; outlines may reach 8 into it


def rendered(request):
    return pixels_of(render_figure(request))


def places_of(request):
    """Return where each map was put, by drawing the figure into nothing."""
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    places = draw_figure(painter, request, request.scale)
    painter.end()
    return places


def device_box(mapping, rect):
    """Return ``(top, left, bottom, right)`` in the image's own pixels."""
    found = mapping.snapped(rect)
    edges = found.top(), found.left(), found.bottom(), found.right()
    return tuple(round(edge * mapping.ratio) for edge in edges)


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_scale_multiplies_the_size(scale):
    width, height = figure_size(request_of())
    image = render_figure(request_of(scale=scale))
    assert width == 1280
    assert height % 8 == 0
    assert (image.width(), image.height()) == (1280 * scale, np.ceil(height * scale))
    assert image.devicePixelRatio() == 1
    assert image.dotsPerMeterX() == image.dotsPerMeterY() == round(96 / 0.0254 * scale)


@pytest.mark.parametrize("pixel", [POOLED, None, Pixel(MapName.FEATURE, 4, 5)])
def test_two_renders_are_equal(pixel):
    request = request_of(pixel=pixel, scale=2.0)
    assert render_figure(request) == render_figure(request)


def test_any_thread_renders_the_same():
    request = request_of()
    images = []
    threads = [
        threading.Thread(target=lambda: images.append(render_figure(request))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    here = render_figure(request)
    assert len(images) == 3
    assert all(image == here for image in images)


@pytest.mark.parametrize(("scale", "is_mirrored"), [*product([1.5, *SCALES], [False, True])])
def test_outlines_lie_where_geometry_says(scale, is_mirrored):
    request = request_of(scale=scale, display=DisplaySpec("viridis", is_mirrored=is_mirrored))
    pixels, places = rendered(request), places_of(request)
    outlines = outlines_of(request.activations.stage, request.trace, is_pinned=True)
    for map_name, marks in outlines.items():
        for mark in marks:
            top, left, bottom, right = device_box(places[map_name], mark.rect)
            near = int(8 * scale)
            part = pixels[top - near : bottom + near, left - near : right + near]
            found = bounds(is_colour(part, ROLE_COLOURS[mark.role]))
            style = ROLE_STYLES[mark.role]
            halo, line = int(scale + 0.5), int(style.line * scale + 0.5)
            reach = -halo if style.is_inside else halo + line
            height, width = bottom - top, right - left
            assert found == (
                near - reach, near - reach, near + height + reach, near + width + reach
            )  # fmt: skip


@pytest.mark.parametrize("scale", SCALES)
def test_a_hovered_pixel_is_not_shown_as_pinned(scale):
    request = request_of(scale=scale, is_pinned=False, display=DisplaySpec("diverging"))
    pixels, mapping = rendered(request), places_of(request)[MapName.POOLED]
    stage = request.activations.stage
    top, left, bottom, right = device_box(mapping, stage.pooled_geometry.tile(2, 3))
    line = int(scale)
    assert is_colour(pixels[top - 2 * line : top - line, left:right], "#FFFFFF").all()
    near = pixels[top - 20 : bottom + 20, left - 20 : right + 20]
    assert not is_colour(near, ROLE_COLOURS[Role.PINNED]).any()


@pytest.mark.parametrize(("scale", "name"), [*product([1.0, 2.0], COLOUR_MAP_NAMES)])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_pixels_of_the_maps_are_exact_flat_blocks(scale, name, is_mirrored):
    display = DisplaySpec(name, is_mirrored=is_mirrored)
    request = request_of(pixel=None, scale=scale, display=display)
    pixels, places = rendered(request), places_of(request)
    feature, pooled = request.levels
    for map_name, maps, levels in (
        (MapName.FEATURE, request.activations.feature_maps, feature),
        (MapName.POOLED, request.activations.pooled_maps, pooled),
    ):
        colours = colour_values(name)[quantise(maps[:, :, 1], levels)]
        _assert_blocks(pixels, places[map_name], request, map_name, colours)


@pytest.mark.parametrize("order", ["bgr", "rgb", "grey"])
def test_input_is_shown_as_the_network_received_it(order):
    request = request_of(activations_of(network(order=order)), pixel=None, scale=2.0)
    received = request.activations.prepared.pixels
    colours = received[:, :, ::-1] if order == "bgr" else received
    mapping = places_of(request)[MapName.INPUT]
    _assert_blocks(rendered(request), mapping, request, MapName.INPUT, colours)


def _assert_blocks(pixels, mapping, request, map_name, colours):
    geometry = geometry_of(request.activations.stage, map_name)
    for row, col in np.ndindex(geometry.shape):
        top, left, bottom, right = device_box(mapping, geometry.tile(row, col))
        assert (
            bottom - top
            == right - left
            == abs(mapping.scale_x) * mapping.ratio * (geometry.rows.stride)
        )
        assert (pixels[top:bottom, left:right] == colours[row, col]).all()


def test_mirrored_maps_are_turned_round_and_their_texts_are_not():
    requests = [
        request_of(pixel=None, display=DisplaySpec(is_mirrored=is_mirrored))
        for is_mirrored in (False, True)
    ]
    plain, mirrored = map(rendered, requests)
    for mapping in places_of(requests[0]).values():
        left, top = int(mapping.left), int(mapping.top)
        frame = slice(top, top + 384), slice(left, left + 384)
        assert (mirrored[frame] == plain[frame][:, ::-1]).all()
        assert (mirrored[frame] != plain[frame]).any()
    assert (mirrored[:150] == plain[:150]).all()


@pytest.mark.parametrize(("order", "wanted"), [("bgr", 255), ("rgb", 0)])
def test_numbers_on_the_input_stand_out_from_what_is_seen(order, wanted):
    activations = activations_of(network(4, 4, order=order))
    activations.prepared.pixels[:] = (255, 0, 0)  # blue, which is dark, or red, which is not
    request = request_of(activations, None)
    mapping = places_of(request)[MapName.INPUT]
    top, left, bottom, right = device_box(mapping, activations.stage.input_geometry.tile(1, 1))
    green = rendered(request)[top:bottom, left:right, 1]
    assert green.max() == wanted


def test_the_three_maps_share_one_world():
    places = places_of(request_of())
    scales = {(m.scale_x, m.scale_y, m.top) for m in places.values()}
    assert len(scales) == 1
    lefts = [places[name].left for name in MapName]
    assert lefts[1] - lefts[0] == lefts[2] - lefts[1] == 416


def test_cropped_picture_shows_what_was_cut_off():
    activations = activations_of(network(fit="crop"), picture_shape=(40, 400))
    activations.frame.picture[:] = (0, 0, 255)
    request = request_of(activations, None)
    mapping = places_of(request)[MapName.INPUT]
    left = mapping.point(0, 0).x()
    beside = rendered(request)[300, int(left) - 40 : int(left) - 2].astype(int)
    assert (beside[:, 0] > beside[:, 1] + 40).all()


@pytest.mark.parametrize("theme", THEMES)
def test_theme_gives_the_ground(theme):
    pixels = rendered(request_of(theme=theme))
    assert is_colour(pixels[:MARGIN], THEMES[theme].background).all()
    assert is_colour(pixels, THEMES[theme].text).any()


def test_numbers_stand_on_large_pixels_only():
    large = request_of(activations_of(network(6, 6)), None)
    small = request_of(activations_of(network(32, 32)), None)
    for request, is_written in ((large, True), (small, False)):
        mapping = places_of(request)[MapName.FEATURE]
        tile = request.activations.stage.feature_geometry.tile(1, 1)
        top, left, bottom, right = device_box(mapping, tile)
        colours = rendered(request)[top:bottom, left:right].reshape(-1, 3)
        assert (len(np.unique(colours, axis=0)) > 1) == is_written


def test_lost_rows_are_hatched():
    activations = activations_of(network(31, 31, kernel_size=(1, 1)))
    request = request_of(activations, None)
    pixels, mapping = rendered(request), places_of(request)[MapName.FEATURE]
    shown = {len(_colours(pixels, mapping, activations, row)) for row in range(30)}
    assert shown == {1}
    assert len(_colours(pixels, mapping, activations, 30)) > 1
    assert len(uncovered_rects(activations.stage)) == 2


def _colours(pixels, mapping, activations, row):
    tile = activations.stage.feature_geometry.tile(row, 7)
    top, left, bottom, right = device_box(mapping, tile)
    return np.unique(pixels[top:bottom, left:right].reshape(-1, 3), axis=0)


def test_text_is_rendered_at_its_scale_and_not_enlarged():
    headline = rendered(request_of(scale=2.0))[64:120, 64:800].astype(int)
    blocks = headline.reshape(28, 2, 368, 2, 3).transpose(0, 2, 1, 3, 4).reshape(28, 368, -1)
    ink = (blocks < 200).any(axis=-1)
    assert ink.sum() > 500
    assert (np.ptp(blocks[ink], axis=-1) > 0).mean() > 0.3


@settings(max_examples=60, deadline=None)
@given(odd_requests())
def test_any_figure_stays_within_its_margins(request_):
    image = render_figure(request_)
    pixels = pixels_of(image)
    ground = THEMES[request_.theme].background
    margin = int(MARGIN * request_.scale)
    for edge in (pixels[:margin], pixels[-margin:], pixels[:, :margin], pixels[:, -margin:]):
        assert is_colour(edge, ground).all()
    assert not is_colour(pixels, ground).all()


@pytest.mark.parametrize("size", [(1, 1), (32, 512), (512, 32), (224, 224), (2, 700)])
def test_sides_of_any_ratio_give_a_figure_of_sensible_size(size):
    spec = network(*size, kernel_size=(1, 1), pool_padding="same")
    request = request_of(activations_of(spec), Pixel(MapName.POOLED, 0, 0))
    width, height = figure_size(request)
    assert width == 1280
    assert 500 < height < 1400
    render_figure(request)


def test_long_names_are_shortened():
    name = f"{'a long name ' * 30}.png"
    activations = activations_of(source=SourceInfo(name, "picture"))
    short = activations_of()
    assert figure_size(request_of(activations))[1] <= figure_size(request_of(short))[1] + 24
    pixels = rendered(request_of(activations))
    assert is_colour(pixels[:, -MARGIN:], THEMES["light"].background).all()


def test_names_of_layers_are_shortened():
    activations = activations_of()
    stage = replace(activations.stage, name="W" * 64, source_layer="W" * 64)
    request = request_of(replace(activations, stage=stage), None)
    assert is_colour(rendered(request)[:, -MARGIN:], THEMES["light"].background).all()


def test_picture_as_it_was_taken_is_shown():
    activations = activations_of(picture_shape=(48, 64))
    activations.frame.picture[:] = (17, 99, 201)
    assert is_colour(rendered(request_of(activations)), "#C96311").sum() > 5000


def test_too_little_memory_is_said(monkeypatch):
    monkeypatch.setattr(figure_spec, "default_budget", lambda: 1e6)
    with pytest.raises(ExportError, match="not enough memory for the figure, which takes"):
        render_figure(request_of())


def test_other_channels_give_other_figures():
    request = request_of()
    assert render_figure(request) != render_figure(replace(request, channel=2))


def test_a_finding_is_drawn_over_its_map_and_said_in_words():
    activations = activations_of()
    finding = Lost().conduct(Subject(activations, 1, None, rerun=lambda _: activations))
    finding = replace(finding, maps=())  # which would make all others smaller
    plain, found = (
        request_of(activations, scale=2.0),
        request_of(activations, scale=2.0, finding=finding),
    )
    before, after = rendered(plain), rendered(found)
    assert len(after) > len(before)  # the sentence has a line of its own
    places = places_of(found)
    for name, has_changed in zip(MapName, (False, True, False), strict=True):
        top, left, bottom, right = device_box(
            places[name], geometry_of(activations.stage, name).extent
        )
        part = np.s_[top:bottom, left:right]
        assert (before[part] != after[part]).any() == has_changed


@pytest.mark.parametrize("colours", ["veil", "offsets"])
def test_the_colours_over_the_maps_are_explained_below_them(colours):
    activations = activations_of()
    codes = np.zeros(activations.stage.feature_shape, np.uint8)
    wordless, worded = Overlay(codes, colours), Overlay(codes, colours, ("this is meant",))
    figures = [
        rendered(request_of(activations, finding=Finding(Lost(), 1, overlays={name: overlay})))
        for name, overlay in ((MapName.FEATURE, wordless), (MapName.FEATURE, worded))
    ]
    # The overlays are clear: of their colours there is only the swatch, half over white.
    colour = QColor.fromRgba(overlay_table(colours)[1])
    share = colour.alphaF()
    seen = [round(255 * (1 - share) + share * c) for c in colour.getRgb()[:3]]
    swatches = [is_colour(pixels, QColor(*seen).name()).sum() for pixels in figures]
    assert swatches[0] == 0
    assert 64 < swatches[1] <= 256


@pytest.mark.parametrize(("colours", "is_white"), [("veil", True), ("cover", None)])
def test_numbers_stand_out_on_the_colours_over_a_map_or_are_covered_with_it(colours, is_white):
    """White pixels have black numbers; under the dark veil those would not be read."""
    activations = activations_of(network(4, 4, pool_size=(2, 2)))
    activations.feature_maps[:] = 1.0
    activations.feature_maps[0] = 0.0
    codes = np.ones(activations.stage.feature_shape, np.uint8)
    finding = Finding(Lost(), 1, overlays={MapName.FEATURE: Overlay(codes, colours)})
    request = request_of(activations, pixel=None, finding=finding)
    place, geometry = places_of(request)[MapName.FEATURE], activations.stage.feature_geometry
    top, left, bottom, right = device_box(place, geometry.extent)
    part = rendered(request)[top:bottom, left:right]
    if is_white is None:
        assert len(np.unique(part.reshape(-1, part.shape[-1]), axis=0)) == 1
    else:
        assert is_colour(part, "#FFFFFF").any()
        assert not is_colour(part, "#000000").any()
