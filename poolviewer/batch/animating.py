"""One animation of several moments, or of a step-through: what an output like clip.gif asks for."""

import os
import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from poolviewer.batch.drawing import Moment, check_pin, owner_of
from poolviewer.batch.naming import Claims, already_there, over_source
from poolviewer.batch.networks import Networks, Note
from poolviewer.batch.patterns import expand, files_of, may_hold_sessions
from poolviewer.batch.reading import tasks_of
from poolviewer.batch.telling import Teller
from poolviewer.batch.wish import BatchWish, Failed, Outcome, Task
from poolviewer.core.errors import ExportError, PoolViewerError
from poolviewer.core.figure_spec import check_spec
from poolviewer.core.filming import USUAL_SPEED
from poolviewer.core.local_files import is_folder
from poolviewer.core.recording import MOST_FRAMES_PER_S, RecordingSpec, kind_of
from poolviewer.export.files import check_writable
from poolviewer.export.request import FigureRequest, check_scale
from poolviewer.headless import graphics, read_frame

# ruff: noqa: PLC0415 - FFmpeg's libraries are loaded when there is something to write

PICTURE_S = 1.0  # how long a picture stays that has no time of its own
MOST_MOMENTS = 10_000  # where nobody knows how many there are
STEPPING = "stepping"


def is_animation(wish: BatchWish) -> bool:
    """Whether the output is one animation; a WebP is a picture where there is one moment."""
    kind = kind_of(wish.output)
    if kind is None or "{" in wish.output:
        return False
    return kind != "webp" or wish.look.overlay == STEPPING or _has_several(wish)


def animate(wish: BatchWish, *, is_json: bool = False, is_quiet: bool = False) -> int:
    """Export one animation; return the exit status: 0, 1 if a moment failed, 130 on Ctrl+C.

    Raises
    ------
    PoolViewerError
        There is no animation, and no file is left.
    """
    _check(wish)
    path = Path(wish.output).absolute()
    found = list(expand(wish.sources, wish.frames))
    if not may_hold_sessions(found):
        check_pin(wish)
    if Claims(files_of(found)).claim(str(path), ""):
        raise ExportError(over_source(str(path)))
    if os.path.lexists(path) and not wish.is_forced:
        if not wish.skips_existing:
            raise ExportError(already_there(path))
        teller = Teller(is_json, is_quiet)
        teller.tell(Outcome(skipped=(str(path),)))
        return teller.end()
    return _animated(wish, path, Teller(is_json, is_quiet))


def _animated(wish: BatchWish, path: Path, teller: Teller) -> int:
    failed: list[Failed] = []
    try:
        _write(wish, failed, teller)
    except KeyboardInterrupt:
        return teller.end(is_interrupted=True)
    finally:
        teller.close()
    teller.tell(Outcome(written=(str(path),), failed=tuple(failed)))
    return teller.end()


def _check(wish: BatchWish) -> None:
    check_scale(wish.look.scale)
    check_spec(wish.look.spec)
    check_writable(Path(wish.output))
    if wish.channels is None or len(wish.channels) > 1 or len(wish.pins) > 1:
        raise ExportError(
            "An animation shows one channel and one pin: give one of each, or put {channel}, "
            "{row} and {col} into the name of pictures."
        )
    if wish.look.overlay == STEPPING and _has_several(wish):
        raise ExportError(
            "A step-through is animated on one moment: give one picture, or one frame with "
            "--frames."
        )


def _has_several(wish: BatchWish) -> bool:
    """Whether more than one moment is asked for."""
    if len(wish.sources) > 1 or (wish.frames is not None and wish.frames.count != 1):
        return True
    source = wish.sources[0]
    return is_folder(Path(source)) or any(sign in source for sign in "*?[")


def _write(wish: BatchWish, failed: list[Failed], teller: Teller) -> None:
    from poolviewer.factories import load_recorder

    load_recorder()
    from poolviewer.export.films import step_through, walk_of_request, write_film

    def report(_: int) -> None:
        teller.tell(Outcome())

    app = graphics()
    requests = _requests(wish, failed, teller.note)
    if wish.look.overlay == STEPPING:
        request, _ = _first(requests, failed)
        plan = walk_of_request(request, USUAL_SPEED)
        teller.total = len(plan.positions)
        teller.begin()
        write_film(plan.spec(wish.output, wish.look.scale), step_through(request, plan), report)
        if plan.remark:
            sys.stderr.write(f"poolviewer: {plan.remark}\n")
    else:
        begun = list(islice(requests, 2))
        _first(iter(begun), failed)
        gap_s = _gap(begun)
        spec = _spec(wish, gap_s)
        teller.total = wish.frames.count if wish.frames is not None else None
        teller.begin()
        write_film(spec, _timed(chain(begun, requests), gap_s), report, linger_s=gap_s)
    del app


def _spec(wish: BatchWish, gap_s: float) -> RecordingSpec:
    """Return the wish for the file, with room for all moments."""
    count = wish.frames.count if wish.frames is not None else None
    rate = min(1 / gap_s, MOST_FRAMES_PER_S)
    return RecordingSpec(wish.output, rate, (count or MOST_MOMENTS) / rate, wish.look.scale)


def _first(
    requests: Iterator[tuple[FigureRequest, float | None]], failed: list[Failed]
) -> tuple[FigureRequest, float | None]:
    """Return the first moment; raises `ExportError` where there is none."""
    first = next(requests, None)
    if first is None:
        raise ExportError(failed[0].sentence if failed else "There is nothing to animate.")
    return first


def _gap(begun: list[tuple[FigureRequest, float | None]]) -> float:
    """Return how long one moment stays, by the first two of them."""
    times = [at_s for _, at_s in begun if at_s is not None]
    return max(times[1] - times[0], 1e-3) if len(times) == 2 else PICTURE_S


def _timed(
    requests: Iterator[tuple[FigureRequest, float | None]], gap_s: float
) -> Iterator[tuple[FigureRequest, float]]:
    """Give each moment its time in the animation; those without one follow evenly."""
    first_s: float | None = None
    now_s = -gap_s
    for request, at_s in requests:
        if at_s is not None and first_s is None:
            first_s = at_s - (now_s + gap_s)
        own_s = None if at_s is None or first_s is None else at_s - first_s
        now_s = own_s if own_s is not None and own_s > now_s else now_s + gap_s
        yield request, now_s


def _requests(
    wish: BatchWish, failed: list[Failed], note: Note
) -> Iterator[tuple[FigureRequest, float | None]]:
    """Give the figure of each moment and its time in its source; what fails is put apart."""
    networks = Networks(wish.view, note)
    found = list(expand(wish.sources, wish.frames))
    for task in tasks_of(wish, found):
        if isinstance(task, Failed):
            failed.append(task)
            continue
        try:
            yield _request(wish, networks, task), task.at_s
        except PoolViewerError as error:
            failed.append(Failed(owner_of(task), str(error)))


def _request(wish: BatchWish, networks: Networks, task: Task) -> FigureRequest:
    moment = Moment(wish, networks, task.frame or read_frame(task.location, task.index))
    return moment.request(moment.channels()[0], moment.pixels()[0])
