"""Step-through: what slides, where it is, and how fast it goes on."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from poolviewer.core.annotation import MapName, geometry_of
from poolviewer.core.geometry import PixelBox
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.laboratory.stepping import SPEEDS, Stepping, Walk, walk_of
from poolviewer.core.messages import SourceInfo
from poolviewer.core.rendering import Rendering
from poolviewer.core.timeline import Timeline
from poolviewer.drawing.fonts import text_font
from poolviewer.drawing.palette import SPACING
from poolviewer.views.choice_box import ChoiceBox
from poolviewer.views.icons import icon
from poolviewer.views.laboratory.mode_panel import ModePanel
from poolviewer.views.scrubber import Scrubber
from poolviewer.views.theme import TEXT_PX

KINDS = (
    ("Pooling over the feature map", "pooling"),
    ("Convolution over the input", "convolution"),
)
FIRST_SPEED = 2


class SteppingPanel(ModePanel):
    """Plays a step-through; it stops by itself when it is left, hidden, or the picture moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Stepping()
        self._walk: Walk | None = None
        self._sight: Mapping[MapName, PixelBox] = {}
        self._is_still, self._is_shown = True, False
        self._ticks = QTimer(self)
        self._ticks.timeout.connect(self._on_ticks_timeout)
        # Later: whoever shows something new has not finished.
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._on_settle_timeout)
        self._build_choices()
        self._build_transport()
        self._build_layout()
        self._show_place()

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._ticks.isActive()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what slides and where it is."""
        assert isinstance(experiment, Stepping)  # noqa: S101 - for the type checker
        self._experiment, self._is_shown = experiment, True
        with QSignalBlocker(self.kinds):
            self.kinds.setCurrentIndex(self.kinds.findData(experiment.kind))
        self._show_place()

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Learn how far there is to go; where the mode does not apply, there is nothing to play."""
        finding = rendering.finding
        if finding is None or not isinstance(finding.experiment, Stepping):
            return
        self._walk = walk_of(finding)
        if self._walk is None:
            self._stop()
        self._show_place()
        self._settle.start()

    def show_source(self, source: SourceInfo | None, *, is_frozen: bool) -> None:
        """Stop playing on a picture that moves again."""
        self._is_still = source is None or not source.is_moving or is_frozen
        if not self._is_still:
            self._stop()

    def show_sight(self, boxes: Mapping[MapName, PixelBox]) -> None:
        """Walk what is in view from now on."""
        self._sight = boxes
        self._settle.start()

    def leave(self) -> None:
        """Stop playing."""
        self._is_shown = False
        self._settle.stop()
        self._stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop behind a closed window."""
        super().hideEvent(event)
        self._settle.stop()
        self._stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "loop"):
            self._show_icons()

    def toggle(self) -> None:
        """Play or pause; from the last pixel it begins anew."""
        if self.is_playing:
            self._stop()
        elif self._walk is not None:
            self._set_pace()
            self._ticks.start()
            self._show_icons()
            # The same place too: the window makes a moving picture stand still for it.
            self._go(0 if self._is_at_end() else self._position)

    def step(self) -> None:
        """Fill the next pixel."""
        self._stop()
        self._go(self._position + 1)

    def step_back(self) -> None:
        """Empty the pixel that was filled last."""
        self._stop()
        self._go(self._position - 1)

    def go_to_first(self) -> None:
        self._stop()
        self._go(0)

    def go_to_last(self) -> None:
        self._stop()
        self._go(self._last)

    @property
    def _last(self) -> int:
        return self._walk.count - 1 if self._walk else 0

    @property
    def _position(self) -> int:
        return min(self._experiment.position, self._last)

    def _is_at_end(self) -> bool:
        return self._position == self._last

    def _go(self, position: int) -> None:
        if self._walk is not None:
            place = min(max(position, 0), self._last)
            self.experiment_changed.emit(self._experiment.at(place))

    def _stop(self) -> None:
        if self.is_playing:
            self._ticks.stop()
            self._show_icons()

    def _show_place(self) -> None:
        has_walk = self._walk is not None
        for widget in (self.play, self.back, self.forth, self.scrubber, self.loop, self.speeds):
            widget.setEnabled(has_walk)
        self.scrubber.show_timeline(Timeline(0, self._last, self._position), is_live=False)
        count = self._last + 1
        words = self.tr("{:,} of {:,}").format(self._position + 1, count) if has_walk else ""
        self.words.setText(words)
        widest = self.tr("{:,} of {:,}").format(count, count)
        self.words.setMinimumWidth(self.words.fontMetrics().horizontalAdvance(widest))

    def _set_pace(self) -> None:
        self._ticks.setInterval(SPEEDS[self.speeds.currentIndex()].interval_ms)

    def _part(self) -> PixelBox | None:
        """Return the part of the target map in view; None where that is all of it, or unknown."""
        if self._walk is None or self._walk.target is not self._experiment.target:
            return self._experiment.part
        rows, cols = geometry_of(self._walk.stage, self._walk.target).shape
        box = self._sight.get(self._walk.target)
        if box is None or min(box.shape) < 1 or box == PixelBox(0, 0, rows, cols):
            return None
        return box

    def _build_choices(self) -> None:
        self.kinds, self.speeds = ChoiceBox(), ChoiceBox()
        for title, kind in KINDS:
            self.kinds.addItem(self.tr(title), kind)
        self.kinds.setAccessibleName(self.tr("What slides"))
        self.kinds.setToolTip(self.tr("Which window slides over which map"))
        self.kinds.activated.connect(self._on_kinds_activated)
        for speed in SPEEDS:
            self.speeds.addItem(self.tr(speed.title))
        self.speeds.setCurrentIndex(FIRST_SPEED)
        self.speeds.setAccessibleName(self.tr("Speed"))
        self.speeds.setToolTip(self.tr("How many pixels are filled in a second"))
        self.speeds.activated.connect(self._set_pace)

    def _build_transport(self) -> None:
        self.back = self._button(self.tr("Empty the last pixel (comma)"), self.step_back)
        self.play = self._button(self.tr("Play or pause (P)"), self.toggle)
        self.forth = self._button(self.tr("Fill the next pixel (full stop)"), self.step)
        self.loop = self._button(self.tr("Begin again after the last pixel"))
        self.loop.setCheckable(True)
        self.scrubber = Scrubber()
        self.scrubber.setAccessibleName(self.tr("Position"))
        self.scrubber.setToolTip(self.tr("First pixel Alt+Home, last pixel Alt+End"))
        self.scrubber.seek_requested.connect(self._on_scrubber_seek_requested)
        self.scrubber.step_requested.connect(self._on_scrubber_step_requested)
        self.words = QLabel()
        self.words.setFont(text_font(TEXT_PX))
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for key, slot in (
            ("P", self.toggle),
            (".", self.step),
            (",", self.step_back),
            ("Alt+Home", self.go_to_first),
            ("Alt+End", self.go_to_last),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(slot)
        self._show_icons()

    def _button(self, tip: str, slot: object = None) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        if slot is not None:
            button.clicked.connect(slot)
        return button

    def _show_icons(self) -> None:
        for button, name in (
            (self.back, "step_back"),
            (self.play, "freeze" if self.is_playing else "play"),
            (self.forth, "step"),
            (self.loop, "loop"),
        ):
            button.setIcon(icon(name, self.palette()))

    def _build_layout(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.addWidget(self.kinds)
        upper.addWidget(self.speeds)
        upper.addStretch(1)
        for widget in (self.back, self.play, self.forth):
            lower.addWidget(widget)
        lower.addWidget(self.scrubber, 1)
        lower.addWidget(self.words)
        lower.addWidget(self.loop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for row in (upper, lower):
            row.setSpacing(SPACING)
            layout.addLayout(row)

    def _on_kinds_activated(self) -> None:
        self._stop()
        kind = self.kinds.currentData()
        self.experiment_changed.emit(replace(self._experiment, kind=kind, position=0, part=None))

    def _on_scrubber_seek_requested(self, position: int) -> None:
        self._stop()
        self._go(position)

    def _on_scrubber_step_requested(self, step: int) -> None:
        self._stop()
        self._go(self._position + step)

    def _on_ticks_timeout(self) -> None:
        if self._walk is None or (self._is_at_end() and not self.loop.isChecked()):
            self._stop()
        elif self._is_at_end():
            self._go(0)
        else:
            self._go(SPEEDS[self.speeds.currentIndex()].after(self._position, self._walk))

    def _on_settle_timeout(self) -> None:
        """Walk the part that is in view, unless the picture moves: it would be made to stand."""
        part = self._part()
        if self._is_shown and self._is_still and part != self._experiment.part:
            self.experiment_changed.emit(self._experiment.seen(part, self._walk))
