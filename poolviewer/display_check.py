"""What the system lacks for a window, in one sentence, before Qt aborts over it.

Standard library only, and quick: it runs before anything heavy is imported, and before anything
is installed at all (``packaging/bootstrap.sh`` asks it which packages to install).
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

Purpose = Literal["run", "test"]

# Shared libraries that the wheels do not bring along, by the Debian package that has each.
GRAPHICS_LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxkbcommon.so.0": "libxkbcommon0",
}
# What OpenCV wants of them, to read any picture at all.
PICTURE_LIBRARIES: Mapping[str, str] = {
    name: GRAPHICS_LIBRARIES[name]
    for name in ("libGL.so.1", "libX11.so.6", "libglib-2.0.so.0", "libstdc++.so.6")
}
WINDOW_LIBRARIES: Mapping[str, str] = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_LIBRARIES: Mapping[str, str] = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
TEST_PROGRAMS: Mapping[str, str] = {"Xvfb": "xvfb", "xdotool": "xdotool"}
FONT_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".pfb")


def missing_display() -> str | None:
    """Say in one sentence why no window can be opened; None if one can.

    A platform that is set in ``QT_QPA_PLATFORM`` is a decision of the person, and None.
    """
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return None
    has_x11, has_wayland = _is_set("DISPLAY"), _is_set("WAYLAND_DISPLAY")
    if not has_x11 and not has_wayland:
        return "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
    x11 = _x11_obstacle() if has_x11 else None
    wayland = _wayland_obstacle() if has_wayland else None
    if (has_x11 and x11 is None) or (has_wayland and wayland is None):
        return None
    return x11 or wayland


def missing_library(*, is_drawn: bool = True) -> str | None:
    """Say in one sentence which libraries are missing even without a window; None if none is.

    Parameters
    ----------
    is_drawn
        Whether Qt is needed; pictures are read without it.
    """
    needed = GRAPHICS_LIBRARIES if is_drawn else PICTURE_LIBRARIES
    return _obstacle(needed) if sys.platform == "linux" else None


def missing_packages(purpose: Purpose) -> list[str]:
    """Return the Debian packages to install for running here, or for all the tests.

    The libraries of a window count for running only where there is a display.
    """
    if sys.platform != "linux":
        return []
    is_test = purpose == "test"
    packages = _packages_of(_absent(GRAPHICS_LIBRARIES), GRAPHICS_LIBRARIES)
    if is_test or (_is_set("DISPLAY") and not os.environ.get("QT_QPA_PLATFORM")):
        packages += _packages_of(_absent(WINDOW_LIBRARIES), WINDOW_LIBRARIES)
    if is_test:
        packages += [package for name, package in TEST_PROGRAMS.items() if not shutil.which(name)]
    return packages if _has_font() else [*packages, FONT_PACKAGE]


def _x11_obstacle() -> str | None:
    return _obstacle(WINDOW_LIBRARIES) or _x11_refusal(os.environ["DISPLAY"])


def _wayland_obstacle() -> str | None:
    return _obstacle(WAYLAND_LIBRARIES) or _wayland_refusal(os.environ["WAYLAND_DISPLAY"])


def _x11_refusal(display: str) -> str | None:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(os.fsencode(display), None))
    try:
        is_refused = bool(xcb.xcb_connection_has_error(connection))
    finally:
        xcb.xcb_disconnect(connection)  # also what frees a connection that failed
    return f"The display {display} (DISPLAY) cannot be reached." if is_refused else None


def _wayland_refusal(display: str) -> str | None:
    wayland = ctypes.CDLL("libwayland-client.so.0")
    wayland.wl_display_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(wayland.wl_display_connect(os.fsencode(display)))
    if not connection:
        return f"The display {display} (WAYLAND_DISPLAY) cannot be reached."
    wayland.wl_display_disconnect(connection)
    return None


def _obstacle(libraries: Mapping[str, str]) -> str | None:
    absent = _absent(libraries)
    if not absent:
        return None
    noun, pronoun = ("library", "it") if len(absent) == 1 else ("libraries", "them")
    packages = " ".join(_packages_of(absent, libraries))
    return (
        f"PoolViewer needs the system {noun} {', '.join(absent)}; "
        f"on Debian or Ubuntu, install {pronoun} with: sudo apt-get install {packages}"
    )


def _absent(libraries: Iterable[str]) -> list[str]:
    """Return those that the system's own loader cannot open."""
    return [name for name in libraries if not _can_open(name)]


def _can_open(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _packages_of(absent: Iterable[str], libraries: Mapping[str, str]) -> list[str]:
    return [libraries[name] for name in absent]


def _has_font() -> bool:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    files = (path for folder in folders for path in folder.rglob("*"))
    return any(path.suffix in FONT_SUFFIXES for path in files)


def _is_set(name: str) -> bool:
    return bool(os.environ.get(name))
