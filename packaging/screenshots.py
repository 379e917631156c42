"""Take the README's screenshots of the real window: ``make screenshots``.

Runs on the screen that there is, or on an Xvfb of its own where there is none.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "screenshots"
SIZE = (1280, 800)
SETTLE_MS = 1500


@dataclass(frozen=True)
class Shot:
    """One picture of the window."""

    name: str
    source: str | None
    theme: str
    pin: tuple[int, int]
    channel: int = 0
    tab: int = 0
    model: str | None = None
    preprocessing: str | None = None
    action: str = ""  # what of the menus is chosen before the picture is taken
    is_dialog: bool = False  # whether that opens the dialog which is to be seen


SHOTS = (
    Shot("window", None, "light", (4, 7), channel=2),
    Shot("live-dark", "samples/bigbuckbunny.mp4", "dark", (7, 7), channel=5, tab=2),
    Shot("numbers", "samples/coffee.png", "light", (5, 9), channel=9, tab=1),
    Shot(
        "model",
        "samples/chelsea.png",
        "light",
        (50, 58),
        channel=23,
        tab=3,
        model="samples/hed_block1.keras",
        preprocessing="caffe",
    ),
    Shot("laboratory", None, "light", (4, 7), channel=12, action="compare"),
    Shot("export", None, "light", (4, 7), channel=12, action="export", is_dialog=True),
)


def main() -> None:
    """Take every picture, each in a process of its own."""
    if len(sys.argv) > 1:
        take(next(shot for shot in SHOTS if shot.name == sys.argv[1]))
        return
    FOLDER.mkdir(exist_ok=True)
    with screen() as environment, tempfile.TemporaryDirectory() as settings:
        environment["XDG_CONFIG_HOME"] = environment["HOME"] = settings
        (Path(settings) / "Pictures").mkdir()
        for shot in SHOTS:
            subprocess.run([sys.executable, __file__, shot.name], env=environment, check=True)
            print(FOLDER / f"{shot.name}.png")  # noqa: T201


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Yield an environment with a display: the person's own, or a virtual one."""
    from poolviewer.display_check import missing_display  # noqa: PLC0415

    if missing_display() is None:
        yield dict(os.environ)
        return
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1200x24"]
    server = subprocess.Popen([*command, "-nolisten", "tcp"], pass_fds=[writer])
    os.close(writer)
    try:
        with os.fdopen(reader) as numbers:
            yield {**os.environ, "DISPLAY": f":{numbers.readline().strip()}"}
    finally:
        server.terminate()
        server.wait()


def take(shot: Shot) -> None:
    """Open the window as a person would see it, and save what the screen shows of it."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415
    from PySide6.QtWidgets import QDialog  # noqa: PLC0415

    from poolviewer.app import Application  # noqa: PLC0415
    from poolviewer.core.view_wish import ViewWish  # noqa: PLC0415
    from poolviewer.process import make_qt_application  # noqa: PLC0415
    from poolviewer.resources import resource_path  # noqa: PLC0415

    app = make_qt_application()
    source = str(resource_path(shot.source)) if shot.source else None
    model = str(resource_path(shot.model)) if shot.model else None
    wish = ViewWish(
        source, model, preprocessing=shot.preprocessing, channel=shot.channel, pin=shot.pin
    )
    application = Application(app, wish)
    application.choose_theme(shot.theme)
    window = application.window
    window.setGeometry(0, 0, *SIZE)
    window.side.tabs.setCurrentIndex(shot.tab)
    timer = QTimer(singleShot=True, interval=SETTLE_MS)

    def settle() -> None:
        if application.controller.state.rendering is not None and not timer.isActive():
            window.maps_painted.disconnect(settle)
            if shot.action:
                window.wishes[shot.action].trigger()
            timer.start()

    def save() -> None:
        seen = window.findChild(QDialog) if shot.is_dialog else window
        pixmap = window.screen().grabWindow(seen.winId())
        pixmap.save(str(FOLDER / f"{shot.name}.png"))
        if seen is not window:
            seen.close()
        window.close()

    window.maps_painted.connect(settle)
    timer.timeout.connect(save)
    application.start()
    app.exec()
    application.stop()


if __name__ == "__main__":
    main()
