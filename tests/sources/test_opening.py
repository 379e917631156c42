"""A location leads to the source that can show it."""

from pathlib import Path

import pytest

from poolviewer.core.errors import SourceError
from poolviewer.core.messages import SourceRequest
from poolviewer.core.protocols import FrameSource
from poolviewer.sources.camera import CameraSource
from poolviewer.sources.folder import FolderSource
from poolviewer.sources.image import PictureSource
from poolviewer.sources.opening import open_source
from poolviewer.sources.stream import StreamSource
from poolviewer.sources.synthetic import SyntheticSource
from poolviewer.sources.video import VideoSource
from tests import media

CASES = {
    "camera:0": CameraSource,
    "camera:Webcam": CameraSource,
    "synthetic:": SyntheticSource,
    "synthetic:0": SyntheticSource,
    "http://127.0.0.1:9/video": StreamSource,
    "rtsp://127.0.0.1/1": StreamSource,
    str(media.SAMPLES): FolderSource,
    str(media.SAMPLES / "chelsea.png"): PictureSource,
    (media.SAMPLES / "chelsea.png").as_uri(): PictureSource,
    str(media.SAMPLES / "bigbuckbunny.mp4"): VideoSource,
}


@pytest.mark.parametrize("location", CASES)
def test_source_of_location(location: str) -> None:
    source: FrameSource = open_source(SourceRequest(location))
    assert type(source) is CASES[location]


def test_content_counts_and_not_the_ending(tmp_path: Path) -> None:
    video = media.write_video(tmp_path / "a.avi", 1).rename(tmp_path / "a.png")
    assert isinstance(open_source(SourceRequest(str(video))), VideoSource)
    picture = tmp_path / "a.mp4"
    picture.write_bytes(media.encoded(".png"))
    assert isinstance(open_source(SourceRequest(str(picture))), PictureSource)


def test_pasted_picture() -> None:
    source = open_source(SourceRequest("Pasted picture", media.gradient()))
    source.open()
    frame = source.read()
    assert frame is not None
    assert (frame.name, frame.picture.shape) == ("Pasted picture", (24, 40, 3))


def test_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.png").write_bytes(media.encoded(".png"))
    assert isinstance(open_source(SourceRequest("~/a.png")), PictureSource)


@pytest.mark.parametrize("location", ["", "ftp://host/a.png", "none.png", "synthetic:x"])
def test_what_cannot_be_opened(location: str) -> None:
    with pytest.raises(SourceError):
        open_source(SourceRequest(location))
