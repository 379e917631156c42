"""Figures for Python programs and notebooks."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from poolviewer.api.arguments import check_number, check_text, size_of, texts
from poolviewer.api.drawing import drawing
from poolviewer.api.moments import Moment, Pin, check_view, moment_of
from poolviewer.api.networks import NETWORKS, Inquire, Model, Rerun, Run, Wish
from poolviewer.api.pictures import Image
from poolviewer.core.display import COLOUR_MAP_NAMES, ColourMapName, DisplaySpec, LevelsMode
from poolviewer.core.errors import ArgumentError, ArgumentTypeError
from poolviewer.core.export_choices import Extent, FileOptions, MapChoice
from poolviewer.core.figure_spec import (
    LAYOUTS,
    PARTS,
    USUAL_CAPTION,
    USUAL_PARTS,
    USUAL_TITLE,
    USUAL_WIDTH,
    FigurePart,
    FigureSpec,
    LayoutName,
    check_spec,
)
from poolviewer.core.laboratory.experiment import Experiment, Finding, Inquiry, Subject, conducted
from poolviewer.core.laboratory.named import overlay_named
from poolviewer.core.messages import Activations
from poolviewer.core.network import network_name
from poolviewer.core.trace import PooledTrace
from poolviewer.drawing.palette import THEMES, ThemeName
from poolviewer.export.request import FigureRequest, check_scale

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

# ruff: noqa: PLC0415 - Qt is imported when something is drawn

Overlay: TypeAlias = Literal["stepping", "lost", "compare", "shift", "gradient"]
Choice = TypeVar("Choice", bound=str)
LEVELS: tuple[LevelsMode, ...] = ("channel", "shared")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Figure:
    """What pooling made of one picture: shows itself in a notebook, and can be saved.

    It is what the network gave when it was made; nothing runs again.

    Parameters
    ----------
    notes
        What is worth knowing of the model, one sentence each, such as that pictures are made
        grey for it.

    Examples
    --------
    >>> import poolviewer
    >>> cat = poolviewer.figure("tutorial", channel=12, pin=(4, 7))
    >>> cat.pooled_map.shape
    (15, 15)
    >>> cat.to_array().dtype
    dtype('uint8')
    """

    _request: FigureRequest
    notes: tuple[str, ...] = ()

    @property
    def input(self) -> NDArray[np.float32]:
        """What the network received: read-only, of shape (rows, columns, channels)."""
        return self._request.activations.prepared.values

    @property
    def feature_maps(self) -> NDArray[np.floating]:
        """What entered the pooling: read-only, of shape (rows, columns, channels)."""
        return self._request.activations.feature_maps

    @property
    def pooled_maps(self) -> NDArray[np.floating]:
        """What left the pooling: read-only, of shape (rows, columns, channels)."""
        return self._request.activations.pooled_maps

    @property
    def feature_map(self) -> NDArray[np.floating]:
        """The shown channel of what entered the pooling: read-only, of shape (rows, columns)."""
        return self.feature_maps[:, :, self.channel]

    @property
    def pooled_map(self) -> NDArray[np.floating]:
        """The shown channel of what left the pooling: read-only, of shape (rows, columns)."""
        return self.pooled_maps[:, :, self.channel]

    @property
    def channel(self) -> int:
        """Which channel is shown, from 0."""
        return self._request.channel

    @property
    def findings(self) -> tuple[str, ...]:
        """What the overlay showed, one sentence each; empty without one."""
        finding = self._request.finding
        return tuple(filter(None, (finding.obstacle, *finding.sentences))) if finding else ()

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        scale: float | None = None,
        map_name: MapChoice = "pooled",
        extent: Extent = "map",
        quality: int = 0,
    ) -> Path:
        """Write a file; what is written follows from the name's ending.

        A file of that name is replaced, as matplotlib's ``savefig`` does; the new one is there as
        a whole or not at all.

        Parameters
        ----------
        path
            Its ending is one of png, svg, pdf, jpg, webp (the figure), npz, npy, csv, json (the
            numbers) and poolview (the view). PNG, SVG and PDF open again as this view, too.
        scale
            Device pixels for each logical pixel of a picture, 1 to 8; None for the figure's own.
        map_name, extent
            What NPY and CSV hold: ``"pooled"``, ``"feature"`` or ``"input"``; its ``"map"`` (the
            channel), ``"all"`` channels, or the ``"window"`` of the traced pixel.
        quality
            Of a JPEG or WebP, from 1 to 100; 0 for 95 and lossless.

        Returns
        -------
        Path
            Of the file, absolute.

        Raises
        ------
        ExportError
            The ending says nothing, the scale is out of range, or the file cannot be written.
        ArgumentError
            There is no such map, extent or quality.
        """
        if not isinstance(path, str | os.PathLike):
            raise ArgumentTypeError(
                f"A figure cannot be saved to an object of type {type(path).__name__}: give a path."
            )
        if scale is not None:
            check_number(scale, "scale")
        _check_options(map_name, extent, quality)
        options = FileOptions(quality, extent, map_name)
        request = self._request if scale is None else replace(self._request, scale=scale)
        with drawing():
            from poolviewer.export.writing import write_figure

            target = Path(os.fspath(path)).absolute()
            write_figure(target, request, options)
        return target

    def to_array(self) -> NDArray[np.uint8]:
        """Draw the figure: writable uint8 of shape (rows, columns, 3), RGB, at its scale."""
        with drawing():
            from poolviewer.drawing.images import image_to_bgr

            return np.ascontiguousarray(image_to_bgr(self._drawn())[:, :, ::-1])

    def _drawn(self) -> "QImage":
        from poolviewer.export.figure import arranged

        figure = arranged(self._request)
        figure.check_drawn()
        return figure.image(self._request.scale)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Show itself in a notebook, as large as on a page however sharp it is."""
        with drawing():
            from poolviewer.export.raster import png_bytes

            image = self._drawn()
            scale = self._request.scale
            width, height = (round(side / scale) for side in (image.width(), image.height()))
            return png_bytes(image, {}), {"width": width, "height": height}

    def __repr__(self) -> str:
        request, activations = self._request, self._request.activations
        parts = [
            activations.frame.name or activations.frame.source.name,
            network_name(activations.network),
            activations.stage.name,
            f"channel {request.channel}",
        ]
        trace = request.trace
        if isinstance(trace, PooledTrace):
            parts.append(f"pooled pixel ({trace.row}, {trace.col}) = {trace.value:.6g}")
        return f"<Figure: {', '.join(parts)}>"


