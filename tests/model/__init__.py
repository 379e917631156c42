"""The model on real TensorFlow."""

# Keras imports OpenCV, which would then be loud and point Qt at its own plugins, here and in every
# process that a later test starts.
from poolviewer.sources import opencv as _opencv  # noqa: F401
