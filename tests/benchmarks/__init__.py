"""How fast PoolViewer is beside what a user would pick instead; run by ``make bench``."""