def figure(
    model: Model = None,
    image: Image = None,
    *,
    pool: str | None = None,
    channel: int | None = None,
    pin: Pin = None,
    frame: int | None = None,
    preprocess: str | None = None,
    size: Sequence[int] | None = None,
    device: str = "auto",
    overlay: Overlay | Experiment | None = None,
    theme: ThemeName = "light",
    layout: LayoutName = "free",
    parts: Sequence[FigurePart] = USUAL_PARTS,
    colours: ColourMapName | None = None,
    levels: LevelsMode | None = None,
    mirrored: bool | None = None,
    outlines: bool = True,
    winner: bool = True,
    values: bool = True,
    colour_bars: bool = True,
    title: str = USUAL_TITLE,
    caption: str = USUAL_CAPTION,
    text_scale: float = 1.0,
    width: int = USUAL_WIDTH,
    height: int = 0,
    scale: float = 2.0,
) -> Figure:
    """Run a network on a picture, and make the annotated figure of one of its poolings.

    The first call imports TensorFlow, which takes seconds; the next ones take milliseconds as long
    as the model stays the same. Any thread may call it, and calls take turns. While a network is
    built, no other thread may use Keras.

    Parameters
    ----------
    model
        None or ``"tutorial"`` for the tutorial's network; the path of a ``.keras`` or HDF5 file,
        which is judged before Keras sees it; or a `keras.Model`, with its weights as they are now
        and with any layers, which stays as it is. The one used last is kept in memory.
    image
        The path of a picture, a folder, a video, a saved view, or another source; an array of
        uint8, or of floats from 0 to 1, of shape (rows, columns), or that with 1, 3 (RGB) or 4
        (RGBA, alpha is ignored) channels behind; a PIL image; or None for the sample. What of a
        saved view is not given here is as it was saved.
    pool
        Name of the pooling layer; None for the first.
    channel
        Which channel is shown, from 0; None for 0.
    pin
        The pooled pixel ``(row, col)`` that is traced, from 0; None for none.
    frame
        Number of the frame of a video or folder, from 0; None for the first.
    preprocess
        What a model gets: ``"raw-bgr"``, ``"raw-rgb"``, ``"0-1"``, ``"-1-1"``, ``"caffe"`` or
        ``"torch"``; None for 0–1 RGB, or 0–255 where the model scales by itself.
    size
        ``(rows, columns)`` of a model's input where that is open, with the channels behind for a
        file that does not say them.
    device
        What runs the network: ``"auto"``, ``"cpu"`` or ``"gpu:0"``.
    overlay
        What the laboratory shows over the maps: ``"stepping"``, ``"lost"``, ``"compare"``,
        ``"shift"``, ``"gradient"`` (needs a pin), or one of its experiments with its settings.
    theme, layout, parts
        ``"light"`` or ``"dark"``; ``"free"``, ``"slide"``, ``"column"`` or ``"page"``; and any of
        title, input, feature, pooled, gallery, trace, laboratory, legend, caption.
    colours, levels, mirrored
        ``"grey"``, ``"viridis"`` or ``"diverging"``; ``"channel"`` (each map fills the whole range)
        or ``"shared"``; and whether left and right are exchanged for the eye.
    outlines, winner, values, colour_bars
        Whether windows and receptive fields are outlined, the winner is marked, numbers stand on
        large pixels, and a colour bar stands under each map.
    title, caption
        Templates, such as ``"{source}, channel {channel}"``.
    text_scale, width, height
        How much larger than usual text is; and the size of a free figure in logical pixels (96 to
        the inch), where a height of 0 follows the content.
    scale
        Device pixels for each logical pixel, 1 to 8.

    Returns
    -------
    Figure
        Shows itself at the end of a notebook's cell.

    Raises
    ------
    PoolViewerError
        With one sentence; `ArgumentError` is a `ValueError`, `ArgumentTypeError` a `TypeError`.

    Examples
    --------
    >>> import numpy as np, poolviewer
    >>> ramp = np.linspace(0, 1, 64 * 64).reshape(64, 64)
    >>> poolviewer.figure("tutorial", ramp, channel=3, pin=(4, 7)).feature_map.shape
    (30, 30)
    """
    spec = FigureSpec(
        parts=tuple(one_of(part, PARTS, "part") for part in texts(parts, "parts")),
        has_outlines=outlines,
        has_winner=winner,
        has_values=values,
        has_colour_bars=colour_bars,
        title=title,
        caption=caption,
        text_scale=text_scale,
        layout=one_of(layout, LAYOUTS, "layout"),
        width=width,
        height=height,
    )
    check_look(spec, scale)
    theme = one_of(theme, tuple(THEMES), "theme")
    experiment = overlay_named(overlay) if isinstance(overlay, str) else overlay
    if not isinstance(experiment, Experiment | None):
        raise ArgumentTypeError(f'{overlay!r} is no overlay: give its name, such as "lost".')
    wish = Wish(model, pool or "", size_of(size), preprocess, device)
    moment = moment_of(image, frame, channel, pin)
    saved = moment.frame.source.session
    if saved is not None and overlay is None:
        experiment = saved.experiment
    needs_steps = experiment is not None and experiment.needs_steps
    inquire = _inquiry(experiment, moment)
    run = NETWORKS.run(wish, moment.frame, has_steps=needs_steps, inquire=inquire)
    display = _display(saved.display if saved else DisplaySpec(), colours, levels, mirrored)
    request = _request(run, moment, experiment)
    return Figure(replace(request, display=display, theme=theme, scale=scale, spec=spec), run.notes)


