"""Export what is shown: the part of the controller that asks for previews and for files."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal, Slot

from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.exporting import ExportOutcome, ExportPreview
from poolviewer.core.view_state import Notice, ViewState
from poolviewer.runtime.failures import sentence_of
from poolviewer.runtime.store import Store

Job = Callable[[], object]
Room = tuple[int, int]
PreviewMaker = Callable[[ViewState, ExportChoices, Room], Job]
FileMaker = Callable[[ViewState, ExportChoices, bool], Job]

PREVIEW_MS = 250
NOTHING = "There is no figure yet: open a picture first."


class ExportController(QObject):
    """Holds what was chosen; draws and writes nothing itself.

    At most one preview is under way, and the newest wish is the next. A preview is made again
    only where something that it shows has changed.

    Parameters
    ----------
    store
        The window's state.
    preview
        Makes the job for an `ExportPreview` of a state as it is now, in so many device pixels.
    file
        Makes the job for an `ExportOutcome`; for the clipboard alone where its last argument says.
    choices
        What was exported last; None if nothing ever was.
    """

    job_requested = Signal(object)
    choices_changed = Signal(object)

    def __init__(
        self, store: Store, preview: PreviewMaker, file: FileMaker, choices: ExportChoices | None
    ) -> None:
        super().__init__()
        self._store, self._preview, self._file = store, preview, file
        self._choices = choices
        self._wish: tuple[ExportChoices, Room] | None = None
        self._seen: tuple[object, ...] = ()
        self._is_drawing = self._is_asking = False
        self._clock = QTimer(self, interval=PREVIEW_MS)
        self._clock.timeout.connect(self._on_clock_timeout)

    @property
    def choices(self) -> ExportChoices:
        """What was exported last, or what is usual."""
        return self._choices or ExportChoices()

    @Slot()
    def ask(self) -> None:
        """Open the dialog with what was chosen last."""
        if self._has_figure():
            self._ask(self.choices)

    @Slot()
    def repeat(self) -> None:
        """Export as the last time; ask where there was none."""
        if self._choices is None:
            self.ask()
        elif self._has_figure():
            self._request(self._choices, is_copy=False)

    @Slot()
    def copy(self) -> None:
        """Copy the figure as it was chosen last."""
        if self._has_figure():
            self._request(self.choices, is_copy=True)

    @Slot(object)
    def export(self, choices: ExportChoices) -> None:
        """Write a file of what is shown at this moment."""
        self._request(choices, is_copy=False)

    @Slot(object)
    def copy_as(self, choices: ExportChoices) -> None:
        """Copy a figure of what is shown at this moment."""
        self._request(choices, is_copy=True)

    @Slot(object, object)
    def preview(self, choices: ExportChoices, room: Room) -> None:
        """Show how the file would come out, now and whenever that changes."""
        if self._wish != (choices, room):
            self.renew()  # what was shown is gone, even if an earlier wish comes back
        self._wish = choices, room
        if not self._clock.isActive():
            self._clock.start()
            self._on_clock_timeout()

    def renew(self) -> None:
        """Make the preview again, although no choice of a person changed: the theme did."""
        self._seen = ()

    @Slot()
    def end(self) -> None:
        """The dialog has been closed."""
        self._clock.stop()
        self._wish, self._seen, self._is_asking = None, (), False

    @Slot(object)
    def on_job_done(self, result: object) -> None:
        """Take what a background job made."""
        if isinstance(result, ExportPreview):
            self._is_drawing = False
            if self._wish is not None:
                self._store.views.show_export_preview(result)
        elif isinstance(result, ExportOutcome):
            self._take(result)

    def _take(self, outcome: ExportOutcome) -> None:
        views = self._store.views
        if outcome.sentence:
            self._tell(outcome.sentence, is_error=True)
            if not self._is_asking and outcome.path:
                self._ask(outcome.choices)
            views.end_export(outcome.sentence)
        elif outcome.path:
            self._choices = outcome.choices
            self.choices_changed.emit(outcome.choices)
            self._tell(f"Saved as {outcome.path}.")
            views.end_export("")
        else:
            views.copy_image(outcome.image)
            self._tell("Figure copied to the clipboard.")
            views.end_export("")

    def _ask(self, choices: ExportChoices) -> None:
        self._is_asking = True
        self._store.views.ask_export(replace(choices, folder=folder_of(choices)))

    def _request(self, choices: ExportChoices, *, is_copy: bool) -> None:
        with_folder = replace(choices, folder=choices.folder or folder_of(choices))
        self._run(lambda: self._file(self._store.state, with_folder, is_copy), with_folder)

    def _run(self, make: Callable[[], Job], choices: ExportChoices) -> None:
        """Ask for a job; one that cannot even be made is a failure like any other."""
        try:
            job = make()
        except Exception as error:  # noqa: BLE001 - told in one sentence
            self._take(ExportOutcome(choices, sentence=sentence_of(error, "This did not work")))
        else:
            self.job_requested.emit(job)

    def _has_figure(self) -> bool:
        if self._store.state.rendering is None:
            self._tell(NOTHING, is_error=True)
        return self._store.state.rendering is not None

    def _tell(self, sentence: str, *, is_error: bool = False) -> None:
        self._store.update(notice=Notice(sentence, is_error))

    @Slot()
    def _on_clock_timeout(self) -> None:
        state = self._store.state
        if self._wish is None or self._is_drawing or state.rendering is None:
            return
        seen = (
            *self._wish,
            state.rendering,
            state.channel,
            state.explained,
            state.pinned,
            state.display,
            state.experiment,
        )
        if seen == self._seen:
            return
        self._seen = seen
        try:
            job = self._preview(state, *self._wish)
        except Exception as error:  # noqa: BLE001 - told in the preview's place
            sentence = sentence_of(error, "There is no preview")
            self._store.views.show_export_preview(ExportPreview(sentence=sentence))
        else:
            self._is_drawing = True
            self.job_requested.emit(job)


def folder_of(choices: ExportChoices) -> str:
    """Return the folder that was chosen if it is there, else the one for pictures."""
    if choices.folder and Path(choices.folder).is_dir():
        return choices.folder
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return folder if folder and os.access(folder, os.W_OK) else str(Path.home())
