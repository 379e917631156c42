"""The command line; it starts in milliseconds and imports nothing heavy until it must."""

import argparse
import io
import sys
from collections.abc import Sequence
from typing import NoReturn

from poolviewer import __version__
from poolviewer.core.errors import PoolViewerError

USAGE_EXIT = 2
MODEL_LATER = (
    "Opening a model file is not possible yet, because this release shows the tutorial's network "
    "only: leave out --model."
)
EPILOG = """\
SOURCE is a picture, a folder, a video, the address of a stream, or camera:N; without one, the
sample opens. Further commands: "poolviewer export SOURCE -o OUT" saves a figure or numbers
without a window, "poolviewer inspect" lists the network; each has its own --help.
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without repeating the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_EXIT, f"{self.prog}: {message}: try {self.prog} --help.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run PoolViewer; return 0, or 2 with one sentence on the error output."""
    arguments = _joined(sys.argv[1:] if argv is None else argv)
    _accept_any_text()
    commands = {"export": _export, "inspect": _inspect}
    try:
        if arguments and arguments[0] in commands:
            return commands[arguments[0]](arguments[1:])
        return _window(arguments)
    except PoolViewerError as error:
        sys.stderr.write(f"poolviewer: {error}\n")
        return USAGE_EXIT
    except KeyboardInterrupt:
        return 130


def _window(arguments: list[str]) -> int:
    parser = _Parser("poolviewer", description="See what pooling does, live.", epilog=EPILOG,
                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="what to show")
    parser.add_argument("--version", action="version", version=f"poolviewer {__version__}")
    parser.add_argument("--self-test", action="store_true", help="run everything once and report")
    _add_view_options(parser)
    options = parser.parse_args(arguments)
    from poolviewer import launching  # noqa: PLC0415

    _check_view(options)
    if options.self_test:
        return launching.self_test()
    return launching.open_window(options.source, options.channel, options.pin)


def _export(arguments: list[str]) -> int:
    parser = _Parser("poolviewer export", description="Save the annotated figure or the numbers.")
    parser.add_argument("source", metavar="SOURCE", help="picture, folder, video, stream, camera:N")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="a .png or .npz file")
    parser.add_argument("--frame", type=_whole_number, metavar="N", help="frame of a video, from 0")
    parser.add_argument("--scale", type=float, default=2.0, metavar="K",
                        help="sharpness of the figure: 1 to 8 (2)")  # fmt: skip
    _add_view_options(parser)
    options = parser.parse_args(arguments)
    _check_view(options)
    from poolviewer import launching  # noqa: PLC0415

    launching.check_libraries()
    from poolviewer import headless  # noqa: PLC0415

    wish = headless.ExportWish(
        options.source, options.output, options.frame, options.channel, options.pin, options.scale
    )
    sys.stdout.write(f"{headless.export(wish)}\n")
    return 0


def _inspect(arguments: list[str]) -> int:
    parser = _Parser("poolviewer inspect", description="List a network's layers and stages.")
    parser.add_argument("model", nargs="?", metavar="FILE", help="a model file (not yet)")
    parser.add_argument("--model", dest="option", metavar="FILE", help="the same (not yet)")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    options = parser.parse_args(arguments)
    if options.model or options.option:
        raise PoolViewerError(MODEL_LATER.replace("--model", "FILE"))
    from poolviewer import launching  # noqa: PLC0415

    launching.check_libraries()
    from poolviewer import headless  # noqa: PLC0415

    sys.stdout.write(headless.inspect(is_json=options.json))
    return 0


def _joined(arguments: Sequence[str]) -> list[str]:
    """Write ``--pin -1,0`` as ``--pin=-1,0``: argparse takes ``-1,0`` alone for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] == "--pin" and argument[:1] == "-" and argument[1:2].isdigit():
            joined[-1] = f"--pin={argument}"
        else:
            joined.append(argument)
    return joined


def _accept_any_text() -> None:
    """Write what the terminal's encoding lacks (→, odd file names) as an escape, not an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _add_view_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="FILE", help="a Keras model (not yet)")
    parser.add_argument("--pool", metavar="LAYER", help="name of the pooling layer")
    parser.add_argument("--channel", type=_whole_number, default=0, metavar="N",
                        help="channel to show, from 0")  # fmt: skip
    parser.add_argument("--pin", type=_pixel, metavar="ROW,COL", help="pooled pixel to pin")


def _check_view(options: argparse.Namespace) -> None:
    """Refuse what the network does not have, before anything is loaded."""
    if options.model:
        raise PoolViewerError(MODEL_LATER)
    from poolviewer.core.network import PRESETS  # noqa: PLC0415

    stage = PRESETS["tutorial"].stage
    rows, cols = stage.pooled_shape
    if options.pool not in (None, stage.name):
        raise PoolViewerError(f"There is no pooling layer {options.pool}: choose {stage.name}.")
    if not 0 <= options.channel < stage.channels:
        raise PoolViewerError(
            f"There is no channel {options.channel}: choose 0 to {stage.channels - 1}."
        )
    if options.pin and not (0 <= options.pin[0] < rows and 0 <= options.pin[1] < cols):
        raise PoolViewerError(
            f"There is no pooled pixel {options.pin[0]},{options.pin[1]}: "
            f"choose 0,0 to {rows - 1},{cols - 1}."
        )


def _pixel(text: str) -> tuple[int, int]:
    try:
        row, col = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no pixel: write ROW,COL, as in 4,7"
        ) from None
    return row, col


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
