"""What is remembered of models, and that nonsense in the settings is nothing."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QSettings

from poolviewer.core.budget import default_budget
from poolviewer.core.camera_format import AS_DELIVERED, CameraFormat
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.recording import RecordingChoices
from poolviewer.runtime.networks import MOST_RECENT
from poolviewer.settings import MOST_INPUTS, Settings
from tests.infos import TORCH


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.ini"


@pytest.fixture
def settings(path):
    return Settings(path)


@pytest.fixture
def write(path):
    """Write one value as another program might, and return settings that read it."""

    def write(key, value):
        store = QSettings(str(path), QSettings.Format.IniFormat)
        store.setValue(key, value)
        store.sync()
        return Settings(path)

    return write


@pytest.mark.parametrize(
    "spec",
    [
        InputSpec(),
        TORCH,
        InputSpec(8192, 1, "grey", "-1-1", "letterbox", 4096, (0.5,), (-2.0,), True),
    ],
)
def test_an_input_is_remembered_for_its_model(settings, path, spec):
    settings.remember_input("d1", spec)
    settings.remember_input("d2", InputSpec(5, 5))
    assert settings.input_of("d1") == spec
    assert settings.input_of("other") is None
    del settings
    assert Settings(path).input_of("d1") == spec


def test_a_camera_format_is_remembered(settings, path):
    assert settings.camera_format == AS_DELIVERED
    settings.camera_format = CameraFormat(1280, 720, 30)
    del settings
    assert Settings(path).camera_format == CameraFormat(1280, 720, 30)


@pytest.mark.parametrize("nonsense", ["[1,2,3]", "[640,480]", '["a",0,0]', "7", "[true,0,0]", "x"])
def test_a_camera_format_of_nonsense_is_none(write, nonsense):
    assert write("camera/format", nonsense).camera_format == AS_DELIVERED


def test_the_oldest_of_very_many_inputs_are_forgotten(settings):
    for number in range(MOST_INPUTS):
        settings.remember_input(f"d{number}", TORCH)
    settings.remember_input("d0", replace(TORCH, fit="crop"))
    settings.remember_input("new", TORCH)
    assert settings.input_of("d0").fit == "crop"
    assert settings.input_of("d1") is None
    assert settings.input_of("d2") == TORCH


SOUND = {
    "height": 8, "width": 8, "channel_order": "rgb", "scaling": "0-1", "fit": "crop",
    "channels": 3, "mean": [1.0], "deviation": [2], "is_own_size": False,
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"height": 0}, {"height": 8193}, {"height": "8"}, {"height": 8.5}, {"height": True},
        {"width": None}, {"channels": 0}, {"channels": 4097}, {"channels": "3"},
        {"channel_order": "hsv"}, {"channel_order": ["rgb"]}, {"scaling": 1}, {"fit": None},
        {"mean": [1, 2]}, {"mean": 1.0}, {"mean": ["1"]}, {"mean": [float("nan")]},
        {"mean": [10**400]}, {"deviation": [0]}, {"deviation": [1e300]}, {"deviation": None},
        {"is_own_size": 1}, {"more": 1},
    ],
)  # fmt: skip
def test_an_input_that_makes_no_sense_is_nothing(write, changes):
    settings = write("models/inputs", json.dumps({"d1": {**SOUND, **changes}, "d2": SOUND}))
    assert settings.input_of("d1") is None
    assert settings.input_of("d2").mean == (1.0,)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"d1": 3}', '{"d1": {}}', "[" * 100_000])
def test_settings_that_make_no_sense_are_nothing(write, text):
    settings = write("models/inputs", text)
    assert settings.input_of("d1") is None
    settings.remember_input("d1", TORCH)
    assert settings.input_of("d1") == TORCH
    assert write("models/recent", text).recent_models == ()


def test_recent_models_keep_their_order(settings, path):
    assert settings.recent_models == ()
    paths = ("/tmp/ü & b.keras", "/tmp/new\nline.h5")
    settings.recent_models = paths
    del settings
    assert Settings(path).recent_models == paths


def test_of_recent_models_only_paths_are_taken(write):
    paths = ["a", 3, None, "", *map(str, range(20))]
    taken = write("models/recent", json.dumps(paths)).recent_models
    assert taken[:2] == ("a", "0")
    assert len(taken) == MOST_RECENT


def test_the_memory_limit_is_remembered(settings, path):
    assert settings.memory_limit == default_budget()
    settings.memory_limit = 3 * 2**30
    del settings
    assert Settings(path).memory_limit == 3 * 2**30


@pytest.mark.parametrize("text", ["", "-1", "1", "true", '"9"', "1e12", str(2**60)])
def test_a_memory_limit_that_makes_no_sense_is_the_usual_one(write, text):
    assert write("models/memory_limit", text).memory_limit == default_budget()


def test_how_was_recorded_is_remembered(settings, path):
    assert settings.recording == RecordingChoices()
    chosen = RecordingChoices("webp", 30, 600, 2, "films")
    settings.recording = chosen
    assert Settings(path).recording == chosen


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "avi"},
        {"kind": []},
        {"frames_per_s": 0},
        {"frames_per_s": 31},
        {"longest_s": 601},
        {"longest_s": 2.5},
        {"scale": 3},
        {"scale": True},
        {"folder": 7},
        {"more": 1},
    ],
)
def test_nonsense_about_recordings_is_the_usual(write, wrong):
    sound = {"kind": "gif", "frames_per_s": 5, "longest_s": 5, "scale": 1, "folder": ""}
    assert write("recording", json.dumps(sound)).recording == RecordingChoices("gif", 5, 5)
    assert write("recording", json.dumps({**sound, **wrong})).recording == RecordingChoices()


def test_the_device_is_remembered_and_nonsense_is_automatic(settings, path, write):
    assert settings.device == "auto"
    settings.device = "gpu:1"
    assert Settings(path).device == "gpu:1"
    assert write("device", "toaster").device == "auto"
