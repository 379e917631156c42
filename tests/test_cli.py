"""The command line, as people and programs meet it."""

import json
import os
import socket
import sys
from pathlib import Path

import numpy as np
import pytest

from poolviewer import __version__, cli
from tests import media
from tests.processes import ROOT, run, run_poolviewer, run_python

CHELSEA = str(media.SAMPLES / "chelsea.png")
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
HEAVY = ("numpy", "cv2", "PySide6", "pyqtgraph", "keras", "tensorflow")
NO_DISPLAY = "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
UNWRITABLE = Path("/proc")  # not even by root


@pytest.fixture
def refused(capfd, tmp_path):
    """Run a command that must be refused; return its one sentence."""
    folder = tmp_path / "out"
    folder.mkdir()

    def check(*arguments):
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as exit_:
            code = exit_.code
        output, errors = capfd.readouterr()
        assert code == 2
        assert output == ""
        assert not list(folder.iterdir())
        return one_sentence(errors)

    return check


def one_sentence(errors):
    """Return the sentence of an error output that must hold nothing else."""
    (line,) = errors.splitlines()
    assert errors == f"{line}\n"
    assert line.endswith(".")
    assert ". " not in line
    assert "Traceback" not in line
    return line.partition(": ")[2]


def broken_files(folder):
    """Write every bad file that a person may come with; return them by name."""
    png, jpeg = media.encoded(".png"), media.encoded(".jpg")
    contents = {
        "text.png": b"not a picture at all",
        "cut.png": png[: len(png) // 2],
        "cut.jpg": jpeg[: len(jpeg) // 2],
        "zero.png": b"",
        "huge.png": media.png(60000, 60000),
        "page.jpg": media.WEB_PAGE,
        "playlist.mp4": media.FFCONCAT,
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    (folder / "folder.png").mkdir()
    return {name: folder / name for name in (*contents, "folder.png", "missing.png")}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.png", "does not exist"),
        ("text.png", "is not a picture"),
        ("cut.png", "cut off"),
        ("cut.jpg", "cut off"),
        ("zero.png", "is empty"),
        ("folder.png", "holds no pictures"),
        ("huge.png", "60000×60000"),
        ("page.jpg", "is not a picture"),
        ("playlist.mp4", "is not a video"),
    ],
)
def test_bad_file_is_refused_by_the_window_and_by_export(refused, tmp_path, name, words):
    path = broken_files(tmp_path)[name]
    sentence = refused(path)
    assert words in sentence
    assert name in sentence
    assert refused("export", path, "-o", tmp_path / "out" / "a.png") == sentence


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--pin", "15,0"], "There is no pooled pixel 15,0: choose 0,0 to 14,14."),
        (["--pin", "0,15"], "There is no pooled pixel 0,15: choose 0,0 to 14,14."),
        (["--pin", "-1,0"], "There is no pooled pixel -1,0: choose 0,0 to 14,14."),
        (["--pin=0,-1"], "There is no pooled pixel 0,-1: choose 0,0 to 14,14."),
        (["--pin", "4"], "'4' is no pixel: write ROW,COL, as in 4,7"),
        (["--pin", "1,2,3"], "'1,2,3' is no pixel"),
        (["--pin", "a,b"], "'a,b' is no pixel"),
        (["--pin"], "argument --pin: expected one argument"),
        (["--channel", "64"], "There is no channel 64: choose 0 to 63."),
        (["--channel", "-1"], "There is no channel -1: choose 0 to 63."),
        (["--channel", "1.5"], "'1.5' is no whole number"),
        (["--pool", "dense"], "There is no pooling layer dense: choose max_pooling2d."),
        (["--model", "missing.keras"], "missing.keras does not exist: check its name and folder."),
        (["--size", "32x32"], "--size and --preprocess go with a model: give one with --model."),
        (["--model", "a.keras", "--size", "32"], "'32' is no size: write ROWSxCOLS, as in 240x320"),
        (["--device", "tpu"], "argument --device: 'tpu' is no device: write auto, cpu or gpu:0"),
        (["--model", "a.keras", "--preprocess", "x"], "argument --preprocess: invalid choice: 'x'"),
        (["--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_bad_option_is_refused_by_the_window_and_by_export(refused, tmp_path, options, words):
    assert words in refused(*options)
    assert words in refused("export", CHELSEA, "-o", tmp_path / "out" / "a.png", *options)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("out/a.exe", "must end in one of .png"),
        ("out/a", "must end in one of .png"),
        ("nowhere/a.png", "The folder of"),
        ("out/" + 300 * "a" + ".png", "is too long"),
        (UNWRITABLE / "a.npz", "a.npz"),
    ],
)
def test_output_that_cannot_be_written_is_refused(refused, tmp_path, output, words):
    (tmp_path / "folder.png").mkdir()
    assert words in refused("export", CHELSEA, "-o", tmp_path / output)
    assert list((tmp_path / "folder.png").iterdir()) == []


def test_folder_that_is_gone_is_no_place_for_output(refused, monkeypatch, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    sentence = refused("export", CHELSEA, "-o", "a.png")
    assert sentence == "The folder of a.png does not exist: make it first or choose another."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scale", "9"], "The scale must lie between 1 and 8"),
        (["--scale", "nan"], "The scale must lie between 1 and 8"),
        (["--scale", "big"], "invalid float value: 'big'"),
        (["--frame", "7"], "chelsea.png has no frame 7: choose 0 to 0."),
        (["--frame", "x"], "'x' is no whole number"),
    ],
)
def test_bad_option_of_export_is_refused(refused, tmp_path, arguments, words):
    assert words in refused("export", CHELSEA, "-o", tmp_path / "out" / "a.png", *arguments)


