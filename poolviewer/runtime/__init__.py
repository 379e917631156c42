"""Threads and the flow between them; of Qt only QtCore."""
