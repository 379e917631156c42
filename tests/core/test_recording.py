"""What is said of a recording, and the times of its pictures."""

import pytest

from poolviewer.core.recording import (
    KINDS,
    USUAL_LENGTH_S,
    Recorded,
    RecordingProgress,
    RecordingSpec,
    kind_of,
    size_in_words,
    time_of,
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.mp4", "mp4"),
        ("a.b.GIF", "gif"),
        ("a.webp", "webp"),
        ("a.apng", "apng"),
        ("a.png", None),
        ("mp4", None),
        ("", None),
        ("a.", None),
    ],
)
def test_the_ending_is_the_kind(name, kind):
    assert kind_of(name) == kind


def test_every_kind_has_a_usual_length():
    assert set(USUAL_LENGTH_S) == set(KINDS)


@pytest.mark.parametrize(
    ("captured_s", "now_s", "last_s", "time_s"),
    [
        (1.98, 2.0, 1.9, 1.98),  # a new frame: when it was captured
        (-4.0, 2.0, 1.9, 2.0),  # captured before the recording: now
        (1.5, 2.0, 1.9, 2.0),  # an old frame with another pixel: now
        (1.9, 2.0, 1.9, 2.0),
        (2.5, 2.0, 1.9, 2.0),  # from another clock: now
        (0.0, 1.0, 1.2, 1.2),  # never back
    ],
)
def test_a_picture_counts_from_when_it_was_captured(captured_s, now_s, last_s, time_s):
    assert time_of(captured_s, now_s, last_s) == time_s


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 kB"),
        (1499, "1 kB"),
        (999_499, "999 kB"),
        (1_400_000, "1.4 MB"),
        (12_345_678_901, "12.35 GB"),
    ],
)
def test_sizes_are_written_as_file_managers_do(size, words):
    assert size_in_words(size) == words


def test_progress_is_one_line():
    spec = RecordingSpec("a.mp4")
    progress = RecordingProgress(spec, 3.21, 32, 1_400_000)
    assert progress.in_words == "Recording 3.2 s  ·  32 frames  ·  1.4 MB"
    late = RecordingProgress(spec, 3.21, 1, 1000, left_out=4, is_ending=True)
    assert late.in_words == "Saving the recording  ·  1 frame  ·  1 kB  ·  4 left out"


@pytest.mark.parametrize(
    ("is_cut_short", "left_out", "more"),
    [
        (False, 0, ""),
        (True, 0, " It ends early because the disk is full: make room for a longer one."),
        (False, 1, " 1 frame had to be left out: choose a lower rate for an even picture."),
        (False, 7, " 7 frames had to be left out: choose a lower rate for an even picture."),
    ],
)
def test_the_end_says_what_is_there_and_what_is_not(is_cut_short, left_out, more):
    recorded = Recorded("x/a.mp4", 10.04, 98, 2_100_000, is_cut_short)
    start = "Recording saved as x/a.mp4 (10.0 s, 98 frames, 2.1 MB)."
    assert recorded.in_words(left_out) == start + more
