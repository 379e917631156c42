"""The chain behind the traced pixel: what it comes to, its steps, and one of them in full."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from poolviewer.core.chain_scene import ChainScene
from poolviewer.core.chain_step import THE_INPUT, Chain
from poolviewer.core.chain_words import in_words, made_of
from poolviewer.core.step_detail import StepDetail, detail_of
from poolviewer.drawing.palette import SPACING
from poolviewer.drawing.step_marks import step_colour
from poolviewer.views.chain_list import ChainList
from poolviewer.views.taps_table import TapsTable
from poolviewer.views.wrapped_text import WrappedText

SIGNS = {True: " ✓ agrees", False: " ≠ differs", None: ""}


class ChainPanel(QWidget):
    """Shows a chain under the trace; nothing where there is none."""

    step_requested = Signal(object)
    # The step and its tap.
    tap_requested = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = ChainScene()
        self._heading, self._title, self._ending = QLabel(), QLabel(), QLabel()
        self._summary, self._lines = WrappedText(), WrappedText()
        self._heading.setText(self.tr("Back to the input"))
        for label in (self._heading, self._title):
            label.setObjectName("title")
        self._ending.setObjectName("muted")
        self.steps, self.taps = ChainList(), TapsTable()
        self.steps.step_chosen.connect(self.step_requested)
        self.taps.tap_chosen.connect(self._on_taps_tap_chosen)
        self._build_layout()
        self.hide()

    @property
    def summary(self) -> str:
        """What made the feature map's number, in one line, and whether the map agrees."""
        return self._summary.text

    def show_chain(self, scene: ChainScene) -> None:
        """Show a chain, and one of its steps in full."""
        self._scene = scene
        self.setVisible(scene.chain is not None)
        self.steps.show_chain(scene.chain, scene.step)
        if scene.chain is None:
            return
        self._summary.show_text(_summary(scene.chain, scene.alteration))
        ending = "" if scene.chain.ending == THE_INPUT else scene.chain.ending
        _set_text(self._ending, self.tr(ending) if ending else "")
        detail = detail_of(scene.step, scene.input_channels) if scene.step else None
        self._show_detail(detail)

    def _show_detail(self, detail: StepDetail | None) -> None:
        _set_text(self._title, detail.title if detail else "")
        self._lines.show_text("\n".join(detail.lines) if detail else "")
        self.taps.show_grids(detail.grids if detail else (), step_colour(self._number))

    @property
    def _number(self) -> int:
        """The unfolded step's number in the list."""
        chain, step = self._scene.chain, self._scene.step
        return chain.steps.index(step) + 1 if chain and step else 1

    def _on_taps_tap_chosen(self, tap: int) -> None:
        if self._scene.step is not None:
            self.tap_requested.emit(self._scene.step.step, tap)

    def _build_layout(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        parts = (
            self._heading,
            self._summary,
            self.steps,
            self._ending,
            self._title,
            self.taps,
            self._lines,
        )
        for part in parts:
            if isinstance(part, QLabel):
                part.setTextFormat(Qt.TextFormat.PlainText)
                part.setWordWrap(True)
                part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(part)
        for label in (self._title, self._ending):
            label.hide()  # until they say something


def _summary(chain: Chain, alteration: str) -> str:
    made = made_of(chain)
    return "" if made is None else in_words(made, alteration) + SIGNS[made.agrees]


def _set_text(label: QLabel, text: str) -> None:
    if text != label.text():
        label.setText(text)
        label.setVisible(bool(text))
