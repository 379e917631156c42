"""Experiments on one frame: what pooling throws away, and how it answers to changes."""
