"""Figures and numbers in files; drawn by the code that draws the window."""
