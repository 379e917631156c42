"""One moment of a source made into files: every channel and pin that is wanted, from one run."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from poolviewer.batch.naming import Names, already_there, make_folder
from poolviewer.batch.networks import Networks, Note, UnfitBatchError
from poolviewer.batch.wish import BatchWish, Failed, Outcome, Task
from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.errors import ExportError, NetworkError, PoolViewerError
from poolviewer.core.export_choices import format_of
from poolviewer.core.exporting import left_out_words
from poolviewer.core.laboratory.experiment import Finding, Inquiry, Subject, conducted
from poolviewer.core.laboratory.named import overlay_named
from poolviewer.core.messages import Activations, Frame
from poolviewer.core.network import NetworkSpec, network_name
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.export.fields import fields_of, stem
from poolviewer.export.request import FigureRequest
from poolviewer.export.writing import write_figure
from poolviewer.headless import graphics, read_frame

Claim = Callable[[str, str], str]


class Draughtsman:
    """Makes the files of one task after the other, in one process.

    Parameters
    ----------
    claim
        Told of every path before it is looked at, and for whom; a sentence forbids it.
    note
        Takes what a person should know of the network and of the figures.
    """

    def __init__(self, wish: BatchWish, claim: Claim, note: Note) -> None:
        self._wish, self._claim = wish, claim
        self._names = Names(wish.output, wish.ending)
        self._networks = Networks(wish.view, note)
        self._note = note
        self._graphics: object | None = None  # Qt's, as long as something is drawn

    def export(self, task: Task) -> Outcome:
        """Make the files of a task; what fails is told in the outcome.

        Raises
        ------
        UnfitBatchError
            No other task can succeed either.
        """
        try:
            return self._export(task)
        except UnfitBatchError:
            raise
        except PoolViewerError as error:
            return Outcome(failed=(Failed(owner_of(task), str(error)),))
        except Exception as error:  # noqa: BLE001 - one bad file does not end a batch
            return Outcome(failed=(Failed(owner_of(task), unforeseen(error)),))

    def _export(self, task: Task) -> Outcome:
        frame = task.frame or read_frame(task.location, task.index)
        moment = Moment(self._wish, self._networks, frame)
        written, skipped, failed = list[str](), list[str](), list[Failed]()
        for channel in moment.channels():
            for pixel in moment.pixels():
                try:
                    path, is_new = self._file(task, moment, channel, pixel)
                    (written if is_new else skipped).append(str(path.absolute()))
                except UnfitBatchError:
                    raise
                except PoolViewerError as error:
                    failed.append(Failed(owner_of(task), str(error)))
        return Outcome(tuple(written), tuple(skipped), tuple(failed))

    def _file(
        self, task: Task, moment: "Moment", channel: int, pixel: Pixel | None
    ) -> tuple[Path, bool]:
        """Make one file; return its path, and whether it was not there before."""
        fields = {**moment.known(channel, pixel), "n": str(task.n)}
        if self._names.needs <= fields.keys():
            path = self._names.path(fields)
            if self._is_done(path, task):
                return path, False
            request = moment.request(channel, pixel)
        else:
            request = moment.request(channel, pixel)
            fields |= fields_of(request, self._wish.moment)
            path = self._names.path(fields)
            if self._is_done(path, task):
                return path, False
        self._write(path, request)
        return path, True

    def _is_done(self, path: Path, task: Task) -> bool:
        """Whether a file is there and shall stay.

        Raises
        ------
        ExportError
            It is in the way, or another one of this batch has its name.
        """
        objection = self._claim(os.path.abspath(path), owner_of(task))  # noqa: PTH100
        if objection:
            raise ExportError(objection)
        if self._wish.is_forced or not os.path.lexists(path):
            return False
        if self._wish.skips_existing:
            return True
        raise ExportError(already_there(path))

    def _write(self, path: Path, request: FigureRequest) -> None:
        if self._names.has_fields:
            make_folder(path)
        kind = format_of(path.name)
        if self._graphics is None and (kind is None or kind.is_drawn):
            self._graphics = graphics()
            self._tell_what_is_left_out(request)
        write_figure(path, request, self._wish.look.numbers)

    def _tell_what_is_left_out(self, request: FigureRequest) -> None:
        """Say what a figure has no room for; those that follow are much like the first."""
        from poolviewer.export.figure import arranged  # noqa: PLC0415 - numbers need no Qt

        words = left_out_words(arranged(request).left_out)
        if words:
            self._note(words)


class Moment:
    """A frame with its network and all that a saved view or the options say of its figures."""

    def __init__(self, wish: BatchWish, networks: Networks, frame: Frame) -> None:
        self._wish, self._networks, self._frame = wish, networks, frame
        self._session = frame.source.session
        self._network = networks.network_for(frame)
        saved = self._session.experiment if self._session else None
        overlay = wish.look.overlay
        self._experiment = overlay_named(overlay) if overlay else saved
        self._maps: Activations | None = None

    def channels(self) -> Sequence[int]:
        """Return the channels that are wanted; raises `NetworkError` if one is not there."""
        wanted = self._wish.channels
        if wanted == ():
            return (self._session.channel if self._session else 0,)
        if isinstance(self._network, NetworkSpec):
            count = self._network.stage.channels
        else:
            count = self._activations().stage.channels
        wrong = [channel for channel in wanted or () if not 0 <= channel < count]
        if wrong:
            raise NetworkError(f"There is no channel {wrong[0]}: choose 0 to {count - 1}.")
        return range(count) if wanted is None else wanted

    def pixels(self) -> Sequence[Pixel | None]:
        """Return the traced pixels that are wanted; None for none."""
        if self._wish.pins:
            if isinstance(self._network, NetworkSpec):
                _check_pins(self._wish.pins, self._network.stage.pooled_shape)
            return [Pixel(MapName.POOLED, row, col) for row, col in self._wish.pins]
        saved = self._session.pin if self._session else None
        if saved is None:
            check_pin(self._wish)
        return (saved,)

    def known(self, channel: int, pixel: Pixel | None) -> dict[str, str]:
        """Return the fields of a file name that are known before the network runs."""
        frame, moment = self._frame, self._wish.moment
        network = self._network
        layer = network.stage.name if isinstance(network, NetworkSpec) else network.stage
        return {
            "source": stem(frame.name or frame.source.name),
            "frame": str(frame.index),
            "model": stem(network_name(self._network)),
            "layer": printable(layer, MAX_NAME),
            "channel": str(channel),
            "row": str(pixel.row) if pixel else "",
            "col": str(pixel.col) if pixel else "",
            "map": pixel.map_name.value if pixel else "",
            "mode": self._experiment.mode if self._experiment else "",
            "date": moment.strftime("%Y-%m-%d"),
            "time": moment.strftime("%H%M%S"),
        }

    def request(self, channel: int, pixel: Pixel | None) -> FigureRequest:
        """Return the wish for one figure; the network has run once for all of them."""
        maps, look = self._activations(), self._wish.look
        finding = self._finding(maps, channel, pixel)
        altered = finding.altered if finding else None
        experiment = self._experiment
        return FigureRequest(
            activations=altered or maps,
            channel=channel,
            pixel=finding.traced if finding and finding.traced else pixel,
            display=self._display(),
            theme=look.theme,
            scale=look.scale,
            spec=look.spec,
            alteration=experiment.alteration if altered and experiment else "",
            experiment=experiment,
            finding=finding,
            versions=self._networks.versions,
        )

    def _display(self) -> DisplaySpec:
        look = self._wish.look
        saved = self._session.display if self._session else DisplaySpec()
        return replace(
            saved,
            colour_map=look.colours or saved.colour_map,
            levels_mode=look.levels or saved.levels_mode,
            is_mirrored=look.is_mirrored or saved.is_mirrored,
        )

    def _activations(self) -> Activations:
        if self._maps is None:
            has_steps = self._experiment is not None and self._experiment.needs_steps
            self._maps = self._networks.run(self._frame, self._network, has_steps=has_steps)
        return self._maps

    def _finding(self, maps: Activations, channel: int, pixel: Pixel | None) -> Finding | None:
        experiment = self._experiment
        if experiment is None:
            return None

        def rerun(values: NDArray[np.float32]) -> Activations:
            prepared = replace(maps.prepared, values=values)
            return self._networks.rerun(self._frame, prepared, has_steps=bool(maps.step_maps))

        needed = pixel if experiment.needs_pixel else None
        subject = Subject(maps, channel, needed, rerun)
        return conducted(Inquiry(experiment, channel, needed), subject)


def check_pin(wish: BatchWish) -> None:
    """Raise `ExportError` where an overlay was asked for that begins at a pixel, and none given."""
    overlay = wish.look.overlay
    if overlay and not wish.pins and overlay_named(overlay).needs_pixel:
        raise ExportError(
            f"The overlay {overlay} begins at a pooled pixel: say at which, as in --pin 4,7."
        )


def _check_pins(pins: Sequence[tuple[int, int]], shape: tuple[int, int]) -> None:
    rows, cols = shape
    for row, col in pins:
        if not (0 <= row < rows and 0 <= col < cols):
            raise NetworkError(
                f"There is no pooled pixel {row},{col}: choose 0,0 to {rows - 1},{cols - 1}."
            )


def owner_of(task: Task) -> str:
    """Return what a person calls the moment of a task."""
    name = printable(PurePath(task.location).name or task.location)
    frame = task.frame.index if task.frame is not None else task.index
    return f"{name}, frame {frame}" if frame is not None else name


def unforeseen(error: Exception) -> str:
    """Say in a sentence what nobody foresaw."""
    kind = (
        "there is not enough memory"
        if isinstance(error, MemoryError)
        else (f"something inside PoolViewer failed, {type(error).__name__}: {error}")
    )
    return f"It could not be exported, because {kind}."
