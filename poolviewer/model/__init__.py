"""The only home of TensorFlow and Keras; importing this package imports neither."""
