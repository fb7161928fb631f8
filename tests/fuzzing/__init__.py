"""Requests by the thousand, made up from the description of the API, and what no answer may ever be."""
