"""Submenus that are filled with what there is: cameras, samples, themes."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from poolviewer.core.messages import SourceRequest

THEMES = {"system": "As the &system", "light": "&Light", "dark": "&Dark"}


class SourceMenus(QObject):
    """Fills the submenus of the actions ``cameras``, ``samples`` and ``theme``."""

    source_chosen = Signal(object)
    camera_number_requested = Signal()
    cameras_requested = Signal()
    theme_chosen = Signal(str)

    def __init__(
        self,
        actions: dict[str, QAction],
        samples: tuple[tuple[str, str], ...],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._cameras, self._samples, self._themes = (QMenu(parent) for _ in range(3))
        self._group = QActionGroup(self)
        for name, menu in (
            ("cameras", self._cameras),
            ("samples", self._samples),
            ("theme", self._themes),
        ):
            actions[name].setMenu(menu)
        self._cameras.aboutToShow.connect(self._on_cameras_about_to_show)
        self._cameras.triggered.connect(self._on_source_triggered)
        self._samples.triggered.connect(self._on_source_triggered)
        self._themes.triggered.connect(self._on_themes_triggered)
        for name, path in samples:
            self._samples.addAction(name).setData(path)
        for theme, word in THEMES.items():
            action = self._themes.addAction(self.tr(word))
            action.setData(theme)
            action.setCheckable(True)
            self._group.addAction(action)
        self._fill_cameras(self.tr("Looking for cameras…"))

    def show_cameras(self, cameras: tuple[tuple[str, str], ...]) -> None:
        """Offer the cameras that were found, each as ``(location, name)``."""
        self._fill_cameras("" if cameras else self.tr("No camera was found"), cameras)

    def show_theme(self, theme: str) -> None:
        """Tick the chosen theme."""
        for action in self._themes.actions():
            action.setChecked(action.data() == theme)

    def _fill_cameras(self, remark: str, cameras: tuple[tuple[str, str], ...] = ()) -> None:
        self._cameras.clear()
        if remark:
            self._cameras.addAction(remark).setEnabled(False)
        for location, name in cameras:
            # An ampersand in a camera's name is no shortcut.
            self._cameras.addAction(name.replace("&", "&&")).setData(location)
        self._cameras.addSeparator()
        self._cameras.addAction(self.tr("By &number…")).setData("")

    def _on_cameras_about_to_show(self) -> None:
        self.cameras_requested.emit()

    def _on_source_triggered(self, action: QAction) -> None:
        if action.data():
            self.source_chosen.emit(SourceRequest(action.data()))
        else:
            self.camera_number_requested.emit()

    def _on_themes_triggered(self, action: QAction) -> None:
        self.theme_chosen.emit(action.data())
