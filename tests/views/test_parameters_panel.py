"""Every parameter's field: what it wishes, shows and refuses."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QSpinBox

from poolviewer.core.input_spec import InputSpec
from poolviewer.core.network import NetworkSpec, problems
from poolviewer.views.parameters_panel import ChoiceField, ParametersPanel

CHANGED = NetworkSpec(
    InputSpec(48, 40, "grey", "-1-1", "letterbox"),
    12, (5, 4), (2, 3), "same", "tanh", "average", (3, 4), (1, 5), "same", 7,
)  # fmt: skip


@pytest.fixture
def panel(show):
    shown = show(ParametersPanel(), 320, 500)
    shown.show_network(NetworkSpec(), ())
    return shown


@pytest.fixture
def wishes(panel):
    found = []
    panel.network_changed.connect(found.append)
    return found


def spec_with(**values):
    """Return the tutorial's network with other values, those of its input among them."""
    inputs = {k: values.pop(k) for k in ("channel_order", "scaling", "fit") if k in values}
    if "size" in values:
        inputs["height"], inputs["width"] = values.pop("size")
    return NetworkSpec(InputSpec(**inputs), **values)


def box_of(panel, name, index=0):
    field = panel.field(name)
    return field if isinstance(field, QSpinBox) else field.findChildren(QSpinBox)[index]


@pytest.mark.parametrize(
    ("name", "index", "value"),
    [
        ("size", 0, (33, 32)), ("size", 1, (32, 33)), ("filters", 0, 65), ("seed", 0, 1),
        ("kernel_size", 0, (4, 3)), ("kernel_size", 1, (3, 4)), ("strides", 0, (2, 1)),
        ("strides", 1, (1, 2)), ("pool_size", 0, (3, 2)), ("pool_size", 1, (2, 3)),
        ("pool_strides", 0, (3, 2)), ("pool_strides", 1, (2, 3)),
    ],
)  # fmt: skip
def test_an_arrow_in_a_number_wishes_for_it_alone(panel, wishes, qtbot, name, index, value):
    qtbot.keyClick(box_of(panel, name, index), Qt.Key.Key_Up)
    assert wishes == [spec_with(**{name: value})]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("channel_order", "rgb"), ("scaling", "0-1"), ("fit", "crop"), ("padding", "same"),
        ("activation", "relu"), ("pool_kind", "average"), ("pool_padding", "same"),
    ],
)  # fmt: skip
def test_a_choice_wishes_for_it_alone(panel, wishes, qtbot, name, value):
    qtbot.keyClick(panel.field(name), Qt.Key.Key_Down)
    assert wishes == [spec_with(**{name: value})]


@pytest.mark.parametrize("name", ["channel_order", "scaling", "fit", "activation", "padding"])
def test_every_word_of_a_choice_can_be_chosen(panel, wishes, name):
    field = panel.field(name)
    assert isinstance(field, ChoiceField)
    for index in range(field.count()):
        field.setCurrentIndex(index)
        assert panel.field(name).value() == field.itemData(index)
    assert [getattr(w.input if hasattr(w.input, name) else w, name) for w in wishes] == [
        field.itemData(index) for index in range(1, field.count())
    ]


def test_other_parameters_stay_in_a_wish(panel, wishes, qtbot):
    panel.show_network(CHANGED, ())
    qtbot.keyClick(box_of(panel, "filters"), Qt.Key.Key_Up)
    assert wishes == [replace(CHANGED, filters=13)]


def test_shown_parameters_are_no_wish(panel, wishes):
    panel.show_network(CHANGED, ())
    assert wishes == []
    panel.show_network(NetworkSpec(), ())
    assert wishes == []
    assert panel.field("pool_size").value() == (2, 2)


def test_the_seed_of_a_preset_too_large_for_the_box_is_kept(panel, wishes, qtbot):
    panel.show_network(NetworkSpec(seed=2**31 - 1), ())
    qtbot.keyClick(box_of(panel, "filters"), Qt.Key.Key_Up)
    assert wishes[0].seed == 2**31 - 1


def test_typed_digits_count_on_enter(panel, wishes, qtbot):
    box = box_of(panel, "filters")
    box.selectAll()
    qtbot.keyClicks(box, "128")
    assert wishes == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert wishes == [spec_with(filters=128)]


