"""Tests of what workers do without any database."""
