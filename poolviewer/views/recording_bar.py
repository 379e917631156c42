"""The row that stands above the status line while something is recorded."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from poolviewer.core.recording import RecordingProgress
from poolviewer.core.text import printable
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.theme import TEXT_PX

STEPS = 1000
PROGRESS_WIDTH = 20 * SPACING


class RecordingBar(QFrame):
    """Says how far a recording or an animation has come, and ends it; else hidden."""

    stop_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recording")
        dot = QLabel("●")
        dot.setObjectName("problem")  # red in both themes
        self._words = ElidedLabel()
        self._words.setFont(text_font(TEXT_PX))
        self._progress = QProgressBar()
        self._progress.setRange(0, STEPS)
        self._progress.setTextVisible(False)
        self._progress.setFixedSize(PROGRESS_WIDTH, SPACING)
        self._progress.setAccessibleName(self.tr("How much of it is done"))
        self._stop = self._button(self.tr("Stop"), self.tr("End the recording and save it"))
        self._stop.clicked.connect(self.stop_requested)
        self._cancel = self._button(
            self.tr("Cancel"), self.tr("End the recording and save nothing")
        )
        self._cancel.clicked.connect(self.cancel_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(SPACING)
        layout.addWidget(dot)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._progress, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addSpacing(SPACING)
        layout.addWidget(self._stop)
        layout.addWidget(self._cancel)
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._words.text()

    def show_recording(self, recording: RecordingProgress | None) -> None:
        """Show how far a recording has come, or hide."""
        self.setVisible(recording is not None)
        if recording is None:
            return
        spec = recording.spec
        limit = "" if recording.count else self.tr("ends after {:g} s").format(spec.longest_s)
        self._words.show_text(recording.in_words, printable(spec.path))
        self._progress.setValue(round(STEPS * recording.share))
        self._progress.setToolTip(limit)
        self._stop.setVisible(not recording.count)  # a part of an animation is of no use
        self._stop.setEnabled(not recording.is_ending)
        self._cancel.setEnabled(not recording.is_ending)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("small")
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(f"{text} {self.tr('recording')}")
        # Not by a click: the bar goes soon, and Space should freeze then, not press what is next.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
