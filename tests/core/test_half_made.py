"""What a killed process leaves is taken away, and nothing else."""

import os
import tempfile
from pathlib import Path

from poolviewer.core.half_made import temporary_folder, temporary_for, tidy_up_after


def test_only_what_is_of_that_process_is_taken_away(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    target = tmp_path / "out" / "a.png"
    target.parent.mkdir()
    folder, begun = temporary_folder(), temporary_for(target)
    (folder / "model.h5").touch()
    others = [target, tmp_path / "poolviewer-1", target.with_name(f"{begun.name}.png")]
    others += [target.with_name(f".poolviewer-{os.getpid()}0-a.tmp")]
    for path in (begun, *others):
        path.touch()
    tidy_up_after(os.getpid() + 1, str(target))
    assert begun.exists()
    tidy_up_after(os.getpid(), str(target))
    assert not begun.exists()
    assert not folder.exists()
    assert all(path.exists() for path in others)


def test_a_file_behind_a_link_is_begun_where_it_is(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link.png").symlink_to(tmp_path / "real" / "a.png")
    begun = temporary_for(tmp_path / "real" / "a.png")
    begun.touch()
    tidy_up_after(os.getpid(), str(tmp_path / "link.png"))
    assert not begun.exists()


def test_nothing_to_tidy_up_is_no_failure(tmp_path):
    tidy_up_after(2**22 + 1)
    tidy_up_after(2**22 + 1, str(tmp_path / "gone" / "a.png"))
    tidy_up_after(2**22 + 1, str(Path("a" * 5000)))
