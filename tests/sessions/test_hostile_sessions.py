"""Hostile sessions: one sentence each, never anything but a refusal or a sound session."""

import base64
import json
import os
import random
import subprocess
import sys
import zlib
from functools import reduce
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.annotation import Pixel
from poolviewer.core.errors import SessionRefused
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.network import NetworkSpec, problems
from poolviewer.core.session import Session
from poolviewer.sessions import first_look
from poolviewer.sessions.parts import InputPart
from poolviewer.sessions.pixels import pack
from poolviewer.sessions.schema import decode, encode
from tests.sessions.cases import small_session

SOUND = encode(small_session())
DAMAGED = "a.png carries a saved view that is damaged: save it again."
UNKNOWN = "a.png carries no saved view of a format that is known: save it again."
BIDI = "safe\u202egnp.exe"
EDIT = {"map_name": "input", "row": 1, "col": 2, "channel": None, "by": 0.5}


def spoilt(path: str, value) -> bytes:
    """Return the small session with another value at a place, such as ``preset.input.mean``."""
    document = json.loads(SOUND)
    *way, last = path.split(".")
    reduce(lambda part, key: part[key], way, document)[last] = value
    return json.dumps(document).encode()


def without(path: str) -> bytes:
    document = json.loads(SOUND)
    *way, last = path.split(".")
    del reduce(lambda part, key: part[key], way, document)[last]
    return json.dumps(document).encode()


