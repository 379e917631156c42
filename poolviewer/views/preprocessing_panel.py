"""What an opened model gets of a picture; every change takes effect at once."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QLabel, QWidget

from poolviewer.core.input_spec import (
    CUSTOM,
    InputSpec,
    number_problem,
    preprocessing_name,
    preprocessings_for,
    with_preprocessing,
)
from poolviewer.core.model_info import ModelInfo, ModelSpec
from poolviewer.core.network import Problem
from poolviewer.core.numbers import format_number
from poolviewer.views.field_form import FieldForm, Row
from poolviewer.views.fields import (
    CHANNEL_ORDERS,
    FITS,
    SCALINGS,
    ChoiceField,
    NumbersField,
    PairField,
    TickField,
)

MOST_SIDE = 8192
SCALED = {"0-255": "x", "0-1": "x ÷ 255", "-1-1": "x ÷ 127.5 \N{MINUS SIGN} 1"}
NO_NUMBERS = "Write one number, or one for each channel with commas between: 0.485, 0.456, 0.406."
FIXED_TIP = "The model takes this size and no other"
FREE_TIP = "Rows × columns that the model receives"


class PreprocessingPanel(FieldForm):
    """A form of size, fit and numbers, and in words what the model gets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            {
                "size": PairField(MOST_SIDE),
                "is_own_size": TickField(self.tr("as the picture")),
                "fit": ChoiceField(FITS),
                "preset": ChoiceField({}),
                "channel_order": ChoiceField(CHANNEL_ORDERS),
                "scaling": ChoiceField(SCALINGS),
                "mean": NumbersField(),
                "deviation": NumbersField(),
            },
            parent,
        )
        self._network = ModelSpec("", "", "", InputSpec())
        self._free_size: dict[str, tuple[bool, bool]] = {}
        self._words = QLabel()
        self._build_form()
        for name, field in self._fields.items():
            if name == "preset":
                field.value_changed.connect(self._on_preset_value_changed)
            else:
                field.value_changed.connect(self._on_field_value_changed)

    @property
    def words(self) -> str:
        """What the model gets, in words."""
        return self._words.text()

    def show_model(self, model: ModelInfo) -> None:
        """Remember whether a model's size may be chosen."""
        self._free_size = {model.digest: model.free_size}

    def show_network(self, network: ModelSpec, problems: tuple[Problem, ...]) -> None:
        """Show what a model gets and, under the fields at fault, what is impossible."""
        self._network = network
        spec = network.input
        self._offer_presets(spec)
        self.show_values(_values(spec))
        self._free_fields(spec)
        self.show_problems(problems)
        self._words.setText("" if number_problem(spec) else in_words(spec))

    def _build_form(self) -> None:
        self.form.addRow(self._words)
        for heading, rows in self._sections():
            self.add_section(heading, rows)
        self.field("mean").setPlaceholderText("0")
        self.field("deviation").setPlaceholderText("1")
        self._words.setObjectName("muted")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setWordWrap(True)
        self._words.setToolTip(self.tr("What the model gets; x is a number of the picture, 0–255"))

    def _sections(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        numbers = self.tr("one number, or one for each channel with commas between")
        return (
            (
                self.tr("Size"),
                (
                    ("size", self.tr("Size"), self.tr(FREE_TIP)),
                    (
                        "is_own_size",
                        self.tr("Own size"),
                        self.tr("Follow the size of each picture, as far as the memory allows"),
                    ),
                    ("fit", self.tr("Fit"), self.tr("How a picture is made to fit the size")),
                ),
            ),
            (
                self.tr("Numbers"),
                (
                    ("preset", self.tr("Preset"), self.tr("What models are commonly trained on")),
                    ("channel_order", self.tr("Channels"), self.tr("Order of the colour channels")),
                    ("scaling", self.tr("Scaling"), self.tr("Range that 0–255 is mapped to")),
                    ("mean", self.tr("Mean"), self.tr("Subtracted after scaling: ") + numbers),
                    ("deviation", self.tr("Deviation"), self.tr("Divided by at last: ") + numbers),
                ),
            ),
        )

    def _offer_presets(self, spec: InputSpec) -> None:
        names = {name: name for name in preprocessings_for(spec)}
        if preprocessing_name(spec) not in names:
            names[CUSTOM] = self.tr(CUSTOM)
        preset = self.field("preset")
        preset.offer(names)
        with QSignalBlocker(preset):
            preset.set_value(preprocessing_name(spec) if CUSTOM not in names else CUSTOM)

    def _free_fields(self, spec: InputSpec) -> None:
        are_free = self._free_size.get(self._network.digest, (False, False))
        size = self.field("size")
        rows, cols = are_free
        size.set_free((rows and not spec.is_own_size, cols and not spec.is_own_size))
        size.setToolTip(self.tr(FREE_TIP if any(are_free) else FIXED_TIP))
        self.set_row_visible("is_own_size", is_visible=all(are_free))

    def _on_preset_value_changed(self) -> None:
        preset = preprocessings_for(self._network.input).get(self.field("preset").value())
        if preset is not None:
            self._wish(with_preprocessing(self._network.input, preset))

    def _on_field_value_changed(self) -> None:
        values: dict[str, Any] = {name: field.value() for name, field in self._fields.items()}
        unread = [name for name in ("mean", "deviation") if values[name] is None]
        if unread:
            self.show_problems(Problem(name, self.tr(NO_NUMBERS)) for name in unread)
            return
        del values["preset"]
        height, width = values.pop("size")
        channels = self._network.input.shape[2]
        self._wish(InputSpec(height, width, channels=channels, **values))

    def _wish(self, spec: InputSpec) -> None:
        self.network_changed.emit(replace(self._network, input=spec))


def in_words(spec: InputSpec) -> str:
    """Say what a network gets: size, channels, and what is made of a picture's number x."""
    height, width, channels = spec.shape
    size = (
        "The picture's own size as far as memory allows"
        if spec.is_own_size
        else f"{height}×{width}"
    )
    plural = "" if channels == 1 else "s"
    low, high = map(_short, spec.value_range)
    return (
        f"{size}, {channels} channel{plural} ({spec.channel_words}), each {_formula(spec)}: "
        f"{low} to {high}"
    )


def _short(number: float) -> str:
    text = format_number(number)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _formula(spec: InputSpec) -> str:
    formula: str = SCALED[spec.scaling]
    if any(spec.mean):
        formula += " \N{MINUS SIGN} mean"
    if any(number != 1 for number in spec.deviation):
        formula = f"({formula})" if " " in formula else formula
        formula += " ÷ deviation"
    return formula.replace(" ", "\N{NO-BREAK SPACE}")


def _values(spec: InputSpec) -> dict[str, Any]:
    """Return the value of every field but the preset."""
    names = ("is_own_size", "fit", "channel_order", "scaling", "mean", "deviation")
    return {"size": (spec.height, spec.width), **{name: getattr(spec, name) for name in names}}
