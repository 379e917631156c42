"""The toolbar: sources, network, colours, export."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QMenu,
    QSizePolicy,
    QStyle,
    QToolBar,
    QToolButton,
    QWidget,
)

from poolviewer.core.display import DisplaySpec
from poolviewer.core.model_info import ModelSpec
from poolviewer.core.network import PRESETS, Network, network_name
from poolviewer.core.text import printable
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import BoxWithWish, ChoiceBox
from poolviewer.views.icons import icon
from poolviewer.views.laboratory.modes import MODES
from poolviewer.views.plain_text import plain_tip, shortened

COLOUR_MAPS = {"grey": "Grey", "viridis": "Viridis", "diverging": "Diverging"}
LEVELS_MODES = {"channel": "per channel", "shared": "shared"}
CUSTOM = "custom"
# No preset has such a name.
MODEL, OPEN = "model:", "open:"
LONGEST_NAME = 40 * SPACING  # in the lists; the boxes themselves are narrower
NARROW_BOX, WIDEST_BOX = 15 * SPACING, 21 * SPACING
MOST_STAGES_SEEN = 24
ROW_HEIGHT = 22
NETWORK_TIP = "A network to begin with, or a model of your own; what it gets is at the right"
STAGE_TIP = "The pooling layer that is shown"


class ToolBar(QToolBar):
    """Offers the commonest wishes; the menus offer all of them.

    In a narrow window it does without the laboratory's word and a part of long names, then
    without the words before its boxes, then without those beside its icons.
    """

    network_changed = Signal(object)
    model_chosen = Signal()
    open_model_requested = Signal()
    stage_chosen = Signal(str)
    display_changed = Signal(object)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._display = DisplaySpec()
        self._labels: list[QAction] = []
        self._worded: list[QToolButton] = []
        self._shed = 0
        self._add_menu_button(
            self.tr("Open"), actions["open_file"], (
                "open_folder", "open_url", "paste", "samples", "open_model", "open_model_folder",
                "recent_models",
            ),
            actions,
        )  # fmt: skip
        self._add_camera_button(actions["cameras"])
        self.addSeparator()
        self._add_actions(actions)
        self._add_laboratory_button(actions)
        self.addSeparator()
        self.presets = BoxWithWish()
        self._add_choice(self.tr("Network"), {name: name for name in PRESETS}, self.presets)
        self.presets.add_wish(self.tr("Open model…"), OPEN)
        self.presets.setToolTip(self.tr(NETWORK_TIP))
        self.stages = self._add_choice(self.tr("Stage"), {})
        self.stages.setObjectName("scrolling")
        self.stages.view().setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.stages.setMaxVisibleItems(MOST_STAGES_SEEN)
        self.stages.setToolTip(self.tr(STAGE_TIP))
        self._network = ""
        for box in (self.presets, self.stages):
            box.setMaximumWidth(WIDEST_BOX)
        self.addSeparator()
        self.colour_maps = self._add_choice(self.tr("Colours"), COLOUR_MAPS)
        self.colour_maps.setToolTip(
            self.tr("Colour map of both maps; diverging puts 0 in the middle")
        )
        self.levels = self._add_choice(self.tr("Levels"), LEVELS_MODES)
        self.levels.setToolTip(
            self.tr("per channel: each map fills the range; shared: equal shades are equal numbers")
        )
        self._add_spacer()
        self._add_menu_button(
            self.tr("Export"), actions["export"], ("save_figure", "copy_figure", "record"), actions
        )
        self.addWidget(self._button(actions["guide"], Qt.ToolButtonStyle.ToolButtonIconOnly))
        self.presets.activated.connect(self._on_presets_activated)
        self.stages.activated.connect(self._on_stages_activated)
        for box in (self.colour_maps, self.levels):
            box.activated.connect(self._on_display_activated)

    def show_network(self, network: Network) -> None:
        """Show which preset the parameters are, that they are the person's own, or a model."""
        name = network_name(network)
        self._network = MODEL if isinstance(network, ModelSpec) else name
        with QSignalBlocker(self.presets):
            if isinstance(network, ModelSpec):
                self._offer(MODEL, name)
            self._offer(CUSTOM, self.tr(CUSTOM) if self._network == CUSTOM else "")
            self.presets.setCurrentIndex(self.presets.findData(self._network))
        tip = self.tr(NETWORK_TIP)
        self.presets.setToolTip(
            plain_tip(f"{printable(name)}\n{tip}") if self._network == MODEL else tip
        )

    def show_model(self, name: str) -> None:
        """Offer a model that is at hand; none without a name."""
        with QSignalBlocker(self.presets):
            self._offer(MODEL, name)
            self.presets.setCurrentIndex(self.presets.findData(self._network))

    def show_stages(self, names: tuple[str, ...], chosen: str) -> None:
        """Offer a network's stages in their order."""
        with QSignalBlocker(self.stages):
            if names != tuple(self.stages.itemData(i) for i in range(self.stages.count())):
                self.stages.clear()
                for name in names:
                    self._add_named(self.stages, name, name, self.stages.count())
                _widen_list(self.stages)
            self.stages.setCurrentIndex(names.index(chosen) if chosen in names else -1)
        self.stages.setToolTip(plain_tip(f"{printable(chosen)}\n{self.tr(STAGE_TIP)}"))

    def show_display(self, display: DisplaySpec) -> None:
        self._display = display
        for box, value in (
            (self.colour_maps, display.colour_map),
            (self.levels, display.levels_mode),
        ):
            box.setCurrentIndex(box.findData(value))

    def event(self, event: QEvent) -> bool:
        """Shed words, or take them back, when there is less or more room."""
        is_handled = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._shed_words()
        elif event.type() == QEvent.Type.PaletteChange and hasattr(self, "_laboratory"):
            self._laboratory.setIcon(icon("laboratory", self.palette()))
        return is_handled

    def _shed_words(self) -> None:
        boxes = self.presets, self.stages
        widths = (min(box.sizeHint().width(), WIDEST_BOX) for box in boxes)
        # The laboratory's word goes first: the boxes' words tell more.
        names = sum(max(width - NARROW_BOX, 0) for width in widths) + _word_width(self._laboratory)
        labels = sum(self.widgetForAction(a).sizeHint().width() for a in self._labels)
        words = sum(map(_word_width, self._worded))
        savings = (names, labels, words)
        whole = self.sizeHint().width() + sum(savings[: self._shed]) + SPACING // 4
        fitting = (n for n in range(3) if self.width() >= whole - sum(savings[:n]))
        shed = next(fitting, len(savings))
        if shed == self._shed:
            return
        self._shed = shed
        for box in boxes:
            box.setMaximumWidth(NARROW_BOX if shed >= 1 else WIDEST_BOX)
        for label in self._labels:
            label.setVisible(shed < 2)
        _show_word(self._laboratory, is_shown=shed == 0)
        for button in self._worded:
            _show_word(button, is_shown=shed < 3)

    def _offer(self, data: str, name: str) -> None:
        """Put an entry before the line and the last one, or take it away where it has no name."""
        index = self.presets.findData(data)
        if index >= 0:
            self.presets.removeItem(index)
        if name:
            self._add_named(self.presets, name, data, self.presets.count() - 2)
        _widen_list(self.presets)

    def _add_named(self, box: ChoiceBox, name: str, data: str, index: int) -> None:
        """Offer something by a name of any length."""
        text = shortened(name, box.fontMetrics(), LONGEST_NAME)
        box.insertItem(index, text, data)
        box.setItemData(index, plain_tip(printable(name)), Qt.ItemDataRole.ToolTipRole)
        box.setItemData(index, QSize(0, ROW_HEIGHT), Qt.ItemDataRole.SizeHintRole)

    def _add_actions(self, actions: dict[str, QAction]) -> None:
        icon_only = Qt.ToolButtonStyle.ToolButtonIconOnly
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for name, style in (("step_back", icon_only), ("freeze", beside), ("step", icon_only)):
            self.addWidget(self._button(actions[name], style))

    def _add_menu_button(
        self, text: str, default: QAction, names: tuple[str, ...], actions: dict[str, QAction]
    ) -> None:
        default.setIconText(text)
        button = self._button(default, Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(button)
        menu.addActions([default, *(actions[name] for name in names)])
        button.setMenu(menu)
        self.addWidget(button)

    def _add_camera_button(self, action: QAction) -> None:
        button = self._button(action, Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.addWidget(button)

    def _add_laboratory_button(self, actions: dict[str, QAction]) -> None:
        """Add a menu of the laboratory's modes; the present one is checked, and leaves it."""
        button = QToolButton(self)
        button.setText(self.tr("Laboratory"))
        button.setToolTip(self.tr("Try what pooling loses and how it answers to changes"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        menu.addActions([actions[mode.name] for mode in MODES])
        button.setMenu(menu)
        button.setIcon(icon("laboratory", self.palette()))
        self._laboratory = button
        self.addWidget(button)

    def _button(self, action: QAction, style: Qt.ToolButtonStyle) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setToolButtonStyle(style)
        if style is Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
            self._worded.append(button)
        return button

    def _add_choice(
        self, label: str, words: dict[str, str], box: ChoiceBox | None = None
    ) -> ChoiceBox:
        text = QLabel(label)
        text.setObjectName("muted")
        box = box or ChoiceBox()
        box.setAccessibleName(label)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        for value, word in words.items():
            box.addItem(self.tr(word), value)
        self._labels.append(self.addWidget(text))
        self.addWidget(box)
        return box

    def _add_spacer(self) -> None:
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)

    def _on_presets_activated(self) -> None:
        name = self.presets.currentData()
        # What was chosen is shown once it is used; a dialog may even be cancelled.
        self.presets.setCurrentIndex(self.presets.findData(self._network))
        if name in PRESETS:
            self.network_changed.emit(PRESETS[name])
        elif name == MODEL and self._network != MODEL:
            self.model_chosen.emit()
        elif name == OPEN:
            self.open_model_requested.emit()

    def _on_stages_activated(self) -> None:
        self.stage_chosen.emit(self.stages.currentData())

    def _on_display_activated(self) -> None:
        self.display_changed.emit(
            replace(
                self._display,
                colour_map=self.colour_maps.currentData(),
                levels_mode=self.levels.currentData(),
            )
        )


def _word_width(button: QToolButton) -> int:
    return button.fontMetrics().horizontalAdvance(button.text())


def _show_word(button: QToolButton, *, is_shown: bool) -> None:
    style = Qt.ToolButtonStyle
    button.setToolButtonStyle(
        style.ToolButtonTextBesideIcon if is_shown else style.ToolButtonIconOnly
    )


def _widen_list(box: ChoiceBox) -> None:
    """Make a box's list wide enough for its names, wider than the box if need be."""
    bar = box.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
    texts = (box.itemText(index) for index in range(box.count()))
    widest = max(map(box.fontMetrics().horizontalAdvance, texts), default=0)
    box.view().setMinimumWidth(widest + bar + 2 * SPACING)
    box.updateGeometry()
