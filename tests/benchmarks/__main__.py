"""Run the benchmarks on a virtual screen: ``python -m tests.benchmarks [--quick] [-k painting]``.

Options are pytest's; ``--quick`` takes few rounds, prints the table and leaves the page alone.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

from tests.virtual_screen import virtual_screen

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXTRAS = ("keract", "matplotlib", "psutil", "pytest_benchmark", "tf_keras")
SCREEN = (1920, 1200)


def main(arguments: list[str]) -> int:
    """Return pytest's exit code; 2 if something is not installed."""
    missing = [name for name in EXTRAS if importlib.util.find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"The benchmarks need {', '.join(missing)}: type make bench, which installs them, "
            "or pip install -e '.[test,bench]'.\n"
        )
        return 2
    raw = ROOT / ".benchmarks"
    raw.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-o", "python_files=bench_*.py"]
    command += ["-p", "no:cacheprovider", f"--benchmark-json={raw / 'raw.json'}"]
    command += ["--benchmark-columns=min,median,iqr,rounds", "--benchmark-sort=name"]
    with virtual_screen(*SCREEN) as environment:
        command += [str(HERE), *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
