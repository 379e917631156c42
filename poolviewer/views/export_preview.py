"""The figure before it is exported, pixel by pixel, or a sentence in its place."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from poolviewer.drawing.palette import SPACING

WAITING = "Preview…"
SETTLED_MS = 150


class PreviewPane(QFrame):
    """Shows what it is given in its middle, never enlarged; tells when it has another size."""

    room_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map")
        self.setAccessibleName(self.tr("Preview"))
        self.setToolTip(self.tr("How the file comes out; it follows what the window shows"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(48 * SPACING, 32 * SPACING)
        self._image: QImage | None = None
        self._text = WAITING
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self.room_changed)

    @property
    def image(self) -> QImage | None:
        """The figure that is shown; None where there is a sentence."""
        return self._image

    @property
    def text(self) -> str:
        """The sentence in the figure's place."""
        return self._text

    @property
    def room(self) -> tuple[int, int]:
        """Width and height in device pixels for a figure."""
        ratio = self.devicePixelRatioF()
        inner = self.contentsRect().adjusted(SPACING, SPACING, -SPACING, -SPACING)
        return max(1, int(inner.width() * ratio)), max(1, int(inner.height() * ratio))

    def show_image(self, image: QImage) -> None:
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._image, self._text = image, ""
        self.setAccessibleDescription("")
        self.update()

    def show_text(self, text: str) -> None:
        self._image, self._text = None, text
        self.setAccessibleDescription(text)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._settled.start()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settled.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        inner = self.contentsRect().adjusted(SPACING, SPACING, -SPACING, -SPACING)
        if self._image is None:
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(inner, int(flags), self._text)
            return
        size = self._image.deviceIndependentSize()
        ratio = self.devicePixelRatioF()
        left = inner.x() + (inner.width() - size.width()) / 2
        top = inner.y() + (inner.height() - size.height()) / 2
        at = QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio)
        painter.drawImage(at, self._image)
        # The edge of a page that is as white as the ground, or as dark.
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 0))
        painter.drawRect(QRectF(at, size).adjusted(-1, -1, 0, 0))
