"""The dialogs about models: which one, how large its input is, how much memory it may take."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QInputDialog,
    QLabel,
    QMessageBox,
    QWidget,
)

from poolviewer.core.budget import LARGEST, SMALLEST, default_budget
from poolviewer.core.model_info import ModelFile, ModelSpec
from poolviewer.core.text import MAX_NAME, printable
from poolviewer.views.dialogs import show_dialog
from poolviewer.views.fields import NumberField, PairField
from poolviewer.views.form_dialog import lay_out_form
from poolviewer.views.opening import MODEL_PATTERNS
from poolviewer.views.preprocessing_panel import MOST_SIDE

MEGABYTE = 2**20
DIGITS = 12
ASKED = (
    "This view was saved from {name} (SHA-256 {digest}…), which is not among the models that were "
    "opened before. Where is it?"
)
MEANWHILE = "The view is restored as soon as that model opens. Until then its picture is shown."
USUAL_SHAPE = (32, 32, 3)
MOST_CHANNELS = 4096
LONGEST_NAME = 64


class ModelDialogs(QObject):
    """Asks for model files and for what they do not tell."""

    model_requested = Signal(object)
    input_shape_given = Signal(object)
    memory_limit_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._folder = str(Path.home())
        self._question: ShapeDialog | None = None
        self._memory_limit = default_budget()

    def open_model(self) -> None:
        """Ask for a model file."""
        dialog = QFileDialog(self._window, self.tr("Open model"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = f"{MODEL_PATTERNS} {MODEL_PATTERNS.upper()}"
        dialog.setNameFilters(
            [self.tr("Keras models") + f" ({patterns})", self.tr("All files") + " (*)"]
        )
        self._open(dialog)

    def open_model_folder(self) -> None:
        """Ask for the folder that a .keras file was unpacked to."""
        dialog = QFileDialog(self._window, self.tr("Open model folder"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        self._open(dialog)

    def ask_input_shape(self, file: ModelFile | None) -> None:
        """Ask for the input shape of a model, or stop asking."""
        question, self._question = self._question, None
        if question is not None:
            question.reject()
        if file is not None:
            self._question = ShapeDialog(file, self._window)
            self._question.finished.connect(self._on_question_finished)
            show_dialog(self._question)

    def ask_model(self, network: ModelSpec) -> None:
        """Offer to look for the file of a model that a saved view names."""
        name = printable(network.name, MAX_NAME)
        dialog = QMessageBox(self._window)
        dialog.setWindowTitle(self.tr("Model of the saved view"))
        dialog.setTextFormat(Qt.TextFormat.PlainText)
        dialog.setText(self.tr(ASKED).format(name=name, digest=network.digest[:DIGITS]))
        dialog.setInformativeText(self.tr(MEANWHILE))
        choose = dialog.addButton(self.tr("&Choose file…"), QMessageBox.ButtonRole.AcceptRole)
        dialog.addButton(self.tr("&Not now"), QMessageBox.ButtonRole.RejectRole)
        dialog.setDefaultButton(choose)
        dialog.accepted.connect(self.open_model)
        show_dialog(dialog)

    def ask_memory_limit(self) -> None:
        """Ask how much memory a model may take."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Memory limit for models"))
        dialog.setLabelText(
            self.tr(
                "A model whose maps would take more is refused.\nMegabytes (a quarter of this "
                "machine's memory is {:,}):"
            ).format(default_budget() // MEGABYTE)
        )
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(SMALLEST // MEGABYTE, LARGEST // MEGABYTE)
        dialog.setIntStep(256)
        dialog.setIntValue(self._memory_limit // MEGABYTE)
        dialog.intValueSelected.connect(self._on_memory_limit_selected)
        show_dialog(dialog)

    def show_memory_limit(self, limit: int) -> None:
        """Begin with this limit in bytes when it is asked for."""
        self._memory_limit = limit

    def _open(self, dialog: QFileDialog) -> None:
        dialog.fileSelected.connect(self._on_path_selected)
        show_dialog(dialog)

    def _on_path_selected(self, path: str) -> None:
        self._folder = str(Path(path).parent)
        self.model_requested.emit(ModelFile(path))

    def _on_question_finished(self, result: int) -> None:
        question, self._question = self._question, None
        if question is not None:  # else nobody waits for the answer any more
            is_answered = result == QDialog.DialogCode.Accepted
            self.input_shape_given.emit(question.shape if is_answered else None)

    def _on_memory_limit_selected(self, megabytes: int) -> None:
        self.memory_limit_chosen.emit(megabytes * MEGABYTE)


class ShapeDialog(QDialog):
    """Asks for rows, columns and channels of a model's input."""

    def __init__(self, file: ModelFile, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Input of the model"))
        name = printable(Path(file.path).name)
        text = QLabel(
            self.tr("{} does not say how large its input is. How large shall it be?").format(
                name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
            )
        )
        text.setTextFormat(Qt.TextFormat.PlainText)
        self._size = PairField(MOST_SIDE)
        self._channels = NumberField(1, MOST_CHANNELS)
        self._size.set_value(USUAL_SHAPE[:2])
        self._channels.set_value(USUAL_SHAPE[2])
        self._channels.setAccessibleName(self.tr("channels"))
        self._channels.setToolTip(self.tr("1 for grey pictures, 3 for coloured ones"))
        form = QFormLayout()
        form.addRow(self.tr("&Rows × columns"), self._size)
        form.addRow(self.tr("&Channels"), self._channels)
        lay_out_form(self, text, form)

    @property
    def shape(self) -> tuple[int, int, int]:
        """``(height, width, channels)`` as it stands in the fields."""
        return *self._size.value(), self._channels.value()
