"""A model from a file: loaded, listed, and made ready to run at any of its stages."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod

import keras
import tensorflow as tf

from poolviewer.core.budget import in_megabytes
from poolviewer.core.errors import Cancelled, ModelRefused, NetworkError
from poolviewer.core.model_info import InputInfo, ModelInfo, ModelSpec
from poolviewer.core.stage import Stage
from poolviewer.core.text import printable
from poolviewer.model.building import build, sequentials_built_once, weights_within
from poolviewer.model.costs import MOST_OPERATIONS, bytes_of
from poolviewer.model.gate import AdmittedModel
from poolviewer.model.picture_input import (
    PictureInput,
    channel_note,
    default_spec,
    picture_input,
    why_no_picture,
)
from poolviewer.model.recording import Call, Proceed, Recorder, watched
from poolviewer.model.runner import Runner
from poolviewer.model.stages import added_stages, geometry_of, stages_of
from poolviewer.model.structure import in_order_of, inputs_of, layers_of, weight_notes

SEED = 0
TRIED_SIDES = (224, 256, 128, 64, 32, 320, 512)
OnCall = Callable[[int], None]


@dataclass(frozen=True, slots=True, eq=False)
class OpenedModel:
    """A loaded model with all that is known of it."""

    model: keras.Model
    info: ModelInfo
    picture: PictureInput | None = None

    def prepare(self, spec: ModelSpec, budget_bytes: int, device: str = "") -> tuple[Runner, Stage]:
        """Compile the model up to a stage, for inputs of one size, and for a device.

        Raises
        ------
        NetworkError
            If the stage does not exist, or the size is impossible, over the memory limit, or would
            keep the machine for minutes.
        """
        stage = next((s for s in self.info.stages if s.name == spec.stage), None)
        if stage is None or self.picture is None:
            raise NetworkError(f"{self.info.name} has no pooling layer {spec.stage}.")
        target = stage.source_layer if stage.is_added else stage.name
        shape = spec.input.shape
        try:
            runner = Runner(
                self.model,
                target,
                self.picture,
                shape,
                adds_pooling=stage.is_added,
                device=device,
            )
        except Exception as error:  # layers raise anything
            raise NetworkError(_impossible(self.info.name, shape, error)) from error
        if runner.bytes > budget_bytes:
            raise NetworkError(_too_large(self.info.name, shape, runner.bytes, budget_bytes))
        if runner.operations > MOST_OPERATIONS:
            raise NetworkError(_too_slow(self.info.name, shape, runner.operations))
        runner.warm_up()
        geometry = geometry_of(stage, runner.calls, shape)
        runner.follow(geometry, budget_bytes)
        return runner, geometry


def load_model(
    admitted: AdmittedModel, budget_bytes: int, is_cancelled: Callable[[], bool] = lambda: False
) -> keras.Model:
    """Load a model that has passed the gate.

    Raises
    ------
    ModelRefused
        If Keras cannot load it.
    Cancelled
        At the next layer after ``is_cancelled`` turned true.
    """

    def go_on(_layer: object, _arguments: object, proceed: Proceed) -> object:
        if is_cancelled():
            raise Cancelled
        return proceed()

    # Layers draw the seeds of their weights when they are made, for the case that there are none.
    keras.utils.set_random_seed(SEED)
    try:
        with (
            warnings.catch_warnings(),
            weights_within(budget_bytes),
            sequentials_built_once(),
            watched(go_on),
        ):
            warnings.simplefilter("ignore")
            model = keras.models.load_model(admitted.path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises anything
        if is_cancelled():
            raise Cancelled from error
        reason = _reason(error)
        advice = "save it again with this version"
        if reason.endswith("of weights"):
            advice = "raise the memory limit or choose a smaller model"
        raise ModelRefused(
            f"{admitted.name} cannot be loaded by Keras {keras.__version__} ({reason}): {advice}."
        ) from error
    if not isinstance(model, keras.Model):
        raise ModelRefused(f"{admitted.name} holds no model: save the whole model.")
    return model


def describe_model(
    model: keras.Model,
    base: ModelInfo,
    budget_bytes: int,
    *,
    input_shape: tuple[int, ...] | None = None,
    on_call: OnCall = lambda _: None,
) -> OpenedModel:
    """List a model's layers and stages by recording a run on shapes alone.

    Parameters
    ----------
    base
        Name, digest and notes.
    input_shape
        ``(height, width, channels)`` for a model that does not know its own; 3 channels if they
        are left out.
    on_call
        Told the number of layers seen so far; what it raises ends the listing.

    Raises
    ------
    ModelRefused
        If the model has several inputs, or cannot be built for the shape within the limit.
    """
    if not model.built and input_shape is not None:
        note = f"{base.name} holds no weights: random ones are shown, drawn from seed {SEED}."
        base = replace(base, seed=SEED, notes=(*base.notes, note))
    if not _knows_input(model, base.name, input_shape, budget_bytes):
        layers = layers_of(model)
        return OpenedModel(model, replace(base, layers=layers, needs_input_shape=True))
    inputs = inputs_of(model)
    if len(inputs) != 1:
        raise ModelRefused(_too_many_inputs(base.name, inputs))
    base = replace(base, inputs=inputs, notes=(*base.notes, *weight_notes(model)))
    obstacle = why_no_picture(base.name, inputs[0], model)
    if obstacle:
        return OpenedModel(model, replace(base, layers=layers_of(model), obstacle=obstacle))
    picture = picture_input(inputs[0], model)
    try:
        shape, calls, needed = _recorded(model, picture, on_call)
    except NetworkError as error:
        obstacle = f"{base.name} cannot be run ({error}), so its layers are listed only."
        return OpenedModel(model, replace(base, layers=layers_of(model), obstacle=obstacle))
    if any(picture.free_size):
        calls = _recorded_open(model, picture, on_call) or calls
    info = _with_stages(base, model, calls)
    most = budget_bytes * prod(shape[:2]) // max(needed, 1) if any(picture.free_size) else 0
    notes = filter(None, (*info.notes, channel_note(base.name, picture.channels)))
    info = replace(
        info,
        input=default_spec(picture, shape, model),
        free_size=picture.free_size,
        most_pixels=most,
        notes=tuple(notes),
    )
    return OpenedModel(model, info, picture)


def _with_stages(base: ModelInfo, model: keras.Model, calls: list[Call]) -> ModelInfo:
    """Add the pooling layers, or those that could be added, or say that there can be none."""
    stages = stages_of(calls, base.inputs[0].name)
    added = () if stages else added_stages(calls)
    notes, obstacle = base.notes, ""
    if added:
        note = (
            f"{base.name} has no pooling layer: the tutorial's 2×2 maximum is added behind the "
            "convolution that is chosen."
        )
        notes = (*notes, note)
    elif not stages:
        obstacle = (
            f"{base.name} has neither a 2-D pooling layer nor a 2-D convolution to add one to, so "
            "its layers are listed and nothing can be drawn."
        )
    layers = layers_of(model, calls, stages or added)
    listed = in_order_of(layers, stages or added)
    return replace(base, layers=layers, stages=listed, notes=notes, obstacle=obstacle)


def _knows_input(
    model: keras.Model, name: str, input_shape: tuple[int, ...] | None, budget_bytes: int
) -> bool:
    """Whether a model has inputs; a Sequential that has none yet gets those of a shape."""
    if isinstance(model, keras.Sequential) and not model.built and input_shape is not None:
        shape = (*input_shape, 3)[:3]
        try:
            build(model, shape, budget_bytes)
        except Exception as error:  # layers raise anything
            raise ModelRefused(_impossible(name, shape, error)) from error
    return bool(model.built and getattr(model, "inputs", None))


def _recorded(
    model: keras.Model, picture: PictureInput, on_call: OnCall
) -> tuple[tuple[int, int, int], list[Call], int]:
    """Record a run at the model's own size, or at the first usual one that it can take."""
    first: Exception | None = None
    for side in TRIED_SIDES if any(picture.free_size) else TRIED_SIDES[:1]:
        height, width, channels = picture.shape(side)
        shape = height or side, width or side, channels
        try:
            calls, needed = _record(model, picture, shape, on_call)
        except Cancelled:
            raise
        except Exception as error:  # noqa: BLE001 - layers raise anything
            first = first or error
        else:
            return shape, calls, needed
    raise NetworkError(_reason(first))


