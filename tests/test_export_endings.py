"""How ``poolviewer export`` ends early, and what it never writes over."""

import os
import shutil
import signal
import sys
from pathlib import Path

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


def workers_of(process):
    """Return the worker processes of a batch, by Linux's own lists, as soon as there is one."""
    threads = Path(f"/proc/{process.pid}/task")
    while process.poll() is None:
        lists = "".join((each / "children").read_text() for each in threads.iterdir())
        found = [int(child) for child in lists.split() if is_worker(child)]
        if found:
            return found
    return []


def is_worker(pid):
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def begun_by(pid, folder):
    """Make a file as a process leaves it that is killed while it writes."""
    path = folder / f".poolviewer-{pid}-0123456789abcdef.tmp"
    path.touch()
    return path


def test_ctrl_c_while_workers_start_is_not_for_them(tmp_path):
    make_pictures(tmp_path / "pics", 2)
    process = started("export", "pics", "-o", "out/", "--jobs", "2", cwd=tmp_path)
    maps = Path(f"/proc/{workers_of(process)[0]}/maps")
    while b"numpy" not in maps.read_bytes():  # it imports what it needs to understand its wish
        pass
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130
    assert (output, errors) == ("", "poolviewer: Stopped: 0 files written.\n")


def test_nothing_stays_of_what_a_killed_worker_began(tmp_path):
    make_pictures(tmp_path / "pics", 6)
    process = started("export", "pics", "-o", "out/", "--jobs", "2", cwd=tmp_path)
    assert process.stdout.readline()
    victims = workers_of(process)
    for victim in victims:
        os.kill(victim, signal.SIGSTOP)
    begun = [begun_by(victim, tmp_path / "out") for victim in victims]
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 1
    assert not all(path.exists() for path in begun)  # one at least was at work there


def test_workers_that_hang_are_ended(tmp_path):
    make_pictures(tmp_path / "pics", 6)
    process = started("export", "pics", "-o", "out/", "--jobs", "2", cwd=tmp_path)
    assert process.stdout.readline()
    workers = workers_of(process)
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130
    assert errors.startswith("poolviewer: Stopped: ")
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def test_ctrl_c_does_not_wait_for_all_files_of_a_picture(tmp_path):
    make_pictures(tmp_path / "pics", 2)
    (tmp_path / "out").mkdir()
    arguments = ["pics", "-o", "out/", "--jobs", "2", "--channel", "all", "--scale", "1"]
    process = started("export", *arguments, cwd=tmp_path)
    while process.poll() is None and not list((tmp_path / "out").glob("*.png")):
        pass
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130
    done = list((tmp_path / "out").iterdir())
    assert {Path(line) for line in output.splitlines()} <= set(done)
    assert errors.startswith("poolviewer: Stopped: ")
    assert len(errors.splitlines()) == 1
    assert 1 <= len(done) < 128
    assert not [path for path in done if path.name.startswith(".")]


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
