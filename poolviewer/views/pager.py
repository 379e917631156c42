"""Which page is seen, between two buttons that turn it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from poolviewer.core.tiles import Page
from poolviewer.drawing.palette import SPACING


class Pager(QWidget):
    """Shows ``◀ 1/4 ▶``, and nothing where there is only one page."""

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.previous = self._button(Qt.ArrowType.LeftArrow, self.tr("Previous page (Page Up)"))
        self.next = self._button(Qt.ArrowType.RightArrow, self.tr("Next page (Page Down)"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 4)
        for part in (self.previous, self._label, self.next):
            layout.addWidget(part)
        self._page: Page | None = None
        self.previous.clicked.connect(self._on_previous_clicked)
        self.next.clicked.connect(self._on_next_clicked)
        self.hide()

    @property
    def text(self) -> str:
        return self._label.text()

    def show_page(self, page: Page) -> None:
        if page == self._page:
            return  # as for every frame
        self._page = page
        self.setVisible(page.pages > 1)
        # As wide on every page, so that the buttons stand still under the mouse.
        widest = self.fontMetrics().horizontalAdvance(f"{page.pages}/{page.pages}")
        self._label.setMinimumWidth(widest)
        self._label.setText(f"{page.number + 1}/{page.pages}")
        self._label.setToolTip(self.tr("Page {} of {}").format(page.number + 1, page.pages))
        self.previous.setEnabled(page.number > 0)
        self.next.setEnabled(page.number < page.pages - 1)

    def _button(self, arrow: Qt.ArrowType, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("page")
        button.setArrowType(arrow)
        button.setFixedSize(QSize(5 * SPACING // 2, 3 * SPACING))
        button.setAutoRepeat(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        # A button with the focus would hand it on when it is disabled on the last page.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _on_previous_clicked(self) -> None:
        self.turned.emit(-1)

    def _on_next_clicked(self) -> None:
        self.turned.emit(1)
