"""How a small dialog with a few fields is laid out."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout

from poolviewer.drawing.palette import SPACING

WIDTH = 48 * SPACING


def lay_out_form(dialog: QDialog, text: QLabel, form: QFormLayout) -> None:
    """Put what is asked above the fields, and OK and Cancel below them."""
    text.setWordWrap(True)
    buttons = QDialogButtonBox(
        QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
    )
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.setSpacing(2 * SPACING)
    layout.addWidget(text)
    layout.addLayout(form)
    layout.addWidget(buttons)
    dialog.setMinimumWidth(WIDTH)
