"""Figures from Python: the engine's numbers, the command line's files, any model in memory."""

import importlib.util
import io
import threading

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import poolviewer
from poolviewer.core.errors import ArgumentError, ArgumentTypeError
from poolviewer.core.export_choices import FORMATS
from poolviewer.core.laboratory.compare import Compare
from poolviewer.core.view_wish import ViewWish
from poolviewer.drawing.images import image_to_bgr
from poolviewer.export.figure import render_figure
from poolviewer.export.request import FigureRequest
from poolviewer.headless import ExportWish, compute, export, read_frame
from poolviewer.sources.opencv import cv2
from tests.api.models import Doubling, maps_of, small_model
from tests.media import SAMPLES

CAT = SAMPLES / "chelsea.png"
PICTURE = np.random.default_rng(2).integers(0, 256, (20, 24, 3), dtype=np.uint8)


def test_arrays_are_those_of_the_engine():
    found = poolviewer.figure("tutorial", CAT, channel=12, pin=(4, 7))
    activations, _ = compute(read_frame(str(CAT)))
    np.testing.assert_array_equal(found.input, activations.prepared.values)
    np.testing.assert_array_equal(found.feature_map, activations.feature_maps[:, :, 12])
    np.testing.assert_array_equal(found.pooled_map, activations.pooled_maps[:, :, 12])
    assert repr(found) == (
        "<Figure: chelsea.png, tutorial, max_pooling2d, channel 12, "
        f"pooled pixel (4, 7) = {found.pooled_map[4, 7]:.6g}>"
    )
    with pytest.raises(ValueError, match="read-only"):
        found.feature_map[0, 0] = 1


def test_picture_is_that_of_the_command_line(qapp, tmp_path):
    found = poolviewer.figure(None, str(CAT), channel=3, pin=(4, 7), scale=1.5)
    own = found.save(tmp_path / "own.png")
    view = ViewWish(str(CAT), channel=3, pin=(4, 7))
    exported = export(ExportWish(view, str(tmp_path / "exported.png"), scale=1.5))
    pixels = found.to_array()
    for path in (str(own), exported):
        np.testing.assert_array_equal(cv2.imread(path)[:, :, ::-1], pixels)
    assert (pixels.dtype, pixels.ndim, pixels.shape[1]) == (np.uint8, 3, 1920)
    assert pixels.flags.writeable


def test_saving_replaces_whole_files(qapp, tmp_path):
    path = tmp_path / "odd näme.png"
    path.write_bytes(b"before")
    found = poolviewer.figure(image=CAT)
    assert found.save(path, scale=1) == path
    assert cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR).shape[1] == 1280
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", [known.ending for known in FORMATS])
def test_every_format_is_written(qapp, tmp_path, ending):
    found = poolviewer.figure(image=PICTURE, pin=(4, 7), scale=1)
    path = found.save(tmp_path / f"figure.{ending}")
    assert path.stat().st_size > 200
    assert list(tmp_path.iterdir()) == [path]


def test_subclassed_model_is_told_how_to_be_shown():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.pool = keras.layers.MaxPooling2D(name="pool")

        def call(self, batch):
            return self.pool(batch)

    model = Own()
    model(PICTURE[None].astype(np.float32))
    with pytest.raises(ArgumentError, match=r"keras\.Sequential\(\[keras\.Input"):
        poolviewer.figure(model, PICTURE)
    wrapped = keras.Sequential([keras.Input(PICTURE.shape), model])
    assert poolviewer.figure(wrapped, PICTURE).pooled_maps.shape == (10, 12, 3)


