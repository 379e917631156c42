"""From the world to the device: the one place where ``(row, col)`` becomes ``(x, y)``."""

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

from poolviewer.core.geometry import Rect


@dataclass(frozen=True, slots=True)
class DeviceMapping:
    """The world at a place and a size in the painter's logical pixels.

    Parameters
    ----------
    left, top
        Where the world's point ``(0, 0)`` lies.
    scale_x, scale_y
        Logical pixels for one pixel of the network's input; ``scale_x`` is negative if mirrored.
    ratio
        Physical pixels in a logical one, for edges that lie exactly on the device's pixels.
    """

    left: float
    top: float
    scale_x: float
    scale_y: float
    ratio: float = 1.0

    @classmethod
    def of_transform(cls, transform: QTransform, ratio: float = 1.0) -> "DeviceMapping":
        """Return the mapping of a transform from the world to the device, without rotation."""
        return cls(transform.dx(), transform.dy(), transform.m11(), transform.m22(), ratio)

    @classmethod
    def filling(
        cls, world: Rect, target: QRectF, *, is_mirrored: bool = False, ratio: float = 1.0
    ) -> "DeviceMapping":
        """Return the mapping that makes a rectangle of the world fill one of the device."""
        scale_x, scale_y = target.width() / world.width, target.height() / world.height
        left = target.left() - world.left * scale_x
        if is_mirrored:
            scale_x, left = -scale_x, target.right() + world.left * scale_x
        return cls(left, target.top() - world.top * scale_y, scale_x, scale_y, ratio)

    @property
    def is_mirrored(self) -> bool:
        return self.scale_x < 0

    def point(self, y: float, x: float) -> QPointF:
        """Return where a point of the world lies on the device."""
        return QPointF(self.left + x * self.scale_x, self.top + y * self.scale_y)

    def rect(self, rect: Rect) -> QRectF:
        """Return where a rectangle of the world lies on the device."""
        corners = self.point(rect.top, rect.left), self.point(rect.bottom, rect.right)
        return QRectF(*corners).normalized()

    def snapped(self, rect: Rect) -> QRectF:
        """Return the same with every edge on the nearest edge of the device's pixels."""
        return snap(self.rect(rect), self.ratio)

    def world_point(self, device: QPointF) -> tuple[float, float]:
        """Return the point of the world, as ``(y, x)``, under one of the device."""
        return (device.y() - self.top) / self.scale_y, (device.x() - self.left) / self.scale_x

    def world(self, device: QRectF) -> Rect:
        """Return the rectangle of the world under one of the device."""
        xs = sorted((x - self.left) / self.scale_x for x in (device.left(), device.right()))
        ys = sorted((y - self.top) / self.scale_y for y in (device.top(), device.bottom()))
        return Rect(ys[0], xs[0], ys[1], xs[1])


def snap(rect: QRectF, ratio: float) -> QRectF:
    """Move every edge to the nearest edge of the device's pixels."""
    left, top, right, bottom = (
        snap_length(edge, ratio) for edge in (rect.left(), rect.top(), rect.right(), rect.bottom())
    )
    return QRectF(left, top, right - left, bottom - top)


def snap_length(length: float, ratio: float) -> float:
    """Round a position or a length in logical pixels to whole pixels of the device."""
    return floor(length * ratio + 0.5) / ratio
