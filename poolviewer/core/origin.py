"""Where a frame came from in the first place: of a saved view, what was saved with it."""

from dataclasses import dataclass

from poolviewer.core.messages import Frame, SourceKind


@dataclass(frozen=True, slots=True)
class Origin:
    """What captions, file names and metadata tell of a frame.

    Parameters
    ----------
    source, kind
        Of its source, as in `SourceInfo`.
    index, name
        Of the frame, as in `Frame`.
    """

    source: str
    kind: SourceKind
    index: int
    name: str

    @property
    def picture(self) -> str:
        """The name of this very picture."""
        return self.name or self.source


def origin_of(frame: Frame) -> Origin:
    """Return where a frame came from; one that was saved and reopened came from the same place."""
    source, saved = frame.source, frame.source.session
    if saved is None:
        return Origin(source.name, source.kind, frame.index, frame.name)
    return Origin(saved.source, saved.kind, saved.index, saved.name)
