"""Clocks and workers with a real database and a real Redis."""
