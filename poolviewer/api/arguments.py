"""What Python programs give, of the kinds that are meant, or one sentence."""

from numbers import Real
from operator import index

from poolviewer.core.errors import ArgumentTypeError


def whole(number: object, name: str) -> int:
    """Return a whole number of any kind, such as NumPy's."""
    try:
        return index(number)  # type: ignore[arg-type]
    except TypeError as error:
        raise _unfit(number, name, "a whole number") from error


def check_number(value: object, name: str) -> None:
    """Raise `ArgumentTypeError` for what is no number."""
    if not isinstance(value, Real):
        raise _unfit(value, name, "a number")


def check_text(value: object, name: str) -> None:
    """Raise `ArgumentTypeError` for what is no text."""
    if not isinstance(value, str):
        raise _unfit(value, name, "text")


def texts(values: object, name: str) -> tuple[str, ...]:
    """Return several texts; one alone is not taken for its letters."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise _unfit(values, name, "a list of texts")
    for value in values:
        check_text(value, name)
    return tuple(values)


def size_of(size: object) -> tuple[int, ...] | None:
    """Return the size of a model's input; None for its own."""
    if size is None:
        return None
    if isinstance(size, str) or not hasattr(size, "__iter__"):
        raise _unfit(size, "size", "(rows, columns), as (224, 224)")
    return tuple(whole(side, "size") for side in size) or None


def _unfit(value: object, name: str, wanted: str) -> ArgumentTypeError:
    return ArgumentTypeError(f"{value!r} cannot be used as {name}: give {wanted}.")
