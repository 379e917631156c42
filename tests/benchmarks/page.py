"""The table of all numbers, in the files that show it: ``python -m tests.benchmarks.page``.

Between ``<!-- name -->`` and ``<!-- /name -->`` a file is written anew; the prose is left alone.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.figures import Figure, Group, load, number

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PAGE = HERE / "README.md"
README = HERE.parents[1] / "README.md"

TITLES = {
    "frame": "A complete frame, captured to painted",
    "engine": "The engine's step",
    "painting": "All painting of one frame",
    "hover": "Hover over a still picture, mouse event to painted outlines",
    "laboratory": "A frame with an overlay of the laboratory",
    "live": "Live, with threads",
    "export": "Files without a window",
    "start": "Start",
    "memory": "Memory",
    "cost": "Cost model",
}


def table(groups: dict[str, Group]) -> str:
    """Return every number beside its target as a Markdown table."""
    lines = ["| What | Measured | Target | Met |", "|---|--:|--:|:-:|"]
    for name in sorted(groups, key=_order):
        lines.append(f"| **{TITLES.get(name, name)}** | | | |")
        lines += [_line(figure) for figure in groups[name].figures]
    return "\n".join(lines)


def summary(groups: dict[str, Group]) -> str:
    """Say how many targets are met, and on which machine and days the numbers were measured."""
    aimed = [f for group in groups.values() for f in group.figures if f.limit is not None]
    days = sorted({group.date for group in groups.values()})
    machines = {tuple(group.machine.items()) for group in groups.values()}
    where = [", ".join(_machine_words(dict(machine))) for machine in sorted(machines)]
    met = sum(figure.is_met for figure in aimed)
    return (
        f"{met} of {len(aimed)} targets are met. Measured on {_joined(days)}: {'; '.join(where)}."
    )


def headline(groups: dict[str, Group]) -> str:
    """Say in one sentence how much faster a frame is than the tutorial's loop."""
    figures = groups["frame"].figures if "frame" in groups else ()
    factors = [
        f"{number(f.value)} times at {f.what.partition(' against')[0]}"
        for f in figures
        if f.what.endswith("against the tutorial's loop")
    ]
    return f"{_joined(factors)} ({groups['frame'].date})" if factors else ""


def rewrite(path: Path, parts: dict[str, str]) -> None:
    """Put each part between its two markers; the rest of the file stays as it is."""
    text = path.read_text(encoding="utf-8")
    for name, part in parts.items():
        pattern = re.compile(rf"(<!-- {name} -->).*?(<!-- /{name} -->)", re.DOTALL)
        if not pattern.search(text):
            raise ValueError(f"{path.name} has no place for {name}")
        text = pattern.sub(lambda match, part=part: f"{match[1]}{part}{match[2]}", text)
    path.write_text(text, encoding="utf-8")


def write(groups: dict[str, Group], page: Path = PAGE, readme: Path = README) -> None:
    """Bring both pages up to date."""
    rewrite(page, {"summary": summary(groups), "table": f"\n\n{table(groups)}\n\n"})
    if headline(groups):
        rewrite(readme, {"speed": headline(groups)})


def _line(figure: Figure) -> str:
    what = f"{figure.what} ({figure.note})" if figure.note else figure.what
    measured = f"{number(figure.value)} {figure.unit}"
    if figure.limit is None:
        return f"| {what} | {measured} | | |"
    bound = "≥" if figure.is_least else "≤"
    met = "yes" if figure.is_met else "**no**"
    return f"| {what} | {measured} | {bound} {figure.limit:g} {figure.unit} | {met} |"


def _machine_words(machine: dict[str, str]) -> Iterable[str]:
    yield machine.pop("processor", "unknown processor")
    yield f"{machine.pop('cores', '?')} cores"
    yield f"{machine.pop('memory', '?')}"
    yield machine.pop("system", "")
    yield from (f"{name} {value}" for name, value in machine.items())


def _joined(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _order(name: str) -> int:
    return list(TITLES).index(name) if name in TITLES else len(TITLES)


if __name__ == "__main__":
    write(load(RESULTS))
