"""The toolbar's choices."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QMainWindow,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
)

from poolviewer.core.display import DisplaySpec
from poolviewer.core.network import PRESETS, NetworkSpec
from poolviewer.drawing.palette import LIGHT
from poolviewer.views.actions import make_actions
from poolviewer.views.laboratory.modes import MODES
from poolviewer.views.theme import apply_theme
from poolviewer.views.tool_bar import ToolBar
from tests.infos import NASTY, model_info, spec_of

OPEN = "Open model…"


@pytest.fixture
def tool_bar(show):
    window = show(QMainWindow(), 1280, 200)
    bar = ToolBar(make_actions(window), window)
    window.addToolBar(bar)
    bar.show_network(NetworkSpec())
    bar.show_stages(("max_pooling2d",), "max_pooling2d")
    bar.show_display(DisplaySpec())
    return bar


def own_buttons(bar):
    return [b for b in bar.findChildren(QToolButton) if b.objectName() != "qt_toolbar_ext_button"]


def words(box):
    """Return what a box offers; lines between have no words."""
    return [box.itemText(index) for index in range(box.count()) if box.itemText(index)]


def test_presets_are_offered(tool_bar, qtbot):
    assert words(tool_bar.presets) == [*PRESETS, OPEN]
    with qtbot.waitSignal(tool_bar.network_changed) as changed:
        qtbot.keyClick(tool_bar.presets, Qt.Key.Key_Down)
    assert changed.args == [PRESETS["grey 224×224"]]


def test_own_parameters_are_called_custom(tool_bar, qtbot):
    with qtbot.assertNotEmitted(tool_bar.network_changed):
        tool_bar.show_network(NetworkSpec(filters=3))
        assert tool_bar.presets.currentText() == "custom"
        tool_bar.show_network(NetworkSpec(filters=4))
        assert words(tool_bar.presets) == [*PRESETS, "custom", OPEN]
        tool_bar.show_network(PRESETS["grey 224×224"])
    assert tool_bar.presets.currentText() == "grey 224×224"
    assert words(tool_bar.presets) == [*PRESETS, OPEN]


def test_choosing_custom_again_changes_nothing(tool_bar, qtbot):
    tool_bar.show_network(NetworkSpec(filters=3))
    with qtbot.assertNotEmitted(tool_bar.network_changed):
        tool_bar.presets.activated.emit(2)


def test_the_stage_is_named(tool_bar):
    tool_bar.show_stages(("average_pooling2d",), "average_pooling2d")
    assert words(tool_bar.stages) == ["average_pooling2d"]


def choose(box, text):
    """Choose an entry as from the list, which the offscreen platform cannot open."""
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def test_a_model_is_offered_and_shown_as_in_use(tool_bar, qtbot):
    info = model_info()
    with qtbot.assertNotEmitted(tool_bar.model_chosen):
        tool_bar.show_model(info.name)
        assert tool_bar.presets.currentText() == "tutorial"
        tool_bar.show_network(spec_of(info))
    assert tool_bar.presets.currentText() == "vgg.keras"
    assert words(tool_bar.presets) == [*PRESETS, "vgg.keras", OPEN]
    tool_bar.show_network(NetworkSpec(filters=3))
    assert words(tool_bar.presets) == [*PRESETS, "vgg.keras", "custom", OPEN]
    with qtbot.waitSignal(tool_bar.model_chosen):
        choose(tool_bar.presets, "vgg.keras")
    assert tool_bar.presets.currentText() == "custom"  # until the model is used


def test_the_next_model_takes_the_place_of_the_one_before(tool_bar):
    for name in ("a.keras", "b.keras"):
        info = model_info(name)
        tool_bar.show_model(name)
        tool_bar.show_network(spec_of(info))
    assert words(tool_bar.presets) == [*PRESETS, "b.keras", OPEN]
    assert tool_bar.presets.currentText() == "b.keras"


def test_a_model_named_like_a_preset_is_another_network(tool_bar, qtbot):
    tool_bar.show_model("tutorial")
    with qtbot.waitSignal(tool_bar.model_chosen), qtbot.assertNotEmitted(tool_bar.network_changed):
        tool_bar.presets.setCurrentIndex(len(PRESETS))
        tool_bar.presets.activated.emit(len(PRESETS))


def test_a_model_is_asked_for_and_the_choice_stays(tool_bar, qtbot):
    with qtbot.waitSignal(tool_bar.open_model_requested):
        choose(tool_bar.presets, OPEN)
    assert tool_bar.presets.currentText() == "tutorial"


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_O]
)
def test_no_arrow_key_opens_a_dialog(tool_bar, qtbot, key):
    tool_bar.show_network(PRESETS["grey 224×224"])
    with qtbot.assertNotEmitted(tool_bar.open_model_requested):
        qtbot.keyClick(tool_bar.presets, key)
    assert tool_bar.presets.currentText() == "grey 224×224"


def test_stages_are_offered_in_their_order_and_chosen(tool_bar, qtbot):
    names = tuple(f"block{number}/pool" for number in range(200))
    with qtbot.assertNotEmitted(tool_bar.stage_chosen):
        tool_bar.show_stages(names, names[7])
    assert words(tool_bar.stages) == list(names)
    assert tool_bar.stages.currentText() == names[7]
    with qtbot.waitSignal(tool_bar.stage_chosen) as chosen:
        qtbot.keyClick(tool_bar.stages, Qt.Key.Key_Down)
    assert chosen.args == [names[8]]
    option = QStyleOptionComboBox()
    tool_bar.stages.initStyleOption(option)
    covers_the_screen = QStyle.StyleHint.SH_ComboBox_Popup
    assert not tool_bar.stages.style().styleHint(covers_the_screen, option, tool_bar.stages)
    assert tool_bar.stages.maxVisibleItems() == 24


def test_long_and_odd_names_are_short_and_whole_in_their_tips(tool_bar, qtbot):
    tool_bar.show_stages((NASTY, "pool"), NASTY)
    tool_bar.show_model(NASTY)
    tool_bar.show_network(spec_of(model_info(NASTY)))
    for box, index in ((tool_bar.stages, 0), (tool_bar.presets, len(PRESETS))):
        text = box.itemText(index)
        assert text.isprintable()
        assert len(text) < 80
        assert box.width() <= 21 * 8
        assert box.itemData(index, Qt.ItemDataRole.ToolTipRole).count("x") >= 200
        assert "&lt;b&gt;" in box.toolTip()
    assert tool_bar.stages.itemData(0) == NASTY
    tool_bar.window().resize(880, 200)
    extension = tool_bar.findChild(QToolButton, "qt_toolbar_ext_button")
    qtbot.waitUntil(lambda: tool_bar.width() == 880 and not extension.isVisible())


def test_colour_maps_and_levels_are_wished_for(tool_bar, qtbot):
    wishes = []
    tool_bar.display_changed.connect(wishes.append)
    rest = {"is_mirrored": True, "order": "mean", "place": 64}
    tool_bar.show_display(DisplaySpec("viridis", "channel", **rest))
    qtbot.keyClick(tool_bar.colour_maps, Qt.Key.Key_Down)
    tool_bar.show_display(wishes[-1])
    qtbot.keyClick(tool_bar.levels, Qt.Key.Key_Down)
    assert wishes == [
        DisplaySpec("diverging", "channel", **rest),
        DisplaySpec("diverging", "shared", **rest),
    ]


def test_a_shown_display_is_no_wish(tool_bar, qtbot):
    with qtbot.assertNotEmitted(tool_bar.display_changed):
        tool_bar.show_display(DisplaySpec("diverging", "shared"))
    assert tool_bar.colour_maps.currentText() == "Diverging"
    assert tool_bar.levels.currentText() == "shared"


def test_everything_has_a_tip(tool_bar):
    for widget in (tool_bar.presets, tool_bar.stages, tool_bar.colour_maps, tool_bar.levels):
        assert widget.toolTip()
        assert widget.accessibleName()
    own = [
        b for b in tool_bar.findChildren(QToolButton) if b.objectName() != "qt_toolbar_ext_button"
    ]
    assert len(own) == 8
    assert all(button.toolTip() for button in own)


@pytest.mark.parametrize("width", range(880, 1300, 20))
def test_nothing_is_left_out_in_a_narrow_window(tool_bar, qtbot, width):
    tool_bar.window().resize(width, 200)
    extension = tool_bar.findChild(QToolButton, "qt_toolbar_ext_button")
    qtbot.waitUntil(lambda: tool_bar.width() == width and not extension.isVisible())
    shown = [
        w for w in (*own_buttons(tool_bar), *tool_bar.findChildren(QComboBox)) if w.isVisible()
    ]
    assert len(shown) == 8 + 4
    assert max(widget.geometry().right() for widget in shown) < width


def test_words_come_back_with_the_room(tool_bar, qtbot):
    def words_shown():
        return {label.text() for label in tool_bar.findChildren(QLabel) if label.isVisible()}

    all_words = {"Network", "Stage", "Colours", "Levels"}
    qtbot.waitUntil(lambda: words_shown() == all_words)
    tool_bar.window().resize(880, 200)
    qtbot.waitUntil(lambda: not words_shown())
    tool_bar.window().resize(1280, 200)
    qtbot.waitUntil(lambda: words_shown() == all_words)


def test_the_laboratory_offers_every_mode(tool_bar):
    button = next(b for b in own_buttons(tool_bar) if b.text() == "Laboratory")
    assert [action.objectName() for action in button.menu().actions()] == [m.name for m in MODES]
    before = button.icon().pixmap(20).toImage()
    apply_theme(QApplication.instance(), LIGHT)
    assert button.icon().pixmap(20).toImage() != before
