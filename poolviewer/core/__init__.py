"""The mathematics and the vocabulary of PoolViewer: NumPy and the standard library only."""
