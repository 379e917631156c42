"""A file that carries a view is a source: its arrays are those of the original, bit for bit."""

import numpy as np
import pytest

from poolviewer.core.view_wish import ViewWish
from poolviewer.headless import ExportWish, export
from poolviewer.sources.session_files import read_session
from tests import media

ARRAYS = ("input", "feature_maps", "pooled_maps", "winners")


def exported(source, path):
    export(ExportWish(ViewWish(str(source), channel=5, pin=(2, 3)), str(path)))
    return path


def arrays_of(path):
    with np.load(path) as found:
        return {name: found[name] for name in ARRAYS}


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "poolview"])
def test_arrays_come_back_bit_for_bit(tmp_path, qapp, ending) -> None:
    chelsea = media.SAMPLES / "chelsea.png"
    saved = exported(chelsea, tmp_path / f"saved.{ending}")
    again = arrays_of(exported(saved, tmp_path / "again.npz"))
    for name, values in arrays_of(exported(chelsea, tmp_path / "first.npz")).items():
        np.testing.assert_array_equal(again[name], values, err_msg=name)


def test_a_saved_view_of_a_saved_view_is_the_same(tmp_path, qapp) -> None:
    first = exported(media.SAMPLES / "coffee.png", tmp_path / "first.svg")
    second = exported(first, tmp_path / "second.pdf")
    one, other = read_session(first), read_session(second)
    assert one.pin == other.pin
    assert (one.source, one.kind) == (other.source, other.kind) == ("coffee.png", "picture")
    assert one.network == other.network
    np.testing.assert_array_equal(one.received.pixels, other.received.pixels)
    np.testing.assert_array_equal(one.picture, other.picture)
