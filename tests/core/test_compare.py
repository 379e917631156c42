"""Compare: settings that follow the network, the finding, and the pixels that belong together."""

from dataclasses import replace

import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel, Role, trace_of
from poolviewer.core.display import DisplaySpec
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.pooling import Pooling, pool
from poolviewer.core.rendering import render
from poolviewer.core.view_state import ViewState, trace_scene
from tests.export.cases import activations_of, network

FINE = Compare("max", (2, 2), (1, 1))
COARSE = Compare("max", (5, 5), (5, 5))


def compared(experiment, activations, channel=1):
    return experiment.conduct(Subject(activations, channel, None, rerun=NotImplemented))


def pooled_by(pooling, nan_share=0.0):
    """Return maps that another pooling than the tutorial's has pooled."""
    activations = activations_of(nan_share=nan_share)
    pooled = pool(activations.feature_maps, pooling).astype(np.float32)
    stage = replace(activations.stage, pooling=pooling)
    return replace(activations, stage=stage, pooled_maps=pooled)


def scene_of(experiment, activations, **state):
    finding = compared(experiment, activations)
    rendering = replace(render(activations, DisplaySpec(), channel=1), finding=finding)
    shown = ViewState(rendering=rendering, channel=1, experiment=experiment, **state)
    return finding, trace_scene(shown)


def hovered_at(experiment, activations, row, col):
    """Return the finding and the scene while the mouse is over a second pixel."""
    finding = compared(experiment, activations)
    beside = experiment.beside(row, col, finding)
    return scene_of(experiment, activations, hovered=beside.pixel, hovered_beside=beside)


@pytest.mark.parametrize("nan_share", [0.0, 0.4])
@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize("form", ["window", "global", "adaptive"])
def test_identical_settings_give_all_zeros(kind, form, nan_share):
    shape = activations_of().stage.feature_shape
    pooling = {
        "window": Pooling(kind, activations_of().stage.pooling.grid),
        "global": Pooling.over_all(kind, shape),
        "adaptive": Pooling.adaptive(kind, shape, (4, 7)),
    }[form]
    finding = compared(Compare(kind), pooled_by(pooling, nan_share))
    assert not finding.maps[1].values.any()
    assert finding.sentences[0].startswith("0 of ")
    given = Compare(kind).settled(pooling)
    if form != "adaptive":
        assert not compared(given, pooled_by(pooling, nan_share)).maps[1].values.any()


def test_what_is_not_chosen_is_as_the_network_has_it():
    pooling = activations_of().stage.pooling
    assert Compare().settled(pooling) == Compare("average", (2, 2), (2, 2), "valid")
    assert Compare().settled(replace(pooling, kind="average")).kind == "max"
    assert Compare(strides=(1, 1)).settled(pooling).strides == (1, 1)


