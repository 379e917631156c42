"""What is on the screen is what is in the file: window, figure, and its parts side by side."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.display import DisplaySpec
from poolviewer.core.figure_spec import PARTS, FigureSpec
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.rendering import render
from poolviewer.core.view_state import ViewState, trace_scene
from poolviewer.drawing.palette import THEMES
from poolviewer.export.elements import Canvas
from poolviewer.export.figure import render_figure
from poolviewer.export.maps import MapView, cells_of, visible_world
from poolviewer.export.metadata import metadata
from poolviewer.export.request import figure_request, ready
from poolviewer.export.writing import write_figure
from poolviewer.views.laboratory.extra_maps import ExtraMaps
from poolviewer.views.maps_panel import MapsPanel
from tests.drawing.painting import pixels_of
from tests.views.conftest import show  # noqa: F401 - the fixture that shows widgets

from .cases import activations_of, network

PIN = Pixel(MapName.POOLED, 1, 2)


def state_of(spec=None, experiment=None, display=None, pin=PIN, seed=0):
    """Return what the window shows of a small network."""
    rendering = render(activations_of(spec or network(), seed=seed), display or DisplaySpec())
    if experiment is not None:
        subject = Subject(rendering.activations, 0, pin, lambda _: rendering.activations)
        rendering = replace(rendering, finding=experiment.conduct(subject))
    return ViewState(
        rendering=rendering,
        pinned=pin,
        display=rendering.display,
        experiment=experiment,
    )


def panel_of(state, show, qtbot):  # noqa: F811
    panel = show(MapsPanel(), 1280, 520)
    panel.set_mirrored(state.display.is_mirrored)
    panel.show_experiment(state.experiment)
    panel.show_rendering(state.rendering, state.channel)
    panel.show_trace(trace_scene(state))
    qtbot.waitUntil(lambda: not (panel._refit.isActive() or panel._rehover.isActive()))
    return panel


def zoomed(view, world, scale):
    """Show the world in a view's upper left corner, at a scale."""
    size = view.view.viewport().size()
    box = QRectF(world.left, world.top, size.width() / scale, size.height() / scale)
    view.view_box.setRange(box, padding=0)


