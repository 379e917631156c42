"""What the numbers were measured on; nothing that names the machine itself."""

import os
import platform
from importlib.metadata import version

import psutil

from poolviewer.core.machine import cpu_name

PACKAGES = ("tensorflow", "keras", "numpy", "PySide6-Essentials", "pyqtgraph", "matplotlib")


def describe() -> dict[str, str]:
    """Return processor, cores, memory, system and versions, each in words."""
    return {
        "processor": cpu_name(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}, Xvfb",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }
