"""Tests of PoolViewer."""
