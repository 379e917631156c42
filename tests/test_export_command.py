"""``poolviewer export`` with many sources, as people and programs meet it."""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from poolviewer import cli
from poolviewer.sources.opencv import cv2
from tests import media
from tests.batch.sources import make_pictures, started, told
from tests.processes import TIMEOUT_S, run, run_poolviewer

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def export(capfd, tmp_path, monkeypatch):
    """Run the command in the test's folder; return its exit status and both outputs."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        try:
            code = cli.main(["export", *map(str, arguments)])
        except SystemExit as exit_:
            code = exit_.code
        return code, *capfd.readouterr()

    return run


def names(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def test_folder_becomes_files_of_the_usual_names(export, tmp_path):
    make_pictures(tmp_path / "pics", 2)
    code, output, errors = export("pics", "-o", "out/", "--pin", "4,7", "--format", "json")
    assert (code, errors) == (0, "")
    usual = [f"{n}-0-tutorial-max_pooling2d-c0-4-7.json" for n in (1, 2)]
    assert output.splitlines() == [str(tmp_path / "out" / name) for name in usual]
    assert names("out") == usual


def test_every_channel_and_pin_is_a_file(export, tmp_path):
    make_pictures(tmp_path / "pics", 1)
    template = "{channel}-{row}{col}.npy"
    code, _, _ = export(
        "pics", "-o", template, "--channel", "0,5-6", "--pin", "1,2", "--pin", "3,4"
    )
    assert code == 0
    wanted = {f"{c}-{p}.npy" for c in (0, 5, 6) for p in ("12", "34")}
    assert set(names(tmp_path)) == {"pics", *wanted}
    assert not np.array_equal(np.load("0-12.npy"), np.load("5-12.npy"))


def test_bad_files_do_not_end_the_rest_and_are_told_at_the_end(export, tmp_path):
    make_pictures(tmp_path / "pics", 2)
    (tmp_path / "pics" / "1b.jpg").write_bytes(b"no picture")
    code, output, errors = export("pics", "missing.png", "*.tif", "-o", "{source}.npz", "--json")
    assert code == 1
    data = told(output)
    assert data["written"] == [str(tmp_path / f"{n}.npz") for n in (1, 2)]
    assert [bad["source"] for bad in data["failed"]] == ["1b.jpg", "missing.png", ""]
    assert len(errors.splitlines()) == 4
    assert errors.endswith("poolviewer: 2 files written, 3 failed.\n")


def test_two_of_one_name_are_refused_before_anything_is_written(export, tmp_path):
    make_pictures(tmp_path / "pics", 2)
    for arguments in (["pics", "-o", "a.npz"], ["pics", "pics/1.jpg", "-o", "{source}.npz"]):
        code, output, errors = export(*arguments)
        assert (code, output) == (2, "")
        assert "1.jpg and " in errors
        assert "would both be" in errors
    assert names(tmp_path) == ["pics"]


def test_frames_of_one_name_are_refused(export, tmp_path):
    media.write_video(tmp_path / "a.avi", 3)
    code, _, errors = export("a.avi", "-o", "{source}.npz", "--frames", "0:3")
    assert code == 2
    assert "a.avi, frame 0 and a.avi, frame 1 would both be" in errors


def test_a_number_tells_frames_apart(export, tmp_path):
    media.write_video(tmp_path / "a.avi", 3)
    make_pictures(tmp_path / "pics", 2)
    code, _, errors = export("a.avi", "pics", "-o", "{n}.npz", "--frames", "0:2")
    assert (code, errors) == (0, "")
    assert names(tmp_path) == ["1.npz", "2.npz", "3.npz", "4.npz", "a.avi", "pics"]


def test_names_that_turn_out_to_be_one_are_refused_then(export, tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.jpg").write_bytes(media.encoded(".jpg"))
    for number, option in enumerate(([], ["--force"], ["--skip-existing"])):
        name = f"{number}{{headline}}.npz"
        code, output, errors = export("a.jpg", "b.jpg", "-o", name, *option)
        assert code == 1
        assert len(output.splitlines()) == 1
        assert "a.jpg and b.jpg would both be" in errors


def test_nothing_is_written_over_unless_forced(export, tmp_path):
    make_pictures(tmp_path / "pics", 2)
    there = tmp_path / "1.npz"
    there.write_bytes(b"precious")
    code, output, errors = export("pics/1.jpg", "-o", "1.npz")
    assert (code, output) == (2, "")
    assert "1.npz exists already: add --force" in errors
    # Nor is anything read before that is said.
    assert "1.npz exists already" in export("missing.jpg", "-o", "1.npz")[2]
    code, output, errors = export("pics", "-o", "{source}.npz")
    assert (code, output) == (1, f"{tmp_path / '2.npz'}\n")
    assert "1.npz exists already" in errors
    assert there.read_bytes() == b"precious"
    code, _, _ = export("pics", "-o", "{source}.npz", "--force")
    assert code == 0
    assert np.load(there)["pooled_maps"].shape == (15, 15, 64)


def test_skipping_resumes_without_reading(export, tmp_path):
    make_pictures(tmp_path / "pics", 3)
    (tmp_path / "1.npz").touch()
    (tmp_path / "pics" / "1.jpg").write_bytes(b"not read")
    code, output, _ = export("pics", "-o", "{source}.npz", "--skip-existing", "--json")
    assert code == 0
    assert told(output)["skipped"] == [str(tmp_path / "1.npz")]
    assert told(output)["written"] == [str(tmp_path / f"{n}.npz") for n in (2, 3)]
    assert (tmp_path / "1.npz").stat().st_size == 0


def test_skipping_makes_what_lacks_of_a_picture(export, tmp_path):
    make_pictures(tmp_path / "pics", 1)
    (tmp_path / "0.npy").touch()
    code, output, _ = export(
        "pics", "-o", "{channel}.npy", "--channel", "0,1", "--skip-existing", "--json"
    )
    assert code == 0
    assert told(output)["skipped"] == [str(tmp_path / "0.npy")]
    assert told(output)["written"] == [str(tmp_path / "1.npy")]


def test_frames_of_a_video_and_its_early_end(export, tmp_path):
    media.write_video(tmp_path / "a.avi", 3)
    code, output, errors = export("a.avi", "-o", "{frame}.npz", "--frames", "0:300:2")
    assert code == 1
    assert output.splitlines() == [str(tmp_path / "0.npz"), str(tmp_path / "2.npz")]
    assert "a.avi has 3 frames: choose 0 to 2; what there is was exported." in errors
    code, output, _ = export("a.avi", "-o", "open/{frame}.npz", "--frames", "1:")
    assert (code, names("open")) == (0, ["1.npz", "2.npz"])
    assert export("a.avi", "-o", "single.npz", "--frame", "2")[0] == 0
    with np.load("single.npz") as single, np.load("2.npz") as other:
        np.testing.assert_array_equal(single["input"], other["input"])


def test_saved_view_brings_its_view_unless_an_option_says_otherwise(export, tmp_path):
    make_pictures(tmp_path / "pics", 1)
    assert export("pics", "-o", "a.poolview", "--channel", "7", "--pin", "2,3")[0] == 0
    assert export("a.poolview", "-o", "{source}-c{channel}-{row}-{col}.npz")[0] == 0
    assert (
        export("a.poolview", "-o", "{source}-c{channel}-{row}-{col}.npz", "--channel", "9")[0] == 0
    )
    assert {"a-c7-2-3.npz", "a-c9-2-3.npz"} <= set(names(tmp_path))
    assert export("pics", "-o", "straight.npz")[0] == 0
    with np.load("a-c7-2-3.npz") as saved, np.load("straight.npz") as straight:
        np.testing.assert_array_equal(saved["pooled_maps"], straight["pooled_maps"])


def test_quality_is_that_of_a_jpeg(export, tmp_path):
    make_pictures(tmp_path / "pics", 1)
    for quality in ("5", "95"):
        assert export("pics", "-o", f"{quality}.jpg", "--scale", "1", "--quality", quality)[0] == 0
    assert 2 * (tmp_path / "5.jpg").stat().st_size < (tmp_path / "95.jpg").stat().st_size


@pytest.mark.parametrize("mode", ["lost", "compare", "shift", "gradient", "stepping"])
def test_overlay_is_in_the_figure(export, tmp_path, mode):
    make_pictures(tmp_path / "pics", 1)
    code, _, errors = export(
        "pics", "-o", "a.png", "--overlay", mode, "--pin", "4,7", "--scale", "1"
    )
    assert (code, errors) == (0, "")
    assert export("pics", "-o", "b.png", "--pin", "4,7", "--scale", "1")[0] == 0
    pictures = [cv2.imread(name) for name in ("a.png", "b.png")]
    assert not np.array_equal(*pictures)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--overlay", "predict"], "needs somebody at the window"),
        (["--overlay", "none"], "There is no mode none"),
        (["--width", "0"], "width of the figure"),
        (
            ["--width", "1000000"],
            "width of the figure must lie between 240 and 8192, and 1,000,000",
        ),
        (["--scale", "1e6"], "scale must lie between 1 and 8, and 1,000,000 does not"),
        (["--overlay", "gradient"], "The overlay gradient begins at a pooled pixel: say at which"),
        (["--title", "{source!r}"], "{source!r} cannot stand in a template"),
        (["--title", "{source:>9}"], "{source:>9} cannot stand in a template"),
        (["-o", ""], "No output is given"),
        (["-o", "a.tiff"], "or for an animation in one of .mp4, .gif, .webp, .apng"),
        (["-o", "{source}.gif"], "An animation is one file"),
        (["-o", "a.gif", "--overlay", "gradient"], "The overlay gradient begins at a pooled pixel"),
        (["--height", "1000000"], "height of the figure"),
        (["--text-scale", "0"], "size of the text"),
        (["--parts", "title,nose"], "no part nose"),
        (["--parts", ""], "The figure would be empty"),
        (["--parts", " ,,"], "The figure would be empty"),
        (["--pin", "1,2", "--pin", "1,3"], "such as {source}, {frame}, {channel}, {row}, {col}"),
        (["--title", "{nose}"], "{nose} cannot stand in a template"),
        (["--quality", "0"], "out of range: 1 to 100"),
        (["--jobs", "0"], "out of range: 1 to 64"),
        (["--frames", "3:1"], "names no frame at all"),
        (["--force", "--skip-existing"], "not allowed with"),
    ],
)
def test_bad_option_is_refused_in_a_sentence(export, tmp_path, arguments, words):
    code, output, errors = export(media.SAMPLES / "chelsea.png", "-o", "a.png", *arguments)
    assert (code, output) == (2, "")
    assert words in errors
    assert len(errors.splitlines()) == 1
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    [
        b"a\nb.jpg",
        b'it\'s "odd".jpg',
        b"caf\xe9.jpg",
        b"a" * 246 + b".jpg",
        b"-dash.jpg",
        b"{x}.jpg",
    ],
)
def test_odd_names_become_sound_ones(export, tmp_path, name):
    pics = tmp_path / "pics"
    pics.mkdir()
    (pics / os.fsdecode(name)).write_bytes(media.encoded(".jpg"))
    code, output, errors = export("pics", "-o", "out/")
    assert (code, errors) == (0, "")
    (written,) = names("out")
    assert len(written.encode()) <= 255
    assert output == f"{tmp_path / 'out' / written}\n"


def test_folder_that_cannot_be_written_to_is_refused_first(export):
    code, output, errors = export(media.SAMPLES, "-o", "/proc/{source}.png")
    assert (code, output) == (2, "")
    assert len(errors.splitlines()) == 1
    assert "/proc" in errors
    assert ".png" not in errors  # nobody asked for a file of that name


def test_folder_of_an_impossible_name_is_told_as_such(export, tmp_path):
    code, output, errors = export(media.SAMPLES / "chelsea.png", "-o", "n" * 300 + "/{n}.csv")
    assert (code, output) == (2, "")
    assert errors.endswith("is too long: choose a shorter one.\n")
    assert names(tmp_path) == []


def test_overlay_that_begins_at_a_pixel_takes_that_of_a_saved_view(export, tmp_path):
    make_pictures(tmp_path / "pics", 2)
    assert export("pics/1.jpg", "-o", "a.poolview", "--pin", "2,3")[0] == 0
    assert export("a.poolview", "-o", "a.json", "--overlay", "gradient")[0] == 0
    code, output, errors = export("pics", "-o", "out/", "--overlay", "gradient")
    assert (code, output, len(errors.splitlines())) == (2, "", 1)
    code, output, errors = export(
        "a.poolview", "pics", "-o", "out/{n}.csv", "--overlay", "gradient"
    )
    assert (code, output) == (1, f"{tmp_path / 'out' / '1.csv'}\n")
    assert errors.count("begins at a pooled pixel") == 2


def test_workers_give_the_same_files(export, tmp_path):
    make_pictures(tmp_path / "pics", 4)
    media.write_video(tmp_path / "a.avi", 3)
    arguments = ["pics", "a.avi", "--frames", "::2", "--force"]
    assert export(*arguments, "-o", "one/{source}-{frame}.npz")[0] == 0
    code, output, errors = export(*arguments, "-o", "two/{source}-{frame}.npz", "--jobs", "2")
    assert (code, errors) == (0, "")
    assert len(output.splitlines()) == 4
    assert names("one") == names("two")
    for name in names("one"):
        with np.load(f"one/{name}") as one, np.load(f"two/{name}") as two:
            np.testing.assert_array_equal(one["pooled_maps"], two["pooled_maps"])


def test_what_workers_have_nothing_to_do_with_is_told_as_well(export, tmp_path):
    make_pictures(tmp_path / "pics", 2)
    (tmp_path / "2.npz").touch()
    arguments = "*.gif", "pics", "*.tif", "-o", "{source}.npz", "--skip-existing", "--json"
    code, output, _ = export(*arguments, "--jobs", "2")
    assert code == 1
    assert told(output)["written"] == [str(tmp_path / "1.npz")]
    assert told(output)["skipped"] == [str(tmp_path / "2.npz")]
    assert len(told(output)["failed"]) == 2
    code, output, _ = export(*arguments[1:], "--jobs", "2")  # nothing is left for them
    assert code == 1
    assert told(output)["skipped"] == [str(tmp_path / f"{n}.npz") for n in (1, 2)]
    assert len(told(output)["failed"]) == 1


def test_model_that_is_refused_ends_all_workers(export, tmp_path):
    make_pictures(tmp_path / "pics", 4)
    code, output, errors = export("pics", "-o", "out/", "--jobs", "2", "--model", "missing.keras")
    assert (code, output) == (2, "")
    assert errors == "poolviewer: missing.keras does not exist: check its name and folder.\n"


def children_of(pid):
    """Return the processes that a process started, by Linux's own list."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text(encoding="ascii").split()]


