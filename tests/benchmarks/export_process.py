"""One ``poolviewer export`` measured from outside; prints its seconds and its largest process.

``python -m tests.benchmarks.export_process ARGUMENTS`` prints ``[seconds, bytes]``.
"""

import json
import resource
import subprocess
import sys
import time

from tests.benchmarks.peers import ROOT


def main(arguments: list[str]) -> int:
    """Return the command's exit code."""
    command = [sys.executable, "-m", "poolviewer", "export", *arguments]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - start
    # Of all processes that have ended, the one that was largest: kilobytes on Linux.
    largest = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps([seconds, largest]))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