def check_look(spec: FigureSpec, scale: float) -> None:
    """Refuse what no figure can look like, before anything is run."""
    for name, value in (("title", spec.title), ("caption", spec.caption)):
        check_text(value, name)
    sizes = {"text_scale": spec.text_scale, "width": spec.width, "height": spec.height}
    for name, number in {**sizes, "scale": scale}.items():
        check_number(number, name)
    check_spec(spec)
    check_scale(scale)


def _inquiry(experiment: Experiment | None, moment: Moment) -> Inquire:
    """Return what is asked of the maps: whether they have what is wanted, and the experiment."""

    def inquire(activations: Activations, rerun: Rerun) -> Finding | None:
        check_view(activations.stage, moment.channel, moment.pixel)
        subject = Subject(activations, moment.channel, moment.pixel, rerun)
        return conducted(Inquiry(experiment, moment.channel, moment.pixel), subject)

    return inquire


def _request(run: Run, moment: Moment, experiment: Experiment | None) -> FigureRequest:
    """Return the wish for a figure of what was found; what is a question is not explained."""
    finding = run.finding
    altered = finding.altered if finding else None
    pixel = finding.traced if finding and finding.traced else moment.pixel
    return FigureRequest(
        activations=altered or run.activations,
        channel=moment.channel,
        pixel=None if experiment and experiment.conceals else pixel,
        is_pinned=pixel == moment.pixel,
        alteration=experiment.alteration if experiment and altered else "",
        experiment=experiment,
        finding=finding,
        versions=run.versions,
    )


def _display(
    saved: DisplaySpec, colours: str | None, levels: str | None, mirrored: bool | None
) -> DisplaySpec:
    """Return how the maps are shown: as a saved view was, but for what is chosen."""
    return replace(
        saved,
        colour_map=one_of(colours or saved.colour_map, COLOUR_MAP_NAMES, "colour map"),
        levels_mode=one_of(levels or saved.levels_mode, LEVELS, "kind of levels"),
        is_mirrored=saved.is_mirrored if mirrored is None else mirrored,
    )


def one_of(wish: str, known: Sequence[Choice], what: str) -> Choice:
    """Return what is wished if it is known; raises `ArgumentError`."""
    for choice in known:
        if choice == wish:
            return choice
    raise ArgumentError(f"There is no {what} {wish}: use {', '.join(known)}.")


def _check_options(map_name: MapChoice, extent: Extent, quality: int) -> None:
    for name, value, known in (
        ("map_name", map_name, get_args(MapChoice)),
        ("extent", extent, get_args(Extent)),
    ):
        if value not in known:
            raise ArgumentError(f"There is no {name} {value!r}: choose one of {', '.join(known)}.")
    if isinstance(quality, bool) or not isinstance(quality, int) or not 0 <= quality <= 100:
        raise ArgumentError(f"The quality must be a whole number from 0 to 100, not {quality!r}.")
