"""The one window: it hands its widgets what they show, and passes wishes on."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QAbstractButton

from poolviewer.core.camera_format import CameraFormat
from poolviewer.core.chain_scene import ChainQuestion
from poolviewer.core.device import Device
from poolviewer.core.display import DisplaySpec
from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.exporting import ExportPreview
from poolviewer.core.geometry import Rect
from poolviewer.core.laboratory.experiment import Experiment
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.meters import Meters
from poolviewer.core.model_info import ModelFile, ModelInfo, ModelSpec
from poolviewer.core.network import Network, Problem
from poolviewer.core.pin_history import PinHistory
from poolviewer.core.recording import RecordingChoices, RecordingProgress
from poolviewer.core.rendering import Rendering
from poolviewer.core.timeline import ReplayLimits, Transport
from poolviewer.core.view_state import Notice, TraceScene
from poolviewer.views.afterwards import Afterwards
from poolviewer.views.dialogs import show_dialog
from poolviewer.views.export_dialogs import ExportDialogs
from poolviewer.views.laboratory.modes import MODES
from poolviewer.views.source_menus import Samples
from poolviewer.views.wishing_window import WishingWindow

# A dialog is imported when it is first opened, so that the window opens soon.


class MainWindow(WishingWindow):
    """Shows what it is given, as the controller's `Views`, and emits what the person wishes.

    Parameters
    ----------
    samples
        Names of the pictures, videos and models that come with the application, and the wish for
        each.
    """

    def __init__(self, samples: Samples = ()) -> None:
        super().__init__(samples)
        self.exports = ExportDialogs(self)
        self._texts = Afterwards[TraceScene](self._show_texts, self)
        self._chain = Afterwards[ChainQuestion](self._show_chain, self)
        self.show_phase("", can_cancel=False)
        self.show_experiment(None)
        self.maps.pooled.view.setFocus()

    def show_rendering(self, rendering: Rendering, channel: int) -> None:
        """Show the maps of one frame, and one channel of them large."""
        with self.paints.showing(rendering):
            self.maps.show_rendering(rendering, channel)
            self.gallery.show_rendering(rendering, channel)
            self.side.numbers.show_rendering(rendering, channel)
            self.laboratory.show_rendering(rendering, channel)

    def show_preview(self, frame: Frame, placement: Rect, extent: Rect) -> None:
        """Show a picture alone, placed in the world, while the network is not ready."""
        self.maps.show_preview(frame.picture, placement, extent)

    def show_trace(self, scene: TraceScene) -> None:
        """Show a trace in the maps at once, and in words and numbers a moment later."""
        self.maps.show_trace(scene)
        self._texts.show_later(scene)
        self.wishes["unpin"].setEnabled(scene.is_pinned)
        # Qt would let up to 5 ms pass before it paints what has changed.
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.UpdateRequest))

    def show_chain(self, question: ChainQuestion) -> None:
        """Follow the traced pixel to the input, once its outlines have been painted."""
        self._chain.show_later(question)

    def _show_chain(self, question: ChainQuestion) -> None:
        scene = question.answer()
        self.maps.show_step_marks(scene.marks)
        self.side.trace.chain.show_chain(scene)

    def _show_texts(self, scene: TraceScene) -> None:
        self.side.trace.show_trace(scene)
        self.side.numbers.show_trace(scene)
        self.laboratory.show_trace(scene)
        self.status_line.show_value(scene.hovered or scene.trace)

    def show_history(self, history: PinHistory) -> None:
        """Show what became of the pinned pixel, frame by frame."""
        self.side.history.show_history(history)

    def show_network(self, network: Network, problems: tuple[Problem, ...]) -> None:
        """Show the network's parameters and what is wrong with them."""
        self._network = network
        self.side.show_network(network, problems)
        self.tool_bar.show_network(network)
        if isinstance(network, ModelSpec):
            stages = self._model.stages if self._model else ()
            self.tool_bar.show_stages(tuple(stage.name for stage in stages), network.stage)
        elif not problems:
            self.tool_bar.show_stages((network.stage.name,), network.stage.name)

    def show_layers(self, listed: ModelInfo | None, network: Network) -> None:
        """List the layers and stages of a network, and mark the stage in use if it is its own."""
        self.side.network.show_layers(listed, network)

    def show_model(self, model: ModelInfo | None) -> None:
        """Offer the model that is at hand, or none; one that cannot be drawn is only listed."""
        if model is not None and not model.obstacle:
            self._model = model
            self.side.preprocessing.show_model(model)
            self.tool_bar.show_model(model.name)
        elif model is not None:
            self.side.tabs.setCurrentWidget(self.side.network)

    def ask_model(self, network: ModelSpec) -> None:
        """Ask for the file of the model that a saved view names."""
        self._model_dialogs.ask_model(network)

    def show_recent_models(self, paths: tuple[str, ...]) -> None:
        self._menus.show_recent_models(paths)

    def show_memory_limit(self, limit: int) -> None:
        self._model_dialogs.show_memory_limit(limit)

    def ask_input_shape(self, file: ModelFile | None) -> None:
        """Ask for the input shape of a model that does not know its own, or stop asking."""
        self._model_dialogs.ask_input_shape(file)

    def show_display(self, display: DisplaySpec) -> None:
        """Show which colour map and levels are chosen, and mirror the maps or not."""
        self._display = display
        self.tool_bar.show_display(display)
        self.gallery.show_display(display)
        self.maps.set_mirrored(display.is_mirrored)
        self.laboratory.extra_maps.set_mirrored(display.is_mirrored)
        self.wishes["mirror"].setChecked(display.is_mirrored)

    def show_source(self, source: SourceInfo | None, *, is_frozen: bool) -> None:
        """Show where frames come from and whether they stand still."""
        self.status_line.show_source(source, is_frozen=is_frozen)
        self.laboratory.show_source(source, is_frozen=is_frozen)
        self.setWindowTitle(f"{source.name} — PoolViewer" if source else "PoolViewer")
        is_moving = source is not None and source.is_moving
        can_step = is_moving or (source is not None and source.kind == "folder")
        self.wishes["freeze"].setEnabled(is_moving)
        self.wishes["freeze"].setChecked(is_frozen)
        self.wishes["step"].setEnabled(can_step)
        self.wishes["step_back"].setEnabled(can_step)

    def show_transport(self, transport: Transport) -> None:
        """Show where in its source the frame lies, and what can be gone to."""
        self.transport_bar.show_transport(transport)

    def show_replay_limits(self, limits: ReplayLimits) -> None:
        self._replay_dialogs.show_limits(limits)

    def show_phase(self, phase: str, *, can_cancel: bool) -> None:
        """Say what the window waits for; empty for nothing."""
        self.maps.show_phase(phase)
        self.status_line.show_phase(phase, can_cancel=can_cancel)
        self.wishes["cancel_opening"].setEnabled(can_cancel)
        # One key cannot mean two things at once: Escape goes to what is more urgent.
        for name, has_key in (("cancel_opening", can_cancel), ("unpin", not can_cancel)):
            self.wishes[name].setShortcuts([QKeySequence("Escape")] if has_key else [])

    def show_notice(self, notice: Notice | None) -> None:
        self.notice_bar.show_notice(notice)

    def show_meters(self, meters: Meters, device: str) -> None:
        self.status_line.show_meters(meters, device)
        self.side.speed.show_meters(meters, device)

    def show_cameras(self, cameras: tuple[tuple[str, str], ...]) -> None:
        self._menus.show_cameras(cameras)

    def show_camera_format(self, chosen: CameraFormat) -> None:
        self._camera_format.show_format(chosen)

    def show_devices(self, devices: tuple[Device, ...], wish: str) -> None:
        """Offer what can run the network, and tick what was wished for."""
        self._devices.show_devices(devices, wish)

    def show_theme(self, theme: str) -> None:
        self._menus.show_theme(theme)

    def show_experiment(self, experiment: Experiment | None) -> None:
        """Show the settings of an experiment, or the gallery in place of the laboratory."""
        self.maps.show_experiment(experiment)
        self.laboratory.show_experiment(experiment)
        self.side.conceal(is_concealed=experiment is not None and experiment.conceals)
        self._left.show_laboratory(is_open=experiment is not None)
        mode = self.laboratory.mode
        for each in MODES:
            self.wishes[each.name].setChecked(each is mode)
        self.wishes["undo"].setEnabled(experiment is not None and experiment.can_undo)
        self.wishes["redo"].setEnabled(experiment is not None and experiment.can_redo)

    def show_recording(self, recording: RecordingProgress | None) -> None:
        """Show how far a recording has come, or that there is none."""
        self.recording_bar.show_recording(recording)
        is_live = recording is not None and not recording.count
        self.wishes["record"].setText(self.tr("Stop r&ecording" if is_live else "R&ecord…"))

    def ask_export(self, choices: ExportChoices) -> None:
        """Ask what to export, beginning with what was chosen last."""
        self.exports.ask(choices)

    def show_export_preview(self, preview: ExportPreview) -> None:
        """Show how the file would come out."""
        self.exports.show_preview(preview)

    def end_export(self, sentence: str) -> None:
        """Close the dialog of exports, or say in it why there is no file."""
        self.exports.end(sentence)

    def ask_recording(self, choices: RecordingChoices) -> None:
        """Ask how to record, beginning with what was chosen last."""
        from poolviewer.views.record_dialog import RecordDialog  # noqa: PLC0415

        dialog = RecordDialog(choices, self)
        dialog.recording_chosen.connect(self.recording_chosen)
        show_dialog(dialog)

    def ask_animation(self, choices: RecordingChoices, count: int) -> None:
        """Ask how to animate a step-through, beginning with what was chosen last."""
        from poolviewer.views.animation_dialog import AnimationDialog  # noqa: PLC0415

        dialog = AnimationDialog(choices, count, self)
        dialog.recording_chosen.connect(self.animation_chosen)
        show_dialog(dialog)

    def copy_image(self, image: object) -> None:
        """Put a picture on the clipboard."""
        if isinstance(image, QImage):
            QGuiApplication.clipboard().setImage(image)

    def copy_text(self, text: str) -> None:
        """Put text on the clipboard."""
        QGuiApplication.clipboard().setText(text)

    def event(self, event: QEvent) -> bool:
        """Time painting; leave Space to a button that has the focus: elsewhere it freezes."""
        if event.type() == QEvent.Type.UpdateRequest:
            return self.paints.update(super().event, event)
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if event.type() == QEvent.Type.ShortcutOverride and is_space:
            event.setAccepted(isinstance(self.focusWidget(), QAbstractButton))
            return True
        return super().event(event)
