"""What the threads make for themselves, imported where it runs, so that the window opens first."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.exporting import ExportOutcome, ExportPreview
from poolviewer.core.filming import Film, plan_walk
from poolviewer.core.input_spec import InputSpec
from poolviewer.core.messages import (
    CameraList,
    Frame,
    PreparedInput,
    SourceRequest,
)
from poolviewer.core.protocols import Engine, FrameSource, Recorder
from poolviewer.core.recording import RecordingSpec
from poolviewer.core.shared_libraries import open_unlocked
from poolviewer.export.request import FigureRequest
from poolviewer.runtime.failures import sentence_of

# ruff: noqa: PLC0415 - late imports are what this module is for


def create_engine() -> Engine:
    """Import TensorFlow and make the engine; takes seconds.

    OpenCV comes first, for two reasons. While TensorFlow's libraries are being opened, a thread
    that imports another one waits for the system's loader with the interpreter lock held, and the
    window stops. And Keras imports OpenCV by itself, which then is loud and misleads Qt.
    """
    from poolviewer.model.importing import import_tensorflow
    from poolviewer.sources import opening, prepare  # noqa: F401

    import_tensorflow()
    from poolviewer.model.engine import KerasEngine

    return KerasEngine()


def check_model(path: str, budget_bytes: int) -> None:
    """Judge a model file without loading it or TensorFlow; raises `NetworkError`."""
    from poolviewer.model.gate import admit

    with admit(Path(path), budget_bytes):
        pass


def save_vgg_block(path: str) -> None:
    """Write the model that `poolviewer bench` opens; TensorFlow must have been imported."""
    from poolviewer.model import vgg_block

    vgg_block.save_vgg_block(Path(path))


def open_source(request: SourceRequest) -> FrameSource:
    """Make the source of a request; imports OpenCV the first time."""
    from poolviewer.sources import opening

    return opening.open_source(request)


def prepare(frame: Frame, spec: InputSpec) -> PreparedInput:
    """Make a frame ready for a network's input."""
    from poolviewer.sources import prepare as preparation

    return preparation.prepare(frame, spec)


def list_cameras() -> CameraList:
    """Ask the system for its cameras."""
    from poolviewer.sources import camera

    return CameraList(tuple((f"camera:{c.number}", c.name) for c in camera.list_cameras()))


def preview_figure(
    request: FigureRequest, choices: ExportChoices, room: tuple[int, int]
) -> ExportPreview:
    """Draw a figure as large as there is room for, in device pixels; a failure is told in it."""
    from poolviewer.export.preview import preview_of

    try:
        return preview_of(request, choices, room)
    except Exception as error:  # noqa: BLE001 - the next preview is asked for all the same
        return ExportPreview(sentence=sentence_of(error, "There is no preview"))


def export_as(request: FigureRequest, choices: ExportChoices) -> ExportOutcome:
    """Write a file under a name that is not taken yet; a failure is told in what comes of it."""
    from poolviewer.core.file_names import file_name, free_path
    from poolviewer.export.fields import fields_of
    from poolviewer.export.writing import write_figure

    path = choices.folder
    try:
        name = file_name(choices.template, fields_of(request), choices.ending)
        path = str(free_path(Path(choices.folder) / name))
        write_figure(Path(path), request, choices.options)
    except Exception as error:  # noqa: BLE001 - the person is told, whatever it is
        return ExportOutcome(choices, path, sentence=sentence_of(error, "This did not work"))
    return ExportOutcome(choices, path)


def copy_as(request: FigureRequest, choices: ExportChoices) -> ExportOutcome:
    """Draw a figure for the clipboard; a failure is told in what comes of it."""
    from poolviewer.export.figure import arranged

    try:
        figure = arranged(request)
        figure.check_drawn()
        return ExportOutcome(choices, image=figure.image(request.scale))
    except Exception as error:  # noqa: BLE001 - the person is told, whatever it is
        return ExportOutcome(choices, sentence=sentence_of(error, "This did not work"))


def load_recorder() -> None:
    """Load FFmpeg's libraries, once per process."""
    if "av" not in sys.modules:
        open_unlocked(_ffmpeg_of_pyav())
    from poolviewer.export import recording  # noqa: F401


def create_recorder(spec: RecordingSpec) -> Recorder:
    """Open a recording; raises `ExportError`."""
    load_recorder()
    from poolviewer.export.recording import FigureRecorder

    return FigureRecorder(spec)


def film_of_walk(request: FigureRequest, wish: RecordingSpec) -> Film:
    """Return the animation of a request's step-through; raises `ExportError` without one.

    Parameters
    ----------
    wish
        The file and its scale; its rate is windows per second.
    """
    from poolviewer.core.laboratory.stepping import Stepping

    stepping = request.experiment
    assert isinstance(stepping, Stepping)  # noqa: S101 - the controller has asked
    count = len(stepping.positions(request.activations.stage))
    plan = plan_walk(count, wish.frames_per_s)

    def scenes() -> Iterator[tuple[object, float]]:
        from poolviewer.export.films import step_through

        return step_through(request, plan)

    return Film(plan.spec(wish.path, wish.scale), len(plan.positions), scenes, plan.remark)


def _ffmpeg_of_pyav() -> Iterator[Path]:
    """Find the library that needs all the others, where PyAV brings its own."""
    spec = importlib.util.find_spec("av")
    if spec is not None and spec.origin is not None:
        yield from (Path(spec.origin).parents[1] / "av.libs").glob("libavdevice*")
