"""The parameters of the tutorial's network; every change takes effect at once."""

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.network import (
    ACTIVATIONS,
    MAX_FILTERS,
    MAX_SEED,
    MAX_SIDE,
    NetworkSpec,
    Problem,
)
from poolviewer.views.field_form import FieldForm, Row
from poolviewer.views.fields import (
    CHANNEL_ORDERS,
    FITS,
    SCALINGS,
    ChoiceField,
    NumberField,
    PairField,
)

PADDINGS = {"valid": "valid", "same": "same"}
POOL_KINDS = {"max": "max", "average": "average"}
GREATEST_SEED_SPIN = 2**31 - 1


class ParametersPanel(FieldForm):
    """A form of all parameters of one convolution and one pooling."""

    def __init__(self, parent: QWidget | None = None) -> None:
        fields: dict[str, PairField | NumberField | ChoiceField] = {
            "size": PairField(MAX_SIDE),
            "channel_order": ChoiceField(CHANNEL_ORDERS),
            "scaling": ChoiceField(SCALINGS),
            "fit": ChoiceField(FITS),
            "filters": NumberField(1, MAX_FILTERS),
            "kernel_size": PairField(MAX_SIDE),
            "strides": PairField(MAX_SIDE),
            "padding": ChoiceField(PADDINGS),
            "activation": ChoiceField({name: name for name in ACTIVATIONS}),
            "seed": NumberField(0, min(MAX_SEED, GREATEST_SEED_SPIN)),
            "pool_kind": ChoiceField(POOL_KINDS),
            "pool_size": PairField(MAX_SIDE),
            "pool_strides": PairField(MAX_SIDE),
            "pool_padding": ChoiceField(PADDINGS),
        }
        super().__init__(fields, parent)
        self._network = NetworkSpec()
        for heading, rows in self._sections():
            self.add_section(heading, rows)
        for field in fields.values():
            field.value_changed.connect(self._on_field_value_changed)

    def show_network(self, network: NetworkSpec, problems: tuple[Problem, ...]) -> None:
        """Show parameters and, under the fields at fault, what is impossible."""
        self._network = network
        self.show_values(_values(network))
        self.show_problems(problems)

    def _sections(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        return (
            (
                self.tr("Input"),
                (
                    ("size", self.tr("Size"), self.tr("Rows × columns that the network receives")),
                    ("channel_order", self.tr("Channels"), self.tr("Order of the colour channels")),
                    ("scaling", self.tr("Scaling"), self.tr("Range that 0–255 is mapped to")),
                    ("fit", self.tr("Fit"), self.tr("How a picture is made to fit the size")),
                ),
            ),
            (
                self.tr("Convolution"),
                (
                    ("filters", self.tr("Filters"), self.tr("Number of feature maps, 1 to 1024")),
                    ("kernel_size", self.tr("Kernel"), self.tr("Rows × columns of the kernel")),
                    ("strides", self.tr("Strides"), self.tr("Pixels from one kernel to the next")),
                    ("padding", self.tr("Padding"), self.tr("same pads so that edges count")),
                    ("activation", self.tr("Activation"), self.tr("Function after the sum")),
                    (
                        "seed",
                        self.tr("Seed"),
                        self.tr("Decides the random weights: 0 to 2147483647"),
                    ),
                ),
            ),
            (
                self.tr("Pooling"),
                (
                    ("pool_kind", self.tr("Kind"), self.tr("Maximum or average of a window")),
                    ("pool_size", self.tr("Size"), self.tr("Rows × columns of the pool window")),
                    ("pool_strides", self.tr("Strides"), self.tr("Pixels between windows")),
                    ("pool_padding", self.tr("Padding"), self.tr("same lets windows overhang")),
                ),
            ),
        )

    def _on_field_value_changed(self) -> None:
        values: dict[str, Any] = {name: field.value() for name, field in self._fields.items()}
        height, width = values.pop("size")
        inputs = {name: values.pop(name) for name in ("channel_order", "scaling", "fit")}
        spec = InputSpec(height, width, **inputs)
        self.network_changed.emit(replace(self._network, input=spec, **values))


def _values(network: NetworkSpec) -> dict[str, Any]:
    """Return the value of every field."""
    spec = network.input
    inputs = {name: getattr(spec, name) for name in ("channel_order", "scaling", "fit")}
    names = ("filters", "kernel_size", "strides", "padding", "activation", "seed")
    pools = ("pool_kind", "pool_size", "pool_strides", "pool_padding")
    rest = {name: getattr(network, name) for name in names + pools}
    return {"size": (spec.height, spec.width), **inputs, **rest}
