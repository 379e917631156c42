"""Which signal of the window, the controllers and the workers reaches which slot."""

from dataclasses import dataclass

from poolviewer.runtime.cameras import Cameras
from poolviewer.runtime.capture import CaptureWorker
from poolviewer.runtime.controller import Controller
from poolviewer.runtime.exporting import ExportController
from poolviewer.runtime.inference import InferenceWorker
from poolviewer.runtime.jobs import JobWorker
from poolviewer.runtime.opening import OpeningWorker
from poolviewer.runtime.recorder import RecordingWorker
from poolviewer.runtime.recording import RecordingController
from poolviewer.runtime.threads import WorkerThread
from poolviewer.views.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Workers:
    """One for each thread."""

    capture: CaptureWorker
    inference: InferenceWorker
    opening: OpeningWorker
    jobs: JobWorker
    recording: RecordingWorker

    def in_threads(self) -> tuple[WorkerThread, ...]:
        """Move every worker into a thread of its own, named after it and not yet started."""
        return (
            WorkerThread(self.capture, "capture"),
            WorkerThread(self.inference, "inference"),
            WorkerThread(self.opening, "opening"),
            WorkerThread(self.jobs, "jobs"),
            WorkerThread(self.recording, "recording"),
        )


def wire_window(window: MainWindow, controller: Controller) -> None:
    """Bring what the person does in the window to the controller."""
    window.refused.connect(controller.refuse)
    window.freeze_toggled.connect(controller.toggle_freeze)
    window.display_changed.connect(controller.set_display)
    window.channel_selected.connect(controller.set_channel)
    window.channel_stepped.connect(controller.change_channel)
    window.pixel_hovered.connect(controller.hover)
    window.pixel_clicked.connect(controller.toggle_pin)
    window.pin_move_requested.connect(controller.move_pin)
    window.unpin_requested.connect(controller.unpin)
    window.notice_dismissed.connect(controller.dismiss_notice)
    window.frame_painted.connect(controller.metering.on_frame_painted)
    window.speed_watched.connect(controller.metering.watch)
    window.experiment_chosen.connect(controller.laboratory.set_experiment)
    window.experiment_confirmed.connect(controller.laboratory.confirm)
    window.beside_hovered.connect(controller.laboratory.hover_beside)
    window.beside_clicked.connect(controller.laboratory.pin_beside)
    window.chain_watched.connect(controller.laboratory.watch_chain)
    window.chain_step_requested.connect(controller.chains.unfold)
    window.chain_tap_requested.connect(controller.chains.follow)
    window.proof_requested.connect(controller.proofs.copy)
    window.pixel_dragged.connect(controller.dragging.drag)
    window.drag_ended.connect(controller.dragging.end)
    window.nudge_requested.connect(controller.dragging.nudge)
    window.undo_requested.connect(controller.dragging.undo)
    window.redo_requested.connect(controller.dragging.redo)


def wire_models(window: MainWindow, controller: Controller, workers: Workers) -> None:
    """Networks: wished for in the window, opened in one thread and run in another."""
    networks, opening, inference = controller.networks, workers.opening, workers.inference
    window.network_changed.connect(networks.set_network)
    window.model_requested.connect(networks.open_model)
    window.opening_cancelled.connect(networks.cancel_opening)
    window.model_chosen.connect(networks.use_model)
    window.input_shape_given.connect(networks.answer_input_shape)
    window.recent_models_cleared.connect(networks.forget_recent_models)
    networks.work_requested.connect(inference.process)
    controller.laboratory.work_requested.connect(inference.process)
    networks.opening_requested.connect(opening.process)
    inference.engine_made.connect(opening.use)
    opening.progressed.connect(networks.on_model_progressed)
    opening.opened.connect(networks.on_model_opened)
    opening.ended.connect(inference.process)


