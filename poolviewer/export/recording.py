"""A recording of annotated figures: each is drawn as `render_figure` draws it, and encoded."""

from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from poolviewer.core.errors import ExportError
from poolviewer.core.recording import RecordingSpec
from poolviewer.drawing.palette import THEMES
from poolviewer.export.animation import AnimationWriter, check_animation
from poolviewer.export.figure import render_figure
from poolviewer.export.request import FigureRequest, check_scale

SPARE_FRAMES = 2


class FigureRecorder:
    """Draws figures and writes them as an animation; needs a `QGuiApplication`, not its thread.

    The first figure decides the size; later ones of another size are fitted into it, so that a
    change of the network's stage does not end a recording.

    Raises `ExportError` where the file cannot be written.
    """

    def __init__(self, spec: RecordingSpec) -> None:
        self._spec = spec
        check_scale(spec.scale)
        check_animation(Path(spec.path))
        self._writer: AnimationWriter | None = None
        self._canvas: QImage | None = None

    @property
    def frames(self) -> int:
        """How many figures are in it."""
        return self._writer.frames if self._writer else 0

    @property
    def size_bytes(self) -> int:
        """How large the file is."""
        return self._writer.size_bytes if self._writer else 0

    @property
    def is_full(self) -> bool:
        """Whether it must be finished now, because there is no room for more."""
        return self._writer is not None and self._writer.is_full

    def add(self, request: object, time_s: float) -> None:
        """Draw and encode one figure, seen at a time from the start; raises `ExportError`."""
        if not isinstance(request, FigureRequest):
            raise TypeError(request)
        image = render_figure(request)
        if self._writer is None:
            self._writer = self._begun(image)
        elif self._canvas is not None and image.size() != self._canvas.size():
            image = _fitted(image, self._canvas, THEMES[request.theme].background)
        self._writer.add(_bgra_of(image), time_s)

    def finish(self, end_s: float) -> None:
        """Complete the file; raises `ExportError`, and then nothing of it is left."""
        if self._writer is None:
            raise ExportError("Nothing was recorded: no figure was drawn yet.")
        self._writer.close(end_s)

    def abort(self) -> None:
        """Leave nothing."""
        if self._writer is not None:
            self._writer.abort()

    def _begun(self, image: QImage) -> AnimationWriter:
        spec = self._spec
        self._canvas = QImage(image.size(), image.format())
        return AnimationWriter(
            Path(spec.path),
            (image.height(), image.width()),
            spec.frames_per_s,
            ceil(spec.longest_s * spec.frames_per_s) + SPARE_FRAMES,
        )


def _fitted(image: QImage, canvas: QImage, background: str) -> QImage:
    """Return an image in the middle of a canvas, made smaller where it is too large for it."""
    size = QSizeF(canvas.size())
    wanted = QSizeF(image.size())
    if wanted.width() > size.width() or wanted.height() > size.height():
        wanted = wanted.scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(
        (size.width() - wanted.width()) // 2,
        (size.height() - wanted.height()) // 2,
        wanted.width(),
        wanted.height(),
    )
    fitted = QImage(canvas.size(), canvas.format())
    fitted.fill(QColor(background))
    painter = QPainter(fitted)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image)
    painter.end()
    return fitted


class _Pixels:
    """An image's memory for NumPy, whose arrays then keep the image; Qt's own view does not."""

    def __init__(self, image: QImage) -> None:
        self._image = image
        rows = np.frombuffer(image.constBits(), np.uint8)
        pixels = rows.reshape(image.height(), image.bytesPerLine() // 4, 4)
        self.__array_interface__ = pixels[:, : image.width()].__array_interface__


def _bgra_of(image: QImage) -> NDArray[np.uint8]:
    """Return an image's pixels, of shape (H, W, 4), without a copy."""
    return np.asarray(_Pixels(image))
