"""The network runs on the device that was chosen.

Two logical devices of TensorFlow on one processor are as apart as two graphics cards; they must be
made before anything runs, so each test has a process of its own.
"""

import subprocess
import sys
from pathlib import Path

import tensorflow as tf

from poolviewer.core.device import CPU
from poolviewer.model.devices import path_of, present_devices, start_devices, trouble
from poolviewer.model.engine import KerasEngine

ROOT = Path(__file__).parents[2]
TWO_DEVICES = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
import numpy as np
from poolviewer.core.network import NetworkSpec
from poolviewer.model.picture_input import PictureInput
from poolviewer.model.runner import Runner
from poolviewer.model.tutorial import build_model
from tests.model.cases import noise_frame
from poolviewer.sources.prepare import prepare

spec, frame, sums = NetworkSpec(), noise_frame(), []
prepared = prepare(frame, spec.input)
model = build_model(spec)  # its weights lie on the first device
for device in ("/CPU:0", "/CPU:1"):
    runner = Runner(model, spec.stage.name, PictureInput(32, 32, 3), (32, 32, 3), device=device)
    places = {op.device[-5:] for op in runner._call.graph.get_operations() if op.type == "Conv2D"}
    assert places == {device[1:]}, places
    made = runner.run(frame, prepared, spec, spec.stage, 1)
    sums.append((made.feature_maps.copy(), made.pooled_maps.copy()))
for first, second in zip(*sums):
    np.testing.assert_array_equal(first, second)
print("both")
"""
BROKEN_CARD = """
import tensorflow as tf
real, card = tf.config.list_physical_devices, tf.config.PhysicalDevice("/physical_device:GPU:0", "GPU")
tf.config.list_physical_devices = lambda kind=None: [card] if kind == "GPU" else real(kind)
from poolviewer.model.devices import UNUSABLE, present_devices, start_devices, trouble
start_devices()  # TensorFlow knows no such card, and says so
assert trouble() == UNUSABLE
print(*present_devices(), tf.reduce_sum(tf.ones(3)).numpy())
"""  # noqa: E501


def run(code):
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split("\n")


def test_the_network_runs_where_it_is_told_to():
    assert "both" in run(TWO_DEVICES)


def test_a_card_that_cannot_be_started_is_left_out():
    assert f"{CPU} 3.0" in run(BROKEN_CARD)


def test_the_memory_of_every_card_grows_as_needed(monkeypatch):
    """Without a card here, what TensorFlow is asked for is all that can be seen."""
    cards = [tf.config.PhysicalDevice(f"/physical_device:GPU:{n}", "GPU") for n in range(2)]
    asked = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: cards)
    monkeypatch.setattr(
        tf.config.experimental, "set_memory_growth", lambda *wish: asked.append(wish)
    )
    start_devices()
    assert asked == [(card, True) for card in cards]


def test_products_are_not_rounded_to_fewer_digits_than_maps_have():
    tf.config.experimental.enable_tensor_float_32_execution(True)  # as TensorFlow begins
    start_devices()
    assert not tf.config.experimental.tensor_float_32_execution_enabled()


def test_without_a_graphics_card_there_is_the_cpu_and_no_trouble():
    if tf.config.list_physical_devices("GPU"):
        assert len(present_devices()) > 1
    else:
        assert present_devices() == (CPU,)
    assert trouble() == ""
    assert path_of(CPU) == "/CPU:0"


def test_the_engine_says_what_runs_the_network():
    engine = KerasEngine()
    assert engine.use_device("cpu") == ""
    assert engine.versions.device == "CPU"
    sentence = engine.use_device("gpu:99")
    assert sentence.startswith("There is no device gpu:99: ")
    assert engine.versions.device in sentence
