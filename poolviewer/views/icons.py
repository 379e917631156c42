"""Icons drawn in the theme's text colour."""

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QIcon, QPainter, QPalette, QPixmap, Qt
from PySide6.QtSvg import QSvgRenderer

from poolviewer.resources import resource_path

SIZES = (20, 40, 60)


def icon(name: str, palette: QPalette) -> QIcon:
    """Return an icon of ``resources/icons`` in the palette's text colours."""
    svg = resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    active, text = QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText
    for mode, group, role in (
        (QIcon.Mode.Normal, active, text),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled, text),
        (QIcon.Mode.Selected, active, QPalette.ColorRole.HighlightedText),
    ):
        colour = palette.color(group, role).name()
        renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", colour).encode()))
        for size in SIZES:
            made.addPixmap(_pixmap(renderer, size), mode)
    return made


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
