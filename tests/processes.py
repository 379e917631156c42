"""Processes of their own, with nothing of this one's environment that matters to the test."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIMEOUT_S = 120


def run_python(code, *arguments, **options):
    """Run code in a fresh interpreter; see `run`."""
    return run([sys.executable, "-c", code, *map(str, arguments)], **options)


def run_poolviewer(*arguments, **options):
    """Run the command line in a fresh interpreter; see `run`."""
    return run([sys.executable, "-m", "poolviewer", *map(str, arguments)], **options)


def run(command, *, cwd=ROOT, without=(), **variables):
    """Run a command with changed environment variables; its outputs are bytes decoded as UTF-8."""
    environment = {name: value for name, value in os.environ.items() if name not in without}
    environment |= {"PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )
