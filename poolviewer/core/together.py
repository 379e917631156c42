"""Two halves of a heavy step at the same time."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

# From so much memory on, a second thread saves more than its start costs.
WORTH_BYTES = 32 << 20
LONGEST_S = 60.0


def together(here: Callable[[], A], beside: Callable[[], B]) -> tuple[A, B]:
    """Call one function here and the other in a thread that ends before this returns.

    It pays where both are long calls of NumPy, which lets go of the interpreter meanwhile. What
    either raises is raised.
    """
    result: Future[B] = Future()

    def work() -> None:
        try:
            result.set_result(beside())
        except BaseException as error:  # noqa: BLE001 - raised again below
            result.set_exception(error)

    helper = Thread(target=work, name="beside")
    helper.start()
    try:
        first = here()
    finally:
        helper.join(LONGEST_S)
    return first, result.result(timeout=0)
