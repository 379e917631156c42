"""What ``poolviewer export`` draws on a terminal: a bar, and nothing that stays half written."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios

import pytest

from tests.batch.sources import make_pictures
from tests.media import SAMPLES
from tests.processes import ROOT, TIMEOUT_S

ROWS = 50
NO_DEVICE = "poolviewer: There is no device gpu:63: CPU is used."
BAR = re.compile(r" *\d+%\|")


class Terminal:
    """A terminal in which the command runs.

    Parameters
    ----------
    cols
        How wide it is.
    """

    def __init__(self, cols, cwd, *arguments):
        self._cols = cols
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, cols, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "poolviewer", "export", *map(str, arguments)],
            cwd=cwd,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self._drawn = b""

    def read(self, until=None):
        """Read on to some bytes or to the end; return all lines that are seen then."""
        while until is None or until not in self._drawn:
            try:
                self._drawn += os.read(self._master, 65536)
            except OSError:  # nobody has the other side any more
                os.close(self._master)
                self.process.wait(TIMEOUT_S)
                break
        return lines_of(self._drawn.decode(), self._cols)


def lines_of(text, cols):
    """Return the lines of a terminal after a text; it knows no more than tqdm needs of one."""
    lines, row, col = [[]], 0, 0
    for sign in text:
        if sign == "\r":
            col = 0
            continue
        if sign == "\n" or col == cols:
            row, col = row + 1, 0 if col == cols else col
            lines.append([])
            if sign == "\n":
                continue
        lines[row] += [" "] * (col + 1 - len(lines[row]))
        lines[row][col] = sign
        col += 1
    return ["".join(line).rstrip() for line in lines]


@pytest.fixture
def pics(tmp_path):
    pics = make_pictures(tmp_path / "pics", 5)
    (pics / "3.jpg").write_bytes(b"no picture")
    return pics


@pytest.mark.parametrize(("cols", "jobs"), [(40, "2"), (120, "1")])
def test_paths_and_errors_have_lines_of_their_own(tmp_path, pics, cols, jobs):
    arguments = [pics.name, "-o", "o/{n}.csv", "--device", "gpu:63", "--jobs", jobs]
    terminal = Terminal(cols, pics.parent, *arguments)
    lines = terminal.read()
    assert terminal.process.returncode == 1
    text = "\n".join(lines)
    folded = "".join(lines)
    assert folded.count(NO_DEVICE) == 1
    for n in (1, 2, 4, 5):
        assert f"{tmp_path / 'o' / f'{n}.csv'}" in folded
    bars = [line for line in lines if BAR.match(line)]
    assert len(bars) == 1
    assert bars[0].startswith("100%|")
    assert text.index(bars[0]) < text.index("3.jpg is not a picture") < text.index("4 files writ")
    assert lines[-1] == ""


def test_what_ends_a_batch_stands_under_the_bar(pics):
    terminal = Terminal(80, pics.parent, "pics", "-o", "o/", "--model", "missing.keras")
    bar, *others = terminal.read()
    assert terminal.process.returncode == 2
    assert BAR.match(bar)
    assert others == ["poolviewer: missing.keras does not exist: check its name and folder.", ""]


def test_ctrl_c_leaves_whole_lines(tmp_path):
    make_pictures(tmp_path / "pics", 200)
    terminal = Terminal(80, tmp_path, "pics", "-o", "o/{n}.csv", "--jobs", "2")
    terminal.read(until=b".csv")
    os.killpg(terminal.process.pid, signal.SIGINT)
    *_, bar, last, end = terminal.read()
    assert terminal.process.returncode == 130
    assert BAR.match(bar)
    assert last.startswith("poolviewer: Stopped: ")
    assert end == ""


def test_the_bar_of_an_animation_ends_full(tmp_path):
    terminal = Terminal(
        80, tmp_path, SAMPLES / "bigbuckbunny.mp4", "-o", "a.gif", "--frames", "0:3"
    )
    lines = terminal.read()
    assert terminal.process.returncode == 0
    assert [line[:5] for line in lines if BAR.match(line)] == ["100%|"]
