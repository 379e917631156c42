"""Animations of a step-through, from the wish to the file, in the whole application."""

import pytest
from PySide6.QtWidgets import QDialog

from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.laboratory.stepping import walk_of
from poolviewer.core.recording import RecordingChoices, RecordingSpec
from poolviewer.export.figure import render_figure
from poolviewer.views.animation_dialog import AnimationDialog
from tests.export.recordings import read

from .test_recording import notice_of, pixels_of, state_of
from .test_step_and_predict import enter

FEW = 40


@pytest.fixture
def stepping(started, wait):
    """Start an application whose step-through is on, of the part in view."""

    def stepping(*, is_near=False):
        application = started()
        enter(application, wait, "stepping")
        if is_near:
            for _ in range(6):
                application.window.maps.zoom(0.75)
            wait(lambda: state_of(application).experiment.part is not None)
        wait(lambda: walk_in(application) is not None)
        assert (walk_in(application).count < FEW) == is_near
        return application

    return stepping


def walk_in(application):
    return walk_of(state_of(application).finding)


def animate(application, path):
    spec = RecordingSpec(str(path), 10, 10, 1)
    application.recording.animate(spec, RecordingChoices())


def test_a_step_through_becomes_a_file_of_what_the_window_shows(stepping, wait, tmp_path):
    application = stepping(is_near=True)
    path = tmp_path / "a.apng"
    animate(application, path)
    assert not application.window.recording_bar._stop.isVisible()
    wait(lambda: state_of(application).recording is None)
    assert notice_of(application).startswith(f"Animation saved as {path} (")
    film = read(path)
    last = walk_in(application).count - 1
    for position in (0, 3, last):
        wished = state_of(application).experiment.at(position)
        application.controller.laboratory.set_experiment(wished)
        wait(lambda wished=wished: shown_by(application) == wished)
        request = application._snapshot(state_of(application), 1.0)
        assert (film.frames[position] == pixels_of(render_figure(request))).all()


def shown_by(application):
    finding = state_of(application).latest_finding
    return finding.experiment if finding else None


def test_figures_are_saved_while_an_animation_is_made(stepping, wait, tmp_path):
    application = stepping()
    animate(application, tmp_path / "a.mp4")
    wait(lambda: state_of(application).recording.frames > 2)
    application.exporting.export(ExportChoices(folder=str(tmp_path), template="a"))
    wait((tmp_path / "a.png").exists)
    assert state_of(application).recording.frames < 200
    application.recording.cancel()
    assert notice_of(application) == "The animation was cancelled: nothing was saved."


def test_closing_half_way_leaves_nothing(stepping, wait, tmp_path):
    application = stepping()
    animate(application, tmp_path / "a.webp")
    wait(lambda: state_of(application).recording.frames > 1)
    application.window.close()
    assert application.stop()
    assert list(tmp_path.iterdir()) == []


def test_the_menu_asks_and_says_where_there_is_nothing(stepping):
    application = stepping(is_near=True)
    application.window.wishes["animate"].trigger()
    (dialog,) = application.window.findChildren(QDialog)
    assert isinstance(dialog, AnimationDialog)
    assert dialog.length.startswith(f"{walk_in(application).count} windows, ")
    dialog.reject()
    application.controller.laboratory.set_experiment(None)
    application.window.wishes["animate"].trigger()
    assert "Step through" in notice_of(application)
