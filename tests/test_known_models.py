"""A saved view without ``--model``: its model is found by its content, or named in a sentence."""

import json
import shutil

import keras
import numpy as np
import pytest

import poolviewer
from poolviewer import cli
from poolviewer.core.errors import NetworkError
from poolviewer.known_models import recent_models
from poolviewer.settings import Settings
from tests import media

PNET = media.SAMPLES / "mtcnn_pnet.keras"
COINS = media.SAMPLES / "coins.png"


@pytest.fixture
def command(capfd, qapp, tmp_path, monkeypatch):
    """Run the command line in the test's folder; return its exit status and both outputs."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        try:
            code = cli.main([*map(str, arguments)])
        except SystemExit as exit_:
            code = exit_.code
        return code, *capfd.readouterr()

    return call


@pytest.fixture
def remember(monkeypatch):
    """Let the window remember models, as it does where a person opens them."""
    from poolviewer import known_models  # noqa: PLC0415

    # Of this test alone: other tests read the same folder of settings.
    monkeypatch.setattr(known_models, "APPLICATION", "PoolViewer of a test")

    def call(*paths):
        from PySide6.QtCore import QSettings  # noqa: PLC0415

        settings = Settings()
        settings._store = QSettings(known_models.ORGANISATION, known_models.APPLICATION)
        settings.recent_models = tuple(map(str, paths))
        settings._store.sync()

    yield call
    call()


@pytest.fixture
def own_model(tmp_path):
    """A model that no sample is; returns its path."""
    path = tmp_path / "own.keras"
    keras.utils.set_random_seed(5)
    layers = keras.layers
    keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(6, 3),
            layers.MaxPooling2D(name="one"),
            layers.Conv2D(5, 3),
            layers.MaxPooling2D(name="two"),
        ]
    ).save(path)
    return path


@pytest.fixture
def view(command, own_model):
    """A view of that model's second pooling, saved."""
    options = "--model", own_model, "--pool", "two", "--channel", "4", "--pin", "1,0"
    assert command("export", COINS, "-o", "view.poolview", *options, "--preprocess", "-1-1")[0] == 0
    return "view.poolview"


def arrays_of(path):
    with np.load(path) as found:
        return [found[name] for name in ("input", "feature_maps", "pooled_maps")]


def check_same(one, other):
    for ours, theirs in zip(arrays_of(one), arrays_of(other), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_model_that_was_opened_before_is_found(command, remember, view, own_model, tmp_path):
    assert command("export", view, "-o", "given.npz", "--model", own_model)[0] == 0
    moved = shutil.move(own_model, tmp_path / "another name.h5")
    remember(tmp_path / "gone.keras", moved)
    assert recent_models() == (str(tmp_path / "gone.keras"), str(moved))
    code, _, errors = command("export", view, "-o", "found.npz")
    assert (code, errors) == (0, "")
    check_same("given.npz", "found.npz")
    code, output, _ = command("trace", view, "--json")
    assert code == 0
    data = json.loads(output)
    figure = poolviewer.figure(None, view)
    assert (figure.channel, data["steps"][0]["pixel"][2]) == (4, 4)
    assert data["pooled"] == figure.pooled_map[1, 0] == arrays_of("found.npz")[2][1, 0, 4]
    assert poolviewer.trace(None, view).to_dict() == data
    assert poolviewer.trace(None, view, pool="one").stage == "one"


def test_sample_is_found_where_nothing_was_opened(command, remember):
    remember()
    options = "--model", PNET, "--channel", "3", "--pin", "0,1"
    assert command("export", COINS, "-o", "view.png", *options)[0] == 0
    assert command("export", COINS, "-o", "straight.npz", "--model", PNET)[0] == 0
    assert command("export", "view.png", "-o", "again.npz")[0] == 0
    check_same("straight.npz", "again.npz")
    for options in ([], ["--channel", "0"]):
        code, output, _ = command("trace", "view.png", "--json", *options)
        assert code == 0
        assert json.loads(output)["steps"][0]["pixel"][2] == (0 if options else 3)


def test_model_that_is_not_found_is_named_with_its_hash(command, remember, view, own_model):
    remember(own_model)
    own_model.write_bytes(b"another one by now")
    for arguments in (["export", view, "-o", "a.npz"], ["trace", view]):
        code, output, errors = command(*arguments)
        assert (code, output) == (2, "")
        assert "own.keras (SHA-256 " in errors
        assert errors.endswith("opened before: give its file with --model.\n")
        assert errors.count("\n") == 1
    with pytest.raises(NetworkError, match=r"own.keras \(SHA-256 .* give the model, too"):
        poolviewer.figure(None, view)


def test_a_view_without_a_pin_is_asked_for_one(command):
    assert command("export", COINS, "-o", "view.poolview")[0] == 0
    code, output, errors = command("trace", "view.poolview")
    assert (code, output) == (2, "")
    assert errors == ("poolviewer: --pin is missing, the pooled pixel to trace, as in --pin 4,7.\n")
    assert command("trace", "view.poolview", "--pin", "1,2")[0] == 0
