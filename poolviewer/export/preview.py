"""A figure as large as there is room for, before it is written."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from poolviewer.core.errors import ExportError
from poolviewer.core.export_choices import ExportChoices, format_of
from poolviewer.core.exporting import ExportPreview
from poolviewer.core.file_names import file_name
from poolviewer.export.fields import fields_of
from poolviewer.export.figure import Arranged, arranged, render_figure
from poolviewer.export.request import LARGEST_SCALE, SMALLEST_SCALE, FigureRequest


def preview_of(
    request: FigureRequest, choices: ExportChoices, room: tuple[int, int]
) -> ExportPreview:
    """Return how a file would come out; a failure is told in it.

    Parameters
    ----------
    room
        Width and height in device pixels.
    """
    try:
        name = file_name(choices.template, fields_of(request), choices.ending)
        kind = format_of(name)
        if kind is None or not kind.is_drawn:
            return ExportPreview(name=name)
        figure = arranged(request)
        figure.check_drawn()
        image = _fitted(figure, room)
    except ExportError as error:
        return ExportPreview(sentence=str(error))
    return ExportPreview(image, "", name, *figure.size, figure.reduced_text_scale, figure.left_out)


def _fitted(figure: Arranged, room: tuple[int, int]) -> QImage:
    fit = min(side / wanted for side, wanted in zip(room, figure.size, strict=True))
    scale = min(max(fit, SMALLEST_SCALE), LARGEST_SCALE)
    image = render_figure(replace(figure.request, scale=scale))  # galleries look at the scale
    if image.width() <= room[0] and image.height() <= room[1]:
        return image
    return image.scaled(
        *room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