@pytest.mark.parametrize(
    ("path", "words"),
    [("figure", "ending|end in"), ("nowhere/figure.png", "folder"), ("", "say what|folder")],
)
def test_what_cannot_be_saved_is_told(qapp, tmp_path, monkeypatch, path, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(poolviewer.PoolViewerError, match=words):
        poolviewer.figure(image=CAT).save(path)
    assert list(tmp_path.iterdir()) == []


def test_odd_name_or_scale_is_told(qapp, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    figure = poolviewer.figure(image=CAT)
    with pytest.raises(poolviewer.PoolViewerError, match="is not a possible file name"):
        figure.save("half a sign \ud800.png")
    with pytest.raises(ArgumentTypeError, match="'2' cannot be used as scale"):
        figure.save("a.png", scale="2")
    assert list(tmp_path.iterdir()) == []


def test_numbers_are_saved_of_any_map(qapp, tmp_path):
    figure = poolviewer.figure(None, PICTURE, channel=5, pin=(4, 7))
    path = figure.save(tmp_path / "all.npy", map_name="feature", extent="all")
    np.testing.assert_array_equal(np.load(path), figure.feature_maps)
    window = np.load(figure.save(tmp_path / "window.npy", extent="window"))
    np.testing.assert_array_equal(window, figure.feature_map[8:10, 14:16])
    small = figure.save(tmp_path / "small.jpg", quality=20).stat().st_size
    assert small < figure.save(tmp_path / "fine.jpg").stat().st_size


@pytest.mark.parametrize("wrong", [{"map_name": "x"}, {"extent": "row"}, {"quality": 101}])
def test_options_that_there_are_not_are_told(qapp, tmp_path, wrong):
    with pytest.raises(poolviewer.PoolViewerError, match=r"choose one of|quality"):
        poolviewer.figure(None, PICTURE).save(tmp_path / "a.npy", **wrong)
    assert list(tmp_path.iterdir()) == []


def test_saved_view_is_a_picture_too(qapp, tmp_path):
    first = poolviewer.figure(
        None, PICTURE, channel=5, pin=(4, 7), colours="viridis", overlay=Compare()
    )
    again = poolviewer.figure(image=first.save(tmp_path / "view.png"))
    np.testing.assert_array_equal(again.feature_maps, first.feature_maps)
    assert again.channel == 5
    assert again.findings == first.findings
    other = poolviewer.figure(image=tmp_path / "view.png", channel=2, pin=(0, 1))
    assert other.channel == 2
    assert "(0, 1)" in repr(other)
    assert poolviewer.trace(image=tmp_path / "view.png").pixel == (4, 7, 5)


def test_choices_reach_the_figure(qapp):
    activations, versions = compute(read_frame(str(CAT)))
    dark = FigureRequest(activations, 1, theme="dark", scale=1.0, versions=versions)
    expected = image_to_bgr(render_figure(dark))[:, :, ::-1]
    found = poolviewer.figure(None, CAT, channel=1, theme="dark", scale=1)
    np.testing.assert_array_equal(found.to_array(), expected)
    shared = poolviewer.figure(None, CAT, channel=1, theme="dark", scale=1, levels="shared")
    assert not np.array_equal(shared.to_array(), expected)


def test_model_in_memory_is_shown_with_its_present_weights():
    model = small_model(Doubling(), keras.layers.Lambda(lambda x: x + 1))
    values = PICTURE.astype(np.float32) / np.float32(255)
    for factor in (1, -3, 0):
        model.get_layer("conv").set_weights(
            [w * factor for w in model.get_layer("conv").get_weights()]
        )
        found = poolviewer.figure(model, PICTURE, channel=1, pin=(2, 3))
        expected = maps_of(model, values)
        np.testing.assert_array_equal(found.input, values)
        np.testing.assert_allclose(found.feature_maps, expected[0], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.pooled_maps, expected[1], rtol=1e-5, atol=1e-6)


def test_model_follows_training_and_new_layers():
    model = small_model()
    model.compile("sgd", "mse")
    first = poolviewer.figure(model, PICTURE)
    before = first.feature_maps.copy()
    model.fit(PICTURE[None] / 255.0, np.ones((1, 2)), epochs=2, verbose=0)
    assert not np.array_equal(poolviewer.figure(model, PICTURE).feature_maps, before)
    np.testing.assert_array_equal(first.feature_maps, before)
    assert poolviewer.trace(model, PICTURE, pin=(1, 1)).steps[1].agrees is True
    model.get_layer("conv").activation = keras.activations.linear
    assert poolviewer.figure(model, PICTURE).feature_maps.min() < 0
    found = poolviewer.trace(model, PICTURE, pin=(1, 1))
    assert found.steps[1].agrees is True


def test_model_and_process_stay_as_they_were():
    def drawn(is_disturbed):
        keras.utils.set_random_seed(11)
        keras.random.normal(())
        if is_disturbed:
            poolviewer.figure("tutorial", PICTURE)
            poolviewer.figure(model, PICTURE)
            poolviewer.figure(SAMPLES / "mtcnn_pnet.keras", PICTURE)
        layer = keras.layers.Dense(2)
        layer.build((None, 3))
        numbers = keras.random.normal((2,)), tf.random.normal(()), np.random.rand()  # noqa: NPY002
        return [*map(np.asarray, numbers), *layer.get_weights()]

    model = small_model()
    weights, config = model.get_weights(), model.get_config()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        undisturbed, disturbed = drawn(False), drawn(True)
        assert keras.config.dtype_policy().name == "mixed_float16"
    finally:
        keras.config.set_dtype_policy("float32")
    for one, other in zip(undisturbed, disturbed, strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert model.get_config() == config
    assert model.predict(PICTURE[None], verbose=0).shape == (1, 2)


def test_stage_and_size_can_be_chosen():
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.MaxPooling2D(name="first"),
            keras.layers.AveragePooling2D(3, name="second"),
        ]
    )
    found = poolviewer.figure(model, PICTURE, pool="second", size=(18, 12), preprocess="raw-bgr")
    assert (found.input.shape, found.pooled_maps.shape) == ((18, 12, 3), (3, 2, 3))
    expected = cv2.resize(PICTURE[:, :, ::-1], (12, 18))
    np.testing.assert_array_equal(found.input, expected)
    assert "second" in repr(found)


def test_overlays_are_those_of_the_laboratory(qapp):
    plain = poolviewer.figure(image=PICTURE, channel=2, pin=(4, 7), scale=1)
    assert plain.findings == ()
    for name in ("lost", "compare", "shift", "gradient"):
        found = poolviewer.figure(image=PICTURE, channel=2, pin=(4, 7), scale=1, overlay=name)
        assert found.findings
        assert not np.array_equal(found.to_array(), plain.to_array())
    assert "pin" in poolviewer.figure(image=PICTURE, overlay="gradient").findings[0].lower()


@pytest.mark.parametrize(
    ("wish", "kind", "words"),
    [
        ({"model": 3}, ArgumentTypeError, "type int"),
        ({"model": keras.layers.Conv2D(2, 3)}, ArgumentTypeError, "type Conv2D"),
        ({"model": keras.Sequential([keras.layers.Conv2D(2, 3)])}, ArgumentError, "no weights yet"),
        ({"model": "nowhere.keras"}, poolviewer.PoolViewerError, "does not exist"),
        ({"image": "nowhere.png"}, poolviewer.PoolViewerError, "does not exist"),
        ({"pin": (15, 0)}, ArgumentError, "no pooled pixel 15,0"),
        ({"pin": 4}, ArgumentTypeError, "no pixel"),
        ({"pin": (1.5, 2)}, ArgumentTypeError, "whole number"),
        ({"channel": 64}, ArgumentError, "no channel 64"),
        ({"channel": "3"}, ArgumentTypeError, "whole number"),
        ({"pool": "conv2d"}, poolviewer.PoolViewerError, "no pooling layer conv2d"),
        ({"theme": "blue"}, ArgumentError, "light, dark"),
        ({"layout": "poster"}, ArgumentError, "column"),
        ({"parts": ("input", "sky")}, ArgumentError, "no part sky"),
        ({"colours": "jet"}, ArgumentError, "viridis"),
        ({"levels": "own"}, ArgumentError, "shared"),
        ({"overlay": "poke"}, ArgumentError, "mode poke needs"),
        ({"title": "{nothing}"}, poolviewer.PoolViewerError, "{nothing}"),
        ({"scale": 0}, poolviewer.PoolViewerError, "between 1 and 8"),
        ({"size": (32, 32)}, ArgumentError, "go with a model"),
        ({"preprocess": "vgg"}, ArgumentError, "caffe"),
        ({"device": "tpu"}, ArgumentError, "no device tpu"),
        ({"device": 0}, ArgumentTypeError, "0 cannot be used as device: give text"),
        ({"size": "32x32"}, ArgumentTypeError, "cannot be used as size"),
        ({"size": 32}, ArgumentTypeError, "cannot be used as size"),
        ({"size": ("32", "32")}, ArgumentTypeError, "give a whole number"),
        ({"overlay": object()}, ArgumentTypeError, "is no overlay"),
        ({"parts": None}, ArgumentTypeError, "None cannot be used as parts"),
        ({"parts": "input"}, ArgumentTypeError, "'input' cannot be used as parts"),
        ({"parts": (3,)}, ArgumentTypeError, "3 cannot be used as parts"),
        ({"title": None}, ArgumentTypeError, "None cannot be used as title"),
        ({"caption": 3}, ArgumentTypeError, "3 cannot be used as caption"),
        ({"scale": "2"}, ArgumentTypeError, "'2' cannot be used as scale"),
        ({"text_scale": "1"}, ArgumentTypeError, "cannot be used as text_scale"),
        ({"width": "700"}, ArgumentTypeError, "cannot be used as width"),
        ({"width": 10**6}, poolviewer.PoolViewerError, "240 and 8192, and 1,000,000 does not"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(wish, kind, words):
    with pytest.raises(kind) as caught:
        poolviewer.figure(**{"image": PICTURE, **wish})
    assert words in str(caught.value)
    assert isinstance(caught.value, poolviewer.PoolViewerError)
    assert str(caught.value).endswith(".")


def test_failure_leaves_the_next_figure_right():
    first = poolviewer.figure(image=PICTURE)
    with pytest.raises(poolviewer.PoolViewerError):
        poolviewer.figure(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]), PICTURE)
    np.testing.assert_array_equal(poolviewer.figure(image=PICTURE).pooled_maps, first.pooled_maps)


def test_threads_take_turns(qapp):
    models = [None, small_model(), small_model(pool=keras.layers.AveragePooling2D(2, name="pool"))]
    alone = [poolviewer.figure(model, PICTURE, scale=1) for model in models]
    found = {}

    def draw(number):
        made = poolviewer.figure(models[number % 3], PICTURE, scale=1)
        found[number] = made.pooled_maps, made.to_array()

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(6))
    for number, (maps, pixels) in found.items():
        np.testing.assert_array_equal(maps, alone[number % 3].pooled_maps)
        np.testing.assert_array_equal(pixels, alone[number % 3].to_array())


def test_notebook_shows_it_at_its_logical_size(qapp):
    found = poolviewer.figure(image=CAT, scale=2)
    data, shown = _displayed(found)
    with Image.open(io.BytesIO(data)) as image:
        np.testing.assert_array_equal(np.asarray(image), found.to_array())
        width, height = image.size
    assert (width, shown) == (2560, {"width": 1280, "height": height // 2})


def test_nothing_is_not_drawn(qapp):
    with pytest.raises(poolviewer.PoolViewerError, match="nothing of the chosen parts is there"):
        poolviewer.figure(image=CAT, parts=["legend"]).to_array()


def _displayed(found):
    """Return what a notebook gets: of IPython itself where it is installed."""
    if importlib.util.find_spec("IPython") is None:
        return found._repr_png_()
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415
    from traitlets.config import Config  # noqa: PLC0415

    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    data, shown = shell.display_formatter.format(found)
    assert data["text/plain"] == repr(found)
    return data["image/png"], shown["image/png"]
