"""Open the window, or do the same job without one where there is no display."""

import os
import sys
from pathlib import Path

from poolviewer.core.errors import PoolViewerError
from poolviewer.display_check import missing_display, missing_library
from poolviewer.resources import SAMPLE_PICTURE, resource_path
from poolviewer.sources.gate import check_path

SAMPLE_PIN = (4, 7)


def open_window(source: str | None, channel: int, pin: tuple[int, int] | None) -> int:
    """Open the window on a source; without a display, save the annotated figure instead."""
    if source is not None:
        check_path(source)
    lacking = missing_library()
    if lacking:
        raise PoolViewerError(lacking)
    why_not = missing_display()
    if why_not:
        sys.stderr.write(f"{why_not}\n")
        return _save_figure_instead(source, channel, pin or SAMPLE_PIN)
    from poolviewer import app  # noqa: PLC0415

    return app.run(app.LaunchOptions(source, channel, pin))


def self_test() -> int:
    """Run the whole application once on a synthetic source; 0 if everything worked."""
    if missing_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from poolviewer import self_test as test  # noqa: PLC0415

    return test.run()


def _save_figure_instead(source: str | None, channel: int, pin: tuple[int, int]) -> int:
    from poolviewer import headless  # noqa: PLC0415

    location = source or str(resource_path(SAMPLE_PICTURE))
    output = Path.cwd() / "poolviewer-sample.png"
    wish = headless.ExportWish(location, str(output), None, channel, pin, 2.0)
    sys.stdout.write(f"{headless.export(wish)}\n")
    return 0
