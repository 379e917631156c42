"""The system's font with digits of equal width, and texts that fit their place."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF


def text_font(pixel_size: float, *, is_bold: bool = False) -> QFont:
    """Return the application's font in a size, with tabular digits and without ligatures.

    Ligatures would be found in no search, and copied from no page as the letters that they are.

    It is not hinted, so that texts are equally wide, and break equally, at every scale.
    """
    font = QFont()
    font.setPixelSize(max(round(pixel_size), 1))
    font.setBold(is_bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setFeature(QFont.Tag("liga"), 0)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def elided(text: str, font: QFont, width: float) -> str:
    """Shorten a text in its middle until it fits, so that a file's ending stays readable."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, width)


def cut_off(text: str, font: QFont, width: float) -> str:
    """Shorten a text at its end until it fits."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def wrapped(text: str, font: QFont, width: float) -> list[str]:
    """Break a text into lines at its plain spaces; a single word that is too wide is elided."""
    metrics = QFontMetricsF(font)
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(elided(word, font, width))
    return lines