def deflated(size: int) -> str:
    packer, block = zlib.compressobj(9), bytes(2**20)
    packed = [packer.compress(block) for _ in range(size // 2**20)]
    packed += [packer.compress(bytes(size % 2**20)), packer.flush()]
    return base64.b64encode(b"".join(packed)).decode()


def poke(edits: list) -> dict:
    return {"mode": "poke", "settings": {"done": edits, "undone": [], "channel": None}}


def unknown(value) -> dict:
    return {"mode": "other", "settings": {"a": value}}


def model(**others) -> dict:
    spec = json.loads(SOUND)["preset"]["input"]
    values = {"name": "m.keras", "digest": "ab" * 32, "stage": "pool", "input": spec}
    return values | {"most_pixels": 0, "seed": None} | others


PATHS = [
    f"{part}.{each}" if part else each
    for part, fields in {
        "": json.loads(SOUND),
        "source": json.loads(SOUND)["source"],
        "picture": json.loads(SOUND)["picture"],
        "received": json.loads(SOUND)["received"],
        "received.placement": json.loads(SOUND)["received"]["placement"],
        "preset": json.loads(SOUND)["preset"],
        "preset.input": json.loads(SOUND)["preset"]["input"],
        "pin": json.loads(SOUND)["pin"],
        "display": json.loads(SOUND)["display"],
        "display.room": json.loads(SOUND)["display"]["room"],
        "experiment": json.loads(SOUND)["experiment"],
        "experiment.settings": json.loads(SOUND)["experiment"]["settings"],
    }.items()
    for each in fields
]
HOSTILE = {
    "nothing": b"",
    "no object": b"[]",
    "a number": b"1",
    "an empty object": (b"{}", UNKNOWN),
    "deep nesting": b'{"poolview":1,"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"poolview":' * 10_000,
    "a key twice": SOUND.replace(b'"channel":1', b'"channel":0,"channel":1', 1),
    "a key twice inside": SOUND.replace(b'"row":2', b'"row":0,"row":2', 1),
    "NaN": SOUND.replace(b'"by":0.1', b'"by":NaN'),
    "infinity": SOUND.replace(b'"by":0.1', b'"by":Infinity'),
    "an infinite number": SOUND.replace(b'"by":0.1', b'"by":1e999'),
    "a huge number": SOUND.replace(b'"by":0.1', b'"by":' + b"9" * 100_000),
    "a huge whole number": SOUND.replace(b'"seed":0', b'"seed":' + b"9" * 5000),
    "a comment": SOUND + b"// no",
    "a byte order mark": b"\xef\xbb\xbf" + SOUND,
    "UTF-16": SOUND.decode().encode("utf-16"),
    "no UTF-8": SOUND.replace(b"cat", b"c\xe9t"),
    "half a character": SOUND.replace(b"cat", b"\\ud800"),
    "a control character": SOUND.replace(b"cat", b"a\\u0000b"),
    "a bidi name": spoilt("source.name", BIDI),
    "a long name": spoilt("source.name", "a" * 257),
    "an odd model name": spoilt("model", model(name="a\nb")),
    "two networks": spoilt("model", model()),
    "no network": spoilt("preset", None),
    "a digest that is a path": spoilt("model", model(digest="../../etc/passwd")),
    "another field": spoilt("callback", "os.system"),
    "another field inside": spoilt("preset.input.path", "/etc/passwd"),
    "another setting": spoilt("experiment.settings.path", "/etc/passwd"),
    "a word for a number": spoilt("channel", "1"),
    "a truth for a number": spoilt("channel", True),
    "a fraction for a number": spoilt("channel", 1.0),
    "a channel that is not there": spoilt("channel", 2),
    "a negative channel": spoilt("channel", -1),
    "a pin that is not there": spoilt("pin.row", 3),
    "a pin beside the map": spoilt("pin.col", 6),
    "a mode with a long name": spoilt("experiment.mode", "a" * 33),
    "a huge input": spoilt("preset.input.height", 10**9),
    "another input than was received": spoilt("preset.input.height", 4),
    "many channels": spoilt("preset.input.channels", 65537),
    "a deviation of 0": spoilt("preset.input.deviation", [0.0]),
    "means without end": spoilt("preset.input.mean", [0.5] * 10_000),
    "a network of a terabyte": spoilt("preset.filters", 65536),
    "a window larger than the map": spoilt("preset.pool_size", [9, 9]),
    "steps of 0": spoilt("preset.strides", [0, 1]),
    "sizes of three": spoilt("preset.kernel_size", [1, 1, 1]),
    "an order of colours that is not known": spoilt("preset.input.channel_order", "cmyk"),
    "a placement without size": spoilt("received.placement.right", 0.0),
    "a placement at the end of the world": spoilt("received.placement.left", -1e300),
    "a picture of another shape": spoilt("picture.shape", [6, 6, 3]),
    "a picture of no shape": spoilt("picture.shape", [0, 6, 3]),
    "a grey picture": spoilt("picture", {"shape": [5, 6, 1], "zlib": deflated(30)}),
    "a picture of a gigapixel": spoilt("picture", {"shape": [65536, 65536, 3], "zlib": "eA=="}),
    "a picture of two megapixels": spoilt(
        "picture", {"shape": [2048, 1024, 3], "zlib": deflated(2048 * 1024 * 3)}
    ),
    "a bomb of a picture": spoilt("picture.zlib", deflated(2**30)),
    "one byte too many": spoilt("picture.zlib", deflated(5 * 6 * 3 + 1)),
    "one byte too few": spoilt("picture.zlib", deflated(5 * 6 * 3 - 1)),
    "no base64": spoilt("picture.zlib", "?" * 40),
    "base64 with spaces": spoilt("picture.zlib", pack(small_session().picture) + " "),
    "no zlib": spoilt("picture.zlib", base64.b64encode(bytes(90)).decode()),
    "zlib without its end": spoilt(
        "picture.zlib",
        base64.b64encode(base64.b64decode(pack(small_session().picture))[:-4]).decode(),
    ),
    "zlib with more behind it": spoilt(
        "picture.zlib", base64.b64encode(zlib.compress(bytes(90)) + b"more").decode()
    ),
    "301 edits": spoilt("experiment", poke([EDIT] * 301)),
    "a million edits": spoilt("experiment", poke([EDIT] * 10**6)),
    "a million numbers": spoilt("experiment", {"mode": "other", "settings": {"a": [0] * 10**6}}),
    "an edit of a pooled pixel": spoilt("experiment", poke([EDIT | {"map_name": "pooled"}])),
    "an edit of a negative pixel": spoilt("experiment", poke([EDIT | {"row": -1}])),
    "an edit of all feature maps": spoilt("experiment", poke([EDIT | {"map_name": "feature"}])),
    "deep settings": spoilt("experiment", unknown(json.loads("[" * 16 + "]" * 16))),
    "settings that are no number": spoilt("experiment", unknown(float("nan"))),
    "a mode that is code": spoilt("experiment.mode", "os.system('x')"),
    "a mode without settings": spoilt("experiment", {"mode": "lost"}),
    "a room of a square kilometre": spoilt(
        "display.room", {"height": 65536, "width": 65536, "ratio": 1.0}
    ),
    "a version that is a word": (spoilt("poolview", "1"), UNKNOWN),
    "a version that is true": (spoilt("poolview", True), UNKNOWN),
    "version 0": (spoilt("poolview", 0), UNKNOWN),
    "version -1": (spoilt("poolview", -1), UNKNOWN),
    "a version without end": (spoilt("poolview", 10**100), UNKNOWN),
    "too long": b'{"poolview":1,"a":"' + b"A" * (72 * 2**20) + b'"}',
    "a long name of a key": SOUND[:-1] + b',"' + b"k" * 300_000 + b'":1}',
}


def sentence_of(data: bytes) -> str:
    with pytest.raises(SessionRefused) as caught:
        decode(data, "a.png")
    return str(caught.value)


@pytest.mark.parametrize("case", HOSTILE)
def test_refused_with_one_sentence(case: str) -> None:
    hostile = HOSTILE[case]
    data, expected = hostile if isinstance(hostile, tuple) else (hostile, DAMAGED)
    assert sentence_of(data) == expected


def test_the_small_one_is_sound() -> None:
    assert isinstance(decode(SOUND, "a"), Session)
    assert isinstance(decode(spoilt("preset.seed", 1), "a"), Session)  # as the cases are made


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "value", [None, True, -1, 10**30, 1.5, "x" * 10_000, BIDI, [], [[[]]], {}, {"a": {}}]
)
def test_any_value_anywhere(path: str, value) -> None:
    check(spoilt(path, value))


@pytest.mark.parametrize("path", PATHS)
def test_nothing_may_be_left_out(path: str) -> None:
    assert sentence_of(without(path)) == (UNKNOWN if path == "poolview" else DAMAGED)


def test_numbers_of_an_input_are_counted_before_they_are_made() -> None:
    InputPart.model_validate(InputSpec(1024, 1024, channels=64))
    for spec in (InputSpec(1024, 1024, channels=65), InputSpec(4096, 4097), InputSpec(9**6, 1)):
        with pytest.raises(ValueError):
            InputPart.model_validate(spec)


def test_the_newest_version_is_named() -> None:
    assert sentence_of(spoilt("poolview", 12)) == (
        "a.png was saved by a newer PoolViewer (format 12): update to open it."
    )
    newer = json.dumps({"poolview": 2, "all": "else", "is": ["different"]}).encode()
    assert "newer PoolViewer (format 2)" in sentence_of(newer)


def test_a_text_is_bounded_by_its_length_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_look, "MOST_BYTES", len(SOUND))
    decode(SOUND, "a.png")
    assert sentence_of(SOUND + b" ") == DAMAGED


