"""Animations made of figures that are known beforehand: a step-through, or several moments."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from poolviewer.core.display import levels_of
from poolviewer.core.errors import ExportError
from poolviewer.core.filming import NO_ROOM, USUAL_SPEED, WalkPlan, plan_walk
from poolviewer.core.laboratory.experiment import Subject
from poolviewer.core.laboratory.stepping import Stepping
from poolviewer.core.messages import Activations
from poolviewer.core.recording import Recorded, RecordingSpec
from poolviewer.export.recording import FigureRecorder
from poolviewer.export.request import FigureRequest

Scene = tuple[FigureRequest, float]


def write_film(
    spec: RecordingSpec,
    scenes: Iterable[Scene],
    report: Callable[[int], None] = lambda _: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    linger_s: float | None = None,
) -> Recorded | None:
    """Draw and write an animation, as a whole or not at all; needs a `QGuiApplication`.

    Parameters
    ----------
    spec
        ``longest_s`` is when it ends, or, where its last picture comes later, how long that stays
        at least is one part of ``frames_per_s``.
    scenes
        Figures and when each begins, in seconds, drawn one by one: memory does not grow.
    report
        Told after each how many there are.
    is_cancelled
        Asked before each; then nothing is left.
    linger_s
        How long the last picture stays, where that decides when it ends.

    Returns
    -------
    Recorded or None
        None if it was cancelled.

    Raises
    ------
    ExportError
        With one sentence.
    """
    recorder = FigureRecorder(spec)
    last_s = 0.0
    try:
        for request, time_s in scenes:
            if is_cancelled():
                recorder.abort()
                return None
            add_scene(recorder, request, time_s)
            last_s = time_s
            report(recorder.frames)
        end_s = spec.longest_s if linger_s is None else last_s + linger_s
        recorder.finish(end_s)
    except BaseException:
        recorder.abort()
        raise
    length_s = max(end_s, last_s + 1 / spec.frames_per_s)
    return Recorded(spec.path, length_s, recorder.frames, recorder.size_bytes)


def add_scene(recorder: FigureRecorder, request: object, time_s: float) -> None:
    """Add a figure; raises `ExportError` where there is no room: half an animation is none."""
    if recorder.is_full:
        raise ExportError(NO_ROOM)
    recorder.add(request, time_s)


def walk_of_request(request: FigureRequest, windows_per_s: float = USUAL_SPEED) -> WalkPlan:
    """Plan the animation of a request's step-through.

    Raises `ExportError` where the request shows none.
    """
    stepping = request.experiment
    if not isinstance(stepping, Stepping):
        raise ExportError("There is no step-through to animate: choose that overlay first.")
    return plan_walk(len(stepping.positions(request.activations.stage)), windows_per_s)


def step_through(request: FigureRequest, plan: WalkPlan) -> Iterator[Scene]:
    """Yield the figure of each position of a step-through, on the maps that are given.

    Raises
    ------
    ExportError
        It does not apply to these maps; with the sentence that the window says.
    """
    known = request.known_levels or levels_of(
        request.activations.feature_maps, request.activations.pooled_maps, request.display
    )
    steady = replace(request, known_levels=known)
    for number, position in enumerate(plan.positions):
        yield at_position(steady, position), number * plan.interval_s


def at_position(request: FigureRequest, position: int) -> FigureRequest:
    """Return the figure of a step-through at another position."""
    assert isinstance(request.experiment, Stepping)  # noqa: S101 - `walk_of_request` has asked
    stepping = request.experiment.at(position)
    subject = Subject(request.activations, request.channel, None, _never_rerun)
    finding = stepping.conduct(subject)
    if finding.obstacle:
        raise ExportError(finding.obstacle)
    return replace(
        request,
        experiment=stepping,
        finding=finding,
        pixel=finding.traced,
        is_pinned=False,  # the person's own pin rests
    )


def _never_rerun(_values: NDArray[np.float32]) -> Activations:
    raise ExportError("A step-through does not run the network.")
