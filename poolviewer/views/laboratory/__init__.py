"""The laboratory: one panel for each mode, and the table of the modes."""
