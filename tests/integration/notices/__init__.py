"""Notices that leave, arrive and come back, on real databases."""
