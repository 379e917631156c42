"""The workers in real threads, and the controller."""
