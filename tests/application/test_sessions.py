"""Saved views in the whole application: real window, real threads, real TensorFlow, real files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.poke import Poke
from poolviewer.core.laboratory.poking import Edit
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.laboratory.shift import Shift
from poolviewer.core.laboratory.stepping import Stepping
from poolviewer.core.messages import SourceRequest
from poolviewer.core.model_info import ModelFile, ModelSpec
from poolviewer.core.network import PRESETS
from poolviewer.export.figure import render_figure
from poolviewer.export.request import figure_request
from poolviewer.export.writing import write_figure
from tests.media import SAMPLES

FACES = SAMPLES / "mtcnn_pnet.keras"
PIN = Pixel(MapName.POOLED, 4, 7)
VIEWS = {
    "plain": (None, DisplaySpec()),
    "colours": (None, DisplaySpec("viridis", "shared", is_mirrored=True)),
    "lost": (Lost("margin", has_flags=True), DisplaySpec()),
    "compare": (Compare("average", (3, 3), (2, 2), "same"), DisplaySpec("diverging")),
    "shift": (Shift(1, -2), DisplaySpec()),
    "stepping": (Stepping("convolution", 40), DisplaySpec()),
    "gradient": (Backpropagation(view="largest"), DisplaySpec()),
    "poke": (Poke((Edit(MapName.INPUT, 9, 16, 0, 12.625),)), DisplaySpec()),
    "predict": (Predict("hard", seed=5), DisplaySpec(order="index")),
}


@pytest.fixture
def saved(started, wait, tmp_path, request):
    """Save what an application shows, and return the file, the state and the figure's request."""

    def save(application, name="view.png"):
        controller = application.controller
        experiment = controller.state.experiment
        wait(lambda: experiment is None or controller.state.finding is not None)
        figure = figure_request(controller.state, "light", 1.0)
        path = tmp_path / name
        write_figure(path, figure)
        return path, controller.state, figure

    return save


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPointF(200, 200)
    event = QDropEvent(
        place,
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def look(state):
    display = replace(state.display, room=DisplaySpec().room, place=0)
    return state.network, state.channel, state.pinned, display, state.experiment


def is_restored(application, path):
    state = application.controller.state
    rendering = state.rendering
    if rendering is None or rendering.activations.frame.source.name != path.name:
        return False
    return state.experiment is None or state.finding is not None


@pytest.mark.parametrize("view", VIEWS)
def test_a_saved_view_opens_as_it_was(started, saved, wait, view):
    experiment, display = VIEWS[view]
    first = started(channel=12, pin=(4, 7))
    controller = first.controller
    controller.set_display(replace(display, room=controller.state.display.room))
    controller.laboratory.set_experiment(experiment)
    wait(lambda: controller.state.rendering.display == controller.state.display)
    path, before, figure = saved(first)

    second = started(source=str(path))
    wait(lambda: is_restored(second, path) and look(second.controller.state) == look(before))
    wait(lambda: second.controller.state.rendering.display.colour_map == display.colour_map)
    after = second.controller.state
    shown, again = before.rendering.activations, after.rendering.activations
    for name in ("feature_maps", "pooled_maps"):
        np.testing.assert_array_equal(getattr(shown, name), getattr(again, name))
    drawn = render_figure(figure)  # its chain may still be on the way
    wait(lambda: render_figure(figure_request(second.controller.state, "light", 1.0)) == drawn)


def test_a_dropped_view_brings_its_model_stage_and_input(started, saved, wait):
    first = started()
    first.controller.networks.open_model(ModelFile(str(FACES), preprocessing="-1-1"))
    wait(lambda: isinstance(first.controller.state.network, ModelSpec))
    network = first.controller.state.network
    stage = first.controller.state.model.stages[0]
    chosen = replace(network, stage=stage.name, input=replace(network.input, scaling="0-1"))
    first.controller.networks.set_network(chosen)
    wait(lambda: first.controller.state.rendering.activations.network.input.scaling == "0-1")
    first.controller.toggle_pin(PIN)
    path, before, figure = saved(first)

    second = started()
    assert second.controller.state.network == PRESETS["tutorial"]
    second.controller.networks.forget_recent_models()  # it is found among the samples
    drop(second.window, path)
    wait(lambda: second.controller.state.pinned == PIN)
    after = second.controller.state
    np.testing.assert_array_equal(
        before.rendering.activations.pooled_maps, after.rendering.activations.pooled_maps
    )
    assert after.network.stage == before.network.stage
    assert render_figure(figure_request(after, "light", 1.0)) == render_figure(figure)
    assert second.controller.state.network.input.scaling == "0-1"


def test_a_model_that_is_not_at_hand_is_asked_for(started, saved, wait, tmp_path, monkeypatch):
    own = tmp_path / "own.keras"
    own.write_bytes(FACES.read_bytes())
    first = started()
    first.controller.networks.open_model(ModelFile(str(own)))
    wait(lambda: isinstance(first.controller.state.rendering.activations.network, ModelSpec))
    path, before, _ = saved(first)
    first.controller.networks.forget_recent_models()
    monkeypatch.setattr("poolviewer.samples.model_paths", tuple)

    second = started()
    second.controller.open_source(SourceRequest(str(path)))
    wait(lambda: bool(second.window.findChildren(QMessageBox)))
    (question,) = second.window.findChildren(QMessageBox)
    assert "own.keras" in question.text()
    assert "own.keras (SHA-256" in second.controller.state.notice.sentence
    question.reject()
    second.controller.networks.open_model(ModelFile(str(SAMPLES / "hed_block1.keras")))
    wait(lambda: isinstance(second.controller.state.network, ModelSpec))
    assert "is not the model" in second.controller.state.notice.sentence
    second.controller.networks.open_model(ModelFile(str(own)))
    ran = before.rendering.activations.network
    wait(lambda: second.controller.state.rendering.activations.network == ran)


def test_what_the_person_does_meanwhile_counts(started, saved, wait):
    first = started(channel=12, pin=(4, 7))
    path, *_ = saved(first)
    second = started()
    second.controller.open_source(SourceRequest(str(path)))
    other = Pixel(MapName.POOLED, 1, 1)
    second.controller.toggle_pin(other)
    wait(lambda: is_restored(second, path) and second.controller.state.channel == 12)
    assert second.controller.state.pinned == other


def test_the_command_line_wins_over_the_view(started, saved, wait):
    first = started(channel=12, pin=(4, 7))
    path, *_ = saved(first)
    second = started(source=str(path), channel=3, pin=(2, 2))
    wait(lambda: is_restored(second, path))
    state = second.controller.state
    assert (state.channel, state.pinned) == (3, Pixel(MapName.POOLED, 2, 2))


def test_a_view_of_a_stranger_is_not_taken_for_a_taste(started, saved, wait):
    first = started()
    controller = first.controller
    controller.set_display(replace(controller.state.display, colour_map="viridis"))
    wait(lambda: controller.state.rendering.display.colour_map == "viridis")
    path, *_ = saved(first)
    controller.set_display(replace(controller.state.display, colour_map="grey"))
    drop(first.window, path)
    wait(lambda: controller.state.display.colour_map == "viridis")
    assert controller.sessions.lasting_display.colour_map == "grey"
    chosen = replace(controller.state.display, colour_map="diverging")
    controller.set_display(chosen)
    assert controller.sessions.lasting_display == chosen


@pytest.mark.parametrize("damage", ["stripped", "hostile", "newer"])
def test_other_files_say_so_and_leave_the_view(started, saved, wait, damage):
    first = started(channel=12, pin=(4, 7))
    path, *_ = saved(first, "view.poolview" if damage != "stripped" else "view.png")
    controller = first.controller
    if damage == "stripped":
        _strip(path)
        drop(first.window, path)
        wait(lambda: is_restored(first, path))
        assert controller.state.source.session is None
        return
    text = path.read_text()
    new = text.replace('"channel":12', '"channel":-12')
    path.write_text(new if damage == "hostile" else text.replace('"poolview":1', '"poolview":9'))
    drop(first.window, path)
    wait(lambda: controller.state.notice is not None)
    assert path.name in controller.state.notice.sentence
    assert ("newer" in controller.state.notice.sentence) == (damage == "newer")
    assert controller.state.source.name == "chelsea.png"


def test_closing_while_a_view_is_restored_is_clean(started, saved, start):
    path, *_ = saved(started(channel=12))
    second = start(source=str(path))
    second.window.close()
    assert second.stop()


def _strip(path: Path) -> None:
    """Save the picture anew, as a program does that knows nothing of what it carries."""
    with Image.open(path) as picture:
        plain = Image.new("RGB", picture.size)
        plain.paste(picture)
    plain.save(path)
