"""What a batch tells while it runs and at its end: a bar, lines, or JSON for programs."""

import json
import sys
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from poolviewer.batch.wish import Failed, Outcome
from poolviewer.core.text import printable

PARTLY_EXIT = 1
INTERRUPTED_EXIT = 130


@dataclass(slots=True)
class Teller:
    """Tells of files as they are made: paths on the output, all else on the error output.

    Parameters
    ----------
    total
        How many moments there are, where that is known.
    """

    is_json: bool = False
    is_quiet: bool = False
    total: int | None = None
    written: int = 0
    skipped: int = 0
    failed: list[Failed] = field(default_factory=list)
    _start_s: float = field(default_factory=perf_counter)
    _paths: dict[str, list[str]] = field(default_factory=lambda: {"written": [], "skipped": []})
    _notes: set[str] = field(default_factory=set)
    _bar: Any = None

    @property
    def has_told(self) -> bool:
        """Whether anything is known of what became of the batch."""
        return bool(self.written or self.skipped or self.failed)

    def begin(self) -> None:
        """Show a bar where somebody sees it."""
        if self.is_quiet or self.is_json or not sys.stderr.isatty() or self.total == 1:
            return
        from tqdm import tqdm  # type: ignore[import-untyped]  # noqa: PLC0415 - for terminals alone

        self._bar = tqdm(total=self.total, unit="picture", file=sys.stderr, dynamic_ncols=True)

    def tell(self, outcome: Outcome) -> None:
        """Take in what became of one moment."""
        self.written += len(outcome.written)
        self.skipped += len(outcome.skipped)
        self.failed += outcome.failed
        if self.is_json:
            self._paths["written"] += outcome.written
            self._paths["skipped"] += outcome.skipped
        elif not self.is_quiet:
            self._print(outcome.written)
        if self._bar is not None and self._bar.n != self.total:  # the last one may be told twice
            self._bar.update()

    def note(self, sentence: str) -> None:
        """Say once what a person should know, whichever process met it."""
        if self.is_quiet or sentence in self._notes:
            return
        self._notes.add(sentence)
        text = f"poolviewer: {printable(sentence)}"
        if self._bar is not None:
            self._bar.write(text, file=sys.stderr)
        else:
            sys.stderr.write(f"{text}\n")

    def close(self) -> None:
        """Leave the bar as it is, so that what is written next has a line of its own."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def end(self, *, is_interrupted: bool = False) -> int:
        """Say what failed, and sum up; return the exit status."""
        self.close()
        for failed in self.failed:
            sys.stderr.write(f"poolviewer: {_line(failed)}\n")
        if is_interrupted:
            sys.stderr.write(f"poolviewer: Stopped: {self._sum()}.\n")
        elif self.failed:
            sys.stderr.write(f"poolviewer: {self._sum()}.\n")
        if self.is_json:
            sys.stdout.write(json.dumps(self._data(is_interrupted=is_interrupted), indent=2) + "\n")
        if is_interrupted:
            return INTERRUPTED_EXIT
        return PARTLY_EXIT if self.failed else 0

    def _print(self, paths: tuple[str, ...]) -> None:
        for path in paths:
            if self._bar is not None and sys.stdout.isatty():
                self._bar.write(path, file=sys.stdout)
            else:
                sys.stdout.write(f"{path}\n")
                sys.stdout.flush()

    def _sum(self) -> str:
        parts = [f"{_files(self.written)} written"]
        parts += [f"{self.skipped} skipped"] * bool(self.skipped)
        parts += [f"{len(self.failed)} failed"] * bool(self.failed)
        return ", ".join(parts)

    def _data(self, *, is_interrupted: bool) -> dict[str, Any]:
        return {
            **self._paths,
            "failed": [{"source": f.source, "sentence": f.sentence} for f in self.failed],
            "seconds": round(perf_counter() - self._start_s, 3),
            "is_interrupted": is_interrupted,
        }


def _line(failed: Failed) -> str:
    is_named = not failed.source or failed.sentence.startswith(failed.source.partition(", ")[0])
    return failed.sentence if is_named else f"{failed.source}: {failed.sentence}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
