from dataclasses import replace

import numpy as np
import pytest

from poolviewer import __version__
from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec, levels_of
from poolviewer.core.errors import ExportError
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.predict import Predict, question_of
from poolviewer.core.view_state import ViewState
from poolviewer.export.colour_bar import range_of
from poolviewer.export.metadata import metadata
from poolviewer.export.request import FigureRequest, figure_request
from tests.views.renderings import rendering_of

from .cases import activations_of, network, request_of


@pytest.mark.parametrize("scale", [0.5, 0.0, -1.0, 8.01, float("nan"), float("inf")])
def test_scale_out_of_range_is_refused(scale):
    with pytest.raises(ExportError, match="scale must lie between 1 and 8"):
        request_of(scale=scale)


@pytest.mark.parametrize("channel", [-1, 4, 999])
def test_channel_out_of_range_is_refused(channel):
    with pytest.raises(ExportError, match="channels are 0 to 3"):
        FigureRequest(activations_of(), channel)


@pytest.mark.parametrize(("row", "col"), [(15, 0), (0, 15), (-1, 0), (99, 99)])
def test_pixel_out_of_the_map_is_refused(row, col):
    with pytest.raises(ExportError, match="The pooled map has no pixel"):
        request_of(pixel=Pixel(MapName.POOLED, row, col))


def test_levels_are_those_of_the_channel_or_of_all():
    activations = activations_of()
    feature, pooled = request_of(activations).levels
    maps = activations.feature_maps
    assert feature.tolist() == [maps[:, :, 1].min(), maps[:, :, 1].max()]
    assert pooled[1] == activations.pooled_maps[:, :, 1].max()
    shared, same = request_of(activations, display=DisplaySpec(levels_mode="shared")).levels
    assert shared.tolist() == same.tolist() == [maps.min(), maps.max()]


def test_diverging_levels_are_centred_on_zero():
    feature, _ = request_of(display=DisplaySpec("diverging")).levels
    assert feature[0] == -feature[1]


def test_trace_is_that_of_the_pixel():
    request = request_of()
    assert (request.trace.row, request.trace.col, request.trace.channel) == (2, 3, 1)
    assert request.trace.value == np.float32(request.activations.pooled_maps[2, 3, 1])
    assert request_of(pixel=None).trace is None
    assert request.poolviewer == __version__


def test_levels_of_maps_of_one_pixel_are_those_that_the_window_shows():
    activations = activations_of(network(4, 4, pool_size=(2, 2)))
    assert activations.pooled_maps.shape[:2] == (1, 1)
    feature, pooled = request_of(activations, pixel=None).levels
    shown = levels_of(activations.feature_maps, activations.pooled_maps, DisplaySpec())
    assert pooled.tolist() == shown.pooled[1].tolist()
    assert pooled.tolist() == [activations.pooled_maps.min(), activations.pooled_maps.max()]
    assert feature.tolist() == shown.feature[1].tolist()


def test_levels_that_are_known_are_not_worked_out_again():
    activations = activations_of()
    maps = activations.feature_maps, activations.pooled_maps
    known = levels_of(*maps, DisplaySpec(levels_mode="shared"))
    feature, pooled = request_of(activations, known_levels=known).levels
    assert (feature == known.feature[1]).all()
    assert (pooled == known.pooled[1]).all()


@pytest.mark.parametrize("has_numbers", [False, True])
def test_a_figure_of_an_open_question_tells_no_answer(has_numbers):
    predict = Predict(has_numbers=has_numbers)
    rendering = rendering_of(network())
    finding = predict.conduct(Subject(rendering.activations, 0, None, None))
    pin = Pixel(MapName.POOLED, *question_of(finding).asked)
    shown = replace(rendering, finding=finding)
    request = figure_request(ViewState(rendering=shown, experiment=predict, pinned=pin), "light")
    assert request.trace is None
    assert request.overlay_of(MapName.POOLED).hidden.all()
    assert request.conceals(MapName.POOLED)
    assert request.conceals(MapName.FEATURE) is not has_numbers
    assert not request.conceals(MapName.INPUT)
    ranges = [range_of(request, name) for name in (MapName.POOLED, MapName.FEATURE)]
    assert (ranges[0].low, ranges[0].high) == ("?", "?")
    assert "?" not in (ranges[1].low, ranges[1].high)
    assert metadata(request)["display"]["pooled_levels"] is None


@pytest.mark.parametrize("is_moving", [False, True])
def test_a_figure_tells_nothing_before_the_question_is_found(is_moving):
    """A mode that was just chosen has no finding; on a moving picture it asks nothing."""
    predict, rendering = Predict(), rendering_of(network())
    if is_moving:
        subject = Subject(rendering.activations, 0, None, None)
        rendering = replace(rendering, finding=predict.while_moving().conduct(subject))
    request = figure_request(ViewState(rendering=rendering, experiment=predict), "light")
    assert request.conceals(MapName.POOLED)
    assert request.conceals(MapName.FEATURE)
    assert request.overlay_of(MapName.POOLED).hidden.all()
    assert (request.finding is not None) is is_moving


def test_a_figure_shows_nothing_of_another_mode_or_channel():
    rendering = rendering_of(network())
    lost = Lost().conduct(Subject(rendering.activations, 0, None, None))
    state = ViewState(rendering=replace(rendering, finding=lost), experiment=Lost())
    assert figure_request(state, "light").finding is lost
    assert figure_request(replace(state, channel=1), "light").finding is None
    assert figure_request(replace(state, experiment=None), "light").finding is None