def test_frame_beyond_the_end_of_a_video_is_refused(refused, tmp_path):
    video = media.write_video(tmp_path / "a.avi", 3)
    for index in ("3", "-1", "1" + 30 * "0"):
        sentence = refused("export", video, "-o", tmp_path / "out" / "a.npz", "--frame", index)
        assert sentence == "a.avi has 3 frames: choose 0 to 2."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export"], "the following arguments are required: SOURCE, -o/--output"),
        (["export", CHELSEA], "the following arguments are required: -o/--output"),
        (["inspect", "--yaml"], "unrecognized arguments: --yaml"),
        ([CHELSEA, CHELSEA], "unrecognized arguments"),
        ([""], "No source is named"),
        (["gopher://host/"], "Addresses that begin with gopher:// are not opened"),
        (["synthetic:fast"], "write synthetic:30"),
    ],
)
def test_bad_command_is_refused(refused, arguments, words):
    assert words in refused(*arguments)


# Processes of their own: what only a fresh interpreter shows


def test_missing_system_library_is_told_before_anything_fails_over_it():
    code = """
import sys
from poolviewer import cli, display_check
display_check.GRAPHICS_LIBRARIES = {"libnothing.so.9": "libnothing9"}
for arguments in (["export", "a.png", "-o", "a.png"], ["inspect", "a"], ["--self-test"], []):
    assert cli.main(arguments) == 2
print(*sys.modules)
"""
    result = run_python(code)
    assert not {"cv2", "PySide6"} & set(result.stdout.split()), result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 4
    assert len(set(lines)) == 1
    assert lines[0].endswith("sudo apt-get install libnothing9")


def test_version_loads_nothing_heavy():
    code = "import sys\nfrom poolviewer.cli import main\ntry:\n    main(['--version'])\n"
    code += "except SystemExit as e:\n    print(e.code, *sys.modules)"
    result = run_python(code)
    version, modules = result.stdout.splitlines()
    assert version == f"poolviewer {__version__}"
    code, *names = modules.split()
    assert code == "0"
    assert not set(HEAVY) & set(names)
    assert "poolviewer.cli" in names
    assert result.stderr == ""


def test_bad_input_is_refused_without_loading_what_is_heavy(tmp_path):
    code = "import sys\nfrom poolviewer.cli import main\n"
    code += "print(main(sys.argv[1:]), *sys.modules)"
    for arguments in (["missing.png"], ["--channel", "64"], ["--model", "a"]):
        result = run_python(code, *arguments, cwd=tmp_path)
        exit_code, *names = result.stdout.split()
        assert exit_code == "2"
        assert not {"cv2", "PySide6", "keras"} & set(names)
        one_sentence(result.stderr)


