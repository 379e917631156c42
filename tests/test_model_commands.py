"""Models on the command line: ``inspect FILE`` as the gate, ``export --model`` as the window."""

import json

import keras
import numpy as np
import pytest

from poolviewer import cli
from tests import media
from tests.processes import run_python

CHELSEA = str(media.SAMPLES / "chelsea.png")
STAGE_KEYS = {
    "name", "kind", "pool_size", "strides", "padding", "data_format", "source_shape",
    "pooled_shape", "source_layer",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _offscreen(qapp):
    """Figures are drawn in this process, which has a QApplication already."""


@pytest.fixture
def command(capfd):
    """Run a command; return its exit code, its output and its error output."""

    def call(*arguments):
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as exit_:
            code = exit_.code
        return (code, *capfd.readouterr())

    return call


@pytest.fixture
def network(tmp_path):
    """Save a network of two branches; return its path and itself."""
    layers = keras.layers
    source = keras.Input((24, 20, 3), name="picture")
    maps = layers.Conv2D(6, 3, activation="relu", name="conv")(source)
    pooled = layers.MaxPooling2D(3, strides=2, padding="same", name="pool")(maps)
    other = layers.AveragePooling2D(2, name="mean")(maps)
    outputs = [layers.GlobalAveragePooling2D(name="all")(pooled), other]
    model = keras.Model(source, outputs)
    path = tmp_path / "network.keras"
    model.save(path)
    return path, model


def test_inspect_lists_the_stages_of_a_sound_file(command, network):
    path, model = network
    code, output, errors = command("inspect", path, "--json")
    assert (code, errors) == (0, "")
    description = json.loads(output)
    assert description["model"] == "network.keras"
    assert description["inputs"] == [{"name": "picture", "shape": [24, 20, 3], "dtype": "float32"}]
    stages = {stage["name"]: stage for stage in description["stages"]}
    assert set(stages) == {"pool", "mean", "all"}
    for name, stage in stages.items():
        layer = model.get_layer(name)
        assert set(stage) == STAGE_KEYS
        assert stage["source_shape"] == list(layer.input.shape[1:])
        assert stage["pooled_shape"] == list(layer.output.shape[1:])
    assert stages["pool"] | {"source_shape": 0, "pooled_shape": 0} == {
        "name": "pool",
        "kind": "max",
        "pool_size": [3, 3],
        "strides": [2, 2],
        "padding": "same",
        "data_format": "channels_last",
        "source_shape": 0,
        "pooled_shape": 0,
        "source_layer": "conv",
    }
    assert (stages["all"]["kind"], stages["all"]["pool_size"]) == ("global_average", None)
    layers = {layer["name"]: layer for layer in description["layers"]}
    assert list(layers) == [layer.name for layer in model.layers]
    assert layers["conv"]["parameters"] == model.get_layer("conv").count_params()


@pytest.mark.parametrize("name", ["-o.keras", "--model.KERAS", "grün & \n<b>.keras"])
def test_odd_names_are_opened_and_shown_in_one_line(command, network, monkeypatch, name):
    path = network[0].rename(network[0].with_name(name))
    monkeypatch.chdir(path.parent)
    for arguments in (["--model", name], ["--", name]):
        code, output, errors = command("inspect", *arguments)
        assert (code, errors) == (0, "")
        assert output.splitlines()[0] == f"Network {name}".replace(
            "\n", "\N{REPLACEMENT CHARACTER}"
        )


def test_inspect_prints_the_same_for_people(command, network):
    code, output, _ = command("inspect", network[0])
    assert code == 0
    assert "max 3×3, strides 2×2, same: 22×18×6 of conv → 11×9×6" in output
    assert "global average: 11×9×6 of pool → 6" in output
    assert "GlobalAveragePooling2D" in output


def test_inspect_refuses_with_2_and_cannot_check_with_3(command, tmp_path):
    web_page = tmp_path / "page.keras"
    web_page.write_bytes(media.WEB_PAGE)
    code, output, errors = command("inspect", web_page)
    assert (code, output) == (2, "")
    assert errors == (
        "poolviewer: page.keras is a web page: fetch the file itself, not the page about it.\n"
    )
    code, output, errors = command("inspect", tmp_path / "missing.keras")
    assert (code, output) == (3, "")
    assert errors == "poolviewer: missing.keras does not exist: check its name and folder.\n"


def test_size_without_a_model_is_refused(command):
    code, output, errors = command("inspect", "--size", "64x64")
    assert (code, output) == (2, "")
    assert errors == "poolviewer: --size goes with a model: give its file, too.\n"


def test_refusal_comes_before_tensorflow(tmp_path):
    (tmp_path / "page.h5").write_bytes(media.WEB_PAGE)
    code = "import sys\nfrom poolviewer.cli import main\nprint(main(sys.argv[1:]), *sys.modules)"
    result = run_python(code, "inspect", "page.h5", cwd=tmp_path)
    exit_code, *names = result.stdout.split()
    assert exit_code == "2"
    assert "poolviewer.model.gate" in names
    assert not {"keras", "tensorflow", "PySide6.QtWidgets"} & set(names)


def test_model_that_does_not_know_its_input_is_asked_for_it(command, tmp_path):
    path = tmp_path / "open.keras"
    layers = keras.layers
    keras.Sequential([layers.Conv2D(4, 3), layers.MaxPooling2D(2)]).save(path)
    code, output, _ = command("inspect", path, "--json")
    assert code == 0
    assert json.loads(output)["notes"] == [
        "open.keras does not say how large its input is: give it, as in --size 32x32x3."
    ]
    code, output, _ = command("inspect", path, "--json", "--size", "9x7x2")
    assert json.loads(output)["stages"][0]["source_shape"] == [7, 5, 4]


def exported(path):
    with np.load(path, allow_pickle=False) as numbers:
        return {name: numbers[name] for name in numbers}


def test_export_gives_the_maps_of_the_chosen_stage(command, network, tmp_path):
    path, model = network
    output = tmp_path / "out.npz"
    code, printed, errors = command("export", CHELSEA, "-o", output, "--model", path, "--pool",
                                    "mean", "--preprocess", "caffe", "--channel", "5", "--pin",
                                    "2,3")  # fmt: skip
    assert (code, printed, errors) == (0, f"{output}\n", "")
    numbers = exported(output)
    layer = model.get_layer("mean")
    part = keras.Model(model.inputs, [layer.input, layer.output])
    feature, pooled = part(numbers["input"][np.newaxis])
    np.testing.assert_allclose(numbers["feature_maps"], feature[0], atol=1e-4)
    np.testing.assert_allclose(numbers["pooled_maps"], pooled[0], atol=1e-4)
    metadata = json.loads(str(numbers["metadata"]))
    assert metadata["network"]["name"] == "network.keras"
    assert metadata["network"]["stage"] == "mean"
    assert metadata["network"]["input"]["mean"] == [103.939, 116.779, 123.68]


def test_export_draws_a_figure_of_a_model(command, network, tmp_path):
    output = tmp_path / "out.png"
    code, printed, errors = command("export", CHELSEA, "-o", output, "--model", network[0])
    assert (code, printed, errors) == (0, f"{output}\n", "")
    assert output.stat().st_size > 10_000


def test_open_size_is_the_pictures_own_unless_one_is_given(command, tmp_path):
    path, output = tmp_path / "open.keras", tmp_path / "out.npz"
    layers = keras.layers
    keras.Sequential(
        [keras.Input((None, None, 1)), layers.Conv2D(2, 3), layers.MaxPooling2D(2)]
    ).save(path)
    code, _, errors = command("export", CHELSEA, "-o", output, "--model", path)
    assert (code, errors) == (
        0, "poolviewer: open.keras takes 1 channel: pictures are made grey.\n"
    )  # fmt: skip
    assert exported(output)["input"].shape == (300, 451, 1)
    command("export", CHELSEA, "-o", output, "--model", path, "--size", "40x30", "--force")
    assert exported(output)["pooled_maps"].shape == (19, 14, 2)


def test_preprocessing_may_begin_with_a_dash(command, network, tmp_path):
    output = tmp_path / "out.npz"
    code, _, errors = command(
        "export", CHELSEA, "-o", output, "--model", network[0], "--preprocess", "-1-1"
    )
    assert (code, errors) == (0, "")
    assert -1 <= exported(output)["input"].min() < 0


def test_random_weights_are_said_wherever_they_count(command, tmp_path):
    path, output = tmp_path / "open.keras", tmp_path / "out.npz"
    keras.Sequential([keras.layers.Conv2D(4, 3), keras.layers.MaxPooling2D(2)]).save(path)
    code, _, errors = command("export", CHELSEA, "-o", output, "--model", path, "--size", "20x20")
    assert code == 0
    assert "open.keras holds no weights: random ones are shown, drawn from seed 0." in errors
    numbers = exported(output)
    assert json.loads(str(numbers["metadata"]))["seed"] == 0
    command("export", CHELSEA, "-o", output, "--model", path, "--size", "20x20")
    np.testing.assert_array_equal(exported(output)["pooled_maps"], numbers["pooled_maps"])


def test_model_without_pooling_gets_it_behind_any_convolution(command, tmp_path):
    path, output = tmp_path / "plain.keras", tmp_path / "out.npz"
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((16, 16, 3)), layers.Conv2D(2, 3, name="one"), layers.Conv2D(3, 3, name="two")]
    )
    model.save(path)
    code, _, errors = command("export", CHELSEA, "-o", output, "--model", path, "--pool", "two")
    assert code == 0
    assert "has no pooling layer" in errors
    numbers = exported(output)
    maps = model(numbers["input"][np.newaxis])
    expected = keras.layers.MaxPooling2D()(maps)
    np.testing.assert_allclose(numbers["pooled_maps"], expected[0], atol=1e-4)
    description = json.loads(command("inspect", path, "--json")[1])
    assert description["stages"] == []
    assert [stage["source_layer"] for stage in description["offers"]] == ["one", "two"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--pool", "dense"],
            "network.keras has no pooling layer dense: choose one of pool, all, mean.",
        ),
        (["--channel", "6"], "There is no channel 6: choose 0 to 5."),
        (["--pin", "11,0"], "The pooled map has no pixel in row 11, column 0."),
        (
            ["--size", "24x21"],
            "network.keras takes inputs of 24×20 only: choose that size, or none.",
        ),
    ],
)  # fmt: skip
def test_what_the_model_does_not_have_is_refused(command, network, tmp_path, options, sentence):
    output = tmp_path / "out.npz"
    code, printed, errors = command(
        "export", CHELSEA, "-o", output, "--model", network[0], *options
    )
    assert (code, printed, errors) == (2, "", f"poolviewer: {sentence}\n")
    assert not output.exists()


def test_model_that_takes_no_picture_is_listed_and_not_drawn(command, tmp_path):
    path, output = tmp_path / "words.keras", tmp_path / "out.npz"
    keras.Sequential([keras.Input((None, 4)), keras.layers.Conv1D(3, 3)]).save(path)
    sentence = (
        "words.keras takes sequences, not pictures, so its layers are listed and nothing can be "
        "drawn."
    )
    code, printed, _ = command("inspect", path, "--json")
    assert code == 0
    assert json.loads(printed)["notes"] == [sentence]
    assert json.loads(printed)["layers"][-1]["kind"] == "Conv1D"
    code, _, errors = command("export", CHELSEA, "-o", output, "--model", path)
    assert (code, errors) == (2, f"poolviewer: {sentence}\n")
