"""Run PoolViewer with ``python -m poolviewer``."""

import sys

from poolviewer.cli import main

if __name__ == "__main__":
    sys.exit(main())
