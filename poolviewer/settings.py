"""What is remembered from one start to the next."""

from pathlib import Path
from typing import cast, get_args

from PySide6.QtCore import QByteArray, QSettings

from poolviewer.core.display import COLOUR_MAP_NAMES, DisplaySpec, LevelsMode
from poolviewer.core.ordering import TILE_ORDERS
from poolviewer.views.source_menus import THEMES

SYSTEM_THEME = "system"


class Settings:
    """Typed access to the person's `QSettings`; a value that makes no sense is the default.

    Parameters
    ----------
    path
        A file to use instead, by those who must not touch the person's own.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat) if path else QSettings()

    @property
    def theme(self) -> str:
        """``"system"``, ``"light"`` or ``"dark"``."""
        theme = str(self._store.value("theme", SYSTEM_THEME))
        return theme if theme in THEMES else SYSTEM_THEME

    @theme.setter
    def theme(self, theme: str) -> None:
        self._store.setValue("theme", theme)

    @property
    def display(self) -> DisplaySpec:
        """Colour map, levels and the gallery's order; neither the mirror nor the page."""
        colours = str(self._store.value("display/colour_map", ""))
        levels = str(self._store.value("display/levels_mode", ""))
        order = str(self._store.value("display/order", ""))
        default = DisplaySpec()
        return DisplaySpec(
            colours if colours in COLOUR_MAP_NAMES else default.colour_map,
            cast("LevelsMode", levels) if levels in get_args(LevelsMode) else default.levels_mode,
            order=order if order in TILE_ORDERS else default.order,
        )

    @display.setter
    def display(self, display: DisplaySpec) -> None:
        self._store.setValue("display/colour_map", display.colour_map)
        self._store.setValue("display/levels_mode", display.levels_mode)
        self._store.setValue("display/order", display.order)

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window was, as `QWidget.saveGeometry` gave it."""
        geometry = self._store.value("window/geometry")
        return geometry if isinstance(geometry, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("window/geometry", geometry)
