"""Tests of figures and files; none needs TensorFlow."""
