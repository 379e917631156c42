"""Sessions of every kind: drawn, and one small sound one to be spoilt."""

from dataclasses import fields, is_dataclass

import numpy as np
from hypothesis import strategies as st

from poolviewer.core.annotation import MapName, Pixel, geometry_of
from poolviewer.core.display import COLOUR_MAP_NAMES, DisplaySpec
from poolviewer.core.geometry import PixelBox, Rect
from poolviewer.core.input_spec import GREY_PREPROCESSINGS, PREPROCESSINGS, InputSpec
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.laboratory.lost import Lost
from poolviewer.core.laboratory.poke import Poke
from poolviewer.core.laboratory.poking import Edit
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.laboratory.questions import Score, Verdict
from poolviewer.core.laboratory.shift import Shift
from poolviewer.core.laboratory.stepping import Stepping
from poolviewer.core.messages import Received
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.network import ACTIVATIONS, NetworkSpec, problems
from poolviewer.core.ordering import TILE_ORDERS
from poolviewer.core.session import Session
from poolviewer.core.tiles import Room

KINDS = ("picture", "folder", "video", "stream", "camera", "synthetic")
NAMES = st.text(st.characters(categories=("L", "N", "P")), max_size=40)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def pixels_of(rng, *shape):
    return rng.integers(0, 256, shape, np.uint8)


@st.composite
def input_specs(draw):
    """Every fit and preprocessing, and means and deviations of a person's own."""
    preset = draw(st.sampled_from([*PREPROCESSINGS.values(), *GREY_PREPROCESSINGS.values()]))
    own = draw(st.booleans())
    count = 1 if preset.channel_order == "grey" else 3
    lengths = st.sampled_from((0, 1, count))
    means = tuple(draw(FINITE) for _ in range(draw(lengths))) if own else preset.mean
    nonzero = FINITE.filter(bool)
    deviations = tuple(draw(nonzero) for _ in range(draw(lengths))) if own else preset.deviation
    return InputSpec(
        draw(st.integers(1, 24)),
        draw(st.integers(1, 24)),
        preset.channel_order,
        preset.scaling,
        draw(st.sampled_from(("stretch", "crop", "letterbox"))),
        draw(st.none() | st.integers(1, 5)),
        means,
        deviations,
        draw(st.booleans()),
    )


PADDINGS = st.sampled_from(("valid", "same"))
SIDES = st.tuples(st.integers(1, 6), st.integers(1, 6))
presets = st.builds(
    NetworkSpec,
    input_specs(),
    st.integers(1, 64),
    SIDES,
    SIDES,
    PADDINGS,
    st.sampled_from(ACTIVATIONS),
    st.sampled_from(("max", "average")),
    SIDES,
    SIDES,
    PADDINGS,
    st.integers(0, 2**32 - 1),
).filter(lambda spec: not problems(spec))
models = st.builds(
    ModelSpec,
    NAMES,
    st.binary(min_size=32, max_size=32).map(bytes.hex),
    st.text(st.characters(codec="utf-8"), max_size=30),
    input_specs(),
    st.integers(0, 2**40),
    st.none() | st.integers(0, 2**32 - 1),
)
PLACES = st.tuples(st.integers(0, 99), st.integers(0, 99))
edits = st.builds(
    Edit, st.just(MapName.INPUT), st.integers(0, 99), st.integers(0, 99),
    st.none() | st.integers(0, 4), FINITE,
) | st.builds(
    Edit, st.just(MapName.FEATURE), st.integers(0, 99), st.integers(0, 99),
    st.integers(0, 511), FINITE,
)  # fmt: skip
EDITS = st.lists(edits, max_size=6).map(tuple)
counts = st.integers(0, 10**6)
verdicts = st.builds(
    Verdict, PLACES, PLACES, st.booleans(), counts, st.lists(counts, max_size=4).map(tuple)
)
boxes = st.builds(PixelBox, *[st.integers(-5, 99)] * 4)
EXPERIMENTS = {
    "lost": st.builds(
        Lost, st.sampled_from(("losers", "offsets", "margin", "nothing")), st.booleans()
    ),
    "compare": st.builds(
        Compare, st.sampled_from((None, "max", "average", "first")), st.none() | SIDES,
        st.none() | SIDES, st.none() | PADDINGS,
    ),
    "shift": st.builds(Shift, st.integers(-4, 4), st.integers(-4, 4), st.booleans()),
    "stepping": st.builds(
        Stepping, st.sampled_from(("pooling", "convolution")), counts, st.none() | boxes
    ),
    "gradient": st.builds(
        Backpropagation, st.booleans(), st.sampled_from(("sum", "largest")) | st.integers(0, 9)
    ),
    "poke": st.builds(Poke, EDITS, EDITS, st.none() | st.integers(0, 9)),
    "predict": st.builds(
        Predict, st.sampled_from(("easy", "hard")), st.booleans(), counts, counts,
        st.none() | PLACES, st.booleans(), st.none() | verdicts,
        st.builds(Score, counts, counts, counts), st.booleans(),
    ),
}  # fmt: skip
displays = st.builds(
    DisplaySpec,
    st.sampled_from(COLOUR_MAP_NAMES),
    st.sampled_from(("channel", "shared")),
    st.booleans(),
    st.sampled_from(TILE_ORDERS),
    st.integers(0, 2000),
    st.builds(Room, st.integers(0, 3000), st.integers(0, 4000), st.sampled_from((1.0, 1.5, 2.0))),
)


