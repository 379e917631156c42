"""The README's commands for exports do what it says, one after the other as they stand there."""

import shlex
import shutil

import numpy as np
import pytest

from poolviewer import cli
from tests import media
from tests.batch.sources import make_pictures
from tests.processes import ROOT

pytestmark = pytest.mark.usefixtures("qapp")
BEGINNING = "    poolviewer export "


def commands():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(BEGINNING) for line in lines if line.startswith(BEGINNING)]


def test_export_commands_of_the_readme_run(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "resources/samples/chelsea.png", "cat.jpg")
    make_pictures(tmp_path / "pics", 1)
    (tmp_path / "more/deep").mkdir(parents=True)
    shutil.copy("pics/1.jpg", "more/deep/other.jpg")
    media.write_video(tmp_path / "clip.mp4", 300, codec="mp4v")
    assert cli.main(["export", "cat.jpg", "-o", "figure.png", "--pin", "4,7"]) == 0
    capfd.readouterr()
    for command in commands():
        # In this process alone: others would import TensorFlow again.
        code = cli.main(["export", *shlex.split(command), "--jobs", "1"])
        assert (code, capfd.readouterr().err) == (0, ""), command
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")}
    channels = (0, 3, 5, 6, 7, 8)
    wanted = {f"out/{name}-c{channel}.svg" for name in ("1", "other") for channel in channels}
    wanted |= {f"frames/clip-{frame}.png" for frame in range(0, 300, 10)}
    assert made >= wanted | {"cat.png", "cat.pdf", "clip.gif", "figure.npz"}
    with np.load("figure.npz") as numbers:
        assert numbers["pooled_maps"].shape == (15, 15, 64)
