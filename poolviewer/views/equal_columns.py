"""A grid whose columns are equally wide to the pixel."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout


class EqualColumns(QGridLayout):
    """Shares the width out equally; the pixel or two that do not divide stay free at the right.

    Linked maps whose widths differ by a pixel cannot show the same world at the same scale.
    """

    def setGeometry(self, rect: QRect) -> None:
        columns, margins = self.columnCount(), self.contentsMargins()
        gaps = (columns - 1) * self.horizontalSpacing() + margins.left() + margins.right()
        rest = (rect.width() - gaps) % columns
        super().setGeometry(rect.adjusted(0, 0, -rest, 0))
