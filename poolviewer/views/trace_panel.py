"""The hovered or pinned pixel in numbers and in words."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from poolviewer.core.explanation import box_in_words, explain
from poolviewer.core.numbers import times
from poolviewer.core.trace import PooledTrace
from poolviewer.core.view_state import TraceScene
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.views.chain_panel import ChainPanel
from poolviewer.views.concealed_label import CONCEALED
from poolviewer.views.copy_button import CopyButton
from poolviewer.views.theme import TEXT_PX
from poolviewer.views.window_table import WindowTable

HINT = (
    "Point at a pixel of the pooled map to see which pixels it was made from, or at the feature "
    "map to see what became of a pixel.\n\nClick pins it, the arrow keys move the pin, Escape "
    "lets it go."
)


class TracePanel(QScrollArea):
    """Shows a trace: headline, window as a small table, arithmetic, sentences."""

    unpin_requested = Signal()
    # Whether it can be seen.
    watched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._headline, self._arithmetic, self._sentences = QLabel(), QLabel(), QLabel()
        self._part = QLabel()
        self._headline.setObjectName("headline")
        for label in (self._part, self._sentences):
            label.setObjectName("muted")
        self._arithmetic.setFont(text_font(TEXT_PX + 1))
        self._table = WindowTable()
        self._build_unpin_button()
        self._build_layout()
        self.show_trace(TraceScene())

    @property
    def headline(self) -> str:
        """What is traced, in one line; empty while nothing is."""
        return self._headline.text()

    def show_trace(self, scene: TraceScene) -> None:
        """Show a trace, or how to get one."""
        self._unpin.setVisible(scene.is_pinned)
        trace = scene.trace
        self.copy_button.setVisible(isinstance(trace, PooledTrace))
        self._show_table(trace if isinstance(trace, PooledTrace) else None)
        if trace is None:
            self._set_texts("", "", self.tr(CONCEALED if scene.is_concealed else HINT))
            return
        words = explain(trace)
        # No line may end within the coordinates or before the number.
        headline = words.headline.replace(", ", ",\N{NO-BREAK SPACE}")
        headline = headline.replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")
        self._set_texts(headline, words.arithmetic, "\n".join(words.sentences))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.watched.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.watched.emit(False)

    def _show_table(self, trace: PooledTrace | None) -> None:
        """Show a window's values, and say where they are not all."""
        self._table.show_trace(trace)
        part, window = self._table.part, trace.window if trace else self._table.part
        text = self.tr("Shown: {}, of the window’s {}.")
        self._part.setText(text.format(box_in_words(part), times(*window.shape)))
        self._part.setVisible(part != window)

    def _set_texts(self, headline: str, arithmetic: str, sentences: str) -> None:
        for label, text in (
            (self._headline, headline),
            (self._arithmetic, arithmetic),
            (self._sentences, sentences),
        ):
            label.setText(text)
            label.setVisible(bool(text))

    def _build_unpin_button(self) -> None:
        self._unpin = QToolButton()
        self._unpin.setObjectName("small")
        self._unpin.setText(self.tr("Unpin"))
        self._unpin.setToolTip(self.tr("Let the pinned pixel go (Escape)"))
        self._unpin.clicked.connect(self.unpin_requested)
        self.copy_button = CopyButton()
        self.chain = ChainPanel()

    def _build_layout(self) -> None:
        for label in (self._headline, self._part, self._arithmetic, self._sentences):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(self._headline)
        layout.addWidget(self._table)
        layout.addWidget(self._part)
        layout.addWidget(self._arithmetic)
        layout.addWidget(self._sentences)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self._unpin)
        buttons.addWidget(self.copy_button)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        layout.addWidget(self.chain)
        layout.addStretch(1)
        self.setWidget(content)
