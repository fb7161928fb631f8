"""Figures, each as a ratio to a floor that was measured in the same run; nothing here is a test."""
