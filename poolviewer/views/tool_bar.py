"""The toolbar: sources, network, colours, export."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from poolviewer.core.display import DisplaySpec
from poolviewer.core.network import PRESETS, NetworkSpec, preset_name
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox

COLOUR_MAPS = {"grey": "Grey", "viridis": "Viridis", "diverging": "Diverging"}
LEVELS_MODES = {"channel": "per channel", "shared": "shared"}


class ToolBar(QToolBar):
    """Offers the commonest wishes; the menus offer all of them.

    In a narrow window it does without the words before its boxes, then without those beside its
    icons, so that nothing is left out.
    """

    network_changed = Signal(object)
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
            self.tr("Open"), actions["open_file"], ("open_folder", "open_url", "paste", "samples"),
            actions,
        )  # fmt: skip
        self._add_camera_button(actions["cameras"])
        self.addSeparator()
        self._add_actions(actions)
        self.addSeparator()
        self.presets = self._add_choice(self.tr("Network"), {name: name for name in PRESETS})
        self.presets.setToolTip(self.tr("A network to begin with; its parameters are at the right"))
        self.stages = self._add_choice(self.tr("Stage"), {})
        self.stages.setToolTip(self.tr("The pooling layer that is shown"))
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
        self._add_menu_button(self.tr("Export"), actions["save_figure"], ("copy_figure",), actions)
        self.addWidget(self._button(actions["guide"], Qt.ToolButtonStyle.ToolButtonIconOnly))
        self.presets.activated.connect(self._on_presets_activated)
        self.colour_maps.activated.connect(self._on_display_activated)
        self.levels.activated.connect(self._on_display_activated)

    def show_network(self, network: NetworkSpec) -> None:
        """Show which preset the parameters are, or that they are the person's own."""
        name = preset_name(network)
        with QSignalBlocker(self.presets):
            custom = self.presets.findData("custom")
            if name == "custom" and custom < 0:
                self.presets.addItem(self.tr("custom"), "custom")
            elif name != "custom" and custom >= 0:
                self.presets.removeItem(custom)
            self.presets.setCurrentIndex(self.presets.findData(name))

    def show_stage(self, name: str) -> None:
        if self.stages.currentText() != name:
            self.stages.clear()
            self.stages.addItem(name)
            self.stages.updateGeometry()

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
        return is_handled

    def _shed_words(self) -> None:
        labels = sum(self.widgetForAction(a).sizeHint().width() for a in self._labels)
        words = sum(b.fontMetrics().horizontalAdvance(b.text()) for b in self._worded)
        whole = self.sizeHint().width() + sum((labels, words)[: self._shed]) + SPACING
        shed = 0 if self.width() >= whole else 1 if self.width() >= whole - labels else 2
        if shed == self._shed:
            return
        self._shed = shed
        for label in self._labels:
            label.setVisible(shed == 0)
        style = Qt.ToolButtonStyle
        for button in self._worded:
            is_short = shed == 2
            button.setToolButtonStyle(
                style.ToolButtonIconOnly if is_short else style.ToolButtonTextBesideIcon
            )

    def _add_actions(self, actions: dict[str, QAction]) -> None:
        for name in ("step_back", "freeze", "step"):
            style = (
                Qt.ToolButtonStyle.ToolButtonTextBesideIcon
                if name == "freeze"
                else Qt.ToolButtonStyle.ToolButtonIconOnly
            )
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

    def _button(self, action: QAction, style: Qt.ToolButtonStyle) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setToolButtonStyle(style)
        if style is Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
            self._worded.append(button)
        return button

    def _add_choice(self, label: str, words: dict[str, str]) -> ChoiceBox:
        text = QLabel(label)
        text.setObjectName("muted")
        text.setContentsMargins(SPACING // 2, 0, SPACING // 2, 0)
        box = ChoiceBox()
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
        if name in PRESETS:
            self.network_changed.emit(PRESETS[name])

    def _on_display_activated(self) -> None:
        self.display_changed.emit(
            replace(
                self._display,
                colour_map=self.colour_maps.currentData(),
                levels_mode=self.levels.currentData(),
            )
        )
