"""On what something was measured: the machine, the system and the packages."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from poolviewer.core.text import printable

_PACKAGES = ("poolviewer", "tensorflow", "keras", "numpy", "opencv-python", "PySide6-Essentials")
CPU_INFO = Path("/proc/cpuinfo")


def machine() -> dict[str, object]:
    """Return what measured figures depend on, ready for JSON."""
    return {
        "cpu": cpu_name(),
        "cores": _cores(),
        "memory_gb": round(_memory_bytes() / 2**30, 1),
        "os": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def cpu_name(cpu_info: Path = CPU_INFO) -> str:
    """Return the processor's name as far as the system tells it."""
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return printable(next(names, platform.processor() or platform.machine()))


def _cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows
        return 0


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
