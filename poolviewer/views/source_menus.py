"""Submenus that are filled with what there is: cameras, samples, recent models, themes."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from poolviewer.core.messages import SourceRequest
from poolviewer.core.model_info import ModelFile
from poolviewer.core.text import printable
from poolviewer.views.plain_text import menu_text, plain_tip, shortened

LONGEST_ENTRY = 400
Samples = tuple[tuple[str, SourceRequest | ModelFile], ...]
THEMES = {"system": "As the &system", "light": "&Light", "dark": "&Dark"}


class SourceMenus(QObject):
    """Fills the actions ``cameras``, ``samples``, ``recent_models`` and ``theme`` with submenus."""

    source_chosen = Signal(object)
    model_chosen = Signal(object)
    recent_models_cleared = Signal()
    camera_number_requested = Signal()
    cameras_requested = Signal()
    theme_chosen = Signal(str)

    def __init__(
        self,
        actions: dict[str, QAction],
        samples: Samples,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._cameras, self._samples, self._models, self._themes = (QMenu(parent) for _ in range(4))
        self._group = QActionGroup(self)
        self._listed: tuple[tuple[str, str], ...] | None = None
        for name, menu in (
            ("cameras", self._cameras),
            ("samples", self._samples),
            ("recent_models", self._models),
            ("theme", self._themes),
        ):
            actions[name].setMenu(menu)
        self._cameras.aboutToShow.connect(self._on_cameras_about_to_show)
        self._cameras.triggered.connect(self._on_source_triggered)
        self._samples.triggered.connect(self._on_samples_triggered)
        self._models.setToolTipsVisible(True)
        self._models.triggered.connect(self._on_models_triggered)
        self._themes.triggered.connect(self._on_themes_triggered)
        for name, wish in samples:
            self._samples.addAction(name).setData(wish)
        for theme, word in THEMES.items():
            action = self._themes.addAction(self.tr(word))
            action.setData(theme)
            action.setCheckable(True)
            self._group.addAction(action)
        self._fill_cameras(self.tr("Looking for cameras…"))
        self.show_recent_models(())

    def show_cameras(self, cameras: tuple[tuple[str, str], ...]) -> None:
        """Offer the cameras that were found, each as ``(location, name)``.

        The list comes again and again: what is the same stays, for it may be open on the screen.
        """
        if cameras == self._listed:
            return
        self._listed = cameras
        self._fill_cameras("" if cameras else self.tr("No camera was found"), cameras)

    def show_recent_models(self, paths: tuple[str, ...]) -> None:
        """Offer models that were opened before, the newest first."""
        self._models.clear()
        if not paths:
            self._models.addAction(self.tr("No model was opened yet")).setEnabled(False)
            return
        for path in paths:
            name = shortened(_name_of(path), self._models.fontMetrics(), LONGEST_ENTRY)
            action = self._models.addAction(menu_text(name))
            action.setData(path)
            action.setToolTip(plain_tip(printable(path)))
        self._models.addSeparator()
        self._models.addAction(self.tr("&Clear")).setData("")

    def show_theme(self, theme: str) -> None:
        """Tick the chosen theme."""
        for action in self._themes.actions():
            action.setChecked(action.data() == theme)

    def _fill_cameras(self, remark: str, cameras: tuple[tuple[str, str], ...] = ()) -> None:
        self._cameras.clear()
        if remark:
            self._cameras.addAction(remark).setEnabled(False)
        for location, name in cameras:
            self._cameras.addAction(menu_text(name)).setData(location)
        self._cameras.addSeparator()
        self._cameras.addAction(self.tr("By &number…")).setData("")

    def _on_cameras_about_to_show(self) -> None:
        self.cameras_requested.emit()

    def _on_source_triggered(self, action: QAction) -> None:
        if action.data():
            self.source_chosen.emit(SourceRequest(action.data()))
        else:
            self.camera_number_requested.emit()

    def _on_models_triggered(self, action: QAction) -> None:
        if action.data():
            self.model_chosen.emit(ModelFile(action.data()))
        else:
            self.recent_models_cleared.emit()

    def _on_samples_triggered(self, action: QAction) -> None:
        wish = action.data()
        signal = self.model_chosen if isinstance(wish, ModelFile) else self.source_chosen
        signal.emit(wish)

    def _on_themes_triggered(self, action: QAction) -> None:
        self.theme_chosen.emit(action.data())


def _name_of(path: str) -> str:
    return path.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or path
