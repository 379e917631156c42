"""What an opened model gets of a picture: every field's wish, and what is wrong with it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QSpinBox

from poolviewer.core.input_spec import PREPROCESSINGS, InputSpec, number_problem
from poolviewer.core.network import Problem
from poolviewer.views.fields import numbers_in
from poolviewer.views.preprocessing_panel import PreprocessingPanel, in_words
from tests.infos import TORCH, model_info, nested_info, spec_of

FREE = nested_info()
FIXED = model_info()


@pytest.fixture
def panel(show):
    shown = show(PreprocessingPanel(), 320, 600)
    shown.show_model(FREE)
    shown.show_network(spec_of(FREE), ())
    return shown


@pytest.fixture
def wishes(panel):
    found = []
    panel.network_changed.connect(found.append)
    return found


def sides(panel):
    return panel.field("size").findChildren(QSpinBox)


def wish_with(**changes):
    return [spec_of(FREE, spec=replace(TORCH, **changes))]


def type_into(panel, qtbot, name, text, key=Qt.Key.Key_Return):
    field = panel.field(name)
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    if text.isascii():
        qtbot.keyClicks(field, text)
    else:
        field.insert(text)  # no test keyboard has such a key
    qtbot.keyClick(field, key)


def test_a_model_is_shown_and_is_no_wish(panel, wishes):
    assert panel.field("size").value() == (8, 8)
    assert panel.field("channel_order").value() == "rgb"
    assert panel.field("mean").text() == "0.485, 0.456, 0.406"
    assert panel.field("preset").value() == "ImageNet mean and deviation (torch)"
    panel.show_network(spec_of(FREE, spec=replace(TORCH, mean=(), fit="crop")), ())
    assert panel.field("mean").text() == ""
    assert panel.field("preset").value() == "custom"
    assert wishes == []


@pytest.mark.parametrize(
    ("name", "key", "changes"),
    [
        ("channel_order", Qt.Key.Key_Up, {"channel_order": "bgr"}),
        ("scaling", Qt.Key.Key_Down, {"scaling": "-1-1"}),
        ("fit", Qt.Key.Key_Down, {"fit": "crop"}),
    ],
)
def test_a_choice_wishes_for_it_alone(panel, wishes, qtbot, name, key, changes):
    qtbot.keyClick(panel.field(name), key)
    assert wishes == wish_with(**changes)


@pytest.mark.parametrize(("index", "changes"), [(0, {"height": 9}), (1, {"width": 9})])
def test_a_size_wishes_for_it_alone(panel, wishes, qtbot, index, changes):
    qtbot.keyClick(sides(panel)[index], Qt.Key.Key_Up)
    assert wishes == wish_with(**changes)


def test_a_size_has_limits(panel):
    assert {(box.minimum(), box.maximum()) for box in sides(panel)} == {(1, 8192)}


@pytest.mark.parametrize(
    ("name", "text", "numbers"),
    [
        ("mean", "0.5", (0.5,)),
        ("mean", "1, 2 ,3", (1.0, 2.0, 3.0)),
        ("mean", "1;2;3", (1.0, 2.0, 3.0)),
        ("mean", "", ()),
        ("deviation", "1e-2", (0.01,)),
        ("deviation", "\N{MINUS SIGN}2", (-2.0,)),
    ],
)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
def test_typed_numbers_count_on_enter_and_on_leaving(
    panel, wishes, qtbot, name, text, numbers, key
):
    type_into(panel, qtbot, name, text, key)
    assert wishes == wish_with(**{name: numbers})


def test_numbers_that_stay_the_same_are_no_wish(panel, wishes, qtbot):
    type_into(panel, qtbot, "mean", "0.485,0.456,0.4060")
    assert wishes == []


@pytest.mark.parametrize("text", ["a", "0.1.2", "1,,x", "0,5 m"])
@pytest.mark.parametrize("name", ["mean", "deviation"])
def test_what_is_no_number_is_said_under_its_field(panel, wishes, qtbot, name, text):
    type_into(panel, qtbot, name, text)
    assert panel.problem_of(name).startswith("Write one number")
    assert wishes == []
    panel.show_network(spec_of(FREE), ())
    assert panel.problem_of(name) == ""
    assert panel.field(name).value() == getattr(TORCH, name)


def test_problems_stand_under_their_field(panel):
    wrong = replace(TORCH, deviation=(0.0,))
    panel.show_network(spec_of(FREE, spec=wrong), (Problem("deviation", number_problem(wrong)),))
    assert "must not be 0" in panel.problem_of("deviation")
    assert panel.problem_of("mean") == ""
    assert panel.words == ""


def test_three_means_for_one_grey_channel_are_refused_in_words():
    assert number_problem(replace(TORCH, channel_order="grey")).endswith("grey is one channel.")


@pytest.mark.parametrize("name", PREPROCESSINGS)
def test_a_preset_sets_all_numbers_and_no_size(panel, wishes, name):
    panel.show_network(spec_of(FREE, spec=replace(TORCH, mean=(7.0,))), ())
    panel.field("preset").setCurrentText(name)
    preset = PREPROCESSINGS[name]
    (wish,) = wishes
    spec = wish.input
    assert (spec.channel_order, spec.scaling) == (preset.channel_order, preset.scaling)
    assert (spec.mean, spec.deviation) == (preset.mean, preset.deviation)
    assert spec.shape == TORCH.shape


def test_a_network_of_one_channel_is_offered_grey_presets(panel):
    grey = InputSpec(8, 8, "grey", "0-1", channels=1)
    panel.show_network(spec_of(FREE, spec=grey), ())
    field = panel.field("preset")
    words = [field.itemText(index) for index in range(field.count())]
    assert words == ["raw 0–255 grey", "0–1 grey", "−1–1 grey"]
    assert field.value() == "0–1 grey"


def test_custom_is_offered_only_as_long_as_it_is_true(panel):
    field = panel.field("preset")
    assert field.findData("custom") < 0
    panel.show_network(spec_of(FREE, spec=replace(TORCH, mean=(1.0,))), ())
    assert field.value() == "custom"
    panel.show_network(spec_of(FREE), ())
    assert field.findData("custom") < 0


# Whose size it is


def test_a_fixed_size_cannot_be_changed(panel):
    panel.show_model(FIXED)
    panel.show_network(spec_of(FIXED), ())
    assert not any(box.isEnabled() for box in sides(panel))
    assert not panel.field("is_own_size").isVisible()
    assert "no other" in panel.field("size").toolTip()


def test_one_side_alone_can_be_free(panel):
    info = model_info(free_size=(False, True))
    panel.show_model(info)
    panel.show_network(spec_of(info), ())
    assert [box.isEnabled() for box in sides(panel)] == [False, True]
    assert not panel.field("is_own_size").isVisible()


def test_a_size_of_its_own_is_wished_for(panel, wishes, qtbot):
    tick = panel.field("is_own_size")
    assert isinstance(tick, QCheckBox)
    tick.setFocus()
    qtbot.keyClick(tick, Qt.Key.Key_Space)
    assert wishes == wish_with(is_own_size=True)
    panel.show_network(wishes[0], ())
    assert not any(box.isEnabled() for box in sides(panel))
    assert panel.words.startswith("The picture's own size as far as memory allows")


def test_an_unknown_models_size_is_fixed(panel):
    panel.show_network(spec_of(FIXED), ())
    assert not any(box.isEnabled() for box in sides(panel))


# In words


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (TORCH, "8×8, 3 channels (R G B), each (x ÷ 255 − mean) ÷ deviation: −2.118 to 2.64"),
        (InputSpec(2, 3, "grey", channels=1), "2×3, 1 channel (grey), each x: 0 to 255"),
        (
            InputSpec(2, 3, "bgr", "-1-1", channels=9),
            "2×3, 9 channels (B G R repeated), each x ÷ 127.5 − 1: −1 to 1",
        ),
        (InputSpec(2, 3, "rgb", deviation=(2,)), "2×3, 3 channels (R G B), each x ÷ deviation"),
        (InputSpec(2, 3, "rgb", mean=(5.0,)), "2×3, 3 channels (R G B), each x − mean: −5 to 250"),
    ],
)
def test_what_the_model_gets_is_said_in_words(spec, words):
    assert in_words(spec).replace("\N{NO-BREAK SPACE}", " ").startswith(words)


def test_numbers_are_read_or_not():
    assert numbers_in(" 1 2,3;4 ") == (1, 2, 3, 4)
    assert numbers_in("one") is None


def test_every_field_has_a_tip_a_name_and_its_turn(panel, qtbot):
    names = ("is_own_size", "fit", "preset", "channel_order", "scaling", "mean", "deviation")
    for name in ("size", *names):
        assert panel.field(name).toolTip()
        assert panel.field(name).accessibleName()
    sides(panel)[1].setFocus()
    for name in names:
        qtbot.keyClick(panel.window().focusWidget(), Qt.Key.Key_Tab)
        assert panel.window().focusWidget() is panel.field(name)


def test_a_long_preset_does_not_widen_the_form(panel, qtbot):
    panel.resize(280, 400)
    qtbot.waitUntil(lambda: panel.widget().width() <= panel.viewport().width())
