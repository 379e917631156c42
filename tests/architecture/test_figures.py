"""Functions and files stay small enough to be read at a glance."""

import ast
from pathlib import Path
from statistics import median, quantiles

PACKAGE = Path(__file__).parents[2] / "poolviewer"
SOURCES = [path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))]
TESTS = [path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("*.py")]

MEDIAN_FUNCTION, LONG_FUNCTION, LONG_FILE = 8, 25, 300


def _function_lengths(source: str) -> list[int]:
    """Return the lines of each function, its docstring among them."""
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _ninth_tenth(lengths: list[int]) -> float:
    return quantiles(lengths, n=10, method="inclusive")[-1]


def test_functions_are_short() -> None:
    lengths = [length for source in SOURCES for length in _function_lengths(source)]
    assert median(lengths) <= MEDIAN_FUNCTION
    assert _ninth_tenth(lengths) <= LONG_FUNCTION


def test_files_are_short() -> None:
    assert _ninth_tenth([len(source.splitlines()) for source in SOURCES]) <= LONG_FILE


def test_there_are_enough_tests() -> None:
    lines, tested = (sum(len(s.splitlines()) for s in group) for group in (SOURCES, TESTS))
    assert tested >= 0.6 * lines


def test_long_functions_are_seen() -> None:
    body = "\n".join("    pass" for _ in range(LONG_FUNCTION))
    lengths = _function_lengths(f"def a():\n{body}\n\nclass B:\n    async def c(self): pass\n")
    assert sorted(lengths) == [1, LONG_FUNCTION + 1]
    assert _ninth_tenth([1] * 8 + [LONG_FUNCTION + 1] * 2) > LONG_FUNCTION
