"""The whole window without its controller: every wish goes out, everything shown arrives."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSpinBox, QToolButton

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.display import DisplaySpec
from poolviewer.core.geometry import Rect
from poolviewer.core.messages import Frame, SourceInfo
from poolviewer.core.meters import Meters
from poolviewer.core.model_info import ModelFile
from poolviewer.core.network import NetworkSpec, problems, tutorial_info
from poolviewer.core.view_state import Notice, TraceScene
from poolviewer.views.actions import ACTIONS
from poolviewer.views.laboratory.modes import MODES
from poolviewer.views.main_window import MainWindow
from tests.export.cases import network
from tests.infos import model_info, spec_of, unseen_info
from tests.views.renderings import SMALL, rendering_of, scene_of

CAMERA = SourceInfo("camera 0", "camera")
VIDEO = SourceInfo("film.mp4", "video")
PICTURE = SourceInfo("cat.png", "picture")
FOLDER = SourceInfo("cats", "folder", 3)
CONTROL = Qt.KeyboardModifier.ControlModifier
POOLED = Pixel(MapName.POOLED, 1, 2)
INFO = model_info(stages=("pool1", "pool2"))
MODEL = spec_of(INFO)
FILE = ModelFile("/tmp/vgg.keras")


@pytest.fixture
def window(show):
    shown = show(MainWindow((("A cat", "cat.png"),)), 1280, 800)
    shown.show_network(NetworkSpec(), ())
    shown.show_source(VIDEO, is_frozen=False)
    shown.show_rendering(rendering_of(), 0)
    shown.activateWindow()
    return shown


def press(window, qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key as the window system would deliver it: to whatever has the focus."""
    QTest.keyClick(window.windowHandle(), key, modifier)


