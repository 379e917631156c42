"""What is dropped, pasted or typed, turned into a request for a source."""

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from poolviewer.core.messages import SourceRequest
from poolviewer.drawing.images import image_to_bgr

SCHEMES = ("http", "https", "rtsp", "rtsps")
PICTURE_PATTERNS = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif"
VIDEO_PATTERNS = "*.mp4 *.mov *.m4v *.mkv *.webm *.avi *.ogv *.mpg *.mpeg *.ts *.wmv *.flv"


def request_from_mime(data: QMimeData) -> SourceRequest | None:
    """Return what dropped or pasted data asks for: a file, an address, or a picture itself."""
    for url in data.urls():
        return _request_from_url(url)
    if data.hasImage():
        image = QImage(data.imageData())
        return None if image.isNull() else SourceRequest("pasted picture", image_to_bgr(image))
    return request_from_text(data.text()) if data.hasText() else None


def request_from_text(text: str) -> SourceRequest | None:
    """Return what a typed or pasted line asks for; None if it is empty or several lines."""
    line = text.strip()
    return SourceRequest(line) if line and "\n" not in line else None


def _request_from_url(url: QUrl) -> SourceRequest | None:
    if url.isLocalFile():
        return SourceRequest(url.toLocalFile())
    return SourceRequest(url.toString()) if url.scheme().lower() in SCHEMES else None
