"""One way to draw: the window's maps and every exported figure are painted by this code."""
