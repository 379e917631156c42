"""One dialog of exports at a time, imported when it is first opened: the window opens sooner."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from poolviewer.core.export_choices import ExportChoices
from poolviewer.core.exporting import ExportPreview
from poolviewer.views.dialogs import show_dialog

if TYPE_CHECKING:
    from poolviewer.views.export_dialog import ExportDialog


class ExportDialogs(QObject):
    """Opens the dialog, one at a time."""

    preview_wished = Signal(object, object)
    export_requested = Signal(object)
    copy_requested = Signal(object)
    ended = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: ExportDialog | None = None

    def ask(self, choices: ExportChoices) -> None:
        """Ask what to export."""
        if self.dialog is not None:
            return
        from poolviewer.views.export_dialog import ExportDialog  # noqa: PLC0415

        dialog = self.dialog = ExportDialog(choices, self._window)
        dialog.preview_wished.connect(self.preview_wished)
        dialog.export_requested.connect(self.export_requested)
        dialog.copy_requested.connect(self.copy_requested)
        dialog.finished.connect(self._on_dialog_finished)
        show_dialog(dialog)

    def show_preview(self, preview: ExportPreview) -> None:
        """Show how the file would come out."""
        if self.dialog is not None:
            self.dialog.show_preview(preview)

    def end(self, sentence: str) -> None:
        """Close the dialog, or say in it why there is no file."""
        if self.dialog is None:
            return
        if sentence:
            self.dialog.show_problem(sentence)
        else:
            self.dialog.done(int(QDialog.DialogCode.Accepted))

    def _on_dialog_finished(self) -> None:
        self.dialog = None
        self.ended.emit()
