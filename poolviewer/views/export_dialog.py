"""Ask what to export, with the figure as it will come out."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from poolviewer.core.export_choices import ExportChoices, format_of
from poolviewer.core.exporting import ExportPreview, left_out_words, numbers_words, size_words
from poolviewer.core.text import printable
from poolviewer.drawing.palette import SPACING
from poolviewer.views.dialogs import show_dialog
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.export_form import ExportForm
from poolviewer.views.export_preview import WAITING, PreviewPane

FORM_WIDTH = 50 * SPACING


class ExportDialog(QDialog):
    """Stays open until the file is there; what went wrong is told above its buttons."""

    preview_wished = Signal(object, object)
    export_requested = Signal(object)
    copy_requested = Signal(object)

    def __init__(self, choices: ExportChoices, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self.setSizeGripEnabled(True)
        self.preview, self.form = PreviewPane(), ExportForm()
        self.name, self.problem = ElidedLabel(), QLabel()
        self.left_out = ElidedLabel()
        self._latest = ExportPreview()
        self._is_busy = False
        self._make_buttons()
        self._arrange()
        self.form.show_choices(choices)
        self._show_words()
        self.form.value_changed.connect(self._on_form_value_changed)
        self.form.folder_requested.connect(self.choose_folder)
        self.preview.room_changed.connect(self._wish_preview)
        self.export_button.setFocus()

    def show_preview(self, preview: ExportPreview) -> None:
        """Show how the file would come out."""
        self._latest = preview
        if isinstance(preview.image, QImage):
            self.preview.show_image(preview.image)
        elif preview.sentence:
            self.preview.show_text(preview.sentence)
        elif not self._is_drawn:
            self.preview.show_text(self.tr(numbers_words(self.form.choices())))
        self._show_words()

    def show_problem(self, sentence: str) -> None:
        """Say why there is no file, and let the person try again."""
        self._is_busy = False
        self.problem.setText(printable(sentence))
        self.problem.setVisible(bool(sentence))
        self._show_words()
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        if sentence and cancel.hasFocus():  # went there when the button that was pressed got busy
            self.export_button.setFocus()

    def accept(self) -> None:
        """Ask for the file; the dialog stays until it is there."""
        if self.export_button.isEnabled():
            self._ask(self.export_requested)

    def choose_folder(self) -> None:
        """Ask for another folder."""
        folder = self.form.choices().folder
        start = folder if Path(folder).is_dir() else str(Path.home())
        dialog = QFileDialog(self, self.tr("Export to folder"), start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(self._on_folder_selected)
        show_dialog(dialog)

    @property
    def _is_drawn(self) -> bool:
        kind = format_of(f".{self.form.choices().ending}")
        return kind is not None and kind.is_drawn

    def _ask(self, signal: object) -> None:
        self.show_problem("")
        self._is_busy = True
        self._show_words()
        signal.emit(self.form.choices())  # type: ignore[attr-defined]

    def _on_copy_clicked(self) -> None:
        self._ask(self.copy_requested)

    def _on_folder_selected(self, folder: str) -> None:
        self.form.show_folder(folder)
        self._on_form_value_changed()

    def _on_form_value_changed(self) -> None:
        if not self._is_drawn:
            self.preview.show_text(self.tr(numbers_words(self.form.choices())))
        elif self.preview.image is None:
            self.preview.show_text(self.tr(WAITING))
        self._show_words()
        self._wish_preview()

    def _wish_preview(self) -> None:
        if not self.form.has_problem:
            self.preview_wished.emit(self.form.choices(), self.preview.room)

    def _show_words(self) -> None:
        choices, is_sound = self.form.choices(), not self.form.has_problem
        self.name.show_text(printable(self._latest.name) if is_sound else "")
        self.form.size_words.setText(size_words(self._latest, choices.scale))
        self.form.size_words.setVisible(self._is_drawn)
        left_out = self._latest.left_out if self._is_drawn else ()
        self.left_out.show_text(left_out_words(left_out))
        can_export = is_sound and not self._is_busy and not self.form.is_empty
        self.export_button.setEnabled(can_export)
        self.copy_button.setEnabled(can_export and self._is_drawn)

    def _make_buttons(self) -> None:
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole
        self.export_button = QPushButton(self.tr("&Export"))
        self.export_button.setToolTip(self.tr("Write the file; Ctrl+S does it again later"))
        self.export_button.setDefault(True)
        self.copy_button = QPushButton(self.tr("Cop&y to clipboard"))
        self.copy_button.setToolTip(self.tr("Copy the figure instead of writing a file"))
        self.copy_button.setAutoDefault(False)
        self.buttons.addButton(self.export_button, role.AcceptRole)
        self.buttons.addButton(self.copy_button, role.ActionRole)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setToolTip(
            self.tr("Close without writing anything")
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.copy_button.clicked.connect(self._on_copy_clicked)

    def _arrange(self) -> None:
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.name.setAccessibleName(self.tr("Name of the file"))
        self.form.setMinimumWidth(FORM_WIDTH)
        self.form.setMaximumWidth(FORM_WIDTH + 12 * SPACING)
        across = QHBoxLayout()
        across.setSpacing(2 * SPACING)
        across.addLayout(self._preview_column(), 3)
        across.addWidget(self.form, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACING)
        layout.addLayout(across, 1)
        layout.addWidget(self.problem)
        below = QHBoxLayout()
        below.addWidget(self.name, 1)
        below.addWidget(self.buttons)
        layout.addLayout(below)
        room = self.screen().availableSize()
        self.resize(min(int(room.width() * 0.85), 2400), min(int(room.height() * 0.8), 1500))

    def _preview_column(self) -> QVBoxLayout:
        """Return the preview above a line that keeps its room, so that nothing moves."""
        self.left_out.setObjectName("muted")
        self.left_out.setAccessibleName(self.tr("What the figure has no room for"))
        self.left_out.setMinimumHeight(self.left_out.fontMetrics().height())
        column = QVBoxLayout()
        column.setSpacing(SPACING)
        column.addWidget(self.preview, 1)
        column.addWidget(self.left_out)
        return column
