"""The live view as `poolviewer bench` sees it: threads, window and source as in daily use."""

import json
import subprocess
import sys

from tests.benchmarks.live import figures_of


def test_live(record, is_quick) -> None:
    command = [sys.executable, "-m", "poolviewer", "bench", "--json"]
    if is_quick:
        command.append("--quick")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for figure in figures_of(json.loads(done.stdout)):
        record(figure)
