"""The window's widgets, each alone, without TensorFlow."""
