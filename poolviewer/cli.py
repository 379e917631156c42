"""The command line; it starts in milliseconds and imports nothing heavy until it must."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from poolviewer import __version__
from poolviewer.cli_endings import BROKEN_PIPE_EXIT, explained_output
from poolviewer.cli_options import (
    USAGE_EXIT,
    Parser,
    add_size_option,
    add_view_options,
    is_model_name,
    seconds,
    whole_number,
)
from poolviewer.core.errors import ModelUnchecked, PoolViewerError

if TYPE_CHECKING:
    from poolviewer.core.view_wish import ViewWish

UNCHECKED_EXIT = 3
EPILOG = """\
SOURCE is a picture, a folder, a video, the address of a stream, a camera (camera:0, or with a
size and a rate camera:0,1280x720,30fps) or a moving pattern (synthetic:30); without one, the
sample opens. Further commands: "poolviewer export SOURCE -o OUT" saves figures or numbers
without a window, "poolviewer trace SOURCE --pin ROW,COL" follows a pooled pixel back to the
input, "poolviewer inspect" lists the network, "poolviewer bench" measures the live view; each has
its own --help.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run PoolViewer; return 0, or 2 (3 for what could not be checked) with one sentence."""
    arguments = _joined(sys.argv[1:] if argv is None else argv)
    _accept_any_text()
    try:
        with explained_output():
            return _run(arguments)
    except PoolViewerError as error:
        sys.stderr.write(f"poolviewer: {error}\n")
        could_not = isinstance(error, ModelUnchecked) and arguments[:1] == ["inspect"]
        return UNCHECKED_EXIT if could_not else USAGE_EXIT
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return BROKEN_PIPE_EXIT


def _run(arguments: list[str]) -> int:
    commands = {"export": _export, "inspect": _inspect, "bench": _bench, "trace": _trace}
    if arguments and arguments[0] in commands:
        return commands[arguments[0]](arguments[1:])
    return _window(arguments)


def _window(arguments: list[str]) -> int:
    parser = Parser("poolviewer", description="See what pooling does, live.", epilog=EPILOG,
                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="what to show")
    parser.add_argument("--version", action="version", version=f"poolviewer {__version__}")
    parser.add_argument("--self-test", action="store_true", help="run everything once and report")
    add_view_options(parser)
    options = parser.parse_args(arguments)
    from poolviewer import launching  # noqa: PLC0415

    if options.source and options.model is None and is_model_name(options.source):
        options.model, options.source = options.source, None
    is_saved = options.source is not None and _is_saved_view(options.source)
    _check_view(options, is_saved=is_saved)
    if options.self_test:
        return launching.self_test()
    return launching.open_window(_wish(options))


def _export(arguments: list[str]) -> int:
    from poolviewer import cli_export  # noqa: PLC0415

    return cli_export.export(arguments)


def _trace(arguments: list[str]) -> int:
    parser = Parser("poolviewer trace", description="Trace a pooled pixel back to the input.")
    parser.add_argument("source", metavar="SOURCE",
                        help="picture, folder, video, stream, camera:N, or a saved view, which "
                        "brings its network, channel and pin")  # fmt: skip
    parser.add_argument("--frame", type=whole_number, metavar="N", help="frame of a video, from 0")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    add_view_options(parser)
    parser.set_defaults(channel=None)
    options = parser.parse_args(arguments)
    has_channel = options.channel is not None
    options.channel = options.channel or 0
    is_saved = _is_saved_view(options.source)
    if options.pin is None and not is_saved:
        parser.error("--pin is missing, the pooled pixel to trace, as in --pin 4,7")
    _check_view(options, is_saved=is_saved)
    from poolviewer import launching  # noqa: PLC0415

    launching.check_libraries()
    from poolviewer import tracing  # noqa: PLC0415

    wish = tracing.TraceWish(_wish(options), options.frame, options.json, has_channel)
    sys.stdout.write(tracing.trace(wish))
    return 0


def _inspect(arguments: list[str]) -> int:
    parser = Parser("poolviewer inspect", description="List a network's layers and stages.")
    parser.add_argument("file", nargs="?", metavar="FILE",
                        help="a Keras model; without one, the tutorial's network")  # fmt: skip
    parser.add_argument("--model", metavar="FILE", help="the same")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    add_size_option(parser)
    options = parser.parse_args(arguments)
    path = options.file or options.model
    if options.size and not path:
        raise PoolViewerError("--size goes with a model: give its file, too.")
    if path:
        from poolviewer import launching  # noqa: PLC0415

        launching.check_libraries()
    from poolviewer import inspecting  # noqa: PLC0415

    text = inspecting.inspect(path, options.size, is_json=options.json)
    sys.stdout.write(text)
    return 0


def _bench(arguments: list[str]) -> int:
    from poolviewer.core.benchmark import NETWORKS, RATES, BenchWish  # noqa: PLC0415

    parser = Parser("poolviewer bench", description="Measure the live view on this machine.")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.add_argument("--quick", action="store_true", help="all within a minute")
    parser.add_argument("--seconds", type=seconds, default=10.0, metavar="N",
                        help="how long each case is measured (10)")  # fmt: skip
    parser.add_argument("--network", action="append", choices=NETWORKS,
                        help="measure only this one; may be given again")  # fmt: skip
    parser.add_argument("--fps", action="append", type=whole_number, choices=RATES,
                        help="frames per second; 0 is as many as are taken")  # fmt: skip
    parser.add_argument("--platform", metavar="NAME", help="Qt's platform, such as offscreen")
    parser.add_argument("--start", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.platform:
        os.environ["QT_QPA_PLATFORM"] = options.platform
    wish = BenchWish(
        networks=tuple(options.network or NETWORKS),
        rates=tuple(options.fps or RATES),
        seconds=None if options.quick else options.seconds,
        is_json=options.json,
    )
    from poolviewer import launching  # noqa: PLC0415

    return launching.bench(wish) if options.start is None else launching.time_start(options.start)


def _joined(arguments: Sequence[str]) -> list[str]:
    """Write ``--pin -1,0`` as ``--pin=-1,0``: argparse takes ``-1,0`` alone for an option.

    The same goes for ``--preprocess -1-1`` and ``--model -odd.keras``.
    """
    joined: list[str] = []
    for argument in arguments:
        before = joined[-1] if joined and argument[:1] == "-" else ""
        is_number = before in ("--pin", "--preprocess") and argument[1:2].isdigit()
        if is_number or (before == "--model" and is_model_name(argument)):
            joined[-1] = f"{before}={argument}"
        else:
            joined.append(argument)
    return joined


def _accept_any_text() -> None:
    """Write what the terminal's encoding lacks (→, odd file names) as an escape, not an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _wish(options: argparse.Namespace) -> "ViewWish":
    from poolviewer.core.view_wish import ViewWish  # noqa: PLC0415

    return ViewWish(
        source=options.source,
        model=options.model,
        stage=options.pool,
        size=options.size,
        preprocessing=options.preprocess,
        channel=options.channel,
        pin=options.pin,
        device=options.device,
    )


def _is_saved_view(source: str) -> bool:
    """Whether a source brings a network, a channel and a pin; what cannot be read is told later."""
    from poolviewer.sources.session_files import carries_session  # noqa: PLC0415

    try:
        return carries_session(Path(source))
    except (PoolViewerError, OSError, ValueError):
        return False


def _check_view(options: argparse.Namespace, *, is_saved: bool = False) -> None:
    """Refuse what the tutorial's network does not have, before anything is loaded.

    A saved view has a network of its own.
    """
    if options.model is not None:
        return
    if options.size or options.preprocess:
        raise PoolViewerError("--size and --preprocess go with a model: give one with --model.")
    if is_saved:
        return
    from poolviewer.core.network import PRESETS  # noqa: PLC0415

    stage = PRESETS["tutorial"].stage
    rows, cols = stage.pooled_shape
    if options.pool not in ("", stage.name):
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
