"""Tests of the drawings: what is in them, and that nothing in them lies on anything else."""
