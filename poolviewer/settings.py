"""What is remembered from one start to the next."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, cast, get_args

from PySide6.QtCore import QByteArray, QSettings

from poolviewer.core.budget import LARGEST, SMALLEST, default_budget
from poolviewer.core.camera_format import AS_DELIVERED, RATES, SIZES, CameraFormat
from poolviewer.core.device import AUTOMATIC, is_device_wish
from poolviewer.core.display import COLOUR_MAP_NAMES, DisplaySpec, LevelsMode
from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.exporting import choices_from_json, choices_to_json
from poolviewer.core.input_spec import ChannelOrder, Fit, InputSpec, Scaling, number_problem
from poolviewer.core.model_search import RECENT_KEY, recent_from
from poolviewer.core.ordering import TILE_ORDERS
from poolviewer.core.recording import (
    KINDS,
    LONGEST_S,
    MOST_FRAMES_PER_S,
    SCALES,
    RecordingChoices,
)
from poolviewer.core.ring import (
    DEFAULT_BYTES,
    DEFAULT_SECONDS,
    LEAST_BYTES,
    MOST_BYTES,
    MOST_SECONDS,
)
from poolviewer.core.timeline import ReplayLimits
from poolviewer.views.preprocessing_panel import MOST_SIDE
from poolviewer.views.source_menus import THEMES

SYSTEM_THEME = "system"
MOST_INPUTS = 200
MOST_CHANNELS = 4096
WORDS: dict[str, Any] = {"channel_order": ChannelOrder, "scaling": Scaling, "fit": Fit}
LARGEST_NUMBER = 1e30


class Settings:
    """Typed access to the person's `QSettings`; a value that makes no sense is the default.

    Parameters
    ----------
    path
        A file to use instead, by those who must not touch the person's own.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat) if path else QSettings()

    @property
    def theme(self) -> str:
        """``"system"``, ``"light"`` or ``"dark"``."""
        theme = str(self._store.value("theme", SYSTEM_THEME))
        return theme if theme in THEMES else SYSTEM_THEME

    @theme.setter
    def theme(self, theme: str) -> None:
        self._store.setValue("theme", theme)

    @property
    def display(self) -> DisplaySpec:
        """Colour map, levels and the gallery's order; neither the mirror nor the page."""
        colours = str(self._store.value("display/colour_map", ""))
        levels = str(self._store.value("display/levels_mode", ""))
        order = str(self._store.value("display/order", ""))
        default = DisplaySpec()
        return DisplaySpec(
            colours if colours in COLOUR_MAP_NAMES else default.colour_map,
            cast("LevelsMode", levels) if levels in get_args(LevelsMode) else default.levels_mode,
            order=order if order in TILE_ORDERS else default.order,
        )

    @display.setter
    def display(self, display: DisplaySpec) -> None:
        self._store.setValue("display/colour_map", display.colour_map)
        self._store.setValue("display/levels_mode", display.levels_mode)
        self._store.setValue("display/order", display.order)

    @property
    def device(self) -> str:
        """``auto``, ``cpu`` or ``gpu:N``."""
        device = str(self._store.value("device", AUTOMATIC))
        return device if is_device_wish(device) else AUTOMATIC

    @device.setter
    def device(self, device: str) -> None:
        self._store.setValue("device", device)

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window was, as `QWidget.saveGeometry` gave it."""
        geometry = self._store.value("window/geometry")
        return geometry if isinstance(geometry, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("window/geometry", geometry)

    @property
    def recent_models(self) -> tuple[str, ...]:
        """Paths of models that were opened before, the newest first."""
        return recent_from(self._store.value(RECENT_KEY))

    @recent_models.setter
    def recent_models(self, paths: tuple[str, ...]) -> None:
        self._store.setValue(RECENT_KEY, json.dumps(paths))

    @property
    def memory_limit(self) -> int:
        """How many bytes a model may take."""
        limit = _json(self._store.value("models/memory_limit"))
        is_sound = isinstance(limit, int) and SMALLEST <= limit <= LARGEST
        return limit if is_sound else default_budget()

    @memory_limit.setter
    def memory_limit(self, limit: int) -> None:
        self._store.setValue("models/memory_limit", json.dumps(limit))

    @property
    def replay_limits(self) -> ReplayLimits:
        """How much of a live source is kept to look back."""
        seconds = _json(self._store.value("replay/seconds"))
        size = _json(self._store.value("replay/bytes"))
        return ReplayLimits(
            seconds if _is_from(seconds, 0, MOST_SECONDS) else DEFAULT_SECONDS,
            size if _is_from(size, LEAST_BYTES, MOST_BYTES) else DEFAULT_BYTES,
        )

    @replay_limits.setter
    def replay_limits(self, limits: ReplayLimits) -> None:
        self._store.setValue("replay/seconds", json.dumps(limits.seconds))
        self._store.setValue("replay/bytes", json.dumps(limits.max_bytes))

    @property
    def is_looping(self) -> bool:
        """Whether a video begins again after its last frame."""
        return _json(self._store.value("replay/is_looping")) is not False

    @is_looping.setter
    def is_looping(self, is_looping: bool) -> None:
        self._store.setValue("replay/is_looping", json.dumps(is_looping))

    @property
    def camera_format(self) -> CameraFormat:
        """What cameras are asked to deliver."""
        numbers = _json(self._store.value("camera/format"))
        wanted = CameraFormat(*numbers) if _are_whole(numbers, 3) else AS_DELIVERED
        return wanted if wanted.size in SIZES and wanted.rate in RATES else AS_DELIVERED

    @camera_format.setter
    def camera_format(self, wanted: CameraFormat) -> None:
        self._store.setValue("camera/format", json.dumps([*wanted.size, wanted.rate]))

    @property
    def recording(self) -> RecordingChoices:
        """How a person recorded last."""
        data = _json(self._store.value("recording"))
        return choices_from(data) or RecordingChoices()

    @recording.setter
    def recording(self, choices: RecordingChoices) -> None:
        self._store.setValue("recording", json.dumps(asdict(choices)))

    @property
    def export(self) -> ExportChoices | None:
        """What was exported last; None if nothing ever was."""
        return choices_from_json(_json(self._store.value("export")))

    @export.setter
    def export(self, choices: ExportChoices) -> None:
        self._store.setValue("export", json.dumps(choices_to_json(choices)))

    def input_of(self, digest: str) -> InputSpec | None:
        """Return what was last chosen for the input of the model with this digest."""
        return input_from(self._inputs().get(digest))

    def remember_input(self, digest: str, spec: InputSpec) -> None:
        """Remember what is made of a picture for a model; the oldest of very many are forgotten."""
        inputs = self._inputs()
        inputs.pop(digest, None)
        newest = [*inputs.items(), (digest, asdict(spec))][-MOST_INPUTS:]
        self._store.setValue("models/inputs", json.dumps(dict(newest)))

    def _inputs(self) -> dict[str, Any]:
        inputs = _json(self._store.value("models/inputs"))
        return inputs if isinstance(inputs, dict) else {}


def input_from(data: object) -> InputSpec | None:
    """Return the input that was written as JSON; None if it makes no sense."""
    if not isinstance(data, dict) or set(data) != {field.name for field in fields(InputSpec)}:
        return None
    channels = data["channels"]
    is_sound = (
        _is_whole(data["height"], MOST_SIDE)
        and _is_whole(data["width"], MOST_SIDE)
        and (channels is None or _is_whole(channels, MOST_CHANNELS))
        and all(data[name] in get_args(words) for name, words in WORDS.items())
        and _are_numbers(data["mean"])
        and _are_numbers(data["deviation"])
        and isinstance(data["is_own_size"], bool)
    )
    if not is_sound:
        return None
    spec = InputSpec(**{**data, **{name: tuple(data[name]) for name in ("mean", "deviation")}})
    return None if number_problem(spec) else spec


def choices_from(data: object) -> RecordingChoices | None:
    """Return the choices that were written as JSON; None if they make no sense."""
    names = {field.name for field in fields(RecordingChoices)}
    if not isinstance(data, dict) or set(data) != names:
        return None
    is_sound = (
        data["kind"] in KINDS
        and data["scale"] in SCALES
        and _is_whole(data["scale"], max(SCALES))
        and _is_whole(data["frames_per_s"], MOST_FRAMES_PER_S)
        and _is_whole(data["longest_s"], LONGEST_S)
        and isinstance(data["folder"], str)
    )
    return RecordingChoices(**data) if is_sound else None


def _json(text: object) -> Any:  # noqa: ANN401 - whatever stands in the settings
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None


def _is_whole(value: object, most: int) -> bool:
    return _is_from(value, 1, most)


def _is_from(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _are_whole(values: object, count: int) -> bool:
    return isinstance(values, list) and len(values) == count and all(type(v) is int for v in values)


def _are_numbers(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(number, int | float) and -LARGEST_NUMBER <= number <= LARGEST_NUMBER
        for number in value
    )
