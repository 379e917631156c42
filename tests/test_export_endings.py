"""How ``poolviewer export`` ends early, and what it never writes over."""

import os
import shutil
import signal
import sys

import pytest

from tests.batch.sources import make_pictures, started
from tests.media import SAMPLES
from tests.processes import TIMEOUT_S, run, run_poolviewer

CAT = SAMPLES / "chelsea.png"


def by_shell(script, cwd):
    return run(["sh", "-c", script, sys.executable], cwd=cwd)


def test_nobody_reads_the_output_any_more(tmp_path):
    make_pictures(tmp_path / "pics", 6)
    process = by_shell('"$0" -m poolviewer export pics -o "{n}.csv" | head -1', tmp_path)
    assert process.stdout.count("\n") == 1
    assert process.stderr == ""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_none(tmp_path, closed):
    shutil.copy(CAT, tmp_path / "cat.png")
    script = f'"$0" -m poolviewer export cat.png none.png -o "{{source}}.csv" {closed}'
    process = by_shell(script, tmp_path)
    assert process.returncode == 1
    assert "Traceback" not in process.stderr
    assert (tmp_path / "cat.csv").exists()


def test_a_full_output_is_told_in_a_sentence(tmp_path):
    process = by_shell(f'"$0" -m poolviewer export {CAT} -o a.csv >/dev/full', tmp_path)
    assert process.returncode == 2
    assert process.stderr == (
        "poolviewer: The system refused what was needed: no space left on device.\n"
    )


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_request_to_end_leaves_nothing_behind(tmp_path, name):
    make_pictures(tmp_path / "pics", 300)
    process = started("export", "pics", "-o", "out/", "--jobs", "2", cwd=tmp_path)
    assert process.stdout.readline()
    os.killpg(process.pid, getattr(signal, name))
    _, errors = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130
    assert errors.startswith("poolviewer: Stopped: ")
    done = [path.name for path in (tmp_path / "out").iterdir()]
    assert 1 <= len(done) < 300
    assert not [each for each in done if each.startswith(".")]


@pytest.mark.parametrize("output", ["cat.png", "link.png", "./odd/../cat.png", "cat.gif"])
def test_a_source_is_not_written_over_even_with_force(tmp_path, output):
    shutil.copy(CAT, tmp_path / "cat.png")
    (tmp_path / "link.png").symlink_to("cat.png")
    (tmp_path / "cat.gif").symlink_to("cat.png")
    (tmp_path / "odd").mkdir()
    before = CAT.read_bytes()
    process = run_poolviewer("export", "cat.png", "-o", output, "--force", cwd=tmp_path)
    assert process.returncode == 2
    assert "is a source itself" in process.stderr
    assert (tmp_path / "cat.png").read_bytes() == before
    assert (tmp_path / "link.png").is_symlink()
