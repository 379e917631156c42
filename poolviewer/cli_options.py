"""What the commands of the command line share: their parser, options, and the types of values."""

import argparse
from typing import NoReturn

USAGE_EXIT = 2
MODEL_ENDINGS = (".keras", ".h5", ".hdf5")


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without repeating the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_EXIT, f"{self.prog}: {message}: try {self.prog} --help.\n")


def add_view_options(parser: argparse.ArgumentParser) -> None:
    """Add what says which network is shown, and which part of it."""
    add_network_options(parser)
    parser.add_argument("--channel", type=whole_number, default=0, metavar="N",
                        help="channel to show, from 0")  # fmt: skip
    parser.add_argument("--pin", type=pixel, metavar="ROW,COL", help="pooled pixel to pin")


def add_network_options(parser: argparse.ArgumentParser) -> None:
    """Add what says which network runs, and on what."""
    parser.add_argument("--model", metavar="FILE", help="a Keras model: .keras or HDF5")
    parser.add_argument("--pool", metavar="LAYER", default="", help="name of the pooling layer")
    from poolviewer.core.input_spec import SHORT_NAMES  # noqa: PLC0415

    parser.add_argument("--preprocess", metavar="NAME", choices=SHORT_NAMES,
                        help="what the model gets: " + ", ".join(SHORT_NAMES))  # fmt: skip
    add_size_option(parser)
    parser.add_argument("--device", type=device, metavar="NAME",
                        help="what runs the network: auto, cpu or gpu:N")  # fmt: skip


def add_size_option(parser: argparse.ArgumentParser) -> None:
    """Add the size of a model's input."""
    parser.add_argument("--size", type=shape, metavar="ROWSxCOLS",
                        help="size of the model's input, where it is open; xCHANNELS may "
                        "follow")  # fmt: skip


def is_model_name(text: str) -> bool:
    """Whether a name is that of a model's file."""
    return text.rstrip("/").lower().endswith(MODEL_ENDINGS)


def pixel(text: str) -> tuple[int, int]:
    """Read ``ROW,COL``."""
    try:
        row, col = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no pixel: write ROW,COL, as in 4,7"
        ) from None
    return row, col


def device(text: str) -> str:
    """Read ``auto``, ``cpu`` or ``gpu:N``."""
    from poolviewer.core.device import is_device_wish  # noqa: PLC0415

    if not is_device_wish(text.lower()):
        raise argparse.ArgumentTypeError(f"{text!r} is no device: write auto, cpu or gpu:0")
    return text.lower()


def shape(text: str) -> tuple[int, ...]:
    """Read ``ROWSxCOLS`` or ``ROWSxCOLSxCHANNELS``."""
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) not in (2, 3) or not all(part.isdecimal() and int(part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write ROWSxCOLS, as in 240x320")
    return tuple(map(int, parts))


def seconds(text: str) -> float:
    """Read a number of seconds, an hour at most."""
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is out of range: 3600 seconds at most")
    return seconds


def whole_number(text: str) -> int:
    """Read a whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