def wire_workers(controller: Controller, workers: Workers) -> None:
    """Frames, maps and background jobs."""
    capture, inference, jobs = workers.capture, workers.inference, workers.jobs
    controller.open_requested.connect(capture.open)
    controller.freeze_changed.connect(capture.set_frozen)
    controller.work_requested.connect(inference.process)
    controller.job_requested.connect(jobs.run)
    controller.sessions.job_requested.connect(jobs.run)
    jobs.done.connect(controller.sessions.on_job_done)
    capture.captured.connect(inference.process)
    capture.previewed.connect(controller.on_frame_previewed)
    capture.opened.connect(controller.on_source_opened)
    capture.recovered.connect(controller.on_source_recovered)
    inference.engine_ready.connect(controller.on_engine_ready)
    inference.device_refused.connect(controller.refuse)
    inference.ready.connect(controller.on_rendering_ready)
    inference.recovered.connect(controller.on_network_recovered)
    for worker in (capture, inference, workers.opening, jobs):
        worker.failed.connect(controller.on_failed)
    jobs.done.connect(controller.on_job_done)


def wire_timeline(window: MainWindow, controller: Controller, capture: CaptureWorker) -> None:
    """Going to other frames of the source."""
    bar, timeline = window.transport_bar, controller.timeline
    window.step_requested.connect(timeline.step)
    bar.step_requested.connect(timeline.step)
    bar.seek_requested.connect(timeline.seek)
    bar.held.connect(timeline.hold)
    bar.looping_chosen.connect(timeline.set_looping)
    timeline.seek_requested.connect(capture.seek)
    timeline.hold_requested.connect(capture.set_frozen)
    timeline.looping_changed.connect(capture.set_looping)
    timeline.replay_limited.connect(capture.limit_replay)
    capture.moved.connect(timeline.on_moved)
    capture.paused.connect(timeline.on_paused)


def wire_cameras(
    window: MainWindow, controller: Controller, cameras: Cameras, workers: Workers
) -> None:
    """Sources on their way to the controller, and the list of cameras."""
    window.open_requested.connect(cameras.open)
    window.cameras_requested.connect(cameras.look)
    window.camera_format_chosen.connect(cameras.choose_format)
    window.closed.connect(cameras.stop_looking)
    cameras.open_requested.connect(controller.open_source)
    cameras.refused.connect(controller.refuse)
    cameras.job_requested.connect(workers.jobs.run)
    workers.jobs.done.connect(cameras.on_job_done)
    workers.jobs.failed.connect(cameras.on_failed)
    workers.capture.opened.connect(cameras.on_source_opened)
    # Not at once: no timer may begin behind a closed window.
    window.cameras_requested.connect(cameras.begin_looking)


def wire_exporting(window: MainWindow, exporting: ExportController, jobs: JobWorker) -> None:
    """Exports, from the wish to the file."""
    window.export_asked.connect(exporting.ask)
    window.export_repeated.connect(exporting.repeat)
    window.copy_requested.connect(exporting.copy)
    window.closed.connect(exporting.end)
    window.exports.preview_wished.connect(exporting.preview)
    window.exports.export_requested.connect(exporting.export)
    window.exports.copy_requested.connect(exporting.copy_as)
    window.exports.ended.connect(exporting.end)
    exporting.job_requested.connect(jobs.run)
    jobs.done.connect(exporting.on_job_done)


def wire_recording(
    window: MainWindow, recording: RecordingController, recorder: RecordingWorker
) -> None:
    """Recordings, from the wish to the file."""
    window.record_requested.connect(recording.ask)
    window.recording_chosen.connect(recording.start)
    window.recording_stopped.connect(recording.stop)
    window.animation_requested.connect(recording.ask_animation)
    window.animation_chosen.connect(recording.animate)
    recording.film_requested.connect(recorder.film)
    window.recording_cancelled.connect(recording.cancel)
    recording.load_requested.connect(recorder.load)
    recording.begin_requested.connect(recorder.begin)
    recording.shot_left.connect(recorder.process)
    recording.finish_requested.connect(recorder.finish)
    recording.cancel_requested.connect(recorder.cancel)
    recorder.progressed.connect(recording.on_progressed)
    recorder.recorded.connect(recording.on_recorded)
    recorder.failed.connect(recording.on_failed)
