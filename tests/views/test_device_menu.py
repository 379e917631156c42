"""The menu of devices."""

import pytest
from PySide6.QtWidgets import QWidget

from poolviewer.core.device import CPU, numbered
from poolviewer.views.device_menu import DeviceMenu

DEVICES = (CPU, *numbered("gpu", ["Tom & Jerry 9000"]))


@pytest.fixture
def menu(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    yield DeviceMenu(parent)
    del parent  # until here its menu needs it


def entries(menu):
    return [(action.data(), action.text(), action.isChecked()) for action in menu.actions()]


def test_before_tensorflow_is_there_it_offers_the_cpu(menu):
    assert entries(menu) == [("auto", "&Automatic", True), ("cpu", "CPU", False)]


def test_it_names_every_card_and_ticks_the_wish(menu):
    menu.show_devices(DEVICES, "gpu:0")
    assert entries(menu) == [
        ("auto", "&Automatic", False),
        ("cpu", "CPU", False),
        ("gpu:0", "Tom && Jerry 9000", True),
    ]


def test_a_card_that_is_gone_counts_as_automatic(menu):
    menu.show_devices(DEVICES, "gpu:3")
    assert entries(menu)[0][2]


def test_an_entry_is_a_wish(menu, qtbot):
    menu.show_devices(DEVICES, "auto")
    with qtbot.waitSignal(menu.device_chosen) as chosen:
        menu.actions()[2].trigger()
    assert chosen.args == ["gpu:0"]
