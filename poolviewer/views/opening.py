"""What is dropped, pasted or typed, turned into a request for a source or a model."""

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from poolviewer.core.messages import SourceRequest
from poolviewer.core.model_info import ModelFile
from poolviewer.drawing.images import image_to_bgr

SCHEMES = ("http", "https", "rtsp", "rtsps")
PICTURE_PATTERNS = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif"
VIDEO_PATTERNS = "*.mp4 *.mov *.m4v *.mkv *.webm *.avi *.ogv *.mpg *.mpeg *.ts *.wmv *.flv"
SESSION_PATTERNS = "*.poolview *.svg *.pdf"  # a saved PNG is a picture, too
MODEL_ENDINGS = (".keras", ".h5", ".hdf5")
MODEL_PATTERNS = " ".join(f"*{ending}" for ending in MODEL_ENDINGS)
Request = SourceRequest | ModelFile


def request_of(path: str) -> Request:
    """Return what a file or a folder is opened as, by the ending of its name alone."""
    # A folder that was dropped may end in a separator.
    is_model = path.rstrip("/\\").lower().endswith(MODEL_ENDINGS)
    return ModelFile(path) if is_model else SourceRequest(path)


def request_from_mime(data: QMimeData) -> Request | None:
    """Return what dropped or pasted data asks for: a file, a picture itself, or an address.

    A picture comes before its address: a browser gives both, and the address is no stream.
    """
    urls = data.urls()
    if urls and urls[0].isLocalFile():
        return request_of(urls[0].toLocalFile())
    if data.hasImage():
        image = QImage(data.imageData())
        return None if image.isNull() else SourceRequest("pasted picture", image_to_bgr(image))
    if urls:
        return _request_from_address(urls[0])
    return request_from_text(data.text()) if data.hasText() else None


def request_from_text(text: str) -> Request | None:
    """Return what a typed or pasted line asks for; None if it is empty or several lines."""
    line = text.strip()
    if not line or "\n" in line:
        return None
    return SourceRequest(line) if "://" in line else request_of(line)


def _request_from_address(url: QUrl) -> SourceRequest | None:
    address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    return SourceRequest(address) if url.scheme().lower() in SCHEMES else None
