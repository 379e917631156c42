"""Everything a person can do, in one table: menus, toolbar and shortcuts are made from it."""

from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from poolviewer.views.icons import icon
from poolviewer.views.laboratory.modes import MODES

Shortcut = str | QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action: where it stands in the menus, what it is called, and how it is reached."""

    name: str
    menu: str
    text: str
    tip: str
    shortcut: Shortcut | None = None
    icon: str = ""
    is_checkable: bool = False


SEPARATOR = ""
STANDARD = QKeySequence.StandardKey
FILE, SOURCE, VIEW, LABORATORY, HELP = "&File", "&Source", "&View", "&Laboratory", "&Help"

# A row for each mode of the laboratory; its name is the mode's.
_MODES = tuple(
    ActionSpec(mode.name, LABORATORY, mode.title, mode.tip, mode.shortcut, is_checkable=True)
    for mode in MODES
)

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open_file", FILE, "&Open picture or video…", "Open a picture or a video file",
               STANDARD.Open, "open"),
    ActionSpec("open_folder", FILE, "Open &folder…", "Open all pictures of a folder",
               "Ctrl+Shift+O"),
    ActionSpec("open_url", FILE, "Open s&tream…", "Open an MJPEG or RTSP stream by its address",
               "Ctrl+L"),
    ActionSpec("paste", FILE, "&Paste", "Open the picture, file or address on the clipboard",
               STANDARD.Paste),
    ActionSpec("samples", FILE, "Samp&les",
               "Pictures, a video and two models that come with PoolViewer"),
    ActionSpec("-1", FILE, SEPARATOR, ""),
    ActionSpec("open_model", FILE, "Open &model…", "Open a Keras model: a .keras or an HDF5 file",
               "Ctrl+Shift+M"),
    ActionSpec("open_model_folder", FILE, "Open mo&del folder…",
               "Open a .keras model that was unpacked to a folder"),
    ActionSpec("recent_models", FILE, "&Recent models", "Models that were opened before"),
    # Escape is its key as long as a model is being opened.
    ActionSpec("cancel_opening", FILE, "Ca&ncel opening",
               "Stop opening the model, and keep the network"),
    ActionSpec("memory_limit", FILE, "Memory lim&it for models…",
               "How much memory a model may take before it is refused"),
    ActionSpec("-6", FILE, SEPARATOR, ""),
    ActionSpec("export", FILE, "E&xport…", "Choose what to export, with a preview: a figure, "
               "numbers or the view", "Ctrl+Shift+S", "save"),
    ActionSpec("save_figure", FILE, "Export a&gain", "Export as the last time, without asking, "
               "under a new name", STANDARD.Save),
    ActionSpec("copy_figure", FILE, "&Copy figure", "Copy the annotated figure to the clipboard",
               "Ctrl+Shift+C"),
    ActionSpec("record", FILE, "R&ecord…", "Record the annotated figure as a film or an animation, "
               "or stop recording", "Ctrl+R", "record"),
    ActionSpec("animate", FILE, "Export &animation…", "Save the step-through, window by window, "
               "as a film or an animation", "Ctrl+Shift+R"),
    ActionSpec("-2", FILE, SEPARATOR, ""),
    ActionSpec("quit", FILE, "&Quit", "Close PoolViewer", "Ctrl+Q"),
    ActionSpec("cameras", SOURCE, "&Camera", "Show the live picture of a camera", None, "camera"),
    ActionSpec("camera_format", SOURCE, "Camera f&ormat",
               "The size and rate that cameras are asked for"),
    ActionSpec("-3", SOURCE, SEPARATOR, ""),
    ActionSpec("freeze", SOURCE, "&Freeze", "Hold the present frame, or go on (Space)", "Space",
               "freeze", is_checkable=True),
    ActionSpec("step", SOURCE, "&Next frame", "Go on by one frame or picture", "Ctrl+Right",
               "step"),
    ActionSpec("step_back", SOURCE, "&Previous frame", "Go back by one frame or picture",
               "Ctrl+Left", "step_back"),
    ActionSpec("-7", SOURCE, SEPARATOR, ""),
    ActionSpec("replay_memory", SOURCE, "Replay &memory…",
               "How much of a live picture is kept to look back"),
    ActionSpec("fit", VIEW, "&Fit", "Show the whole input in all maps", "F", "fit"),
    ActionSpec("zoom_in", VIEW, "Zoom &in", "Show a smaller part larger", STANDARD.ZoomIn),
    ActionSpec("zoom_out", VIEW, "&Zoom out", "Show a larger part smaller", STANDARD.ZoomOut),
    ActionSpec("original", VIEW, "&Original picture",
               "Show the full-resolution picture instead of the network's input, or back", "O"),
    ActionSpec("mirror", VIEW, "&Mirror", "Mirror what is seen, as in a mirror; the network "
               "always gets the true picture", "M", is_checkable=True),
    ActionSpec("-4", VIEW, SEPARATOR, ""),
    ActionSpec("next_channel", VIEW, "Next &channel", "Show the next channel", "]"),
    ActionSpec("previous_channel", VIEW, "Previous c&hannel", "Show the channel before", "["),
    ActionSpec("unpin", VIEW, "&Unpin", "Let the pinned pixel go", "Escape"),
    ActionSpec("-8", VIEW, SEPARATOR, ""),
    ActionSpec("copy_tsv", VIEW, "Copy window as T&SV", "Copy the values of the pixel's pool "
               "window as a table for a spreadsheet", "Ctrl+Shift+T"),
    ActionSpec("copy_numpy", VIEW, "Copy window as &NumPy", "Copy the pool window as a NumPy "
               "snippet that asserts the pooled value", "Ctrl+Shift+N"),
    ActionSpec("copy_keras", VIEW, "Copy window as &Keras script", "Copy the pool window as a "
               "Keras script that asserts the pooled value", "Ctrl+Shift+K"),
    ActionSpec("-5", VIEW, SEPARATOR, ""),
    ActionSpec("device", VIEW, "Netwo&rk runs on", "Which processor runs the network"),
    ActionSpec("theme", VIEW, "&Theme", "Light or dark colours"),
    *_MODES,
    ActionSpec("-9", LABORATORY, SEPARATOR, ""),
    ActionSpec("undo", LABORATORY, "&Undo", "Take the last change of a pixel back", "Ctrl+Z"),
    ActionSpec("redo", LABORATORY, "&Redo", "Make the change again that was taken back",
               "Ctrl+Shift+Z"),
    ActionSpec("guide", HELP, "&Guide", "How to use PoolViewer, and all keys",
               STANDARD.HelpContents, "help"),
    ActionSpec("about", HELP, "&About PoolViewer", "Versions and licences"),
)  # fmt: skip


def make_actions(parent: QWidget) -> dict[str, QAction]:
    """Make every action of the table, as children of a widget."""
    return {spec.name: _make_action(spec, parent) for spec in ACTIONS}


def fill_menu_bar(menu_bar: QMenuBar, actions: dict[str, QAction]) -> None:
    """Put the actions into menus, in the order of the table."""
    menus: dict[str, QMenu] = {}
    for spec in ACTIONS:
        if spec.menu not in menus:
            menus[spec.menu] = menu_bar.addMenu(spec.menu)
            menus[spec.menu].setToolTipsVisible(True)
        menus[spec.menu].addAction(actions[spec.name])


def _make_action(spec: ActionSpec, parent: QWidget) -> QAction:
    action = QAction(parent.tr(spec.text), parent)
    action.setObjectName(spec.name)
    action.setSeparator(spec.text == SEPARATOR)
    action.setCheckable(spec.is_checkable)
    if spec.shortcut is not None:
        action.setShortcut(QKeySequence(spec.shortcut))
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = parent.tr(spec.tip)
    action.setToolTip(f"{tip} ({keys})" if keys and f"({keys})" not in tip else tip)
    if spec.icon:
        action.setIcon(icon(spec.icon, parent.palette()))
    return action