def test_module_and_main_give_the_exit_code(tmp_path):
    result = run_poolviewer("missing.png", cwd=tmp_path)
    assert result.returncode == 2
    assert one_sentence(result.stderr) == "missing.png does not exist: check its name and folder."


def test_camera_and_streams_that_are_not_there_are_refused(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nobody else takes the port
        port = closed.getsockname()[1]
        for source, words in (
            ("camera:63", "camera"),
            (f"http://127.0.0.1:{port}/video", f"refuses connections at port {port}"),
            (f"rtsp://127.0.0.1:{port}/video", f"refuses connections at port {port}"),
        ):
            result = run_poolviewer("export", source, "-o", tmp_path / "a.png")
            assert (result.returncode, result.stdout) == (2, "")
            assert words in one_sentence(result.stderr)
            assert not list(tmp_path.iterdir())


def test_export_prints_the_path_and_nothing_else(tmp_path):
    """From a name that is no text, to a name that is none, in a terminal that knows ASCII alone."""
    source = tmp_path / os.fsdecode(b"caf\xe9.png")
    source.write_bytes(media.encoded(".png"))
    output = tmp_path / os.fsdecode(b"out\xe9.npz")
    result = run_poolviewer("export", source, "-o", output, PYTHONIOENCODING="ascii",
                            without=("TF_CPP_MIN_LOG_LEVEL", *SCREENS))  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert result.stdout == f"{tmp_path}/out\\udce9.npz\n"
    with np.load(output, allow_pickle=False) as numbers:
        assert json.loads(str(numbers["metadata"]))["schema"] == 1


def test_inspect_works_without_an_error_output_and_in_any_encoding():
    command = ["sh", "-c", '"$0" -m poolviewer inspect 2>&-', sys.executable]
    result = run(command, PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert "max 2\\xd72" in result.stdout


def test_broken_tensorflow_is_one_sentence(tmp_path):
    (tmp_path / "keras.py").write_text("raise ImportError('no such thing')", encoding="utf-8")
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    result = run_poolviewer("export", CHELSEA, "-o", tmp_path / "a.png", PYTHONPATH=path)
    assert result.returncode == 2
    sentence = "TensorFlow cannot be loaded (no such thing): install PoolViewer again."
    assert one_sentence(result.stderr) == sentence


def test_window_without_a_display_saves_the_figure_instead(tmp_path):
    result = run_poolviewer(cwd=tmp_path, without=SCREENS)
    assert result.returncode == 0
    assert result.stderr == f"{NO_DISPLAY}\n"
    path = tmp_path / "poolviewer-sample.png"
    assert result.stdout == f"{path}\n"
    assert list(tmp_path.iterdir()) == [path]
    assert b"poolviewer\0{" in path.read_bytes()


def test_window_without_a_display_finds_another_folder_if_it_must(tmp_path):
    options = ["--channel", "5", "--pin", "0,14", CHELSEA]
    result = run_poolviewer(*options, cwd=UNWRITABLE, without=SCREENS, TMPDIR=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert result.stderr == f"{NO_DISPLAY}\n"
    path = Path(result.stdout.removesuffix("\n"))
    assert path.is_relative_to(tmp_path)
    text = path.read_bytes().partition(b"poolviewer\0")[2]
    metadata, _ = json.JSONDecoder().raw_decode(text.decode("ascii", "replace"))
    assert metadata["channel"] == 5
    assert metadata["pixel"] == {"map": "pooled", "row": 0, "col": 14, "is_pinned": True}


def test_window_without_a_display_refuses_bad_input_as_ever(tmp_path):
    result = run_poolviewer("missing.png", cwd=tmp_path, without=SCREENS)
    assert result.returncode == 2
    assert "does not exist" in one_sentence(result.stderr)
    assert not list(tmp_path.iterdir())


def test_self_test_is_ready(tmp_path):
    result = run_poolviewer("--self-test", cwd=tmp_path, without=SCREENS)
    assert (result.stdout, result.stderr, result.returncode) == ("READY\n", "", 0)
