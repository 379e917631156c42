"""The model on real TensorFlow."""
