"""What the system lacks for a window is said in one sentence, against real displays."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from poolviewer import display_check
from poolviewer.display_check import (
    FONT_PACKAGE,
    GRAPHICS_LIBRARIES,
    WINDOW_LIBRARIES,
    missing_display,
    missing_library,
    missing_packages,
)

ABSENT = {"libabsent.so.7": "libabsent7"}


@pytest.fixture(autouse=True)
def _undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what says which platform Qt is to use."""
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A real X server without a screen."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        with os.fdopen(reader) as numbers:
            yield f":{numbers.readline().strip()}"
        server.terminate()


def test_no_display_is_said() -> None:
    sentence = missing_display()
    assert sentence == "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."


def test_empty_variables_are_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.setenv(name, "")
    assert "no display" in (missing_display() or "")


def test_real_display_is_fine(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    assert missing_display() is None


@pytest.mark.parametrize("address", [":987", "nowhere.invalid:0", "nonsense"])
def test_unreachable_display_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", address)
    assert missing_display() == f"The display {address} (DISPLAY) cannot be reached."


def test_unreachable_wayland_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-987")
    sentence = missing_display() or ""
    assert "wayland-987 (WAYLAND_DISPLAY) cannot be reached" in sentence or "apt-get" in sentence


def test_one_working_display_of_two_is_enough(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-987")
    assert missing_display() is None


def test_platform_that_a_person_chose_is_not_questioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("DISPLAY", ":987")
    assert missing_display() is None


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_always_have_a_display(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(display_check, "GRAPHICS_LIBRARIES", ABSENT)
    assert missing_display() is None
    assert missing_library() is None
    assert missing_packages("test") == []


def test_missing_window_library_names_the_command(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr(display_check, "WINDOW_LIBRARIES", WINDOW_LIBRARIES | ABSENT)
    assert missing_display() == (
        "PoolViewer needs the system library libabsent.so.7; "
        "on Debian or Ubuntu, install it with: sudo apt-get install libabsent7"
    )


def test_missing_graphics_libraries_name_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_library() is None
    absent = {**ABSENT, "libgone.so.1": "libgone1"}
    monkeypatch.setattr(display_check, "GRAPHICS_LIBRARIES", {**GRAPHICS_LIBRARIES, **absent})
    assert missing_library() == (
        "PoolViewer needs the system libraries libabsent.so.7, libgone.so.1; "
        "on Debian or Ubuntu, install them with: sudo apt-get install libabsent7 libgone1"
    )


def test_window_libraries_count_only_where_there_is_a_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(display_check, "WINDOW_LIBRARIES", ABSENT)
    assert missing_packages("run") == []
    assert missing_packages("test") == ["libabsent7"]
    monkeypatch.setenv("DISPLAY", ":987")
    assert missing_packages("run") == ["libabsent7"]


def test_programs_and_a_font_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_packages("test") == []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(display_check, "FONT_FOLDERS", (str(tmp_path),))
    assert missing_packages("test") == ["xvfb", "xdotool", FONT_PACKAGE]
    assert missing_packages("run") == [FONT_PACKAGE]
    (tmp_path / "some.ttf").touch()
    assert missing_packages("run") == []


def test_check_is_made_of_the_standard_library_alone() -> None:
    program = (
        "import sys; before = set(sys.modules); import poolviewer.display_check as check;"
        "check.missing_packages('test'); check.missing_display();"
        "heavy = {n.split('.')[0] for n in set(sys.modules) - before} - sys.stdlib_module_names;"
        "sys.exit(str(heavy - {'poolviewer'}) if heavy != {'poolviewer'} else 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_is_not_drawn_needs_fewer_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display_check, "GRAPHICS_LIBRARIES", {**GRAPHICS_LIBRARIES, **ABSENT})
    assert missing_library(is_drawn=False) is None
    assert missing_library() is not None
    monkeypatch.setattr(display_check, "PICTURE_LIBRARIES", ABSENT)
    assert "libabsent.so.7" in (missing_library(is_drawn=False) or "")