def on_screen(view):
    """Paint a view as the screen has it."""
    viewport = view.view.viewport()
    image = QImage(viewport.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    flag = QWidget.RenderFlag.DrawWindowBackground
    viewport.render(painter, QPoint(), QRegion(), flag)
    painter.end()
    return pixels_of(image)


def in_figure(request, cell, mapping, size):
    """Paint a figure's map with the mapping of the window, so that both have one size."""
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(0xFF000000)
    painter = QPainter(image)
    world = visible_world(request.activations)
    target = mapping.rect(world)
    map_view = MapView(request, cell, mapping.scale_y)
    map_view.draw(Canvas(painter, THEMES["light"]), target.topLeft(), 0.0)
    painter.end()
    return pixels_of(image)


def assert_same(seen, drawn):
    """Compare pixels; a letter may lie a hundredth of a pixel beside, where a view is mirrored."""
    assert (seen != drawn).any(axis=2).mean() < 5e-4
    assert np.abs(seen.astype(int) - drawn).max() < 64


@pytest.fixture
def bare(qapp):
    """Give views the room that they have without the window's style sheet."""
    before = qapp.styleSheet()
    qapp.setStyleSheet("")
    yield
    qapp.setStyleSheet(before)


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("scale", [7, 48])
@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("experiment", [None, Lost(), Predict()])
def test_the_figure_has_the_pixels_of_the_window(show, qtbot, scale, is_mirrored, experiment):  # noqa: F811
    display = DisplaySpec("viridis", is_mirrored=is_mirrored)
    state = state_of(network(13, 13, kernel_size=(1, 1)), experiment, display)
    panel = panel_of(state, show, qtbot)
    request = ready(figure_request(state, "light"))
    world = visible_world(request.activations)
    views = {MapName.INPUT: panel.input, MapName.FEATURE: panel.feature}
    views[MapName.POOLED] = panel.pooled
    for cell in cells_of(request)[:3]:
        view = views[cell.name]
        zoomed(view, world, scale)
        mapping = view.view.mapping(1.0)
        assert abs(mapping.scale_x) == pytest.approx(scale)
        seen = on_screen(view)
        drawn = in_figure(request, cell, mapping, view.view.viewport().size())
        # Beside the map itself is the ground of the window, or of the figure.
        extent = geometry_of(request.activations.stage, cell.name).extent
        inner = mapping.snapped(extent).toRect().intersected(view.view.viewport().rect())
        part = np.s_[inner.top() : inner.bottom() + 1, inner.left() : inner.right() + 1]
        assert inner.width() > 60
        assert len(np.unique(seen[part].reshape(-1, 3), axis=0)) > 5 or experiment
        assert_same(seen[part], drawn[part])


def test_the_laboratory_s_own_maps_have_the_pixels_of_the_window(show, qtbot):  # noqa: F811
    state = state_of(network(12, 12, kernel_size=(1, 1)), Compare())
    panel = panel_of(state, show, qtbot)
    extra = show(ExtraMaps(panel.pooled.view_box), 800, 400)
    finding = state.rendering.finding
    extra.show_maps(finding.maps)
    extra.show_outlines(trace_scene(state).related.beside)
    request = ready(figure_request(state, "light"))
    world = visible_world(request.activations)
    for cell, view in zip(cells_of(request)[3:], extra.views, strict=True):
        zoomed(view, world, 20)
        mapping = view.view.mapping(1.0)
        drawn = in_figure(request, cell, mapping, view.view.viewport().size())
        inner = mapping.snapped(world).toRect().intersected(view.view.viewport().rect())
        part = np.s_[inner.top() : inner.bottom() + 1, inner.left() : inner.right() + 1]
        assert_same(on_screen(view)[part], drawn[part])


def test_a_file_holds_the_picture_that_the_preview_shows(tmp_path):
    state = state_of()
    request = figure_request(state, "dark")
    spec = FigureSpec(parts=PARTS, layout="slide")
    for chosen in (request, replace(request, spec=spec)):
        path = tmp_path / "figure.png"
        write_figure(path, chosen)
        assert (pixels_of(QImage(str(path))) == pixels_of(render_figure(chosen))).all()
        path.unlink()


@pytest.mark.parametrize("mode", ["channel", "shared"])
@pytest.mark.parametrize("layout", ["free", "slide", "column"])
def test_nothing_that_is_concealed_is_told_anywhere(mode, layout):
    """Other pooled values give the very same figure and the very same description."""
    experiment = Predict(has_numbers=True)
    state = state_of(network(8, 8), experiment, DisplaySpec(levels_mode=mode), pin=None)
    figures, told = [], []
    spec = FigureSpec(
        parts=PARTS, layout=layout, title="{headline} {value} {row}", caption="{details} {value}"
    )
    base = ready(figure_request(state, "light"))
    for seed in (0, 1):
        activations = base.activations
        mixed = np.random.default_rng(seed).permuted(activations.pooled_maps, axis=0)
        other = replace(activations, pooled_maps=np.ascontiguousarray(mixed))
        request = replace(base, activations=other, pixel=PIN, spec=spec)
        figures.append(pixels_of(render_figure(request)))
        told.append(metadata(request))
    assert (base.activations.pooled_maps != mixed).any()
    assert (figures[0] == figures[1]).all()
    assert told[0] == told[1]
    assert told[0]["trace"] is None
    assert told[0]["display"]["pooled_levels"] is None
    assert (told[0]["display"]["feature_levels"] is None) == (mode == "shared")


def test_an_overlay_that_is_left_out_uncovers_nothing():
    state = state_of(network(8, 8), Predict(), pin=None)
    request = figure_request(state, "light")
    bare = replace(request, spec=FigureSpec(parts=("pooled",)))
    assert bare.shown_finding is None
    assert bare.overlay_of(MapName.POOLED).hidden.all()
    lost = replace(figure_request(state_of(experiment=Lost()), "light"), spec=bare.spec)
    assert lost.overlay_of(MapName.FEATURE) is None
    assert not lost.extra_maps


def test_metadata_tell_what_the_figure_was_asked_to_hold():
    spec = FigureSpec(parts=("feature", "caption"), layout="page", has_winner=False)
    told = metadata(replace(figure_request(state_of(), "light"), spec=spec))["figure"]
    assert FigureSpec(**{**told, "parts": tuple(told["parts"])}) == spec
