"""One measured number with its target, and the file that all of them are kept in."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Unit = Literal["×", "ms", "fps", "%", "B", "kB", "MB"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that was measured.

    Parameters
    ----------
    what
        What was measured, in a few words; unique in its group.
    value, unit
        ``"×"`` is a ratio of two medians of one run.
    limit
        The target, in the same unit; None for a number without one.
    is_least
        Whether the target is the least that is good enough, not the most.
    note
        What the number was made of, such as both medians of a ratio.
    """

    what: str
    value: float
    unit: Unit
    limit: float | None = None
    is_least: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the number is as good as its target; true if there is none."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.is_least else self.value <= self.limit


def ratio(
    what: str,
    times: tuple[float, float],
    limit: float | None = None,
    *,
    is_least: bool = False,
) -> Figure:
    """Return how many times the second is in the first, both in milliseconds.

    Where the target is the least, the second is ours; else the first is.
    """
    of, to = times
    ours, theirs = (to, of) if is_least else (of, to)
    note = f"{number(ours)} ms against {number(theirs)} ms"
    return Figure(what, of / to, "×", limit, is_least, note)


def number(value: float) -> str:
    """Return about three significant digits, and never an exponent."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of one run of one group, and where and when they were measured."""

    date: str
    machine: dict[str, str]
    figures: tuple[Figure, ...]


def merged(before: Group | None, after: Group) -> Group:
    """Return a group with the numbers that were measured again in their places."""
    if before is None:
        return after
    new = {figure.what: figure for figure in after.figures}
    kept = [new.pop(figure.what, figure) for figure in before.figures]
    return Group(after.date, after.machine, (*kept, *new.values()))


def load(path: Path) -> dict[str, Group]:
    """Return the groups of a file by name; none if it does not exist."""
    if not path.exists():
        return {}
    return {
        name: Group(
            group["date"], group["machine"], tuple(Figure(**figure) for figure in group["figures"])
        )
        for name, group in json.loads(path.read_text(encoding="utf-8")).items()
    }


def save(path: Path, groups: dict[str, Group]) -> None:
    """Write the groups, so that a new run changes no more lines than numbers."""
    named = {name: asdict(groups[name]) for name in sorted(groups)}
    text = json.dumps(named, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