def words(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


# Every action


@pytest.mark.parametrize(
    ("name", "signal", "args"),
    [
        ("freeze", "freeze_toggled", []),
        ("step", "step_requested", [1]),
        ("step_back", "step_requested", [-1]),
        ("next_channel", "channel_stepped", [1]),
        ("previous_channel", "channel_stepped", [-1]),
        ("unpin", "unpin_requested", []),
        ("copy_figure", "copy_requested", []),
        ("export", "export_asked", []),
        ("save_figure", "export_repeated", []),
        ("mirror", "display_changed", [DisplaySpec(is_mirrored=True)]),
        ("quit", "closed", []),
        ("record", "record_requested", []),
        ("animate", "animation_requested", []),
    ],
)
def test_an_action_wishes(window, qtbot, name, signal, args):
    window.show_trace(scene_of(rendering_of(), POOLED, is_pinned=True))
    with qtbot.waitSignal(getattr(window, signal)) as wished:
        window.wishes[name].trigger()
    assert wished.args == args


@pytest.mark.parametrize(
    "name",
    [
        "open_file",
        "open_folder",
        "open_url",
        "open_model",
        "open_model_folder",
        "memory_limit",
        "replay_memory",
        "guide",
        "about",
    ],
)
def test_an_action_opens_a_dialog(window, qtbot, name):
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    window.wishes[name].trigger()
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(dialog.isVisible)
    dialog.reject()
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


@pytest.mark.parametrize("name", ["zoom_in", "zoom_out"])
def test_an_action_moves_the_world(window, name):
    before = window.maps.input.view_box.viewRange()[0]
    window.wishes[name].trigger()
    after = window.maps.input.view_box.viewRange()[0]
    assert (after[1] - after[0] < before[1] - before[0]) == (name == "zoom_in")
    window.wishes["fit"].trigger()
    assert window.maps.input.view_box.viewRange()[0] == pytest.approx(before)


def test_original_is_shown(window):
    button = window.maps.input.findChild(QToolButton)
    window.wishes["original"].trigger()
    assert button.isChecked()


@pytest.mark.parametrize("mode", MODES, ids=[mode.name for mode in MODES])
def test_a_mode_is_wished_for_left_and_has_a_panel(window, qtbot, mode):
    with qtbot.waitSignal(window.experiment_chosen) as wished:
        window.wishes[mode.name].trigger()
    assert wished.args == [mode.first]
    window.show_experiment(mode.first)
    window.show_rendering(rendering_of(), 0)
    assert window.laboratory.panels[mode.name].isVisible()
    assert window.wishes[mode.name].isChecked()
    with qtbot.waitSignal(window.experiment_chosen) as wished:
        window.wishes[mode.name].trigger()
    assert wished.args == [None]
    window.show_experiment(None)
    assert window.gallery.isVisible()
    assert not window.wishes[mode.name].isChecked()


def test_every_action_is_tried_above():
    submenus = {"samples", "cameras", "camera_format", "theme", "recent_models"}  # in test_opening
    submenus |= {"device"}  # in test_device_menu
    tried = {
        "freeze", "step", "step_back", "next_channel", "previous_channel", "unpin", "copy_figure",
        "mirror", "quit", "open_file", "open_folder", "open_url", "save_figure", "guide", "about",
        "zoom_in", "zoom_out", "fit", "original", "paste", "open_model", "open_model_folder",
        "memory_limit", "replay_memory", "cancel_opening", "record", "export", "animate",
    }  # fmt: skip
    tried |= {mode.name for mode in MODES}
    tried |= {"undo", "redo"}  # in test_poke_panel
    tried |= {"copy_tsv", "copy_numpy", "copy_keras"}  # in application/test_proofs
    assert {spec.name for spec in ACTIONS if spec.text} == tried | submenus


# By keyboard alone


@pytest.mark.parametrize(
    ("key", "modifier", "signal"),
    [
        (Qt.Key.Key_Space, None, "freeze_toggled"),
        (Qt.Key.Key_Right, CONTROL, "step_requested"),
        (Qt.Key.Key_Left, CONTROL, "step_requested"),
        (Qt.Key.Key_Left, None, "pin_move_requested"),
        (Qt.Key.Key_Escape, None, "unpin_requested"),
        (Qt.Key.Key_BracketRight, None, "channel_stepped"),
        (Qt.Key.Key_M, None, "display_changed"),
        (Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier, "copy_requested"),
        (Qt.Key.Key_Q, CONTROL, "closed"),
    ],
)
def test_a_key_is_enough(window, qtbot, key, modifier, signal):
    window.show_trace(scene_of(rendering_of(), POOLED, is_pinned=True))
    with qtbot.waitSignal(getattr(window, signal)):
        press(window, qtbot, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_tab_reaches_every_area(window, qtbot):
    reached = set()
    for _ in range(60):
        press(window, qtbot, Qt.Key.Key_Tab)
        widget = window.focusWidget()
        reached.add(widget)
    wanted = {
        window.maps.input.view, window.maps.feature.view, window.maps.pooled.view,
        window.gallery.feature, window.gallery.pooled, window.tool_bar.presets,
        window.tool_bar.colour_maps, window.side.parameters.field("fit"),
    }  # fmt: skip
    assert wanted <= reached
    assert any(isinstance(widget, QSpinBox) for widget in reached)


def test_space_presses_the_button_that_has_the_focus(window, qtbot):
    button = window.maps.input.findChild(QToolButton)
    button.setFocus()
    with qtbot.assertNotEmitted(window.freeze_toggled):
        press(window, qtbot, Qt.Key.Key_Space)
    assert button.isChecked()
    window.maps.pooled.view.setFocus()
    with qtbot.waitSignal(window.freeze_toggled):
        press(window, qtbot, Qt.Key.Key_Space)


def test_space_freezes_from_within_a_number(window, qtbot):
    window.side.parameters.findChild(QSpinBox).setFocus()
    with qtbot.waitSignal(window.freeze_toggled):
        press(window, qtbot, Qt.Key.Key_Space)


def test_the_pooled_map_has_the_focus_at_first(window):
    assert window.focusWidget() is window.maps.pooled.view


# Which actions make sense


@pytest.mark.parametrize(
    ("source", "possible"),
    [
        (None, set()),
        (PICTURE, set()),
        (FOLDER, {"step", "step_back"}),
        (VIDEO, {"freeze", "step", "step_back"}),
        (CAMERA, {"freeze", "step", "step_back"}),
    ],
)
def test_only_what_a_source_can_do_is_offered(window, source, possible):
    window.show_source(source, is_frozen=False)
    offered = {name for name in ("freeze", "step", "step_back") if window.wishes[name].isEnabled()}
    assert offered == possible


def test_a_frozen_source_is_shown_as_such(window, qtbot):
    with qtbot.assertNotEmitted(window.freeze_toggled):
        window.show_source(CAMERA, is_frozen=True)
    assert window.wishes["freeze"].isChecked()
    assert any("frozen" in text for text in words(window.status_line))
    assert window.windowTitle() == "camera 0 — PoolViewer"


def test_unpin_is_offered_for_a_pin_only(window):
    window.show_trace(scene_of(rendering_of(), POOLED))
    assert not window.wishes["unpin"].isEnabled()
    window.show_trace(scene_of(rendering_of(), POOLED, is_pinned=True))
    assert window.wishes["unpin"].isEnabled()


# What it is shown


def test_a_trace_reaches_every_view(window, qtbot):
    window.side.tabs.setCurrentWidget(window.side.numbers)
    scene = scene_of(rendering_of(), POOLED)
    window.show_trace(scene)
    assert window.maps.pooled._overlay.outlines == scene.outlines[MapName.POOLED]
    qtbot.waitUntil(lambda: window.side.trace.headline.startswith("Pooled pixel"))
    assert (1, 2) in window.side.numbers.pooled.array._marks
    assert any("pooled (1, 2)" in text for text in words(window.status_line))
    window.show_trace(TraceScene())
    qtbot.waitUntil(lambda: window.side.numbers.pooled.array._marks == {})


def test_words_show_the_newest_trace_after_the_maps(window, qtbot):
    rendering, told = rendering_of(), []
    for col in range(3):
        window.show_trace(scene_of(rendering, Pixel(MapName.POOLED, 1, col)))
        told.append(window.side.trace.headline)
    assert told == ["", "", ""]
    qtbot.waitUntil(lambda: "(1,\N{NO-BREAK SPACE}2)" in window.side.trace.headline)
    assert any("pooled (1, 2)" in text for text in words(window.status_line))


def test_words_come_while_traces_keep_coming(window, qtbot):
    scene = scene_of(rendering_of(), POOLED)
    chased = QTimer(interval=0)
    chased.timeout.connect(lambda: window.show_trace(scene))
    chased.start()
    qtbot.waitUntil(lambda: window.side.trace.headline != "")
    chased.stop()


def test_the_hovered_value_is_told_while_another_is_pinned(window, qtbot):
    rendering = rendering_of()
    pinned = scene_of(rendering, POOLED, is_pinned=True)
    hovered = scene_of(rendering, Pixel(MapName.FEATURE, 3, 3)).trace
    window.show_trace(TraceScene(pinned.trace, pinned.outlines, True, hovered))
    qtbot.waitUntil(lambda: any("feature map (3, 3)" in w for w in words(window.status_line)))
    assert "(1," in window.side.trace.headline


def test_parameters_and_problems_reach_the_panel(window):
    spec = NetworkSpec(kernel_size=(40, 3))
    window.show_network(spec, problems(spec))
    assert "does not fit" in window.side.parameters.problem_of("kernel_size")
    assert window.tool_bar.presets.currentText() == "custom"


def test_a_display_reaches_maps_and_menus(window):
    window.show_display(DisplaySpec("viridis", "shared", True, "zeros"))
    assert window.gallery.orders.currentText() == "by zeros"
    assert window.tool_bar.colour_maps.currentText() == "Viridis"
    assert window.wishes["mirror"].isChecked()
    assert window.maps.input.view_box.xInverted()


def test_phase_notice_and_meters_are_shown(window):
    window.show_phase("Loading TensorFlow…", can_cancel=False)
    window.show_notice(Notice("<i>odd.png</i> cannot be read.", is_error=True))
    window.show_meters(Meters(is_live=True, painted_per_s=30), "CPU")
    assert any(
        "Loading TensorFlow…" in text and "30 fps" in text for text in words(window.status_line)
    )
    assert window.notice_bar.text == "<i>odd.png</i> cannot be read."


def test_a_preview_is_shown_before_maps(show):
    window = show(MainWindow(), 1000, 700)
    picture = np.full((40, 40, 3), 90, np.uint8)
    extent = Rect(0, 0, 32, 32)
    window.show_preview(Frame(picture, PICTURE), extent, extent)
    assert not window.maps.input._placeholder.isVisible()


def test_a_figure_is_put_on_the_clipboard(window):
    image = QImage(5, 4, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    window.copy_image(image)
    copied = QGuiApplication.clipboard().image()
    assert (copied.size(), copied.pixel(2, 2)) == (image.size(), 0xFF336699)


def test_cameras_and_theme_reach_the_menus(window):
    window.show_cameras((("camera:0", "HDMI"),))
    window.show_theme("dark")
    assert window.wishes["cameras"].menu().actions()[0].text() == "HDMI"
    assert [a.data() for a in window.wishes["theme"].menu().actions() if a.isChecked()] == ["dark"]


# What its parts wish


@pytest.mark.parametrize(
    ("part", "signal", "args"),
    [
        ("tool_bar.network_changed", "network_changed", [NetworkSpec(filters=2)]),
        ("tool_bar.display_changed", "display_changed", [DisplaySpec("viridis")]),
        ("side.parameters.network_changed", "network_changed", [NetworkSpec(filters=2)]),
        ("side.trace.unpin_requested", "unpin_requested", []),
        ("maps.pixel_hovered", "pixel_hovered", [POOLED]),
        ("maps.pixel_clicked", "pixel_clicked", [POOLED]),
        ("maps.pin_move_requested", "pin_move_requested", [1, 0]),
        ("maps.painted", "maps_painted", []),
        ("paints.frame_painted", "frame_painted", ["a frame"]),
        ("side.speed.watched", "speed_watched", [True]),
        ("gallery.channel_selected", "channel_selected", [5]),
        ("gallery.display_changed", "display_changed", [DisplaySpec(order="mean")]),
        ("notice_bar.dismissed", "notice_dismissed", []),
        ("_menus.cameras_requested", "cameras_requested", []),
        ("_menus.theme_chosen", "theme_chosen", ["dark"]),
        ("side.preprocessing.network_changed", "network_changed", [MODEL]),
        ("tool_bar.model_chosen", "model_chosen", []),
        ("status_line.cancelled", "opening_cancelled", []),
        ("_menus.model_chosen", "model_requested", [FILE]),
        ("_menus.recent_models_cleared", "recent_models_cleared", []),
        ("_dialogs.source_chosen", "model_requested", [FILE]),
        ("_model_dialogs.model_requested", "model_requested", [FILE]),
        ("_model_dialogs.input_shape_given", "input_shape_given", [None]),
        ("_model_dialogs.memory_limit_chosen", "memory_limit_chosen", [2**40]),
        ("_menus.source_chosen", "open_requested", ["a request"]),
        ("_dialogs.source_chosen", "open_requested", ["a request"]),
    ],
)
def test_wishes_of_the_parts_are_passed_on(window, qtbot, part, signal, args):
    emitter = window
    for name in part.split("."):
        emitter = getattr(emitter, name)
    with qtbot.waitSignal(getattr(window, signal)) as wished:
        emitter.emit(*args)
    assert wished.args == args


# Dropping and pasting


def mime(url=None, text=None, image=None):
    data = QMimeData()
    if url:
        data.setUrls([QUrl(url)])
    if text:
        data.setText(text)
    if image is not None:
        data.setImageData(image)
    return data


def drop(window, data):
    """Drag data over the window and let it go; return whether the window took it."""
    none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(90, 90), Qt.DropAction.CopyAction, data, *none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        event = QDropEvent(QPointF(90, 90), Qt.DropAction.CopyAction, data, *none, QEvent.Type.Drop)
        QApplication.sendEvent(window, event)
    return enter.isAccepted()


@pytest.mark.parametrize(
    ("data", "location"),
    [
        (mime("file:///tmp/cat.png"), "/tmp/cat.png"),
        (mime(text="http://camera/video"), "http://camera/video"),
        (mime(image=QImage(3, 2, QImage.Format.Format_RGB32)), "pasted picture"),
    ],
)
@pytest.mark.parametrize("how", ["drop", "paste"])
def test_what_is_dropped_or_pasted_is_opened(window, qtbot, data, location, how):
    with qtbot.waitSignal(window.open_requested) as opened:
        if how == "drop":
            assert drop(window, data)
        else:
            copy = QMimeData()
            for kind in data.formats():
                copy.setData(kind, data.data(kind))
            if data.hasImage():
                copy.setImageData(data.imageData())
            QGuiApplication.clipboard().setMimeData(copy)
            window.wishes["paste"].trigger()
    assert opened.args[0].location == location


@pytest.mark.parametrize(
    "data", [mime("mailto:ada@example.org"), mime(text="two\nlines"), mime(image=QImage())]
)
def test_what_cannot_be_opened_is_refused_in_a_sentence(window, qtbot, data):
    with qtbot.waitSignal(window.refused) as refused:
        assert drop(window, data)
    assert refused.args[0].startswith("What was dropped holds no picture, file or address")


def test_nothing_useful_is_not_even_taken(window):
    assert not drop(window, QMimeData())


def test_an_empty_clipboard_is_refused_in_a_sentence(window, qtbot):
    QGuiApplication.clipboard().clear()
    with qtbot.waitSignal(window.refused) as refused:
        qtbot.keySequence(window, QKeySequence(QKeySequence.StandardKey.Paste))
    assert refused.args[0].startswith("The clipboard holds no picture, file or address")


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_model_that_is_dropped_or_pasted_is_opened(window, qtbot, how):
    with (
        qtbot.assertNotEmitted(window.open_requested),
        qtbot.waitSignal(window.model_requested) as opened,
    ):
        if how == "drop":
            assert drop(window, mime("file:///tmp/vgg.keras"))
        else:
            QGuiApplication.clipboard().setMimeData(mime("file:///tmp/vgg.keras"))
            window.wishes["paste"].trigger()
            QGuiApplication.clipboard().clear()  # Qt must not find an object of Python's at its end
    assert opened.args == [FILE]


# Models


def use(window, info, stage_name=None):
    """Show a model in use, in the order in which the controller does."""
    window.show_model(info)
    window.show_network(spec_of(info, stage_name), ())
    window.show_layers(info, spec_of(info, stage_name))


def test_a_model_is_shown_everywhere(window):
    use(window, INFO, "pool2")
    bar, side = window.tool_bar, window.side
    assert bar.presets.currentText() == "vgg.keras"
    assert [bar.stages.itemText(index) for index in range(bar.stages.count())] == ["pool1", "pool2"]
    assert bar.stages.currentText() == "pool2"
    assert side.preprocessing.isVisible()
    assert not side.parameters.isVisible()
    side.tabs.setCurrentWidget(side.network)
    assert side.network.tree.currentItem().text(0) == "pool2"
    window.show_network(NetworkSpec(), ())
    assert side.parameters.isVisible()
    assert bar.stages.currentText() == "max_pooling2d"


def test_a_stage_is_chosen_from_the_tool_bar_and_from_the_tree(window, qtbot):
    use(window, INFO)
    window.side.tabs.setCurrentWidget(window.side.network)
    with qtbot.waitSignal(window.network_changed) as changed:
        qtbot.keyClick(window.tool_bar.stages, Qt.Key.Key_Down)
    assert changed.args == [spec_of(INFO, "pool2")]
    tree = window.side.network.tree
    tree.setCurrentItem(tree.topLevelItem(4))
    with qtbot.waitSignal(window.network_changed) as changed:
        qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert changed.args == [spec_of(INFO, "pool2")]
    with qtbot.assertNotEmitted(window.network_changed):
        window.side.network.stage_chosen.emit("pool1")  # it is shown already
        window.show_network(NetworkSpec(), ())
        window.side.network.stage_chosen.emit("max_pooling2d")


def test_what_cannot_be_drawn_is_listed_and_not_offered(window):
    use(window, INFO)
    info = unseen_info()
    window.show_model(info)
    window.show_layers(info, MODEL)
    assert window.side.network.isVisible()
    assert info.obstacle in window.side.network.words
    assert window.tool_bar.presets.currentText() == "vgg.keras"
    window.show_network(spec_of(INFO, "pool2"), ())
    assert window.tool_bar.stages.currentText() == "pool2"


def test_escape_cancels_an_opening_and_else_lets_the_pin_go(window, qtbot):
    window.show_trace(scene_of(rendering_of(), POOLED, is_pinned=True))
    assert not window.wishes["cancel_opening"].isEnabled()
    window.show_phase("Opening vgg.keras…", can_cancel=True)
    with qtbot.waitSignal(window.opening_cancelled), qtbot.assertNotEmitted(window.unpin_requested):
        press(window, qtbot, Qt.Key.Key_Escape)
    window.show_phase("", can_cancel=False)
    with qtbot.waitSignal(window.unpin_requested), qtbot.assertNotEmitted(window.opening_cancelled):
        press(window, qtbot, Qt.Key.Key_Escape)


def test_maps_stay_while_a_model_opens(window):
    before = window.maps.geometry()
    window.show_phase("Opening vgg.keras…", can_cancel=True)
    assert window.maps.geometry() == before
    assert not window.maps.feature._placeholder.isVisible()
    assert any("Opening vgg.keras…" in text for text in words(window.status_line))


def test_an_input_shape_is_asked_for(window, qtbot):
    window.ask_input_shape(FILE)
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(dialog.isVisible)
    with qtbot.waitSignal(window.input_shape_given) as given:
        dialog.accept()
    assert given.args == [(32, 32, 3)]


def test_recent_models_and_the_memory_limit_reach_their_places(window):
    window.show_recent_models(("/tmp/a.keras",))
    assert window.wishes["recent_models"].menu().actions()[0].text() == "a.keras"
    window.show_memory_limit(2**30)
    window.wishes["memory_limit"].trigger()
    dialog = QApplication.activeModalWidget()
    assert dialog.intValue() == 1024
    dialog.reject()


def test_the_layers_of_the_tutorial_are_listed(window):
    window.show_layers(tutorial_info(NetworkSpec()), NetworkSpec())
    window.side.tabs.setCurrentWidget(window.side.network)
    assert window.side.network.tree.topLevelItemCount() == 2


# Arrangement


@pytest.mark.parametrize("size", [(880, 560), (1280, 720), (1283, 800), (1920, 1080)])
def test_maps_and_gallery_stand_in_the_same_columns(show, qtbot, size):
    window = show(MainWindow(), *size)
    window.show_rendering(rendering_of(), 0)
    maps, gallery = window.maps, window.gallery
    for view, mosaic in ((maps.feature, gallery.feature), (maps.pooled, gallery.pooled)):
        assert view.mapTo(window, QPoint()).x() == mosaic.mapTo(window, QPoint()).x()
    assert len({view.width() for view in (maps.input, maps.feature, maps.pooled)}) == 1
    assert window.size().toTuple() == size


def test_the_maps_are_square_from_the_beginning(show, qtbot):
    window = show(MainWindow(), 1280, 800)
    view = window.maps.input.view
    qtbot.waitUntil(lambda: abs(view.width() - view.height()) <= 16)
    assert window.gallery.feature.height() > 250


def test_headers_of_the_gallery_fit_into_the_smallest_window(show, qtbot):
    window = show(MainWindow(), 880, 560)
    window.show_rendering(rendering_of(network(16, 16, filters=4096)), 0)
    pager, orders = window.gallery.pager, window.gallery.orders
    qtbot.waitUntil(pager.isVisible)
    edges = [
        part.mapTo(window.gallery, QPoint(part.width(), 0)).x() - mosaic.geometry().right() - 1
        for part, mosaic in ((pager, window.gallery.feature), (orders, window.gallery.pooled))
    ]
    assert edges == [0, 0]
    assert window.maps.feature.x() == window.gallery.feature.x()


def test_parameters_can_be_folded_away(window, qtbot):
    toggle = next(b for b in window.side.findChildren(QToolButton) if b.objectName() == "section")
    before = window.side.tabs.height()
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.side.tabs.height() > before + 100)
    assert not window.side.parameters.isVisible()
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert window.side.parameters.isVisible()


def test_the_border_between_maps_and_gallery_stays_where_it_is_put(window, qtbot):
    splitter = window.maps.parentWidget()
    QTest.mousePress(splitter.handle(1), Qt.MouseButton.LeftButton)
    QTest.mouseMove(splitter.handle(1), QPoint(20, -80))
    QTest.mouseRelease(splitter.handle(1), Qt.MouseButton.LeftButton, pos=QPoint(20, -80))
    moved = splitter.sizes()
    window.resize(1284, 800)
    window.resize(1280, 800)
    assert splitter.sizes() == moved


def test_input_of_the_maps_is_that_of_the_stage(window):
    assert window.maps._stage == SMALL.stage
