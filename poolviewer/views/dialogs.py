"""Every dialog; none of them blocks, and each is gone when it is closed."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QInputDialog,
    QLabel,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from poolviewer import __version__
from poolviewer.core.messages import SourceRequest
from poolviewer.drawing.palette import SPACING
from poolviewer.views.actions import ACTIONS
from poolviewer.views.opening import (
    PICTURE_PATTERNS,
    SESSION_PATTERNS,
    VIDEO_PATTERNS,
    request_of,
)

GUIDE = """\
The left map is the input as the network receives it, the middle one is a feature map of the \
convolution, the right one is what pooling keeps of it.

Point at a pixel of the pooled map: its source window is outlined in the feature map, the winner \
inside it is marked, and its receptive field is outlined in the input. Point at a pixel of the \
feature map to see which pooled pixels it feeds and whether it won.

Back to the input, below the trace, lists every layer that made the pixel, each with what it comes \
to and what the map says. Choose one to see its products, and click one of them, or use the arrow \
keys, to follow that pixel instead; what each layer reads is outlined in every map.

Copy, below the trace, takes the window away: as a table, or as a few lines of NumPy or Keras \
that prove the pooled value (Ctrl+Shift+T, N and K).

Click a pixel to pin it: its numbers then follow every frame, and the Time tab draws them. \
Drag to move the maps, turn the wheel to zoom; numbers appear on the pixels when they \
are large enough. Click a tile of the gallery to show its channel; turn the \
wheel over it to see more tiles.

The laboratory, from the flask of the tool bar or its menu, takes the gallery's place: its modes \
try things on the frame that you see, and the same key closes it. Step-through (Alt+2) fills the \
pooled map, or the feature map, pixel by pixel: P plays, the full stop and the comma step, a click \
or the arrow keys go to a pixel. What was lost (Alt+3) colours who won and who did not, and \
rebuilds the map from its pooled values. Compare (Alt+4) pools the feature map a second way and \
subtracts. Shift (Alt+5) moves the input and plots how much of both maps that changes. Gradient \
(Alt+6) shows where a 1 at a pooled pixel lands. Poke (Alt+7) lets you drag a pixel of the input \
or of the feature map up or down: Escape takes a drag back, Ctrl+Z and Ctrl+Y undo and redo. \
Predict the winner (Alt+9) hides the pooled map and asks who wins: click a pixel, or choose it \
with the arrow keys and Enter.

A camera or a stream that falls silent is tried again until its picture comes back; what you see \
stays meanwhile. Source, Camera format asks cameras for a size and a rate.

Drag the bar below the gallery to any frame of a video, or back through the last seconds of a \
live picture, which freezes: every frame shows the maps it had. Space goes on. How much is kept \
stands under Source, Replay memory.

Open a Keras model (.keras, .h5, .hdf5) from the File menu, from the Network box, or by dropping \
it on the window. The Stage box and the Network tab list its pooling layers, the stages: choose \
one to see what enters it and what leaves it. Below the tabs stands what is made of a picture \
before the model gets it; it is remembered for each model.

Export (Ctrl+Shift+S) shows what the file will hold while you choose: a figure for a slide or a \
paper, numbers, or the view itself. Ctrl+S exports again in the same way, without asking and under \
a name that is not taken. A PNG, SVG, PDF or .poolview file opens again as the view that it shows: \
drop it on the window.

Record the annotated figure while it changes with Ctrl+R: as a film (MP4) or an animation (GIF, \
WebP, APNG). The row above the status line tells how far it has come; Ctrl+R again ends it. \
Ctrl+Shift+R makes one of the laboratory's step-through, window by window.

The status bar tells how many frames are painted in a second, what the network takes, how long a \
frame is on its way to the screen, and how many were dropped. The Speed tab tells all of it; point \
at a line to read what it means.
"""
ABOUT = """\
PoolViewer {version} shows what convolution and pooling do to a picture.

