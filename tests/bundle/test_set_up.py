"""``make run`` sets up what is missing, says what it may not, and does neither twice.

Python, apt-get and id are stand-ins that write down what they are asked; the rest is real.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("cat", "chmod", "cp", "dirname", "make", "mkdir", "mktemp", "rm", "sh", "touch")

# Answers the questions of bootstrap.sh from the environment of the test.
PYTHON = """#!/bin/sh
echo "python $*" >>"$LOG"
case "$*" in
*'version_info < '*) exit "${IS_OLD:-0}" ;;
*'import ensurepip'*) exit "${HAS_NO_VENV:-0}" ;;
*'-venv"'*) echo python3.11-venv ;;
*missing_packages*) echo "${MISSING-}" ;;
'-m venv'*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*'pip install'*) printf '#!/bin/sh\\necho opened $*\\n' >.venv/bin/poolviewer
    chmod +x .venv/bin/poolviewer ;;
esac
"""
APT_GET = '#!/bin/sh\necho "apt-get $*" >>"$LOG"\necho chatter\nexit "${APT_FAILS:-0}"\n'
ID = '#!/bin/sh\necho "${USER_ID:-0}"\n'


@dataclass(frozen=True)
class Machine:
    """A checkout on a machine that has no more than ``bin``."""

    checkout: Path
    bin: Path
    log: Path

    def make(self, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / "make", *args],
            cwd=self.checkout,
            env={"PATH": str(self.bin), "LOG": str(self.log), **env},
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self, program: str) -> list[str]:
        """Return what a stand-in was asked, oldest first."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [line.removeprefix(program).strip() for line in lines if line.startswith(program)]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "checkout", tmp_path / "bin", tmp_path / "log")
    made.bin.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (made.bin / tool).symlink_to(Path(found).resolve())
    for name, text in {"python3": PYTHON, "apt-get": APT_GET, "id": ID}.items():
        (made.bin / name).write_text(text, encoding="utf-8")
        (made.bin / name).chmod(0o755)
    (made.checkout / "packaging").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "packaging/bootstrap.sh"):
        shutil.copy(ROOT / name, made.checkout / name)
    return made


def test_run_sets_up_and_opens(machine: Machine) -> None:
    result = machine.make("run", "ARGS=cat.png --channel 3")
    assert (result.returncode, result.stdout) == (0, "opened cat.png --channel 3\n")
    (install,) = [line for line in machine.asked("python") if "pip install" in line]
    assert install.endswith("--editable .")
    assert "installing PoolViewer" in result.stderr


def test_second_run_starts_at_once(machine: Machine) -> None:
    machine.make("run")
    machine.log.unlink()
    assert machine.make("run").stdout == "opened\n"
    assert machine.asked("") == []


def test_changed_project_is_installed_again(machine: Machine) -> None:
    machine.make("run")
    machine.log.unlink()
    later = (machine.checkout / ".venv" / ".ready-to-run").stat().st_mtime + 1
    os.utime(machine.checkout / "pyproject.toml", (later, later))
    machine.make("run")
    assert any("pip install" in line for line in machine.asked("python"))
    assert not any("-m venv" in line for line in machine.asked("python"))


def test_tests_get_their_tools(machine: Machine) -> None:
    result = machine.make("test")
    assert any(line.endswith("--editable .[test]") for line in machine.asked("python"))
    assert result.returncode != 0  # ruff is a stand-in that is missing, which no step may hide


def test_benchmarks_get_their_peers(machine: Machine) -> None:
    result = machine.make("bench", MISSING="xvfb")
    assert any(line.endswith("--editable .[test,bench]") for line in machine.asked("python"))
    assert "print(*missing_packages(sys.argv[1])) test" in machine.asked("")
    assert result.returncode == 0
    assert machine.asked("python")[-1] == "-m tests.benchmarks"


def test_root_gets_missing_packages(machine: Machine) -> None:
    result = machine.make("run", MISSING="libegl1 libgl1", HAS_NO_VENV="1")
    assert result.returncode == 0
    _, install = machine.asked("apt-get")
    assert install.endswith("install -qq -y --no-install-recommends python3.11-venv libegl1 libgl1")
    assert "installing system packages: python3.11-venv libegl1 libgl1" in result.stderr
    assert "chatter" not in result.stdout + result.stderr


def test_other_people_are_told_the_command(machine: Machine) -> None:
    result = machine.make("run", MISSING="libegl1 libgl1", USER_ID="1000")
    assert result.returncode != 0
    assert "type: sudo apt-get install -y libegl1 libgl1" in result.stderr
    assert machine.asked("apt-get") == []
    assert not (machine.checkout / ".venv").exists()


def test_failing_apt_get_is_shown(machine: Machine) -> None:
    result = machine.make("run", MISSING="libegl1", APT_FAILS="1")
    assert result.returncode != 0
    assert "chatter" in result.stderr
    assert "by hand: apt-get install -y libegl1" in result.stderr


def test_other_systems_are_told_the_packages(machine: Machine) -> None:
    (machine.bin / "apt-get").unlink()
    result = machine.make("run", MISSING="libegl1")
    assert result.returncode != 0
    assert "these Debian packages, or your system's equivalents" in result.stderr


def test_old_python_is_refused(machine: Machine) -> None:
    result = machine.make("run", IS_OLD="1")
    assert result.returncode != 0
    assert "Python 3.11 or newer is needed" in result.stderr
    assert not (machine.checkout / ".venv").exists()


def test_python_can_be_chosen(machine: Machine) -> None:
    (machine.bin / "python3").rename(machine.checkout / "my-python")
    assert machine.make("run").returncode != 0
    assert machine.make("run", f"PYTHON={machine.checkout / 'my-python'}").returncode == 0


def test_failed_installation_is_tried_again(machine: Machine) -> None:
    python = machine.bin / "python3"
    python.write_text(PYTHON.replace("*'pip install'*)", "*'pip install'*) exit 1;"))
    assert "pip failed" in machine.make("run").stderr
    shutil.rmtree(machine.checkout / ".venv")
    python.write_text(PYTHON, encoding="utf-8")
    assert machine.make("run").returncode == 0
