"""Many files from many sources: what ``poolviewer export`` does."""
