"""Animations of figures that are known beforehand: every picture, its time, or no file at all."""

from dataclasses import replace

import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.errors import ExportError
from poolviewer.core.filming import plan_walk
from poolviewer.core.geometry import PixelBox
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.stepping import NO_CONVOLUTION, Stepping
from poolviewer.core.operations import Unknown
from poolviewer.core.recording import KINDS, RecordingSpec
from poolviewer.export.figure import render_figure
from poolviewer.export.films import (
    at_position,
    step_through,
    walk_of_request,
    write_film,
)

from .cases import activations_of, network, request_of
from .recordings import difference, read
from .test_growing import names
from .test_recording import bgr_of

PART = PixelBox(1, 2, 3, 5)  # six windows
FARTHEST = {"mp4": 8.0, "gif": 6.0, "webp": 9.0, "apng": 0.0}  # of noise in colour


def stepping(part=PART, **options):
    return request_of(pixel=None, experiment=Stepping(part=part, **options))


def written(path, request, speed=10):
    plan = walk_of_request(request, speed)
    return write_film(plan.spec(str(path), request.scale), step_through(request, plan))


@pytest.mark.parametrize("kind", KINDS)
def test_every_position_is_a_picture_at_its_time(tmp_path, kind):
    request, path = stepping(), tmp_path / f"a.{kind}"
    recorded = written(path, request)
    film = read(path)
    assert recorded.frames == 6
    assert film.times[:6] == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5], abs=0.011)
    assert film.length == pytest.approx(recorded.length_s, abs=0.03)
    assert recorded.length_s == pytest.approx(2.0)  # the last picture stays
    assert recorded.size_bytes == path.stat().st_size
    drawn = [bgr_of(render_figure(at_position(request, position))) for position in range(6)]
    for position, frame in enumerate(film.frames[:6]):
        rows, cols = frame.shape[:2]
        far = [difference(frame, wanted[:rows, :cols]) for wanted in drawn]
        assert far[position] == min(far) <= FARTHEST[kind]
        assert far.count(min(far)) == 1


def test_the_pictures_are_those_of_the_mode_itself():
    request = stepping()
    scene, time_s = list(step_through(request, plan_walk(6, 10)))[4]
    assert time_s == pytest.approx(0.4)
    assert scene.pixel == Pixel(MapName.POOLED, 2, 3) == scene.finding.traced
    assert scene.experiment == Stepping(position=4, part=PART)
    assert "Window 5 of 6 in view" in scene.finding.sentences[0]
    empty = scene.overlay_of(MapName.POOLED).codes
    assert empty.sum() == 1
    assert empty[2, 4] == 1


def test_levels_are_worked_out_once():
    scenes = [scene for scene, _ in step_through(stepping(), plan_walk(6, 10))]
    assert len({id(scene.known_levels) for scene in scenes}) == 1


def test_a_long_walk_is_thinned():
    request = stepping(part=None, kind="convolution")
    plan = walk_of_request(request)
    assert plan.count == 900
    assert len(plan.positions) == 900
    big = request_of(
        activations_of(network(64, 64)),
        pixel=None,
        experiment=Stepping(kind="convolution"),
    )
    plan = walk_of_request(big)
    assert plan.count == 62 * 62
    assert len(plan.positions) <= 900
    scenes = step_through(big, plan)
    next(scenes)
    assert next(scenes)[0].experiment.position == plan.step > 1


def test_what_does_not_apply_is_said(tmp_path):
    with pytest.raises(ExportError, match="no step-through to animate"):
        walk_of_request(request_of(experiment=Lost()))
    request = stepping(kind="convolution")
    foreign = replace(request.activations, operations=(Unknown(),))
    with pytest.raises(ExportError) as caught:
        written(tmp_path / "a.gif", replace(request, activations=foreign))
    assert str(caught.value) == NO_CONVOLUTION
    assert names(tmp_path) == []


def test_cancelled_or_failed_half_way_nothing_is_left(tmp_path):
    request, path = stepping(), tmp_path / "a.mp4"
    path.write_bytes(b"old")
    plan = walk_of_request(request)
    seen = []
    spec = plan.spec(str(path))
    done = write_film(spec, step_through(request, plan), seen.append, lambda: len(seen) == 3)
    assert done is None
    assert seen == [1, 2, 3]

    def failing():
        yield next(step_through(request, plan))
        raise ExportError("The source is gone.")

    with pytest.raises(ExportError, match="gone"):
        write_film(spec, failing())
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.mp4"]


def test_more_pictures_than_there_is_room_for_leave_nothing(tmp_path):
    request = stepping()
    spec = RecordingSpec(str(tmp_path / "a.mp4"), 1, 1)
    with pytest.raises(ExportError, match="disk is full"):
        write_film(spec, ((request, float(second)) for second in range(9)))
    assert names(tmp_path) == []


def test_the_end_follows_the_last_picture_where_nobody_knew_it_before(tmp_path):
    path = tmp_path / "a.gif"
    scenes = [(request_of(activations_of(seed=seed)), seed / 5) for seed in range(3)]
    spec = RecordingSpec(str(path), 5, 60)
    recorded = write_film(spec, scenes, linger_s=1.0)
    assert recorded.length_s == pytest.approx(1.4)
    assert read(path).length == pytest.approx(1.4, abs=0.03)
