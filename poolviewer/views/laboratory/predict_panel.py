"""Predict the winner: how hard, the next question, and the score."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from poolviewer.core.laboratory.experiment import Experiment, Finding
from poolviewer.core.laboratory.predict import Predict
from poolviewer.core.laboratory.questions import Score
from poolviewer.core.rendering import Rendering
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox
from poolviewer.views.laboratory.mode_panel import ModePanel

LEVELS = (
    ("Easy", "easy", "The winner stands out"),
    ("Hard", "hard", "Any window may be asked"),
)
HINT = "Arrow keys choose a pixel, Enter answers and goes on, N asks the next."


class PredictPanel(ModePanel):
    """Shows the score and whether the last answer was right, and asks for questions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Predict()
        self._finding: Finding | None = None
        self._build_choices()
        self._build_buttons()
        self._build_labels()
        self._build_layout()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the settings, the score and the verdict."""
        assert isinstance(experiment, Predict)  # noqa: S101 - for the type checker
        self._experiment = experiment
        with QSignalBlocker(self.levels):
            self.levels.setCurrentIndex(self.levels.findData(experiment.level))
        with QSignalBlocker(self.numbers):
            self.numbers.setChecked(experiment.has_numbers)
        verdict = experiment.verdict
        self.following.setText(self.tr("Skip") if verdict is None else self.tr("Next question"))
        self.score.setText(score_in_words(experiment.score))
        if verdict is None:
            self.verdict.setText(self.tr("Which pixel wins?"))
        else:
            self.verdict.setText(self.tr("✓ Right") if verdict.is_right else self.tr("✗ Not this"))

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Learn which question is asked, and whether any can be."""
        finding = rendering.finding
        if finding is None or not isinstance(finding.experiment, Predict):
            return
        self._finding = finding
        can_ask = not finding.obstacle
        for widget in (self.following, self.verdict, self._hint):
            widget.setVisible(can_ask)

    def leave(self) -> None:
        """Forget the question: it may be another when the mode is chosen again."""
        self._finding = None

    def ask_next(self) -> None:
        """Ask for the next question, or for another one."""
        self.experiment_changed.emit(self._experiment.skipped(self._finding))

    def _build_choices(self) -> None:
        self.levels = ChoiceBox()
        for number, (title, level, tip) in enumerate(LEVELS):
            self.levels.addItem(self.tr(title), level)
            self.levels.setItemData(number, self.tr(tip), Qt.ItemDataRole.ToolTipRole)
        self.levels.setAccessibleName(self.tr("Level"))
        self.levels.setToolTip(self.tr("Easy asks windows whose winner stands out, hard asks any"))
        self.levels.activated.connect(self._on_levels_activated)
        self.numbers = QCheckBox(self.tr("Show the &feature map’s numbers"))
        self.numbers.setToolTip(self.tr("Read the numbers instead of comparing the shades"))
        self.numbers.toggled.connect(self._on_numbers_toggled)

    def _build_buttons(self) -> None:
        self.following, self.restart = QToolButton(), QToolButton()
        for button in (self.following, self.restart):
            button.setObjectName("small")
        self.following.setToolTip(self.tr("Ask about another window (N)"))
        self.following.clicked.connect(self.ask_next)
        self.restart.setText(self.tr("Start over"))
        self.restart.setToolTip(self.tr("Count from nothing again, with other questions"))
        self.restart.clicked.connect(self._on_restart_clicked)
        QShortcut(QKeySequence("N"), self).activated.connect(self.ask_next)

    def _build_labels(self) -> None:
        self.verdict, self.score, self._hint = QLabel(), QLabel(), QLabel(self.tr(HINT))
        self.verdict.setObjectName("headline")
        self._hint.setObjectName("muted")
        self._hint.setWordWrap(True)

    def _build_layout(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for widget in (self.levels, self.numbers):
            upper.addWidget(widget)
        upper.addStretch(1)
        upper.addWidget(self.score)
        upper.addWidget(self.restart)
        lower.addWidget(self.verdict)
        lower.addWidget(self.following)
        lower.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for row in (upper, lower):
            row.setSpacing(2 * SPACING)
            layout.addLayout(row)
        layout.addWidget(self._hint)

    def _on_levels_activated(self) -> None:
        level = self.levels.currentData()
        self.experiment_changed.emit(replace(self._experiment, level=level, choice=None))

    def _on_numbers_toggled(self, is_checked: bool) -> None:
        self.experiment_changed.emit(replace(self._experiment, has_numbers=is_checked))

    def _on_restart_clicked(self) -> None:
        self.experiment_changed.emit(self._experiment.restarted())


def score_in_words(score: Score) -> str:
    """Say how many answers were right, and how many in a row."""
    if not score.asked:
        return ""
    row = f" · {score.streak} in a row" if score.streak > 1 else ""
    return f"{score.right} of {score.asked} right{row}"
