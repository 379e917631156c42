"""The tree of layers: nesting, stages to choose, the one in use, and names from strangers."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QToolButton

from poolviewer.core.model_info import InputInfo, ModelInfo
from poolviewer.core.network import NetworkSpec, tutorial_info
from poolviewer.drawing.palette import LIGHT
from poolviewer.views.layer_tree import KIND, NAME, PARAMETERS, SHAPE, in_words, stage_words
from poolviewer.views.network_browser import NetworkBrowser
from poolviewer.views.theme import apply_theme
from tests.infos import NASTY, layer, model_info, nested_info, spec_of, stage, unseen_info

ROOMY = 700


@pytest.fixture
def browser(show):
    return show(NetworkBrowser(), ROOMY, 400)


def rows(browser):
    """Return every row as ``(depth, texts…)``, in the order in which they are seen."""
    found = []

    def walk(item, depth):
        for index in range(item.childCount()):
            child = item.child(index)
            if not child.isHidden():
                found.append((depth, *(child.text(column) for column in range(4))))
            walk(child, depth + 1)

    walk(browser.tree.invisibleRootItem(), 0)
    return found


def item_of(browser, stage_name):
    return browser.tree._stages[stage_name]


def is_marked(item):
    return item.background(NAME).style() != Qt.BrushStyle.NoBrush


def shows_words(browser, words):
    return any(words in label.text() for label in browser.findChildren(QLabel) if label.isVisible())


def test_layers_are_nested_as_their_models_are(browser):
    info = nested_info()
    browser.show_layers(info, spec_of(info))
    assert rows(browser) == [
        (0, "input", "InputLayer", "?×?×3", ""),
        (0, "inner", "Functional", "6×6×2", "1,234"),
        (1, "conv", "Conv2D", "6×6×2", "100"),
        (1, "pool", "MaxPooling2D", "?×3×2", ""),
        (2, "pool", "", "3×3×2", ""),
        (2, "pool#2", "", "3×3×2", ""),
        (0, "dense", "Dense", "10", "1,290"),
    ]
    assert shows_words(browser, "input ?×?×3 float32 · 5 layers · 2 stages")


def test_stages_stand_out_and_the_one_in_use_is_marked(browser):
    info = model_info(stages=("pool1", "pool2", "pool3"))
    browser.show_layers(info, spec_of(info, "pool2"))
    assert [is_marked(item_of(browser, name)) for name in ("pool1", "pool2", "pool3")] == [
        False, True, False,
    ]  # fmt: skip
    for name in ("pool1", "pool2"):
        assert item_of(browser, name).font(NAME).bold()
        assert not item_of(browser, name).icon(NAME).isNull()
    plain = browser.tree.topLevelItem(0)
    assert not plain.font(NAME).bold()
    assert plain.icon(NAME).isNull()
    browser.show_layers(info, spec_of(info, "pool3"))
    assert [is_marked(item_of(browser, name)) for name in ("pool2", "pool3")] == [False, True]
    accessible = Qt.ItemDataRole.AccessibleTextRole
    assert item_of(browser, "pool3").data(NAME, accessible) == "pool3, stage, shown now"


def test_enter_and_a_double_click_choose_a_stage(browser, qtbot):
    info = model_info()
    browser.show_layers(info, spec_of(info))
    chosen = []
    browser.stage_chosen.connect(chosen.append)
    browser.tree.setCurrentItem(item_of(browser, "pool2"))
    qtbot.keyClick(browser.tree, Qt.Key.Key_Return)
    place = browser.tree.visualItemRect(item_of(browser, "pool1")).center()
    qtbot.mouseClick(browser.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(browser.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ["pool2", "pool1"]


def test_a_layer_that_is_no_stage_chooses_nothing(browser, qtbot):
    info = model_info()
    browser.show_layers(info, spec_of(info))
    browser.tree.setCurrentItem(browser.tree.topLevelItem(1))
    with qtbot.assertNotEmitted(browser.stage_chosen):
        qtbot.keyClick(browser.tree, Qt.Key.Key_Return)


def test_a_convolution_can_be_a_stage_of_its_own(browser, qtbot):
    info = model_info(
        layers=(layer("conv", stages=("conv+pool",)),),
        stages=("conv+pool",),
    )
    info = replace(info, stages=(stage("conv+pool", is_added=True),))
    browser.show_layers(info, spec_of(info))
    browser.tree.setCurrentItem(item_of(browser, "conv+pool"))
    with qtbot.waitSignal(browser.stage_chosen) as chosen:
        qtbot.keyClick(browser.tree, Qt.Key.Key_Return)
    assert chosen.args == ["conv+pool"]
    assert "added by PoolViewer" in item_of(browser, "conv+pool").toolTip(NAME)


def test_only_stages_are_listed_on_wish(browser, qtbot):
    info = nested_info()
    browser.show_layers(info, spec_of(info))
    only = browser.findChild(QToolButton)
    qtbot.mouseClick(only, Qt.MouseButton.LeftButton)
    names = [(depth, name) for depth, name, *_ in rows(browser)]
    assert names == [(0, "inner"), (1, "pool"), (2, "pool"), (2, "pool#2")]
    again = replace(info, digest="other")
    browser.show_layers(again, spec_of(again))
    assert len(rows(browser)) == 4
    qtbot.mouseClick(only, Qt.MouseButton.LeftButton)
    assert len(rows(browser)) == 7


def test_what_cannot_be_drawn_says_why_and_shows_its_structure(browser):
    info = unseen_info()
    browser.show_layers(info, NetworkSpec())
    assert info.obstacle in browser.words
    assert "still show the network tutorial" in browser.words
    assert [name for _, name, *_ in rows(browser)] == ["lstm"]
    assert not browser.findChild(QToolButton).isVisible()
    browser.show_layers(tutorial_info(NetworkSpec()), NetworkSpec())
    assert info.obstacle not in browser.words


def test_the_tutorial_is_listed_too_and_impossible_parameters_are_not(browser):
    browser.show_layers(tutorial_info(NetworkSpec()), NetworkSpec())
    assert [texts[1:3] for texts in rows(browser)] == [
        ("conv2d", "Conv2D"), ("max_pooling2d", "MaxPooling2D"),
    ]  # fmt: skip
    assert is_marked(item_of(browser, "max_pooling2d"))
    browser.show_layers(None, NetworkSpec(filters=0))
    assert not browser.tree.isVisible()
    assert shows_words(browser, "make no network yet")
    browser.show_layers(tutorial_info(NetworkSpec()), NetworkSpec())
    assert browser.tree.isVisible()


def test_another_models_stage_is_not_marked(browser):
    info = model_info()
    browser.show_layers(info, spec_of(model_info(digest="other")))
    assert not any(is_marked(item) for item in browser.tree._stages.values())


def test_names_from_strangers_are_plain_text(browser):
    info = model_info(
        NASTY, stages=(NASTY,), notes=(NASTY,), inputs=(InputInfo(NASTY, (1,), NASTY),)
    )
    browser.show_layers(info, spec_of(info))
    text = item_of(browser, NASTY).text(NAME)
    assert text.isprintable()
    assert text.startswith("b>")  # after the slash that a name cannot have
    tip = item_of(browser, NASTY).toolTip(NAME)
    assert "&lt;b&gt;" in tip
    assert "<b>" not in tip
    for label in browser.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText or "<" not in label.text()
        assert "<b>" not in label.toolTip()


def test_notes_have_a_line_each_and_are_never_lost(browser):
    notes = tuple(f"Note number {number}." for number in range(5))
    info = model_info(notes=notes)
    browser.show_layers(info, spec_of(info))
    assert browser.words.endswith("Note number 0.\nNote number 1.\n" + " ".join(notes[2:]))
    browser.resize(ROOMY, 700)
    assert browser.words.endswith("\n".join(notes))
    plain = model_info()
    browser.show_layers(plain, spec_of(plain))
    assert "Note" not in browser.words


def test_weights_are_left_out_where_there_is_no_room(show):
    browser = show(NetworkBrowser(), ROOMY, 400)
    info = model_info()
    browser.show_layers(info, spec_of(info))
    assert not browser.tree.isColumnHidden(PARAMETERS)
    browser.resize(280, 400)
    assert browser.tree.isColumnHidden(PARAMETERS)
    widths = [browser.tree.columnWidth(column) for column in (NAME, KIND, SHAPE)]
    assert sum(widths) <= browser.tree.viewport().width()
    assert min(widths) >= QFontMetrics(browser.tree.font()).horizontalAdvance("Conv2D")


def test_of_six_hundred_layers_the_one_in_use_is_in_sight(show):
    stages = tuple(f"block{number}/pool" for number in range(300))
    info = model_info(stages=stages)
    browser = show(NetworkBrowser(), 320, 400)
    browser.show_layers(model_info(stages=("a",)), spec_of(info))
    browser.show_layers(info, spec_of(info, stages[150]))
    assert len(rows(browser)) == 601
    assert (
        browser.tree.viewport()
        .rect()
        .contains(browser.tree.visualItemRect(item_of(browser, stages[150])).center())
    )


def test_a_hidden_browser_builds_nothing(show):
    browser = NetworkBrowser()
    info = model_info()
    browser.show_layers(info, spec_of(info))
    assert browser.tree.topLevelItemCount() == 0
    show(browser, ROOMY, 400)
    assert browser.tree.topLevelItemCount() == 5
    assert is_marked(item_of(browser, "pool1"))


def test_signs_follow_the_theme(browser, qapp):
    info = model_info()
    browser.show_layers(info, spec_of(info))
    before = item_of(browser, "pool1").icon(NAME).pixmap(20).toImage()
    apply_theme(qapp, LIGHT)
    assert item_of(browser, "pool1").icon(NAME).pixmap(20).toImage() != before


@pytest.mark.parametrize(
    ("shape", "words"), [((30, 30, 64), "30×30×64"), ((None, None, 3), "?×?×3"), (None, "?")]
)
def test_shapes_in_words(shape, words):
    assert in_words(shape) == words


def test_a_global_stage_has_neither_size_nor_strides():
    info = replace(stage("gap", "conv", "global_average"), pool_size=None, strides=None)
    info = replace(info, padding=None, pooled_shape=(2,))
    assert stage_words(info) == "global average: 6×6×2 → 2, after conv"


def test_a_model_without_layers_is_no_tree(browser):
    browser.show_layers(ModelInfo("empty.keras", "de", obstacle="It is empty."), NetworkSpec())
    assert not browser.tree.isVisible()
    assert "It is empty." in browser.words
