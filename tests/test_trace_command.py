"""``poolviewer trace``: a pooled pixel's whole story on the command line."""

import json
import re
import shlex

import keras
import numpy as np
import pytest

from poolviewer import cli
from poolviewer.headless import compute, read_frame
from tests import media
from tests.processes import ROOT, run_poolviewer, run_python

CHELSEA = str(media.SAMPLES / "chelsea.png")


@pytest.fixture
def traced(capfd):
    """Run the command in this process; return its exit code, its output and its error output."""

    def call(*arguments):
        try:
            code = cli.main(["trace", *map(str, arguments)])
        except SystemExit as exit_:
            code = exit_.code
        return (code, *capfd.readouterr())

    return call


@pytest.fixture
def data_of(traced):
    """Return what the command tells programs."""

    def call(*arguments):
        code, output, _ = traced(*arguments, "--json")
        assert code == 0
        return json.loads(output, parse_constant=pytest.fail)

    return call


@pytest.fixture
def saved(tmp_path):
    """Save a network; return its path."""

    def save(*layers, side=16, channels=3):
        path = tmp_path / "network.keras"
        keras.utils.set_random_seed(1)
        keras.Sequential([keras.Input((side, side, channels)), *layers]).save(path)
        return path

    return save


def test_readme_example_is_what_a_process_prints():
    """The README's command and its numbers, on the picture that comes with the program."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    line = re.search(r"^    poolviewer (trace .*)$", readme, re.MULTILINE).group(1)
    words = [str(ROOT / word) if "/" in word else word for word in shlex.split(line)]
    process = run_poolviewer(*words, without=("DISPLAY", "WAYLAND_DISPLAY"))
    assert process.returncode == 0
    shown = re.search(r"^    (made of .*)$", readme, re.MULTILINE).group(1)
    assert re.sub(r"\s+", " ", shown) in re.sub(r"\s+", " ", process.stdout)


def test_process_gives_the_networks_own_numbers():
    process = run_poolviewer("trace", CHELSEA, "--pin", "4,7", "--channel", "12", "--json")
    assert process.returncode == 0
    data = json.loads(process.stdout)
    activations, _ = compute(read_frame(CHELSEA))
    assert data["pooled"] == float(activations.pooled_maps[4, 7, 12])
    np.testing.assert_array_equal(data["values"], activations.feature_maps[8:10, 14:16, 12])
    winner = data["winner"]
    assert data["gradient"] == [[*winner, 1.0]]
    assert data["map_value"] == float(activations.feature_maps[(*winner, 12)]) == data["pooled"]
    field = activations.prepared.values[winner[0] : winner[0] + 3, winner[1] : winner[1] + 3]
    products = np.array(data["products"])
    assert products.shape == (3, 3, 3)
    np.testing.assert_array_equal(data["steps"][1]["values"], field)
    assert products.sum() + data["bias"] == pytest.approx(data["preactivation"], abs=1e-9)
    assert data["preactivation"] == pytest.approx(data["map_value"], abs=1e-3)
    assert data["receptive_field"] == [8, 14, 12, 18]
    assert [step["agrees"] for step in data["steps"]] == [True, True]


def test_table_for_people(traced):
    code, output, _ = traced(CHELSEA, "--pin", "4,7", "--channel", "12")
    assert code == 0
    assert re.search(r"made of +27 products \+ bias = (\S+), map says \1\n", output)
    assert "pixel            row 4, column 7, channel 12\n" in output
    assert "3×3×3 products of conv2d\n" in output
    assert output.endswith("\nIt ends in the input.\n")


def test_model_is_followed_from_the_chosen_layer_to_the_input(data_of, saved):
    layers = keras.layers
    path = saved(
        layers.Conv2D(4, 3, padding="same", use_bias=False, name="first"),
        layers.BatchNormalization(name="norm"),
        layers.ReLU(name="relu"),
        layers.MaxPooling2D(name="pool_1"),
        layers.Conv2D(5, 3, activation="tanh", name="second"),
        layers.MaxPooling2D(name="pool_2"),
    )
    data = data_of(CHELSEA, "--pin", "1,2", "--model", path, "--pool", "pool_2", "--channel", 4)
    names = [step["layer"].rpartition("/")[2] for step in data["steps"]]
    assert names == ["pool_2", "second", "pool_1", "relu", "norm", "first"]
    assert all(step["agrees"] for step in data["steps"])
    assert np.shape(data["products"]) == (3, 3, 4)
    assert np.tanh(data["preactivation"]) == pytest.approx(data["map_value"], abs=1e-5)
    first = data_of(CHELSEA, "--pin", "1,2", "--model", path, "--pool", "pool_1")
    assert np.shape(first["products"]) == (3, 3, 3)
    assert first["bias"] is None
    assert first["preactivation"] == first["steps"][-1]["sum"]


def test_average_pooling_has_no_winner(data_of, saved):
    path = saved(keras.layers.Conv2D(2, 3), keras.layers.AveragePooling2D(3))
    data = data_of(CHELSEA, "--pin", "0,1", "--model", path)
    assert (data["winner"], data["products"], data["map_value"]) == (None, None, None)
    assert np.mean(data["values"]) == pytest.approx(data["pooled"], rel=1e-5)
    assert [value for _, _, value in data["gradient"]] == pytest.approx(9 * [1 / 9])


def test_stage_without_a_convolution(data_of, traced, saved):
    path = saved(keras.layers.MaxPooling2D(2))
    data = data_of(CHELSEA, "--pin", "0,1", "--model", path)
    assert (data["products"], data["bias"], data["preactivation"]) == (None, None, None)
    assert (len(data["steps"]), data["steps"][0]["source"]) == (1, "input")
    code, output, _ = traced(CHELSEA, "--pin", "0,1", "--model", path)
    assert code == 0
    assert "made of" not in output


def test_frame_of_a_video(data_of, tmp_path):
    video = str(media.write_video(tmp_path / "a.avi", 9))
    found = [data_of(video, "--pin", "3,3", "--frame", index)["pooled"] for index in (0, 7)]
    expected = [compute(read_frame(video, i))[0].pooled_maps[3, 3, 0] for i in (0, 7)]
    assert found == [float(value) for value in expected]
    assert found[0] != found[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "--pin is missing, the pooled pixel to trace, as in --pin 4,7"),
        (["--pin", "15,0"], "There is no pooled pixel 15,0: choose 0,0 to 14,14."),
        (["--pin", "-1,0"], "There is no pooled pixel -1,0: choose 0,0 to 14,14."),
        (["--pin", "4"], "'4' is no pixel: write ROW,COL, as in 4,7"),
        (["--pin", "0,0", "--channel", "64"], "There is no channel 64: choose 0 to 63."),
        (["--pin", "0,0", "--pool", "x"], "There is no pooling layer x: choose max_pooling2d."),
        (["--pin", "0,0", "--frame", "3"], "chelsea.png has no frame 3: choose 0 to 0."),
        (["--pin", "0,0", "--model", "no.keras"], "no.keras does not exist"),
    ],
)
def test_bad_option_is_refused_in_one_sentence(traced, arguments, sentence):
    code, output, errors = traced(CHELSEA, *arguments)
    assert (code, output) == (2, "")
    assert sentence in errors
    assert errors.count("\n") == 1
    assert errors.endswith(".\n")


def test_pixel_and_channel_that_a_model_lacks_are_refused(traced, saved):
    path = saved(keras.layers.Conv2D(2, 3), keras.layers.MaxPooling2D(2, name="pool"))
    code, output, errors = traced(CHELSEA, "--pin", "7,0", "--model", path)
    assert (code, output) == (2, "")
    assert errors == "poolviewer: pool has no pooled pixel 7,0: choose 0,0 to 6,6.\n"
    code, output, errors = traced(CHELSEA, "--pin", "0,0", "--model", path, "--channel", 2)
    assert (code, output) == (2, "")
    assert errors == "poolviewer: pool has no channel 2: choose 0 to 1.\n"


@pytest.fixture
def figure_of(tmp_path, capfd):
    """Save the figure of channel 1 and pixel 2,3; return its path."""

    def save(ending, *options):
        path = tmp_path / f"figure.{ending}"
        options = ("--channel", "1", "--pin", "2,3", *map(str, options))
        assert cli.main(["export", CHELSEA, "-o", str(path), *options]) == 0
        capfd.readouterr()
        return path

    return save


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "poolview"])
def test_saved_view_brings_its_channel_and_pin(traced, figure_of, ending):
    path = figure_of(ending)
    expected = traced(CHELSEA, "--channel", 1, "--pin", "2,3")
    assert traced(path) == expected
    assert expected[0] == 0
    other = traced(path, "--channel", 0, "--pin", "4,7")
    assert other == traced(CHELSEA, "--channel", 0, "--pin", "4,7")


def test_saved_view_of_a_model_is_never_traced_through_another_network(traced, figure_of, saved):
    model = saved(keras.layers.Conv2D(2, 3), keras.layers.MaxPooling2D(2, name="pool"))
    path = figure_of("png", "--model", model, "--preprocess", "-1-1")
    code, output, errors = traced(path)
    assert (code, output) == (2, "")
    assert errors.startswith("poolviewer: This view was saved from network.keras (SHA-256 ")
    assert errors.endswith("give its file with --model.\n")
    expected = traced(
        CHELSEA, "--model", model, "--preprocess", "-1-1", "--channel", 1, "--pin", "2,3"
    )
    assert traced(path, "--model", model) == expected
    assert expected[0] == 0


def test_source_is_needed(traced):
    code, output, errors = traced("--pin", "0,0")
    assert (code, output) == (2, "")
    assert "the following arguments are required: SOURCE" in errors


def test_bad_option_is_refused_before_anything_heavy_is_imported():
    code = """
import sys
from poolviewer import cli
try:
    cli.main(["trace", "x.jpg"])
except SystemExit as exit_:
    assert exit_.code == 2
sys.exit(bool({"numpy", "cv2", "keras", "tensorflow", "PySide6"} & set(sys.modules)))
"""
    assert run_python(code).returncode == 0
