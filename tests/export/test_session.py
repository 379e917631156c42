"""The session of a figure: what is kept of a picture, and of maps that were changed by hand."""

from dataclasses import replace

import numpy as np
import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.laboratory.experiment import Finding
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.placement import sized
from poolviewer.core.session import MOST_PICTURE_PIXELS
from poolviewer.export.request import FigureRequest
from poolviewer.export.session import reduced, session_of
from poolviewer.sessions.schema import decode, encode
from poolviewer.sources.session import SessionSource
from tests.export.cases import POOLED, activations_of, network, request_of
from tests.sessions.cases import assert_same


def test_a_picture_of_one_megapixel_is_kept_whole() -> None:
    picture = np.zeros((1024, 1024, 3), np.uint8)
    assert reduced(picture) is picture


@pytest.mark.parametrize("shape", [(1025, 1024), (3000, 2000), (1, 3_000_000), (3_000_000, 1)])
def test_a_larger_one_is_reduced_in_proportion(shape: tuple[int, int]) -> None:
    rows = np.linspace(0, 255, shape[0]).astype(np.uint8)[:, None]
    cols = np.linspace(0, 255, shape[1]).astype(np.uint8)[None]
    picture = np.stack(np.broadcast_arrays(rows, cols, np.uint8(77)), axis=-1)
    small = reduced(picture)
    assert small.dtype == np.uint8
    assert 0.9 * MOST_PICTURE_PIXELS < small.shape[0] * small.shape[1] <= MOST_PICTURE_PIXELS
    for channel, axis in ((0, 0), (1, 1)):  # each still rises from edge to edge
        line = small[:, 0, 0] if axis == 0 else small[0, :, 1]
        expected = np.linspace(0, 255, len(line)) if len(line) > 1 else line
        assert np.abs(line.astype(float) - expected).max() <= 2, channel
    assert (small[:, :, 2] == 77).all()


def test_a_reduced_pixel_is_the_mean_of_those_in_its_place() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (3072, 3072, 3), np.uint8)
    sums = picture.reshape(1024, 3, 1024, 3, 3).sum((1, 3))
    np.testing.assert_array_equal(reduced(picture), (sums + 4) // 9)


def test_a_network_of_the_pictures_size_keeps_the_size_that_it_ran_at() -> None:
    spec = InputSpec(60, 50, is_own_size=True)
    model = ModelSpec("m.keras", "ab" * 32, "pool", spec, 3000)
    activations = activations_of(network(60, 50))
    for shape, is_own_size in (((60, 50), True), ((1200, 1000), False)):
        frame = replace(activations.frame, picture=np.zeros((*shape, 3), np.uint8))
        request = FigureRequest(replace(activations, frame=frame, network=model))
        session = session_of(request)
        assert session.network.input.is_own_size == is_own_size
        assert session.received.spec == session.network.input
        assert sized(session.network, session.picture.shape[:2]) == session.network
        assert_same(session, decode(encode(session), "a"))


def test_a_hovered_pixel_is_saved_as_the_pin() -> None:
    assert session_of(request_of(is_pinned=False)).pin == POOLED


def test_the_pixel_of_an_experiment_is_not_saved_as_the_persons() -> None:
    own = Pixel(MapName.POOLED, 1, 1)
    finding = Finding(Predict(), 1, traced=POOLED)
    assert session_of(request_of(finding=finding, person_pixel=own)).pin == own
    assert session_of(request_of(finding=finding)).pin is None


def test_what_the_network_received_before_an_experiment_is_kept() -> None:
    pristine = activations_of(seed=1).prepared
    session = session_of(request_of(activations_of(seed=2), pristine=pristine))
    assert session.received.pixels is pristine.pixels
    assert session.received.placement == pristine.placement


def test_the_picture_of_a_source_is_that_of_the_session(tmp_path) -> None:
    session = decode(encode(session_of(request_of())), "a.png")
    source = SessionSource(tmp_path / "a.png", replace(session, note="Something is missing."))
    frame = source.read()
    assert source.info.remark == "Something is missing."
    np.testing.assert_array_equal(frame.picture, session.picture)
    assert frame.received is session.received
