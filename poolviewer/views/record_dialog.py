"""Ask how to record: what kind of file, where, how often and for how long."""

from pathlib import Path

from PySide6.QtCore import QDateTime, QStandardPaths, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from poolviewer.core.file_names import free_path
from poolviewer.core.recording import (
    KINDS,
    LONGEST_S,
    MOST_FRAMES_PER_S,
    SCALES,
    USUAL_LENGTH_S,
    RecordingChoices,
    RecordingKind,
    RecordingSpec,
    kind_of,
)
from poolviewer.core.text import printable
from poolviewer.drawing.palette import SPACING
from poolviewer.views.dialogs import show_dialog
from poolviewer.views.elided_label import ElidedLabel
from poolviewer.views.fields import ChoiceField, NumberField

KIND_WORDS: dict[RecordingKind, str] = {
    "mp4": "MP4 film: small, for players and slides",
    "gif": "GIF animation: shown everywhere, 256 colours",
    "webp": "WebP animation: for web pages",
    "apng": "APNG animation: every pixel exact, large",
}
FIGURE_WIDTH = 1280
WIDTH_WORDS = {str(scale): f"{FIGURE_WIDTH * scale} pixels" for scale in SCALES}


class RecordDialog(QDialog):
    """Offers what was chosen last, under a name of its own for each recording.

    A file is replaced only where the person chose it by name and agreed.
    """

    recording_chosen = Signal(object, object)
    title = "Record"
    go = "&Record"
    go_tip = "Begin now; Ctrl+R stops"

    def __init__(self, choices: RecordingChoices, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.title)
        folder = Path(choices.folder) if choices.folder else _films_folder()
        stamp = QDateTime.currentDateTime().toString("yyyy-MM-dd-HHmmss")
        self._path = free_path(
            (folder if folder.is_dir() else _films_folder()) / f"poolviewer-{stamp}.{choices.kind}"
        )
        self._kinds = ChoiceField({kind: self.tr(KIND_WORDS[kind]) for kind in KINDS})
        self._rate = NumberField(1, MOST_FRAMES_PER_S)
        self._longest = NumberField(1, LONGEST_S)
        self._longest.setSuffix(self.tr(" s"))
        self._width = ChoiceField(WIDTH_WORDS)
        self._name = ElidedLabel()
        self._kinds.set_value(choices.kind)
        self._rate.set_value(choices.frames_per_s)
        self._longest.set_value(choices.longest_s)
        self._width.set_value(str(choices.scale))
        self._arrange()
        self._show_name()
        self._kinds.value_changed.connect(self._on_kind_changed)
        self._kinds.setFocus()

    @property
    def path(self) -> Path:
        """Where the recording will be saved."""
        return self._path

    def accept(self) -> None:
        """Tell what was chosen."""
        super().accept()
        choices = self._chosen()
        spec = RecordingSpec(
            str(self._path), choices.frames_per_s, choices.longest_s, choices.scale
        )
        self.recording_chosen.emit(spec, choices)

    def _chosen(self) -> RecordingChoices:
        return RecordingChoices(
            self._kind,
            self._rate.value(),
            self._longest.value(),
            int(self._width.value()),
            str(self._path.parent),
        )

    def choose_file(self) -> None:
        """Ask for a name; one that exists must be agreed to."""
        dialog = QFileDialog(self, self.tr("Record as"), str(self._path.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{self.tr(KIND_WORDS[k]).split(':')[0]} (*.{k})" for k in KINDS])
        dialog.selectNameFilter(dialog.nameFilters()[KINDS.index(self._kind)])
        dialog.setDefaultSuffix(self._kind)
        dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(_kind_in(text)))
        dialog.selectFile(self._path.name)
        dialog.fileSelected.connect(self._on_file_selected)
        show_dialog(dialog)

    @property
    def _kind(self) -> RecordingKind:
        return KINDS[self._kinds.currentIndex()]

    def _on_kind_changed(self) -> None:
        self._longest.set_value(USUAL_LENGTH_S[self._kind])
        if kind_of(self._path.name) != self._kind:
            self._path = free_path(self._path.with_suffix(f".{self._kind}"))
        self._show_name()

    def _on_file_selected(self, text: str) -> None:
        kind = kind_of(Path(text).name)
        self._path = Path(text) if kind else free_path(Path(f"{text}.{self._kind}"))
        if kind is not None:
            self._kinds.set_value(kind)
        self._show_name()

    def _add_times(self, form: QFormLayout) -> None:
        """Ask how often and for how long."""
        self._rate.setToolTip(self.tr("Pictures in a second at most; fewer where nothing changes"))
        self._longest.setToolTip(self.tr("The recording ends by itself after this time"))
        form.addRow(self.tr("Frames per &second"), self._rate)
        form.addRow(self.tr("&Longest time"), self._longest)

    def _show_name(self) -> None:
        self._name.show_text(printable(self._path.name), printable(str(self._path)))

    def _arrange(self) -> None:
        change = QPushButton(self.tr("C&hange…"))
        change.setToolTip(self.tr("Choose another name or folder"))
        change.clicked.connect(self.choose_file)
        change.setAutoDefault(False)
        self._kinds.setToolTip(self.tr("What kind of file is written"))
        self._width.setToolTip(self.tr("How wide the figure is"))
        file = QHBoxLayout()
        file.setSpacing(SPACING)
        file.addWidget(self._name, 1)
        file.addWidget(change)
        form = QFormLayout()
        form.setVerticalSpacing(SPACING)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("&Format"), self._kinds)
        form.addRow(self.tr("File"), file)
        self._add_times(form)
        form.addRow(self.tr("&Width"), self._width)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        record = buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        record.setDefault(True)
        record.setToolTip(self.go_tip)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.setMinimumWidth(60 * SPACING)
        record.setFocus()


def _kind_in(name_filter: str) -> str:
    """Return the ending that a name filter stands for."""
    return name_filter.rpartition("*.")[2].rstrip(")")


def _films_folder() -> Path:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    return Path(folder) if folder and Path(folder).is_dir() else Path.home()
