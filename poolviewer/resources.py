"""Where the files that come with PoolViewer lie: the one place that knows."""

from pathlib import Path, PurePosixPath

SAMPLE_PICTURE = "samples/chelsea.png"

_PACKAGE = Path(__file__).resolve().parent


def resource_path(name: str) -> Path:
    """Return the file of a resource.

    Parameters
    ----------
    name
        Its path below the resources' folder, with forward slashes, such as
        ``"samples/chelsea.png"``.

    Raises
    ------
    ValueError
        If the name points out of the folder.
    FileNotFoundError
        If there is no such resource.
    """
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts:
        raise ValueError(f"{name!r} is not the name of a resource.")
    path = resources_root().joinpath(*relative.parts)
    if not path.exists():
        raise FileNotFoundError(f"PoolViewer's own file {name} is missing at {path}.")
    return path


def resources_root() -> Path:
    """Return the resources' folder: inside the package as installed, beside it in a checkout."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"
