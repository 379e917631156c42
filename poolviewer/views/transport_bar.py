"""The row below the gallery: where in its source the frame lies, and the way to others."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from poolviewer.core.timeline import Transport, transport_words
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.views.icons import icon
from poolviewer.views.scrubber import Scrubber
from poolviewer.views.theme import TEXT_PX

WIDEST_FILM_WORDS = "frame 00000 of 00000+  ·  00:00.0 / 00:00.0"


class TransportBar(QWidget):
    """Buttons, slider and words for sources of more than one frame; hidden for others.

    Parameters
    ----------
    actions
        The window's actions; the buttons for single steps are those of the toolbar.
    """

    freeze_toggled = Signal()
    step_requested = Signal(int)
    seek_requested = Signal(int)
    held = Signal(bool)
    looping_chosen = Signal(bool)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # or no line above it
        self._transport = Transport()
        self.play = self._button(self.tr("Play or pause (Space)"))
        self.live = self._button(self.tr("Go on with the newest frame (Space)"))
        self.live.setText(self.tr("Live"))
        self.live.setObjectName("small")
        self.loop = self._button(self.tr("Begin again after the last frame"))
        self.loop.setCheckable(True)
        self.scrubber = Scrubber()
        self.scrubber.setAccessibleName(self.tr("Timeline"))
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(text_font(TEXT_PX))
        self.words.setToolTip(self.tr("Frames count from 0"))
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 4, SPACING, SPACING // 4)
        layout.setSpacing(SPACING // 2)
        for part in (self._step_button(actions["step_back"]), self.play,
                     self._step_button(actions["step"])):  # fmt: skip
            layout.addWidget(part)
        layout.addSpacing(SPACING)
        layout.addWidget(self.scrubber, 1)
        layout.addSpacing(SPACING)
        layout.addWidget(self.words)
        layout.addSpacing(SPACING)
        layout.addWidget(self.loop)
        layout.addWidget(self.live)
        self.play.clicked.connect(self.freeze_toggled)
        self.live.clicked.connect(self.freeze_toggled)
        self.loop.clicked.connect(self.looping_chosen)
        for name in ("step_requested", "seek_requested", "held"):
            getattr(self.scrubber, name).connect(getattr(self, name))
        self._show_icons()
        self.hide()

    def show_transport(self, transport: Transport) -> None:
        """Show the timeline of a source, and only the buttons that mean something for it."""
        before, self._transport = self._transport, transport
        source, timeline = transport.source, transport.timeline
        self.setVisible(transport.is_useful)
        if source is None or timeline is None or not transport.is_useful:
            return
        self.scrubber.show_timeline(timeline, is_live=transport.is_live)
        self.words.setText(transport_words(transport))
        if (before.source, before.is_frozen) != (source, transport.is_frozen):
            self._show_icons()
        self.play.setVisible(source.is_moving)
        self.loop.setVisible(source.kind == "video")
        self.live.setVisible(source.is_live)
        self.live.setEnabled(transport.is_frozen)
        with QSignalBlocker(self.loop):
            self.loop.setChecked(transport.is_looping)
        self._keep_words_still()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "words"):
            self._show_icons()

    def _keep_words_still(self) -> None:
        """Give the words a width that their digits do not change, so that the slider stands."""
        width = self.words.fontMetrics().horizontalAdvance
        kind = self._transport.source.kind if self._transport.source else ""
        widest = WIDEST_FILM_WORDS if kind == "video" else "frame 000000  ·  00.0 s back"
        least = 0 if kind == "folder" else width(widest)
        self.words.setMinimumWidth(max(least, width(self.words.text())))

    def _show_icons(self) -> None:
        is_frozen = self._transport.is_frozen
        self.play.setIcon(icon("play" if is_frozen else "freeze", self.palette()))
        self.play.setAccessibleName(self.tr("Play") if is_frozen else self.tr("Pause"))
        self.loop.setIcon(icon("loop", self.palette()))

    def _button(self, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    def _step_button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        return button
