"""What is dropped, pasted and chosen becomes a request for a source or a model."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow

from poolviewer.core.messages import SourceRequest
from poolviewer.core.model_info import ModelFile
from poolviewer.drawing.images import bgr_to_image
from poolviewer.views.actions import make_actions
from poolviewer.views.opening import request_from_mime, request_from_text
from poolviewer.views.source_menus import SourceMenus
from tests.infos import NASTY
from tests.media import gradient

SAMPLES = (
    ("A cat", SourceRequest("cat.png")),
    ("A film", SourceRequest("film.mp4")),
    ("A network", ModelFile("net.keras", preprocessing="caffe")),
)


def mime(urls=(), text=None, image=None, html=None):
    data = QMimeData()
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    if text is not None:
        data.setText(text)
    if image is not None:
        data.setImageData(image)
    if html is not None:
        data.setHtml(html)
    return data


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("file:///tmp/a%20cat%20%26%20%C3%BC.png", "/tmp/a cat & ü.png"),
        ("http://camera.local:8080/video?x=1", "http://camera.local:8080/video?x=1"),
        ("rtsp://user:secret@camera/1", "rtsp://user:secret@camera/1"),
    ],
)
def test_an_address_is_a_location(url, location):
    request = request_from_mime(mime([url], text="something else"))
    assert (request.location, request.picture) == (location, None)


def test_the_first_of_several_files_is_opened():
    assert (
        request_from_mime(mime(["file:///tmp/1.png", "file:///tmp/2.png"])).location == "/tmp/1.png"
    )


@pytest.mark.parametrize("url", ["mailto:ada@example.org", "ftp://example.org/cat.png", "data:,x"])
def test_an_address_of_another_kind_is_nothing(url):
    assert request_from_mime(mime([url])) is None


def test_a_picture_keeps_its_pixels():
    picture = gradient()
    request = request_from_mime(mime(image=bgr_to_image(picture)))
    assert (request.picture == picture).all()
    assert request.picture.dtype == np.uint8


@pytest.mark.parametrize(
    "data", [mime(), mime(text=""), mime(text=" \n "), mime(text="a\nb"), mime(image=QImage())]
)
def test_nothing_useful_is_nothing(data):
    assert request_from_mime(data) is None


@pytest.mark.parametrize("text", ["camera:0", " http://x/y \n", "/tmp/cat.png"])
def test_a_line_of_text_is_a_location(text):
    assert request_from_text(text).location == text.strip()
    assert request_from_mime(mime(text=text)).location == text.strip()


@pytest.mark.parametrize(
    "name", ["a.keras", "A.KERAS", "old.h5", "old.H5", "b.hdf5", "b.HdF5", "un packed.keras/"]
)
def test_a_model_is_known_by_its_ending(name):
    assert request_from_mime(mime([f"file:///tmp/{name}"])) == ModelFile(f"/tmp/{name}")
    assert request_from_text(f" /tmp/{name}\n") == ModelFile(f"/tmp/{name}")


@pytest.mark.parametrize(
    "name", ["keras", "a.keras.png", "h5", "a.h5x", "http://x/model.h5", "rtsp://x/a.keras"]
)
def test_anything_else_is_a_source(name):
    assert request_from_text(name).location == name


# Menus


@pytest.fixture
def window(show):
    shown = show(QMainWindow(), 400, 200)
    shown.wishes = make_actions(shown)
    shown.menus = SourceMenus(shown.wishes, SAMPLES, shown)
    return shown


def entries(window, name):
    return [a for a in window.wishes[name].menu().actions() if not a.isSeparator()]


def texts(window, name):
    return [action.text() for action in entries(window, name)]


def test_samples_are_offered(window, qtbot):
    assert texts(window, "samples") == ["A cat", "A film", "A network"]
    with qtbot.waitSignal(window.menus.source_chosen) as chosen:
        entries(window, "samples")[1].trigger()
    assert chosen.args[0].location == "film.mp4"
    with qtbot.waitSignal(window.menus.model_chosen) as chosen:
        entries(window, "samples")[2].trigger()
    assert chosen.args[0] == SAMPLES[2][1]


def test_cameras_are_asked_for_when_the_menu_opens(window, qtbot):
    assert texts(window, "cameras") == ["Looking for cameras…", "By &number…"]
    with qtbot.waitSignal(window.menus.cameras_requested):
        window.wishes["cameras"].menu().aboutToShow.emit()


def test_cameras_are_offered_by_name(window, qtbot):
    window.menus.show_cameras((("camera:0", "R&D <b>cam</b>"), ("camera:2", "HDMI")))
    assert texts(window, "cameras") == ["R&&D <b>cam</b>", "HDMI", "By &number…"]
    with qtbot.waitSignal(window.menus.source_chosen) as chosen:
        entries(window, "cameras")[0].trigger()
    assert chosen.args[0].location == "camera:0"


def test_same_cameras_again_change_nothing(window):
    """The menu may be open on the screen."""
    for _ in range(2):
        window.menus.show_cameras((("camera:0", "HDMI"),))
        first = entries(window, "cameras")[0]
    window.menus.show_cameras((("camera:0", "HDMI"),))
    assert entries(window, "cameras")[0] is first


def test_no_camera_is_said(window):
    window.menus.show_cameras(())
    assert texts(window, "cameras") == ["No camera was found", "By &number…"]
    assert [action.isEnabled() for action in entries(window, "cameras")] == [False, True]


def test_a_camera_can_be_asked_for_by_number(window, qtbot):
    with qtbot.waitSignal(window.menus.camera_number_requested):
        entries(window, "cameras")[-1].trigger()


def test_themes_are_offered_and_one_is_ticked(window, qtbot):
    window.menus.show_theme("dark")
    assert [a.data() for a in entries(window, "theme") if a.isChecked()] == ["dark"]
    with qtbot.waitSignal(window.menus.theme_chosen) as chosen:
        entries(window, "theme")[1].trigger()
    assert chosen.args == ["light"]


def test_no_recent_model_is_said(window):
    assert texts(window, "recent_models") == ["No model was opened yet"]
    assert not entries(window, "recent_models")[0].isEnabled()


def test_recent_models_are_offered_as_plain_text(window, qtbot):
    long = f"/tmp/{'n' * 246}.h5"
    odd = "/tmp/<b>odd</b>/R&D.keras"
    window.menus.show_recent_models((odd, long, NASTY))
    actions = entries(window, "recent_models")
    assert actions[0].text() == "R&&D.keras"
    assert actions[0].toolTip() == "<qt>/tmp/&lt;b&gt;odd&lt;/b&gt;/R&amp;D.keras</qt>"
    assert "…" in actions[1].text()
    assert long in actions[1].toolTip()
    assert actions[2].text().isprintable()
    with qtbot.waitSignal(window.menus.model_chosen) as chosen:
        actions[0].trigger()
    assert chosen.args == [ModelFile(odd)]


def test_recent_models_are_cleared(window, qtbot):
    window.menus.show_recent_models(("a.keras",))
    with (
        qtbot.waitSignal(window.menus.recent_models_cleared),
        qtbot.assertNotEmitted(window.menus.model_chosen),
    ):
        entries(window, "recent_models")[-1].trigger()
