"""Names from strangers' files as plain text: Qt takes for HTML what looks like it."""

from html import escape

from PySide6.QtGui import QFontMetrics, Qt

from poolviewer.core.text import printable

LONG_TIP = 80


def plain_tip(text: str) -> str:
    """Return a tooltip that shows a text as it is; a long one is broken into lines."""
    is_long = max(map(len, text.splitlines()), default=0) > LONG_TIP
    if not is_long and not Qt.mightBeRichText(text):
        return text
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>"


def menu_text(text: str) -> str:
    """Return a menu entry's text: an ampersand in a name is no shortcut."""
    return printable(text).replace("&", "&&")


def shortened(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return a name in one line, its middle left out where it is wider than ``width`` pixels."""
    return metrics.elidedText(printable(text), Qt.TextElideMode.ElideMiddle, width)
