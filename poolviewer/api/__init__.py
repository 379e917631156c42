"""What a Python program asks of PoolViewer: figures, numbers, and the window."""
