"""Files without a window: one figure, and a batch of them beside the tutorial's grids."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from poolviewer.core.annotation import MapName, Pixel
from poolviewer.core.figure_spec import FigureSpec
from poolviewer.export.figure import render_figure
from poolviewer.export.metadata import metadata
from poolviewer.export.raster import png_bytes
from poolviewer.export.request import FigureRequest
from poolviewer.export.session import session_of
from poolviewer.export.writing import write_figure
from poolviewer.headless import compute, read_frame
from poolviewer.resources import SAMPLE_PICTURE, resource_path
from poolviewer.sessions.schema import encode
from tests.benchmarks.figures import Figure, number, ratio
from tests.benchmarks.rounds import seconds_of

LIMIT_MS = 150
PICTURES, QUICK_PICTURES = 500, 40
FEW = 20
SPEED_UP, QUICKER, GROWTH = 1.6, 20, 1.05
LARGEST_SVG_MB = 5
GALLERY = FigureSpec(parts=("title", "gallery", "caption"))


@pytest.fixture(scope="module")
def request_of_tutorial() -> FigureRequest:
    """The tutorial's figure of the sample, twice as sharp as it is large."""
    activations, versions = compute(read_frame(str(resource_path(SAMPLE_PICTURE))))
    pixel = Pixel(MapName.POOLED, 4, 7)
    return FigureRequest(activations, 12, pixel, scale=2.0, versions=versions)


def test_png(qapp, record, is_quick, tmp_path, request_of_tutorial) -> None:
    def png() -> None:
        write_figure(tmp_path / "a.png", replace(request_of_tutorial))

    first = 1000 * seconds_of(png)
    seconds = [seconds_of(png) for _ in range(10 if is_quick else 40)]
    image, told = render_figure(request_of_tutorial), metadata(request_of_tutorial)
    session = encode(session_of(request_of_tutorial))
    parts = {
        "drawn": lambda: render_figure(replace(request_of_tutorial)),
        "session": lambda: encode(session_of(request_of_tutorial)),
        "packed": lambda: png_bytes(image, told, session),
    }
    words = [
        f"{name} {number(1000 * median(seconds_of(part) for _ in range(9)))}"
        for name, part in parts.items()
    ]
    ms = 1000 * median(seconds)
    record(Figure("PNG of the tutorial's figure at 2×", ms, "ms", LIMIT_MS, note=", ".join(words)))
    record(Figure("the first one after the start", first, "ms"))


def test_svg(qapp, record, tmp_path, request_of_tutorial) -> None:
    path = tmp_path / "a.svg"
    write_figure(path, replace(request_of_tutorial, spec=GALLERY))
    size = path.stat().st_size / 1e6
    record(Figure("SVG of the gallery of 64 tiles", size, "MB", LARGEST_SVG_MB))


@pytest.fixture
def pictures(tmp_path, is_quick) -> Iterator[Path]:
    """A folder of pictures, all different."""
    from poolviewer.sources.opencv import cv2  # noqa: PLC0415

    folder = tmp_path / "pictures"
    folder.mkdir()
    sample = cv2.imread(str(resource_path(SAMPLE_PICTURE)))
    for count in range(QUICK_PICTURES if is_quick else PICTURES):
        shifted = (sample.astype(int) + count) % 256
        cv2.imwrite(str(folder / f"{count:03}.jpg"), shifted.astype("uint8"))
    return folder


def exported(pictures: list[Path], out: Path, jobs: int) -> tuple[float, float]:
    """Return the seconds that a batch takes, and the bytes of its largest process."""
    command = [sys.executable, "-m", "tests.benchmarks.export_process", *map(str, pictures)]
    command += ["-o", str(out / "{source}.png"), "--jobs", str(jobs)]
    out.mkdir()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list(out.iterdir())) == len(pictures)
    seconds, largest = json.loads(done.stdout)
    return seconds, largest


def test_batch(record, is_quick, tmp_path, pictures) -> None:
    from tests.benchmarks.cases import NETWORKS  # noqa: PLC0415
    from tests.benchmarks.peers import TutorialFile  # noqa: PLC0415 - matplotlib

    paths = sorted(pictures.iterdir())
    _, few_bytes = exported(paths[:FEW], tmp_path / "few", 1)
    one_s, all_bytes = exported(paths, tmp_path / "one", 1)
    two_s, _ = exported(paths, tmp_path / "two", 2)
    picture = read_frame(str(paths[0])).picture
    tutorial = TutorialFile(NETWORKS["32×32"])
    tutorial.save(picture, tmp_path / "tutorial.png")
    start = time.perf_counter()
    rounds = 3 if is_quick else 9
    for _ in range(rounds):
        tutorial.save(picture, tmp_path / "tutorial.png")
    theirs = 1000 * (time.perf_counter() - start) / rounds
    what = f"batch of {len(paths)}"
    note = f"{two_s:.1f} s against {one_s:.1f} s"
    record(Figure(f"{what}, two jobs against one", one_s / two_s, "×", SPEED_UP, True, note))
    ours = 1000 * two_s / len(paths)
    words = f"{what}, a picture with two jobs against the tutorial's grids"
    record(ratio(words, (theirs, ours), QUICKER, is_least=True))
    words = f"{what}, a picture with one job against the same"
    record(ratio(words, (theirs, 1000 * one_s / len(paths)), is_least=True))
    note = f"{all_bytes / 1e6:.0f} MB against {few_bytes / 1e6:.0f} MB"
    grown = all_bytes / few_bytes
    record(Figure(f"{what}, memory against a batch of {FEW}", grown, "×", GROWTH, note=note))
