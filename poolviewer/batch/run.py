"""Run a batch: what can be known is refused first, and one bad file does not end the rest."""

import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import count, islice

from poolviewer.batch.animating import animate, is_animation
from poolviewer.batch.drawing import Draughtsman, check_pin, owner_of
from poolviewer.batch.foreseen import foreseen
from poolviewer.batch.naming import Claims, Names, already_there
from poolviewer.batch.networks import Note, UnfitBatchError
from poolviewer.batch.patterns import Found, Single, expand, files_of, may_hold_sessions
from poolviewer.batch.reading import tasks_of
from poolviewer.batch.telling import Teller
from poolviewer.batch.wish import BatchWish, Failed, Outcome, Task
from poolviewer.batch.workers import Workers
from poolviewer.core.errors import ExportError, SourceError
from poolviewer.core.figure_spec import check_spec
from poolviewer.core.laboratory.named import overlay_named
from poolviewer.export.request import check_scale


def run(wish: BatchWish, *, is_json: bool = False, is_quiet: bool = False) -> int:
    """Export everything; return the exit status: 0, 1 if something failed, 130 on Ctrl+C.

    Raises
    ------
    PoolViewerError
        Nothing can be done, or the only file that was asked for failed.
    """
    if is_animation(wish):
        return animate(wish, is_json=is_json, is_quiet=is_quiet)
    names = Names(wish.output, wish.ending)
    _check(wish, names)
    found = list(expand(wish.sources, wish.frames))
    if not may_hold_sessions(found):
        check_pin(wish)
    is_single = _is_single(wish, found)
    _check_known(wish, names, found, is_single=is_single)
    total = None if any(_has_film(wish, one) for one in found) else len(found)
    teller = Teller(is_json, is_quiet, total)
    teller.begin()
    late: list[Outcome] = []
    try:
        with closing(_outcomes(wish, names, found, late, teller.note)) as outcomes:
            for outcome in outcomes:
                teller.tell(outcome)
                if is_single and outcome.failed and not is_json:
                    raise ExportError(outcome.failed[0].sentence)
    except KeyboardInterrupt:
        for outcome in late:
            teller.tell(outcome)
        return teller.end(is_interrupted=True)
    except UnfitBatchError as error:
        if not teller.has_told:
            raise
        teller.tell(Outcome(failed=(Failed("", str(error)),)))
    finally:
        teller.close()
    return teller.end()


def _check(wish: BatchWish, names: Names) -> None:
    check_scale(wish.look.scale)
    check_spec(wish.look.spec)
    if wish.look.overlay:
        overlay_named(wish.look.overlay)
    names.check()


def _is_single(wish: BatchWish, found: list[Found]) -> bool:
    """Whether one file at most can come of it: then its failure is that of the command."""
    is_one_frame = wish.frames is None or wish.frames.count == 1
    is_one = wish.channels is not None and max(len(wish.channels), len(wish.pins)) <= 1
    return len(wish.sources) == len(found) == 1 and is_one_frame and is_one


def _has_film(wish: BatchWish, found: Found) -> bool:
    return wish.frames is not None and isinstance(found, Single) and found.may_have_frames


def _check_known(wish: BatchWish, names: Names, found: list[Found], *, is_single: bool) -> None:
    """Refuse two figures of one name, and a single one that is there, before anything is read."""
    claims, numbers = Claims(), count(1)  # no two moments have one number
    for source in found:
        if isinstance(source, SourceError):
            continue
        for index, n in zip(_some_frames(wish, source), numbers, strict=False):
            for path in foreseen(wish, names, source, n, index):
                owner = owner_of(Task(n, source.location, index if wish.frames else None))
                objection = claims.claim(os.path.abspath(path), owner) if path else ""  # noqa: PTH100
                if objection:
                    raise ExportError(objection)
    if is_single and not names.needs and not (wish.is_forced or wish.skips_existing):
        path = names.path({})
        if os.path.lexists(path):
            raise ExportError(already_there(path))


def _some_frames(wish: BatchWish, source: Single) -> tuple[int, ...]:
    """Return the first frames of a source: if two of them have different names, all have."""
    if wish.frames is None or not source.may_have_frames:
        return (0,)
    return tuple(islice(wish.frames, 2))


def _outcomes(
    wish: BatchWish, names: Names, found: list[Found], late: list[Outcome], note: Note
) -> Generator[Outcome]:
    made = tasks_of(wish, found)
    claims = Claims(files_of(found) if wish.is_forced else ())  # else nothing is written over
    if wish.jobs <= 1 or (len(found) == 1 and not _has_film(wish, found[0])):
        draughtsman = Draughtsman(wish, claims.claim, note)
        for task in made:
            settled = _settled(wish, names, task)
            yield draughtsman.export(settled) if isinstance(settled, Task) else settled
        return
    apart: list[Outcome] = []
    with Workers(wish, wish.jobs, claims, late, note) as workers:
        for outcome in workers.outcomes(_open_tasks(wish, names, made, apart)):
            yield outcome
            while apart:
                yield apart.pop(0)
    yield from apart


def _open_tasks(
    wish: BatchWish, names: Names, made: Iterable[Task | Failed], apart: list[Outcome]
) -> Iterator[Task]:
    """Give the tasks for which there is something to do; what became of others is put apart."""
    for task in made:
        settled = _settled(wish, names, task)
        if isinstance(settled, Task):
            yield settled
        else:
            apart.append(settled)


def _settled(wish: BatchWish, names: Names, task: Task | Failed) -> Task | Outcome:
    """Return what became of a task without reading its source; itself if that must be read."""
    if isinstance(task, Failed):
        return Outcome(failed=(task,))
    if not wish.skips_existing:
        return task
    paths = list(foreseen(wish, names, Single(task.location), task.n, task.index or 0))
    if not all(path is not None and os.path.lexists(path) for path in paths):
        return task
    return Outcome(skipped=tuple(os.path.abspath(path) for path in paths if path))  # noqa: PTH100
