"""What may be wrong with the bytes of a file, whatever its format."""


class CutOffError(Exception):
    """The bytes end before the picture or video does."""


class DamagedError(Exception):
    """The bytes contradict themselves."""


def need(data: bytes, end: int) -> None:
    """Raise `CutOffError` where the bytes end before that place."""
    if end > len(data):
        raise CutOffError


def cut_off(name: str) -> str:
    """Return the sentence for a file that ends too early."""
    return f"{name} is cut off before its end: save or fetch it again."


def damaged(name: str) -> str:
    """Return the sentence for a file that cannot be decoded."""
    return f"{name} is damaged: save or fetch it again."