def is_worker(pid):
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"spawn_main" in command


def test_worker_that_is_killed_is_one_failed_file(tmp_path):
    make_pictures(tmp_path / "pics", 60)  # so many that it has one in hand
    process = started("export", "pics", "-o", "out/", "--jobs", "2", cwd=tmp_path)
    assert process.stdout.readline()  # at work
    victim = next(child for child in children_of(process.pid) if is_worker(child))
    os.kill(victim, signal.SIGKILL)
    output, errors = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 1
    assert "The process that made it was ended" in errors
    assert len(output.splitlines()) == 58
    assert len(names(tmp_path / "out")) >= 59


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupt_stops_cleanly(tmp_path, jobs):
    make_pictures(tmp_path / "pics", 300)
    process = started("export", "pics", "-o", "out/", "--jobs", jobs, cwd=tmp_path)
    assert process.stdout.readline()
    workers = [child for child in children_of(process.pid) if is_worker(child)]
    assert bool(workers) == (jobs == "2")
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130
    assert errors.startswith("poolviewer: Stopped: ")
    assert len(errors.splitlines()) == 1
    assert not any(Path(f"/proc/{child}").exists() for child in workers)
    done = names(tmp_path / "out")
    assert 1 <= len(done) < 300
    assert not [name for name in done if name.startswith(".")]
    for name in done:
        assert cv2.imread(str(tmp_path / "out" / name)) is not None
    if jobs == "2":
        assert len(output.splitlines()) + 1 == len(done)


