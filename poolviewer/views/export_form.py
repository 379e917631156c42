"""What can be chosen of an export: kind of file, contents, looks and name."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from poolviewer.core.export_choices import FORMATS, ExportChoices, Extent, MapChoice
from poolviewer.core.exporting import LEAST_SIDE, MOST_SIDE, SCALES, TEXT_SCALES
from poolviewer.core.figure_spec import PARTS, FigureSpec, LayoutName
from poolviewer.core.text import printable
from poolviewer.drawing.palette import SPACING
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.fields import ChoiceField, NumberField, TickField
from poolviewer.views.template_field import TemplateField

PART_WORDS = {
    "title": "Title", "input": "Input", "feature": "Feature map", "pooled": "Pooled map",
    "gallery": "Gallery", "trace": "Trace", "laboratory": "Laboratory", "legend": "Legend",
    "caption": "Caption",
}  # fmt: skip
SWITCHES = {
    "has_outlines": ("Outlines", "Outline windows and receptive fields"),
    "has_winner": ("Winner", "Mark the winner of the pool window"),
    "has_values": ("Values", "Write numbers on pixels that are large enough"),
    "has_colour_bars": ("Colour bars", "Put a colour bar under each map"),
}
LAYOUT_WORDS = {
    "free": "free size", "slide": "slide, 16:9", "column": "one column of a paper",
    "page": "two columns of a paper",
}  # fmt: skip
THEME_WORDS = {"": "as the window", "light": "light", "dark": "dark"}
EXTENT_WORDS = {"window": "pool window", "map": "shown channel", "all": "all channels"}
MAP_WORDS = {"pooled": "pooled map", "feature": "feature map", "input": "input"}
WITH_EXTENT = ("npy", "csv")
RASTER = ("png", "jpg", "webp")
FIGURE_ROWS = ("contents", "marks", "layout", "theme", "text_scale", "title", "caption")


class ExportForm(QScrollArea):
    """Shows choices and tells when a person changed one."""

    value_changed = Signal()
    folder_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._folder = ""
        self.fields: dict[str, Any] = self._make_fields()
        self.parts = {part: TickField(PART_WORDS[part]) for part in PARTS}
        self.switches = {name: TickField(words) for name, (words, _) in SWITCHES.items()}
        self.size_words = QLabel()
        self.size_words.setObjectName("muted")
        self.folder_label = ElidedLabel()
        content = QWidget()
        self.form = QFormLayout(content)
        self.form.setContentsMargins(SPACING, 0, SPACING, 0)
        self.form.setHorizontalSpacing(2 * SPACING)
        self.form.setVerticalSpacing(SPACING)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._rows: dict[str, int] = {}
        self._arrange()
        self.setWidget(content)
        for field in (*self.fields.values(), *self.parts.values(), *self.switches.values()):
            field.value_changed.connect(self._on_value_changed)

    @property
    def has_problem(self) -> bool:
        """Whether a template cannot be filled."""
        return any(self.fields[name].problem for name in ("title", "caption", "template"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen of which a figure could be drawn."""
        return self._is_drawn and not any(tick.value() for tick in self.parts.values())

    def show_choices(self, choices: ExportChoices) -> None:
        """Show what was chosen, without telling of it."""
        fields = (*self.fields.values(), *self.parts.values(), *self.switches.values())
        blockers = [QSignalBlocker(field) for field in fields]
        spec = choices.spec
        for name, field in self.fields.items():
            owner: object = spec if hasattr(spec, name) else choices
            value = getattr(owner, name)
            field.set_value(_key(value) if name in ("scale", "text_scale") else value)
        for part, tick in self.parts.items():
            tick.set_value(part in spec.parts)
        for name, tick in self.switches.items():
            tick.set_value(getattr(spec, name))
        del blockers
        self.show_folder(choices.folder)
        self._show_rows()

    def show_folder(self, folder: str) -> None:
        """Show where the file is put."""
        self._folder = folder
        self.folder_label.show_text(printable(from_home(folder)), printable(folder))

    def choices(self) -> ExportChoices:
        """Return what is chosen now."""
        value = {name: field.value() for name, field in self.fields.items()}
        spec = FigureSpec(
            parts=tuple(part for part, tick in self.parts.items() if tick.value()),
            title=value["title"],
            caption=value["caption"],
            text_scale=float(value["text_scale"]),
            layout=cast("LayoutName", value["layout"]),
            width=value["width"],
            height=value["height"],
        )
        switches = {name: tick.value() for name, tick in self.switches.items()}
        return ExportChoices(
            replace(spec, **switches),  # type: ignore[arg-type]
            value["ending"],
            value["theme"],
            float(value["scale"]),
            cast("Extent", value["extent"]),
            self._folder,
            value["template"],
            cast("MapChoice", value["map_name"]),
        )

    @property
    def _is_drawn(self) -> bool:
        ending = self.fields["ending"].value()
        return next(known.is_drawn for known in FORMATS if known.ending == ending)

    def _make_fields(self) -> dict[str, Any]:
        height = NumberField(0, MOST_SIDE)
        height.setSpecialValueText(self.tr("as needed"))
        return {
            "ending": ChoiceField({known.ending: known.words for known in FORMATS}),
            "extent": ChoiceField({name: EXTENT_WORDS[name] for name in get_args(Extent)}),
            "map_name": ChoiceField(MAP_WORDS),
            "layout": ChoiceField(LAYOUT_WORDS),
            "width": NumberField(LEAST_SIDE, MOST_SIDE),
            "height": height,
            "theme": ChoiceField(THEME_WORDS),
            "scale": ChoiceField({_key(scale): f"{scale:g}×" for scale in SCALES}),
            "text_scale": ChoiceField({_key(scale): f"{scale:.0%}" for scale in TEXT_SCALES}),
            "title": TemplateField(self.tr("Title"), self.tr("What stands above the figure")),
            "caption": TemplateField(self.tr("Caption"), self.tr("What stands below the figure")),
            "template": TemplateField(
                self.tr("File name"), self.tr("The file's name; its ending is added")
            ),
        }

    def _arrange(self) -> None:
        tr = self.tr
        self._add_row("ending", tr("&Format"), tr("What kind of file is written"))
        self._add_row("extent", tr("N&umbers"), tr("How much of the numbers is written"))
        self._add_row("map_name", tr("Of the &map"), tr("Which map's numbers are written"))
        self._add("contents", tr("Contents"), self._ticks(self.parts, {}))
        tips = {name: tip for name, (_, tip) in SWITCHES.items()}
        self._add("marks", tr("On the maps"), self._ticks(self.switches, tips))
        self._add_row("layout", tr("&Layout"), tr("How the parts are arranged, and how wide"))
        self._add("size", tr("Width, height"), self._size_row())
        self._add_row("theme", tr("Colou&rs"), tr("Light or dark colours"))
        self._add_row("scale", tr("&Scale"), tr("Pixels of the file for each of the figure's"))
        self.form.addRow("", self.size_words)
        self._add_row("text_scale", tr("Te&xt size"), tr("How large text is"))
        for name, label in (("title", tr("&Title")), ("caption", tr("Capt&ion"))):
            self._add_row(name, label, "")
        self._add("folder", tr("Folder"), self._folder_row())
        self._add_row("template", tr("File &name"), "")

    def _size_row(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        for name, label in (("width", self.tr("Width")), ("height", self.tr("Height"))):
            field = self.fields[name]
            field.setAccessibleName(label)
            field.setToolTip(self.tr("{} in pixels at scale 1; 96 are an inch").format(label))
            layout.addWidget(field, 1)
        return row

    def _folder_row(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.folder_label, 1)
        change = QPushButton(self.tr("C&hange…"))
        change.setToolTip(self.tr("Choose another folder"))
        change.setAutoDefault(False)
        change.clicked.connect(self.folder_requested)
        layout.addWidget(change)
        return row

    def _ticks(self, ticks: dict[Any, TickField], tips: dict[str, str]) -> QWidget:
        box = QWidget()
        layout = QGridLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(SPACING // 2)
        columns = 3 if len(ticks) > len(SWITCHES) else 2
        for place, (name, tick) in enumerate(ticks.items()):
            tick.setToolTip(tips.get(name) or self.tr("Put this into the figure"))
            layout.addWidget(tick, place // columns, place % columns)
        return box

    def _add_row(self, name: str, label: str, tip: str) -> None:
        field = self.fields[name]
        if tip:
            field.setToolTip(tip)
        field.setAccessibleName(label.replace("&", ""))
        text = self._add(name, label, field)
        text.setBuddy(field)

    def _add(self, name: str, label: str, field: QWidget) -> QLabel:
        text = QLabel(label)
        self._rows[name] = self.form.rowCount()
        self.form.addRow(text, field)
        return text

    def _on_value_changed(self) -> None:
        self._show_rows()
        self.value_changed.emit()

    def _show_rows(self) -> None:
        """Show only what the kind of file leaves to choose."""
        ending, is_drawn = self.fields["ending"].value(), self._is_drawn
        is_free = self.fields["layout"].value() == "free"
        shown = dict.fromkeys(FIGURE_ROWS, is_drawn)
        shown |= dict.fromkeys(("extent", "map_name"), ending in WITH_EXTENT)
        shown |= {"size": is_drawn and is_free, "scale": ending in RASTER}
        for name, is_shown in shown.items():
            self.form.setRowVisible(self._rows[name], is_shown)


def _key(number: float) -> str:
    return f"{number:g}"


def from_home(folder: str) -> str:
    """Write a folder of the person's own as it is known to them: ``~/Pictures``."""
    path, home = Path(folder), Path.home()
    return str("~" / path.relative_to(home)) if path.is_relative_to(home) else folder
