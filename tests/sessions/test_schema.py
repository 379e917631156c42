"""What is written is what is read: every part of every session, bit for bit."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.errors import ExportError
from poolviewer.core.geometry import Rect
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.poke import MOST_EDITS, Poke
from poolviewer.core.messages import Received
from poolviewer.core.model_info import ModelSpec
from poolviewer.sessions.experiments import PARTS
from poolviewer.sessions.parts import Part
from poolviewer.sessions.schema import VERSION, decode, encode
from poolviewer.views.laboratory.modes import MODES
from tests.sessions.cases import EXPERIMENTS, assert_same, sessions, small_session


def all_parts(part: type[Part] = Part) -> set[type[Part]]:
    found = set(part.__subclasses__())
    return found.union(*(all_parts(each) for each in found))


@settings(max_examples=150)
@given(sessions())
def test_everything_comes_back(session) -> None:
    assert_same(session, decode(encode(session), "a.poolview"))


@pytest.mark.parametrize("mode", EXPERIMENTS)
def test_every_experiment_comes_back(mode: str) -> None:
    @settings(max_examples=40)
    @given(sessions(EXPERIMENTS[mode]))
    def check(session) -> None:
        assert_same(session, decode(encode(session), "a.poolview"))

    check()


def test_every_mode_of_the_laboratory_is_covered() -> None:
    assert set(PARTS) == {mode.name for mode in MODES} == set(EXPERIMENTS)
    for mode in MODES:
        session = small_session(experiment=mode.first)
        assert decode(encode(session), "a").experiment == mode.first


@pytest.mark.parametrize("part", [p for p in all_parts() if hasattr(p, "core_type")])
def test_a_part_has_the_fields_of_what_it_stands_for(part: type[Part]) -> None:
    assert list(part.model_fields) == [each.name for each in fields(part.core_type)]


def test_numbers_of_numpy_are_written_too() -> None:
    one = replace(small_session(), channel=np.int64(1), index=np.int32(7))
    found = decode(encode(one), "a")
    assert (found.channel, found.index) == (1, 7)
    assert type(found.channel) is int


def test_as_many_edits_as_can_be_made_are_kept() -> None:
    edit = small_session().experiment.done[0]
    poke = Poke(tuple(replace(edit, by=1 / n) for n in range(1, MOST_EDITS + 1)))
    assert decode(encode(small_session(experiment=poke)), "a").experiment == poke


def test_odd_names_are_made_printable_and_short() -> None:
    session = small_session(source="a\n\u202eb\ud800" + "x" * 1000, name="c\0")
    found = decode(encode(session), "a")
    assert found.source.startswith("a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b")
    assert len(found.source) <= 256
    assert found.name == "c\N{REPLACEMENT CHARACTER}"


def test_the_text_begins_with_its_version() -> None:
    text = encode(small_session())
    assert text.startswith(b'{"poolview":%d,' % VERSION)
    assert json.loads(text)["preset"]["kernel_size"] == [1, 1]


def test_what_is_too_large_is_not_written() -> None:
    spec = InputSpec(5000, 5000, channel_order="grey")
    big = np.zeros((5000, 5000, 1), np.uint8)
    large = replace(spec, height=7200, width=7200)
    for each, pixels in ((spec, big), (large, np.zeros((7200, 7200, 1), np.uint8))):
        model = ModelSpec("m", "ab" * 32, "pool", each)
        received = Received(each, pixels, Rect(0.0, 0.0, 1.0, 1.0))
        session = small_session(network=model, received=received, experiment=None)
        if each is spec:
            found = decode(encode(session), "a")
            np.testing.assert_array_equal(found.received.pixels, pixels)
        else:
            with pytest.raises(ExportError, match="too large"):
                encode(session)


def test_what_could_not_be_read_again_is_not_written() -> None:
    for wrong in ({"channel": 2}, {"pin": Pixel(MapName.FEATURE, 2, 4)}):
        with pytest.raises(ExportError):
            encode(small_session(**wrong))


def test_a_mode_that_is_not_known_is_left_out_with_a_note() -> None:
    document = json.loads(encode(small_session()))
    document["experiment"] = {"mode": "telepathy", "settings": {"deep": [1, {"x": None}]}}
    found = decode(json.dumps(document).encode(), "a.png")
    assert found.experiment is None
    assert found.note == (
        "It was saved in a laboratory mode that is not known here (telepathy), "
        "and opens without it."
    )
    assert_same(replace(found, note=""), small_session(experiment=None))


def test_what_comes_back_cannot_be_written_to() -> None:
    found = decode(encode(small_session()), "a")
    assert not found.picture.flags.writeable
    assert not found.received.pixels.flags.writeable
    assert isinstance(found.experiment, Experiment)
