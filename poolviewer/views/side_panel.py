"""The right side: trace and numbers as tabs, the network's parameters below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QToolButton, QVBoxLayout, QWidget

from poolviewer.drawing.palette import SPACING
from poolviewer.views.numbers_tab import NumbersTab
from poolviewer.views.parameters_panel import ParametersPanel
from poolviewer.views.trace_panel import TracePanel


class SidePanel(QSplitter):
    """Holds the trace, the numbers and the collapsible parameters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.trace, self.numbers, self.parameters = TracePanel(), NumbersTab(), ParametersPanel()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.trace, self.tr("&Trace"))
        self.tabs.addTab(self.numbers, self.tr("&Numbers"))
        self.tabs.setTabToolTip(0, self.tr("Where the pixel came from, in numbers and words"))
        self.tabs.setTabToolTip(1, self.tr("Both arrays of the channel as tables"))
        self._toggle = QToolButton()
        self._toggle.setText(self.tr("Network parameters"))
        self._toggle.setObjectName("section")
        self._toggle.setCheckable(True)
        self._toggle.setChecked(True)
        self._toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._toggle.setToolTip(self.tr("Show or hide the parameters"))
        self._toggle.toggled.connect(self._on_toggle_toggled)
        self._lower = QWidget()
        layout = QVBoxLayout(self._lower)
        layout.setContentsMargins(SPACING // 2, SPACING // 2, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._toggle)
        layout.addWidget(self.parameters, 1)
        self.addWidget(self.tabs)
        self.addWidget(self._lower)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self._on_toggle_toggled(True)

    def _on_toggle_toggled(self, is_open: bool) -> None:
        self.parameters.setVisible(is_open)
        self._toggle.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        height = 16777215 if is_open else self._toggle.sizeHint().height() + SPACING
        self._lower.setMaximumHeight(height)
