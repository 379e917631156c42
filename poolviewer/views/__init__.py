"""What a person sees: one widget a file; views show what they are given and emit wishes."""

from poolviewer.views import quick_import as _quick_import

_quick_import.import_pyqtgraph()