def test_average_beside_the_maximum_is_nowhere_larger():
    activations = activations_of()
    finding = compared(Compare(), activations)
    values = activations.feature_maps[:, :, 1].reshape(15, 2, 15, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(finding.maps[0].values, values, rtol=1e-5, atol=1e-6)
    assert (finding.maps[1].values <= 0).all()
    assert finding.maps[1].levels[0] == -finding.maps[1].levels[1]


def test_a_pool_that_does_not_fit_says_so():
    finding = compared(Compare(size=(31, 2)), activations_of())
    assert "31×2 does not fit into the feature map of 30×30" in finding.obstacle
    assert not finding.maps


def test_a_hovered_pixel_is_outlined_in_all_maps_with_both_windows():
    activations = activations_of()
    _, scene = scene_of(Compare(), activations, hovered=Pixel(MapName.POOLED, 4, 7))
    tile = activations.stage.pooled_geometry.tile(4, 7)
    assert [[mark.rect for mark in marks] for marks in scene.related.beside] == [[tile], [tile]]
    marks = scene.outlines[MapName.FEATURE]
    first, second = (
        next(mark.rect for mark in marks if mark.role is role)
        for role in (Role.WINDOW, Role.SECOND)
    )
    assert first == second
    window = activations.feature_maps[8:10, 14:16, 1]
    told = "\n".join(scene.related.sentences)
    assert told.startswith("First (4, 7): max(")
    assert "\nSecond (4, 7): mean(" in told
    less = float(window.astype(np.float64).mean() - window.max())
    assert told.endswith(f"Second less first: \N{MINUS SIGN}{abs(less):#.4g}")


def test_the_very_pixel_of_a_finer_map_is_meant():
    activations = activations_of()
    for row, col in ((9, 14), (8, 15), (28, 28), (0, 0)):
        finding, scene = hovered_at(FINE, activations, row, col)
        tile = finding.details.geometry.tile(row, col)
        assert {mark.rect for marks in scene.related.beside for mark in marks} == {tile}
        rect = activations.stage.feature_geometry.rect(finding.details.grid.window(row, col))
        seconds = [m.rect for m in scene.outlines[MapName.FEATURE] if m.role is Role.SECOND]
        assert seconds == [rect]
        value = (
            finding.details.values[row, col]
            - activations.pooled_maps[scene.trace.row, scene.trace.col, 1]
        )
        np.testing.assert_array_equal(finding.maps[1].values[row, col], value)


def test_a_coarser_map_tells_which_first_pixel_it_is_compared_with():
    activations = activations_of()
    _, scene = scene_of(COARSE, activations, hovered=Pixel(MapName.POOLED, 0, 0))
    assert scene.related.sentences[-1].startswith("The difference map compares it with (1, 1)")
    _, scene = hovered_at(COARSE, activations, 2, 3)
    assert len(scene.related.sentences) == 3


def test_a_point_that_only_the_second_map_covers_is_told():
    activations = activations_of(network(33, 33))
    assert activations.stage.feature_shape == (31, 31)
    experiment = Compare("first", (1, 1), (1, 1))
    finding, scene = hovered_at(experiment, activations, 30, 3)
    assert scene.trace is None
    assert scene.related.sentences[0] == "The first map has no pixel here."
    assert np.isnan(finding.maps[1].values[30, 3])
    assert scene.related.beside[0]


def test_a_feature_pixel_shows_the_second_pixels_that_it_feeds():
    activations = activations_of()
    finding, scene = scene_of(FINE, activations, hovered=Pixel(MapName.FEATURE, 5, 5))
    first = finding.details.geometry.tile(4, 4)
    assert [mark.rect for mark in scene.related.beside[0]] == [
        first.united(finding.details.geometry.tile(5, 5))
    ]


def test_other_settings_under_a_still_mouse_find_another_pixel():
    activations = activations_of()
    beside = FINE.beside(8, 13, compared(FINE, activations))
    finding, scene = scene_of(COARSE, activations, hovered=beside.pixel, hovered_beside=beside)
    assert scene.related.beside[0][0].rect == finding.details.geometry.tile(1, 2)


def test_a_pin_is_explained_whatever_is_hovered():
    activations = activations_of()
    finding = compared(FINE, activations)
    pinned, hovered = FINE.beside(9, 14, finding), FINE.beside(20, 20, finding)
    _, scene = scene_of(
        FINE,
        activations,
        pinned=pinned.pixel,
        pinned_beside=pinned,
        hovered=hovered.pixel,
        hovered_beside=hovered,
    )
    mark = scene.related.beside[1][0]
    assert (mark.rect, mark.role) == (finding.details.geometry.tile(9, 14), Role.PINNED)


def test_nothing_is_related_where_nothing_is_traced():
    activations = activations_of()
    for pixel in (None, Pixel(MapName.INPUT, 0, 0)):
        _, scene = scene_of(Compare(), activations, hovered=pixel)
        assert not any(scene.related.beside)
        assert not scene.related.sentences
    assert trace_of(activations, 1, Pixel(MapName.POOLED, 0, 0)) is not None
    assert Compare().beside(99, 0, compared(Compare(), activations)) is None
