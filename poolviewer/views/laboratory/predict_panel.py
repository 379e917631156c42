"""Predict the winner: how hard, the next question, and the score."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from poolviewer.core.annotation import MapName, Pixel, Role
from poolviewer.core.laboratory.experiment import Experiment, Finding
from poolviewer.core.laboratory.predict import Predict, question_of
from poolviewer.core.laboratory.questions import Score
from poolviewer.core.rendering import Rendering, shades_of
from poolviewer.core.trace import trace_pooled
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox
from poolviewer.views.laboratory.mode_panel import ModePanel
from poolviewer.views.laboratory.window_tiles import Tiles, WindowTiles

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
        self.tiles = WindowTiles()
        self.tiles.clicked.connect(self._on_tiles_clicked)
        self.tiles.moved.connect(self._on_tiles_moved)
        self.tiles.confirmed.connect(self._on_tiles_confirmed)
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
        self.tiles.show_tiles(tiles_of(rendering, channel, finding, finding.experiment))
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
        self.numbers = QCheckBox(self.tr("Show numbers"))
        self.numbers.setToolTip(self.tr("Read numbers instead of comparing shades"))
        self.numbers.toggled.connect(self._on_numbers_toggled)

    def _build_buttons(self) -> None:
        self.following, self.restart = QToolButton(), QToolButton()
        for button in (self.following, self.restart):
            button.setObjectName("small")
        self.following.setToolTip(self.tr("Ask about another window (N)"))
        self.following.clicked.connect(self._on_following_clicked)
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
        rows = (
            (self.verdict, self.following),
            (self.score, self.restart),
            (self.levels, self.numbers),
        )
        column = QVBoxLayout()
        column.setSpacing(SPACING)
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(2 * SPACING)
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(self._hint)
        column.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(self.tiles, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)

    def _on_following_clicked(self) -> None:
        """Ask on, and let the arrow keys choose at once."""
        self.ask_next()
        self.tiles.setFocus()

    def _on_tiles_clicked(self, row: int, col: int) -> None:
        self.pin_requested.emit(Pixel(MapName.FEATURE, row, col))

    def _on_tiles_moved(self, rows: int, cols: int) -> None:
        self.experiment_changed.emit(self._experiment.moved(rows, cols, self._finding))

    def _on_tiles_confirmed(self) -> None:
        self.experiment_changed.emit(self._experiment.confirmed(self._finding))

    def _on_levels_activated(self) -> None:
        level = self.levels.currentData()
        self.experiment_changed.emit(replace(self._experiment, level=level, choice=None))

    def _on_numbers_toggled(self, is_checked: bool) -> None:
        self.experiment_changed.emit(replace(self._experiment, has_numbers=is_checked))

    def _on_restart_clicked(self) -> None:
        self.experiment_changed.emit(self._experiment.restarted())


def tiles_of(
    rendering: Rendering, channel: int, finding: Finding, experiment: Predict
) -> Tiles | None:
    """Return what is shown large: the asked window, and who won it once that is known."""
    question, verdict = question_of(finding), experiment.verdict
    activations, marks = rendering.activations, []
    if question is not None:
        window = question.window
        if experiment.choice is not None:
            marks.append((question.at(experiment.choice), Role.PIXEL))
    elif verdict is not None and finding.traced is not None:
        trace = trace_pooled(activations, finding.channel, *verdict.asked)
        window = trace.window
        marks.append((verdict.chosen, Role.PIXEL))
        if trace.winner is not None:
            marks.append((trace.winner, Role.WINNER))
    else:
        return None
    if finding.channel != channel:
        return None
    values = activations.feature_maps[(*window.slices, channel)]
    return Tiles(
        box=window,
        shades=shades_of(rendering, MapName.FEATURE, channel)[window.slices],
        colours=rendering.display.colour_map,
        values=None if experiment.conceals_source else values,
        marks=tuple(marks),
        is_mirrored=rendering.display.is_mirrored,
    )


def score_in_words(score: Score) -> str:
    """Say how many answers were right, and how many in a row."""
    if not score.asked:
        return "No answer yet"
    row = f" · {score.streak} in a row" if score.streak > 1 else ""
    return f"{score.right} of {score.asked} right{row}"
