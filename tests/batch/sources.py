"""Pictures and commands for the tests of ``poolviewer export``."""

import json
import os
import subprocess
import sys

from tests import media
from tests.processes import ROOT


def make_pictures(folder, count):
    """Write small pictures named 1.png, 2.png …; return the folder."""
    folder.mkdir(exist_ok=True)
    for number in range(1, count + 1):
        path = folder / f"{number}.jpg"
        path.write_bytes(media.encoded(".jpg", media.gradient(8, 8 + number)))
    return folder


def started(*arguments, cwd):
    """Start the command line as a process with a group of its own; its outputs are pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "poolviewer", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def told(output):
    """Return the one JSON object that ``--json`` prints."""
    return json.loads(output)
