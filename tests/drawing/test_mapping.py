import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

from poolviewer.core.geometry import Rect
from poolviewer.drawing.mapping import DeviceMapping, snap

NUMBERS = st.floats(-500, 500)
LENGTHS = st.floats(0.1, 500)
RECTS = st.builds(
    lambda top, left, height, width: Rect(top, left, top + height, left + width),
    NUMBERS,
    NUMBERS,
    LENGTHS,
    LENGTHS,
)
TARGETS = st.builds(QRectF, NUMBERS, NUMBERS, LENGTHS, LENGTHS)


@given(RECTS, TARGETS, st.booleans())
def test_a_filled_target_is_the_world(world, target, is_mirrored):
    mapping = DeviceMapping.filling(world, target, is_mirrored=is_mirrored)
    found = mapping.rect(world)
    assert (found.left(), found.top()) == pytest.approx((target.left(), target.top()), abs=1e-6)
    assert (found.width(), found.height()) == pytest.approx((target.width(), target.height()))
    back = mapping.world(target)
    assert (back.top, back.left) == pytest.approx((world.top, world.left), abs=1e-6)
    assert (back.bottom, back.right) == pytest.approx((world.bottom, world.right), abs=1e-6)
    assert mapping.is_mirrored == is_mirrored


def test_mirroring_swaps_left_and_right_only():
    mapping = DeviceMapping.filling(Rect(0, 0, 4, 10), QRectF(0, 0, 100, 40), is_mirrored=True)
    assert mapping.rect(Rect(1, 0, 2, 3)) == QRectF(70, 10, 30, 10)


def test_a_transform_maps_alike():
    transform = QTransform(3, 0, 0, 5, 7, 11)
    mapping = DeviceMapping.of_transform(transform, 2)
    assert mapping.point(2, 4) == transform.map(QPointF(4, 2))
    assert mapping.ratio == 2


@given(TARGETS, st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]))
def test_snapped_edges_are_on_device_pixels(rect, ratio):
    snapped = snap(rect, ratio)
    for edge in (snapped.left(), snapped.top(), snapped.right(), snapped.bottom()):
        assert edge * ratio == pytest.approx(round(edge * ratio), abs=1e-6)
    assert abs(snapped.left() - rect.left()) <= 0.5 / ratio + 1e-9
    assert abs(snapped.bottom() - rect.bottom()) <= 0.5 / ratio + 1e-9
