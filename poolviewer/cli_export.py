"""``poolviewer export``: its options, and the batch that follows from them."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from poolviewer.cli_endings import stopping_like_ctrl_c
from poolviewer.cli_options import Parser, add_network_options, pixel, whole_number
from poolviewer.core.errors import PoolViewerError

if TYPE_CHECKING:
    from poolviewer.batch.wish import BatchWish, Look
    from poolviewer.core.figure_spec import FigureSpec

# ruff: noqa: PLC0415 - nothing heavy is imported before the options are sound

MOST_JOBS = 64
_Value = TypeVar("_Value")

USAGE = "poolviewer export SOURCE… -o OUT [options]"
EPILOG = """\
SOURCE is a picture, a folder (all its pictures), a pattern ("pics/**/*.jpg"), a video, a saved view
(PNG, SVG, PDF or .poolview: it brings its network, channel, pin and looks unless an option says
otherwise), a stream, camera:N or synthetic:. A video gives its first frame, or those of --frames.

OUT is a file whose ending says what is written: png, jpg, webp, svg, pdf, npz, npy, csv, json,
poolview. For more than one file it holds words in braces: {source} {frame} {model} {layer}
{channel} {row} {col} {map} {value} {mode} {date} {time}, and {n}, the number in the batch. A
folder gets the usual names; --format says of which kind.

The path of each file that was written is printed. A bad file does not end the rest: it is told
at the end. Exit status: 0 all good, 1 some failed, 2 nothing could be done, 130 Ctrl+C.

examples:
  poolviewer export cat.jpg -o cat.pdf --pin 4,7 --channel 12 --layout column
  poolviewer export pics/ -o out/ --jobs 2 --skip-existing
  poolviewer export "pics/**/*.jpg" -o "out/{source}-c{channel}.svg" --channel 0,3,5-8
  poolviewer export clip.mp4 -o "frames/{source}-{frame}.png" --frames 0:300:10
  poolviewer export clip.mp4 -o clip.gif --frames 0:300:10
  poolviewer export cat.png -o steps.mp4 --overlay stepping
  poolviewer export figure.png -o numbers.npz
