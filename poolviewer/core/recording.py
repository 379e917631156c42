"""What a recording is: the wish for one, how far it has come, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

RecordingKind = Literal["mp4", "gif", "webp", "apng"]

KINDS: tuple[RecordingKind, ...] = get_args(RecordingKind)
MOST_FRAMES_PER_S = 30
LONGEST_S = 600
SCALES = (1, 2)
USUAL_LENGTH_S: Mapping[RecordingKind, int] = {"mp4": 30, "gif": 10, "webp": 10, "apng": 10}
SEPARATOR = "  ·  "


@dataclass(frozen=True, slots=True)
class RecordingChoices:
    """What a person chose for the last recording and will be offered for the next.

    Parameters
    ----------
    folder
        Where it is put; empty for the folder of films.
    """

    kind: RecordingKind = "mp4"
    frames_per_s: int = 10
    longest_s: int = USUAL_LENGTH_S["mp4"]
    scale: int = 1
    folder: str = ""


@dataclass(frozen=True, slots=True)
class RecordingSpec:
    """A wish for a recording.

    Parameters
    ----------
    path
        The file; its ending says which kind it is, and one that exists is replaced.
    frames_per_s
        At most so many pictures are drawn each second.
    longest_s
        The recording ends by itself after so many seconds.
    scale
        Device pixels for each logical pixel of the figure.
    """

    path: str
    frames_per_s: float = 10
    longest_s: float = 10.0
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """What was shown at one moment of a recording.

    Parameters
    ----------
    request
        The figure, as the export's `FigureRequest`.
    time_s
        Seconds from the recording's start.
    recording
        The number of the recording that it belongs to.
    """

    request: object
    time_s: float
    recording: int = 0


@dataclass(frozen=True, slots=True)
class RecordingProgress:
    """How far a recording has come.

    Parameters
    ----------
    left_out
        Pictures that came while the ones before were still being drawn.
    is_ending
        Whether nothing is added any more, and the file is being completed.
    count
        How many pictures it will have, of an animation whose pictures are known beforehand; 0 of
        a recording of what is seen.
    """

    spec: RecordingSpec
    elapsed_s: float = 0.0
    frames: int = 0
    size_bytes: int = 0
    left_out: int = 0
    is_ending: bool = False
    count: int = 0

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        if self.count:
            return self.frames / self.count
        return min(self.elapsed_s / self.spec.longest_s, 1.0)

    @property
    def in_words(self) -> str:
        """Say how far it has come."""
        if self.count:
            done = f"{self.frames} of {counted(self.count)}"
            return SEPARATOR.join(["Animation", done, size_in_words(self.size_bytes)])
        head = "Saving the recording" if self.is_ending else f"Recording {self.elapsed_s:.1f} s"
        parts = [head, counted(self.frames), size_in_words(self.size_bytes)]
        if self.left_out:
            parts.append(f"{self.left_out} left out")
        return SEPARATOR.join(parts)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that is complete.

    Parameters
    ----------
    is_cut_short
        Whether it ended because the disk was full.
    noun
        What it is, for people.
    """

    path: str
    length_s: float
    frames: int
    size_bytes: int
    is_cut_short: bool = False
    noun: str = "Recording"

    def in_words(self, left_out: int = 0) -> str:
        """Say what was saved, and what of it is missing."""
        about = f"{self.length_s:.1f} s, {counted(self.frames)}, {size_in_words(self.size_bytes)}"
        sentences = [f"{self.noun} saved as {self.path} ({about})."]
        if self.is_cut_short:
            sentences.append("It ends early because the disk is full: make room for a longer one.")
        if left_out:
            sentences.append(
                f"{counted(left_out)} had to be left out: choose a lower rate for an even picture."
            )
        return " ".join(sentences)


def kind_of(path: str) -> RecordingKind | None:
    """Return what kind of recording a file's ending asks for."""
    ending = path.rpartition(".")[2].lower() if "." in path else ""
    return next((kind for kind in KINDS if kind == ending), None)


def time_of(captured_s: float, now_s: float, last_s: float) -> float:
    """Return when a picture was seen: when its frame was captured, if that is news.

    What changed with an older frame, such as a pixel that is pointed at, is seen now. All are
    seconds from the recording's start, and time never goes back.
    """
    return captured_s if last_s < captured_s <= now_s else max(now_s, last_s)


def counted(frames: int) -> str:
    """Write a number of frames."""
    return f"{frames} frame" if frames == 1 else f"{frames} frames"


def size_in_words(size_bytes: int) -> str:
    """Write the size of a file in decimal units, as file managers do."""
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} kB"
    if size_bytes < 1_000_000_000:
        return f"{size_bytes / 1_000_000:.1f} MB"
    return f"{size_bytes / 1_000_000_000:.2f} GB"
