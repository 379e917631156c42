"""Open the window, or do the same job without one where there is no display."""

import os
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from poolviewer.core.errors import ExportError, ModelUnchecked, PoolViewerError
from poolviewer.core.interpreter import lasting_imports, responsive_interpreter
from poolviewer.core.local_files import is_folder, open_regular
from poolviewer.core.view_wish import ViewWish
from poolviewer.display_check import missing_display, missing_library
from poolviewer.resources import SAMPLE_PICTURE, resource_path

if TYPE_CHECKING:
    from poolviewer.core.benchmark import BenchWish

SAMPLE_PIN = (4, 7)


def open_window(wish: ViewWish) -> int:
    """Open the window on a source; without a display, save the annotated figure instead."""
    if wish.source is not None:
        from poolviewer.sources.gate import check_path  # noqa: PLC0415

        check_path(wish.source)
    if wish.model is not None:
        _check_model(Path(wish.model))
    check_libraries()
    why_not = missing_display()
    if why_not:
        sys.stderr.write(f"{why_not}\n")
        return _save_figure_instead(wish)
    with responsive_interpreter():
        with lasting_imports():
            from poolviewer import app  # noqa: PLC0415

        return app.run(wish)


def self_test() -> int:
    """Run the whole application once on a synthetic source; 0 if everything worked."""
    check_libraries()
    if missing_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from poolviewer import self_test as test  # noqa: PLC0415

    return test.run()


def bench(wish: "BenchWish") -> int:
    """Measure the whole application."""
    _prepare_measuring()
    with responsive_interpreter():
        from poolviewer.bench import command  # noqa: PLC0415

        return command.run(wish)


def time_start(born: float) -> int:
    """Be the process whose start is measured, from when it was born by `time.time`."""
    _prepare_measuring()
    with responsive_interpreter():
        with lasting_imports():
            from poolviewer.bench import start  # noqa: PLC0415

        return start.run(born)


def _prepare_measuring() -> None:
    check_libraries()
    if missing_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def check_libraries(*, is_drawn: bool = True) -> None:
    """Say which libraries of the system are missing before an import fails over them.

    Numbers, which are not drawn, need fewer.
    """
    lacking = missing_library(is_drawn=is_drawn)
    if lacking:
        raise PoolViewerError(lacking)


def _check_model(path: Path) -> None:
    """Refuse what is not there; what a file holds is judged in the background."""
    if not is_folder(path):
        open_regular(path, ModelUnchecked).close()


def _save_figure_instead(wish: ViewWish) -> int:
    from poolviewer import headless  # noqa: PLC0415

    stem = re.sub(r"\W+", "-", Path(wish.source).stem) if wish.source else "sample"
    output = _figure_path(f"poolviewer-{stem[:40]}.png")
    pin = wish.pin or (None if wish.model else SAMPLE_PIN)
    view = replace(wish, source=wish.source or str(resource_path(SAMPLE_PICTURE)), pin=pin)
    sys.stdout.write(f"{headless.export(headless.ExportWish(view, output))}\n")
    return 0


def _figure_path(name: str) -> str:
    """Return where the figure goes: the present folder, or a new one if that is not writable."""
    from poolviewer.export.writing import check_file  # noqa: PLC0415

    try:
        path = Path.cwd() / name
        check_file(path)
    except (ExportError, OSError):  # the folder may even be gone
        path = Path(tempfile.mkdtemp(prefix="poolviewer-")) / name
    return str(path)