@st.composite
def sessions(draw, experiments=None):
    """Draw a session; its pins lie on any of the three maps."""
    network = draw(presets | models)
    spec = network.input
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    pixels = pixels_of(rng, spec.height, spec.width, len(spec.order_names))
    top, left = draw(st.floats(-1e6, 1e6)), draw(st.floats(-1e6, 1e6))
    channels = network.filters if isinstance(network, NetworkSpec) else 512
    return Session(
        draw(NAMES),
        draw(st.sampled_from(KINDS)),
        pixels_of(rng, draw(st.integers(1, 20)), draw(st.integers(1, 20)), 3),
        Received(spec, pixels, Rect(top, left, top + 5.25, left + 1 / 3)),
        network,
        draw(counts),
        draw(NAMES),
        draw(st.integers(0, channels - 1)),
        draw(st.none() | pins(network)),
        draw(displays),
        draw(st.none() | st.one_of(*EXPERIMENTS.values()) if experiments is None else experiments),
    )


@st.composite
def pins(draw, network):
    name = draw(st.sampled_from(MapName))
    is_preset = isinstance(network, NetworkSpec)
    rows, cols = geometry_of(network.stage, name).shape if is_preset else (99, 99)
    return Pixel(name, draw(st.integers(0, rows - 1)), draw(st.integers(0, cols - 1)))


def small_session(**others):
    """Return a session of a network of 3×4 pixels."""
    rng = np.random.default_rng(7)
    network = NetworkSpec(InputSpec(3, 4), filters=2, kernel_size=(1, 1), pool_size=(1, 1))
    values = {
        "source": "cat.png",
        "kind": "picture",
        "picture": pixels_of(rng, 5, 6, 3),
        "received": Received(network.input, pixels_of(rng, 3, 4, 3), Rect(0.0, 0.0, 3.0, 4.0)),
        "network": network,
        "channel": 1,
        "pin": Pixel(MapName.FEATURE, 2, 3),
        "experiment": Poke((Edit(MapName.INPUT, 1, 2, None, 0.1),)),
    }
    return Session(**(values | others))


def assert_same(one, other):
    """Compare sessions in every part, numbers bit for bit."""
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    elif isinstance(one, Session | Received):
        for each in fields(one):
            assert_same(getattr(one, each.name), getattr(other, each.name))
    else:
        assert type(one) is type(other)
        assert one == other
        assert not is_dataclass(one) or repr(one) == repr(other)  # -0.0 is not 0.0
