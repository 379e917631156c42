"""The application on as many frames as go; prints ``[painted frames, resident bytes]`` pairs.

``python -m tests.benchmarks.memory_process FRAMES``
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from PySide6.QtCore import QObject, Slot

from poolviewer.app import Application
from poolviewer.core.view_wish import ViewWish
from poolviewer.process import make_qt_application
from poolviewer.settings import Settings

EVERY = 100


class Sampler(QObject):
    """Notes the memory at every hundredth painted frame, and closes the window at the end."""

    def __init__(self, application: Application, frames: int) -> None:
        super().__init__()
        self._application, self._frames = application, frames
        self._process, self._painted = psutil.Process(), 0
        self.samples: list[tuple[int, int]] = []
        application.window.maps_painted.connect(self._on_maps_painted)

    @Slot()
    def _on_maps_painted(self) -> None:
        self._painted += self._application.controller.state.rendering is not None
        if self._painted and self._painted % EVERY == 0:
            self.samples.append((self._painted, self._process.memory_info().rss))
        if self._painted >= self._frames:
            self._application.window.close()


def main(frames: int) -> None:
    app = make_qt_application()
    with TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.ini")
        application = Application(app, ViewWish("synthetic:0"), settings)
        sampler = Sampler(application, frames)
        application.start()
        app.exec()
        assert application.stop()
    print(json.dumps(sampler.samples))


if __name__ == "__main__":
    main(int(sys.argv[1]))
