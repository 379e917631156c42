"""Open the window, or do the same job without one where there is no display."""

import os
import re
import sys
import tempfile
from pathlib import Path

from poolviewer.core.errors import ExportError, PoolViewerError
from poolviewer.display_check import missing_display, missing_library
from poolviewer.resources import SAMPLE_PICTURE, resource_path
from poolviewer.sources.gate import check_path

SAMPLE_PIN = (4, 7)


def open_window(source: str | None, channel: int, pin: tuple[int, int] | None) -> int:
    """Open the window on a source; without a display, save the annotated figure instead."""
    if source is not None:
        check_path(source)
    check_libraries()
    why_not = missing_display()
    if why_not:
        sys.stderr.write(f"{why_not}\n")
        return _save_figure_instead(source, channel, pin or SAMPLE_PIN)
    from poolviewer import app  # noqa: PLC0415

    return app.run(app.LaunchOptions(source, channel, pin))


def self_test() -> int:
    """Run the whole application once on a synthetic source; 0 if everything worked."""
    check_libraries()
    if missing_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from poolviewer import self_test as test  # noqa: PLC0415

    return test.run()


def check_libraries() -> None:
    """Say which libraries of the system are missing before an import fails over them."""
    lacking = missing_library()
    if lacking:
        raise PoolViewerError(lacking)


def _save_figure_instead(source: str | None, channel: int, pin: tuple[int, int]) -> int:
    from poolviewer import headless  # noqa: PLC0415

    location = source or str(resource_path(SAMPLE_PICTURE))
    stem = re.sub(r"\W+", "-", Path(source).stem) if source else "sample"
    output = _figure_path(f"poolviewer-{stem[:40]}.png")
    wish = headless.ExportWish(location, output, None, channel, pin)
    sys.stdout.write(f"{headless.export(wish)}\n")
    return 0


def _figure_path(name: str) -> str:
    """Return where the figure goes: the present folder, or a new one if that is not writable."""
    from poolviewer.export.files import check_output  # noqa: PLC0415

    try:
        path = Path.cwd() / name
        check_output(path)
    except (ExportError, OSError):  # the folder may even be gone
        path = Path(tempfile.mkdtemp(prefix="poolviewer-")) / name
    return str(path)
