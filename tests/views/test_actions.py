"""The table of actions: each has a tip and a place, and no two share a key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from poolviewer.views.actions import ACTIONS, fill_menu_bar, make_actions

REAL = [spec for spec in ACTIONS if spec.text]


@pytest.fixture
def window(show):
    shown = show(QMainWindow(), 600, 200)
    shown.wishes = make_actions(shown)
    fill_menu_bar(shown.menuBar(), shown.wishes)
    return shown


def menus_of(window):
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    menus = window.menuBar().findChildren(QMenu, options=direct)
    return {menu.title(): menu for menu in menus if menu.title()}  # one is Qt's own


def mnemonic(text):
    place = text.find("&")
    return text[place + 1].lower() if place >= 0 else None


@pytest.mark.parametrize("spec", REAL, ids=lambda spec: spec.name)
def test_every_action_says_what_it_does(window, spec):
    action = window.wishes[spec.name]
    assert spec.tip in action.toolTip()
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    assert action.toolTip().count(f"({keys})") == (1 if keys else 0)


@pytest.mark.parametrize("spec", REAL, ids=lambda spec: spec.name)
def test_every_action_is_in_its_menu_once(window, spec):
    holders = [
        title
        for title, menu in menus_of(window).items()
        if window.wishes[spec.name] in menu.actions()
    ]
    assert holders == [spec.menu]


def test_no_two_actions_share_a_name_or_a_key(window):
    names = [spec.name for spec in ACTIONS]
    assert len(set(names)) == len(names)
    keys = [key.toString() for action in window.wishes.values() for key in action.shortcuts()]
    assert len(set(keys)) == len(keys)
    assert len(keys) >= sum(spec.shortcut is not None for spec in ACTIONS)


def test_no_two_entries_of_a_menu_share_a_letter(window):
    groups = [menu.actions() for menu in menus_of(window).values()]
    for entries in (*groups, window.menuBar().actions()):
        letters = [mnemonic(entry.text()) for entry in entries if not entry.isSeparator()]
        assert None not in letters
        assert len(set(letters)) == len(letters), letters


def test_icons_are_drawn(window):
    for spec in ACTIONS:
        assert window.wishes[spec.name].icon().isNull() == (not spec.icon)


def test_menus_show_tips(window):
    assert all(menu.toolTipsVisible() for menu in menus_of(window).values())
