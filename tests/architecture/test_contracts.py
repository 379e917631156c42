"""The import contracts of ``pyproject.toml`` hold, and each of them can fail."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
}

# One import for each thing that a contract forbids: contract, module, line added to it.
BREACHES = [
    ("core", "core.geometry", "import cv2"),
    ("core", "core.trace", "from PySide6.QtCore import QObject"),
    ("core", "core.display", "import pyqtgraph"),
    ("core", "core", "def later():\n    import tensorflow"),
    ("layers", "core.stage", "from poolviewer.views import palette"),
    ("layers", "core.stage", "from poolviewer import resources"),
    ("layers", "drawing", "import poolviewer.views"),
    ("layers", "drawing", "import poolviewer.export"),
    ("layers", "views", "from poolviewer import runtime"),
    ("layers", "views", "from poolviewer import app"),
    ("layers", "runtime", "import poolviewer.model"),
    ("layers", "model", "import poolviewer.sources"),
    ("layers", "sources", "import poolviewer.export"),
    ("layers", "export", "import poolviewer.views"),
    ("layers", "export", "def later():\n    from poolviewer.headless import main"),
    ("layers", "app", "from poolviewer.headless import main"),
    ("layers", "app", "from poolviewer.cli import main"),
    ("layers", "headless", "from poolviewer.app import main"),
    ("layers", "settings", "from poolviewer import app"),
    ("layers", "views", "from poolviewer.settings import Settings"),
    ("layers", "newcomer", "import sys"),
    ("layers", "headless", "from poolviewer import api"),
    ("tensorflow", "app", "import tensorflow as tf"),
    ("tensorflow", "views", "from tensorflow.python import framework"),
    ("tensorflow", "headless", "def later():\n    import keras"),
    ("opencv", "sources", "import cv2"),
    ("opencv", "export", "from cv2 import imwrite"),
    ("opencv", "model", "import cv2"),
    ("pyav", "export", "import av"),
    ("pyav", "sources", "from av import open"),
    ("pyav", "runtime", "def later():\n    import av.container"),
    ("pyqtgraph", "app", "import pyqtgraph as pg"),
    ("pyqtgraph", "export", "from pyqtgraph.exporters import ImageExporter"),
    ("pyqtgraph", "runtime", "import pyqtgraph"),
    ("qt", "model", "from PySide6.QtCore import QObject"),
    ("qt", "sources", "from PySide6.QtGui import QImageReader"),
    ("drawing", "model", "import poolviewer.drawing"),
    ("drawing", "runtime", "from poolviewer.drawing import palette"),
    ("drawing", "sources", "from poolviewer import drawing"),
]


def test_every_contract_is_kept() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_contract_has_a_breach_below() -> None:
    assert set(CONTRACTS) == {contract for contract, _, _ in BREACHES}


@pytest.mark.parametrize(("contract", "module", "line"), BREACHES)
def test_contract_fails_on_a_breach(tmp_path: Path, contract: str, module: str, line: str) -> None:
    _copy_project(tmp_path)
    _append(tmp_path / "poolviewer", module, line)
    result = _lint(tmp_path, "--contract", contract)
    assert result.returncode == 1
    assert f"{CONTRACTS[contract]} BROKEN" in result.stdout
    assert "kept, 1 broken." in result.stdout


def _copy_project(to: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "poolviewer", to / "poolviewer", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", to)


def _append(package: Path, module: str, line: str) -> None:
    path = package.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def _lint(where: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Lint the package below a folder, which the import path must put first."""
    program = (
        "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", *args],
        cwd=where,
        env={**os.environ, "PYTHONPATH": str(where), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