def test_cut_off_at_every_byte() -> None:
    for length in range(len(SOUND)):
        with pytest.raises(SessionRefused):
            decode(SOUND[:length], "a.png")


@pytest.mark.parametrize("seed", range(8))
def test_changed_bytes(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(500):
        data = bytearray(SOUND)
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(data))
            kind = rng.randrange(4)
            if kind == 0:
                data[place] = rng.randrange(256)
            elif kind == 1:
                del data[place : place + rng.randint(1, 20)]
            elif kind == 2:
                data[place:place] = rng.choice((b"9" * 30, b"[", b"{", b'"', b"-", b"e9", b"null,"))
            else:
                other = rng.randrange(len(SOUND))
                data[place:place] = SOUND[other : other + rng.randint(1, 60)]
        check(bytes(data))


def check(data: bytes) -> None:
    """A session is refused, or everything in it may be used."""
    try:
        session = decode(data, "a.png")
    except SessionRefused:
        return
    rows, cols, channels = session.picture.shape
    assert channels == 3
    assert rows * cols <= 2**20
    spec = session.network.input
    assert session.received.pixels.shape == (spec.height, spec.width, len(spec.order_names))
    assert session.source.isprintable()
    assert session.name.isprintable()
    assert np.isfinite(spec.mean).all()
    if isinstance(session.network, NetworkSpec):
        assert not problems(session.network)
        assert 0 <= session.channel < session.network.filters
    assert session.pin is None or isinstance(session.pin, Pixel)


PEAK = """
import resource, sys
from pathlib import Path
from poolviewer.core.errors import SessionRefused
from poolviewer.sessions.schema import decode
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
for path in Path(sys.argv[1]).iterdir():
    try:
        decode(path.read_bytes(), "a")
    except SessionRefused:
        pass
print(peak() - before)
"""


def test_memory_is_bounded(tmp_path: Path) -> None:
    for number, hostile in enumerate(HOSTILE.values()):
        data = hostile[0] if isinstance(hostile, tuple) else hostile
        (tmp_path / str(number)).write_bytes(data)
    result = subprocess.run(
        [sys.executable, "-c", PEAK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert int(result.stdout) < 300 * 1024  # KB; the largest text alone is 100 MB