def test_full_disk_is_told_for_each_file(tmp_path):
    make_pictures(tmp_path / "pics", 2)
    script = 'ulimit -f 8; exec "$0" -m poolviewer export pics -o "out/{source}.npz"'
    process = started_by_shell(script, tmp_path)
    assert process.returncode == 1
    assert process.stderr.count("the disk is full") == 2
    assert names(tmp_path / "out") == []


def started_by_shell(script, cwd):
    return run(["sh", "-c", script, sys.executable], cwd=cwd)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_a_figure_has_no_room_for_is_told_once(tmp_path, jobs):
    make_pictures(tmp_path / "pics", 4)
    low = ("--pin", "4,7", "--height", "320")
    result = run_poolviewer("export", "pics", "-o", "low/", "--jobs", jobs, *low, cwd=tmp_path)
    assert result.returncode == 0
    told = [line for line in result.stderr.splitlines() if "Left out to fit: " in line]
    assert len(told) == 1
    assert "the caption" in told[0]
    result = run_poolviewer("export", "pics", "-o", "high/", "--pin", "4,7", cwd=tmp_path)
    assert "Left out" not in result.stderr


def test_help_shows_examples():
    result = run_poolviewer("export", "--help")
    assert result.returncode == 0
    for word in ("examples:", "--frames", "--skip-existing", "{source}", "Exit status"):
        assert word in result.stdout
