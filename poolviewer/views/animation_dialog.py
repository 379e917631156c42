"""Ask how to animate a step-through: what kind of file, where, and how fast."""

from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from poolviewer.core.filming import plan_walk
from poolviewer.core.recording import RecordingChoices
from poolviewer.views.record_dialog import RecordDialog


class AnimationDialog(RecordDialog):
    """Offers what was chosen last, and says how long the animation will be.

    Parameters
    ----------
    count
        How many windows the step-through has.
    """

    title = "Export animation"
    go = "&Export"
    go_tip = "Draw every window of the step-through into one file"

    def __init__(self, choices: RecordingChoices, count: int, parent: QWidget) -> None:
        self._count = count
        self._length = QLabel()
        self._longest_s = choices.longest_s
        super().__init__(choices, parent)
        self._length.setWordWrap(True)
        self._rate.valueChanged.connect(self._show_length)
        self._show_length()

    @property
    def length(self) -> str:
        """What is said of the animation's length."""
        return self._length.text()

    def _chosen(self) -> RecordingChoices:
        """Keep the longest time, which belongs to recordings."""
        chosen = super()._chosen()
        return RecordingChoices(
            chosen.kind, chosen.frames_per_s, self._longest_s, chosen.scale, chosen.folder
        )

    def _add_times(self, form: QFormLayout) -> None:
        """Ask how fast."""
        self._rate.setToolTip(self.tr("How many windows are filled in a second"))
        self._longest.setParent(self)
        self._longest.hide()
        form.addRow(self.tr("Windows per &second"), self._rate)
        form.addRow(self.tr("Length"), self._length)

    def _show_length(self) -> None:
        plan = plan_walk(self._count, self._rate.value())
        noun = "window" if self._count == 1 else "windows"
        words = self.tr("{:,} {}, {:.1f} s").format(self._count, noun, plan.length_s)
        self._length.setText(". ".join(filter(None, [words, plan.remark])))
