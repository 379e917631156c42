"""The program in a real window on a real X server, with a real mouse and a real keyboard."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.virtual_screen import virtual_screen, xdotool

SESSION = Path(__file__).with_name("real_window_session.py")
ROOT = SESSION.parents[2]
TIMEOUT_S = 120


@pytest.fixture(scope="module")
def screen():
    with virtual_screen() as environment:
        yield environment


def test_hover_pin_export_and_quit(screen: dict[str, str]) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(SESSION)]
    done = subprocess.run(
        command,
        env=screen,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("how", ["key", "signal"])
def test_the_program_opens_and_ends_quietly(screen: dict[str, str], how: str) -> None:
    command = [sys.executable, "-m", "poolviewer", "--pin", "4,7"]
    program = subprocess.Popen(
        command, env=screen, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        window = xdotool(
            "search", "--sync", "--onlyvisible", "--name", "chelsea", environment=screen
        )
        xdotool("windowfocus", "--sync", window.splitlines()[0], environment=screen)
        if how == "key":
            xdotool("key", "ctrl+q", environment=screen)
        else:
            program.send_signal(signal.SIGINT)
        stdout, stderr = program.communicate(timeout=TIMEOUT_S)
    finally:
        program.kill()
        program.wait()
    assert (program.returncode, stdout, stderr) == (0, "", "")
