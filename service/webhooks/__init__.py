"""Posting signed messages to an address that a council has named, and to no other."""