MIT licence. Sample pictures: public domain and CC0; the video is from Big Buck Bunny, \
© Blender Foundation, CC BY 3.0. Made with Qt for Python (LGPL), TensorFlow, Keras, NumPy, \
OpenCV, PyAV and pyqtgraph.
"""
MORE_KEYS = (
    ("Arrows", "Move the pinned pixel, or the chosen tile of the gallery"),
    ("Page Up, Page Down", "Turn the pages of the gallery, when it has the focus"),
    ("Home, End, Page Up, Page Down", "Go far in the bar of time, when it has the focus"),
    ("+, \N{MINUS SIGN}", "Zoom, when a map has the focus"),
    (
        "Alt+Up, Alt+Down",
        "Change the pinned pixel by a step while poking (Shift: a small one)",
    ),
    ("Enter", "Show the chosen stage of the Network tab"),
    ("Esc", "Stop opening a model, while one is being opened"),
)


class Dialogs(QObject):
    """Asks for files, addresses and numbers, and shows help."""

    source_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._folder = _standard_folder(QStandardPaths.StandardLocation.PicturesLocation)

    def open_file(self) -> None:
        """Ask for a picture, a video or a saved view."""
        dialog = QFileDialog(self._window, self.tr("Open picture or video"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = f"{PICTURE_PATTERNS} {VIDEO_PATTERNS} {SESSION_PATTERNS}"
        dialog.setNameFilters(
            [
                self.tr("Pictures, videos and saved views") + f" ({patterns} {patterns.upper()})",
                self.tr("All files") + " (*)",
            ]
        )
        self._open(dialog)

    def open_folder(self) -> None:
        """Ask for a folder of pictures."""
        dialog = QFileDialog(self._window, self.tr("Open folder"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        self._open(dialog)

    def open_url(self) -> None:
        """Ask for the address of a stream."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Open stream"))
        dialog.setLabelText(self.tr("Address of an MJPEG or RTSP stream:"))
        dialog.setTextValue("http://")
        dialog.resize(60 * SPACING, dialog.sizeHint().height())
        dialog.textValueSelected.connect(self._on_address_selected)
        show_dialog(dialog)

    def open_camera_number(self) -> None:
        """Ask for the number of a camera."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Open camera"))
        dialog.setLabelText(self.tr("Number of the camera (the first is 0):"))
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(0, 63)
        dialog.intValueSelected.connect(self._on_camera_number_selected)
        show_dialog(dialog)

    def show_guide(self) -> None:
        """Show how to use the window, and all keys."""
        dialog = QDialog(self._window)
        dialog.setWindowTitle(self.tr("Guide to PoolViewer"))
        text = QLabel(self.tr(GUIDE))
        text.setWordWrap(True)
        keys = QLabel(_keys_as_html())
        keys.setTextFormat(Qt.TextFormat.RichText)
        keys.setWordWrap(True)
        content = QWidget()
        column = QVBoxLayout(content)
        column.addWidget(text)
        column.addWidget(keys)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(content)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(dialog.reject)
        layout = QVBoxLayout(dialog)
        layout.addWidget(area, 1)
        layout.addWidget(buttons)
        dialog.resize(70 * SPACING, 72 * SPACING)
        show_dialog(dialog)

    def show_about(self) -> None:
        """Show the version and the licences."""
        dialog = QMessageBox(self._window)
        dialog.setWindowTitle(self.tr("About PoolViewer"))
        dialog.setTextFormat(Qt.TextFormat.PlainText)
        dialog.setText(self.tr(ABOUT).format(version=__version__))
        show_dialog(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.fileSelected.connect(self._on_path_selected)
        show_dialog(dialog)

    def _on_path_selected(self, path: str) -> None:
        self._remember(path)
        self.source_chosen.emit(request_of(path))

    def _on_address_selected(self, address: str) -> None:
        if address.strip():
            self.source_chosen.emit(SourceRequest(address.strip()))

    def _on_camera_number_selected(self, number: int) -> None:
        self.source_chosen.emit(SourceRequest(f"camera:{number}"))

    def _remember(self, location: str) -> None:
        parent = Path(location).parent
        if parent.is_dir():
            self._folder = str(parent)


def show_dialog(dialog: QDialog) -> None:
    """Open a dialog without waiting for it, and let it go when it is closed."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _standard_folder(location: QStandardPaths.StandardLocation) -> str:
    folder = QStandardPaths.writableLocation(location)
    # Qt would take the last part of a folder that does not exist for the name of a file.
    return folder if folder and Path(folder).is_dir() else str(Path.home())


def _keys_as_html() -> str:
    """List every action that has a shortcut, from the one table of actions."""
    rows = list(MORE_KEYS)
    for spec in ACTIONS:
        if spec.shortcut is not None:
            keys = QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            rows.append((keys, spec.tip.removesuffix(f" ({keys})")))
    lines = (f"<tr><td><b>{keys}</b>&nbsp;&nbsp;</td><td>{tip}</td></tr>" for keys, tip in rows)
    return f"<table cellpadding='3'>{''.join(lines)}</table>"
