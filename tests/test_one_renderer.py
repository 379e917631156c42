"""The command line writes the very picture that is drawn in this process."""

import subprocess
import sys

from PySide6.QtGui import QImage

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.export.figure import render_figure
from poolviewer.export.request import FigureRequest
from poolviewer.headless import compute, read_frame
from poolviewer.resources import SAMPLE_PICTURE, resource_path
from tests.drawing.painting import pixels_of

SOURCE = str(resource_path(SAMPLE_PICTURE))


def test_headless_and_window_draw_the_same_figure(tmp_path, qapp):
    path = tmp_path / "figure.png"
    command = [sys.executable, "-m", "poolviewer", "export", SOURCE, "-o", str(path)]
    options = ["--channel", "12", "--pin", "4,7", "--scale", "2"]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=120)
    activations, versions = compute(read_frame(SOURCE))
    pixel = Pixel(MapName.POOLED, 4, 7)
    request = FigureRequest(activations, 12, pixel, scale=2.0, versions=versions)
    assert (pixels_of(QImage(str(path))) == pixels_of(render_figure(request))).all()
