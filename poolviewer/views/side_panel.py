"""The right side: trace, numbers, network and speed as tabs, the parameters or the input below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from poolviewer.core.model_info import ModelSpec
from poolviewer.core.network import Network, NetworkSpec, Problem
from poolviewer.drawing.palette import SPACING
from poolviewer.views.history_tab import HistoryTab
from poolviewer.views.network_browser import NetworkBrowser
from poolviewer.views.numbers_tab import NumbersTab
from poolviewer.views.parameters_panel import ParametersPanel
from poolviewer.views.preprocessing_panel import PreprocessingPanel
from poolviewer.views.speed_panel import SpeedPanel
from poolviewer.views.trace_panel import TracePanel


class SidePanel(QSplitter):
    """Holds the trace, the numbers, the layers, the speed, and the collapsible parameters.

    The tutorial's network has parameters; an opened model has an input that can be chosen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.trace, self.numbers, self.network = TracePanel(), NumbersTab(), NetworkBrowser()
        self.history = HistoryTab()
        self.speed = SpeedPanel()
        self.parameters, self.preprocessing = ParametersPanel(), PreprocessingPanel()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.trace, self.tr("&Trace"))
        self.tabs.addTab(self.numbers, self.tr("&Numbers"))
        self.tabs.addTab(self.history, self.tr("Ti&me"))
        self.tabs.addTab(self.network, self.tr("Net&work"))
        self.tabs.addTab(self.speed, self.tr("Spee&d"))
        self.tabs.setTabToolTip(0, self.tr("Where the pixel came from, in numbers and words"))
        self.tabs.setTabToolTip(1, self.tr("Both arrays of the channel as tables"))
        self.tabs.setTabToolTip(2, self.tr("The pinned pooled pixel, frame by frame"))
        self.tabs.setTabToolTip(
            3, self.tr("The layers of the network, and its stages to choose from")
        )
        self.tabs.setTabToolTip(4, self.tr("How many frames are read, painted and dropped"))
        self._toggle = QToolButton()
        self._toggle.setObjectName("section")
        self._toggle.setCheckable(True)
        self._toggle.setChecked(True)
        self._toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._toggle.toggled.connect(self._on_toggle_toggled)
        self._forms = QStackedWidget()
        self._forms.addWidget(self.parameters)
        self._forms.addWidget(self.preprocessing)
        self._lower = QWidget()
        layout = QVBoxLayout(self._lower)
        layout.setContentsMargins(SPACING // 2, SPACING // 2, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._toggle)
        layout.addWidget(self._forms, 1)
        self.addWidget(self.tabs)
        self.addWidget(self._lower)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.show_network(NetworkSpec(), ())
        self._on_toggle_toggled(True)

    def show_network(self, network: Network, problems: tuple[Problem, ...]) -> None:
        """Show the form that suits a network."""
        if isinstance(network, ModelSpec):
            self.preprocessing.show_network(network, problems)
            self._forms.setCurrentWidget(self.preprocessing)
            self._toggle.setText(self.tr("Input of the model"))
            self._toggle.setToolTip(self.tr("Show or hide what is made of a picture for the model"))
        else:
            self.parameters.show_network(network, problems)
            self._forms.setCurrentWidget(self.parameters)
            self._toggle.setText(self.tr("Network parameters"))
            self._toggle.setToolTip(self.tr("Show or hide the parameters"))

    def conceal(self, *, is_concealed: bool) -> None:
        """Hide numbers that are asked for, or show them again."""
        self.numbers.conceal(is_concealed=is_concealed)
        self.history.conceal(is_concealed=is_concealed)

    def _on_toggle_toggled(self, is_open: bool) -> None:
        self._forms.setVisible(is_open)
        self._toggle.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        height = 16777215 if is_open else self._toggle.sizeHint().height() + SPACING
        self._lower.setMaximumHeight(height)
