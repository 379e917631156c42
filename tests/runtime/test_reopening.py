"""A saved view gives the same maps again, bit for bit, even where an experiment changed them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.input_spec import PREPROCESSINGS, InputSpec, with_preprocessing
from poolviewer.core.laboratory.experiment import Inquiry
from poolviewer.core.laboratory.gradient import Backpropagation
from poolviewer.core.laboratory.poke import Poke
from poolviewer.core.laboratory.poking import Edit
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.laboratory.shift import Shift
from poolviewer.core.view_state import ViewState
from poolviewer.export.request import figure_request
from poolviewer.export.session import session_of
from poolviewer.model.engine import KerasEngine
from poolviewer.sessions.schema import decode, encode
from poolviewer.sources.session import SessionSource
from tests.runtime.test_inference import SMALL, frame_of, run

__all__ = ["run"]  # a fixture
POKE = Poke(
    (
        Edit(MapName.INPUT, 3, 4, None, 0.1 + 0.2),
        Edit(MapName.INPUT, 2, 5, 1, -77.7),
        Edit(MapName.FEATURE, 1, 1, 0, 1e3 / 7),
    )
)
TORCH = replace(
    SMALL,
    input=with_preprocessing(
        InputSpec(8, 9, fit="letterbox"), PREPROCESSINGS["ImageNet mean and deviation (torch)"]
    ),
)
MAPS = ("feature_maps", "pooled_maps")


@pytest.mark.parametrize("network", [SMALL, TORCH])
@pytest.mark.parametrize("experiment", [None, POKE, Shift(2, -1), Shift(0, 0), Backpropagation()])
def test_the_same_maps_bit_for_bit(run, network, experiment) -> None:
    pixel = Pixel(MapName.POOLED, 1, 2)
    inquiry = Inquiry(experiment, 1, pixel)
    with run(KerasEngine) as it:
        first = it.do(frame=frame_of(5), network=(network, 1), inquiry=inquiry)
        state = ViewState(rendering=first, channel=1, pinned=pixel, experiment=experiment)
        session = decode(encode(session_of(figure_request(state, "light"))), "a.png")
        frame = replace(SessionSource(Path("a.png"), session).read(), generation=2)
        again = it.do(
            frame=frame,
            network=(session.network, 2),
            inquiry=Inquiry(session.experiment, session.channel, session.pin),
        )
    is_altered = experiment in (POKE, Shift(2, -1))
    assert (first.finding is not None and first.finding.altered is not None) == is_altered
    for name in MAPS:
        np.testing.assert_array_equal(
            getattr(again.activations, name), getattr(first.activations, name)
        )
    for name in ("values", "pixels"):
        np.testing.assert_array_equal(getattr(again.pristine, name), getattr(first.pristine, name))
        np.testing.assert_array_equal(
            getattr(again.activations.prepared, name), getattr(first.activations.prepared, name)
        )
    assert again.activations.prepared.placement == first.activations.prepared.placement


def test_an_answered_question_stays_answered(run) -> None:
    with run(KerasEngine) as it:
        asked = it.do(frame=frame_of(5), network=(SMALL, 1), inquiry=Inquiry(Predict(), 1))
        place = asked.finding.details.window.row_start, asked.finding.details.window.col_start
        answered = asked.finding.experiment.clicked(Pixel(MapName.FEATURE, *place), asked.finding)
        first = it.do(inquiry=Inquiry(answered, 1))
        state = ViewState(rendering=first, channel=1, experiment=answered)
        session = decode(encode(session_of(figure_request(state, "light"))), "a.png")
        frame = replace(SessionSource(Path("a.png"), session).read(), generation=7, index=3)
        again = it.do(
            frame=frame, network=(session.network, 2), inquiry=Inquiry(session.experiment, 1)
        )
    assert again.finding.sentences == first.finding.sentences
    assert again.finding.traced == first.finding.traced is not None
