"""The wheel, installed away from the checkout, is a whole PoolViewer."""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from poolviewer import __version__

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Installation:
    """A fresh environment that holds the wheel, and a folder far from the checkout."""

    wheel: Path
    site_packages: Path
    scripts: Path
    away: Path

    def run(self, program: str, *args: str) -> str:
        """Run a program of the environment and return what it prints."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
        command = [self.scripts / program, *args]
        return subprocess.run(
            command, cwd=self.away, env=env, stdout=subprocess.PIPE, text=True, check=True
        ).stdout


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("wheel")
    _python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    home = folder / "venv"
    _python("-m", "venv", "--without-pip", str(home))
    paths = sysconfig.get_paths("venv", vars={"base": str(home), "platbase": str(home)})
    installed = Installation(wheel, Path(paths["purelib"]), Path(paths["scripts"]), folder)
    python = str(installed.scripts / "python")
    _python("-m", "pip", "--python", python, "install", "--no-deps", "--no-index", str(wheel))
    # The dependencies are those of the tests. A folder named in a .pth file is searched last, and
    # .pth files inside it are not read, so that the editable PoolViewer stays out of sight.
    dependencies = sysconfig.get_paths()["purelib"]
    (installed.site_packages / "dependencies.pth").write_text(dependencies, encoding="utf-8")
    return installed


def test_package_comes_from_the_wheel(installation: Installation) -> None:
    printed = installation.run("python", "-c", "import poolviewer; print(poolviewer.__file__)")
    assert Path(printed.strip()).is_relative_to(installation.site_packages)


def test_checkout_is_out_of_reach(installation: Installation) -> None:
    paths = installation.run("python", "-c", "import sys; print(*sys.path, sep='\\n')")
    assert str(ROOT) not in paths.splitlines()


def test_resources_are_inside(installation: Installation) -> None:
    program = "from poolviewer.resources import *; print(resource_path(SAMPLE_PICTURE))"
    picture = Path(installation.run("python", "-c", program).strip())
    assert picture.is_relative_to(installation.site_packages / "poolviewer" / "resources")
    assert picture.read_bytes() == (ROOT / "resources/samples/chelsea.png").read_bytes()


def test_every_resource_and_module_is_inside_and_nothing_else(installation: Installation) -> None:
    inside = {name for name in ZipFile(installation.wheel).namelist() if ".dist-info/" not in name}
    modules = {
        path for path in (ROOT / "poolviewer").rglob("*") if path.suffix in (".py", ".typed")
    }
    resources = {path for path in (ROOT / "resources").rglob("*") if path.is_file()}
    expected = {path.relative_to(ROOT).as_posix() for path in modules}
    expected |= {f"poolviewer/{path.relative_to(ROOT).as_posix()}" for path in resources}
    assert inside == expected


def test_command_tells_its_version(installation: Installation) -> None:
    assert __version__ in installation.run("poolviewer", "--version")


def test_it_starts_and_shows_maps(installation: Installation) -> None:
    assert installation.run("poolviewer", "--self-test") == "READY\n"


def _python(*args: str) -> None:
    result = subprocess.run([sys.executable, *args], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
