"""The settings of the shift mode, and its plot."""

from dataclasses import replace

import numpy as np
import pytest

from poolviewer.core.laboratory.experiment import Finding
from poolviewer.core.laboratory.shift import Change, Shift, ShiftCurve, ShiftPoint
from poolviewer.views.laboratory.shift_panel import ShiftPanel

from .renderings import rendering_of


@pytest.fixture
def panel(qtbot):
    panel = ShiftPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def shown(panel, *changes, chosen=1):
    points = tuple(ShiftPoint(k, change) for k, change in enumerate(changes))
    finding = Finding(Shift(), 0, details=ShiftCurve(points, chosen))
    panel.show_rendering(replace(rendering_of(), finding=finding), 0)


def test_the_boxes_tell_how_far_the_input_is_moved(panel, qtbot):
    panel.show_experiment(Shift(2, -3))
    assert (panel.down.value(), panel.right.value()) == (2, -3)
    with qtbot.waitSignal(panel.experiment_changed) as wished:
        panel.right.setValue(4)
    assert wished.args == [Shift(2, 4)]


def test_back_to_0_is_offered_where_there_is_a_way_back(panel, qtbot):
    panel.show_experiment(Shift(0, 0))
    assert not panel.back.isEnabled()
    panel.show_experiment(Shift(1, 1))
    with qtbot.waitSignal(panel.experiment_changed) as wished:
        panel.back.click()
    assert wished.args == [Shift(0, 0)]


def test_the_plot_has_both_curves_and_a_gap_where_nothing_can_be_compared(panel):
    shown(panel, Change(0.0, 0.0), Change(40.0, None), Change(80.0, 50.0))
    distances, features = panel.plot.feature.getData()
    np.testing.assert_array_equal(distances, [0, 1, 2])
    np.testing.assert_array_equal(features, [0, 40, 80])
    np.testing.assert_array_equal(panel.plot.pooled.getData()[1], [0, np.nan, 50])
    low, high = panel.plot.plane.viewRange()[1]
    assert low == 0
    assert high >= 80


def test_a_finding_of_another_mode_leaves_the_plot_alone(panel):
    shown(panel, Change(0.0, 0.0), Change(40.0, 30.0))
    panel.show_rendering(rendering_of(), 0)
    assert len(panel.plot.feature.getData()[0]) == 2
