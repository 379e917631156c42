"""Model files from strangers: what is wrong with each is said in exactly one sentence."""

import os
import tempfile
from random import Random

import pytest

from poolviewer.core import local_files
from poolviewer.core.errors import Cancelled, ModelRefused, ModelUnchecked, NetworkError
from poolviewer.model import folder as folders
from poolviewer.model import private_copy
from poolviewer.model.gate import admit
from tests.model import hostile_files as make
from tests.model.hostile_cases import BUDGET, CASES
from tests.processes import run_python

BOMBS = (
    "Dense of 10**9",
    "calls that multiply",
    "a million lists",
    "description of 17 MB",
    "weights that unpack to 200 MB",
    "words that unpack to 100 MB",
    "packed a million times",
    "piece that unpacks to 64 MB",
    "large pieces",
    "more weights than memory",
    "larger than memory",
)
BEARABLE_KB = 250 * 2**10


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder for a model, with a secret in it and canaries beside it."""
    for name in ("canary", "models", "temporary"):
        (tmp_path / name).mkdir()
    (tmp_path / "models" / "secret.txt").write_text(make.SECRET)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path / "models")
    return tmp_path / "models"


def sentence_of(path, failure=NetworkError):
    with pytest.raises(failure) as caught, admit(path, BUDGET):
        pass
    assert type(caught.value) is failure
    return str(caught.value)


def assert_nothing_happened(folder):
    assert (folder / "secret.txt").read_text() == make.SECRET
    for name in ("canary", "temporary"):
        assert not list((folder.parent / name).iterdir()), name


@pytest.mark.parametrize("case", CASES)
def test_hostile_or_broken_file(folder, case):
    maker, expected, failure = CASES[case]
    path = maker(folder)
    sentence = sentence_of(path, failure)
    assert sentence == f"{path.name} {expected}"
    assert make.SECRET not in sentence
    assert_nothing_happened(folder)
    sound = make.unpacked(folder, "sound")
    with admit(sound, BUDGET) as admitted:
        assert admitted.name == "sound"
    assert_nothing_happened(folder)


def test_there_are_enough_kinds():
    assert len(CASES) >= 60
    assert set(BOMBS) <= set(CASES)


def test_the_payloads_are_sharp(folder):
    """Show that the canaries would sing if the payloads were run."""
    make.with_pickle(folder)
    code = "import pickle, pathlib, sys; pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())"
    assert run_python(code, folder / "model.pkl").returncode == 0
    assert [path.name for path in (folder.parent / "canary").iterdir()] == ["sang"]


def test_memory_stays_bounded(folder):
    """Judge all bombs in one process, and ask the system what it and its child took at most."""
    paths = []
    for number, case in enumerate(BOMBS):
        (folder / str(number)).mkdir()
        paths.append(CASES[case][0](folder / str(number)))
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from poolviewer.core.errors import ModelRefused\n"
        "from poolviewer.model.gate import admit\n"
        "for path in sys.argv[2:]:\n"
        "    try:\n"
        "        with admit(Path(path), int(sys.argv[1])): raise SystemExit(path)\n"
        "    except ModelRefused: pass\n"
        # Not its own ru_maxrss, which begins with that of the process which started it.
        "peak = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]\n"
        "print(peak, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        "print(sorted({'keras', 'tensorflow', 'h5py', 'cv2', 'PySide6'} & set(sys.modules)))"
    )
    result = run_python(code, BUDGET, *paths)
    assert result.returncode == 0, result.stderr
    figures, imported = result.stdout.splitlines()
    assert max(map(int, figures.split())) < BEARABLE_KB
    assert imported == "['h5py']"


def test_a_file_that_grows_meanwhile(folder):
    path = folder / make.NAME
    path.write_bytes(make.sound_keras())
    times = iter(range(100))

    def append():
        if next(times) == 0:
            with path.open("ab") as file:
                file.write(b"more")
        return False

    with pytest.raises(ModelUnchecked) as caught, admit(path, BUDGET, append):
        pass
    assert str(caught.value) == "model.keras changed while it was read: try again."
    assert_nothing_happened(folder)


def test_a_file_that_is_cut_meanwhile(folder):
    path = folder / make.NAME
    path.write_bytes(make.sound_keras() + bytes(3 * 2**20))

    def cut():
        os.truncate(path, 2**20)
        return False

    with pytest.raises(ModelUnchecked) as caught, admit(path, BUDGET, cut):
        pass
    assert str(caught.value) == "model.keras changed while it was read: try again."


@pytest.mark.parametrize("step", range(6))
def test_cancelling(folder, step):
    path = folder / make.NAME
    path.write_bytes(make.sound_keras())
    asked = iter(range(10**6))
    with (
        pytest.raises(Cancelled, match=r"^The opening of the model was cancelled\.$"),
        admit(path, BUDGET, lambda: next(asked) >= step),
    ):
        pass
    assert_nothing_happened(folder)


def test_a_forbidden_file(folder, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(local_files.os, "open", refuse)
    sentence = sentence_of(folder / make.NAME, ModelUnchecked)
    assert sentence == "model.keras may not be read: ask its owner for permission."


def test_a_forbidden_folder(folder, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    path = make.unpacked(folder)
    monkeypatch.setattr(folders.os, "listdir", refuse)
    sentence = sentence_of(path, ModelUnchecked)
    assert sentence == "model may not be read: ask its owner for permission."


def test_a_member_that_vanishes_meanwhile(folder):
    path = make.unpacked(folder)

    def remove():
        (path / make.WEIGHTS).unlink(missing_ok=True)
        return False

    with pytest.raises(ModelUnchecked) as caught, admit(path, BUDGET, remove):
        pass
    assert str(caught.value) == "model.weights.h5 does not exist: check its name and folder."
    assert_nothing_happened(folder)


def test_no_room_for_the_copy(folder, monkeypatch):
    path = folder / make.NAME
    path.write_bytes(make.sound_keras())

    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(private_copy.os, "write", fail)
    assert sentence_of(path, ModelUnchecked) == (
        "There is no room in the temporary folder for a copy of the model: free some on the disk."
    )


def test_no_temporary_folder(folder, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "none"))
    assert sentence_of(folder / make.NAME, ModelUnchecked) == (
        "No temporary folder can be made for a copy of the model: free some room on the disk."
    )


def test_the_copy_is_private_and_goes_with_the_with(folder):
    with admit(make.unpacked(folder), BUDGET) as admitted:
        assert admitted.path.parent.parent == folder.parent / "temporary"
        assert admitted.path.parent.stat().st_mode & 0o777 == 0o700
        names = sorted(path.name for path in admitted.path.iterdir())
        assert names == [make.CONFIG, make.METADATA, make.WEIGHTS]
    assert_nothing_happened(folder)


def test_a_module_in_the_current_folder_is_not_run(folder):
    """The process that reads HDF5 must not import what lies beside the model."""
    (folder / "h5py.py").write_text(f"open({str(folder.parent / 'canary' / 'sang')!r}, 'w')")
    with admit(make.unpacked(folder), BUDGET):
        pass
    assert_nothing_happened(folder)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_flipped_and_cut_bytes_are_refused_or_borne(folder, name, seed):
    random = Random(seed)
    data = make.sound_keras() if name.endswith("keras") else make.sound_hdf5()
    for _ in range(25):
        changed = bytearray(data)
        for _ in range(random.choice((1, 1, 4, 30))):
            changed[random.randrange(len(changed))] = random.randrange(256)
        cut = random.choice((None, None, None, random.randrange(len(changed))))
        (folder / name).write_bytes(changed[:cut])
        try:
            with admit(folder / name, BUDGET):
                pass
        except ModelRefused as refusal:
            assert str(refusal).startswith(name)  # noqa: PT017
    assert_nothing_happened(folder)
