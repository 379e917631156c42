"""What a file is that should be a model, judged by its first bytes and never by its ending."""

from typing import Literal

Form = Literal["zip", "hdf5"]
HEAD_BYTES = 1024

_PICTURE = "is a picture: open it as a source"
_VIDEO = "is a video: open it as a source"
_ARCHIVE = "archive: unpack it and open the model inside"
_CONVERT = (
    "load it where it was made and save it with model.save(…) under a name that ends in .keras"
)
_PICKLE = f"is a Python pickle, which could run any program: {_CONVERT}"

SAVED_MODEL = (
    "is a SavedModel, which is a program and could do anything: open it in Keras 2 "
    "and save it with model.save(…) under a name that ends in .keras"
)
PYTORCH = f"is a PyTorch model: convert it to Keras, or {_CONVERT}"
CUT_OFF = "is cut off before its end: save or fetch it again"
DAMAGED = "is damaged: save or fetch it again"

# Offset, bytes, what is said of a file that holds them there.
_KINDS = (
    (0, b"version https://git-lfs", "is a git-LFS pointer: run “git lfs pull” to fetch the model"),
    (4, b"TFL3", f"is a TensorFlow Lite model, which cannot show its layers: {_CONVERT}"),
    (0, b"\x08\x01\x12", SAVED_MODEL),
    (0, b"GGUF", "is a GGUF language model: PoolViewer opens Keras models"),
    (0, b"\x89PNG\r\n\x1a\n", _PICTURE),
    (0, b"\xff\xd8\xff", _PICTURE),
    (0, b"GIF8", _PICTURE),
    (8, b"WEBP", _PICTURE),
    (0, b"II*\0", _PICTURE),
    (0, b"MM\0*", _PICTURE),
    (8, b"AVI ", _VIDEO),
    (4, b"ftyp", _VIDEO),
    (0, b"\x1aE\xdf\xa3", _VIDEO),
    (0, b"\x1f\x8b", f"is a gzip {_ARCHIVE}"),
    (0, b"7z\xbc\xaf'\x1c", f"is a 7-Zip {_ARCHIVE}"),
    (0, b"Rar!\x1a\x07", f"is a RAR {_ARCHIVE}"),
    (0, b"BZh", f"is a bzip2 {_ARCHIVE}"),
    (0, b"\xfd7zXZ\0", f"is an xz {_ARCHIVE}"),
    (0, b"\x28\xb5\x2f\xfd", f"is a zstd {_ARCHIVE}"),
    (257, b"ustar", f"is a tar {_ARCHIVE}"),
    (0, b"\x93NUMPY", "is a NumPy array: PoolViewer opens whole Keras models"),
    (0, b"%PDF", "is a PDF document: choose a Keras model"),
    (0, b"PK\x05\x06", "is an empty ZIP archive: save the model again"),
)
_PICKLE_PROTOCOLS = tuple(b"\x80" + bytes([number]) for number in range(2, 6))
_TEXTS = (
    ("<!doctype html", "is a web page: fetch the file itself, not the page about it"),
    ("<html", "is a web page: fetch the file itself, not the page about it"),
    ('{"poolview"', "is a saved view: open it as a source, without a model"),
    (
        "{",
        "is the description of a network alone, in JSON: save the whole model with model.save(…)",
    ),
)
UNKNOWN = "is no Keras model: choose a .keras or an HDF5 file"


def form_of(head: bytes) -> Form | None:
    """Return the form of a model file that begins with these bytes; None if it is no model."""
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    return "hdf5" if head.startswith(b"\x89HDF\r\n\x1a\n") else None


def describe_other(head: bytes) -> str:
    """Say what a file is that is no Keras model, and what to do with it."""
    for offset, mark, words in _KINDS:
        if head.startswith(mark, offset):
            return words
    if head.startswith(_PICKLE_PROTOCOLS):
        return _PICKLE
    if head[:1] == b"\x08" and head[1:2] <= b"\x20" and head[2:3] in (b"\x12", b":"):
        return f"is an ONNX model: convert it to Keras, or {_CONVERT}"
    if head[8:9] == b"{" and head[4:8] == bytes(4):
        return "is a safetensors file of weights alone: PoolViewer opens whole Keras models"
    beginning = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n").lower()
    for mark_text, words in _TEXTS:
        if beginning.startswith(mark_text):
            return words
    return UNKNOWN
