"""On what something was measured."""

import json
import os

from poolviewer import __version__
from poolviewer.core.machine import cpu_name, machine


def test_the_machine_is_named():
    found = machine()
    assert 1 <= found["cores"] <= os.cpu_count()
    assert found["memory_gb"] > 0
    assert found["packages"]["poolviewer"] == __version__
    assert all(found["packages"].values())
    assert json.loads(json.dumps(found)) == found


def test_the_processor_has_a_name(tmp_path):
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: A chip @ 2 GHz\nmodel name\t: Another\n")
    assert cpu_name(info) == "A chip @ 2 GHz"
    assert cpu_name(tmp_path / "missing")