def _recorded_open(model: keras.Model, picture: PictureInput, on_call: OnCall) -> list[Call] | None:
    """Record a run whose size stays open, so that shapes are listed as the model has them."""
    try:
        return _record(model, picture, picture.shape(None), on_call)[0]
    except Cancelled:
        raise
    except Exception:  # noqa: BLE001 - some layers need to know the size
        return None


def _record(
    model: keras.Model,
    picture: PictureInput,
    shape: tuple[int | None, int | None, int],
    on_call: OnCall,
) -> tuple[list[Call], int]:
    """Return every call of a run on shapes alone, and the memory that its activations take."""
    recorder = Recorder(on_call=on_call)

    def run(batch: tf.Tensor) -> None:
        recorder.run(model, picture.arranged(picture.received(batch)))

    signature = tf.TensorSpec((1, *shape), tf.float32)
    concrete = tf.function(run, autograph=False).get_concrete_function(signature)
    return recorder.calls, bytes_of(concrete.graph)


def _too_many_inputs(name: str, inputs: tuple[InputInfo, ...]) -> str:
    names = ", ".join(info.name for info in inputs)
    return (
        f"{name} has {len(inputs)} inputs ({names}), and PoolViewer shows models with one: save "
        "the part from one input to its pooling as a model of its own."
    )


def _impossible(name: str, shape: tuple[int, ...], error: Exception) -> str:
    size = "×".join(map(str, shape))
    return f"{name} cannot take an input of {size} ({_reason(error)}): choose another size."


def _too_large(name: str, shape: tuple[int, int, int], needed: int, budget_bytes: int) -> str:
    return (
        f"On an input of {shape[0]}×{shape[1]}, {name} would take {in_megabytes(needed)} of memory "
        f"and the limit is {in_megabytes(budget_bytes)}: choose a smaller size."
    )


def _too_slow(name: str, shape: tuple[int, int, int], operations: int) -> str:
    return (
        f"On an input of {shape[0]}×{shape[1]}, {name} would take {operations // 10**9:,} billion "
        f"operations a frame and the limit is {MOST_OPERATIONS // 10**9:,}: choose a smaller size."
    )


def _reason(error: Exception | None) -> str:
    """Return the first line of what a layer says, without TensorFlow's account of the operation."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    if text.startswith("Negative dimension size"):
        return "it is too small for the layers"
    if " of weights: " in text:  # Keras wraps what a layer says
        return printable(text.partition(": raise")[0])
    text = printable(text.partition(" for '{{node")[0].rpartition("}} ")[2].rstrip(".:"))
    return text if len(text) <= 200 else f"{text[:199]}…"
