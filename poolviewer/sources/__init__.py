"""Where frames come from; importing this package alone loads nothing heavy."""