"""


def export(arguments: list[str]) -> int:
    """Export everything that was asked for; return the exit status.

    Raises
    ------
    PoolViewerError
        Nothing can be done.
    """
    options = _parser().parse_args(arguments)
    if options.model is None and (options.size or options.preprocess):
        raise PoolViewerError("--size and --preprocess go with a model: give one with --model.")
    from poolviewer import launching
    from poolviewer.core.export_choices import format_of

    kind = format_of(f"x.{options.format}" if options.format else options.output)
    launching.check_libraries(is_drawn=kind is None or kind.is_drawn)
    from poolviewer.batch import run

    with stopping_like_ctrl_c():
        return run.run(_wish(options), is_json=options.json, is_quiet=options.quiet)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        "poolviewer export",
        usage=USAGE,
        description="Save annotated figures or numbers.",
        epilog=EPILOG,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", nargs="+", metavar="SOURCE", help="what to export; see below")
    parser.add_argument("-o", "--output", required=True, metavar="OUT",
                        help="a file, a template of names, or a folder; see below")  # fmt: skip
    _add_choices(parser.add_argument_group("what is exported"))
    _add_looks(parser.add_argument_group("how it looks"))
    _add_batch(parser.add_argument_group("how the batch runs"))
    add_network_options(parser)
    return parser


def _add_choices(group: argparse._ArgumentGroup) -> None:
    from poolviewer.batch.numbers_in_words import FrameRange, parse_channels, parse_frames

    def one_frame(text: str) -> FrameRange:
        index = whole_number(text)
        return FrameRange(index, index + 1)

    frames = group.add_mutually_exclusive_group()
    frames.add_argument("--frames", type=_read(parse_frames), metavar="A:B:STEP",
                        help="of a video or a folder, from 0: 5, 0:300 or 0:300:10")  # fmt: skip
    frames.add_argument("--frame", dest="frames", type=one_frame, metavar="N", help="one of them")
    group.add_argument("--channel", type=_read(parse_channels), default=(), metavar="LIST",
                       help="0,3,5-8 or all: a file for each (0)")  # fmt: skip
    group.add_argument("--pin", type=pixel, action="append", default=[], metavar="ROW,COL",
                       help="pooled pixel to pin; given again, a file for each")  # fmt: skip
    group.add_argument("--overlay", default="", metavar="MODE",
                       help="laboratory: lost, compare, shift, gradient, stepping")  # fmt: skip
    from poolviewer.core.export_choices import FORMATS

    group.add_argument("--format", choices=[kind.ending for kind in FORMATS],
                       help="where OUT has no ending (png)")  # fmt: skip
    group.add_argument("--map", choices=("input", "feature", "pooled"), default="pooled",
                       help="whose numbers NPY and CSV hold (pooled)")  # fmt: skip
    group.add_argument("--extent", choices=("window", "map", "all"), default="map",
                       help="of which the window, the channel or all channels (map)")  # fmt: skip


def _add_looks(group: argparse._ArgumentGroup) -> None:
    from poolviewer.core.figure_spec import LAYOUTS, PARTS

    group.add_argument("--layout", choices=LAYOUTS, default="free",
                       help="slide is 16:9; for papers, column is 85 mm wide, page 174 mm "
                       "(free)")  # fmt: skip
    group.add_argument("--width", type=whole_number, metavar="PIXELS", help="of a free layout")
    group.add_argument("--height", type=whole_number, metavar="PIXELS",
                       help="the same; without it, as high as its content")  # fmt: skip
    group.add_argument("--scale", type=float, metavar="K",
                       help="sharpness of pictures: 1 to 8 (2, 192 dots to the inch; print "
                       "wants 4; 1 for animations, which get large)")  # fmt: skip
    group.add_argument("--quality", type=_quality, default=0, metavar="N",
                       help="of a JPEG or WebP, 1 to 100 (95 and lossless)")  # fmt: skip
    group.add_argument("--theme", choices=("light", "dark"), default="light", help="(light)")
    group.add_argument("--parts", metavar="LIST", help="of " + ",".join(PARTS))
    group.add_argument("--title", metavar="TEXT", help="words in braces as in OUT, or {headline}")
    group.add_argument("--caption", metavar="TEXT", help="the same, or {details}")
    group.add_argument("--text-scale", type=float, default=1.0, metavar="K", help="of text (1)")
    group.add_argument("--colours", choices=("grey", "viridis", "diverging"),
                       help="colour map (grey)")  # fmt: skip
    group.add_argument("--levels", choices=("channel", "shared"),
                       help="one range for each channel or for all (channel)")  # fmt: skip
    group.add_argument("--mirror", action="store_true", help="show everything mirrored")


def _add_batch(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="processes (1)")
    both = group.add_mutually_exclusive_group()
    both.add_argument("--force", action="store_true", help="write over files that are there")
    both.add_argument("--skip-existing", action="store_true", help="leave them, and go on")
    group.add_argument("--json", action="store_true", help="print one JSON object at the end")
    group.add_argument("--quiet", action="store_true", help="print only what failed")


def _wish(options: argparse.Namespace) -> "BatchWish":
    from datetime import datetime

    from poolviewer.batch.wish import BatchWish
    from poolviewer.core.view_wish import ViewWish

    return BatchWish(
        sources=tuple(options.source),
        output=options.output,
        view=ViewWish(
            model=options.model,
            stage=options.pool,
            size=options.size,
            preprocessing=options.preprocess,
            device=options.device,
        ),
        moment=datetime.now().astimezone(),
        ending=options.format or "",
        channels=options.channel,
        pins=tuple(dict.fromkeys(options.pin)),
        frames=options.frames,
        look=_look(options),
        jobs=options.jobs,
        is_forced=options.force,
        skips_existing=options.skip_existing,
    )


def _look(options: argparse.Namespace) -> "Look":
    from poolviewer.batch.wish import Look
    from poolviewer.core.export_choices import FileOptions

    return Look(
        theme=options.theme,
        scale=_usual_scale(options.output) if options.scale is None else options.scale,
        spec=_spec(options),
        colours=options.colours,
        levels=options.levels,
        is_mirrored=options.mirror,
        overlay=options.overlay,
        numbers=FileOptions(options.quality, extent=options.extent, map_name=options.map),
    )


def _usual_scale(output: str) -> float:
    """Return the scale of a picture, or of an animation; a WebP is taken for a picture."""
    from poolviewer.core.recording import kind_of

    return 1.0 if kind_of(output) in ("mp4", "gif", "apng") else 2.0


def _spec(options: argparse.Namespace) -> "FigureSpec":
    from poolviewer.core import figure_spec

    usual = figure_spec.FigureSpec()
    parts = usual.parts
    if options.parts is not None:
        parts = tuple(part.strip() for part in options.parts.split(",") if part.strip())
    if parts and options.overlay and "laboratory" not in parts:
        parts += ("laboratory",)  # or the overlay that was asked for would not be seen
    return figure_spec.FigureSpec(
        parts=parts,
        title=usual.title if options.title is None else options.title,
        caption=usual.caption if options.caption is None else options.caption,
        text_scale=options.text_scale,
        layout=options.layout,
        width=usual.width if options.width is None else options.width,
        height=usual.height if options.height is None else options.height,
    )


def _jobs(text: str) -> int:
    jobs = whole_number(text)
    if not 1 <= jobs <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is out of range: 1 to {MOST_JOBS} processes")
    return jobs


def _quality(text: str) -> int:
    quality = whole_number(text)
    if not 1 <= quality <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is out of range: 1 to 100")
    return quality


def _read(parse: Callable[[str], _Value]) -> Callable[[str], _Value]:
    """Let argparse say the sentence of a value's own parser."""

    def read(text: str) -> _Value:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read