def test_typed_digits_count_on_leaving(panel, wishes, qtbot):
    box = box_of(panel, "filters")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "5")
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert wishes == [spec_with(filters=5)]


@pytest.mark.parametrize("name", ["filters", "size", "seed"])
def test_keys_of_the_window_pass_through_a_number(show, qtbot, name):
    window = QMainWindow()
    panel = ParametersPanel()
    window.setCentralWidget(panel)
    heard = []
    for key in ("Space", "F", "]"):
        QShortcut(QKeySequence(key), window).activated.connect(lambda key=key: heard.append(key))
    show(window, 320, 500)
    box_of(panel, name).setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_F, Qt.Key.Key_BracketRight, Qt.Key.Key_3):
        qtbot.keyClick(window.windowHandle(), key)
    assert heard == ["Space", "F", "]"]
    assert "3" in box_of(panel, name).text()


# Impossible parameters


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        (spec_with(kernel_size=(40, 3)), "kernel_size"),
        (spec_with(pool_size=(31, 2)), "pool_size"),
        (spec_with(size=(2048, 2048), filters=1024), "filters"),
        (spec_with(size=(2000, 2000), kernel_size=(1024, 1024), filters=2), "kernel_size"),
    ],
)
def test_the_reason_stands_under_the_field_at_fault(panel, qtbot, spec, name):
    found = problems(spec)
    panel.show_network(spec, found)
    assert panel.problem_of(name) == found[0].sentence
    label = next(label for label in panel.findChildren(QLabel) if label.text() == found[0].sentence)
    qtbot.waitUntil(lambda: _is_seen(panel, label))
    above = panel.field(name)
    assert label.y() >= above.geometry().bottom()
    panel.show_network(NetworkSpec(), ())
    assert panel.problem_of(name) == ""
    assert not label.isVisible()


def _is_seen(panel, label):
    """Whether the whole label lies in the part of the form that is scrolled to."""
    corner = label.mapTo(panel.viewport(), label.rect().topLeft())
    return panel.viewport().rect().contains(label.rect().translated(corner))


def test_only_one_field_is_at_fault(panel):
    spec = spec_with(kernel_size=(40, 3))
    panel.show_network(spec, problems(spec))
    shown = [label for label in panel.findChildren(QLabel) if label.objectName() == "problem"]
    assert sum(label.isVisible() for label in shown) == 1


def test_every_field_has_a_tip_and_a_name(panel):
    for name in ("size", "channel_order", "filters", "seed", "pool_kind", "pool_padding"):
        assert panel.field(name).toolTip()
        assert panel.field(name).accessibleName()


def test_tab_visits_every_field_in_order(panel, qtbot):
    boxes = [box_of(panel, "size"), box_of(panel, "size", 1), panel.field("channel_order")]
    boxes[0].setFocus()
    for box in boxes[1:]:
        qtbot.keyClick(panel.window().focusWidget(), Qt.Key.Key_Tab)
        assert panel.window().focusWidget() is box


@pytest.mark.parametrize("name", ["filters", "size", "activation", "pool_kind"])
def test_a_passing_wheel_changes_nothing(panel, wishes, name):
    field = panel.field(name)
    box = field if isinstance(field, ChoiceField) else box_of(panel, name)
    before = field.value()
    panel.setFocus()
    for delta in (120, -120):
        turn_wheel(box, delta)
    assert field.value() == before
    assert wishes == []
    box.setFocus()
    turn_wheel(box, -120)
    assert field.value() != before


def turn_wheel(box, delta):
    middle = QPointF(box.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(box.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)


def test_the_field_that_was_typed_in_stays_in_sight(panel, qtbot):
    box = box_of(panel, "size")
    box.setFocus()
    panel.ensureWidgetVisible(box)
    spec = spec_with(size=(3, 3))
    panel.show_network(spec, problems(spec))
    qtbot.waitUntil(lambda: not panel._reveal.isActive())
    corner = box.mapTo(panel.viewport(), box.rect().topLeft())
    assert panel.viewport().rect().contains(box.rect().translated(corner))
